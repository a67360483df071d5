//! What tmrs says about its inputs: each code below is caused by a small repository,
//! and stands where a person would look.

use serde_json::Value as Json;

use crate::harness::Repo;

const MODEL: &str = "tmrs: 1\nname: M\nelements:\n  a: {class: Actor}\n";
const RULE_OF_PYTM: &str = r#"[{"SID": "X1", "target": ["Server"], "description": "d", "condition": "True", "severity": "High"}]"#;

/// Code, severity, where; the files, and what is added to `tmrs check`.
type Case<'c> = (
    &'c str,
    &'c str,
    &'c str,
    &'c [(&'c str, &'c str)],
    &'c [&'c str],
);

const CASES: &[Case] = &[
    (
        "missing-key",
        "error",
        "k.yaml:1",
        &[("k.yaml", "tmrs: 1\nelements:\n  a: {class: Actor}\n")],
        &[],
    ),
    (
        "duplicate-key",
        "error",
        "d.yaml:3",
        &[(
            "d.yaml",
            "tmrs: 1\nname: M\nname: N\nelements:\n  a: {class: Actor}\n",
        )],
        &[],
    ),
    (
        "not-a-model",
        "error",
        "n.py:1",
        &[("n.py", "print(1)\n")],
        &["n.py"],
    ),
    (
        "unread",
        "warning",
        "u.py:5",
        &[(
            "u.py",
            "from pytm import *\nimport random\ntm = TM('M')\ns = Server('S')\ns.notes = str(random.random())\ntm.process()\n",
        )],
        &[],
    ),
    (
        "late-statement",
        "warning",
        "l.py:5",
        &[(
            "l.py",
            "from pytm import *\ntm = TM('M')\ns = Server('S')\ntm.process()\ns.port = 3\n",
        )],
        &[],
    ),
    (
        "second-tm",
        "note",
        "s.py:5",
        &[(
            "s.py",
            "from pytm import *\none = TM('M')\nServer('S')\none.process()\ntwo = TM('N')\ntwo.process()\n",
        )],
        &[],
    ),
    (
        "condition-error",
        "warning",
        "m.yaml:4",
        &[
            ("m.yaml", MODEL),
            (
                "r.yml",
                "id: X1\ntitle: T\ntarget: Element\nwhen: '1 / 0 > 1'\n",
            ),
        ],
        &["--rules", "r.yml"],
    ),
    (
        "rule-field",
        "error",
        "r.yml:3",
        &[
            ("m.yaml", MODEL),
            ("r.yml", "id: X1\ntitle: T\nseverity: huge\n"),
        ],
        &["--rules", "r.yml"],
    ),
    (
        "rule-duplicate",
        "error",
        "r.yml:2",
        &[
            ("m.yaml", MODEL),
            ("r.yml", "- {id: X1, title: T}\n- {id: X1, title: T}\n"),
        ],
        &["--rules", "r.yml"],
    ),
    (
        "rule-empty",
        "error",
        "r.yml:1",
        &[("m.yaml", MODEL), ("r.yml", "rules: []\n")],
        &["--rules", "r.yml"],
    ),
    (
        "threats-file",
        "warning",
        "t.py:4",
        &[
            (
                "t.py",
                "from pytm import *\ntm = TM('M')\nServer('S')\ntm.threatsFile = 't.json'\ntm.process()\n",
            ),
            ("t.json", RULE_OF_PYTM),
        ],
        &[],
    ),
    (
        "usage",
        "error",
        "",
        &[("m.yaml", MODEL)],
        &["--output", "nonsense=x"],
    ),
];

/// The notices of a report, as `severity code path:line`.
fn reported(report: &Json) -> Vec<String> {
    let notices = report["notices"].as_array().unwrap();
    let shown = |notice: &Json| {
        let at = &notice["location"];
        let path = at["path"].as_str().unwrap_or_default();
        let line = at["line"].as_u64().map(|line| format!(":{line}"));
        let [severity, code] = ["severity", "code"].map(|key| notice[key].as_str().unwrap());
        format!("{severity} {code} {path}{}", line.unwrap_or_default())
    };
    notices.iter().map(shown).collect()
}

#[test]
fn each_notice_is_caused_by_its_input_and_stands_at_its_line() {
    for (code, severity, place, files, arguments) in CASES {
        let repo = Repo::with(files);
        let mut all = vec!["check", "--format", "json"];
        all.extend(*arguments);
        let run = repo.tmrs(&all);
        if let Ok(report) = serde_json::from_str::<Json>(&run.out) {
            let reported = reported(&report);
            let wanted = format!("{severity} {code} {place}");
            assert!(reported.contains(&wanted), "{wanted}: {reported:?}");
            assert_eq!(run.code == 3, *severity == "error", "{code}: {run:?}");
        } else {
            // Nothing was judged: the notice is all there is.
            assert_eq!(run.code, 2, "{code}: {run:?}");
            assert!(run.err.starts_with(&format!("{code}\n")), "{run:?}");
            assert!(run.err.contains(place), "{code}: {run:?}");
            assert!(run.err.contains("help: "), "{code}: {run:?}");
        }
    }
}

#[test]
fn an_entry_that_is_named_builds_the_model_and_one_that_is_not_there_is_said() {
    let text = "from pytm import *\ndef one():\n    tm = TM('One')\n    Server('A')\n    tm.process()\ndef two():\n    tm = TM('Two')\n    Server('B')\n    tm.process()\n";
    let repo = Repo::with(&[("tm.py", text)]);
    let names = |report: &Json| -> Vec<String> {
        let models = report["models"].as_array().unwrap().iter();
        models
            .map(|m| m["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&repo.report(&["tm.py"])), ["One", "Two"]);
    assert_eq!(names(&repo.report(&["tm.py", "--entry", "two"])), ["Two"]);
    let run = repo.tmrs(&["check", "tm.py", "--entry", "three"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains("no function `three`"), "{run:?}");
}

#[test]
fn merged_responses_are_one_arrow_in_the_diagram() {
    let model = "tmrs: 1\nname: M\nelements:\n  a: {class: Actor}\n  s: {class: Server}\nflows:\n  ask: {source: a, sink: s, name: Asks}\n  answer: {source: s, sink: a, name: Answers, responseTo: ask}\n";
    let repo = Repo::with(&[("m.yaml", model)]);
    let arrows = |more: &[&str]| {
        let mut all = vec!["dfd", "m.yaml"];
        all.extend(more);
        let run = repo.tmrs(&all);
        assert_eq!(run.code, 0, "{run:?}");
        run.out.matches("->").count()
    };
    assert_eq!(arrows(&[]), 2);
    assert_eq!(arrows(&["--merge-responses"]), 1);
}

#[test]
fn a_model_that_is_read_leniently_is_told_with_the_reason() {
    let model = "from pytm import TM, Server\nimport os\ntm = TM('Old')\nweb = Server(os.environ['NAME'])\ntm.process()\n";
    let config = "models:\n  - {path: tm.py, lenient: true, reason: being rewritten}\n";
    let repo = Repo::with(&[("tm.py", model), ("tmrs.yaml", config)]);
    let told = crate::harness::notices(&repo.report(&[]), "incomplete");
    let reason = "tmrs.yaml:2 tm.py is read leniently: being rewritten".to_owned();
    assert!(told.contains(&reason), "{told:?}");
}
