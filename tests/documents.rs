//! `tmrs report`: the document of a model holds what an auditor asks for, in
//! both languages, and nothing of a model becomes markup.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use tmrs::report::{Report, Status};

use crate::harness::{Repo, Run, run};
use crate::shared::root;

/// Runs `tmrs report` at the root of the project.
fn tmrs(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tmrs"));
    command.arg("report").args(arguments).current_dir(root());
    for name in ["GITHUB_SERVER_URL", "CI_PROJECT_URL"] {
        command.env_remove(name);
    }
    run(&mut command)
}

fn document(arguments: &[&str]) -> String {
    let run = tmrs(arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    run.out
}

fn saved(name: &str) -> Report {
    let text = fs::read_to_string(root().join(format!("tests/reports/{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

const SECTIONS: [&str; 12] = [
    "Summary",
    "Diagrams",
    "Parts of the system",
    "Data dictionary",
    "Assumptions",
    "Threats by severity",
    "Threats by element",
    "Open questions",
    "Residual risk",
    "Exclusions and answers",
    "Threats explained",
    "How to read this report",
];

#[test]
fn a_document_has_every_section_in_its_table_of_contents() {
    let markdown = document(&["examples/blog"]);
    let html = document(&["examples/blog", "--format", "html"]);
    for (at, section) in SECTIONS.iter().enumerate() {
        let number = at + 1;
        assert!(
            markdown.contains(&format!("\n## {number}. {section}\n")),
            "{section}"
        );
        assert!(
            markdown.contains(&format!("\n{number}. [{section}](#")),
            "{section}"
        );
        assert!(
            html.contains(&format!(
                "<span class=\"number\">{number}</span> {section}</h2>"
            )),
            "{section}"
        );
        assert!(html.contains(&format!(">{section}</a>")), "{section}");
    }
}

#[test]
fn every_link_inside_a_document_leads_somewhere() {
    for (format, anchor) in [("markdown", "<a id=\""), ("html", " id=\"")] {
        let text = document(&["examples/native", "--format", format]);
        let after = |text: &str, mark: &str, end: char| -> BTreeSet<String> {
            let parts = text.split(mark).skip(1);
            parts
                .map(|part| part.split(end).next().unwrap().to_owned())
                .collect()
        };
        let anchors = after(&text, anchor, '"');
        let links = match format {
            "html" => after(&text, "href=\"#", '"'),
            _ => after(&text, "](#", ')'),
        };
        assert!(links.len() > 30, "{format}: {}", links.len());
        let lost: Vec<_> = links.difference(&anchors).collect();
        assert!(lost.is_empty(), "{format}: {lost:?}");
    }
}

#[test]
fn every_finding_stands_in_the_document_with_its_decision() {
    let report = saved("typical");
    let model = &report.models[1];
    let folder = tempfile::tempdir().unwrap();
    let out = format!("{}/", folder.path().display());
    let run = tmrs(&["--from", "tests/reports/typical.json", "--output", &out]);
    assert!(run.code <= 1 || run.code == 3, "{}", run.err);
    let text = fs::read_to_string(folder.path().join("payments.report.md")).unwrap();
    let mut decided = 0;
    for finding in report.findings.iter().filter(|f| f.model == model.path) {
        if finding.status == Status::OutOfScope {
            continue;
        }
        assert!(text.contains(&*finding.title), "{}", finding.title);
        if !finding.status.is_open() {
            decided += 1;
            let reason = finding.reason.as_deref().unwrap_or("");
            assert!(text.contains(reason), "{reason}");
        }
    }
    assert!(decided > 3);
}

#[test]
fn nothing_of_a_report_becomes_markup_of_a_document() {
    let folder = tempfile::tempdir().unwrap();
    let out = format!("{}/", folder.path().display());
    for format in ["html", "markdown"] {
        let from = "tests/reports/hostile.json";
        tmrs(&["--from", from, "--format", format, "--output", &out]);
    }
    let mut seen = 0;
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap().path();
        let text = fs::read_to_string(&file).unwrap();
        let is_html = file.extension().is_some_and(|ending| ending == "html");
        // What stands in backticks is shown as it is.
        let text: String = if is_html {
            text
        } else {
            let plain = text.replace("\\`", "").replace("\\]", "");
            plain.split('`').step_by(2).collect()
        };
        // The one for light and dark.
        let scripts = usize::from(is_html);
        assert_eq!(
            text.matches("<script").count(),
            scripts,
            "{}",
            file.display()
        );
        for tag in [
            "<img",
            "<iframe",
            "<link",
            "<object",
            "<base",
            "onerror=\"",
            if is_html {
                "href=\"javascript:"
            } else {
                "](javascript:"
            },
        ] {
            assert!(!text.contains(tag), "{}: {tag}", file.display());
        }
        seen += 1;
    }
    assert!(seen >= 2);
}

#[test]
fn a_page_admits_only_its_own_styles_and_asks_for_nothing() {
    let page = document(&["examples/blog", "--format", "html"]);
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("style-src 'sha256-"));
    assert!(!page.contains("unsafe-inline"));
    assert!(!page.contains(" style=\""), "the policy would refuse it");
    assert!(!page.contains(" src=\""));
}

#[test]
fn several_models_are_one_file_each() {
    let repo = Repo::with(&[
        ("a.yaml", "tmrs: 1\nname: One\n"),
        ("b.yaml", "tmrs: 1\nname: Two\n"),
    ]);
    let run = repo.tmrs(&["report"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("there are 2 models: One, Two"),
        "{}",
        run.err
    );
    assert_eq!(repo.tmrs(&["report", "--output", "out/"]).code, 0);
    assert!(
        repo.read("out/one.report.md")
            .starts_with("# Threat model report: One\n")
    );
    assert!(
        repo.read("out/two.report.md")
            .starts_with("# Threat model report: Two\n")
    );
}

#[test]
fn the_same_model_gives_the_same_document() {
    let first = document(&["examples/comments", "--format", "html"]);
    assert_eq!(first, document(&["examples/comments", "--format", "html"]));
}

#[test]
fn a_model_without_anything_has_a_document() {
    let repo = Repo::with(&[("a.yaml", "tmrs: 1\nname: Nothing\n")]);
    for format in ["markdown", "html"] {
        let run = repo.tmrs(&["report", "--format", format]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out.contains("No threat is open."));
    }
}

#[test]
fn what_could_not_be_read_stands_before_everything_else() {
    let repo = Repo::with(&[(
        "tm.py",
        "from pytm import TM, Server\nimport os\ntm = TM('Half')\nweb = Server('Web')\nweb.inScope = os.environ['X'] == '1'\ntm.process()\n",
    )]);
    let run = repo.tmrs(&["report"]);
    assert_eq!(run.code, 3, "{}", run.err);
    let unread = run.out.find("## 2. What could not be judged").unwrap();
    assert!(unread < run.out.find("Parts of the system\n").unwrap());
    assert!(run.out.contains("could not be judged completely"));
}

#[test]
fn a_template_of_pytm_is_rendered() {
    let repo = Repo::with(&[
        (
            "tm.py",
            "from pytm import TM, Server\ntm = TM('Shop')\nweb = Server('<b>Web</b>')\ntm.process()\n",
        ),
        ("t.md", "# {tm.name}\n{elements:repeat:- {{item.name}}\n}"),
        ("t.txt", "{elements:repeat:{{item.name}}}"),
        ("broken.md", "line\n{tm.nam}"),
    ]);
    let run = repo.tmrs(&["report", "tm.py", "--template", "t.md"]);
    assert_eq!(run.out, "# Shop\n- &lt;b&gt;Web&lt;/b&gt;\n");
    let run = repo.tmrs(&["report", "tm.py", "--template", "t.txt"]);
    assert_eq!(run.out, "<b>Web</b>");
    let run = repo.tmrs(&["report", "tm.py", "--template", "broken.md"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains(
            "the template broken.md, line 2: TM has no attribute “nam”; did you mean “name”?"
        ),
        "{}",
        run.err
    );
    assert_eq!(
        repo.tmrs(&["report", "tm.py", "--template", "none.md"])
            .code,
        2
    );
}
