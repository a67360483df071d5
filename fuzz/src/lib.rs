//! What fuzzing calls: one function an input that strangers may write, each through the
//! library's public functions and in memory. `tests/fuzzed.rs` calls the same with the seeds
//! and with every input that once failed.
//!
//! A target fails by a panic, by a broken promise (an assertion here), by time or by memory.

mod judged;

use std::fmt::Write as _;
use std::sync::LazyLock;

use tmrs::condition::{self, Condition};
use tmrs::config;
use tmrs::day::Day;
use tmrs::draw::{self, Diagram, Sequence};
use tmrs::emit::diff::Format;
use tmrs::emit::document::{self, Document};
use tmrs::emit::{Context, FORMATS, questions};
use tmrs::format::formatted;
use tmrs::init;
use tmrs::inventory;
use tmrs::model::Model;
use tmrs::notice::{Notice, Severity};
use tmrs::pipeline::Judged;
use tmrs::read::inline;
use tmrs::report::diff::{Side, between};
use tmrs::report::join::{join, load};
use tmrs::report::{ModelInfo, Report};
use tmrs::rules::{self, CatalogueSettings, CompiledRule};
use tmrs::source::{Memory, RepoPath, Source, Span, Tree as _};
use tmrs::template::{Escape, jinja, markdown as pages, pytm};
use tmrs::triage::baseline::{self, Changes, Extent};
use tmrs::triage::writing::{NewExclusion, with_exclusion};

use judged::{deeply, files, judge, read, report as build};

/// A target's name, the ending of its seeds, and what it does.
pub type Target = (&'static str, &'static str, fn(&[u8]));

/// Every target. `fuzz/targets` has a program for each.
pub const TARGETS: &[Target] = &[
    ("python", "py", python),
    ("native", "yaml", native),
    ("json", "json", json),
    ("xml", "tm7", xml),
    ("hcl", "hcl", hcl),
    ("condition", "txt", condition),
    ("rule_file", "yaml", rule_file),
    ("threats_json", "json", threats_json),
    ("threats_py", "py", threats_py),
    ("config", "yaml", config),
    ("baseline", "json", baseline),
    ("comment", "txt", comment),
    ("template_pytm", "md", template_pytm),
    ("template_jinja", "j2", template_jinja),
    ("markdown", "md", markdown),
    ("report", "json", report),
    ("outputs", "yaml", outputs),
    ("diff", "yaml", diff),
    ("sources", "yaml", sources),
];

/// Reading and judging pytm models; a line `%%% NAME` begins another file.
pub fn python(bytes: &[u8]) {
    model("tm.py", bytes);
}

/// Reading and judging models in YAML, and laying them out.
pub fn native(bytes: &[u8]) {
    model("tm.yaml", bytes);
    deeply(|| {
        let tree = Memory::new(files("tm.yaml", bytes));
        let path = RepoPath::new("tm.yaml").unwrap_or_default();
        let Ok(source) = tree.open(&path) else {
            return;
        };
        match formatted(&source, &tree) {
            Err(notices) => tell(&notices),
            Ok(once) => {
                let again = formatted(&Source::new(path, once.as_str()), &tree);
                assert!(
                    again.is_ok_and(|again| again == once),
                    "laid out in two ways"
                );
            }
        }
    });
}

/// Reading and judging models in JSON.
pub fn json(bytes: &[u8]) {
    model("tm.json", bytes);
}

/// Reading and judging models in XML: those of the Microsoft Threat Modeling Tool.
pub fn xml(bytes: &[u8]) {
    model("tm.tm7", bytes);
}

/// Reading and judging models in HCL: those of threatcl.
pub fn hcl(bytes: &[u8]) {
    model("tm.hcl", bytes);
}

fn model(path: &str, bytes: &[u8]) {
    deeply(|| {
        let tree = Memory::new(files(path, bytes));
        let judged = judge(read(&tree), &tree);
        tell(&judged.notices);
    });
}

/// Compiling a condition, and judging models by it.
pub fn condition(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    deeply(|| match condition::compile(text) {
        Err(complaints) => {
            assert!(!complaints.is_empty(), "refused, and nothing is said");
            for complaint in complaints {
                let end = complaint.span.end as usize;
                assert!(end <= text.len(), "a complaint lies outside of the text");
            }
        }
        Ok(condition) => judge_by(&condition),
    });
}

fn judge_by(condition: &Condition) {
    let elements = &KNOWN.model().elements;
    let classes: Vec<_> = elements.iter().map(|e| e.class).collect();
    condition.check(&classes, &condition::Names::vocabulary());
    condition.reads();
    for number in 0..elements.len() {
        let element = tmrs::model::ElementId(number as u32);
        condition.verdict(KNOWN.model(), element);
        condition.evidence(KNOWN.model(), element);
        condition.facts(KNOWN.model(), element);
        condition.deciding(KNOWN.model(), element);
        condition.mending(KNOWN.model(), element);
        let _ = condition.despite_unread(KNOWN.model(), element);
    }
}

/// A rule file of our own format, with the tests in it.
pub fn rule_file(bytes: &[u8]) {
    rules_of("rules.yaml", bytes, false);
}

/// pytm's threat file in JSON, as a rule file and as a model's own.
pub fn threats_json(bytes: &[u8]) {
    rules_of("threats.json", bytes, true);
}

/// pytm's threat file in Python.
pub fn threats_py(bytes: &[u8]) {
    rules_of("threats.py", bytes, true);
}

fn rules_of(path: &str, bytes: &[u8], pytm_replaces: bool) {
    let Some(source) = source(path, bytes) else {
        return;
    };
    deeply(|| {
        let settings = CatalogueSettings {
            sources: vec![source.clone()],
            pytm_replaces,
            no_default_rules: true,
            ..CatalogueSettings::default()
        };
        let _ = rules::is_rule_file(&source);
        let rules: Vec<CompiledRule> = match rules::load(&settings) {
            Ok((catalogue, notices)) => {
                tell(&notices);
                let _ = catalogue.load_threats_file(&source).map_err(|n| tell(&n));
                catalogue.rules().to_vec()
            }
            Err(notices) => {
                assert!(!notices.is_empty(), "refused, and nothing is said");
                return tell(&notices);
            }
        };
        rules::lint::lint(&rules);
        for rule in rules.iter().filter_map(|rule| rule.condition.as_ref()) {
            judge_by(rule);
        }
        let (tests, notices) = rules::testing::tests(&source);
        tell(&notices);
        tmrs::ruletest::run(tests, &rules);
    });
}

/// `tmrs.yaml`, and an exclusion that is added to it.
pub fn config(bytes: &[u8]) {
    let Some(source) = source(config::FILE_NAME, bytes) else {
        return;
    };
    let _ = (config::is_one(&source), config::looks_like_one(&source));
    match config::read(&source) {
        Ok((_, notices)) => tell(&notices),
        Err(notices) => {
            assert!(!notices.is_empty(), "refused, and nothing is said");
            tell(&notices);
        }
    }
    let new = NewExclusion {
        rules: vec!["TM0001".into()],
        class: "Server",
        element: "Web \"server\"\n# one".into(),
        model: "a/*.yaml".into(),
        reason: "- accepted: {it}".into(),
        owner: Some("me".into()),
        ticket: None,
        expires: Day::parse("2030-01-31"),
    };
    if let Ok(text) = with_exclusion(source.text(), &new) {
        let after = Source::new(source.path().clone(), text);
        assert!(config::read(&after).is_ok(), "what is written is not read");
    }
}

/// The baseline: read, held against a run, updated, written.
pub fn baseline(bytes: &[u8]) {
    let Some(source) = source(baseline::FILE, bytes) else {
        return;
    };
    let _ = baseline::is_one(&source);
    let known = match baseline::read(&source) {
        Ok(known) => known,
        Err(notices) => {
            assert!(!notices.is_empty(), "refused, and nothing is said");
            return tell(&notices);
        }
    };
    deeply(|| {
        let written = known.write();
        let again = baseline::read(&Source::new(source.path().clone(), written.clone()));
        let again = again.ok().map(|again| again.write());
        assert_eq!(again, Some(written), "written, read and written again");
        let tree = Memory::new(files("tm.yaml", MODEL.as_bytes()));
        let extent = Extent {
            tree: &tree,
            paths: &[],
        };
        let comparison = baseline::compare(&known, &KNOWN.judged, &extent);
        baseline::ended(&known, &comparison);
        baseline::stale(&known, &comparison);
        let how = Changes::default();
        let change = baseline::update(&known, &KNOWN.judged, &comparison, &extent, "1", &how);
        change.baseline.write();
    });
}

/// Comments in a model that speak to tmrs, one a line.
pub fn comment(bytes: &[u8]) {
    let Some(source) = source("tm.py", bytes) else {
        return;
    };
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        let end = start + line.trim_end_matches(['\r', '\n']).len();
        if let Some(Err(notice)) = inline::parse(&source, Span::new(start, end)) {
            tell(&[notice]);
        }
        inline::names(line.trim_end());
        start += line.len();
    }
}

/// A template in pytm's language.
pub fn template_pytm(bytes: &[u8]) {
    let Ok(template) = std::str::from_utf8(bytes) else {
        return;
    };
    for escape in [Escape::Html, Escape::Nothing] {
        for model in &KNOWN.report.models {
            let _ = pytm::render(template, &KNOWN.report, model, escape);
        }
    }
}

/// A template in Jinja.
pub fn template_jinja(bytes: &[u8]) {
    let Ok(template) = std::str::from_utf8(bytes) else {
        return;
    };
    for becomes in [
        jinja::Becomes::Html,
        jinja::Becomes::Markdown,
        jinja::Becomes::Text,
    ] {
        for model in &KNOWN.report.models {
            let seen = jinja::seen(&KNOWN.report, model);
            let _ = jinja::render(template, &seen, becomes);
        }
    }
}

/// Markdown that becomes a page.
pub fn markdown(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        pages::to_html(text);
    }
}

/// A saved report, joined with itself and shown in every way.
pub fn report(bytes: &[u8]) {
    let Some(loaded) = std::str::from_utf8(bytes).ok().and_then(|t| load(t).ok()) else {
        return;
    };
    deeply(|| {
        show(&loaded);
        let _ = join(vec![loaded.clone(), loaded]).map(|both| show(&both));
    });
}

/// A model in YAML, shown in every way.
pub fn outputs(bytes: &[u8]) {
    deeply(|| {
        let tree = Memory::new(files("tm.yaml", bytes));
        let shown = build(&judge(read(&tree), &tree));
        let json = show(&shown);
        assert!(load(&json).is_ok(), "our own report is not read");
    });
}

/// Two models in YAML, between which a line `%%% tm.yaml` stands.
pub fn diff(bytes: &[u8]) {
    deeply(|| {
        let mut sides = files("tm.yaml", bytes).into_iter().map(|(_, bytes)| {
            let tree = Memory::new([("tm.yaml", bytes)]);
            build(&judge(read(&tree), &tree))
        });
        let base = sides.next().unwrap_or_else(|| KNOWN.report.clone());
        let head = sides.next().unwrap_or_else(|| KNOWN.report.clone());
        let diff = between((side(&base), &base), (side(&head), &head), ["", ""]);
        for format in [Format::Human, Format::Markdown, Format::Json] {
            assert!(format.write(&diff, true).is_ok(), "it cannot be written");
        }
    });
}

/// What deploys a system, from which `tmrs init` takes a model; a line `%%% NAME` begins another
/// file. What it writes is a model, and the same sources add nothing to it.
pub fn sources(bytes: &[u8]) {
    let files = files("sources.yaml", bytes);
    let sources = files.into_iter().filter_map(|(name, bytes)| {
        let source = source(&name, &bytes)?;
        inventory::is_source(&source);
        Some((source, inventory::Found::Named))
    });
    let sources: Vec<_> = sources.collect();
    deeply(|| {
        let (inventory, notices) = inventory::read(&sources);
        let severe = |notice: &Notice| notice.severity == Severity::Error;
        if notices.iter().any(severe) {
            return tell(&notices);
        }
        let written = init::first(&inventory, "tmrs init").text;
        let tree = Memory::new([("tm.yaml", written.clone().into_bytes())]);
        let readings = self::read(&tree);
        let is_read = !readings.incomplete && readings.models.len() == 1;
        assert!(
            is_read,
            "what is written is not read: {:?}",
            readings.notices
        );
        let path = RepoPath::new("tm.yaml").expect("it is a name");
        let again = init::again(&inventory, &Source::new(path, written.clone()));
        let again = again.ok().map(|outcome| outcome.text);
        assert_eq!(again, Some(written), "the same sources change the model");
    });
}

fn side(report: &Report) -> Side {
    Side {
        kind: "path".into(),
        name: "tm.yaml".into(),
        revision: None,
        catalogue: report.tool.catalogue.clone(),
        models: report.models.len(),
        complete: report.is_complete(),
        notices: report.notices.clone(),
    }
}

/// Every output of a report; gives the JSON.
fn show(report: &Report) -> String {
    let context = Context {
        color: true,
        width: 80,
        verbose: true,
        quiet: false,
        sarif_suppressions: true,
        sarif_assumed: tmrs::report::alerts::Assumed::default(),
        started: String::new(),
        link_base: None,
        sources: &|_| None,
    };
    let mut json = String::new();
    for format in FORMATS {
        let text = format.emit(report, &context);
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", format.name()));
        if format.name() == "json" {
            json = text;
        }
    }
    let asked = questions::questions(report);
    questions::human(&asked, &asked, 80);
    questions::as_markdown(&asked, &asked);
    assert!(
        questions::as_json(&asked, None).is_ok(),
        "questions in JSON"
    );
    for model in &report.models {
        draw(report, model);
        let document = Document {
            report,
            model,
            link_base: None,
        };
        document::html(&document);
        pages::to_html(&document::markdown(&document));
    }
    json
}

fn draw(report: &Report, model: &ModelInfo) {
    let options = draw::Options {
        severities: Some(draw::severities(report, model)),
        ..draw::Options::default()
    };
    let diagram = Diagram::new(&model.name, &model.graph, &options);
    draw::dot::dfd(&diagram);
    draw::mermaid::dfd(&diagram);
    draw::svg::file(&diagram);
    let sequence = Sequence::new(&model.name, &model.graph);
    draw::plantuml::sequence(&sequence);
    draw::mermaid::sequence(&sequence);
    draw::sequence_svg::file(&sequence);
}

/// Every notice has a place that exists.
fn tell(notices: &[Notice]) {
    let mut text = String::new();
    for notice in notices {
        let _ = writeln!(text, "{notice:?}");
        if let Some(place) = &notice.place {
            let _ = writeln!(text, "{:?} {}", place.positions(), place.text());
        }
    }
}

fn source(path: &str, bytes: &[u8]) -> Option<std::sync::Arc<Source>> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(Source::new(RepoPath::new(path)?, text))
}

/// A model that conditions, templates and baselines are tried on.
const MODEL: &str = include_str!("../model.yaml");

struct Known {
    judged: Judged,
    report: Report,
}

impl Known {
    fn model(&self) -> &Model {
        &self.judged.models[0].model
    }
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let tree = Memory::new([("tm.yaml", MODEL)]);
    let judged = judge(read(&tree), &tree);
    assert!(!judged.findings.is_empty(), "the known model is not read");
    Known {
        report: build(&judged),
        judged,
    }
});
