use crate::model::builder::{Builder, data, member};
use crate::model::vocabulary::Class;
use crate::model::{ElementId, Model, Origin, Override, Owner, Said, Value, derive::derive};
use crate::notice::code;

fn text(model: &Model, id: ElementId, name: &str) -> (String, Origin) {
    let slot = model.element(id).named(name).unwrap();
    (slot.value.as_text().unwrap_or("?").to_owned(), slot.origin)
}

fn names(model: &Model, value: &Value) -> Vec<String> {
    let name = |item: &Value| match item {
        Value::Element(id) => model.element(*id).name.to_string(),
        Value::Data(id) => model.datum(*id).name.to_string(),
        other => format!("{other:?}"),
    };
    value.items().unwrap_or(&[]).iter().map(name).collect()
}

fn two_ends(b: &mut Builder) -> (ElementId, ElementId) {
    (
        b.element(Class::Actor, "user"),
        b.element(Class::Server, "web"),
    )
}

fn override_of(model: &Model, rule: &str) -> Override {
    let place = model.place.clone();
    Override {
        rule: Said {
            text: rule.into(),
            place: place.clone(),
        },
        place,
        response: None,
        severity: None,
        cvss: None,
        fields: Vec::new(),
        inherited: false,
    }
}

#[test]
fn flows_are_ordered_by_order_and_numbered_when_the_model_asks() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    let last = b.flow("last", user, web);
    b.say(last, "order", Value::Int(7));
    let first = b.flow("first", user, web);
    let second = b.flow("second", user, web);
    b.tm("isOrdered", Value::Bool(true));
    let model = b.derived();
    assert_eq!(model.flows, [first, second, last]);
    let order = |id| match model.element(id).named("order").unwrap().value {
        Value::Int(order) => order,
        _ => 0,
    };
    assert_eq!((order(first), order(second), order(last)), (1, 2, 7));
}

#[test]
fn a_flow_takes_the_protocol_and_port_of_its_sink_but_keeps_its_own() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    b.say(web, "protocol", Value::text("HTTPS"));
    b.say(web, "port", Value::Int(443));
    b.control(web, "isEncrypted");
    b.control(user, "authenticatesDestination");
    let takes = b.flow("takes", user, web);
    let keeps = b.flow("keeps", user, web);
    b.say(keeps, "protocol", Value::text("FTP"));
    let model = b.derived();
    assert_eq!(
        text(&model, takes, "protocol"),
        ("HTTPS".into(), Origin::Derived)
    );
    assert_eq!(
        text(&model, keeps, "protocol"),
        ("FTP".into(), Origin::Declared)
    );
    let port = model.element(takes).named("dstPort").unwrap();
    assert!(matches!(port.value, Value::Int(443)));
    assert_eq!(port.place, model.element(web).named("port").unwrap().place);
    for control in ["isEncrypted", "authenticatesDestination"] {
        let attr = crate::model::Attr::named(control);
        let slot = model.element(takes).control(&attr).unwrap();
        assert!(
            slot.value.is_true() && slot.origin == Origin::Derived,
            "{control}"
        );
    }
}

#[test]
fn what_the_ends_leave_unsaid_stays_a_default_on_the_flow() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    let flow = b.flow("visit", user, web);
    let model = b.derived();
    assert_eq!(
        text(&model, flow, "protocol"),
        (String::new(), Origin::Default)
    );
}

#[test]
fn a_response_speaks_as_its_source_and_joins_no_inputs() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    b.say(web, "protocol", Value::text("HTTPS"));
    b.say(web, "port", Value::Int(443));
    let request = b.flow("request", user, web);
    let answer = b.flow("answer", web, user);
    b.say(answer, "responseTo", Value::Element(request));
    let model = b.derived();
    assert!(
        model
            .element(answer)
            .named("isResponse")
            .unwrap()
            .value
            .is_true()
    );
    assert_eq!(model.linked(request, "response"), Some(answer));
    assert_eq!(text(&model, answer, "protocol").0, "HTTPS");
    let port = model.element(answer).named("srcPort").unwrap();
    assert!(matches!(port.value, Value::Int(443)));
    let at = |id, name| names(&model, &model.element(id).named(name).unwrap().value);
    assert_eq!(at(web, "inputs"), ["request"]);
    assert_eq!(at(user, "outputs"), ["request"]);
    assert!(at(user, "inputs").is_empty() && at(web, "outputs").is_empty());
}

#[test]
fn a_lone_response_takes_the_one_flow_that_runs_the_other_way() {
    for (requests, matched) in [(1, true), (2, false)] {
        let mut b = Builder::new();
        let (user, web) = two_ends(&mut b);
        for at in 0..requests {
            b.flow(&format!("request {at}"), user, web);
        }
        let answer = b.flow("answer", web, user);
        b.say(answer, "isResponse", Value::Bool(true));
        let model = b.derived();
        assert_eq!(model.linked(answer, "responseTo").is_some(), matched);
    }
}

#[test]
fn duplicate_flows_are_an_error_only_where_the_model_restricts_them() {
    for (action, notices, drawn) in [
        ("NO_ACTION", 0, true),
        ("RESTRICT", 1, true),
        ("IGNORE", 0, false),
    ] {
        let mut b = Builder::new();
        let (user, web) = two_ends(&mut b);
        b.flow("one", user, web);
        let two = b.flow("two", user, web);
        b.say(two, "protocol", Value::text(""));
        let other = b.flow("three", user, web);
        b.say(other, "protocol", Value::text("HTTP"));
        b.tm("onDuplicates", member("Action", action));
        let mut model = b.model;
        let said = derive(&mut model);
        assert_eq!(said.len(), notices, "{action}");
        assert_eq!(model.complete, notices == 0);
        assert!(
            said.iter()
                .all(|n| n.code == code::DUPLICATE_FLOW && n.labels.len() == 1)
        );
        let left_out = model.element(two).slots.named("is_drawn").is_some();
        assert_eq!(left_out, !drawn, "{action}");
        assert!(model.element(other).slots.named("is_drawn").is_none());
    }
}

#[test]
fn a_flow_carries_its_own_data_its_sources_data_and_what_names_it() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    let flow = b.flow("visit", user, web);
    let (own, sources, naming) = (b.data("own"), b.data("source's"), b.data("naming"));
    b.say(flow, "data", data(&[own]));
    b.say(user, "data", data(&[sources]));
    let carried_by = Value::List([Value::Element(flow)].into());
    b.say_data(naming, "carriedBy", carried_by);
    let model = b.derived();
    let slot = model.element(flow).named("data").unwrap();
    assert_eq!(names(&model, &slot.value), ["own", "naming", "source's"]);
    assert_eq!(slot.origin, Origin::Declared);
    let processed_by = model.datum(sources).named("processedBy").unwrap();
    assert_eq!(names(&model, &processed_by.value), ["user", "web"]);
    let carried_by = model.datum(own).named("carriedBy").unwrap();
    assert_eq!(names(&model, &carried_by.value), ["visit"]);
}

#[test]
fn stored_data_is_encrypted_as_the_ends_of_its_first_flow_are() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    let db = b.element(Class::Datastore, "db");
    b.control(db, "isEncryptedAtRest");
    let (first, second) = (b.data("first plain"), b.data("first encrypted"));
    for (flow, sink, carries) in [
        ("a", web, first),
        ("b", db, second),
        ("c", db, first),
        ("d", web, second),
    ] {
        let flow = b.flow(flow, user, sink);
        b.say(flow, "data", data(&[carries]));
    }
    b.say_data(first, "isStored", Value::Bool(true));
    b.say_data(second, "isStored", Value::Bool(true));
    let model = b.derived();
    let encrypted = |id| {
        model
            .datum(id)
            .named("isDestEncryptedAtRest")
            .unwrap()
            .value
            .is_true()
    };
    assert!(!encrypted(first));
    assert!(encrypted(second));
}

#[test]
fn a_lifetime_makes_credentials_and_credentials_without_one_have_an_unknown_one() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    let flow = b.flow("login", user, web);
    let (token, password, denied) = (b.data("token"), b.data("password"), b.data("denied"));
    b.say(flow, "data", data(&[token, password, denied]));
    b.say_data(token, "credentialsLife", member("Lifetime", "SHORT"));
    b.say_data(password, "isCredentials", Value::Bool(true));
    b.say_data(denied, "isCredentials", Value::Bool(false));
    b.say_data(denied, "credentialsLife", member("Lifetime", "LONG"));
    let model = b.derived();
    let is_credentials = model.datum(token).named("isCredentials").unwrap();
    assert!(is_credentials.value.is_true());
    assert_eq!(is_credentials.origin, Origin::Derived);
    let life = model.datum(password).named("credentialsLife").unwrap();
    assert!(matches!(life.value, Value::Member(e, at) if e.members[at as usize].0 == "UNKNOWN"));
    assert_eq!(life.origin, Origin::Default);
    assert!(
        !model
            .datum(denied)
            .named("isCredentials")
            .unwrap()
            .value
            .is_true()
    );
}

#[test]
fn a_flow_without_overrides_inherits_the_sinks_then_the_sources() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    let flow = b.flow("visit", user, web);
    let own = b.flow("own", user, web);
    let mut model = b.model;
    let overrides = |rules: &[&str], model: &Model| -> Vec<Override> {
        rules.iter().map(|rule| override_of(model, rule)).collect()
    };
    model.element_mut(web).overrides = overrides(&["A"], &model);
    model.element_mut(user).overrides = overrides(&["A", "B"], &model);
    model.element_mut(own).overrides = overrides(&["C"], &model);
    assert!(derive(&mut model).is_empty());
    let of = |id| -> Vec<(String, bool)> {
        let all = model.element(id).overrides.iter();
        all.map(|o| (o.rule.text.to_string(), o.inherited))
            .collect()
    };
    assert_eq!(of(flow), [("A".into(), true), ("B".into(), true)]);
    assert_eq!(of(own), [("C".into(), false)]);
}

#[test]
fn two_overrides_for_one_rule_make_the_model_incomplete() {
    let mut b = Builder::new();
    let (user, _) = two_ends(&mut b);
    let mut model = b.model;
    let twice = vec![override_of(&model, "A"), override_of(&model, "A")];
    model.element_mut(user).overrides = twice;
    let notices = derive(&mut model);
    assert_eq!(notices[0].code, code::DUPLICATE_OVERRIDE);
    assert!(!model.complete);
}

#[test]
fn levels_of_a_flow_are_those_that_its_ends_share() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    let levels = |levels: &[i64]| Value::Set(levels.iter().map(|&l| Value::Int(l)).collect());
    b.say(user, "levels", levels(&[1, 2]));
    b.say(web, "levels", levels(&[2, 3]));
    let flow = b.flow("visit", user, web);
    let model = b.derived();
    let slot = model.element(flow).named("levels").unwrap();
    assert!(matches!(slot.value.items(), Some([Value::Int(2)])));
}

#[test]
fn unused_elements_are_not_judged_where_the_model_ignores_them() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    let outer = b.element(Class::Boundary, "outer");
    let inner = b.element(Class::Boundary, "inner");
    let unused = b.element(Class::Server, "unused");
    b.say(inner, "inBoundary", Value::Element(outer));
    b.say(web, "inBoundary", Value::Element(inner));
    let flow = b.flow("visit", user, web);
    b.tm("ignoreUnused", Value::Bool(true));
    let model = b.derived();
    assert_eq!(model.judged, [user, web, outer, inner, flow]);
    assert!(!model.judged.contains(&unused));
}

#[test]
fn a_flow_without_ends_and_a_circle_of_boundaries_break_nothing() {
    let mut b = Builder::new();
    let (a, c) = (
        b.element(Class::Boundary, "a"),
        b.element(Class::Boundary, "c"),
    );
    b.say(a, "inBoundary", Value::Element(c));
    b.say(c, "inBoundary", Value::Element(a));
    let flow = b.element(Class::Dataflow, "nowhere");
    b.say(flow, "isResponse", Value::Bool(true));
    b.tm("ignoreUnused", Value::Bool(true));
    let model = b.derived();
    assert_eq!(model.judged, [flow]);
    assert_eq!(model.boundaries(a), [c]);
}

#[test]
fn a_declared_unknown_gives_way_to_what_follows() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    let flow = b.flow("login", user, web);
    let password = b.data("password");
    b.say(flow, "data", data(&[password]));
    b.say_data(password, "credentialsLife", member("Lifetime", "UNKNOWN"));
    let model = b.derived();
    let slot = model.slot(
        Owner::Data(password),
        &crate::model::Attr::named("isCredentials"),
    );
    assert!(slot.unwrap().value.is_true());
    assert_eq!(slot.unwrap().origin, Origin::Default);
}

#[test]
fn a_boundary_that_says_nothing_is_as_trusted_as_the_nearest_around_it_that_does() {
    let mut b = Builder::new();
    let [outer, middle, inner, own] =
        ["outer", "middle", "inner", "own"].map(|name| b.element(Class::Boundary, name));
    for (zone, around) in [(middle, outer), (inner, middle), (own, outer)] {
        b.say(zone, "inBoundary", Value::Element(around));
    }
    b.say(outer, "trust", member("Trust", "INTERNAL"));
    b.say(own, "trust", member("Trust", "UNTRUSTED"));
    b.say(inner, "trust", member("Trust", "UNKNOWN"));
    let model = b.derived();
    let trust = |id| {
        let slot = model.element(id).named("trust").unwrap();
        (format!("{:?}", slot.value), slot.origin)
    };
    let said = |name| format!("{:?}", member("Trust", name));
    assert_eq!(trust(middle), (said("INTERNAL"), Origin::Derived));
    assert_eq!(trust(inner), (said("INTERNAL"), Origin::Derived));
    assert_eq!(trust(own), (said("UNTRUSTED"), Origin::Declared));
}

#[test]
fn a_text_that_rules_know_in_another_case_is_noticed() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    b.flow("visit", user, web);
    for format in ["json", "JSON", "acme"] {
        let data = b.data(format);
        b.say_data(data, "format", Value::text(format));
    }
    let mut model = b.derived();
    let said: Vec<_> = derive(&mut model)
        .into_iter()
        .filter(|notice| notice.code == code::TEXT_CASE)
        .map(|notice| notice.message)
        .collect();
    assert_eq!(said, ["rules compare `format` with \"JSON\", not \"json\""]);
}

#[test]
fn a_flow_knows_what_its_protocol_says_however_it_is_spelt() {
    let mut b = Builder::new();
    let (user, web) = two_ends(&mut b);
    b.say(web, "protocol", Value::text("https"));
    let taken = b.flow("taken over", user, web);
    let own = b.flow("own word", user, web);
    b.say(own, "protocol", Value::text("Acme wire"));
    b.say(own, "isEncryptedProtocol", Value::Bool(true));
    let silent = b.flow("silent", web, user);
    let model = b.derived();
    let said = |flow, name: &str| {
        let slot = model.element(flow).named(name).unwrap();
        (format!("{:?}", slot.value), slot.origin)
    };
    let truth = |yes| format!("{:?}", Value::Bool(yes));
    let kind = |name| format!("{:?}", member("ProtocolKind", name));
    for (flow, encrypted, of, origin) in [
        (taken, Origin::Derived, "HTTP", Origin::Derived),
        (own, Origin::Declared, "OTHER", Origin::Derived),
    ] {
        assert_eq!(said(flow, "isEncryptedProtocol"), (truth(true), encrypted));
        assert_eq!(said(flow, "protocolKind"), (kind(of), origin));
    }
    assert_eq!(
        said(silent, "isEncryptedProtocol"),
        (truth(false), Origin::Default)
    );
}

#[test]
fn only_code_that_is_said_to_be_unmanaged_manages_memory() {
    let mut b = Builder::new();
    let silent = b.element(Class::Process, "silent");
    let old = b.element(Class::Process, "old");
    b.say(old, "codeType", Value::text("Unmanaged"));
    let new = b.element(Class::Process, "new");
    b.say(new, "codeType", Value::text("Managed"));
    let model = b.derived();
    let unsafe_memory = |id| {
        let slot = model.element(id).named("isMemoryUnsafe").unwrap();
        (slot.value.is_true(), slot.origin)
    };
    assert_eq!(unsafe_memory(silent), (false, Origin::Default));
    assert_eq!(unsafe_memory(old), (true, Origin::Derived));
    assert_eq!(unsafe_memory(new), (false, Origin::Derived));
}
