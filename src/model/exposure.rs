//! Who from outside reaches an element, and what is at stake there, as `derive` finds it.

use super::vocabulary::Class;
use super::{DataId, ElementId, Model};

/// How outsiders reach an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Not at all.
    #[default]
    No,
    /// Only past an authentication, its own or one on the way.
    Login,
    /// With no authentication on the way.
    Open,
}

/// How much is at stake at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// Nobody said what data is there.
    #[default]
    Unknown,
    /// PUBLIC data at most.
    Low,
    /// RESTRICTED data at most.
    Medium,
    /// SENSITIVE data or above, data of which nobody said how confidential it is, or
    /// something that the business depends on.
    High,
}

/// What is at stake at a place: the highest class of data at it or behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stake {
    /// How much.
    pub worth: Worth,
    /// The classification, by position in its table; 0 where nobody said it.
    pub class: u8,
    /// What it is.
    pub thing: Option<Thing>,
}

/// What makes a place worth something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// An element on which the business depends.
    Business(ElementId),
    /// A store that says it keeps confidential data.
    Store(ElementId),
    /// A Data.
    Data(DataId),
}

/// What is known of every element, by position.
#[derive(Clone, Debug, Default)]
pub struct Exposures {
    pub(super) reached: Vec<Reached>,
    pub(super) stakes: Vec<Stake>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reached {
    pub(super) reach: Reach,
    /// What stands before it on the way.
    pub(super) before: Option<ElementId>,
    /// The outsider, if it is another one.
    pub(super) from: Option<ElementId>,
    pub(super) outsider: bool,
}

/// How many elements of a way are told, beside the outsider.
const MAX_TOLD: usize = 6;

/// A shortest way on which an outsider reaches something, in the direction of the flows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// The outsider first; empty if there is none.
    pub elements: Vec<ElementId>,
    /// Something between the outsider and the next one is left out.
    pub cut: bool,
}

impl Exposures {
    /// How outsiders reach an element or flow. A flow from or to an outsider lies open:
    /// it passes where anyone may listen.
    pub fn reach(&self, model: &Model, id: ElementId) -> Reach {
        match self.place(model, id) {
            Place::Element(id) => self.reached(id).reach,
            Place::Outside(..) => Reach::Open,
        }
    }

    /// A shortest way on which an outsider reaches an element or flow.
    pub fn way(&self, model: &Model, id: ElementId) -> Way {
        let end = match self.place(model, id) {
            Place::Outside(source, sink) => {
                return Way {
                    elements: vec![source, sink],
                    cut: false,
                };
            }
            Place::Element(at) => at,
        };
        let Some(from) = self.reached(end).from else {
            return Way::default();
        };
        let mut elements = vec![end];
        let mut at = end;
        while let Some(before) = self.reached(at).before.filter(|_| at != from) {
            if elements.len() == MAX_TOLD && before != from {
                break;
            }
            elements.push(before);
            at = before;
        }
        let cut = at != from;
        if cut {
            elements.push(from);
        }
        elements.reverse();
        Way { elements, cut }
    }

    /// What is at stake at an element, or on a flow and its answer.
    pub fn stake(&self, id: ElementId) -> Stake {
        let at = id.0 as usize;
        self.stakes.get(at).copied().unwrap_or_default()
    }

    fn reached(&self, id: ElementId) -> Reached {
        self.reached.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Where one has to be to get at an element or flow.
    fn place(&self, model: &Model, id: ElementId) -> Place {
        let ends = (model.linked(id, "source"), model.linked(id, "sink"));
        let (true, (Some(source), Some(sink))) =
            (model.element(id).class.is_a(Class::Dataflow), ends)
        else {
            return Place::Element(id);
        };
        if self.reached(source).outsider || self.reached(sink).outsider {
            return Place::Outside(source, sink);
        }
        let end = if model.is_response(id) { source } else { sink };
        Place::Element(end)
    }
}

enum Place {
    Element(ElementId),
    /// On a flow between an outsider and something.
    Outside(ElementId, ElementId),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;
    use crate::model::builder::{Builder, data, member};

    struct System {
        model: Model,
        ids: Vec<ElementId>,
    }

    impl System {
        fn path(&self, at: usize) -> String {
            let way = self.model.exposures.way(&self.model, self.ids[at]);
            let names = way.elements.iter().map(|id| &*self.model.element(*id).name);
            names.collect::<Vec<_>>().join(" → ")
        }

        fn reach(&self, at: usize) -> Reach {
            self.model.exposures.reach(&self.model, self.ids[at])
        }
    }

    /// User → Web → API → DB, in that order of ids, then the flows between them.
    fn system(say: impl FnOnce(&mut Builder, &[ElementId])) -> System {
        let mut b = Builder::new();
        let mut ids = vec![
            b.element(Class::Actor, "User"),
            b.element(Class::Server, "Web"),
            b.element(Class::Server, "API"),
            b.element(Class::Datastore, "DB"),
        ];
        for at in 0..3 {
            ids.push(b.flow("", ids[at], ids[at + 1]));
        }
        say(&mut b, &ids);
        System {
            model: b.derived(),
            ids,
        }
    }

    #[test]
    fn outsiders_reach_as_far_as_nothing_authenticates_and_behind_it_past_a_login() {
        let open = system(|_, _| {});
        assert_eq!(open.reach(3), Reach::Open);
        assert_eq!(open.path(3), "User → Web → API → DB");
        let login = system(|b, ids| {
            b.control(ids[2], "authenticatesSource");
        });
        let reaches = [1, 2, 3].map(|at| login.reach(at));
        assert_eq!(reaches, [Reach::Open, Reach::Login, Reach::Login]);
        let flow = system(|b, ids| {
            b.control(ids[4], "authenticatesSource");
        });
        assert_eq!(flow.reach(1), Reach::Login);
        // The flow itself passes where anyone may listen.
        assert_eq!(flow.reach(4), Reach::Open);
        assert_eq!(flow.reach(6), Reach::Login);
    }

    #[test]
    fn who_stands_in_a_zone_of_ones_own_is_no_outsider() {
        for (trust, reach) in [
            ("INTERNAL", Reach::No),
            ("RESTRICTED", Reach::No),
            ("PARTNER", Reach::Open),
            ("UNTRUSTED", Reach::Open),
        ] {
            let s = system(|b, ids| {
                let zone = b.element(Class::Boundary, "Zone");
                b.say(zone, "trust", member("Trust", trust));
                b.say(ids[0], "inBoundary", Value::Element(zone));
            });
            assert_eq!(s.reach(3), reach, "{trust}");
        }
        let admin = system(|b, ids| {
            b.say(ids[0], "isAdmin", Value::Bool(true));
        });
        assert_eq!(admin.reach(1), Reach::No);
        assert_eq!(admin.path(1), "");
    }

    #[test]
    fn the_highest_class_behind_an_element_is_at_stake_there() {
        let stake = |class: Option<&str>| {
            let s = system(|b, ids| {
                let orders = b.data("Orders");
                if let Some(class) = class {
                    b.say_data(orders, "classification", member("Classification", class));
                }
                b.say(ids[6], "data", data(&[orders]));
            });
            [1, 3, 6, 4].map(|at| s.model.exposures.stake(s.ids[at]).worth)
        };
        let (high, none) = (Worth::High, Worth::Unknown);
        assert_eq!(stake(Some("SENSITIVE")), [high, high, high, none]);
        assert_eq!(stake(None), [high, high, high, none]);
        assert_eq!(stake(Some("RESTRICTED"))[0], Worth::Medium);
        assert_eq!(stake(Some("PUBLIC"))[0], Worth::Low);
    }

    #[test]
    fn a_chain_of_thousands_is_walked_once() {
        let mut b = Builder::new();
        let mut last = b.element(Class::Actor, "User");
        for at in 0..20_000 {
            let next = b.element(Class::Server, &format!("S{at}"));
            b.flow("", last, next);
            last = next;
        }
        let model = b.derived();
        assert_eq!(model.exposures.reach(&model, last), Reach::Open);
        let way = model.exposures.way(&model, last);
        assert!(way.cut && way.elements.len() == MAX_TOLD + 1, "{way:?}");
        assert_eq!(&*model.element(way.elements[0]).name, "User");
    }
}
