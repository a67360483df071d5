//! What `tmrs init` writes beside the model, what `tmrs check` says of it, and its questions.

use std::process::Command;

use super::begun;
use crate::harness::{Repo, Run, run};

const COMPOSE: &str =
    "services: {web: {image: acme/web, ports: [80], depends_on: [db]}, db: {image: postgres}}\n";

const BESIDE: [&str; 3] = [
    "tmrs.yaml",
    ".github/workflows/tmrs.yml",
    ".pre-commit-config.yaml",
];

#[test]
fn a_check_without_a_model_names_the_command_and_what_it_would_find() {
    let repo = Repo::with(&[("deploy/compose.yaml", COMPOSE), ("notes.yaml", "a: 1\n")]);
    let run = repo.tmrs(&["check"]);
    assert_eq!(run.code, 4);
    let words = run.err.split_whitespace().collect::<Vec<_>>().join(" ");
    let out = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = format!("{words} {out}");
    assert!(
        said.contains("run `tmrs init --from deploy/compose.yaml`: it writes threat-model.yaml with 3 elements and 2 flows"),
        "{run:?}"
    );
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n";
    for without in ["a: 1\n", account] {
        let empty = Repo::with(&[("notes.yaml", without)]).tmrs(&["check"]);
        assert!(
            format!("{}{}", empty.out, empty.err).contains("run `tmrs init`, which asks"),
            "{empty:?}"
        );
    }
}

#[test]
fn of_sources_too_many_for_a_hint_only_the_command_is_named() {
    let manifest = |at: usize| {
        let name = format!("deploy/web-{at}.yaml");
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web-{at}}}\n\
             spec: {{template: {{spec: {{containers: [{{name: a, image: acme/a}}]}}}}}}\n# {}\n",
            "x".repeat(100_000)
        );
        (name, text)
    };
    let files: Vec<(String, String)> = (0..6).map(manifest).collect();
    let named = |some: &[(String, String)]| {
        let files: Vec<_> = some.iter().map(|(name, text)| (&**name, &**text)).collect();
        let run = Repo::with(&files).tmrs(&["check"]);
        assert_eq!(run.code, 4, "{run:?}");
        let said = format!("{} {}", run.err, run.out);
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let few = named(&files[..5]);
    assert!(few.contains("threat-model.yaml with 5 elements"), "{few}");
    let many = named(&files);
    assert!(
        many.contains(
            "run `tmrs init --from .`: it writes threat-model.yaml, each element and flow"
        ),
        "{many}"
    );
}

#[test]
fn what_stands_beside_is_shown_and_not_written_unless_somebody_says_so() {
    let repo = Repo::with(&[("compose.yaml", COMPOSE)]);
    let run = repo.tmrs(&["init", "--from", "compose.yaml"]);
    for name in BESIDE {
        assert!(
            run.out.contains(&format!("beside the model: {name}\n")),
            "{run:?}"
        );
        assert!(!repo.path(name).exists());
    }
    assert!(
        run.out
            .contains("    /threat-model.yaml @your-organisation/security\n"),
        "{run:?}"
    );
    assert!(
        run.out.contains("`tmrs init --from compose.yaml --write`"),
        "{run:?}"
    );
    let run = repo.tmrs(&["init", "--from", "compose.yaml", "--write"]);
    assert_eq!(run.code, 0, "{run:?}");
    for name in BESIDE {
        let shown: String = repo
            .read(name)
            .lines()
            .map(|line| format!("    {line}\n"))
            .collect();
        assert!(run.out.contains(&shown), "{name}: {run:?}");
    }
    assert!(!repo.path(".github/CODEOWNERS").exists());
    assert_ne!(repo.tmrs(&["check"]).code, 2);
    let again = repo.tmrs(&["init", "--from", "compose.yaml", "--write"]);
    assert!(!again.out.contains("beside the model"), "{again:?}");
}

#[test]
fn no_file_that_is_there_is_written_over() {
    let mine = [
        ("tmrs.yaml", "fail-on: low\n"),
        (".github/workflows/tmrs.yml", "name: mine\n"),
        (".pre-commit-config.yaml", "repos: []\n"),
        (".github/CODEOWNERS", "* @acme/all\n"),
    ];
    let mut files = vec![("compose.yaml", COMPOSE)];
    files.extend(mine);
    let repo = Repo::with(&files);
    let run = repo.tmrs(&["init", "--from", "compose.yaml", "--write"]);
    for (name, text) in mine {
        assert_eq!(repo.read(name), text, "{run:?}");
    }
    assert!(
        run.out.contains("add to .pre-commit-config.yaml\n"),
        "{run:?}"
    );
    assert!(run.out.contains("    /tmrs.yaml @acme/all\n"), "{run:?}");
}

#[test]
fn the_files_that_are_written_are_read_by_those_who_read_them() {
    let repo = begun(&[("compose.yaml", COMPOSE)]);
    repo.tmrs(&["init", "--from", "compose.yaml", "--write"]);
    let hooks = repo.read(".pre-commit-config.yaml");
    assert!(hooks.starts_with("repos:\n  - repo: https://") && hooks.contains("- id: tmrs\n"));
    let report = repo.report(&[]);
    assert_eq!(report["summary"]["gate"]["failOn"], "high");
}

/// Types answers at a terminal.
fn at_terminal(repo: &Repo, arguments: &[&str], steps: &[(&str, &str)]) -> Run {
    let tmrs = repo.command(arguments);
    let steps: Vec<_> = steps.iter().map(|(wait, typed)| [wait, typed]).collect();
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terminal.py");
    let mut command = Command::new("python3");
    command
        .arg(script)
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

#[test]
#[ignore = "drives a terminal, needs python3: scripts/test-all"]
fn at_a_terminal_what_there_is_is_offered_and_each_file_is_asked_about() {
    let repo = Repo::with(&[("compose.yaml", COMPOSE)]);
    let run = at_terminal(
        &repo,
        &["init"],
        &[
            ("[Y/n] ", "\n"),
            ("Write tmrs.yaml? [y/N] ", "y\n"),
            ("Write .github/workflows/tmrs.yml? [y/N] ", "\n"),
            ("Write .pre-commit-config.yaml? [y/N] ", "n\n"),
        ],
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        repo.read("threat-model.yaml")
            .contains("web-to-db: # compose.yaml:1")
    );
    let written = BESIDE.map(|name| repo.path(name).exists());
    assert_eq!(written, [true, false, false], "{run:?}");
}

#[test]
#[ignore = "drives a terminal, needs python3: scripts/test-all"]
fn at_a_terminal_a_few_questions_make_a_model() {
    let repo = Repo::with(&[("README", "")]);
    let run = at_terminal(
        &repo,
        &["init"],
        &[
            ("called? ", "Shop\n"),
            ("Who uses it?", "Customer\n"),
            ("Which programs", "web, api\n"),
            ("Where does it keep data?", "postgres\n"),
            ("uses postgres?", "api\n"),
            ("systems of others", "Stripe\n"),
            ("internet", "y\n"),
            ("Write tmrs.yaml?", "n\n"),
            ("Write .github", "n\n"),
            ("Write .pre", "n\n"),
        ],
    );
    assert_eq!(run.code, 0, "{run:?}");
    let report = repo.report(&[]);
    assert_eq!(report["summary"]["models"], 1, "{}", report["notices"]);
    let model = repo.read("threat-model.yaml");
    for flow in [
        "Customer-to-web",
        "web-to-api",
        "api-to-postgres",
        "web-to-Stripe",
        "internet-to-web",
    ] {
        assert!(
            model.contains(&format!("  {flow}: # answers:")),
            "{flow}: {model}"
        );
    }
}

#[test]
fn nobody_is_asked_without_a_terminal() {
    let repo = Repo::with(&[("compose.yaml", COMPOSE)]);
    let run = repo.tmrs(&["init"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("needs a terminal") && run.err.contains("tmrs init --from compose.yaml"),
        "{run:?}"
    );
    assert!(!repo.path("threat-model.yaml").exists());
}
