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

const SECTIONS: [&str; 13] = [
    "Summary",
    "Diagrams",
    "Parts of the system",
    "Data dictionary",
    "Assumptions",
    "Do this first",
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

/// A model whose every text is hostile, for templates.
#[cfg(all(feature = "markdown", feature = "jinja"))]
const HOSTILE: &str = r#"
from pytm import TM, Actor, Assumption, Boundary, Data, Dataflow, Server
evil = "<script>alert(1)</script>\"' onload='x' [c](javascript:alert(1)) ![p](https://evil.example/p.png)"
tm = TM("Shop" + evil)
tm.description = evil
tm.assumptions = [Assumption(evil, exclude={evil}, description=evil)]
zone = Boundary("Zone" + evil)
user = Actor("User" + evil, inBoundary=zone)
web = Server("Web" + evil, description=evil, custom=evil)
data = Data("Data" + evil, description=evil)
ask = Dataflow(user, web, "Ask" + evil, protocol=evil, note=evil, data=data)
tm.process()
"#;

#[cfg(all(feature = "markdown", feature = "jinja"))]
#[test]
fn nothing_of_a_model_becomes_live_in_a_page_of_a_template() {
    let pytm = "# {tm.name}\n\n{tm.description}\n\n{tm.assumptions:repeat:{{item.name}} {{item.exclude}} {{item}}\n}\n\
        {elements:repeat:<p title=\"{{item.name}}\">{{item.description}} {{item}} {{item!r}}</p>\n\n{{item.name}}\n}\n\
        {dataflows:repeat:{{item.protocol}} {{item.note}} {{item.data}} {{item.source.name}}\n}\n\
        {data:repeat:{{item.name}} {{item.description}}\n}\n{findings:repeat:{{item.target}} {{item.description}}\n}";
    let jinja = "# {{ model.name }}\n\n{{ model.description }} {{ model.assumptions }}\n\n\
        {% for e in model.graph.elements %}- {{ e.name }} {{ e.description }} {{ e }}\n{% endfor %}";
    let html = "<h1 title=\"{{ model.name }}\">{{ model.name }}</h1>{{ model.graph }}";
    let repo = Repo::with(&[
        ("tm.py", HOSTILE),
        ("t.md", pytm),
        ("t.md.j2", jinja),
        ("t.html.j2", html),
    ]);
    for template in ["t.md", "t.md.j2", "t.html.j2"] {
        let run = repo.tmrs(&[
            "report",
            "tm.py",
            "--template",
            template,
            "--format",
            "html",
        ]);
        assert_eq!(run.code, 0, "{template}: {}", run.err);
        assert!(run.out.contains("alert(1)"), "{template}");
        let scripts = usize::from(template != "t.html.j2");
        assert_eq!(run.out.matches("<script").count(), scripts, "{template}");
        for tag in run.out.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let inside = tag.replace("onload=&#39;", "").replace("onload=&#x27;", "");
            for live in [" onload", "href=\"javascript:", "src=\"http"] {
                assert!(!inside.contains(live), "{template}: {tag}");
            }
        }
    }
}

#[cfg(feature = "jinja")]
#[test]
fn a_jinja_template_sees_the_json_report() {
    let repo = Repo::with(&[
        (
            "a.yaml",
            "tmrs: 1\nname: A*B\nelements:\n  w: {class: Server, name: Web <1>}\n",
        ),
        (
            "t.md.j2",
            "{{ model.name }} {{ tool.name }} {{ summary.models }}{{ run.base }}\n\
             {%- for e in model.graph.elements %} {{ e.name }} {{ e.name | upper | safe }}{% endfor %}\n\
             {{ diagrams.dfd | safe }}",
        ),
        (
            "t.txt.j2",
            "{{ model.name }}: {{ findings | map(attribute='severity') | unique | join('/') | length > 0 }}",
        ),
        ("t.html.j2", "<b>{{ model.graph.elements[0].name }}</b>"),
        ("typo.j2", "one\n{{ modl.name }}"),
        ("broken.j2", "one\ntwo {% for %}"),
        (
            "long.j2",
            &format!(
                "{{% for i in range(2000) %}}{}{{% endfor %}}",
                "x".repeat(50_000)
            ),
        ),
        (
            "ages.j2",
            "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
        ),
        (
            "kept.j2",
            &format!(
                "{{% set x %}}{{% for i in range(9999) %}}{{% for j in range(9999) %}}{}\
                 {{% endfor %}}{{% endfor %}}{{% endset %}}",
                "x".repeat(50_000)
            ),
        ),
        (
            "grown.j2",
            "{% macro twice(x, n) %}{% if n > 0 %}{{ twice(x ~ x, n - 1) }}{% endif %}{% endmacro %}\
             {% set x = twice('xxxxxxxxxxxxxxxx', 40) %}",
        ),
        ("other.j2", "{% include 'a.yaml' %}"),
    ]);
    let report = |template: &str| repo.tmrs(&["report", "--template", template]);
    let run = report("t.md.j2");
    assert!(
        run.out
            .starts_with("A\\*B tmrs 1 Web &lt;1&gt; WEB <1>\nflowchart LR\n"),
        "{}{}",
        run.out,
        run.err
    );
    assert_eq!(report("t.txt.j2").out, "A*B: True");
    assert_eq!(report("t.html.j2").out, "<b>Web &lt;1&gt;</b>");
    for (template, complaint) in [
        (
            "typo.j2",
            "the template typo.j2, line 2: undefined value, in “{{ modl.name }}”",
        ),
        ("broken.j2", "the template broken.j2, line 2: syntax error"),
        ("long.j2", "line 1: the text becomes too long"),
        (
            "ages.j2",
            "line 1: the template takes more than 50000000 steps, in “",
        ),
        (
            "kept.j2",
            "the template kept.j2 keeps more than 2 GiB in memory",
        ),
        (
            "grown.j2",
            "the template grown.j2 keeps more than 2 GiB in memory",
        ),
        ("other.j2", "line 1: template not found"),
    ] {
        // Elsewhere nothing bounds the memory of a process.
        if complaint.contains("GiB") && !cfg!(target_os = "linux") {
            continue;
        }
        let run = report(template);
        assert_eq!(run.code, 2);
        assert!(run.err.contains(complaint), "{}", run.err);
    }
}

#[cfg(feature = "markdown")]
#[test]
fn a_markdown_template_becomes_a_page() {
    let repo = Repo::with(&[
        ("a.yaml", "tmrs: 1\nname: Shop\n"),
        (
            "t.md",
            "<link href=\"s.css\" rel=\"stylesheet\">\n\n## About {tm.name}\n\nA|B\n|-|-|\n|1|2|\n",
        ),
        ("t.txt", "{tm.name}"),
    ]);
    assert_eq!(
        repo.tmrs(&["report", "--template", "t.md", "-o", "out.html"])
            .code,
        0
    );
    let page = repo.read("out.html");
    assert!(page.contains("<title>Shop – tmrs</title>"));
    assert!(page.contains("<h2 id=\"about-shop\">About Shop</h2>"));
    assert!(page.contains("<td>1</td>"));
    assert!(page.contains("default-src 'none'"));
    let run = repo.tmrs(&["report", "--template", "t.txt", "--format", "html"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("only Markdown can be rendered as HTML"),
        "{}",
        run.err
    );
}

#[test]
fn everything_stands_under_the_names_that_the_template_refers_to() {
    let repo = Repo::with(&[
        (
            "a.yaml",
            "tmrs: 1\nname: Shop\nelements:\n  w: {class: Server, name: Web}\n",
        ),
        (
            "t.md",
            "![](pics/dfd.dot)\n![](seq.svg)\n![](logo.png)\n![](../dfd.dot)\n",
        ),
    ]);
    let run = repo.tmrs(&["report", "--template", "t.md", "--all", "out"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(repo.read("out/pics/dfd.dot").starts_with("digraph"));
    assert!(repo.read("out/seq.svg").starts_with("<svg"));
    assert!(repo.read("out/report.md").contains("![](pics/dfd.dot)"));
    assert!(!repo.path("out/logo.png").exists());
    assert!(!repo.path("dfd.dot").exists());

    repo.write("b.yaml", "tmrs: 1\nname: Pay\n");
    assert_eq!(
        repo.tmrs(&["report", "--all", "both", "--format", "html"])
            .code,
        0
    );
    for model in ["shop", "pay"] {
        assert!(
            repo.read(&format!("both/{model}/report.html"))
                .contains("<!doctype html>")
        );
        assert!(repo.path(&format!("both/{model}/seq.svg")).exists());
    }
}
