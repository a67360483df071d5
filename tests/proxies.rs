//! A proxy put in front of a program takes no finding that fails the gate away: it stays
//! where it was, or is told of what stands in front if that may be the program itself.

use std::collections::BTreeSet;

use rayon::prelude::*;
use tmrs::model::derive::derive;
use tmrs::model::vocabulary::Class;
use tmrs::model::{Attr, Element, ElementId, Model, Slot, Value};

use crate::truth::{failing, gating, models};

/// What the model says of what is put in front.
#[derive(Clone, Copy, Debug)]
enum Front {
    /// That it is a proxy.
    Said,
    /// Only that it is called a load balancer.
    Named,
    /// Nothing.
    Unsaid,
}

/// The requests that end at an element.
fn requests(model: &Model, id: ElementId) -> Vec<ElementId> {
    let is_response = |flow: ElementId| {
        let slot = model.element(flow).named("isResponse");
        slot.is_some_and(|slot| slot.value.is_true())
    };
    let ends_here = |flow: &&ElementId| {
        model.linked(**flow, "sink") == Some(id)
            && model.linked(**flow, "source").is_some()
            && !is_response(**flow)
    };
    model.flows.iter().filter(ends_here).copied().collect()
}

/// The model with something between a program and whatever calls it.
fn behind(model: &Model, id: ElementId, front: Front) -> Model {
    let mut behind = model.clone();
    let place = model.element(id).place.clone();
    let said = |value: Value| Slot::declared(value, place.clone());
    let name = match front {
        Front::Named => "Load balancer",
        Front::Said | Front::Unsaid => "Front",
    };
    let mut proxy = Element::new(Class::Server, name, place.clone());
    if let Some(around) = model.linked(id, "inBoundary") {
        let slot = said(Value::Element(around));
        proxy.slots.set(Attr::named("inBoundary"), slot);
    }
    if matches!(front, Front::Said) {
        proxy
            .slots
            .set(Attr::named("isProxy"), said(Value::Bool(true)));
    }
    let proxy_id = ElementId(behind.elements.len() as u32);
    behind.elements.push(proxy);
    for flow in requests(model, id) {
        let mut passed = model.element(flow).clone();
        let from = said(Value::Element(proxy_id));
        passed.slots.set(Attr::named("source"), from.clone());
        behind.elements.push(passed);
        let first = behind.element_mut(flow);
        first.slots.set(Attr::named("sink"), from);
    }
    for element in &mut behind.elements {
        element.inferred.clear();
    }
    derive(&mut behind);
    behind
}

#[test]
fn a_proxy_in_front_takes_no_finding_that_fails_away() {
    let rules = gating();
    let able = [Class::Server, Class::Process, Class::Lambda];
    let gone: BTreeSet<String> = models()
        .par_iter()
        .flat_map_iter(|model| {
            let before = failing(model, &rules);
            let programs = model.ids().filter(|id| {
                let class = model.element(*id).class;
                able.iter().any(|able| class.is_a(*able))
                    && !model.callers.is_proxy(*id)
                    && !requests(model, *id).is_empty()
            });
            let mut gone = Vec::new();
            for id in programs {
                for front in [Front::Said, Front::Named, Front::Unsaid] {
                    let after = failing(&behind(model, id, front), &rules);
                    for (rule, element) in before.difference(&after) {
                        // Where nobody says that it is a proxy, it may be the program.
                        let on_it = (rule.clone(), "Front".to_owned());
                        if matches!(front, Front::Unsaid) && after.contains(&on_it) {
                            continue;
                        }
                        let (path, name) = (model.path(), &model.element(id).name);
                        gone.push(format!(
                            "{path}: {front:?} before {name} takes {rule} of {element} away"
                        ));
                    }
                }
            }
            gone
        })
        .collect();
    assert!(
        gone.is_empty(),
        "{} times:\n{}",
        gone.len(),
        Vec::from_iter(gone).join("\n")
    );
}
