//! The rule reference in Markdown: one rule, and the generated pages of `docs/`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::list::classes;
use crate::escape::{markdown, markdown_code, url};
use crate::rules::{Catalogue, Rule, Text};

/// `docs/rules.md`: every built-in rule, with indexes by family, STRIDE and CWE.
pub fn reference() -> String {
    let catalogue = super::built_in();
    let rules: Vec<&Rule> = catalogue
        .iter()
        .flat_map(Catalogue::rules)
        .map(|compiled| &*compiled.rule)
        .collect();
    let mut text = String::from(
        "# Rules\n\n\
         <!-- Generated from rules/ by `TMRS_BLESS=1 cargo test`. Edit the rule files instead. -->\n\n\
         Every built-in rule. `core` and `model` judge unless a pack is switched off, `extended`\n\
         is opted into with `rules.packs`. How severities are set says the [rubric](severity.md);\n\
         what the catalogue covers, the [coverage table](coverage.md); where it judges otherwise\n\
         than pytm under the same id, the [list of differences](differs-from-pytm.md).\n",
    );
    let _ = writeln!(
        text,
        "\n{} rules. `tmrs rules list` filters them, `tmrs explain ID` shows one.",
        rules.len()
    );
    index(&mut text, "By family", &rules, |rule| vec![rule.family()]);
    index(&mut text, "By STRIDE", &rules, |rule| {
        rule.tags
            .iter()
            .filter_map(|tag| tag.strip_prefix("stride:"))
            .map(str::to_owned)
            .collect()
    });
    index(&mut text, "By CWE", &rules, |rule| {
        // Padded, so that they sort as numbers.
        let numbers = rule
            .references
            .iter()
            .filter_map(|text| text.strip_prefix("CWE-"));
        numbers.map(|number| format!("{number:0>6}")).collect()
    });
    text.push_str("\n## All rules\n");
    for rule in rules {
        text.push('\n');
        entry(&mut text, rule);
    }
    text
}

/// `docs/differs-from-pytm.md`: rules of pytm's ids that judge otherwise, with reasons.
pub fn differences() -> String {
    let mut text = String::from(
        "# Where rules differ from pytm's\n\n\
         <!-- Generated from rules/ by `TMRS_BLESS=1 cargo test`. Edit the rule files instead. -->\n\n\
         These rules have the id of a threat of pytm 1.4.0 and judge otherwise. Whoever wants\n\
         pytm's own judgement gives its threat file with `--no-default-rules --rules threats.json`.\n\n\
         | Rule | What it finds | What differs, and why |\n|---|---|---|\n",
    );
    let catalogue = super::built_in();
    for compiled in catalogue.iter().flat_map(Catalogue::rules) {
        let rule = &compiled.rule;
        if let Some(difference) = &rule.differs_from_pytm {
            let _ = writeln!(
                text,
                "| [{}](rules.md#{}) | {} | {} |",
                markdown(&rule.id),
                rule.id.to_lowercase(),
                markdown(&rule.title),
                prose(difference)
            );
        }
    }
    text
}

fn index(text: &mut String, title: &str, rules: &[&Rule], keys: impl Fn(&Rule) -> Vec<String>) {
    let mut by_key: BTreeMap<String, Vec<&Rule>> = BTreeMap::new();
    for rule in rules {
        for key in keys(rule) {
            by_key.entry(key).or_default().push(rule);
        }
    }
    let _ = writeln!(text, "\n## {title}\n\n| | Rules |\n|---|---|");
    for (key, rules) in by_key {
        let links: Vec<_> = rules
            .iter()
            .map(|rule| format!("[{}](#{})", rule.id, rule.id.to_lowercase()))
            .collect();
        let number = key.trim_start_matches('0');
        let name = if key.bytes().all(|b| b.is_ascii_digit()) {
            linked(&format!("CWE-{number}"))
        } else {
            markdown(&key)
        };
        let _ = writeln!(text, "| {name} | {} |", links.join(" "));
    }
}

/// One rule, under a heading whose anchor is its id in small letters.
pub(super) fn entry(text: &mut String, rule: &Rule) {
    let _ = writeln!(
        text,
        "### {}\n\n**{}**\n",
        markdown(&rule.id),
        markdown(&rule.title)
    );
    let mut facts = vec![
        format!("severity {}", rule.severity.as_str()),
        format!("likelihood {}", rule.likelihood.as_str()),
        format!("judges {}", classes(rule)),
        format!("pack `{}`", rule.pack.as_str()),
        format!("family {}", markdown_code(&rule.family())),
    ];
    if let Some(group) = &rule.group {
        facts.push(format!("shown together as {}", markdown_code(group)));
    }
    if !rule.since.is_empty() {
        facts.push(format!("since {}", markdown_code(&rule.since)));
    }
    let _ = writeln!(text, "{}", facts.join(" · "));
    paragraph(text, "", &rule.description);
    paragraph(text, "What helps: ", &rule.mitigation);
    paragraph(text, "For example: ", &rule.example);
    let _ = writeln!(text, "\n```python\n{}\n```", code_block(&rule.when));
    if let Some(difference) = &rule.differs_from_pytm {
        paragraph(text, "Differs from pytm: ", difference);
    }
    list(
        text,
        "References",
        rule.references.iter().map(|r| linked(r)),
    );
    list(text, "Tags", rule.tags.iter().map(|tag| markdown_code(tag)));
    list(
        text,
        "Earlier ids",
        rule.aliases.iter().map(|alias| markdown_code(alias)),
    );
}

fn paragraph(text: &mut String, lead: &str, body: &Text) {
    if !body.is_empty() {
        let lead = if lead.is_empty() {
            String::new()
        } else {
            format!("**{}** ", lead.trim())
        };
        let _ = writeln!(text, "\n{lead}{}", prose(body));
    }
}

fn list(text: &mut String, name: &str, items: impl Iterator<Item = String>) {
    let items: Vec<_> = items.collect();
    if !items.is_empty() {
        let _ = writeln!(text, "\n{name}: {}", items.join(", "));
    }
}

/// A text in which only `code` is markup.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return markdown(text);
    }
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at % 2 == 1 {
            out.push_str(&markdown_code(part));
            continue;
        }
        // The escape trims and minds how a line begins; here is the middle of one.
        let inner = markdown(&format!("x{part}x"));
        let inner = inner
            .strip_prefix('x')
            .and_then(|rest| rest.strip_suffix('x'));
        out.push_str(inner.unwrap_or_default());
    }
    out
}

/// A condition inside a fence: on one line, without what could end the fence.
fn code_block(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    crate::escape::terminal(&line).replace("```", "'''")
}

/// A reference with its link, where it has one.
fn linked(reference: &str) -> String {
    let shown = markdown(reference);
    let numbered = |prefix: &str| {
        let rest = reference.strip_prefix(prefix)?;
        (!rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())).then_some(rest)
    };
    let technique = |text: &str| {
        let rest = text.strip_prefix('T')?;
        let sound = rest.len() >= 4 && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        sound.then(|| text.replace('.', "/"))
    };
    let target = if let Some(number) = numbered("CWE-") {
        format!("https://cwe.mitre.org/data/definitions/{number}.html")
    } else if let Some(number) = numbered("CAPEC-") {
        format!("https://capec.mitre.org/data/definitions/{number}.html")
    } else if let Some(path) = technique(reference) {
        format!("https://attack.mitre.org/techniques/{path}/")
    } else if let Some(target) = url(reference) {
        target
    } else {
        return shown;
    };
    format!(
        "[{shown}]({})",
        target.replace('(', "%28").replace(')', "%29")
    )
}
