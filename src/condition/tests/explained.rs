use super::*;

fn facts(s: &System, text: &str, target: ElementId) -> Vec<(String, Origin)> {
    let facts = compiled(text).facts(&s.model, target);
    facts.into_iter().map(|f| (f.attribute, f.origin)).collect()
}

#[test]
fn facts_are_what_the_truth_rests_on() {
    let s = system();
    let (declared, default, derived) = (Origin::Declared, Origin::Default, Origin::Derived);
    for (target, text, expected) in [
        (
            s.web,
            "target.usesCache or target.protocol == 'HTTP' and not target.usesVPN",
            vec![("protocol", declared), ("usesVPN", default)],
        ),
        (
            s.visit,
            "target.protocol == 'HTTP'",
            vec![("protocol", derived)],
        ),
        (
            s.visit,
            "target.sink.controls.isHardened",
            vec![("sink.controls.isHardened", declared)],
        ),
        (
            s.web,
            "any(f.data and not f.controls.isEncrypted for f in target.inputs)",
            vec![("data", declared), ("controls.isEncrypted", default)],
        ),
        (
            s.query,
            "target.crosses(Boundary)",
            vec![("crosses(Boundary)", declared)],
        ),
        (
            s.visit,
            "target.crosses(Boundary)",
            vec![("crosses(Boundary)", default)],
        ),
        (
            s.visit,
            "target.hasDataLeaks()",
            vec![("classification", declared), ("maxClassification", default)],
        ),
        (
            s.web,
            "not any(f.usesVPN for f in target.inputs)",
            vec![("usesVPN", default)],
        ),
        (
            s.user,
            "not any(f for f in target.inputs)",
            vec![("inputs", derived)],
        ),
        (
            s.web,
            "target.protocol == 'HTTP' and target.protocol != 'FTP'",
            vec![("protocol", declared)],
        ),
    ] {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(a, o)| (a.to_owned(), o))
            .collect();
        assert_eq!(facts(&s, text, target), expected, "{text}");
    }
    let all = compiled("not target.usesVPN").facts(&s.model, s.web);
    let place = s.model.element(s.web).place.clone();
    assert_eq!(
        all[0].place.as_ref(),
        Some(&place),
        "a default points at the constructor"
    );
    let pii = compiled("any(d.isPII for d in target.data)").facts(&s.model, s.visit);
    assert_eq!(pii[0].owner, Some(Owner::Data(s.pii)));
}

fn shown(answer: &Answer) -> String {
    let value = match &answer.value {
        Value::Bool(held) => held.to_string(),
        Value::Member(of, at) => of.members[*at as usize].0.to_owned(),
        Value::Text(text) => text.to_string(),
        other => format!("{other:?}"),
    };
    format!("{}={value}", answer.attribute.name())
}

fn deciding(s: &System, text: &str, target: ElementId) -> Vec<Vec<String>> {
    let sets = compiled(text).deciding(&s.model, target);
    sets.iter()
        .map(|set| set.iter().map(shown).collect())
        .collect()
}

#[test]
fn deciding_sets_are_minimal_answers_that_refute_a_finding() {
    let s = system();
    for (target, text, expected) in [
        (s.web, "not target.usesVPN", vec![vec!["usesVPN=true"]]),
        (
            s.web,
            "not target.usesVPN and not target.usesCache",
            // A protection suffices: nobody is asked whether the thing is another one.
            vec![vec!["usesVPN=true"]],
        ),
        (
            s.web,
            "not target.usesVPN and not target.controls.rateLimits",
            vec![vec!["usesVPN=true"], vec!["rateLimits=true"]],
        ),
        // Neither a broken version nor what attracts threats is ever proposed.
        (
            s.visit,
            "target.tlsVersion < TLSVersion.TLSv12",
            vec![vec!["tlsVersion=TLSv12"], vec!["tlsVersion=TLSv13"]],
        ),
        (s.web, "not target.usesXMLParser", vec![]),
        (
            s.web,
            "target.usesXMLParser == False and not target.usesCache",
            vec![vec!["usesCache=true"]],
        ),
        (
            s.web,
            "not target.usesVPN or not target.usesCache",
            vec![vec!["usesCache=true", "usesVPN=true"]],
        ),
        (s.web, "target.protocol == 'HTTP'", vec![]),
        (s.web, "target.OS != 'Linux'", vec![vec!["OS=Linux"]]),
        (
            s.db,
            "target.type != DatastoreType.LDAP",
            vec![vec!["type=LDAP"]],
        ),
        (
            s.visit,
            "target.tlsVersion < TLSVersion.TLSv13",
            vec![vec!["tlsVersion=TLSv13"]],
        ),
        (
            s.user,
            "target.reaches(Server, 'isEncrypted')",
            vec![vec!["isEncrypted=true"], vec!["isEncrypted=true"]],
        ),
        (s.user, "not target.inputs", vec![]),
    ] {
        let sets = deciding(&s, text, target);
        assert_eq!(sets, expected, "{text}");
    }
}

#[test]
fn what_a_model_declares_is_changed_where_it_protects_and_what_a_thing_is_stays() {
    let s = system();
    let mut model = s.model.clone();
    let said = |value| Slot::declared(value, model.place.clone());
    let (no, yes) = (said(Value::Bool(false)), said(Value::Bool(true)));
    let web = model.element_mut(s.web);
    web.controls.set(Attr::named("isHardened"), no.clone());
    web.slots.set(Attr::named("usesXMLParser"), yes);
    web.slots.set(Attr::named("usesCache"), no);
    for (text, expected) in [
        ("not target.controls.isHardened", vec!["isHardened=true"]),
        ("target.usesXMLParser", vec!["usesXMLParser=false"]),
        ("not target.usesCache", vec![]),
        (
            "not target.usesCache and not target.controls.isHardened",
            vec!["isHardened=true"],
        ),
    ] {
        let condition = compiled(text);
        assert!(condition.deciding(&model, s.web).is_empty(), "{text}");
        let sets = condition.mending(&model, s.web);
        let told: Vec<String> = sets.iter().flatten().map(shown).collect();
        assert_eq!(told, expected, "{text}");
    }
}

/// What a deciding set promises holds when the answers are given.
#[test]
fn answers_of_a_deciding_set_refute_the_finding_when_they_are_declared() {
    let s = system();
    for text in [
        "not target.usesVPN or not target.usesCache",
        "any(not f.controls.isEncrypted or not f.usesVPN for f in target.inputs)",
        "target.checkTLSVersion(target.inputs)",
        "not all([target.usesCache, target.controls.rateLimits, target.controls.usesMFA])",
    ] {
        let condition = compiled(text);
        let sets = condition.deciding(&s.model, s.web);
        assert!(!sets.is_empty() && sets.len() <= 3, "{text}");
        for set in sets {
            let mut model = s.model.clone();
            for answer in set {
                let place = model.place.clone();
                let slot = Slot::declared(answer.value, place);
                match answer.owner {
                    Owner::Element(id) => model.element_mut(id).slots.set(answer.attribute, slot),
                    Owner::Controls(id) => {
                        model.element_mut(id).controls.set(answer.attribute, slot);
                    }
                    Owner::Data(id) => model.data[id.0 as usize].slots.set(answer.attribute, slot),
                }
            }
            assert_eq!(
                condition.verdict(&model, s.web),
                Verdict::HoldsNot,
                "{text}"
            );
        }
    }
}
