//! §2.3: flows that say the same, on what was declared.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{derived, ends};
use crate::model::{Attr, Element, ElementId, Model, Slots, Value};
use crate::notice::{Notice, code};

/// What does not tell two flows apart.
const IGNORED: [&str; 7] = [
    "name",
    "note",
    "order",
    "response",
    "responseTo",
    "is_drawn",
    "uuid",
];

/// What the TM wants done about duplicates.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Nothing,
    Restrict,
    Ignore,
}

/// Does what `onDuplicates` asks for: RESTRICT gives an error for each later
/// flow, IGNORE leaves it out of diagrams (its `is_drawn` says so).
pub(super) fn check(model: &mut Model) -> Vec<Notice> {
    let action = action(model);
    if action == Action::Nothing {
        return Vec::new();
    }
    let mut notices: Vec<Notice> = incomparable(model).into_iter().collect();
    for (first, later) in duplicates(model) {
        if action == Action::Ignore {
            let place = Some(model.element(later).place.clone());
            let slots = &mut model.element_mut(later).slots;
            slots.set(Attr::named("is_drawn"), derived(Value::Bool(true), place));
            continue;
        }
        let (one, other) = (model.element(first), model.element(later));
        let message = format!("The flow {} says the same as {}", other.name, one.name);
        notices.push(
            Notice::error(code::DUPLICATE_FLOW, other.place.clone(), message)
                .with_label(one.place.clone(), "the first one")
                .with_help("Remove one of them, or say what tells them apart"),
        );
    }
    notices
}

/// What pytm 1.4.0 does not survive: it compares flows with the same ends by what they hold, and
/// cannot where one carries data (`unhashable type: 'dict'`) or has a response (a circle).
fn incomparable(model: &Model) -> Option<Notice> {
    if model.format != "pytm" {
        return None;
    }
    let mut by_ends: BTreeMap<_, Vec<ElementId>> = BTreeMap::new();
    for &flow in &model.flows {
        by_ends.entry(ends(model, flow)).or_default().push(flow);
    }
    let compared = by_ends.into_values().filter(|flows| flows.len() > 1);
    let flow = compared
        .flatten()
        .find(|flow| is_deep(model.element(*flow)))?;
    let flow = model.element(flow);
    let message = format!(
        "pytm stops at process(): it cannot compare {} with the other flow between the same ends",
        flow.name
    );
    let notice = Notice::error(code::INCOMPLETE, flow.place.clone(), message);
    Some(
        notice.with_help("Leave `onDuplicates` out: it works for flows without data and responses"),
    )
}

/// Whether a flow holds data or another flow.
fn is_deep(flow: &Element) -> bool {
    let value = |name: &str| flow.slots.named(name).map(|slot| &slot.value);
    let holds = |name: &str| match value(name) {
        Some(Value::List(items) | Value::Set(items)) => !items.is_empty(),
        Some(value) => matches!(value, Value::Element(_)),
        None => false,
    };
    ["data", "response", "responseTo"].into_iter().any(holds)
}

fn action(model: &Model) -> Action {
    match model.slots.named("onDuplicates").map(|slot| &slot.value) {
        Some(Value::Member(e, at)) => match e.members[*at as usize].0 {
            "RESTRICT" => Action::Restrict,
            "IGNORE" => Action::Ignore,
            _ => Action::Nothing,
        },
        _ => Action::Nothing,
    }
}

/// Each later flow with the first that says the same.
fn duplicates(model: &Model) -> Vec<(ElementId, ElementId)> {
    let mut first_with = BTreeMap::new();
    let mut found = Vec::new();
    for &flow in &model.flows {
        let key = (ends(model, flow), saying(model.element(flow)));
        match first_with.get(&key) {
            Some(&first) => found.push((first, flow)),
            None => {
                first_with.insert(key, flow);
            }
        }
    }
    found
}

/// Everything that a flow says, but for what is ignored, as one text. What
/// equals its default says nothing.
fn saying(flow: &Element) -> String {
    let mut text = String::new();
    slots(&flow.slots, |attr| flow_default(flow, attr), &mut text);
    text.push('|');
    let default = |attr: &Attr| Some(&attr.default_on(super::Class::Controls)?.value);
    slots(&flow.controls, default, &mut text);
    for item in &flow.overrides {
        let response = item.response.as_ref().map(|said| &said.text);
        let _ = write!(text, "|{:?}{response:?}", item.rule.text);
    }
    text
}

fn flow_default<'a>(flow: &Element, attr: &Attr) -> Option<&'a Value> {
    Some(&attr.default_on(flow.class)?.value)
}

fn slots<'d>(slots: &Slots, default: impl Fn(&Attr) -> Option<&'d Value>, text: &mut String) {
    for (attr, slot) in slots.iter() {
        if IGNORED.contains(&attr.name()) {
            continue;
        }
        let mut said = String::new();
        write_value(&slot.value, &mut said);
        if let Some(default) = default(attr) {
            let mut unsaid = String::new();
            write_value(default, &mut unsaid);
            if said == unsaid {
                continue;
            }
        }
        let _ = write!(text, "{}={said};", attr.name());
    }
}

/// A text that is equal exactly for equal values.
fn write_value(value: &Value, text: &mut String) {
    let _ = match value {
        Value::Nothing => write!(text, "None"),
        Value::Bool(b) => write!(text, "{b}"),
        Value::Int(i) => write!(text, "{i}"),
        Value::Float(f) => write!(text, "{f:?}"),
        Value::Text(t) => write!(text, "{t:?}"),
        Value::Member(e, at) => write!(text, "{}.{at}", e.name),
        Value::Element(id) => write!(text, "e{}", id.0),
        Value::Data(id) => write!(text, "d{}", id.0),
        Value::List(items) => {
            write_items(&items.iter().map(written).collect::<Vec<_>>(), '[', text)
        }
        Value::Set(items) => {
            let mut items: Vec<_> = items.iter().map(written).collect();
            items.sort();
            write_items(&items, '{', text)
        }
        Value::Map(pairs) => {
            let pair = |(key, value): &(Value, Value)| written(key) + ":" + &written(value);
            write_items(&pairs.iter().map(pair).collect::<Vec<_>>(), ':', text)
        }
    };
}

fn written(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, &mut text);
    text
}

fn write_items(items: &[String], open: char, text: &mut String) -> std::fmt::Result {
    write!(text, "{open}{}", items.len())?;
    items.iter().try_for_each(|item| write!(text, ",{item}"))
}
