//! Why a finding holds, in a sentence: what the model says, with names and values, then
//! what nobody said. Every output tells it in these words.

use super::ground::{Ground, Subject, Words, of_answer, of_fact, shown};
use super::sentence::{joined, open_words, sentence};
use crate::condition::{Answer, Fact};
use crate::model::{ElementId, Model};

/// So many things that nobody said are told; those that would settle the finding in any case.
const MOST_OPEN: usize = 2;

/// Why a finding holds: what its condition rests on, and what would settle it, which is
/// named in any case.
pub(super) fn why(
    model: &Model,
    element: ElementId,
    grounds: Vec<Ground>,
    deciding: &[Vec<Answer>],
) -> String {
    told(model, element, grounds, deciding).unwrap_or_else(|| {
        let name = Subject::Element(element).name(model);
        let class = model.element(element).class.name();
        format!("{name} is of the class {class}; the rule asks for nothing else.")
    })
}

/// What these facts say, in a sentence; `None` without any.
pub(super) fn of_facts(model: &Model, element: ElementId, facts: &[Fact]) -> Option<String> {
    let grounds = facts.iter().map(|fact| of_fact(model, element, fact));
    told(model, element, grounds.collect(), &[])
}

fn told(
    model: &Model,
    element: ElementId,
    told: Vec<Ground>,
    deciding: &[Vec<Answer>],
) -> Option<String> {
    let deciding: Vec<&Answer> = deciding.iter().flatten().collect();
    let decides = |ground: &Ground| {
        deciding.iter().any(|answer| {
            Subject::from(answer.owner) == ground.subject
                && shown(answer.attribute.name()) == ground.attribute
        })
    };
    let mut grounds: Vec<Ground> = Vec::new();
    let more = deciding
        .iter()
        .filter_map(|answer| of_answer(model, answer));
    for ground in told.into_iter().chain(more) {
        let is_known = |known: &Ground| {
            known.subject == ground.subject
                && known.attribute == ground.attribute
                && match (&known.words, &ground.words) {
                    (Words::Said(known), Words::Said(new)) => {
                        !ground.attribute.is_empty() || known == new
                    }
                    _ => true,
                }
        };
        if !grounds.iter().any(is_known) {
            grounds.push(ground);
        }
    }
    if grounds.iter().any(|ground| !ground.weak) {
        grounds.retain(|ground| !ground.weak);
    }
    let mut room = MOST_OPEN.saturating_sub(
        (grounds.iter())
            .filter(|ground| matches!(ground.words, Words::Open) && decides(ground))
            .count(),
    );
    grounds.retain(|ground| {
        let spare = matches!(ground.words, Words::Open) && !decides(ground);
        if spare && room > 0 {
            room -= 1;
            return true;
        }
        !spare
    });
    (!grounds.is_empty()).then(|| sentence(model, element, &grounds))
}

/// What a finding rests on, in words: of whom, and what, or that nobody said it.
pub(super) fn ground(model: &Model, ground: &Ground) -> String {
    let name = ground.subject.name(model);
    match &ground.words {
        Words::Said(words) => format!("{name} {words}"),
        Words::Open => {
            let open = open_words(&[&ground.attribute], &name);
            format!("nobody said {}", joined(&open, ", nor "))
        }
    }
}
