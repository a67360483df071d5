//! Layer `init`: what the sources say of an entry, and the model does not.

use super::Difference;
use super::entries::{Entry, value};
use crate::inventory::{Fact, Said};
use crate::source::Source;
use crate::syntax::tree::Node;

/// What an entry of the model lacks, or says otherwise.
pub(super) fn differences(entry: &Entry<'_>, body: &Node, model: &Source) -> Vec<Difference> {
    let controls = body.get("controls");
    // Controls in words are not compared: they say the same in other ways.
    let compares_controls = controls.is_none_or(|controls| controls.as_map().is_some());
    let of = |fact: &&Fact, said: Option<&Node>| {
        if said.is_some_and(|said| says(said, &fact.said)) {
            return None;
        }
        Some(Difference {
            id: entry.id.to_owned(),
            said: format!("{}: {}", fact.attribute, value(&fact.said)),
            place: fact.place.clone(),
            instead: said.map(|said| said.written(model).lines().next().unwrap_or("").to_owned()),
        })
    };
    let first = entry.first.iter().filter_map(|(key, said, place)| {
        let place = (*place)?;
        let written = body.get(key);
        if written
            .and_then(Node::as_text)
            .is_some_and(|text| &**text == *said)
        {
            return None;
        }
        Some(Difference {
            id: entry.id.to_owned(),
            said: format!("{key}: {said}"),
            place: place.clone(),
            instead: written.map(|said| said.written(model).to_owned()),
        })
    });
    let own = entry
        .facts
        .iter()
        .filter_map(|fact| of(fact, body.get(fact.attribute)));
    let control = entry.controls.iter().filter(|_| compares_controls);
    let control = control.filter_map(|fact| {
        // The old flat spelling counts too.
        let said = controls.and_then(|controls| controls.get(fact.attribute));
        of(fact, said.or_else(|| body.get(fact.attribute)))
    });
    first.chain(own).chain(control).collect()
}

/// Whether a value of the model is the one that a source says.
fn says(node: &Node, said: &Said) -> bool {
    match said {
        Said::Flag(said) => node.as_bool() == Some(*said),
        Said::Number(said) => node.as_int() == Some(*said),
        Said::Word(said) => node.as_text().is_some_and(|text| &**text == said),
        Said::Words(said) => node.as_list().is_some_and(|items| {
            let words = items.iter().filter_map(Node::as_text);
            // More is no contradiction.
            let words: Vec<&str> = words.map(|word| &**word).collect();
            said.iter().all(|word| words.contains(&word.as_str()))
        }),
    }
}
