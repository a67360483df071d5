//! `tmrs rules explain`: everything about a rule.

use std::fmt::Write as _;

use super::args::{Explain, ExplainFormat};
use super::list::classes;
use super::{catalogue, reference, sources};
use crate::cli::failure::{Exit, Failure};
use crate::cli::output::{Screen, print};
use crate::escape::terminal;
use crate::rules::{Catalogue, Rule};

/// Runs the command.
pub(super) fn run(explain: &Explain, screen: &Screen) -> Result<Exit, Failure> {
    let catalogue = catalogue(sources(&explain.from.rules)?, explain.from.no_default_rules)?;
    let mut text = String::new();
    for (at, id) in explain.ids.iter().enumerate() {
        let rule = find(&catalogue, id)?;
        if at > 0 {
            text.push('\n');
        }
        match explain.format {
            ExplainFormat::Text => plain(&mut text, rule, screen.width.min(100)),
            ExplainFormat::Markdown => reference::entry(&mut text, rule),
        }
    }
    print(&text)?;
    Ok(Exit::Success)
}

/// Shows one rule, for a terminal.
pub(super) fn one(catalogue: &Catalogue, id: &str, screen: &Screen) -> Result<Exit, Failure> {
    let mut text = String::new();
    plain(&mut text, find(catalogue, id)?, screen.width.min(100));
    print(&text)?;
    Ok(Exit::Success)
}

fn find<'c>(catalogue: &'c Catalogue, id: &str) -> Result<&'c Rule, Failure> {
    if let Some(found) = catalogue.by_id(id.trim()) {
        return Ok(&found.rule);
    }
    let upper = id.trim().to_uppercase();
    if let Some(found) = catalogue.by_id(&upper) {
        return Ok(&found.rule);
    }
    let nearest = catalogue
        .rules()
        .iter()
        .map(|rule| {
            (
                strsim::osa_distance(&upper, &rule.rule.id.to_uppercase()),
                &rule.rule.id,
            )
        })
        .filter(|(distance, _)| *distance <= 1)
        .min_by_key(|(distance, _)| *distance);
    let help = match nearest {
        Some((_, id)) => format!("did you mean {id}? `tmrs rules list` shows all ids"),
        None => "`tmrs rules list` shows all ids".to_owned(),
    };
    Err(Failure::usage(
        format!("no rule has the id “{}”", terminal(id)),
        help,
    ))
}

/// A rule for a terminal.
fn plain(text: &mut String, rule: &Rule, width: usize) {
    let _ = writeln!(text, "{}  {}\n", terminal(&rule.id), terminal(&rule.title));
    let mut fact = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "  {name:<12}{}", terminal(value));
        }
    };
    fact("severity", rule.severity.as_str());
    fact("likelihood", rule.likelihood.as_str());
    fact("judges", &classes(rule));
    fact("pack", rule.pack.as_str());
    fact("group", rule.group.as_deref().unwrap_or(""));
    fact("references", &joined(&rule.references));
    fact("tags", &joined(&rule.tags));
    fact("earlier ids", &joined(&rule.aliases));
    fact("since", &rule.since);
    if let Some(place) = &rule.place {
        fact("file", place.path().as_str());
    }
    let parts = [
        ("What can happen", Some(&rule.description)),
        ("For example", Some(&rule.example)),
        ("What helps", Some(&rule.mitigation)),
        ("When", Some(&rule.when)),
        ("How it differs from pytm", rule.differs_from_pytm.as_ref()),
    ];
    for (title, part) in parts {
        if let Some(part) = part.filter(|part| !part.is_empty()) {
            let _ = writeln!(text, "\n{title}");
            wrap(text, part, width);
        }
    }
}

fn joined(texts: &[crate::rules::Text]) -> String {
    texts
        .iter()
        .map(|text| &**text)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Words in lines of at most `width` characters, indented by two.
fn wrap(out: &mut String, text: &str, width: usize) {
    let mut column = 0;
    for word in text.split_whitespace() {
        let word = terminal(word);
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            column = 0;
        }
        out.push_str(if column == 0 { "  " } else { " " });
        column += length + if column == 0 { 2 } else { 1 };
        out.push_str(&word);
    }
    out.push('\n');
}
