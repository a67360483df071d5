//! `tmrs questions --answer` and `--answers FILE`: what is answered stands in the model, and
//! nothing else changed.

use std::process::Command;

use serde_json::Value as Json;

use crate::harness::{Repo, Run, run};
use crate::shared::root;

const PYTHON: &str = "\
from pytm import TM, Actor, Boundary, Dataflow, Datastore, Server

tm = TM(\"Shop\")  # the model
net = Boundary(\"Internet\")
user = Actor(\"User\", inBoundary=net)
web = Server(
    \"Web\",  # the only one
)
db = Datastore(\"Orders\")
db.isSQL = True
Dataflow(user, web, \"Order\")  # unnamed
store = Dataflow(web, db, \"Store\")
tm.process()
";

const YAML: &str = "\
tmrs: 1
name: Shop
# zones
boundaries:
  net: {name: Internet, trust: UNTRUSTED}
elements:
  user: {class: Actor, inBoundary: net}
  web:
    class: Server   # the only one
    controls:
      isHardened: true  # since May
      # more to come

  db: {class: Datastore, isSQL: true}
flows:
  order: {source: user, sink: web}
  store:
    source: web
    sink: db
";

const JSON: &str = r#"{
  "tmrs": 1,
  "name": "Shop",
  "boundaries": {"net": {"name": "Internet", "trust": "UNTRUSTED"}},
  "elements": {
    "user": {"class": "Actor", "inBoundary": "net"},
    "web": {
      "class": "Server",
      "controls": {
        "isHardened": true
      }
    },
    "db": {"class": "Datastore", "isSQL": true}
  },
  "flows": {
    "order": {"source": "user", "sink": "web"},
    "store": {"source": "web", "sink": "db"}
  }
}
"#;

fn questions(repo: &Repo) -> Json {
    let run = repo.tmrs(&["questions", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    serde_json::from_str(&run.out).unwrap()
}

/// The lines of a text that another one has not, in order.
fn new_lines<'a>(before: &str, after: &'a str) -> Vec<&'a str> {
    let mut old = before.lines().peekable();
    let mut new = Vec::new();
    for line in after.lines() {
        if old.peek() == Some(&line) {
            old.next();
        } else {
            new.push(line);
        }
    }
    assert_eq!(old.next(), None, "a line is gone:\n{after}");
    new
}

/// Writes every proposed answer that is about an attribute of this name, or all.
fn answer_all(repo: &Repo, wanted: Option<&str>) -> Run {
    let mut asked = questions(repo);
    for question in asked["questions"].as_array_mut().unwrap() {
        let steps = question["steps"].as_array_mut().unwrap();
        steps.retain(|step| wanted.is_none_or(|name| step["attribute"] == name));
    }
    std::fs::write(repo.path("answers.txt"), asked.to_string()).unwrap();
    repo.tmrs(&["questions", "--answers", "answers.txt"])
}

#[test]
fn what_a_call_gives_as_one_of_several_is_answered_by_its_name() {
    let start = "\
from pytm import (
    TM,
    Actor,
    Boundary,
    Dataflow,
    Server,
)
from pytm.flows import req_reply

tm = TM('Shop')
net = Boundary('Internet')
user = Actor('User', inBoundary=net)
web = Server('Web')
api = Server('API')


def connect(source, sink, *names):
    return [Dataflow(source, sink, name, protocol='HTTPS') for name in names]


";
    let cases = [
        (
            "push, pull = connect(user, web, 'Push', 'Pull')\n",
            vec![
                "    TLSVersion,",
                "push.tlsVersion = TLSVersion.TLSv12",
                "pull.tlsVersion = TLSVersion.TLSv12",
            ],
        ),
        (
            "both = req_reply(user, web, 'Ask', protocol='HTTPS')\n",
            vec![
                "    TLSVersion,",
                "both[0].tlsVersion = TLSVersion.TLSv12",
                "both[1].tlsVersion = TLSVersion.TLSv12",
            ],
        ),
    ];
    for (flows, expected) in cases {
        let text = format!("{start}{flows}tm.process()\n");
        let repo = Repo::with(&[("tm.py", &text)]);
        let run = answer_all(&repo, Some("tlsVersion"));
        assert_eq!(run.code, 0, "{flows}: {run:?}");
        let now = repo.read("tm.py");
        let mut new = new_lines(&text, &now);
        new.sort_unstable();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(new, expected, "{flows}: {run:?}");
    }
}

#[test]
fn what_a_comprehension_makes_is_told_with_a_way_out() {
    let text = PYTHON.replace(
        "tm.process()",
        "all = [Dataflow(user, web, f'Ask {at}', protocol='HTTPS') for at in range(2)]\ntm.process()",
    );
    let repo = Repo::with(&[("tm.py", &text)]);
    let run = answer_all(&repo, Some("tlsVersion"));
    assert!(
        run.err
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("a comprehension makes it"),
        "{run:?}"
    );
}

#[test]
fn an_answer_is_a_line_of_its_own_in_each_format() {
    let cases = [
        (
            "tm.py",
            PYTHON,
            vec!["web.controls.authenticatesSource = True"],
        ),
        ("tm.yaml", YAML, vec!["      authenticatesSource: true"]),
    ];
    for (name, text, expected) in cases {
        let repo = Repo::with(&[(name, text)]);
        let run = answer_all(&repo, Some("controls.authenticatesSource"));
        assert_eq!(run.code, 0, "{run:?}");
        assert!(
            run.out
                .contains("Written: controls.authenticatesSource is true for “"),
            "{run:?}"
        );
        assert_eq!(new_lines(text, &repo.read(name)), expected, "{run:?}");
    }
    let repo = Repo::with(&[("tm.json", JSON)]);
    let run = answer_all(&repo, Some("controls.authenticatesSource"));
    assert_eq!(run.code, 0, "{run:?}");
    let expected = JSON.replace(
        "        \"isHardened\": true\n",
        "        \"isHardened\": true,\n        \"authenticatesSource\": true\n",
    );
    assert_eq!(repo.read("tm.json"), expected);
}

#[test]
fn every_proposed_answer_can_be_written_and_ends_what_was_asked() {
    for (name, text) in [("tm.py", PYTHON), ("tm.yaml", YAML), ("tm.json", JSON)] {
        let repo = Repo::with(&[(name, text)]);
        for _ in 0..4 {
            let run = answer_all(&repo, None);
            assert_eq!(run.code, 0, "{run:?}");
        }
        assert_eq!(
            questions(&repo)["questions"],
            serde_json::json!([]),
            "{}",
            repo.read(name)
        );
        let comments = |text: &str| text.matches('#').count();
        assert_eq!(comments(&repo.read(name)), comments(text));
    }
}

#[test]
fn ends_of_lines_and_marks_stay() {
    let text = format!("\u{feff}{}", YAML.replace('\n', "\r\n"));
    let repo = Repo::with(&[("tm.yaml", &text)]);
    let run = answer_all(&repo, Some("controls.authenticatesSource"));
    assert_eq!(run.code, 0, "{run:?}");
    let after = repo.read("tm.yaml");
    assert!(after.starts_with('\u{feff}'), "{after}");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
}

#[test]
fn what_cannot_be_written_is_told_and_nothing_changes() {
    let shared = "\
tmrs: 1
name: Shop
boundaries:
  net: {name: Internet, trust: UNTRUSTED}
elements:
  user: {class: Actor, inBoundary: net}
  web: &server {class: Server, isSQL: true}
  api: *server
flows:
  order: {source: user, sink: web}
  call: {source: user, sink: api}
";
    let made = "\
from pytm import TM, Actor, Boundary, Dataflow, Server

tm = TM(\"Shop\")
net = Boundary(\"Internet\")
user = Actor(\"User\", inBoundary=net)
for server in [Server(name) for name in (\"A\", \"B\")]:
    Dataflow(user, server, \"Use\")
tm.process()
";
    for (name, text) in [("tm.yaml", shared), ("tm.py", made)] {
        let repo = Repo::with(&[(name, text)]);
        let run = answer_all(&repo, Some("controls.authenticatesSource"));
        assert!(run.err.contains("not every answer is written"), "{run:?}");
        assert!(
            run.out
                .contains("Not written: controls.authenticatesSource of “"),
            "{run:?}"
        );
        assert!(run.err.contains("help: say these by hand"), "{run:?}");
    }
}

#[test]
fn an_answer_in_a_loop_holds_for_all_that_it_makes_or_is_not_written() {
    let text = "\
from pytm import TM, Actor, Boundary, Dataflow, Server

tm = TM(\"Shop\")
net = Boundary(\"Internet\")
user = Actor(\"User\", inBoundary=net)
for name in (\"A\", \"B\"):
    server = Server(name)
    flow = Dataflow(user, server, \"Use\")
tm.process()
";
    let repo = Repo::with(&[("tm.py", text)]);
    let run = answer_all(&repo, Some("controls.authenticatesSource"));
    assert_eq!(run.code, 0, "{run:?}");
    let new = "    server.controls.authenticatesSource = True";
    assert_eq!(new_lines(text, &repo.read("tm.py")), [new]);
}

#[test]
fn a_file_of_answers_that_is_none_is_refused_with_what_to_do() {
    let repo = Repo::with(&[("tm.yaml", YAML), ("answers.txt", "{}")]);
    for file in ["answers.txt", "none.txt"] {
        let run = repo.tmrs(&["questions", "--answers", file]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(
            run.err
                .contains(&format!("cannot read the answers in {file}")),
            "{run:?}"
        );
        assert!(run.err.contains("--format json"), "{run:?}");
    }
    let piped = repo.tmrs(&["questions", "--answer"]);
    assert_eq!(piped.code, 2);
    assert!(piped.err.contains("needs a terminal"), "{piped:?}");
    assert!(piped.err.contains("--answers FILE"), "{piped:?}");
}

#[test]
fn what_is_only_text_among_the_data_is_called_by_its_words_and_not_asked_about() {
    let text = YAML.replace("    sink: db\n", "    sink: db\n    data: [Free words]\n");
    assert!(text.contains("Free words"), "{text}");
    let repo = Repo::with(&[("tm.yaml", &text)]);
    let run = repo.tmrs(&["questions"]);
    assert!(!run.out.contains("undefined"), "{run:?}");
    assert!(!run.out.contains("How confidential"), "{run:?}");
    let check = repo.tmrs(&["check", "--format", "json"]);
    let words = "nobody said how confidential “Free words” is";
    assert!(check.out.contains(words), "{check:?}");
}

#[test]
fn facts_are_asked_for_with_the_rules_that_wait_for_them() {
    let repo = Repo::with(&[("tm.yaml", YAML)]);
    for format in ["human", "markdown"] {
        let run = repo.tmrs(&["questions", "--facts", "--format", format]);
        assert!(
            run.out.contains("Facts for which rules are asleep"),
            "{run:?}"
        );
        assert!(run.out.contains("can wake"), "{run:?}");
    }
    let run = repo.tmrs(&["questions", "--facts", "--format", "json"]);
    let json: Json = serde_json::from_str(&run.out).unwrap();
    let before = repo.findings("new", &[]);
    for fact in json["facts"].as_array().unwrap() {
        assert_ne!(fact["rules"], serde_json::json!([]), "{fact}");
        assert!(fact["what"].as_str().unwrap().ends_with('?'), "{fact}");
    }
    let uploads = json["facts"].as_array().unwrap().iter();
    let mut uploads = uploads.filter(|fact| fact["attribute"] == "acceptsFileUploads");
    let rules = &uploads.next().unwrap()["rules"];
    repo.edit(
        "tm.yaml",
        "    class: Server ",
        "    acceptsFileUploads: true\n    class: Server ",
    );
    assert!(repo.findings("new", &[]).len() > before.len(), "{rules}");
}

/// Answers in a terminal.
fn session(repo: &Repo, steps: &[(&str, &str)]) -> Run {
    let tmrs = repo.command(&["questions", "--answer"]);
    let steps: Vec<_> = steps.iter().map(|(wait, typed)| [wait, typed]).collect();
    let mut command = Command::new("python3");
    command
        .arg(root().join("tests/terminal.py"))
        .arg(serde_json::to_string(&steps).unwrap())
        .arg(tmrs.get_program())
        .args(tmrs.get_args())
        .current_dir(repo.root())
        .env_clear();
    for (name, value) in tmrs.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    run(&mut command)
}

const PROMPT: &str = "[q]uit? ";

#[test]
#[cfg(unix)]
#[ignore = "drives a terminal, needs python3: scripts/test-all"]
fn each_answer_is_written_at_once_and_stopping_loses_nothing() {
    let repo = Repo::with(&[("tm.yaml", YAML)]);
    let asked = session(
        &repo,
        &[
            (PROMPT, "what\n"),
            ("none of the answers", "d\n"),
            (PROMPT, "y\n"),
            ("Written: ", "KILL"),
        ],
    );
    assert_eq!(asked.code, 9, "{asked:?}");
    assert_ne!(repo.read("tm.yaml"), YAML, "{asked:?}");
    let before = repo.findings("new", &[]).len();
    let no = session(&repo, &[(PROMPT, "n\n"), ("declared", "q\n")]);
    assert_eq!(no.code, 0, "{no:?}");
    assert!(no.out.contains("“no” makes them declared"), "{no:?}");
    assert!(no.out.contains("1 answer written."), "{no:?}");
    assert!(
        repo.read("tm.yaml").contains(": false"),
        "{}",
        repo.read("tm.yaml")
    );
    assert!(repo.findings("new", &[]).len() <= before);
    let text = repo.read("tm.yaml");
    let quit = session(
        &repo,
        &[(PROMPT, "a\n"), ("tmrs: exclude[ID]", ""), (PROMPT, "")],
    );
    assert_eq!(quit.code, 0, "{quit:?}");
    assert_eq!(repo.read("tm.yaml"), text);
}
