//! What the native format says, and how mistakes in it are answered.

use proptest::prelude::*;
use tmrs::model::{Attr, Element, Model, Origin, Value};
use tmrs::notice::{Notice, Severity};
use tmrs::read::native::{Native, read_fragment};
use tmrs::read::{ReadOptions, Reader, Reading, Sniff};
use tmrs::source::{Memory, RepoPath, Source};

const EXAMPLE: &str = include_str!("../examples/native/threats/threat-model.yaml");

fn read_as(path: &str, text: &str, options: &ReadOptions) -> Reading {
    let tree = Memory::new([("threats/own.json", "[]")]);
    Native.read(
        &Source::new(RepoPath::new(path).unwrap(), text),
        &tree,
        options,
    )
}

fn read(text: &str) -> Reading {
    read_as("threats/model.yaml", text, &ReadOptions::default())
}

/// A model with this body, which must be read without an error.
fn model(body: &str) -> (Model, Vec<Notice>) {
    let mut reading = read(&format!("tmrs: 1\nname: M\n{body}"));
    assert!(reading.models[0].complete, "{:#?}", reading.notices);
    (reading.models.remove(0), reading.notices)
}

fn element<'m>(model: &'m Model, name: &str) -> &'m Element {
    model.elements.iter().find(|e| &*e.name == name).unwrap()
}

fn is_true(element: &Element, control: &str) -> bool {
    element
        .control(&Attr::named(control))
        .unwrap()
        .value
        .is_true()
}

/// Everything that a model says, without places.
fn said(model: &Model) -> String {
    let slots = |slots: &tmrs::model::Slots| {
        slots
            .iter()
            .map(|(attr, slot)| format!(" {}={:?}/{:?}", attr.name(), slot.value, slot.origin))
            .collect::<Vec<_>>()
            .concat()
    };
    let mut lines = vec![format!(
        "{} {}{}",
        model.name,
        model.complete,
        slots(&model.slots)
    )];
    for e in &model.elements {
        lines.push(format!(
            "{:?} {}{} /{}",
            e.class,
            e.name,
            slots(&e.slots),
            slots(&e.controls)
        ));
        let threats = e.threats.iter().map(|t| t.title.text.to_string());
        let responses = e
            .responses
            .iter()
            .map(|r| format!("{} {}", r.rule.text, r.text.text));
        let claims = e
            .claims
            .iter()
            .map(|c| format!("{} {}", c.words.text, c.understood));
        lines.extend(threats.chain(responses).chain(claims));
    }
    for d in &model.data {
        lines.push(format!("Data {}{}", d.name, slots(&d.slots)));
    }
    lines.join("\n")
}

#[test]
fn the_example_is_read_without_an_error_or_a_warning() {
    let reading = read(EXAMPLE);
    let loud: Vec<_> = reading
        .notices
        .iter()
        .filter(|notice| notice.severity > Severity::Note)
        .collect();
    assert!(loud.is_empty(), "{loud:#?}");
    let model = &reading.models[0];
    assert_eq!(
        (&*model.name, model.elements.len(), model.data.len()),
        ("Parcel lockers", 14, 3)
    );
    let path = RepoPath::new("examples/native/threats/threat-model.yaml").unwrap();
    assert_eq!(Native.sniff(&path, EXAMPLE), Sniff::Candidate);
}

#[test]
fn a_json_twin_says_the_same() {
    let value: serde_json::Value = serde_yaml::from_str(EXAMPLE).unwrap();
    let json = serde_json::to_string_pretty(&value).unwrap();
    let twin = read_as("threats/model.json", &json, &ReadOptions::default());
    assert_eq!(said(&read(EXAMPLE).models[0]), said(&twin.models[0]));
    let path = RepoPath::new("threats/model.json").unwrap();
    assert_eq!(Native.sniff(&path, &json), Sniff::Candidate);
}

#[test]
fn each_attribute_knows_the_bytes_that_say_it() {
    let (model, _) = model(
        "elements:\n  wéb: {class: Server, OS: Ünix}\n  db:\n    class: Datastore\n    controls:\n      isHardened: true\n",
    );
    let web = element(&model, "wéb");
    assert_eq!(web.place.text(), "wéb");
    assert_eq!(
        web.named("OS").unwrap().place.as_ref().unwrap().text(),
        "OS: Ünix"
    );
    let hardened = element(&model, "db")
        .control(&Attr::named("isHardened"))
        .unwrap()
        .clone();
    assert_eq!(hardened.place.unwrap().text(), "isHardened: true");
    assert_eq!(hardened.origin, Origin::Declared);
    assert_eq!(web.named("port").unwrap().origin, Origin::Default);
}

#[test]
fn ids_may_be_used_before_they_are_declared() {
    let (model, notices) = model(
        "flows:\n  f: {source: a, sink: b, data: [d, \"some words\"]}\n  r: {source: b, sink: a, responseTo: f}\n\
         elements:\n  a: {class: Actor, inBoundary: out}\n  b: {class: Server, name: Bee, inBoundary: null}\n\
         data:\n  d: {isPII: true}\nboundaries:\n  out: {inBoundary: all}\n  all:\n",
    );
    assert!(notices.is_empty(), "{notices:#?}");
    let flow = element(&model, "f");
    let linked = |name: &str| model.element(flow.named(name).unwrap().value.as_element().unwrap());
    assert_eq!(
        (&*linked("source").name, &*linked("sink").name),
        ("a", "Bee")
    );
    let Value::Set(data) = &flow.named("data").unwrap().value else {
        panic!("data is a set");
    };
    assert_eq!(data.len(), 2);
    assert_eq!(&*model.data[1].name, "undefined");
    assert_eq!(
        model.data[1].named("description").unwrap().value.as_text(),
        Some("some words")
    );
    let bee = element(&model, "Bee").named("inBoundary").unwrap();
    assert_eq!(bee.origin, Origin::Declared);
}

#[test]
fn controls_in_words_and_other_spellings_count() {
    let (model, notices) = model(
        "elements:\n  web: {class: Server, is_hardened: true, validatesInput: true, isInternetfacing: true}\n  \
         db: {class: Datastore, controls: [\"Parameterized Queries\", \"magic\"]}\n  \
         api: {class: Server, controls: {validates_input: true, ourOwn: 3}}\n\
         flows:\n  f: {source: web, sink: db, controls: [\"Input Validation\", HTTPS]}\n",
    );
    let web = element(&model, "web");
    assert!(is_true(web, "isHardened") && is_true(web, "validatesInput"));
    assert!(web.named("isInternetFacing").unwrap().value.is_true());
    assert!(is_true(element(&model, "db"), "usesParameterizedInput"));
    assert!(is_true(element(&model, "api"), "validatesInput"));
    assert!(is_true(element(&model, "f"), "isEncrypted"));
    assert!(!is_true(element(&model, "db"), "validatesInput"));
    let own = element(&model, "api")
        .control(&Attr::named("ourOwn"))
        .unwrap();
    assert!(matches!(own.value, Value::Int(3)));
    let codes: Vec<_> = notices.iter().map(|n| n.code).collect();
    for code in [
        "flat-control",
        "respelled-attribute",
        "control-words",
        "unknown-attribute",
    ] {
        assert!(codes.contains(&code), "{code} is missing in {codes:?}");
    }
}

#[test]
fn collections_in_other_spellings_count_too() {
    let (model, notices) = model(
        "elements:\n  web: {class: Server, Controls: {isHardened: true}, Assumptions: [no internet]}\n  \
         db: {class: Datastore, CONTROLS: [\"Parameterized Queries\"]}\n",
    );
    assert!(is_true(element(&model, "web"), "isHardened"));
    assert!(is_true(element(&model, "db"), "usesParameterizedInput"));
    assert_eq!(element(&model, "web").assumptions.len(), 1);
    let codes: Vec<_> = notices.iter().map(|n| n.code).collect();
    assert_eq!(codes, ["respelled-attribute"; 3], "{notices:?}");
}

/// A broken body, the text at which the complaint points, and a part of what it says.
const MISTAKES: &[(&str, &str, &str)] = &[
    (
        "elements:\n  web: {class: Sever}\n",
        "Sever",
        "did you mean `Server`?",
    ),
    ("elements:\n  web: {name: Web}\n", "web", "add `class:`"),
    ("elements:\n  web:\n", "web", "has no `class`"),
    (
        "elements:\n  f: {class: Dataflow}\n",
        "Dataflow",
        "under `flows:`",
    ),
    (
        "elements:\n  - class: Server\n",
        "- class: Server",
        "give each an id",
    ),
    ("elements: yes\n", "yes", "must be a map"),
    (
        "elements:\n  web: {class: Datastore, isSQL: true, is_sql: false}\n",
        "is_sql",
        "`is_sql` is `isSQL`, which is said twice",
    ),
    (
        "elements:\n  web: {class: Server, isHardened: false, controls: {isHardened: true}}\n",
        "isHardened: true",
        "which is said twice",
    ),
    (
        "elements:\n  web: {class: Server, controls: {isHardened: true}, Controls: {isHardened: false}}\n",
        "Controls",
        "`Controls` is `controls`, which is said twice",
    ),
    (
        "elements:\n  web: {class: Server, Assumptions: [a], assumptions: [b]}\n",
        "Assumptions",
        "`Assumptions` is `assumptions`, which is said twice",
    ),
    (
        "elements:\n  web: {class: Server, isInternetFacing: yes}\n",
        "yes",
        "write `true`",
    ),
    (
        "elements:\n  web: {class: Server, port: '80'}\n",
        "'80'",
        "leave out the quotes",
    ),
    (
        "elements:\n  web: {class: Server, OS: 11}\n",
        "11",
        "put it in quotes",
    ),
    (
        "elements:\n  web: {class: Server, protocol: }\n",
        "",
        "say something",
    ),
    (
        "elements:\n  web: {class: Server, technologies: PHP}\n",
        "PHP",
        "write `[PHP]`",
    ),
    (
        "elements:\n  web: {class: Server, maxClassification: Classification.SECRETS}\n",
        "Classification.SECRETS",
        "did you mean `SECRET`?",
    ),
    (
        "elements:\n  web: {class: Server, inBoundary: intrenet}\nboundaries:\n  internet:\n",
        "intrenet",
        "did you mean `internet`?",
    ),
    (
        "elements:\n  web: {class: Server, inputs: [f]}\n",
        "inputs",
        "follows from `flows:`",
    ),
    (
        "elements:\n  web: {class: Server, controls: {isHardened: 'true'}}\n",
        "'true'",
        "without quotes",
    ),
    (
        "elements:\n  web: {class: Server, controls: HTTPS}\n",
        "HTTPS",
        "list of words",
    ),
    (
        "elements:\n  web: {class: Server, controls: {isHardened: true, isHardened: false}}\n",
        "isHardened",
        "stands twice",
    ),
    (
        "elements:\n  web: {class: Server, threats: [{titel: X}]}\n",
        "titel",
        "did you mean `title`?",
    ),
    (
        "elements:\n  web: {class: Server, threats: [{title: X, severity: hihg}]}\n",
        "hihg",
        "did you mean `high`?",
    ),
    (
        "elements:\n  web: {class: Server, responses: [INP01]}\n",
        "[INP01]",
        "must be a map",
    ),
    (
        "elements:\n  web: {class: Server, responses: {INP01: {response: x, expires: 2026-13-01}}}\n",
        "2026-13-01",
        "YYYY-MM-DD",
    ),
    (
        "elements:\n  web: {class: Server, overrides: [{response: x}]}\n",
        "{response: x}",
        "has no `threat_id`",
    ),
    (
        "elements:\n  web: {class: Server, overrides: [{threat_id: X, respones: y}]}\n",
        "respones",
        "did you mean `response`?",
    ),
    (
        "elements:\n  web: {class: Server, assumptions: [{name: x, exclude: AC01}]}\n",
        "AC01",
        "write `[AC01]`",
    ),
    (
        "elements:\n  web: {class: Server, exclude: {AC01: [x]}}\n",
        "[x]",
        "must be text",
    ),
    (
        "elements:\n  web: {class: Server} # tmrs: exclude[*] all\n",
        "# tmrs: exclude[*] all",
        "no exact rule id",
    ),
    (
        "flows:\n  f: {source: a}\nelements:\n  a: {class: Actor}\n",
        "f",
        "has no `sink`",
    ),
    (
        "flows:\n  f: {source: a, sink: wbe}\nelements:\n  a: {class: Actor}\n  web: {class: Server}\n",
        "wbe",
        "did you mean `web`?",
    ),
    (
        "flows:\n  f: {source: a, sink: vpc}\nelements:\n  a: {class: Actor}\nboundaries:\n  vpc:\n",
        "vpc",
        "declared under `boundaries:`",
    ),
    (
        "flows:\n  f: {source: a, sink: a, responseTo: g}\nelements:\n  a: {class: Actor}\n",
        "g",
        "no flow `g`",
    ),
    (
        "boundaries:\n  a: {inBoundary: b}\n  b: {inBoundary: a}\n",
        "inBoundary: b",
        "lies inside itself",
    ),
    (
        "boundaries:\n  a: {inBoundary: a}\n",
        "inBoundary: a",
        "lies inside itself",
    ),
    (
        "boundaries:\n  a: {trust: TRUSTED}\n",
        "TRUSTED",
        "did you mean `UNTRUSTED`?",
    ),
    (
        "data:\n  d: {classification: secret}\n",
        "secret",
        "did you mean `SECRET`?",
    ),
    (
        "element:\n  a: {class: Actor}\n",
        "element",
        "did you mean `elements`?",
    ),
    (
        "onDuplicates: RESTRICTED\n",
        "RESTRICTED",
        "did you mean `RESTRICT`?",
    ),
    ("isOrdered: 1\n", "1", "true or false"),
    ("findings: []\n", "findings", "no key `findings`"),
    ("elements: &a [*a]\n", "*a", "inside what it repeats"),
    ("---\ntmrs: 1\n", "", "second YAML document"),
    (
        "elements:\n  web: {class: WebServer}\n",
        "WebServer",
        "did you mean `Server`?",
    ),
    (
        "elements:\n  db: {class: database}\n",
        "database",
        "did you mean `Datastore`?",
    ),
    (
        "elements:\n  user: {type: Actor}\n",
        "user",
        "write `class: Actor`",
    ),
    (
        "elements:\n  a: {class: Actor}\nflows:\n  f: {from: a, sink: a}\n",
        "from",
        "write `source: a`",
    ),
    (
        "elements:\n  a: {class: Actor}\nflows:\n  f: {source: a, to: a}\n",
        "to",
        "write `sink: a`",
    ),
    (
        "dataflows:\n  f: {source: a, sink: b}\n",
        "dataflows",
        "write `flows:`",
    ),
    ("zones:\n  z: {name: Z}\n", "zones", "write `boundaries:`"),
    (
        "elements:\n  a: {class: Actor, isAdmn: true}\n",
        "isAdmn",
        "did you mean `isAdmin`?",
    ),
    (
        "elements:\n  w: {class: Server, controls: {isHardned: true}}\n",
        "isHardned",
        "did you mean `isHardened`?",
    ),
    (
        "elements:\n  a: {class: Actor}\nflows:\n  f: {source: a, sink: a, data: [crad]}\ndata:\n  card: {isPII: true}\n",
        "crad",
        "did you mean `card`?",
    ),
];

#[test]
fn keys_that_start_with_x_are_comments_everywhere() {
    let (model, notices) = model(
        "x-owner: {team: web}\nelements:\n  a: {class: Server, x-sloc: 12, controls: {x-note: y, isHardened: true}}\n\
         data:\n  d: {x-from: z}\nflows:\n  f: {source: a, sink: a, x-to: q, threats: [{title: t, x-ticket: 1}]}\n",
    );
    assert!(notices.is_empty(), "{notices:#?}");
    assert!(is_true(element(&model, "a"), "isHardened"));
}

#[test]
fn a_flow_with_other_words_for_its_ends_is_told_once() {
    let reading =
        read("tmrs: 1\nname: M\nelements:\n  a: {class: Actor}\nflows:\n  f: {from: a, to: a}\n");
    assert_eq!(reading.notices.len(), 2, "{:#?}", reading.notices);
}

#[test]
fn a_comment_anywhere_inside_an_element_is_about_it() {
    let text = "tmrs: 1\nname: W\nelements:\n  p: {class: Actor}   # tmrs: exclude[X1] on the line\n  \
                # tmrs: exclude[X2] above\n  g:\n    class: Server\n    # tmrs: exclude[X3] between keys\n    \
                controls:\n      isHardened: true   # tmrs: exclude[X4] deep inside\n    \
                # tmrs: exclude[X5] at the end\n  h: {class: Server}\nflows:\n  f:\n    source: p\n    \
                sink: g   # tmrs: exclude[X6] on the sink\n    # tmrs: exclude[X7] last\n\
                data:\n  d:\n    isPII: true  # tmrs: exclude[X8] data is no element\n";
    let reading = read(text);
    let model = &reading.models[0];
    let excluded = |name: &str| -> Vec<&str> {
        let exclusions = &element(model, name).exclusions;
        let rules = exclusions.iter().flat_map(|e| &e.rules);
        rules.map(|rule| &*rule.text).collect()
    };
    assert_eq!(excluded("p"), ["X1"]);
    assert_eq!(excluded("g"), ["X2", "X3", "X4", "X5"]);
    assert!(excluded("h").is_empty());
    assert_eq!(excluded("f"), ["X6", "X7"]);
    let told: Vec<_> = reading
        .notices
        .iter()
        .filter(|n| n.code == "inline-comment")
        .collect();
    assert_eq!(told.len(), 1, "{told:#?}");
}

#[test]
fn every_mistake_is_an_error_at_its_place_with_what_was_meant() {
    for (body, at, part) in MISTAKES {
        let reading = read(&format!("tmrs: 1\nname: M\n{body}"));
        let found = reading.notices.iter().find(|notice| {
            let help = notice.help.as_deref().unwrap_or("");
            let says = notice.message.contains(part) || help.contains(part);
            let there = notice
                .place
                .as_ref()
                .is_some_and(|place| place.text() == *at);
            notice.severity == Severity::Error && says && (there || at.is_empty())
        });
        assert!(found.is_some(), "{body}: {:#?}", reading.notices);
        assert!(reading.models.iter().all(|model| !model.complete), "{body}");
    }
}

#[test]
fn all_mistakes_of_a_model_are_told_at_once() {
    let reading = read(
        "tmrs: 2\nelements:\n  a: {class: Actr}\n  b: {class: Server, port: x}\nflows:\n  f: {source: c}\n",
    );
    let errors = reading
        .notices
        .iter()
        .filter(|n| n.severity == Severity::Error);
    assert_eq!(errors.count(), 6, "{:#?}", reading.notices);
}

#[test]
fn a_reference_to_something_broken_is_not_a_second_mistake() {
    let reading = read(
        "tmrs: 1\nname: M\nelements:\n  a: {class: Actr}\n  b: {class: Server}\nflows:\n  f: {source: a, sink: b}\n",
    );
    let errors = reading
        .notices
        .iter()
        .filter(|n| n.severity == Severity::Error);
    assert_eq!(errors.count(), 1, "{:#?}", reading.notices);
}

#[test]
fn a_data_id_that_is_nearly_right_is_an_error() {
    let reading = read(
        "tmrs: 1\nname: M\nelements:\n  a: {class: Actor}\nflows:\n  f: {source: a, sink: a, data: [comnent]}\ndata:\n  comment:\n",
    );
    let notices = reading.notices;
    assert_eq!(notices[0].severity, Severity::Error);
    assert_eq!(notices[0].help.as_deref(), Some("did you mean `comment`?"));
}

#[test]
fn comments_and_the_key_exclude_stand_on_their_element() {
    let (model, notices) = model(
        "elements: # tmrs: exclude[X9] beside no element\n  \
         # tmrs: exclude[X1] above\n  # a remark\n  a: {class: Actor} # tmrs: exclude[X2, X3] beside\n  \
         b:\n    class: Server # tmrs: exclude[X8] inside\n    exclude: {X4: by key, X5: }\n  \
         # tmrs: exclude[X6, element=c*] some\n  c1: {class: Server}\n\
         flows: {f: {source: a, sink: b}, g: {source: b, sink: a}} # tmrs: exclude[X7, element=g] one\n",
    );
    let rules = |name: &str| {
        let exclusions = &element(&model, name).exclusions;
        let rules = exclusions.iter().flat_map(|e| &e.rules);
        rules
            .map(|rule| rule.text.to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let all = ["a", "b", "c1", "f", "g"].map(rules);
    let expected = ["X1 X2 X3", "X4 X5 X8", "X6", "", "X7"];
    assert_eq!(all, expected.map(String::from));
    let beside_nothing: Vec<_> = notices
        .iter()
        .filter(|notice| notice.code == "inline-comment")
        .map(|notice| notice.place.as_ref().unwrap().positions().0.line)
        .collect();
    assert_eq!(beside_nothing, [3]);
}

#[test]
fn the_configuration_s_name_is_refused_naming_both_files() {
    let reading = read_as(
        "pay/tmrs.yaml",
        "tmrs: 1\nname: M\n",
        &ReadOptions::default(),
    );
    assert!(reading.models.is_empty());
    let notice = reading
        .notices
        .iter()
        .find(|n| n.code == "reserved-name")
        .unwrap();
    assert!(notice.message.contains("pay/tmrs.yaml") && notice.message.contains("`tmrs.yaml`"));
    assert!(
        notice
            .help
            .as_ref()
            .unwrap()
            .contains("pay/threat-model.yaml")
    );
}

#[test]
fn own_rules_are_looked_for_beside_the_model() {
    let (own, _) = model("threatsFile: own.json\n");
    let file = own.threats_file.unwrap();
    assert_eq!(file.path, RepoPath::new("threats/own.json"));
    assert_eq!(file.place.text(), "own.json");
    for elsewhere in ["../../etc/passwd", "/etc/passwd", "missing.json"] {
        let (other, _) = model(&format!("threatsFile: {elsewhere}\n"));
        assert_eq!(other.threats_file.unwrap().path, None);
    }
}

#[test]
fn lenient_turns_errors_into_warnings_where_there_is_a_model() {
    let options = ReadOptions {
        lenient: true,
        ..ReadOptions::default()
    };
    let broken = "tmrs: 1\nname: M\nelements: {a: {class: X}}\n";
    let reading = read_as("m.yaml", broken, &options);
    assert_eq!(reading.notices[0].severity, Severity::Warning);
    assert!(reading.models[0].complete);
    let reading = read_as("m.yaml", "tmrs: [1\n", &options);
    assert_eq!(reading.notices[0].severity, Severity::Error);
}

#[test]
fn a_fragment_needs_neither_mark_nor_name() {
    let text = "model:\n  elements: {web: {class: Server}}\n";
    let source = Source::new(RepoPath::new("rule.yaml").unwrap(), text);
    let root = tmrs::syntax::parse(&source).root.unwrap();
    let reading = read_fragment(&source, root.get("model").unwrap(), "case");
    assert!(reading.notices.is_empty(), "{:#?}", reading.notices);
    assert_eq!(&*reading.models[0].name, "case");
}

#[test]
fn boundaries_may_be_nested_deeply_but_not_without_end() {
    let nested = |depth: usize| {
        let boundaries: String = (1..depth)
            .map(|n| format!("  b{n}: {{inBoundary: b{}}}\n", n - 1))
            .collect();
        read(&format!(
            "tmrs: 1\nname: M\nboundaries:\n  b0:\n{boundaries}"
        ))
    };
    assert!(nested(200).models[0].complete);
    let deep = nested(20_000);
    assert!(deep.notices.iter().any(|notice| notice.code == "limit"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_to_a_model_makes_the_reader_panic(at in 0..EXAMPLE.len(), cut in 0..60_usize, put in "[ \\n:{}\\[\\],a*&'\"#|>-]{0,6}") {
        let end = (at + cut).min(EXAMPLE.len());
        if EXAMPLE.is_char_boundary(at) && EXAMPLE.is_char_boundary(end) {
            let text = format!("{}{put}{}", &EXAMPLE[..at], &EXAMPLE[end..]);
            let reading = read(&text);
            let broken = reading.notices.iter().any(|n| n.severity == Severity::Error);
            prop_assert!(broken || reading.models[0].complete);
        }
    }
}
