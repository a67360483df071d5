//! What a finding of the base stood on and that is not there any more: elements that
//! went or are of another class, and flows that lead elsewhere.

use super::gone::{Both, Cause, Loss, NAMED};
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
        let (now, before) = (self.here.model, self.there.model);
        if now.elements.is_empty() {
            return Cause::Lost(vec![Loss {
                kind: Kind::Gone,
                subject: Subject::model(now),
                place: now.place.clone(),
                what: format!("“{}” was emptied: it has no elements any more", now.name),
            }]);
        }
        let element = before.element(then.element);
        let name = canonical(&element.name);
        let other = now.ids().find(|id| {
            let other = now.element(*id);
            other.class != element.class
                && canonical(&other.name) == name
                && self.there.same(*id).is_none()
        });
        if let Some(id) = other {
            if is_open(id, &then.rule.id) {
                return Cause::Moved;
            }
            let other = now.element(id);
            return Cause::Lost(vec![Loss {
                kind: Kind::Gone,
                subject: Subject::element(now, id),
                place: other.place.clone(),
                what: format!(
                    "{} “{}” is of the class {} now",
                    element.class.name(),
                    element.name,
                    other.class.name()
                ),
            }]);
        }
        Cause::Lost(vec![self.went(then.element)])
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

    /// What changed about the shape of the model, for what no attribute explains.
    pub(super) fn around(&self) -> Option<Loss> {
        let (now, before) = (self.here.model, self.there.model);
        let listed = |model: &Model, ids: &[ElementId]| {
            let named = ids.iter().take(NAMED).map(|id| {
                let element = model.element(*id);
                format!("{} “{}”", element.class.name(), element.name)
            });
            let named: Vec<String> = named.collect();
            let more = ids.len().saturating_sub(NAMED);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            named.join(", ") + &more
        };
        let gone: Vec<ElementId> = before
            .ids()
            .filter(|id| self.here.same(*id).is_none())
            .collect();
        let come: Vec<ElementId> = now
            .ids()
            .filter(|id| self.there.same(*id).is_none())
            .collect();
        let mut what = Vec::new();
        if !gone.is_empty() {
            what.push(format!("{} went", listed(before, &gone)));
        }
        if !come.is_empty() {
            what.push(format!("{} came", listed(now, &come)));
        }
        if what.is_empty() {
            return None;
        }
        let place = come.first().map(|id| now.element(*id).place.clone());
        Some(Loss {
            kind: Kind::Gone,
            subject: Subject::model(now),
            place: place.unwrap_or_else(|| now.place.clone()),
            what: format!("“{}” has another shape: {}", now.name, what.join(", ")),
        })
    }
}
