//! Facts about the wiring of a model in words: who calls an element, where a flow goes.

use crate::condition::Fact;
use crate::model::asking::listed;
use crate::model::vocabulary::Class;
use crate::model::{ElementId, Model, Origin, Value};

/// What a fact about the graph says of the element that the finding is about; `None` where
/// it is about something else.
pub(super) fn told(model: &Model, id: ElementId, fact: &Fact) -> Option<String> {
    let (method, arguments) = fact.attribute.strip_suffix(')')?.split_once('(')?;
    let arguments: Vec<&str> = arguments.split(',').map(str::trim).collect();
    let is_unsaid = fact.origin == Origin::Default;
    let holds = matches!(fact.value, Value::Bool(true));
    method_words(model, id, method, &arguments, holds, is_unsaid)
}

/// A fact about the graph for which there are no words of its own.
pub(super) fn untold(fact: &Fact) -> String {
    let verb = match fact.value {
        Value::Bool(true) => "holds",
        _ => "does not hold",
    };
    format!("is where {} {verb}", fact.attribute)
}

fn method_words(
    model: &Model,
    id: ElementId,
    method: &str,
    arguments: &[&str],
    holds: bool,
    is_unsaid: bool,
) -> Option<String> {
    let is_flow = model.element(id).class == Class::Dataflow;
    let words = match (method, holds) {
        ("crosses" | "enters" | "exits", _) if !is_flow => return None,
        ("calledBy", true) => format!("is called by {}", callers(model, id, arguments)?),
        ("calledBy", false) => format!("is called by no {}", kinds(arguments)?),
        ("calledByOutsiders", true) => {
            let callers = callers(model, id, &["Actor", "ExternalEntity"])?;
            if is_unsaid {
                format!(
                    "is called by {callers}, of whom nobody said that they are in a zone of one's \
                     own (inBoundary, trust)"
                )
            } else {
                format!("is called from outside, by {callers}")
            }
        }
        ("calledByOutsiders", false) => "is not called from outside".to_owned(),
        ("crosses", true) => format!(
            "goes from {} to {}",
            zone(model, model.linked(id, "source")?),
            zone(model, model.linked(id, "sink")?)
        ),
        ("crosses", false) => "crosses no boundary".to_owned(),
        ("enters", true) => format!("enters {}", zone(model, model.linked(id, "sink")?)),
        ("enters", false) => "enters no boundary".to_owned(),
        ("exits", true) => format!("leaves {}", zone(model, model.linked(id, "source")?)),
        ("exits", false) => "leaves no boundary".to_owned(),
        ("inside" | "within", true) => format!("stands in {}", zone(model, id)),
        ("inside" | "within", false) => format!("stands in no {}", kinds(arguments)?),
        ("reachedFrom", _) => format!(
            "{} be reached from {}",
            if holds { "can" } else { "cannot" },
            way(arguments)?
        ),
        ("reaches", _) => format!(
            "{} reach {}",
            if holds { "can" } else { "cannot" },
            way(arguments)?
        ),
        _ => return None,
    };
    Some(words)
}

/// The callers that are of one of these classes.
fn callers(model: &Model, id: ElementId, classes: &[&str]) -> Option<String> {
    let classes: Option<Vec<Class>> = classes.iter().map(|name| Class::named(name)).collect();
    let classes = classes?;
    let requests = model.callers.of(id).iter();
    let callers = requests.filter_map(|request| model.linked(request.flow, "source"));
    let mut names: Vec<&str> = Vec::new();
    for caller in callers.map(|id| model.element(id)) {
        let is_meant = classes.iter().any(|class| caller.class.is_a(*class));
        if is_meant && !names.contains(&&*caller.name) {
            names.push(&caller.name);
        }
    }
    (!names.is_empty()).then(|| listed(&names))
}

/// The innermost boundary around an element.
fn zone(model: &Model, id: ElementId) -> String {
    match model.boundaries(id).first() {
        Some(boundary) => listed(&[&model.element(*boundary).name]),
        None => "outside of all boundaries".to_owned(),
    }
}

/// `Actor or ExternalEntity`.
fn kinds(arguments: &[&str]) -> Option<String> {
    let arguments: Vec<&str> = arguments
        .iter()
        .map(|a| a.trim_matches(['\'', '"']))
        .collect();
    let (last, rest) = arguments
        .split_last()
        .filter(|(last, _)| !last.is_empty())?;
    Some(if rest.is_empty() {
        (*last).to_owned()
    } else {
        format!("{} or {last}", rest.join(", "))
    })
}

/// From or to what a way leads, and what nothing on it does.
fn way(arguments: &[&str]) -> Option<String> {
    let (class, stops) = arguments.split_first()?;
    let class = Class::named(class)?.name();
    let article = if class.starts_with(['A', 'E', 'I', 'O', 'U']) {
        "an"
    } else {
        "a"
    };
    Some(if stops.is_empty() {
        format!("{article} {class}")
    } else {
        format!("{article} {class} without {} on the way", kinds(stops)?)
    })
}
