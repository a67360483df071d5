//! The Rust text of the embedded table.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use crate::rule_file::Rule;

/// What the program holds of the catalogue.
pub(crate) struct Embedded {
    /// A static of `BuiltIn` rows, included by `src/rules/built_in.rs`.
    pub(crate) table: String,
    /// The text of all rule files, one after the other.
    pub(crate) files: String,
    /// What their conditions compile to, one after the other.
    pub(crate) conditions: Vec<u8>,
}

/// Makes them of the rules and of the conditions that are compiled already.
pub(crate) fn table(rules: &[Rule], compiled: &BTreeMap<(String, u64), Vec<u8>>) -> Embedded {
    let mut table = String::from("pub(super) static TABLE: &[BuiltIn] = &[\n");
    let (mut files, mut conditions) = (String::new(), Vec::new());
    for rule in rules {
        let (text, condition) = (files.len(), conditions.len());
        files.push_str(&rule.yaml);
        conditions.extend(compiled.get(&rule.key()).into_iter().flatten());
        let (text, condition) = (text..files.len(), condition..conditions.len());
        row(&mut table, rule, &text, &condition);
    }
    table.push_str("];\n");
    Embedded {
        table,
        files,
        conditions,
    }
}

fn row(out: &mut String, rule: &Rule, text: &Range<usize>, condition: &Range<usize>) {
    let raw = &rule.raw;
    let file = rule.path.file_name().unwrap_or_default().to_string_lossy();
    out.push_str("    BuiltIn {\n");
    let mut field = |name: &str, value: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "        {name}: {value},");
    };
    field("id", literal(&raw.id));
    field("title", literal(&raw.title));
    field("pack", format!("Pack::{}", variant(&raw.pack)));
    let classes: Vec<_> = raw.target.iter().map(|c| format!("Class::{c}")).collect();
    field("target", format!("&[{}]", classes.join(", ")));
    field("severity", format!("Severity::{}", variant(&raw.severity)));
    field(
        "likelihood",
        format!("Likelihood::{}", variant(&raw.likelihood)),
    );
    field("when", literal(&raw.when));
    field("description", literal(&raw.description));
    field("mitigation", literal(&raw.mitigation));
    field("example", literal(&raw.example));
    field("references", literals(&raw.references));
    field("tags", literals(&raw.tags));
    field("aliases", literals(&raw.aliases));
    field("group", optional(raw.group.as_deref()));
    field(
        "differs_from_pytm",
        optional(raw.differs_from_pytm.as_deref()),
    );
    field("since", literal(&raw.since));
    field("path", literal(&format!("rules/{}/{file}", rule.family)));
    field("text", format!("({}, {})", text.start, text.end));
    field(
        "packed",
        format!("({}, {})", condition.start, condition.end),
    );
    out.push_str("    },\n");
}

/// A text as one literal, without the line break that ends a folded block.
fn literal(text: &str) -> String {
    format!("{:?}", text.trim())
}

fn literals(texts: &[String]) -> String {
    let all: Vec<_> = texts.iter().map(|text| literal(text)).collect();
    format!("&[{}]", all.join(", "))
}

fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "None".into(), |text| format!("Some({})", literal(text)))
}

/// A word of a rule file as the name of an enum variant: `high` → `High`.
fn variant(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}
