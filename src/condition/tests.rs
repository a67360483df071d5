use proptest::prelude::*;

use super::*;
use crate::model::builder::{Builder, data, member};
use crate::model::{DataId, Slot};

/// What the tests judge: a user outside, a web server and a database in nested
/// boundaries, a visit over plain HTTP and a query, each with data.
struct System {
    model: Model,
    user: ElementId,
    web: ElementId,
    db: ElementId,
    visit: ElementId,
    query: ElementId,
    vpc: ElementId,
    zone: ElementId,
    pii: DataId,
}

fn system() -> System {
    let mut b = Builder::new();
    let user = b.element(Class::Actor, "User");
    let web = b.element(Class::Server, "Web");
    let db = b.element(Class::Datastore, "DB");
    let vpc = b.element(Class::Boundary, "VPC east");
    let zone = b.element(Class::Boundary, "Data zone");
    b.say(zone, "inBoundary", Value::Element(vpc));
    b.say(web, "inBoundary", Value::Element(vpc));
    b.say(db, "inBoundary", Value::Element(zone));
    b.say(web, "protocol", Value::text("HTTP"));
    b.say(web, "port", Value::Int(80));
    b.say(web, "minTLSVersion", member("TLSVersion", "TLSv12"));
    b.control(web, "isHardened");
    let visit = b.flow("Visit", user, web);
    let query = b.flow("Query", web, db);
    b.say(query, "tlsVersion", member("TLSVersion", "TLSv13"));
    let answer = b.flow("Answer", db, web);
    b.say(answer, "responseTo", Value::Element(query));
    let pii = b.data("comment");
    b.say_data(pii, "isPII", Value::Bool(true));
    b.say_data(pii, "classification", member("Classification", "SECRET"));
    b.say(visit, "data", data(&[pii]));
    b.say(
        query,
        "maxClassification",
        member("Classification", "RESTRICTED"),
    );
    System {
        model: b.derived(),
        user,
        web,
        db,
        visit,
        query,
        vpc,
        zone,
        pii,
    }
}

fn compiled(text: &str) -> Condition {
    compile(text).unwrap_or_else(|complaints| panic!("{text}: {complaints:?}"))
}

/// Some(held), or None for an error.
fn held(system: &System, text: &str, target: ElementId) -> Option<bool> {
    match compiled(text).verdict(&system.model, target) {
        Verdict::Holds => Some(true),
        Verdict::HoldsNot => Some(false),
        Verdict::Failed { .. } => None,
    }
}

#[test]
fn conditions_mean_what_python_means() {
    let system = system();
    let (yes, no, error) = (Some(true), Some(false), None);
    for (text, expected) in [
        ("", no),
        ("True", yes),
        ("target.inScope", yes),
        ("target.name == 'Web' and target.port == 80", yes),
        ("target.protocol in ('HTTP', 'FTP')", yes),
        ("'TT' in target.protocol", yes),
        ("target.protocol not in ['HTTPS']", yes),
        ("target.controls.isHardened is True", yes),
        ("target.isHardened", yes),
        ("target.authenticatedWith is False", yes),
        ("target.controls.isHardened == 1", yes),
        ("target.port is True", no),
        ("1 is True", no),
        ("1 == True == 1.0", yes),
        ("target.port == '80'", no),
        ("1 in 'a1'", no),
        ("1 < 2 < 3", yes),
        ("3 > 2 < 1", no),
        ("target.minTLSVersion >= TLSVersion.TLSv12", yes),
        ("target.minTLSVersion < TLSVersion.TLSv12", no),
        ("target.minTLSVersion == Classification.SECRET", no),
        ("TLSVersion.NONE is TLSVersion.NONE", yes),
        ("Lifetime.SHORT < Lifetime.LONG", error),
        ("TLSVersion.TLSv12 < 3", error),
        ("'a' < 1", error),
        ("TLSVersion.NONE", yes),
        ("target.isSQL", error),
        ("target.inBoundary.inBoundary.name", error),
        ("target.inBoundary.name == 'VPC east'", yes),
        ("target.name.x", error),
        ("nothing", error),
        ("False and nothing", no),
        ("nothing and False", error),
        ("True or nothing", yes),
        ("nothing if False else 3", yes),
        ("len(target.inputs) == 1 and len('é') == 1", yes),
        ("len(3)", error),
        ("any(f.protocol == 'HTTP' for f in target.inputs)", yes),
        ("any(f.sink is target for f in target.inputs)", yes),
        ("all(f.nothing for f in target.findings_)", error),
        ("all(f.protocol == 'FTP' for f in target.inputs)", no),
        ("all([])", yes),
        ("any([])", no),
        ("any(x > 2 for x in (1, 2, 3, 'a'))", yes),
        ("[x for x in (1, 2, 3) if x > 1] == [2, 3]", yes),
        (
            "[x * y for x in (1, 2) for y in (3, 4)] == [3, 4, 6, 8]",
            yes,
        ),
        ("sum(x for x in (1, 2, 3)) == 6", yes),
        ("sum([[1], [2]], []) == [1, 2]", yes),
        ("sum(['a'])", error),
        ("min(3, 1, 2) == 1 and max([1, 3, 2]) == 3", yes),
        ("min([])", error),
        ("max('abc') == 'c'", yes),
        ("7 // -2 == -4 and 7 % -2 == -1 and -7 % 2 == 1", yes),
        ("2 ** 10 == 1024 and 2 ** -1 == 0.5 and 7 / 2 == 3.5", yes),
        ("1 / 0", error),
        ("1 % 0", error),
        ("2 ** 64", error),
        ("9223372036854775807 + 1", error),
        ("'a' + 'b' == 'ab' and 'ab' * 2 == 'abab'", yes),
        ("'a' + 1", error),
        ("'abc'[1] == 'b' and 'abc'[-1] == 'c'", yes),
        ("'abc'[3]", error),
        ("'abcd'[1:3] == 'bc' and 'abc'[::-1] == 'cba'", yes),
        ("(1, 2, 3)[:2] == (1, 2)", yes),
        ("target.inputs[0].name == 'Visit'", yes),
        ("target.inputs[1]", error),
        ("{'a': 1}['a'] == 1", yes),
        ("{'a': 1}['b']", error),
        ("'a' in {'a': 1} and {1: 2, True: 3} == {1: 3}", yes),
        (
            "len({1, 1.0, True, 2}) == 2 and len({target.port, 80}) == 1",
            yes,
        ),
        (
            "{1, 2} == {2, 1} and {1} < {1, 2} and {1, 2} & {2} == {2}",
            yes,
        ),
        (
            "{1, 2} - {1} == {2} and {1} | {2} == {2, 1} and {1} ^ {2} == {1, 2}",
            yes,
        ),
        ("6 & 3 == 3", no),
        ("(6 & 3) == 2 and (True | False) is True", yes),
        ("not target.outputs", no),
        ("-target.port == -80 and +True == 1", yes),
        ("-'a'", error),
        ("'a' * 10000000000", error),
        ("not None", yes),
        ("None is None and target.description == ''", yes),
        ("Server", yes),
        ("target.assumptions == [] and target.overrides == []", yes),
        ("(x for x in ())", yes),
        ("any(y for x in ((0, 1),) for y in x)", yes),
        (
            "any(any(d.isPII for d in f.data) for f in target.inputs)",
            yes,
        ),
        ("3 in target", error),
        ("3 in None", error),
    ] {
        assert_eq!(held(&system, text, system.web), expected, "{text}");
    }
}

#[test]
fn data_are_found_by_name_and_by_identity() {
    let system = system();
    for (text, expected) in [
        ("'comment' in target.data", true),
        ("target.data == 'comment'", true),
        ("'comment' == target.data", true),
        ("target.data != 'password'", true),
        ("'password' in target.data", false),
        (
            "any(d.classification > Classification.RESTRICTED for d in target.data)",
            true,
        ),
        ("any(d.name == 'comment' for d in target.data)", true),
        ("any(target in d.carriedBy for d in target.data)", true),
        ("{'comment'} == 'comment'", false),
    ] {
        assert_eq!(held(&system, text, system.visit), Some(expected), "{text}");
    }
}

#[test]
fn methods_answer_as_pytm_does() {
    let s = system();
    for (target, text, expected) in [
        (s.web, "target.oneOf(Server, Actor)", Some(true)),
        (s.web, "target.oneOf(Asset)", Some(true)),
        (s.web, "target.oneOf(Datastore)", Some(false)),
        (s.web, "target.oneOf(target.inputs)", Some(false)),
        (s.web, "target.inside(Boundary)", Some(true)),
        (s.user, "target.inside(Boundary)", Some(false)),
        (s.user, "target.inside(None)", Some(true)),
        (s.db, "target.inside(target.inBoundary)", Some(true)),
        (s.visit, "target.crosses(Boundary)", Some(true)),
        (s.query, "target.crosses(Boundary)", Some(true)),
        // Any class will do once the boundaries differ.
        (s.query, "target.crosses(Actor)", Some(true)),
        (
            s.query,
            "target.crosses(target.sink.inBoundary)",
            Some(true),
        ),
        (s.query, "target.crosses('VPC')", Some(false)),
        (s.query, "target.crosses()", Some(false)),
        (s.web, "target.crosses(Boundary)", Some(false)),
        (s.visit, "target.enters(Boundary)", Some(true)),
        // The source is in a boundary, though in another one.
        (s.query, "target.enters(Boundary)", Some(false)),
        (s.visit, "target.exits(Boundary)", Some(false)),
        (s.web, "target.checkTLSVersion(target.inputs)", Some(true)),
        (s.web, "target.checkTLSVersion(target.outputs)", Some(false)),
        (s.web, "target.checkTLSVersion(target.name)", None),
        (s.visit, "target.hasDataLeaks()", Some(true)),
        (s.query, "target.hasDataLeaks()", Some(false)),
        (s.web, "target.hasDataLeaks()", None),
        (s.db, "target.within(Boundary)", Some(true)),
        (s.db, "target.within('VPC*')", Some(true)),
        (s.db, "target.within('vpc*')", Some(false)),
        (s.web, "target.within('Data zone', 'Nowhere')", Some(false)),
        (s.vpc, "target.within(Boundary)", Some(false)),
        (s.zone, "target.within(Boundary)", Some(true)),
        (s.user, "target.reaches(Datastore)", Some(true)),
        (
            s.user,
            "target.reaches(Datastore, 'isHardened')",
            Some(false),
        ),
        (s.user, "target.reaches(Server, 'isHardened')", Some(false)),
        (
            s.user,
            "target.reaches(Datastore, 'usesVPN', 'isAdmin')",
            Some(true),
        ),
        (s.db, "target.reaches(Server)", Some(false)),
        (s.db, "target.reachedFrom(Actor)", Some(true)),
        (s.db, "target.reachedFrom(Actor, 'isHardened')", Some(false)),
        (s.web, "target.reachedFrom(Actor, 'isHardened')", Some(true)),
        (s.visit, "target.reaches(Datastore)", Some(true)),
        (s.query, "target.reachedFrom(Actor)", Some(true)),
        (s.vpc, "target.reaches(Element)", Some(false)),
        (s.visit, "target.name.inside(Boundary)", None),
    ] {
        assert_eq!(held(&s, text, target), expected, "{text} on {target:?}");
    }
}

#[test]
fn an_attribute_that_the_target_class_lacks_is_expected_to_fail() {
    let s = system();
    for (text, is_expected) in [
        ("target.isSQL", true),
        ("target.nothing", true),
        ("target.inputs[0].isSQL", false),
        ("target.outputs[0].sink.usesCache", false),
        ("1 / 0", false),
    ] {
        let verdict = compiled(text).verdict(&s.model, s.web);
        let Verdict::Failed { expected, reason } = verdict else {
            panic!("{text}: {verdict:?}")
        };
        assert_eq!(expected, is_expected, "{text}: {reason}");
        assert!(!reason.is_empty());
    }
}

#[test]
fn what_conditions_may_not_use_is_refused_where_it_stands() {
    for (text, at) in [
        ("lambda: 1", "lambda: 1"),
        ("target.name.lower()", "lower"),
        ("open('x')", "open"),
        ("min(1, default=2)", "default=2"),
        ("target.__class__", "__class__"),
        ("f'{target}'", "f'{target}'"),
        ("{x for x in ()}", "{x for x in ()}"),
        ("{x: 1 for x in ()}", "{x: 1 for x in ()}"),
        ("(y := 1)", "y := 1"),
        ("~1", "~1"),
        ("1 << 2", "1 << 2"),
        ("1j", "1j"),
        ("b'x'", "b'x'"),
        ("99999999999999999999", "99999999999999999999"),
        ("[*target.inputs]", "*target.inputs"),
        ("any(1 for a, b in ())", "a, b"),
        ("len()", "len()"),
        ("any(1, 2)", "any(1, 2)"),
        ("any", "any"),
        ("target.inputs[0].inside(Boundary)", "target.inputs[0]"),
        ("target.reaches('web')", "'web'"),
        ("target.reaches(Server, Server)", "Server"),
        ("target.hasDataLeaks(1)", "target.hasDataLeaks(1)"),
        ("...", "..."),
        ("target.", ""),
        ("a b", "b"),
    ] {
        let complaints = compile(text)
            .err()
            .unwrap_or_else(|| panic!("{text} was accepted"));
        let found = &complaints[0];
        assert_eq!(&text[found.span.range()], at, "{text}: {}", found.message);
        assert_eq!(found.code, crate::notice::code::CONDITION_SYNTAX);
    }
    let both = compile("open() and ~1").unwrap_err();
    assert_eq!(both.len(), 2, "every complaint is told at once");
}

#[test]
fn names_that_nothing_has_are_complained_about_with_what_was_probably_meant() {
    let vocabulary = Names::vocabulary();
    for (text, at, help, near) in [
        ("target.isHardend", "isHardend", "`isHardened`", false),
        ("target.usesCach", "usesCach", "`usesCache`", true),
        (
            "target.controls.isHardend",
            "isHardend",
            "`isHardened`",
            true,
        ),
        ("target.uses_cache", "uses_cache", "`usesCache`", true),
        (
            "target.somethingElse",
            "somethingElse",
            "tmrs describe",
            false,
        ),
        ("Servr", "Servr", "`Server`", true),
        ("xyz", "xyz", "comprehension", false),
        ("TLSVersion.TLSv9 == 1", "TLSv9", "`TLSv", true),
        ("target.inside", "inside", "inside(…)", false),
        (
            "any(d.isPI for d in target.inputs[0].data)",
            "isPI",
            "`isPII`",
            true,
        ),
        (
            "target.reaches(Server, 'isHardend')",
            "'isHardend'",
            "`isHardened`",
            true,
        ),
    ] {
        let complaints = compiled(text).check(&[Class::Server], &vocabulary);
        assert_eq!(complaints.len(), 1, "{text}: {complaints:?}");
        let found = &complaints[0];
        assert_eq!(&text[found.span.range()], at);
        assert!(found.help.as_ref().unwrap().contains(help), "{found:?}");
        assert_eq!((found.near, found.code), (near, "condition-name"), "{text}");
    }
}

#[test]
fn known_names_pass_and_what_no_target_class_has_is_told() {
    let mut names = Names::vocabulary();
    names.with("ownFlag");
    for (targets, text, code) in [
        (
            vec![Class::Server],
            "target.usesCache and target.isHardened",
            None,
        ),
        (
            vec![Class::Element],
            "target.oneOf(Server) and target.usesCache",
            None,
        ),
        (
            vec![Class::Datastore],
            "target.usesCache",
            Some("condition-class"),
        ),
        (
            vec![Class::Datastore, Class::Server],
            "target.usesCache",
            None,
        ),
        (vec![Class::Server], "target.ownFlag", None),
        (vec![Class::Server], "target.authenticatedWith", None),
        (
            vec![Class::Server],
            "target.controls.isSQL",
            Some("condition-class"),
        ),
        (vec![Class::Server], "target.inBoundary.trust", None),
        (vec![Class::Server], "target.minTLSVersion.value > 3", None),
        (
            vec![Class::Server],
            "target.inBoundary.isSQL",
            Some("condition-class"),
        ),
        (vec![Class::Dataflow], "target.sink.isSQL", None),
        (
            vec![Class::Dataflow],
            "any(d.isPII for d in target.data)",
            None,
        ),
        (
            vec![Class::Dataflow],
            "any(d.isSQL for d in target.data)",
            Some("condition-class"),
        ),
    ] {
        let complaints = compiled(text).check(&targets, &names);
        assert_eq!(complaints.first().map(|c| c.code), code, "{text}");
    }
}

#[test]
fn reads_tell_whose_attribute_it_is() {
    let text = "target.usesVPN and any(not f.controls.isEncrypted for f in target.inputs)";
    let reads = compiled(text).reads();
    let told: Vec<_> = reads
        .iter()
        .map(|r| (&*r.attribute, r.on.clone()))
        .collect();
    let flow = Receiver::Classes(vec![Class::Dataflow]);
    let controls = Receiver::Classes(vec![Class::Controls]);
    assert_eq!(
        told,
        [
            ("usesVPN", Receiver::Target),
            ("controls", flow),
            ("isEncrypted", controls),
            ("inputs", Receiver::Target),
        ]
    );
    assert_eq!(&text[reads[2].span.range()], "isEncrypted");
}

#[test]
fn a_finding_is_declared_only_where_it_rests_on_nothing_unsaid() {
    let s = system();
    for (target, text, declared) in [
        (s.web, "target.protocol == 'HTTP'", true),
        (s.web, "not target.controls.validatesInput", false),
        (s.web, "target.controls.isHardened", true),
        (
            s.web,
            "target.controls.isHardened or not target.usesCache",
            true,
        ),
        (
            s.web,
            "not target.usesCache or target.controls.isHardened",
            true,
        ),
        (
            s.web,
            "target.controls.isHardened and not target.usesCache",
            false,
        ),
        (
            s.web,
            "not (target.usesCache and target.protocol == 'FTP')",
            true,
        ),
        (
            s.web,
            "any(f.protocol == 'HTTP' for f in target.inputs)",
            true,
        ),
        (s.web, "any(not f.usesVPN for f in target.inputs)", false),
        (
            s.web,
            "len([f for f in target.inputs if not f.usesVPN]) == 1",
            false,
        ),
        (
            s.web,
            "all(f.protocol == 'HTTP' for f in target.inputs if not f.usesVPN)",
            true,
        ),
        (s.web, "target.name == 'Web' and target.oneOf(Server)", true),
        (s.web, "len(target.inputs) == 1 and target.inScope", true),
        (
            s.web,
            "target.port == (80 if target.usesCache else 80)",
            true,
        ),
        (s.web, "target.OS not in ('Linux', 'BSD')", false),
        (s.web, "target.inside(Boundary)", true),
        (s.web, "target.within('VPC*')", true),
        (s.web, "not target.within('DMZ')", false),
        (s.user, "target.inBoundary is None", false),
        (s.visit, "target.crosses(Boundary)", false),
        (s.query, "target.crosses(Boundary)", true),
        (s.visit, "target.hasDataLeaks()", false),
        (
            s.visit,
            "any(d.isPII for d in target.data) and not target.isResponse",
            true,
        ),
        (s.visit, "target.protocol == 'HTTP'", true),
        (s.visit, "not target.isHardened", false),
        (s.user, "target.reaches(Datastore)", true),
        (s.user, "target.reaches(Datastore, 'isEncrypted')", false),
        (
            s.web,
            "target.usesCache or 1 / 0 if target.usesVPN else True",
            false,
        ),
    ] {
        assert_eq!(held(&s, text, target), Some(true), "{text}");
        let evidence = compiled(text).evidence(&s.model, target);
        assert_eq!(evidence == Evidence::Declared, declared, "{text}");
    }
}

#[test]
fn an_unread_value_matters_only_where_the_outcome_depends_on_it() {
    let mut s = system();
    let place = s.model.place.clone();
    let slot = Slot {
        value: Value::Bool(false),
        origin: Origin::Unread,
        place: Some(place),
    };
    let attr = Attr::named("usesCache");
    let web = s.model.element_mut(s.web);
    web.slots.set(attr.clone(), slot);
    for (text, expected) in [
        ("target.usesCache", None),
        ("target.usesCache or target.controls.isHardened", Some(true)),
        ("target.usesCache and target.protocol == 'FTP'", Some(false)),
        ("not target.usesVPN", Some(true)),
        ("target.usesCache and 1 / 0", None),
        ("1 / 0 or target.usesCache", Some(false)),
    ] {
        let outcome = compiled(text).despite_unread(&s.model, s.web);
        match expected {
            Some(held) => assert_eq!(outcome, Ok(held), "{text}"),
            None => {
                let met = vec![(Owner::Element(s.web), attr.clone())];
                assert_eq!(outcome, Err(met), "{text}");
            }
        }
    }
}

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

fn deciding(s: &System, text: &str, target: ElementId) -> Vec<Vec<String>> {
    let show = |answer: &Answer| {
        let value = match &answer.value {
            Value::Bool(held) => held.to_string(),
            Value::Member(of, at) => of.members[*at as usize].0.to_owned(),
            Value::Text(text) => text.to_string(),
            other => format!("{other:?}"),
        };
        format!("{}={value}", answer.attribute.name())
    };
    let sets = compiled(text).deciding(&s.model, target);
    sets.iter()
        .map(|set| set.iter().map(show).collect())
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
            vec![vec!["usesVPN=true"], vec!["usesCache=true"]],
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

/// What a deciding set promises holds when the answers are given.
#[test]
fn answers_of_a_deciding_set_refute_the_finding_when_they_are_declared() {
    let s = system();
    for text in [
        "not target.usesVPN or not target.usesCache",
        "any(not f.controls.isEncrypted or not f.usesVPN for f in target.inputs)",
        "target.checkTLSVersion(target.inputs)",
        "not all([target.usesCache, target.usesXMLParser, target.controls.usesMFA])",
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

#[test]
fn what_takes_too_long_ends_in_an_error() {
    let s = system();
    let ten = "(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)";
    let mut text = String::from("all(True");
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i"] {
        text += &format!(" for {name} in {ten}");
    }
    text += ")";
    assert_eq!(held(&s, &text, s.web), None);
    let nested = "[".repeat(150) + &"]".repeat(150);
    assert!(compile(&nested).is_err());
    assert!(compile(&"(".repeat(100_000)).is_err());
}

#[test]
fn the_deepest_conditions_fit_on_the_stack_of_a_worker() {
    let s = system();
    let deepest = |open: &str, inner: &str, close: &str| {
        let text = |depth| format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
        let fits = |depth: &usize| compile(&text(*depth)).is_ok();
        let depth = (1..200).take_while(fits).last().unwrap_or(0);
        assert!(depth >= 20, "{open} {depth}");
        text(depth)
    };
    for (open, inner, close) in [
        ("not ", "target.inScope", ""),
        ("any(", "target.inputs", " for x in target.outputs if x)"),
        ("(1 if ", "target.inScope", " else 2)"),
        ("[", "1", "][0]"),
        ("-", "1.5", ""),
        ("(True and ", "target.inScope", ")"),
        ("(1 == ", "1", ")"),
        ("max(1, ", "1", ")"),
        ("target", ".inBoundary", ".inBoundary"),
    ] {
        ask_everything(&deepest(open, inner, close), &s);
    }
}

/// Everything that may be asked of a condition is asked, on every element.
fn ask_everything(text: &str, s: &System) {
    let Ok(condition) = compile(text) else { return };
    let _ = (
        condition.reads(),
        condition.check(&[Class::Element], &Names::vocabulary()),
    );
    for id in s.model.ids() {
        let verdict = condition.verdict(&s.model, id);
        let despite = condition.despite_unread(&s.model, id);
        assert_eq!(
            despite,
            Ok(verdict == Verdict::Holds),
            "nothing is unread: {text}"
        );
        if verdict == Verdict::Holds {
            condition.facts(&s.model, id);
            condition.deciding(&s.model, id);
        }
        // Three-valued logic never claims what two-valued logic denies.
        if verdict == Verdict::HoldsNot {
            let evidence = condition.evidence(&s.model, id);
            assert_eq!(evidence, Evidence::Assumed, "{text} on {id:?}");
        }
    }
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "target",
        "target.inputs",
        "target.outputs",
        "target.data",
        "target.usesVPN",
        "target.controls.isEncrypted",
        "target.isHardened",
        "target.protocol",
        "target.port",
        "target.inBoundary",
        "target.source",
        "target.sink",
        "target.name",
        "target.levels",
        "target.tlsVersion",
        "x",
        "x.data",
        "x.sink",
        "x.isPII",
        "Server",
        "TLSVersion",
        "TLSVersion.TLSv12",
        "Lifetime.AUTO",
        "1",
        "0",
        "-3",
        "2.5",
        "'HTTP'",
        "'é'",
        "None",
        "True",
        "[]",
        "()",
        "{1}",
        "{'a': 1}",
        "nothing",
        "target.crosses(Boundary)",
        "target.within('V*')",
        "target.reaches(Datastore, 'usesVPN')",
        "target.hasDataLeaks()",
    ]);
    let operator = prop::sample::select(vec![
        "and", "or", "==", "!=", "<", ">=", "is", "is not", "in", "not in", "+", "-", "*", "/",
        "//", "%", "**", "&", "|", "^",
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(5, 40, 3, move |inner| {
            let (a, b, c) = (inner.clone(), inner.clone(), inner.clone());
            prop_oneof![
                (a.clone(), operator.clone(), b.clone())
                    .prop_map(|(a, o, b)| format!("({a} {o} {b})")),
                a.clone().prop_map(|a| format!("(not {a})")),
                a.clone().prop_map(|a| format!("(-{a})")),
                (a.clone(), b.clone(), c.clone())
                    .prop_map(|(a, b, c)| format!("({a} if {b} else {c})")),
                (a.clone(), b.clone()).prop_map(|(a, b)| format!("any({a} for x in {b})")),
                (a.clone(), b.clone(), c.clone())
                    .prop_map(|(a, b, c)| format!("all({a} for x in {b} if {c})")),
                (a.clone(), b.clone()).prop_map(|(a, b)| format!("[{a} for x in {b}]")),
                (
                    prop::sample::select(vec!["any", "all", "len", "min", "max", "sum"]),
                    a.clone()
                )
                    .prop_map(|(f, a)| format!("{f}({a})")),
                (a.clone(), b.clone()).prop_map(|(a, b)| format!("{a}[{b}]")),
                (a.clone(), b.clone(), c.clone()).prop_map(|(a, b, c)| format!("{a}[{b}:{c}]")),
                (a.clone(), b.clone()).prop_map(|(a, b)| format!("({a}, {b})")),
                (a, b).prop_map(|(a, b)| format!("{{{a}, {b}}}")),
            ]
        })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_expression_panics_and_evidence_follows_the_verdict(text in expression()) {
        ask_everything(&text, &system());
    }

    #[test]
    fn no_text_panics(text in r"[a-z.() 0-9'+<>=\[\]{}:,\n\\éif or and not in for target]{0,60}") {
        ask_everything(&text, &system());
    }
}
