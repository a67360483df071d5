//! What a finding rests on, put together to one sentence.

use std::collections::BTreeSet;

use super::ground::{Ground, Subject, Words};
use crate::model::asking::listed;
use crate::model::telling::{self, Open};
use crate::model::vocabulary::Class;
use crate::model::{ElementId, Model};

/// What is said, subject by subject, and what nobody said.
pub(super) fn sentence(model: &Model, element: ElementId, grounds: &[Ground]) -> String {
    let about = Subject::Element(element);
    let mut subjects: Vec<Subject> = Vec::new();
    for ground in grounds {
        if !subjects.contains(&ground.subject) {
            subjects.push(ground.subject);
        }
    }
    // What the finding is about comes first.
    subjects.sort_by_key(|subject| *subject != about);
    let is_flow = model.element(element).class == Class::Dataflow;
    let mut names = Names::new(model, element);
    let mut told: Vec<String> = Vec::new();
    let mut of_flow: Vec<String> = Vec::new();
    for subject in &subjects {
        let said = said_of(grounds, *subject);
        match subject {
            _ if said.is_empty() => {}
            Subject::Element(_) if is_flow && *subject == about => of_flow.extend(said),
            Subject::Data(_) if is_flow => {
                let name = subject.name(model);
                of_flow.push(format!("carries {name}, which {}", joined(&said, " and ")));
            }
            _ => told.push(format!("{} {}", names.of(*subject), joined(&said, " and "))),
        }
    }
    if !of_flow.is_empty() {
        told.insert(
            0,
            format!("{} {}", names.of(about), joined(&of_flow, " and ")),
        );
    }
    let open = all_open(model, &subjects, grounds, &mut names, &told);
    match (told.is_empty(), open.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!("Nobody said {open}."),
        (false, true) => format!("{}.", told.join("; ")),
        (false, false) => format!("{}; nobody said {open}.", told.join("; ")),
    }
}

/// What the model says of a subject.
fn said_of(grounds: &[Ground], subject: Subject) -> Vec<String> {
    let of = grounds.iter().filter(|ground| ground.subject == subject);
    of.filter_map(|ground| match &ground.words {
        Words::Said(words) => Some(words.clone()),
        Words::Open => None,
    })
    .collect()
}

/// What nobody said, once for all subjects of which the same is open.
fn all_open(
    model: &Model,
    subjects: &[Subject],
    grounds: &[Ground],
    names: &mut Names<'_>,
    told: &[String],
) -> String {
    let mut groups: Vec<(Vec<&str>, Vec<Subject>)> = Vec::new();
    for subject in subjects {
        let of = grounds.iter().filter(|ground| ground.subject == *subject);
        let open = of.filter(|ground| matches!(ground.words, Words::Open));
        let attributes: Vec<&str> = open.map(|ground| &*ground.attribute).collect();
        match groups.iter_mut().find(|(known, _)| *known == attributes) {
            _ if attributes.is_empty() => {}
            Some((_, of)) => of.push(*subject),
            None => groups.push((attributes, vec![*subject])),
        }
    }
    let mut open: Vec<String> = Vec::new();
    for (attributes, of) in groups {
        let name = match of.as_slice() {
            [only] if names.is_last(*only) && told.len() == 1 && open.is_empty() => "it".to_owned(),
            [only] => names.of(*only),
            many => {
                let named: Vec<String> = many.iter().map(|subject| subject.name(model)).collect();
                joined(&named, " or ")
            }
        };
        open.extend(open_words(&attributes, &name));
    }
    open.join(", nor ")
}

/// The names of subjects, that of a flow with its ends where it is first told.
struct Names<'m> {
    model: &'m Model,
    element: ElementId,
    told: BTreeSet<String>,
    last: Option<Subject>,
}

impl<'m> Names<'m> {
    fn new(model: &'m Model, element: ElementId) -> Self {
        Self {
            model,
            element,
            told: BTreeSet::new(),
            last: None,
        }
    }

    fn of(&mut self, subject: Subject) -> String {
        let name = subject.name(self.model);
        self.last = Some(subject);
        let is_new = self.told.insert(name.clone());
        let end = |what: &str| {
            let end = self.model.linked(self.element, what)?;
            Some(listed(&[&self.model.element(end).name]))
        };
        let is_flow = self.model.element(self.element).class == Class::Dataflow;
        if subject == Subject::Element(self.element)
            && is_flow
            && is_new
            && let (Some(source), Some(sink)) = (end("source"), end("sink"))
        {
            return format!("{name} from {source} to {sink}");
        }
        name
    }

    fn is_last(&self, subject: Subject) -> bool {
        self.last == Some(subject)
    }
}

/// What nobody said of a thing of that name.
pub(super) fn open_words(attributes: &[&str], name: &str) -> Vec<String> {
    let mut whether: Vec<String> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    for attribute in attributes {
        // The name is told once.
        let name = if whether.is_empty() && others.is_empty() {
            name
        } else {
            "it"
        };
        match telling::open(attribute, name) {
            Open::Whether(predicate) => whether.push(format!("{predicate} ({attribute})")),
            Open::Other(words) => others.push(format!("{words} ({attribute})")),
        }
    }
    let mut words = Vec::new();
    if !whether.is_empty() {
        words.push(format!("whether {name} {}", joined(&whether, " or ")));
    }
    words.append(&mut others);
    words
}

/// `a, b and c`.
pub(super) fn joined(words: &[String], with: &str) -> String {
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{}{with}{last}", rest.join(", ")),
    }
}
