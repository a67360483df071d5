//! Layer `rules`: whether a rule waits for a fact that no model will ever state, because nothing
//! asks for it and nothing tells it.

use std::collections::BTreeSet;

use super::diagram::{Atom, Diagrams, Ref};
use crate::model::derive::DERIVED;
use crate::model::facts;
use crate::model::vocabulary::{Attribute, Class, Fallback, Kind, Meaning};

/// The facts for which a condition waits: it never holds as long as nobody states them.
pub(super) fn for_what(all: &mut Diagrams, condition: Ref) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    let unsaid = unsaid(all, condition, &mut facts);
    if unsaid != Ref::FALSE {
        facts.clear();
    }
    facts
}

/// What is left of a condition where nobody states the facts that nothing asks for or tells;
/// these are noted.
fn unsaid(all: &mut Diagrams, mut diagram: Ref, noted: &mut BTreeSet<String>) -> Ref {
    for atom in all.support(diagram) {
        let holds = match all.atom_of(atom).clone() {
            Atom::Any(over, body) => {
                let left = unsaid(all, body, noted);
                if left != body && left != Ref::FALSE {
                    let [without, with] = [false, true].map(|it| all.given(diagram, atom, it));
                    let any = all.atom(Atom::Any(over, left));
                    diagram = all.choose(any, with, without);
                }
                (left == Ref::FALSE).then_some(false)
            }
            Atom::Truth(term) => by_default(&term, None, noted),
            Atom::Equal(left, right) => by_default(&right, Some(&left), noted)
                .or_else(|| by_default(&left, Some(&right), noted)),
            Atom::Other(text) => match text.rsplit_once(" in ") {
                Some((item, term)) => by_default(term, Some(item), noted),
                None => None,
            },
        };
        if let Some(holds) = holds {
            diagram = all.given(diagram, atom, holds);
        }
    }
    diagram
}

/// What a question about a term comes to where nobody says anything: whether it holds, or whether
/// it is this constant. Nothing for what is asked for or told.
fn by_default(term: &str, constant: Option<&str>, noted: &mut BTreeSet<String>) -> Option<bool> {
    let name = term.rsplit('.').next()?;
    let mut known = Class::ALL.into_iter().filter_map(|it| it.attribute(name));
    let first = known.next()?;
    let is_fact = |it: &Attribute| matches!(it.meaning, Meaning::Fact | Meaning::Risk(_));
    let of_things = matches!(
        first.kind,
        Kind::Bool | Kind::Int | Kind::Text | Kind::Texts | Kind::Enum(_)
    );
    let reachable = |it: &Attribute| {
        let answers = facts::answers(it);
        let takes = |constant: &str| {
            let text = constant.trim_matches('"');
            let unsaid = matches!(it.default, Fallback::Text(known) if known == text);
            let mut texts = answers.iter().flat_map(|answer| {
                let items = answer.items().unwrap_or_default().iter();
                items.chain([answer]).filter_map(|it| it.as_text())
            });
            unsaid || texts.any(|known| known == text)
        };
        let is_text = matches!(it.kind, Kind::Text | Kind::Texts);
        !answers.is_empty() && (!is_text || constant.is_none_or(takes))
    };
    if !is_fact(first) || !of_things || first.required || DERIVED.contains(&name) {
        return None;
    }
    if reachable(first) || known.any(reachable) {
        return None;
    }
    noted.insert(name.to_owned());
    Some(match (first.default, constant) {
        (Fallback::Bool(holds), _) => holds,
        (Fallback::Text(text), Some(constant)) => constant == format!("{text:?}"),
        (Fallback::Member(member), Some(constant)) => constant.ends_with(&format!(".{member}")),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::canonical;
    use super::*;

    #[test]
    fn a_condition_waits_for_what_nothing_asks_for_and_nothing_tells() {
        let cases = [
            ("'COBOL' in target.technologies", vec!["technologies"]),
            ("'PHP' in target.technologies", vec![]),
            ("target.environment == 'Staging'", vec!["environment"]),
            ("target.environment == 'Production'", vec![]),
            ("target.environment != 'Staging'", vec![]),
            ("target.note", vec!["note"]),
            ("target.note or target.usesJWT", vec![]),
            (
                "any(f.note and f.isResponse for f in target.inputs)",
                vec!["note"],
            ),
            ("any(f.note or f.isResponse for f in target.inputs)", vec![]),
            (
                "any(d.format == 'CSV' for d in target.data)",
                vec!["format"],
            ),
            (
                "any(d.format not in ('', 'CSV') for d in target.data)",
                vec![],
            ),
            ("target.protocolKind == ProtocolKind.MAIL", vec![]),
            ("target.controls.isHardened", vec![]),
            ("target.name == 'Shop' and target.inScope", vec![]),
        ];
        for (when, facts) in cases {
            let mut all = Diagrams::new();
            let found = canonical::diagram(&mut all, when).unwrap();
            let waits: Vec<_> = for_what(&mut all, found).into_iter().collect();
            assert_eq!(waits, facts, "{when}");
        }
    }
}
