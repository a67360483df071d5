//! Layer `answer`: an answer in a YAML or JSON model, beside what its element says.

use std::ops::Range;
use std::sync::Arc;

use super::edit::{Edit, indent, line_end, line_start};
use super::spelling::{in_json, in_native};
use super::{Answer, Unwritten};
use crate::model::words::{self, Meaning};
use crate::model::{Owner, Value};
use crate::source::{Source, Span};
use crate::syntax::tree::{Key, Node};

/// The sections whose entries have attributes.
const SECTIONS: [&str; 4] = ["boundaries", "elements", "data", "flows"];

/// The edits that say the answer in a file of that tree; `place` is the id of the element.
pub(super) fn with(
    source: &Arc<Source>,
    root: Option<&Node>,
    place: Span,
    owner: Owner,
    answer: &Answer,
) -> Result<Vec<Edit>, Unwritten> {
    let text = source.text();
    let is_json = is_json(source);
    let value = if is_json {
        in_json(&answer.value)
    } else {
        in_native(&answer.value)
    };
    let value = value.ok_or(Unwritten::NoPlace("no text can say this value"))?;
    let (key, body) = root
        .and_then(|root| entry(root, place))
        .ok_or(Unwritten::NoPlace("the model has no entry for it"))?;
    let at = Spot {
        text,
        is_json,
        key,
        node: body,
    };
    let attribute = answer.attribute.name();
    if !matches!(owner, Owner::Controls(_)) {
        return at.say(attribute, &value);
    }
    let Some((key, controls)) = body.entry("controls") else {
        return at.say_controls(attribute, &value);
    };
    if let Some(items) = controls.as_list() {
        return in_words(text, items, answer, attribute);
    }
    let inner = Spot {
        key,
        node: controls,
        ..at
    };
    inner.say(attribute, &value)
}

/// The edits by which a control that stands flat on its element, at `flat`, stands among its
/// controls.
pub(super) fn with_control(
    source: &Arc<Source>,
    flat: Span,
    attribute: &str,
) -> Result<Vec<Edit>, Unwritten> {
    const NO_ENTRY: Unwritten = Unwritten::NoPlace("the model has no entry of its own for it");
    let text = source.text();
    let root = crate::syntax::parse(source).root.ok_or(NO_ENTRY)?;
    let mut bodies = bodies(&root);
    let holds = |body: &Node| position(body, flat).is_some();
    let (key, body) = bodies.find(|(_, body)| holds(body)).ok_or(NO_ENTRY)?;
    let entries = body.as_map().unwrap_or_default();
    let at = position(body, flat).ok_or(NO_ENTRY)?;
    let value = &entries[at].1;
    let written = &text[value.span.range()];
    if body.span != body.content || value.span != value.content {
        return Err(SHARED);
    }
    if written.contains('\n') || written.is_empty() {
        return Err(NO_ENTRY);
    }
    let spot = Spot {
        text,
        is_json: is_json(source),
        key,
        node: body,
    };
    let is_flow = text[body.span.range()].starts_with('{');
    let Some((key, controls)) = body.entry("controls") else {
        let (group, name) = (spot.quoted("controls"), spot.quoted(attribute));
        let said = if is_flow {
            format!("{group}: {{{name}: {written}}}")
        } else {
            let lead = indent(text, flat.start as usize);
            let end = line_end(text);
            format!("controls:{end}{lead}  {attribute}: {written}")
        };
        return Ok(vec![Edit::new(whole(&entries[at]), said)]);
    };
    if controls.as_map().is_none() {
        return Err(Unwritten::NoPlace("its controls are a list of words"));
    }
    let inner = Spot {
        key,
        node: controls,
        ..spot
    };
    let mut edits = inner.say(attribute, written)?;
    let next = entries.get(at + 1).map(|(key, _)| key.span.start as usize);
    let last = at.checked_sub(1).map(|before| whole(&entries[before]).end);
    let own = whole(&entries[at]);
    let gone = match (is_flow, next, last) {
        (true, Some(next), _) => own.start..next,
        (true, None, Some(last)) => last..own.end,
        (true, None, None) => own,
        (false, ..) => line_of(text, &own),
    };
    // Behind the last entry stands what was said just now, if that is its neighbour.
    if is_flow && gone.contains(&(controls.span.end as usize)) {
        return Err(NO_ENTRY);
    }
    edits.push(Edit::new(gone, ""));
    Ok(edits)
}

/// The entries of all sections.
fn bodies(root: &Node) -> impl Iterator<Item = (&Key, &Node)> {
    let sections = SECTIONS.iter().filter_map(|name| root.get(name)?.as_map());
    sections.flatten().map(|(key, body)| (key, body))
}

/// Which entry of a map has its key there.
fn position(body: &Node, key: Span) -> Option<usize> {
    let entries = body.as_map()?;
    entries.iter().position(|(other, _)| other.span == key)
}

/// Key and value of an entry.
fn whole((key, value): &(Key, Node)) -> Range<usize> {
    key.span.start as usize..key.span.end.max(value.span.end) as usize
}

/// The line of an entry, or all but a comment that stands behind it.
fn line_of(text: &str, entry: &Range<usize>) -> Range<usize> {
    let rest = &text[entry.end..];
    let end = rest.find('\n').map_or(text.len(), |at| entry.end + at + 1);
    match rest[..end - entry.end].find('#') {
        Some(comment) => entry.start..entry.end + comment,
        None => line_start(text, entry.start)..end,
    }
}

fn is_json(source: &Source) -> bool {
    let ending = source.path().extension();
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}

/// The entry of a section whose id stands there.
fn entry(root: &Node, place: Span) -> Option<(&Key, &Node)> {
    bodies(root).find(|(key, _)| key.span == place)
}

/// A key and the map below it.
#[derive(Clone, Copy)]
struct Spot<'a> {
    text: &'a str,
    is_json: bool,
    key: &'a Key,
    node: &'a Node,
}

const SHARED: Unwritten =
    Unwritten::NoPlace("what it says is shared with others by an alias or an anchor");

impl Spot<'_> {
    /// With one entry more, or another value for one that is there.
    fn say(&self, attribute: &str, value: &str) -> Result<Vec<Edit>, Unwritten> {
        if let Some((key, old)) = self.node.entry(attribute) {
            return self.instead(key, old, value);
        }
        let said = format!("{}: {value}", self.quoted(attribute));
        self.add(&said, &[&format!("{attribute}: {value}")])
    }

    /// With controls, of which there are none yet.
    fn say_controls(&self, attribute: &str, value: &str) -> Result<Vec<Edit>, Unwritten> {
        let (controls, name) = (self.quoted("controls"), self.quoted(attribute));
        let said = format!("{controls}: {{{name}: {value}}}");
        self.add(&said, &["controls:", &format!("  {attribute}: {value}")])
    }

    fn quoted(&self, key: &str) -> String {
        if self.is_json {
            format!("\"{key}\"")
        } else {
            key.to_owned()
        }
    }

    /// Another value, where the key is there already.
    fn instead(&self, key: &Key, old: &Node, value: &str) -> Result<Vec<Edit>, Unwritten> {
        if old.span != old.content {
            return Err(SHARED);
        }
        if !old.span.is_empty() && !self.text[old.span.range()].trim().is_empty() {
            return Ok(vec![Edit::new(old.span.range(), value)]);
        }
        let from = key.span.end as usize;
        let colon = self.text[from..].find(':').map(|at| from + at + 1);
        let colon = colon.ok_or(Unwritten::NoPlace("its key has no colon"))?;
        Ok(vec![Edit::new(colon..colon, format!(" {value}"))])
    }

    /// With one entry more at the end of the map: `flow` within braces, else `lines`.
    fn add(&self, flow: &str, lines: &[&str]) -> Result<Vec<Edit>, Unwritten> {
        if self.node.span != self.node.content {
            return Err(SHARED);
        }
        let written = self.text.get(self.node.span.range()).unwrap_or("");
        let entries = self.node.as_map().unwrap_or_default();
        if written.starts_with('{') {
            return Ok(vec![self.add_in_braces(entries.last(), flow)]);
        }
        if let Some((last, value)) = entries.last() {
            let end = value.span.end.max(last.span.end) as usize;
            let end =
                last.span.end as usize + self.text[last.span.end as usize..end].trim_end().len();
            let first = entries.first().map_or(last, |(key, _)| key);
            let start = first.span.start as usize;
            let lead = &self.text[line_start(self.text, start)..start];
            if !lead.chars().all(|c| c == ' ') {
                return Err(Unwritten::NoPlace(
                    "its attributes have no lines of their own",
                ));
            }
            let new = indented(lead, lines);
            return Ok(vec![Edit::lines_after(self.text, end, &new)]);
        }
        // Nothing below the key yet.
        if !written.trim().is_empty() && written.trim() != "~" && written.trim() != "null" {
            return Err(Unwritten::NoPlace("what stands there is no map"));
        }
        let at = self.key.span.start as usize;
        let lead = format!("{}  ", indent(self.text, at));
        Ok(vec![
            Edit::new(self.node.span.range(), ""),
            Edit::lines_after(self.text, at, &indented(&lead, lines)),
        ])
    }

    fn add_in_braces(&self, last: Option<&(Key, Node)>, said: &str) -> Edit {
        let Some((key, value)) = last else {
            let range = self.node.span.range();
            return Edit::new(range, format!("{{{said}}}"));
        };
        let end = key.span.end.max(value.span.end) as usize;
        let start = key.span.start as usize;
        let line = line_start(self.text, start);
        let lead = &self.text[line..start];
        let new = if line > 0 && lead.chars().all(char::is_whitespace) && self.opens_before(line) {
            format!(",{}{lead}{said}", line_end(self.text))
        } else {
            format!(", {said}")
        };
        Edit::new(end..end, new)
    }

    /// Whether the brace stands on a line before.
    fn opens_before(&self, line: usize) -> bool {
        (self.node.span.start as usize) < line
    }
}

fn indented(lead: &str, lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| format!("{lead}{line}")).collect()
}

/// One more in a list of controls in words, where a name says it as well.
fn in_words(
    text: &str,
    items: &[Node],
    answer: &Answer,
    attribute: &str,
) -> Result<Vec<Edit>, Unwritten> {
    const WORDS: Unwritten = Unwritten::NoPlace(
        "its controls are a list of words; write them as a map such as `{isHardened: true}`",
    );
    let understood = matches!(
        words::meaning(crate::model::vocabulary::Class::Server, attribute),
        Meaning::Sets([one]) if *one == attribute
    );
    let (Value::Bool(true), true, Some(last)) = (&answer.value, understood, items.last()) else {
        return Err(WORDS);
    };
    let start = last.span.start as usize;
    let lead = &text[line_start(text, start)..start];
    let end = last.span.end as usize;
    if let Some(dash) = lead.find('-')
        && lead[..dash].chars().all(|c| c == ' ')
    {
        let new = [format!("{lead}{attribute}")];
        return Ok(vec![Edit::lines_after(text, end, &new)]);
    }
    Ok(vec![Edit::new(end..end, format!(", {attribute}"))])
}
