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

#[test]
fn what_all_models_take_together_is_bounded_and_always_the_same_are_not_read() {
    // A comment costs tmrs little, and is charged as what takes long.
    let large = format!("name = 'S'\n#{}\n", "x".repeat(5_500_000));
    let importing = "import large\n";
    let model = |imports: &str, name: &str| {
        format!(
            "from pytm import TM, Server\n{imports}tm = TM('T')\nServer({name})\ntm.process()\n"
        )
    };
    let repo = |importers: usize| {
        let plain = |at| (at >= importers).then(|| model("", "'S'"));
        let files = (0..30).map(|at| {
            let text = plain(at).unwrap_or_else(|| model(importing, "large.name"));
            (format!("m{at:02}.py"), text)
        });
        let mut files: Vec<(String, String)> = files.collect();
        files.push(("large.py".into(), large.clone()));
        let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
        Repo::with(&files)
    };
    // Its share is too little for each, and what the others left is enough.
    let few = repo(2).report(&[]);
    assert_eq!(notices(&few, "limit"), [""; 0]);
    assert_eq!(few["summary"]["models"], 30);
    let many = repo(30);
    let told = |threads: &str| {
        let report = many.report(&["--threads", threads]);
        let all = report["notices"].as_array().unwrap().iter();
        let limits = all.filter(|it| it["code"] == "limit");
        let limits = limits.map(|it| {
            let message = it["message"].as_str().unwrap();
            assert!(message.contains("100 million steps"), "{message}");
            it["location"]["path"].as_str().unwrap().to_owned()
        });
        limits.collect::<Vec<String>>()
    };
    let over = told("1");
    let last: Vec<String> = (18..30).map(|at| format!("m{at}.py")).collect();
    assert_eq!(over, last);
    assert_eq!(told("2"), over);
}
