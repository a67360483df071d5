mod callers;
mod explained;
mod random;

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

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);
const ERROR: Option<bool> = None;

/// Conditions on the web server, and what Python says.
const PYTHON: &[(&str, Option<bool>)] = &[
    ("", NO),
    ("True", YES),
    ("target.inScope", YES),
    ("target.name == 'Web' and target.port == 80", YES),
    ("target.protocol in ('HTTP', 'FTP')", YES),
    ("'TT' in target.protocol", YES),
    ("target.protocol not in ['HTTPS']", YES),
    ("target.controls.isHardened is True", YES),
    ("target.isHardened", YES),
    ("target.authenticatedWith is False", YES),
    ("target.controls.isHardened == 1", YES),
    ("target.port is True", NO),
    ("1 is True", NO),
    ("1 == True == 1.0", YES),
    ("target.port == '80'", NO),
    ("1 in 'a1'", NO),
    ("1 < 2 < 3", YES),
    ("3 > 2 < 1", NO),
    ("target.minTLSVersion >= TLSVersion.TLSv12", YES),
    ("target.minTLSVersion < TLSVersion.TLSv12", NO),
    ("target.minTLSVersion == Classification.SECRET", NO),
    ("TLSVersion.NONE is TLSVersion.NONE", YES),
    ("Lifetime.SHORT < Lifetime.LONG", ERROR),
    ("TLSVersion.TLSv12 < 3", ERROR),
    ("'a' < 1", ERROR),
    ("TLSVersion.NONE", YES),
    ("target.isSQL", ERROR),
    ("target.inBoundary.inBoundary.name", ERROR),
    ("target.inBoundary.name == 'VPC east'", YES),
    ("target.name.x", ERROR),
    ("nothing", ERROR),
    ("False and nothing", NO),
    ("nothing and False", ERROR),
    ("True or nothing", YES),
    ("nothing if False else 3", YES),
    ("len(target.inputs) == 1 and len('é') == 1", YES),
    ("len(3)", ERROR),
    ("any(f.protocol == 'HTTP' for f in target.inputs)", YES),
    ("any(f.sink is target for f in target.inputs)", YES),
    ("all(f.nothing for f in target.findings_)", ERROR),
    ("all(f.protocol == 'FTP' for f in target.inputs)", NO),
    ("all([])", YES),
    ("any([])", NO),
    ("any(x > 2 for x in (1, 2, 3, 'a'))", YES),
    ("[x for x in (1, 2, 3) if x > 1] == [2, 3]", YES),
    (
        "[x * y for x in (1, 2) for y in (3, 4)] == [3, 4, 6, 8]",
        YES,
    ),
    ("sum(x for x in (1, 2, 3)) == 6", YES),
    ("sum([[1], [2]], []) == [1, 2]", YES),
    ("sum(['a'])", ERROR),
    ("min(3, 1, 2) == 1 and max([1, 3, 2]) == 3", YES),
    ("min([])", ERROR),
    ("max('abc') == 'c'", YES),
    ("7 // -2 == -4 and 7 % -2 == -1 and -7 % 2 == 1", YES),
    ("2 ** 10 == 1024 and 2 ** -1 == 0.5 and 7 / 2 == 3.5", YES),
    ("1 / 0", ERROR),
    ("1 % 0", ERROR),
    ("2 ** 64", ERROR),
    ("9223372036854775807 + 1", ERROR),
    ("'a' + 'b' == 'ab' and 'ab' * 2 == 'abab'", YES),
    ("'a' + 1", ERROR),
    ("'abc'[1] == 'b' and 'abc'[-1] == 'c'", YES),
    ("'abc'[3]", ERROR),
    ("'abcd'[1:3] == 'bc' and 'abc'[::-1] == 'cba'", YES),
    ("(1, 2, 3)[:2] == (1, 2)", YES),
    ("target.inputs[0].name == 'Visit'", YES),
    ("target.inputs[1]", ERROR),
    ("{'a': 1}['a'] == 1", YES),
    ("{'a': 1}['b']", ERROR),
    ("'a' in {'a': 1} and {1: 2, True: 3} == {1: 3}", YES),
    (
        "len({1, 1.0, True, 2}) == 2 and len({target.port, 80}) == 1",
        YES,
    ),
    (
        "{1, 2} == {2, 1} and {1} < {1, 2} and {1, 2} & {2} == {2}",
        YES,
    ),
    (
        "{1, 2} - {1} == {2} and {1} | {2} == {2, 1} and {1} ^ {2} == {1, 2}",
        YES,
    ),
    ("6 & 3 == 3", NO),
    ("(6 & 3) == 2 and (True | False) is True", YES),
    ("not target.outputs", NO),
    ("-target.port == -80 and +True == 1", YES),
    ("-'a'", ERROR),
    ("'a' * 10000000000", ERROR),
    ("not None", YES),
    ("None is None and target.description == ''", YES),
    ("Server", YES),
    ("target.assumptions == [] and target.overrides == []", YES),
    ("(x for x in ())", YES),
    ("any(y for x in ((0, 1),) for y in x)", YES),
    (
        "any(any(d.isPII for d in f.data) for f in target.inputs)",
        YES,
    ),
    ("3 in target", ERROR),
    ("3 in None", ERROR),
];

#[test]
fn conditions_mean_what_python_means() {
    let system = system();
    for (text, expected) in PYTHON {
        assert_eq!(held(&system, text, system.web), *expected, "{text}");
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
        ("target.nothing", false),
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
        ("target.isHardend", "isHardend", "`isHardened`", true),
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
        let met = vec![(Owner::Element(s.web), attr.clone())];
        assert_eq!(outcome, expected.ok_or(met), "{text}");
    }
}

#[test]
fn what_takes_too_long_ends_in_an_error() {
    let s = system();
    let ten = "(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)";
    let mut text = String::from("all(True");
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i"] {
        text.extend([" for ", name, " in ", ten]);
    }
    text += ")";
    assert_eq!(held(&s, &text, s.web), None);
    // Two lists that hold one another 2^40 times over, without taking room for it.
    let mut shared = String::from("(1, 1)");
    for _ in 0..40 {
        shared = format!("[y for x in ({shared},) for y in [[x, x]]]");
    }
    let equal = format!("{shared} == {shared}");
    assert_eq!(held(&s, &equal, s.web), None);
    let nested = "[".repeat(150) + &"]".repeat(150);
    assert!(compile(&nested).is_err());
    assert!(compile(&"(".repeat(100_000)).is_err());
}
