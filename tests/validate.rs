//! `tmrs validate`: whether the models read, with every notice and without a judgement.

use crate::harness::{Repo, fails_with};

const SHOP: &str = "tmrs: 1\nname: Shop\nboundaries:\n  net: {name: Internet}\nelements:\n  user: {class: Actor, inBoundary: net}\n  web: {class: Server}\nflows:\n  visit: {source: user, sink: web}\n";

const TWO: &str = "\
from pytm import TM, Actor, Dataflow, Server
tm = TM('Forum')
member = Actor('Member')
forum = Server('Forum')
Dataflow(member, forum, 'Reads')
Dataflow(forum, member, 'Answers')
tm.process()
";

#[test]
fn models_that_read_are_told_with_what_they_hold() {
    let repo = Repo::with(&[("a.yaml", SHOP), ("threats/tm.py", TWO)]);
    let run = repo.tmrs(&["validate"]);
    assert_eq!(run.code, 0, "{run:?}");
    let told = "a.yaml: 1 model, 2 elements, 1 flow, 1 boundary; read completely\n\
        threats/tm.py: 1 model, 2 elements, 2 flows, 0 boundaries; read completely\n\
        \n\
        2 files, 2 models, 4 elements, 3 flows, 1 boundary; all read completely\n";
    assert_eq!(run.out, told);
    assert_eq!(run.err, "");
    let one = repo.tmrs(&["validate", "a.yaml"]);
    assert_eq!(one.out, told.lines().next().unwrap().to_owned() + "\n");
}

#[test]
fn nothing_is_judged() {
    let repo = Repo::with(&[("a.yaml", SHOP)]);
    assert_eq!(repo.tmrs(&["check"]).code, 1);
    let run = repo.tmrs(&["validate"]);
    assert_eq!(run.code, 0, "{run:?}");
    for word in ["passed", "failed", "finding", "Gate"] {
        assert!(
            !run.out.contains(word) && !run.err.contains(word),
            "{run:?}"
        );
    }
}

#[test]
fn each_cause_has_the_exit_status_of_a_check() {
    let cases: &[(&str, &[(&str, &str)], &[&str], i32)] = &[
        ("every model reads", &[("a.yaml", SHOP)], &[], 0),
        ("an unknown option", &[("a.yaml", SHOP)], &["--nonsense"], 2),
        (
            "a path that is not there",
            &[("a.yaml", SHOP)],
            &["b.yaml"],
            2,
        ),
        (
            "a path outside the repository",
            &[("a.yaml", SHOP)],
            &["a.yaml", "/etc/hosts"],
            2,
        ),
        (
            "a broken configuration",
            &[("a.yaml", SHOP), ("tmrs.yaml", "fail-on: sometimes\n")],
            &[],
            2,
        ),
        (
            "a broken rule file",
            &[
                ("a.yaml", SHOP),
                ("tmrs.yaml", "rules: {paths: [rules]}\n"),
                ("rules/r.yaml", "rules: [{id: X1}]\n"),
            ],
            &[],
            2,
        ),
        (
            "a broken baseline",
            &[("a.yaml", SHOP), ("tmrs-baseline.json", "{")],
            &[],
            2,
        ),
        (
            "a model that is no YAML",
            &[("a.yaml", "tmrs: 1\nelements: {\n")],
            &[],
            3,
        ),
        (
            "an attribute that is misspelt",
            &[("a.yaml", "tmrs: 1\nelements:\n  web: {class: Servr}\n")],
            &[],
            3,
        ),
        (
            "a model whose own rules are missing",
            &[(
                "tm.py",
                &TWO.replace("TM('Forum')", "TM('Forum', threatsFile='gone.json')"),
            )],
            &[],
            3,
        ),
        (
            "a path that is no model",
            &[("a.yaml", SHOP), ("b.yaml", "name: x\n")],
            &["b.yaml"],
            3,
        ),
        ("no model", &[("b.yaml", "name: x\n")], &[], 4),
        (
            "no model, which is allowed",
            &[("b.yaml", "name: x\n")],
            &["--allow-no-models"],
            0,
        ),
    ];
    for (cause, files, arguments, code) in cases {
        let repo = Repo::with(files);
        let of = |command| {
            let mut all = vec![command];
            all.extend(*arguments);
            // What is judged makes no difference to the cause.
            if command == "check" && *code != 2 {
                all.extend(["--fail-on", "never"]);
            }
            repo.tmrs(&all)
        };
        let run = of("validate");
        assert_eq!(run.code, *code, "{cause}: {run:?}");
        let check = of("check");
        assert_eq!(check.code, *code, "{cause}: {check:?}");
        if *code != 0 {
            assert!(!run.err.is_empty(), "{cause}");
        }
    }
}

#[test]
fn every_notice_of_a_check_about_what_it_reads_is_told() {
    let repo = Repo::with(&[
        (
            "a.yaml",
            &SHOP.replace("class: Server", "class: Server, isHardened: true, motto: x"),
        ),
        (
            "tm.py",
            &TWO.replace("TM('Forum')", "TM('Forum', threatsFile='gone.json')"),
        ),
        ("sub/tmrs.yaml", "fail-on: low\n"),
        ("broken.yaml", "tmrs: 1\nelements:\n\t- x\n"),
    ]);
    let run = repo.tmrs(&["validate"]);
    assert_eq!(run.code, 3, "{run:?}");
    let report = repo.report(&[]);
    let notices = report["notices"].as_array().unwrap();
    assert!(notices.len() > 3, "{notices:#?}");
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = plain(&run.err.replace('│', " "));
    for notice in notices {
        let message = plain(notice["message"].as_str().unwrap());
        assert!(
            told.contains(&message),
            "{message:?} is missing: {}",
            run.err
        );
    }
    assert!(run.out.contains("broken.yaml: not read\n"), "{}", run.out);
    assert!(
        run.out.contains("; 2 files not read completely\n"),
        "{}",
        run.out
    );
}

#[test]
fn a_model_on_standard_input_is_validated_under_its_name() {
    let repo = Repo::with(&[("a.yaml", SHOP)]);
    let run = repo.tmrs_with(&["validate", "-"], SHOP);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.starts_with("stdin.yaml: 1 model, "), "{}", run.out);
    let unsaved = SHOP.replace("Server", "Servr");
    let arguments = ["validate", "-", "--stdin-name", "a.yaml"];
    let run = repo.tmrs_with(&arguments, &unsaved);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("a.yaml:7"), "{}", run.err);
    fails_with(
        &repo.tmrs_with(&["validate", "-", "-"], SHOP),
        &["`-` is named twice"],
    );
}
