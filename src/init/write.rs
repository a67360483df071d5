//! Layer `init`: entries as lines of YAML, each with the line that it comes from.

use super::entries::{Entry, Section, value};
use super::memory;
use crate::convert::scalar;
use crate::inventory::{Fact, Inventory};
use crate::source::{Place, RepoPath};

/// A whole model. `command` is how it is made.
pub(super) fn model(inventory: &Inventory, entries: &[Entry<'_>], command: &str) -> String {
    let command = plain(command);
    let mut out = format!(
        "# A first model, made by `{command}`.\n\
         # A comment behind a value is the line that says it. What the sources do not say is not here: add it.\n\
         # The same command again adds what is new at the ends of the lists, and changes nothing else.\n\
         tmrs: 1\n"
    );
    match &inventory.name {
        Some((name, place)) => out.push_str(&line(0, "name", &scalar(name), Some(place))),
        None => out.push_str("name: System\n"),
    }
    for section in Section::ALL {
        let of = entries.iter().filter(|entry| entry.section == section);
        let lines: Vec<String> = of.flat_map(|entry| lines(entry, 2, |_, _| true)).collect();
        if !lines.is_empty() {
            out.push_str(&format!("\n{}:\n{}", section.key(), lines.concat()));
        }
    }
    let ids = entries.iter().map(|entry| (entry.section, entry.id));
    out.push_str(&format!("\n{}{}", memory::HEAD, memory::lines(ids)));
    out
}

/// The lines of an entry, indented so far; without what names an entry that is not `there`.
pub(super) fn lines(
    entry: &Entry<'_>,
    indent: usize,
    there: impl Fn(Section, &str) -> bool,
) -> Vec<String> {
    let id = scalar(entry.id);
    let mut lines = vec![line(indent, &id, "", Some(entry.place))];
    let inner = indent + 2;
    lines.push(line(inner, "name", &scalar(entry.name), None));
    for (key, said, place) in &entry.first {
        let mut named = entry.needs().filter(|(named, ..)| named == key);
        if named.all(|(_, section, id)| there(section, id)) {
            lines.push(line(inner, key, &scalar(said), *place));
        }
    }
    let fact = |indent: usize, fact: &&Fact| {
        line(
            indent,
            fact.attribute,
            &value(&fact.said),
            Some(&fact.place),
        )
    };
    lines.extend(entry.facts.iter().map(|it| fact(inner, it)));
    if !entry.controls.is_empty() {
        lines.push(line(inner, "controls", "", None));
        lines.extend(entry.controls.iter().map(|it| fact(inner + 2, it)));
    }
    lines
}

fn line(indent: usize, key: &str, value: &str, place: Option<&Place>) -> String {
    let indent = " ".repeat(indent);
    let space = if value.is_empty() { "" } else { " " };
    let comment = place.map_or_else(String::new, |place| format!(" # {}", shown(place)));
    format!("{indent}{key}:{space}{value}{comment}\n")
}

/// `compose.yaml:12`, of letters that cannot make another comment of it: a comment may speak
/// to tmrs.
pub(super) fn shown(place: &Place) -> String {
    let (start, _) = place.positions();
    format!("{}:{}", path(place.path()), start.line)
}

/// A path in a comment.
fn path(path: &RepoPath) -> String {
    plain(path.as_str()).replace([':', '[', ']', '#'], "_")
}

/// A text on one line, without what controls a terminal.
fn plain(text: &str) -> String {
    let is_plain = |c: char| !c.is_control() && !('\u{2028}'..='\u{202e}').contains(&c);
    text.chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect()
}
