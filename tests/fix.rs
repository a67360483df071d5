//! `tmrs check --fix`: what was understood is written as it is meant, and nothing else.

use crate::harness::{Repo, fails_with, notices};

const PYTHON: &str = "\
from pytm import TM, Actor, Dataflow, Process, Server

tm = TM(\"Bowling alley\")
player = Actor(\"Player\", is_admin=True)  # they can
desk = Server(
    \"Desk\",
    usescache=True,
    isHardened=True,  # since May
    port=80,
)
desk.authenticatedWith = True
job = Process(\"Job\", implementsPOLP=True)
Dataflow(player, desk, \"Ask\", hasAccessControl=True)
call = Dataflow(desk, job, \"Call\")
call.Protocol = \"HTTPS\"
tm.process()
";

const FIXED_PYTHON: &str = "\
from pytm import TM, Actor, Dataflow, Process, Server

tm = TM(\"Bowling alley\")
player = Actor(\"Player\", isAdmin=True)  # they can
desk = Server(
    \"Desk\",
    usesCache=True,
    # since May
    port=80,
)
desk.controls.isHardened = True
desk.controls.authenticatesSource = True
job = Process(\"Job\")
job.controls.implementsPOLP = True
Dataflow(player, desk, \"Ask\", hasAccessControl=True)
call = Dataflow(desk, job, \"Call\")
call.protocol = \"HTTPS\"
tm.process()
";

const YAML: &str = "\
tmrs: 1
name: Bowling alley
elements:
  player: {class: Actor, is_admin: true}
  desk:
    class: Server
    isHardened: true  # since May
    uses_cache: true
  till:
    class: Server
    sanitizesInput: true  # with a library
    controls:
      isHardened: true
    port: 80
  job: {class: Process, implementsPOLP: true, codeType: Managed}
  shop: {class: Server, isHardened: true, controls: {sanitizesInput: true}}
flows:
  ask: {source: player, sink: desk, Protocol: HTTPS}
";

const FIXED_YAML: &str = "\
tmrs: 1
name: Bowling alley
elements:
  player: {class: Actor, isAdmin: true}
  desk:
    class: Server
    controls:
      isHardened: true  # since May
    usesCache: true
  till:
    class: Server
    # with a library
    controls:
      isHardened: true
      sanitizesInput: true
    port: 80
  job: {class: Process, controls: {implementsPOLP: true}, codeType: Managed}
  shop: {class: Server, controls: {sanitizesInput: true, isHardened: true}}
flows:
  ask: {source: player, sink: desk, protocol: HTTPS}
";

const JSON: &str = r#"{
  "tmrs": 1,
  "name": "Bowling alley",
  "elements": {
    "player": {"class": "Actor", "is_admin": true},
    "desk": {
      "class": "Server",
      "isHardened": true
    }
  },
  "flows": {
    "ask": {"source": "player", "sink": "desk"}
  }
}
"#;

#[test]
fn what_was_understood_is_written_as_it_is_meant_and_nothing_else() {
    let fixed_json = JSON.replace("is_admin", "isAdmin").replace(
        "\"isHardened\": true",
        "\"controls\": {\"isHardened\": true}",
    );
    let cases = [
        ("tm.py", PYTHON, FIXED_PYTHON),
        ("tm.yaml", YAML, FIXED_YAML),
        ("tm.json", JSON, &*fixed_json),
    ];
    for (path, text, fixed) in cases {
        let repo = Repo::with(&[(path, text)]);
        let before = repo.findings("new", &[]);
        let run = repo.tmrs(&["check", "--fix", "--quiet"]);
        assert_eq!(repo.read(path), fixed, "{run:?}");
        assert!(
            run.err
                .contains(&format!("Fixed {path}:4: `is_admin` is written `isAdmin`"))
                || path == "tm.json",
            "{run:?}"
        );
        assert_eq!(repo.findings("new", &[]), before, "{path}");
        let again = repo.tmrs(&["check", "--fix", "--quiet"]);
        assert!(
            !again.err.contains("\nFixed") && !again.err.starts_with("Fixed"),
            "{again:?}"
        );
        assert_eq!(repo.read(path), fixed);
    }
}

#[test]
fn what_cannot_be_written_there_is_left_and_told() {
    let repo = Repo::with(&[("tm.py", PYTHON)]);
    let run = repo.tmrs(&["check", "--fix", "--quiet"]);
    let told = "Not fixed: tm.py:15: `hasAccessControl` is written `controls.hasAccessControl`: no name of its own";
    assert!(run.err.contains(told), "{run:?}");
    assert_eq!(notices(&repo.report(&[]), "flat-control").len(), 1);
}

#[test]
fn nothing_that_a_person_decides_is_fixed() {
    let text = "\
tmrs: 1
name: Shop
elements:
  user: {class: Actor, is_inScope: true}
  web: {class: Server, isHardend: true, format: json}
flows:
  ask: {source: user, sink: web}
";
    let repo = Repo::with(&[("tm.yaml", text)]);
    let run = repo.tmrs(&["check", "--fix", "--quiet"]);
    let fixed = text.replace("is_inScope", "inScope");
    assert!([text, &*fixed].contains(&&*repo.read("tm.yaml")), "{run:?}");
    fails_with(
        &repo.tmrs(&["check", "--fix", "-"]),
        &[
            "a model on standard input cannot be mended",
            "leave out --fix",
        ],
    );
}

/// The models of the test suite that turn on such spellings.
#[test]
fn the_fixed_models_of_the_test_suite_say_what_they_said() {
    for name in ["differs_flat_controls.py", "differs_spelling.py"] {
        let text = std::fs::read_to_string(crate::shared::root().join("tests/models").join(name));
        let repo = Repo::with(&[(name, &text.unwrap())]);
        let before = repo.findings("new", &[]);
        repo.tmrs(&["check", "--fix", "--quiet"]);
        let report = repo.report(&[]);
        assert_eq!(repo.findings("new", &[]), before, "{name}");
        for code in ["flat-control", "respelled-attribute"] {
            assert_eq!(notices(&report, code), [""; 0], "{name}");
        }
    }
}
