//! What a finding of the base stood on and that is not there any more: elements that
//! went or are of another class, and flows that lead elsewhere.

use super::gone::Cause;
use super::statements::{Both, Loss};
use super::{Kind, Subject};
use crate::finding::{Finding, canonical};
use crate::model::{Attr, ElementId, Model, Owner, Value};

impl Both<'_> {
    /// The element is not there any more, or is of another class.
    pub(super) fn removed(
        &self,
        then: &Finding,
        is_open: &dyn Fn(ElementId, &str) -> bool,
    ) -> Cause {
        let now = self.here.model;
        if now.elements.is_empty() {
            return Cause::Lost(vec![Loss {
                kind: Kind::Gone,
                subject: Subject::model(now),
                place: now.place.clone(),
                what: format!("“{}” was emptied: it has no elements any more", now.name),
            }]);
        }
        match self.of_another_class(then.element) {
            Some(other) if is_open(other, &then.rule.id) => Cause::Moved,
            _ => Cause::Lost(vec![self.became(then.element)]),
        }
    }

    /// The element that has the name of one of the base, and another class.
    fn of_another_class(&self, id: ElementId) -> Option<ElementId> {
        let (now, element) = (self.here.model, self.there.model.element(id));
        let name = canonical(&element.name);
        now.ids().find(|id| {
            let other = now.element(*id);
            other.class != element.class
                && canonical(&other.name) == name
                && self.there.same(*id).is_none()
        })
    }

    /// What became of an element of the base that is not there any more.
    pub(super) fn became(&self, id: ElementId) -> Loss {
        let Some(other) = self.of_another_class(id) else {
            return self.went(id);
        };
        let (now, element) = (self.here.model, self.there.model.element(id));
        let other_class = now.element(other).class.name();
        Loss {
            kind: Kind::Gone,
            subject: Subject::element(now, other),
            place: now.element(other).place.clone(),
            what: format!(
                "{} “{}” is of the class {other_class} now",
                element.class.name(),
                element.name,
            ),
        }
    }

    pub(super) fn subject(&self, class: &'static str, name: &str) -> Subject {
        Subject {
            class,
            name: name.into(),
            ..Subject::model(self.here.model)
        }
    }

    /// Why an element of the base is not there any more: a flow leads elsewhere, or
    /// went with the end that went.
    pub(super) fn went(&self, id: ElementId) -> Loss {
        let (now, before) = (self.here.model, self.there.model);
        let ends = ["source", "sink"].into_iter();
        let mut ends = ends.filter_map(|end| before.linked(id, end));
        let gone = ends.find(|end| self.here.same(*end).is_none());
        if let (None, Some(loss)) = (gone, self.led_elsewhere(id)) {
            return loss;
        }
        let gone = before.element(gone.unwrap_or(id));
        Loss {
            kind: Kind::Gone,
            subject: Subject {
                element: None,
                ..self.subject(gone.class.name(), &gone.name)
            },
            place: now.place.clone(),
            what: format!("{} “{}” was removed", gone.class.name(), gone.name),
        }
    }

    /// A flow of the base that begins or ends elsewhere now: its ends are part of who
    /// it is, so it is known by its name alone.
    fn led_elsewhere(&self, id: ElementId) -> Option<Loss> {
        let (now, before) = (self.here.model, self.there.model);
        let element = before.element(id);
        before.linked(id, "sink")?;
        let name = canonical(&element.name);
        let is_this = |other: &ElementId| {
            let other_element = now.element(*other);
            other_element.class == element.class
                && self.there.same(*other).is_none()
                && canonical(&other_element.name) == name
        };
        let other = now.ids().find(is_this)?;
        let ends = ["source", "sink"].into_iter().filter_map(|end| {
            let (was, is) = (before.linked(id, end)?, now.linked(other, end)?);
            let (was_name, is_name) = (&before.element(was).name, &now.element(is).name);
            let is_same = self.here.same(was) == Some(is);
            (!is_same).then(|| format!("{end} was “{was_name}” and is “{is_name}”"))
        });
        let ends: Vec<String> = ends.collect();
        if ends.is_empty() {
            return None;
        }
        let (class, name) = (element.class.name(), &element.name);
        Some(Loss {
            kind: Kind::Fact,
            subject: Subject::element(now, other),
            place: now.element(other).place.clone(),
            what: format!("{class} “{name}”: {}", ends.join(", ")),
        })
    }

    /// The flows that come to or leave an element: those that are new, each with its line,
    /// and those that went or lead elsewhere.
    pub(super) fn flows(&self, owner: Owner, here: Owner, attr: &Attr) -> (Vec<String>, Vec<Loss>) {
        let (now, before) = (self.here.model, self.there.model);
        let of = |model: &Model, owner: Owner| -> Vec<ElementId> {
            let slot = model.slot(owner, attr);
            let items = slot.and_then(|slot| slot.value.items()).unwrap_or_default();
            items.iter().filter_map(Value::as_element).collect()
        };
        let (was, is) = (of(before, owner), of(now, here));
        let mut went: Vec<Loss> = was
            .iter()
            .filter(|id| self.here.same(**id).is_none())
            .map(|id| self.went(*id))
            .collect();
        let mut come = Vec::new();
        for id in is.iter().filter(|id| self.there.same(**id).is_none()) {
            let flow = now.element(*id);
            let name = canonical(&flow.name);
            let earlier = before.ids().find(|other| {
                let other_flow = before.element(*other);
                other_flow.class == flow.class
                    && self.here.same(*other).is_none()
                    && canonical(&other_flow.name) == name
            });
            match earlier.map(|earlier| self.went(earlier)) {
                Some(loss) if went.contains(&loss) => {}
                Some(loss) => went.push(loss),
                None => come.push(format!(
                    "{} “{}” is new ({}:{})",
                    flow.class.name(),
                    flow.name,
                    flow.place.path(),
                    flow.place.positions().0.line
                )),
            }
        }
        (come, went)
    }
}
