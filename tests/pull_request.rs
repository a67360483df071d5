//! What a reviewer reads beside a change: the comment and the summary, whole.

use std::fmt::Write as _;

use crate::harness::Repo;

/// A shop behind an API with a dozen services, of which much is known already.
fn shop() -> String {
    let mut text = String::from(
        "\
tmrs: 1
name: Shop
boundaries:
  net: {name: Internet, trust: UNTRUSTED}
  vpc: {name: Cloud account, trust: INTERNAL}
elements:
  user: {class: Actor, name: Customer, inBoundary: net}
  api:
    class: Server
    name: Orders API
    inBoundary: vpc
    controls:
      sanitizesInput: true
      isHardened: true
",
    );
    for n in 0..12 {
        let _ = writeln!(
            text,
            "  s{n}: {{class: Server, name: Service {n}, inBoundary: vpc}}\n  \
             d{n}: {{class: Datastore, name: Store {n}, inBoundary: vpc}}"
        );
    }
    text.push_str(
        "\
data:
  order: {name: Order, classification: RESTRICTED}
flows:
  ask: {source: user, sink: api, name: Ask, protocol: HTTPS, data: [order]}
",
    );
    for n in 0..12 {
        let _ = writeln!(
            text,
            "  a{n}: {{source: api, sink: s{n}, name: Call {n}, data: [order]}}\n  \
             q{n}: {{source: s{n}, sink: d{n}, name: Query {n}, data: [order]}}"
        );
    }
    text
}

const QUEUE: &str = "  jobs: {class: Datastore, name: Jobs, kind: QUEUE, inBoundary: vpc}\ndata:\n";
const PUT: &str = "flows:\n  put: {source: api, sink: jobs, name: Put job, data: [order]}\n";

pub(crate) fn with_a_queue() -> Repo {
    let repo = Repo::with(&[("threats/shop.yaml", &shop())]);
    repo.edit(
        "threats/shop.yaml",
        "data:\n  order",
        &format!("{QUEUE}  order"),
    );
    repo.edit("threats/shop.yaml", "flows:\n", PUT);
    repo
}

/// The comment on GitHub, where links are long.
pub(crate) fn comment(repo: &Repo, arguments: &[&str]) -> String {
    let mut all = vec!["check", "--since", "HEAD", "--format", "markdown-comment"];
    all.extend(arguments);
    let mut command = repo.command(&all);
    command.env("GITHUB_SERVER_URL", "https://github.com");
    command.env("GITHUB_REPOSITORY", "acme/shop");
    command.env("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567");
    let run = crate::harness::run(&mut command);
    assert!(matches!(run.code, 0 | 1), "{run:?}");
    run.out.replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

#[test]
fn the_comment_for_one_queue_is_short_whatever_was_known() {
    let repo = with_a_queue();
    let known = repo.findings("baselined", &["--since", "HEAD"]).len();
    assert!(known >= 244, "only {known} threats are known");
    for gate in ["high", "low"] {
        let text = comment(&repo, &["--fail-on", gate]);
        assert!(text.len() < 6_000, "{}: {text}", text.len());
        for part in [
            "➕ Datastore “Jobs”",
            "➕ Dataflow “Put job” (Orders API → Jobs)",
            "### Do this first",
            "```mermaid",
            "\\<br/>(new)",
            &format!("Known before: {known} threats ("),
        ] {
            let part = part.trim_start_matches('\\');
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(
            !text.contains("Service 7"),
            "what did not change is not drawn: {text}"
        );
    }
}

#[test]
fn a_control_that_is_taken_away_is_named_with_what_is_back() {
    let repo = Repo::with(&[("threats/shop.yaml", &shop())]);
    repo.edit("threats/shop.yaml", "      sanitizesInput: true\n", "");
    let report = repo.report(&["--since", "HEAD"]);
    let findings = report["findings"].as_array().unwrap();
    let is_back = |finding: &&serde_json::Value| {
        finding["status"] == "new"
            && finding["withdrawn"][0]["attribute"] == "controls.sanitizesInput"
    };
    let new = findings.iter().filter(is_back).count();
    assert!(new > 1, "{new}");
    let text = comment(&repo, &[]);
    let told = format!(
        "`sanitizesInput` of “Orders API” was true (threats/shop.yaml:13), and is gone: {new} threats are back"
    );
    assert!(text.contains("### What this change takes away"), "{text}");
    assert!(text.contains(&told), "{told}: {text}");
    // It is not told again as a change of the element.
    assert!(!text.contains("is withdrawn"), "{text}");
}

#[test]
fn what_is_renamed_is_told_as_renamed_and_not_as_gone_and_new() {
    let repo = Repo::with(&[("threats/shop.yaml", &shop())]);
    repo.edit("threats/shop.yaml", "name: Orders API", "name: Sales API");
    let text = comment(&repo, &[]);
    assert!(
        text.contains("renamed from “Orders API” to “Sales API”"),
        "{text}"
    );
    assert!(!text.contains("➕") && !text.contains("➖"), "{text}");
}

#[test]
fn the_summary_of_a_job_says_what_the_comment_says() {
    let repo = with_a_queue();
    let comment = repo
        .tmrs(&["check", "--since", "HEAD", "--format", "markdown-comment"])
        .out;
    let summary = repo
        .tmrs(&["check", "--since", "HEAD", "--format", "github-summary"])
        .out;
    let (mark, text) = comment.split_once('\n').unwrap();
    assert!(mark.starts_with("<!-- tmrs:"));
    assert_eq!(text, summary);
}
