//! The whole output of each command and each format, for a reviewer to read beside a change:
//! `INSTA_UPDATE=always cargo test snapshots::` writes them anew. What they must say is held by
//! the tests of each topic; these show how it reads.

use tmrs::emit::about_all;

use crate::harness::{Repo, Run};
use crate::pull_request;

/// A shop, of which little is said.
const SHOP: &str = "\
tmrs: 1
name: Shop
boundaries:
  net: {name: Internet, trust: UNTRUSTED}
  dmz: {name: DMZ, trust: INTERNAL}
elements:
  user: {class: Actor, name: Customer, inBoundary: net}
  web: {class: Server, name: Web, inBoundary: dmz, controls: {sanitizesInput: false}}
  db: {class: Datastore, name: Orders, inBoundary: dmz, isSQL: true}
data:
  order: {name: Order, classification: RESTRICTED}
flows:
  ask: {source: user, sink: web, name: Ask, protocol: HTTP, data: [order]}
  query: {source: web, sink: db, name: Query, data: [order]}
";

/// Few enough rules that every output is read to its end.
const CONFIG: &str = "\
rules:
  enable: [AA01, DE03, INP05]
exclusions:
  - rule: DE03
    element: Query
    reason: Web and Orders run on one host
";

fn shop() -> Repo {
    Repo::with(&[("threats/shop.yaml", SHOP), ("tmrs.yaml", CONFIG)])
}

/// Holds an output to its snapshot, without what differs from one version to the next.
fn holds(name: &str, arguments: &[&str], run: &Run) {
    let mut text = format!("$ tmrs {}\n", arguments.join(" "));
    text.push_str(&run.out);
    if !run.err.is_empty() {
        text.push_str(&format!("--- standard error\n{}", run.err));
    }
    text.push_str(&format!("--- exit status {}\n", run.code));
    shown(name, &text);
}

/// Holds a text to its snapshot.
fn shown(name: &str, text: &str) {
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// A page without its style and its script, which stand in files of their own.
fn without_assets(page: &str) -> String {
    let mut text = page.to_owned();
    for tag in ["style", "script"] {
        let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
        let mut from = 0;
        while let Some(start) = text[from..].find(&open).map(|at| from + at) {
            let inside = start + text[start..].find('>').unwrap() + 1;
            let end = inside + text[inside..].find(&close).unwrap();
            text.replace_range(inside..end, "…");
            from = inside;
        }
    }
    text
}

#[test]
fn each_format() {
    let repo = shop();
    for (format, _) in about_all() {
        let arguments = ["check", "--format", format];
        let mut run = repo.tmrs(&arguments);
        if format == "html" {
            run.out = without_assets(&run.out);
        }
        holds(&format!("format-{format}"), &arguments, &run);
    }
}

#[test]
fn each_command() {
    let repo = shop();
    let saved = repo.tmrs(&["check", "--format", "json"]).out;
    repo.write("saved.json", &saved);
    let cases: [(&str, &[&str]); 23] = [
        ("check-verbose", &["check", "-v"]),
        ("check-quiet", &["check", "--quiet"]),
        ("render", &["render", "saved.json", "--format", "human"]),
        ("questions", &["questions"]),
        ("questions-markdown", &["questions", "--format", "markdown"]),
        ("questions-json", &["questions", "--format", "json"]),
        ("questions-facts", &["questions", "--facts"]),
        ("explain-element", &["explain", "INP05", "Web"]),
        (
            "explain-json",
            &["explain", "INP05", "Web", "--format", "json"],
        ),
        (
            "explain-why-not",
            &["explain", "INP05", "Orders", "--why-not"],
        ),
        ("explain-rule", &["explain", "AA01"]),
        (
            "dfd-mermaid",
            &["dfd", "threats/shop.yaml", "--format", "mermaid"],
        ),
        ("dfd-dot", &["dfd", "threats/shop.yaml", "--format", "dot"]),
        ("seq", &["seq", "threats/shop.yaml"]),
        ("report-markdown", &["report", "threats/shop.yaml"]),
        ("describe", &["describe", "Actor"]),
        ("rules-list", &["rules", "list", "--tag", "CWE-89"]),
        ("rules-lint", &["rules", "lint"]),
        ("baseline-missing", &["baseline", "check"]),
        ("baseline-update", &["baseline", "update"]),
        ("baseline-show", &["baseline", "show"]),
        ("baseline-check", &["baseline", "check"]),
        ("check-known", &["check"]),
    ];
    for (name, arguments) in cases {
        holds(&format!("command-{name}"), arguments, &repo.tmrs(arguments));
    }
    shown("command-baseline-file", &repo.read("tmrs-baseline.json"));
}

#[test]
fn a_change_to_a_model() {
    let repo = shop();
    repo.edit("threats/shop.yaml", "protocol: HTTP,", "protocol: HTTPS,");
    repo.edit("threats/shop.yaml", "name: Web,", "name: Front,");
    repo.edit(
        "threats/shop.yaml",
        "data:\n",
        "  jobs: {class: Datastore, name: Jobs, kind: QUEUE, inBoundary: dmz}\ndata:\n",
    );
    let cases: [(&str, &[&str]); 4] = [
        ("diff", &["diff", "HEAD"]),
        ("diff-markdown", &["diff", "HEAD", "--format", "markdown"]),
        ("diff-json", &["diff", "HEAD", "--format", "json"]),
        ("check", &["check", "--since", "HEAD"]),
    ];
    for (name, arguments) in cases {
        let mut run = repo.tmrs(arguments);
        let commit = repo.git(&["rev-parse", "HEAD"]);
        for length in [40, 12, 10, 8, 7] {
            run.out = run.out.replace(&commit[..length], "COMMIT");
        }
        holds(&format!("change-{name}"), arguments, &run);
    }
}

#[test]
fn mistakes() {
    let repo = Repo::with(&[
        (
            "threats/shop.yaml",
            &SHOP.replace("class: Actor", "class: Aktor"),
        ),
        ("threats/tm.py", "from pytm import TM\n\ntm = TM(\"Shop\"\n"),
    ]);
    let cases: [(&str, &[&str]); 4] = [
        ("models", &["check"]),
        ("no-such-file", &["check", "none.yaml"]),
        ("no-such-format", &["check", "--format", "pdf"]),
        ("no-such-rule", &["explain", "XX99"]),
    ];
    for (name, arguments) in cases {
        holds(&format!("mistake-{name}"), arguments, &repo.tmrs(arguments));
    }
}

/// The comment for one queue in a repository with hundreds of known threats: short.
#[test]
fn the_comment_for_one_queue() {
    let repo = pull_request::with_a_queue();
    let text = pull_request::comment(&repo, &[]);
    let known = repo.findings("baselined", &["--since", "HEAD"]).len();
    assert!(known >= 244, "only {known} threats are known");
    assert!(text.len() < 6_000, "{}", text.len());
    let run = Run {
        code: 1,
        out: text,
        err: String::new(),
    };
    let arguments = ["check", "--since", "HEAD", "--format", "markdown-comment"];
    holds("comment-for-one-queue", &arguments, &run);
}

/// A first run over five models without a baseline: one page.
#[test]
fn a_first_run_over_five_models() {
    let repo = Repo::new();
    for name in ["Orders", "Billing", "Search", "Mail", "Reports"] {
        let path = format!("services/{}/threats.yaml", name.to_lowercase());
        repo.write(&path, &SHOP.replace("name: Shop", &format!("name: {name}")));
    }
    repo.commit("Start");
    let run = repo.tmrs(&["check"]);
    assert!(run.out.lines().count() < 40, "{run:?}");
    holds("first-run-of-five-models", &["check"], &run);
}
