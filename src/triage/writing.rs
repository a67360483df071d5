//! Adds an exclusion to the text of `tmrs.yaml`, and disturbs nothing else:
//! comments, order and style stay as they are.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::config;
use crate::day::Day;
use crate::finding::{Finding, canonical};
use crate::model::Model;
use crate::source::{RepoPath, Source};
use crate::syntax;
use crate::syntax::tree::Node;

/// An exclusion that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewExclusion {
    /// The rules' ids.
    pub rules: Vec<String>,
    /// The class of the element.
    pub class: &'static str,
    /// The element's name.
    pub element: String,
    /// The model's path.
    pub model: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Where it is discussed.
    pub ticket: Option<String>,
    /// The last day on which it counts.
    pub expires: Option<Day>,
}

/// Why an exclusion cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The file is written in a way that cannot be added to.
    #[error("the configuration is written in a way that an entry cannot be added to by itself")]
    Shape,
}

impl NewExclusion {
    /// An exclusion of what this rule finds there.
    pub fn of(model: &Model, finding: &Finding, reason: &str) -> Self {
        let element = model.element(finding.element);
        Self {
            rules: vec![finding.rule.id.to_string()],
            class: element.class.name(),
            element: canonical(&element.name),
            model: model.path().to_string(),
            reason: reason.into(),
            owner: None,
            ticket: None,
            expires: None,
        }
    }

    /// Whether another one differs in its rules alone; then one entry says both.
    pub fn takes(&mut self, other: &Self) -> bool {
        let others = Self {
            rules: self.rules.clone(),
            ..other.clone()
        };
        if *self != others {
            return false;
        }
        self.rules.extend(other.rules.iter().cloned());
        true
    }

    /// Keys and values, as YAML writes them.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let rules: Vec<String> = (self.rules.iter())
            .map(|rule| scalar(&literal(rule)))
            .collect();
        let rule = match &*rules {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let mut fields = vec![
            ("rule", rule),
            ("class", self.class.to_owned()),
            ("element", scalar(&literal(&self.element))),
            ("model", scalar(&literal(&self.model))),
            ("reason", scalar(&self.reason)),
        ];
        fields.extend(self.owner.as_ref().map(|owner| ("owner", scalar(owner))));
        fields.extend(
            self.ticket
                .as_ref()
                .map(|ticket| ("ticket", scalar(ticket))),
        );
        fields.extend(self.expires.map(|day| ("expires", day.to_string())));
        fields
    }

    fn block(&self, indent: &str, line_end: &str) -> String {
        let mut text = String::new();
        for (number, (key, value)) in self.fields().into_iter().enumerate() {
            let lead = if number == 0 { "- " } else { "  " };
            let _ = write!(text, "{indent}{lead}{key}: {value}{line_end}");
        }
        text
    }

    fn flow(&self) -> String {
        let fields: Vec<_> = self
            .fields()
            .into_iter()
            .map(|(key, value)| format!("{key}: {value}"))
            .collect();
        format!("{{{}}}", fields.join(", "))
    }
}

/// A pattern that matches this text alone.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// A text as a YAML scalar: plain where nobody could take it for something else.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || " _./-()".contains(c);
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if text.starts_with(char::is_alphabetic)
        && text.chars().all(plain)
        && !text.ends_with(' ')
        && !reserved.contains(&text.to_lowercase().as_str())
    {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The text of the configuration with one exclusion more, at the end of its list.
///
/// # Errors
/// If the result would not read as the same configuration with one entry more;
/// nothing is to be written then.
pub fn with_exclusion(text: &str, new: &NewExclusion) -> Result<String, WriteError> {
    if let Some(text) = text.strip_prefix('\u{feff}') {
        return with_exclusion(text, new).map(|text| format!("\u{feff}{text}"));
    }
    let before = source(text);
    let (settings, _) = config::read(&before).map_err(|_| WriteError::Shape)?;
    let added = add(&before, new).ok_or(WriteError::Shape)?;
    let (after, _) = config::read(&source(&added)).map_err(|_| WriteError::Shape)?;
    let last = after.exclusions.last();
    let written = last.is_some_and(|last| {
        *last.reason.value == *new.reason
            && last.expires.as_ref().map(|day| day.value) == new.expires
            && last.rules.len() == new.rules.len()
            && (last.rules.iter().zip(&new.rules)).all(|(said, rule)| said.matches(rule))
            && last
                .element
                .as_ref()
                .is_some_and(|e| e.matches(&new.element))
            && last.model.as_ref().is_some_and(|m| m.matches(&new.model))
    });
    let same = after.exclusions.len() == settings.exclusions.len() + 1
        && settings
            .exclusions
            .iter()
            .zip(&after.exclusions)
            .all(|(a, b)| a.place.text() == b.place.text());
    if written && same {
        Ok(added)
    } else {
        Err(WriteError::Shape)
    }
}

fn source(text: &str) -> Arc<Source> {
    Source::new(RepoPath::new(config::FILE_NAME).unwrap_or_default(), text)
}

fn add(source: &Arc<Source>, new: &NewExclusion) -> Option<String> {
    let text = source.text();
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let root = syntax::parse(source).root;
    let list = root.as_ref().and_then(|root| root.entry("exclusions"));
    let Some((key, list)) = list else {
        return append(text, root.as_ref(), new, line_end);
    };
    let items = list.as_list().unwrap_or(&[]);
    let flow = text
        .get(list.span.range())
        .is_some_and(|t| t.starts_with('['));
    match items.last() {
        Some(last) if flow => {
            let at = last.span.end as usize;
            Some(inserted(text, at, &format!(", {}", new.flow())))
        }
        Some(last) => {
            let end = text.get(..last.span.end as usize)?.trim_end().len();
            let at = line_after(text, end);
            let indent = indent_of_items(text, items)?;
            let mut entry = new.block(&indent, line_end);
            if !text[..at].ends_with('\n') {
                entry.insert_str(0, line_end);
            }
            Some(inserted(text, at, &entry))
        }
        // Nothing, or an empty list: the value goes, a remark after it stays.
        None => {
            let from = key.span.end as usize;
            let colon = from + text.get(from..)?.find(':')? + 1;
            let mut text = text.to_owned();
            if flow {
                let spaces = text.get(colon..list.span.start as usize)?.len();
                text.replace_range(colon + spaces - spaces.min(1)..list.span.end as usize, "");
            }
            let at = line_after(&text, colon);
            let mut entry = new.block("  ", line_end);
            if !text[..at].ends_with('\n') {
                entry.insert_str(0, line_end);
            }
            Some(inserted(&text, at, &entry))
        }
    }
}

/// The key and its first entry at the end of the file.
fn append(text: &str, root: Option<&Node>, new: &NewExclusion, line_end: &str) -> Option<String> {
    // A map in braces has no lines to add to.
    if root.is_some_and(|root| !root.is_null() && text[root.span.range()].starts_with('{')) {
        return None;
    }
    let mut text = text.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(line_end);
    }
    if !text.is_empty() {
        text.push_str(line_end);
    }
    let _ = write!(text, "exclusions:{line_end}{}", new.block("  ", line_end));
    Some(text)
}

/// What stands before the dash of the entries.
fn indent_of_items(text: &str, items: &[Node]) -> Option<String> {
    let first = items.first()?;
    let before = text.get(..first.span.start as usize)?;
    let dash = before.rfind('-')?;
    let line = before[..dash].rfind('\n').map_or(0, |at| at + 1);
    let indent = &before[line..dash];
    indent.chars().all(|c| c == ' ').then(|| indent.to_owned())
}

/// The offset after the line that holds this one.
fn line_after(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

fn inserted(text: &str, at: usize, new: &str) -> String {
    format!("{}{new}{}", &text[..at], &text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> NewExclusion {
        NewExclusion {
            rules: vec!["AA01".into()],
            class: "Server",
            element: "Web [1] \"x\" é*".into(),
            model: "a b/tm.yaml".into(),
            reason: "accepted: until Q3 # no comment".into(),
            owner: None,
            ticket: None,
            expires: Day::parse("2027-01-31"),
        }
    }

    #[test]
    fn an_entry_is_added_and_every_other_line_stays() {
        let old = "# old\n  - rule: X # why\n    reason: y\n";
        let cases = [
            String::new(),
            "# only a remark".into(),
            "fail-on: high\n".into(),
            "fail-on: high\nexclusions:\n# none yet\nstrict: true\n".into(),
            "fail-on: high\nexclusions: [] # none yet\nstrict: true\n".into(),
            "exclusions:   [ ]".into(),
            format!("exclusions:\n{old}"),
            format!("exclusions:\n{old}\n\n# about strictness\nstrict: true\n"),
            "exclusions:\n- {rule: X, reason: y} # here\nstrict: true".into(),
            "exclusions: [{rule: X, reason: y}] # here\n".into(),
            "exclusions: [\n  {rule: X, reason: y}, # here\n]\n".into(),
            "exclusions:\n    -   rule: X\n        reason: |\n            long\n\n            text\n\nstrict: true\n".into(),
            "strict: true\r\nexclusions:\r\n  - {rule: X, reason: y}\r\n".into(),
        ];
        for text in cases {
            let with = with_exclusion(&text, &new()).unwrap_or_else(|e| panic!("{e}: {text:?}"));
            let mut lines = with.lines();
            for line in text
                .lines()
                .filter(|line| !line.contains('[') && !line.contains("}, #"))
            {
                assert!(
                    lines.any(|other| other == line),
                    "{line:?} is gone from {with:?}"
                );
            }
            let remarks = |text: &str| text.matches('#').count();
            assert_eq!(remarks(&with), remarks(&text) + 1, "{with:?}");
            let twice = with_exclusion(&with, &new()).unwrap();
            assert_eq!(config::read(&source(&twice)).unwrap().0.exclusions.len(), {
                config::read(&source(&text)).unwrap().0.exclusions.len() + 2
            });
        }
    }

    #[test]
    fn what_cannot_be_added_to_is_left_alone() {
        for text in [
            "{fail-on: high}\n",
            "{exclusions: []}",
            "exclusions: [{rule: X",
            "nonsense: 1\n",
            "a: &x [1]\n",
        ] {
            assert_eq!(
                with_exclusion(text, &new()),
                Err(WriteError::Shape),
                "{text:?}"
            );
        }
    }
}
