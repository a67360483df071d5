//! Layer `init`: new entries in a model that is there. Every byte that stands in it stays.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::entries::{Entry, Section};
use super::memory::{self, Memory};
use super::{Outcome, Unwritten, differ, write};
use crate::source::Source;
use crate::syntax::tree::{Key, Node, NodeKind};
use crate::syntax::yaml;

/// Adds what is new, and tells what else there is to tell.
pub(super) fn update(entries: &[Entry<'_>], model: &Arc<Source>) -> Result<Outcome, Unwritten> {
    let document = yaml::parse(model);
    let memory = Memory::of(&document);
    let is_sound = document.notices.is_empty();
    let root = document.root.filter(|_| is_sound);
    let root = root.ok_or(Unwritten::NoModel("it cannot be read as YAML"))?;
    if root.get("tmrs").is_none() {
        return Err(Unwritten::NoModel("it has no `tmrs: 1`"));
    }
    if model.text().trim_start().starts_with('{') {
        return Err(Unwritten::NoModel("it is written in braces, as JSON is"));
    }
    let mut outcome = Outcome::default();
    let spots = Section::ALL.map(|section| (section, spot(&root, section, model)));
    let has_room = |section: Section| {
        spots
            .iter()
            .any(|(own, spot)| *own == section && spot.is_some())
    };
    let new = sorted_out(entries, &root, (&memory, &has_room), model, &mut outcome);
    let known = |section: Section, id: &str| {
        section_of(&root, section).is_some_and(|(_, node)| node.get(id).is_some())
            || new
                .iter()
                .any(|entry| entry.section == section && entry.id == id)
    };
    let mut edits: Vec<Edit> = Vec::new();
    let mut written: BTreeSet<(Section, &str)> = BTreeSet::new();
    for (section, spot) in &spots {
        let of = new.iter().filter(|entry| entry.section == *section);
        let of: Vec<&Entry<'_>> = of.copied().collect();
        let Some(spot) = spot.as_ref().filter(|_| !of.is_empty()) else {
            continue;
        };
        let lines = of
            .iter()
            .flat_map(|entry| write::lines(entry, spot.indent, known));
        edits.push(Edit {
            at: spot.at,
            begins: section_of(&root, *section).is_none(),
            text: format!("{}{}", spot.before, lines.collect::<String>()),
        });
        outcome.added.extend(of.iter().map(|entry| entry.told()));
        written.extend(of.iter().map(|entry| (*section, entry.id)));
    }
    if written.is_empty() {
        model.text().clone_into(&mut outcome.text);
        return Ok(outcome);
    }
    let lines = memory::lines(new.iter().map(|entry| (entry.section, entry.id)));
    let (at, text) = match memory.end {
        Some(end) => (line_after(model.text(), end), lines),
        None => (model.text().len(), format!("\n{}{lines}", memory::HEAD)),
    };
    let begins = true;
    edits.push(Edit { at, begins, text });
    outcome.text = applied(model, edits);
    if is_addition(model, &root, &outcome.text, &written) {
        Ok(outcome)
    } else {
        Err(Unwritten::Unsound)
    }
}

/// What is new; everything else goes where it is told.
fn sorted_out<'e, 'i>(
    entries: &'e [Entry<'i>],
    root: &Node,
    (memory, has_room): (&Memory, &dyn Fn(Section) -> bool),
    model: &Source,
    outcome: &mut Outcome,
) -> Vec<&'e Entry<'i>> {
    let mut new: Vec<&Entry<'_>> = Vec::new();
    for entry in entries {
        let there = section_of(root, entry.section).and_then(|(_, node)| node.get(entry.id));
        if let Some(body) = there {
            outcome
                .differing
                .extend(differ::differences(entry, body, model));
            continue;
        }
        // What it names may be out, or have another id now: a flow needs both of its ends.
        let is_there = |section: Section, id: &str| {
            section_of(root, section).is_some_and(|(_, node)| node.get(id).is_some())
                || new
                    .iter()
                    .any(|other| other.section == section && other.id == id)
        };
        let lacks_an_end = entry.section == Section::Flows
            && !entry.needs().all(|(_, section, id)| is_there(section, id));
        if memory.holds(entry.section, entry.id) || lacks_an_end {
            outcome.left_out.push(entry.told());
        } else if !has_room(entry.section) {
            outcome.by_hand.push(entry.told());
        } else {
            new.push(entry);
        }
    }
    let gone = memory.ids.iter().filter(|(section, id)| {
        let in_model = section_of(root, *section).is_some_and(|(_, node)| node.get(id).is_some());
        let mut same = entries.iter().filter(|entry| entry.section == *section);
        in_model && same.all(|entry| entry.id != id)
    });
    outcome.gone = gone.cloned().collect();
    new
}

fn section_of(root: &Node, section: Section) -> Option<(&Key, &Node)> {
    root.entry(section.key())
}

/// Lines that are put in.
struct Edit {
    at: usize,
    /// Whether they begin something, instead of going on with a section.
    begins: bool,
    text: String,
}

/// Where new entries of a section go.
struct Spot {
    at: usize,
    indent: usize,
    before: String,
}

/// The end of a section; `None` if it is not written over several lines of its own.
fn spot(root: &Node, section: Section, model: &Source) -> Option<Spot> {
    let text = model.text();
    let Some((key, node)) = section_of(root, section) else {
        let before = format!("\n{}:\n", section.key());
        return Some(Spot {
            at: text.len(),
            indent: 2,
            before,
        });
    };
    if node.span != node.content || text[node.span.range()].starts_with('{') {
        return None;
    }
    match &node.kind {
        NodeKind::Null if node.span.is_empty() => Some(Spot {
            at: line_after(text, key.span.end as usize),
            indent: 2,
            before: String::new(),
        }),
        NodeKind::Map(entries) => {
            let (first, _) = entries.first()?;
            let indent = column(text, first.span.start as usize);
            let end = entries.iter().map(|(key, value)| end(key, value)).max()?;
            let (at, follows_comment) = behind_comments(text, line_after(text, end), indent);
            // A comment speaks to the line below it.
            let before = if follows_comment { "\n" } else { "" };
            Some(Spot {
                at,
                indent,
                before: before.to_owned(),
            })
        }
        _ => None,
    }
}

/// Where an entry ends: what says nothing ends with its key.
fn end(key: &Key, value: &Node) -> usize {
    let own = match &value.kind {
        NodeKind::Null if value.span.is_empty() => 0,
        NodeKind::Map(entries) if value.span == value.content => {
            let inner = entries.iter().map(|(key, value)| end(key, value)).max();
            let is_flow = inner.is_none_or(|inner| inner < value.span.end as usize);
            if is_flow {
                value.span.end as usize
            } else {
                inner.unwrap_or(0)
            }
        }
        _ => value.span.end as usize,
    };
    own.max(key.span.end as usize)
}

/// How far in an offset stands on its line.
fn column(text: &str, at: usize) -> usize {
    at - text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// The offset after the line that holds another one.
fn line_after(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// Past comments that still belong to the section, and whether there were any.
fn behind_comments(text: &str, from: usize, indent: usize) -> (usize, bool) {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let said = line.trim_start_matches(' ');
        if !said.starts_with('#') || line.len() - said.len() < indent {
            break;
        }
        at += line.len();
    }
    (at, at > from)
}

/// The text with what is put in, and with the ends of lines that it has.
fn applied(model: &Source, mut edits: Vec<Edit>) -> String {
    let text = model.text();
    let mark = if model.is_marked() { "\u{feff}" } else { "" };
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::from(mark);
    let mut from = 0;
    // What goes on with a section at the end of the text comes before a new section there.
    edits.sort_by_key(|edit| (edit.at, edit.begins));
    for Edit { at, text: more, .. } in edits {
        out.push_str(&text[from..at]);
        if !out.is_empty() && !out.ends_with('\n') {
            out.push_str(line_end);
        }
        out.push_str(&more.replace('\n', line_end));
        from = at;
    }
    out.push_str(&text[from..]);
    out
}

/// Whether the new text says what the old one says, and the new entries, and nothing else.
fn is_addition(
    model: &Source,
    old: &Node,
    text: &str,
    written: &BTreeSet<(Section, &str)>,
) -> bool {
    let document = yaml::parse(&Source::new(model.path().clone(), text));
    let Some(new) = document.root.filter(|_| document.notices.is_empty()) else {
        return false;
    };
    let (Some(old), Some(entries)) = (old.as_map(), new.as_map()) else {
        return false;
    };
    let keeps = old.iter().all(|(key, value)| {
        let Some(now) = new.get(&key.text) else {
            return false;
        };
        let section = Section::ALL.into_iter().find(|it| it.key() == &*key.text);
        match section {
            Some(section) if !value.is_null() || now.as_map().is_some() => {
                let before = value.as_map().unwrap_or_default();
                let after = now.as_map().unwrap_or_default();
                let mut same = before.iter().zip(after);
                let added = &after[before.len().min(after.len())..];
                same.all(|((a, x), (b, y))| a.text == b.text && is_same(x, y))
                    && before.len() <= after.len()
                    && added
                        .iter()
                        .all(|(key, _)| written.contains(&(section, &*key.text)))
            }
            _ => is_same(value, now),
        }
    });
    let has = |(section, id): &(Section, &str)| {
        section_of(&new, *section).is_some_and(|(_, node)| node.get(id).is_some())
    };
    let is_known = |key: &Key| {
        let is_section = Section::ALL.into_iter().any(|it| it.key() == &*key.text);
        is_section || old.iter().any(|(known, _)| known.text == key.text)
    };
    keeps && written.iter().all(has) && entries.iter().all(|(key, _)| is_known(key))
}

fn is_same(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (NodeKind::Null, NodeKind::Null) => true,
        (NodeKind::Bool(a), NodeKind::Bool(b)) => a == b,
        (NodeKind::Int(a), NodeKind::Int(b)) => a == b,
        (NodeKind::Float(a), NodeKind::Float(b)) => a.to_bits() == b.to_bits(),
        (NodeKind::Text(a), NodeKind::Text(b)) => a == b,
        (NodeKind::List(a), NodeKind::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (NodeKind::Map(a), NodeKind::Map(b)) => {
            a.len() == b.len()
                && (a.iter().zip(b)).all(|((k, a), (l, b))| k.text == l.text && is_same(a, b))
        }
        _ => false,
    }
}
