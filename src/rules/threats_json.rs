//! Layer `rules`: pytm's threat file in JSON (docs/semantics.md §3).

use std::sync::Arc;

use super::draft::{Draft, Phrase, Written};
use super::threats::{Field, Threat};
use crate::notice::{Notice, code};
use crate::source::Source;
use crate::syntax::tree::{Node, NodeKind};

/// Whether a parsed file is one of pytm's: a list of maps, one of which has a
/// key that only pytm's threats have.
pub(super) fn is_threats(root: &Node) -> bool {
    let pytms = |item: &Node| item.get("SID").is_some() || item.get("DEPRECATED").is_some();
    root.as_list().is_some_and(|items| items.iter().any(pytms))
}

/// The live threats of the file. An entry with the key `DEPRECATED` is left
/// out, as in pytm. Complaints go to `notices`.
pub(super) fn drafts(source: &Arc<Source>, root: &Node, notices: &mut Vec<Notice>) -> Vec<Draft> {
    let Some(items) = root.as_list() else {
        let message = format!(
            "a pytm threat file holds a list of threats, this is {}",
            root.described()
        );
        notices.push(Notice::error(
            code::RULE_FIELD,
            source.place(root.span),
            message,
        ));
        return Vec::new();
    };
    items
        .iter()
        .filter(|item| item.get("DEPRECATED").is_none())
        .filter_map(|item| threat(source, item, notices)?.draft(notices))
        .collect()
}

fn threat(source: &Arc<Source>, item: &Node, notices: &mut Vec<Notice>) -> Option<Threat> {
    let place = source.place(item.span);
    let mut complain = |message: String| {
        notices.push(Notice::error(code::RULE_FIELD, place.clone(), message));
        None
    };
    let Some(entries) = item.as_map() else {
        return complain(format!("a threat is a map, this is {}", item.described()));
    };
    let Some(id) = item.get("SID").or_else(|| item.get("id")) else {
        return complain("this threat has no SID".into());
    };
    let Some(id) = phrase(source, id) else {
        return complain(format!("the SID is {}, not a text", id.described()));
    };
    let fields = entries
        .iter()
        .map(|(key, value)| (Arc::clone(&key.text), field(source, value)))
        .collect();
    Some(Threat { id, place, fields })
}

fn field(source: &Arc<Source>, node: &Node) -> Field {
    let other = || Field::Other(source.place(node.span), node.described());
    match &node.kind {
        NodeKind::Text(_) => phrase(source, node).map_or_else(other, Field::Text),
        NodeKind::List(items) => {
            let phrases: Option<Vec<_>> = items.iter().map(|item| phrase(source, item)).collect();
            phrases.map_or_else(other, Field::Texts)
        }
        _ => other(),
    }
}

fn phrase(source: &Arc<Source>, node: &Node) -> Option<Phrase> {
    Some(Phrase {
        text: Arc::clone(node.as_text()?),
        source: Arc::clone(source),
        written: Written::Scalar(node.clone()),
    })
}
