//! `tmrs rules list`: which rules there are, as a table, JSON or Markdown.

use std::fmt::Write as _;

use serde::Serialize;

use super::args::{List, ListFormat};
use super::{catalogue, sources};
use crate::cli::failure::{Exit, Failure};
use crate::cli::output::{Screen, print};
use crate::emit::json::indented;
use crate::escape::{markdown, shorten, terminal};
use crate::model::vocabulary::Class;
use crate::rules::{Rule, Text};

/// Runs the command.
pub(super) fn run(list: &List, screen: &Screen) -> Result<Exit, Failure> {
    let catalogue = catalogue(sources(&list.from.rules)?, list.from.no_default_rules)?;
    let classes = list
        .class
        .iter()
        .map(|name| class(name))
        .collect::<Result<Vec<_>, _>>()?;
    let rules: Vec<&Rule> = catalogue
        .rules()
        .iter()
        .map(|compiled| &*compiled.rule)
        .filter(|rule| wanted(list, &classes, rule))
        .collect();
    let text = match list.format {
        ListFormat::Table => table(&rules, screen.width),
        ListFormat::Json => json(&rules)?,
        ListFormat::Markdown => markdown_table(&rules),
    };
    print(&text)?;
    Ok(Exit::Success)
}

fn class(name: &str) -> Result<Class, Failure> {
    let found = Class::ALL
        .into_iter()
        .find(|class| class.is_element() && class.name().eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        Failure::usage(
            format!("there is no class of elements “{}”", terminal(name)),
            "`tmrs describe` lists the classes",
        )
    })
}

/// Whether every filter that was given lets a rule through.
fn wanted(list: &List, classes: &[Class], rule: &Rule) -> bool {
    let one_of = |words: &[String], word: &str| {
        words.is_empty() || words.iter().any(|w| w.trim().eq_ignore_ascii_case(word))
    };
    let tagged = |tag: &String| {
        let tag = tag.trim().to_lowercase();
        let names = |text: &Text| {
            let text = text.to_lowercase();
            text == tag
                || text
                    .strip_prefix(&tag)
                    .is_some_and(|rest| rest.starts_with(':'))
        };
        rule.tags.iter().chain(&rule.references).any(names)
    };
    let judges = |class: &Class| rule.judges(*class);
    one_of(&list.pack, rule.pack.as_str())
        && one_of(&list.family, &rule.family())
        && one_of(&list.severity, rule.severity.as_str())
        && (list.tag.is_empty() || list.tag.iter().any(tagged))
        && (classes.is_empty() || classes.iter().any(judges))
}

/// The names of the classes that a rule judges.
pub(super) fn classes(rule: &Rule) -> String {
    let names: Vec<_> = rule.target.iter().map(|class| class.name()).collect();
    names.join(", ")
}

fn table(rules: &[&Rule], width: usize) -> String {
    const CLASSES: usize = 28;
    let ids = rules
        .iter()
        .map(|rule| rule.id.chars().count())
        .max()
        .unwrap_or(0)
        .max(2);
    let title = width
        .saturating_sub(ids + 2 + 10 + 10 + CLASSES + 2)
        .max(20);
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{:<ids$}  {:<10}{:<10}{:<CLASSES$}  TITLE",
        "ID", "PACK", "SEVERITY", "CLASSES"
    );
    for rule in rules {
        let _ = writeln!(
            text,
            "{:<ids$}  {:<10}{:<10}{:<CLASSES$}  {}",
            terminal(&rule.id),
            rule.pack.as_str(),
            rule.severity.as_str(),
            shorten(&classes(rule), CLASSES),
            shorten(&terminal(&rule.title), title)
        );
    }
    let word = if rules.len() == 1 { "rule" } else { "rules" };
    let _ = writeln!(
        text,
        "\n{} {word}; `tmrs explain ID` shows one",
        rules.len()
    );
    text
}

fn markdown_table(rules: &[&Rule]) -> String {
    let mut text =
        String::from("| Rule | Title | Pack | Severity | Classes |\n|---|---|---|---|---|\n");
    for rule in rules {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            markdown(&rule.id),
            markdown(&rule.title),
            rule.pack.as_str(),
            rule.severity.as_str(),
            classes(rule)
        );
    }
    text
}

/// A rule as `--format json` writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'r> {
    id: &'r str,
    title: &'r str,
    pack: &'static str,
    family: String,
    severity: &'static str,
    likelihood: &'static str,
    classes: Vec<&'static str>,
    when: &'r str,
    description: &'r str,
    mitigation: &'r str,
    example: Option<&'r str>,
    references: Vec<&'r str>,
    tags: Vec<&'r str>,
    aliases: Vec<&'r str>,
    group: Option<&'r str>,
    differs_from_pytm: Option<&'r str>,
    since: Option<&'r str>,
    layer: &'static str,
    path: Option<&'r str>,
}

fn json(rules: &[&Rule]) -> Result<String, Failure> {
    let rows: Vec<Row<'_>> = rules.iter().map(|rule| row(rule)).collect();
    indented(&rows).map_err(|error| Failure::usage(error.to_string(), "choose another --format"))
}

fn row(rule: &Rule) -> Row<'_> {
    fn all(texts: &[Text]) -> Vec<&str> {
        texts.iter().map(|text| &**text).collect()
    }
    fn some(text: &str) -> Option<&str> {
        (!text.is_empty()).then_some(text)
    }
    Row {
        id: &rule.id,
        title: &rule.title,
        pack: rule.pack.as_str(),
        family: rule.family(),
        severity: rule.severity.as_str(),
        likelihood: rule.likelihood.as_str(),
        classes: rule.target.iter().map(|class| class.name()).collect(),
        when: &rule.when,
        description: &rule.description,
        mitigation: &rule.mitigation,
        example: some(&rule.example),
        references: all(&rule.references),
        tags: all(&rule.tags),
        aliases: all(&rule.aliases),
        group: rule.group.as_deref(),
        differs_from_pytm: rule.differs_from_pytm.as_deref(),
        since: some(&rule.since),
        layer: rule.layer.as_str(),
        path: rule.place.as_ref().map(|place| place.path().as_str()),
    }
}
