//! What comes to too much ends in an error that names the limit, and in no part of a report
//! (docs/limits.md); `scripts/grow` measures larger inputs.

use crate::harness::{Repo, notices};

const HEAD: &str = "from pytm import TM, Actor, Dataflow, Server\ntm = TM('Grown')\n";

#[test]
fn a_model_that_comes_to_too_much_is_not_judged_and_the_limit_is_named() {
    for (model, limit) in [
        ("while True: Server('x')", "more than 100000 objects"),
        ("Server('x')\nwhile True: pass", "more than 1000000 steps"),
        (
            "def f(n):\n    Server(str(n))\n    f(n - 1)\nf(1)",
            "more than 120 calls inside one another",
        ),
        (
            "t = 'x' * 1000000\nfor i in range(50):\n    s = Server(str(i))\n    s.description = t",
            "more than 32 MiB of text together",
        ),
        (
            "n = 'x' * 100000\nu = Actor('u')\nfor i in range(80):\n    s = Server(str(i) + n)\n    Dataflow(u, s, str(i))",
            "more than 32 MiB of names in findings",
        ),
    ] {
        let repo = Repo::with(&[("tm.py", &format!("{HEAD}{model}\ntm.process()\n"))]);
        let run = repo.tmrs(&["check", "--format", "json"]);
        assert_eq!(run.code, 3, "{model}: {}", run.err);
        let report = serde_json::from_str(&run.out).unwrap();
        let said = notices(&report, "limit").join("\n");
        assert!(said.contains(limit), "{model}: {said:.2000}");
        let findings = report["findings"].as_array().unwrap();
        assert!(findings.is_empty(), "{model}: {} findings", findings.len());
    }
}

#[test]
fn lenience_judges_what_was_read_before_a_limit() {
    let text = format!("{HEAD}Server('x')\nwhile True: pass\n");
    let repo = Repo::with(&[("tm.py", &text)]);
    let report = repo.report(&["--lenient"]);
    assert_eq!(notices(&report, "limit").len(), 1);
    assert!(!report["findings"].as_array().unwrap().is_empty());
}

#[test]
fn a_flow_without_a_known_end_leaves_a_report_that_can_be_rendered() {
    let model =
        "tmrs: 1\nname: Few\nelements: {a: {class: Actor}}\nflows: {f: {source: a, sink: gone}}\n";
    let repo = Repo::with(&[("tm.yaml", model)]);
    let run = repo.tmrs(&["check", "--output", "json=report.json"]);
    assert_eq!(run.code, 3, "{}", run.err);
    let again = repo.tmrs(&["render", "report.json", "--format", "short"]);
    assert_eq!(again.code, 3, "{}", again.err);
}
