//! What pytm finds and what the built-in catalogue finds, on every example and
//! test model: each difference is explained, and `docs/comparison.md` counts.
//!
//! pytm's side are the goldens, its own answers. `TMRS_BLESS=1 cargo test comparison`
//! rewrites the page.

mod asked;
mod before;
mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value as Json;
use tmrs::condition::{Evidence, Names};
use tmrs::discover::Filter;
use tmrs::evaluate::Overrides;
use tmrs::finding::{Finding, Status};
use tmrs::model::Model;
use tmrs::pipeline::{self, Judged, Request};
use tmrs::read::ReadOptions;
use tmrs::rules::{self, CatalogueSettings, Pack, ThreatsFilePolicy, built_in};
use tmrs::source::{Disk, RepoPath};
use tmrs::triage::responses;

use crate::shared;

/// Rule, class, element, source, sink.
type Row = [String; 5];

/// One model as both see it.
#[derive(Default)]
struct Compared {
    path: String,
    name: String,
    theirs: Vec<Row>,
    /// Ours, of the ids that pytm has.
    ours: Vec<Row>,
    declared: usize,
    assumed: usize,
    /// Of the packs core and model.
    packs: [usize; 2],
    /// Lines that a report shows.
    groups: usize,
    /// Ids that only tmrs has.
    added: BTreeSet<String>,
}

fn judge(path: &str) -> Judged {
    let tree = Disk::new(shared::root().canonicalize().unwrap(), None);
    let request = Request {
        tree: &tree,
        filter: Filter {
            paths: vec![RepoPath::new(path).unwrap()],
            ..Filter::default()
        },
        read: ReadOptions::default(),
        per_model: Vec::new(),
    };
    let readings = pipeline::read(&request).unwrap();
    let settings = CatalogueSettings {
        names: Names::vocabulary(),
        ..CatalogueSettings::default()
    };
    let (catalogue, _) = rules::load(&settings).unwrap();
    let ignore = ThreatsFilePolicy::Ignore;
    pipeline::judge(readings, &tree, &catalogue, ignore, Overrides::Keep)
}

fn row(model: &Model, finding: &Finding) -> Row {
    let element = model.element(finding.element);
    let end = |attribute: &str| {
        let end = model.linked(finding.element, attribute);
        end.map_or(String::new(), |end| model.element(end).name.to_string())
    };
    [
        finding.rule.id.to_string(),
        element.class.name().to_owned(),
        element.name.to_string(),
        end("source"),
        end("sink"),
    ]
}

/// pytm's rows, those that its assumptions exclude included: they hold too.
fn rows_of_pytm(run: &Json) -> Vec<Row> {
    let rows = ["findings", "excluded"].map(|key| run[key].as_array().unwrap());
    let text = |cell: &Json| cell.as_str().unwrap_or("").to_owned();
    let row = |row: &Json| [0, 1, 2, 3, 4].map(|at| text(&row[at]));
    rows.into_iter().flatten().map(row).collect()
}

/// Groups as a report shows them: assumed findings of one element are one block,
/// declared ones are one line for each group or rule.
fn groups(findings: &[&Finding]) -> usize {
    let line = |finding: &&Finding| {
        let rule = &finding.rule;
        let what = match finding.evidence {
            Evidence::Assumed => String::new(),
            Evidence::Declared => rule.group.as_deref().unwrap_or(&rule.id).to_owned(),
        };
        (finding.element, what)
    };
    findings.iter().map(line).collect::<BTreeSet<_>>().len()
}

fn compare(golden: &Json) -> Vec<Compared> {
    let path = golden["model"].as_str().unwrap();
    let judged = judge(path);
    let runs = golden["runs"].as_array().unwrap();
    assert_eq!(runs.len(), judged.models.len(), "models of {path}");
    let pytms: BTreeSet<&str> = ids_of_pytm();
    runs.iter()
        .enumerate()
        .map(|(number, run)| {
            let model = &judged.models[number].model;
            let in_scope = |finding: &&Finding| {
                if finding.model as usize != number || finding.threat.is_some() {
                    return false;
                }
                let mut scoped = (*finding).clone();
                responses::scope(model, &mut scoped);
                scoped.status != Status::OutOfScope
            };
            let findings: Vec<&Finding> = judged.findings.iter().filter(in_scope).collect();
            let count = |wanted: &dyn Fn(&Finding) -> bool| {
                findings.iter().filter(|finding| wanted(finding)).count()
            };
            let shared_id = |finding: &&&Finding| pytms.contains(&*finding.rule.id);
            Compared {
                path: path.to_owned(),
                name: model.name.to_string(),
                theirs: rows_of_pytm(run),
                ours: findings
                    .iter()
                    .filter(shared_id)
                    .map(|finding| row(model, finding))
                    .collect(),
                declared: count(&|f| f.evidence == Evidence::Declared),
                assumed: count(&|f| f.evidence == Evidence::Assumed),
                packs: [Pack::Core, Pack::Model].map(|pack| count(&|f| f.rule.pack == pack)),
                groups: groups(&findings),
                added: findings
                    .iter()
                    .filter(|finding| !shared_id(finding))
                    .map(|finding| finding.rule.id.to_string())
                    .collect(),
            }
        })
        .collect()
}

/// The ids of pytm 1.4.0's threat file.
fn ids_of_pytm() -> BTreeSet<&'static str> {
    let text = include_str!("goldens/ids.txt");
    text.lines().filter(|line| !line.is_empty()).collect()
}

fn all() -> Vec<Compared> {
    let folder = shared::root().join("tests/goldens");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap())
        .filter(|golden: &Json| golden["threats"] == "pytm")
        .flat_map(|golden| compare(&golden))
        .collect()
}

/// How often each is in `left` beyond what is in `right`, by rule.
fn only(left: &[Row], right: &[Row]) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<&Row, usize> = BTreeMap::new();
    for row in right {
        *counts.entry(row).or_default() += 1;
    }
    let mut more = BTreeMap::new();
    for row in left {
        match counts.get_mut(row) {
            Some(count) if *count > 0 => *count -= 1,
            _ => *more.entry(row[0].clone()).or_default() += 1,
        }
    }
    more
}

/// Rules that differ without saying why, and rules of ours without `since`.
fn unexplained(compared: &[Compared]) -> Vec<String> {
    let mut unexplained = BTreeSet::new();
    for model in compared {
        for (id, count) in only(&model.theirs, &model.ours)
            .into_iter()
            .chain(only(&model.ours, &model.theirs))
        {
            let rule = built_in::by_id(&id).map(built_in::BuiltIn::rule);
            if rule.is_none_or(|rule| rule.differs_from_pytm.is_none()) {
                unexplained.insert(format!("{id} differs {count} times in {}", model.path));
            }
        }
        for id in &model.added {
            let rule = built_in::by_id(id).map(built_in::BuiltIn::rule);
            if rule.is_none_or(|rule| rule.since.is_empty()) {
                unexplained.insert(format!("{id} has no `since`"));
            }
        }
    }
    unexplained.into_iter().collect()
}

/// The middle one, or what lies between the two in the middle.
fn median(counts: impl Iterator<Item = usize>) -> f64 {
    let mut counts: Vec<usize> = counts.collect();
    counts.sort_unstable();
    let (low, high) = ((counts.len() - 1) / 2, counts.len() / 2);
    f64::from(u32::try_from(counts[low] + counts[high]).unwrap()) / 2.0
}

#[test]
fn whatever_pytm_finds_and_we_do_not_and_the_reverse_is_explained() {
    let compared = all();
    assert!(compared.len() > 40, "{}", compared.len());
    let unexplained = unexplained(&compared);
    assert!(
        unexplained.is_empty(),
        "not explained by `differs-from-pytm` or `since`:\n{}",
        unexplained.join("\n")
    );
    let asked = asked::all();
    assert!(asked.len() > 60, "{}", asked.len());
    let fallen = before::Fallen::counted();
    page::kept_equal(&compared, &asked, &fallen);
    assert!(fallen.enough(), "{}", fallen.section());
    assert!(asked::median(&asked) <= 10, "{}", asked::table(&asked));
}

#[test]
fn every_text_that_a_rule_compares_is_known_to_the_notice_about_case() {
    for rule in built_in::table().iter().map(built_in::BuiltIn::rule) {
        for (attribute, known) in tmrs::model::derive::KNOWN_TEXTS {
            for text in compared_texts(&rule.when, attribute) {
                let found = text.is_empty() || known.contains(&text);
                assert!(found, "{}: {attribute} {text:?}", rule.id);
            }
        }
    }
}

/// The texts in `attribute == '…'`, `!=`, `in ('…', …)` and `not in (…)`.
fn compared_texts<'t>(when: &'t str, attribute: &str) -> Vec<&'t str> {
    let mut texts = Vec::new();
    for (at, _) in when.match_indices(&format!(".{attribute} ")) {
        let rest = &when[at + attribute.len() + 2..];
        let end = match rest.find('(') {
            Some(open) if rest[..open].trim_end().ends_with("in") => rest.find(')'),
            _ => rest.match_indices('\'').nth(1).map(|(at, _)| at + 1),
        };
        let literals = rest[..end.unwrap_or(0)].split('\'').skip(1).step_by(2);
        texts.extend(literals);
    }
    texts
}
