//! How values compare: `==`, `is`, `in` and the orders (docs/semantics.md §3).
//!
//! Python's rules where both sides are alike; between unlike types `==`, `is`
//! and `in` are false, and an order is an error. `None` as an answer means that
//! it rests on something unknown.

use std::cmp::Ordering;

use super::expression::{Relation, Shape};
use super::value::{Fault, Outcome, Val, Work};
use crate::python::number;
use crate::python::operation::Number;

const UNORDERED: Fault<'_> = Fault::Other("these values have no order");

impl<'m> Val<'m> {
    fn number(&self) -> Option<Number> {
        match self {
            Self::Bool(b) => Some(Number::Int(i64::from(*b))),
            Self::Int(i) => Some(Number::Int(*i)),
            Self::Float(f) => Some(Number::Float(*f)),
            _ => None,
        }
    }

    /// `==`.
    pub(super) fn equals(&self, other: &Self, work: &Work<'_>) -> Option<bool> {
        if !work.spend(1) || self.unknown() || other.unknown() {
            return None;
        }
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return Some(number::order(a, b) == Some(Ordering::Equal));
        }
        if let (Some(a), Some(b)) = (self.text(), other.text()) {
            return Some(a == b);
        }
        match (self.shape(), other.shape()) {
            // pytm: a set of Data equals a text that is the name of one of them.
            (Some(Shape::Set), None) if other.text().is_some() => {
                return Some(self.names_data(other, work));
            }
            (None, Some(Shape::Set)) if self.text().is_some() => {
                return Some(other.names_data(self, work));
            }
            (Some(Shape::List), Some(Shape::List)) => return self.same_list(other, work),
            (Some(Shape::Set), Some(Shape::Set)) => return self.same_set(other, work),
            _ => {}
        }
        Some(match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (Self::Map(_) | Self::OwnMap(_), Self::Map(_) | Self::OwnMap(_)) => {
                return self.same_map(other, work);
            }
            _ => self.is_same_object(other),
        })
    }

    /// `is`: for what Python keeps once, the same thing; for numbers and texts,
    /// which Python may or may not share, equal and of one type.
    pub(super) fn is(&self, other: &Self) -> Option<bool> {
        if self.unknown() || other.unknown() {
            return None;
        }
        Some(match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Items(_, a), Self::Items(_, b)) => std::ptr::eq(*a, *b) && !a.is_empty(),
            _ => match (self.text(), other.text()) {
                (Some(a), Some(b)) => a == b,
                _ => self.is_same_object(other),
            },
        })
    }

    fn is_same_object(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Member(a, i), Self::Member(b, j)) => a == b && i == j,
            (Self::Element(a), Self::Element(b)) | (Self::Controls(a), Self::Controls(b)) => a == b,
            (Self::Data(a), Self::Data(b)) => a == b,
            (Self::Class(a), Self::Class(b)) => a == b,
            (Self::Enumeration(a), Self::Enumeration(b)) => a == b,
            _ => false,
        }
    }

    fn names_data(&self, name: &Self, work: &Work<'_>) -> bool {
        let name = name.text();
        self.items().any(|item| match item {
            Self::Data(id) => Some(&*work.model.datum(id).name) == name,
            _ => false,
        })
    }

    fn same_list(&self, other: &Self, work: &Work<'_>) -> Option<bool> {
        if self.count() != other.count() {
            return Some(false);
        }
        all(self
            .items_within(work)
            .zip(other.items())
            .map(|(a, b)| a.equals(&b, work)))
    }

    fn same_set(&self, other: &Self, work: &Work<'_>) -> Option<bool> {
        all([self.subset(other, work), other.subset(self, work)].into_iter())
    }

    fn subset(&self, other: &Self, work: &Work<'_>) -> Option<bool> {
        all(self
            .items_within(work)
            .map(|item| other.holds_item(&item, work)))
    }

    fn same_map(&self, other: &Self, work: &Work<'_>) -> Option<bool> {
        if self.count() != other.count() {
            return Some(false);
        }
        all(self.items().map(
            |key| match (self.under(&key, work), other.under(&key, work)) {
                (Some(a), Some(b)) => a.equals(&b, work),
                _ => Some(false),
            },
        ))
    }

    /// Whether one of the items equals `item`.
    pub(super) fn holds_item(&self, item: &Self, work: &Work<'_>) -> Option<bool> {
        // A word among words, as most conditions ask for protocols.
        if let (Self::Items(_, items), Some(text)) = (self, item.text())
            && items.iter().all(|own| own.as_text().is_some())
        {
            return Some(items.iter().any(|own| own.as_text() == Some(text)));
        }
        any(self.items_within(work).map(|own| own.equals(item, work)))
    }

    /// `item in self`.
    pub(super) fn contains(&self, item: &Self, work: &Work<'_>) -> Outcome<'m, Option<bool>> {
        if self.unknown() {
            return Ok(None);
        }
        if let Some(text) = self.text() {
            return Ok(match item {
                Self::Unknown => None,
                _ => Some(item.text().is_some_and(|part| text.contains(part))),
            });
        }
        if let Self::Enumeration(of) = self {
            return Ok(match item {
                Self::Unknown => None,
                _ => Some(matches!(item, Self::Member(e, _) if e == of)),
            });
        }
        if self.count().is_none() {
            return Err(Fault::Other("`in` needs a collection or text"));
        }
        if self.shape() == Some(Shape::Set) && item.text().is_some() && self.names_data(item, work)
        {
            return Ok(Some(true));
        }
        Ok(self.holds_item(item, work))
    }

    /// What one relation says about two values.
    pub(super) fn relate(
        &self,
        relation: Relation,
        other: &Self,
        work: &Work<'_>,
    ) -> Outcome<'m, Option<bool>> {
        let not = |answer: Option<bool>| answer.map(|held| !held);
        Ok(match relation {
            Relation::Equal => self.equals(other, work),
            Relation::Unequal => not(self.equals(other, work)),
            Relation::Is => self.is(other),
            Relation::IsNot => not(self.is(other)),
            Relation::In => other.contains(self, work)?,
            Relation::NotIn => not(other.contains(self, work)?),
            _ if self.unknown() || other.unknown() => None,
            _ if self.shape() == Some(Shape::Set) && other.shape() == Some(Shape::Set) => {
                let (small, large) = match relation {
                    Relation::Less | Relation::LessOrEqual => (self, other),
                    _ => (other, self),
                };
                let proper = matches!(relation, Relation::Less | Relation::Greater);
                let within = small.subset(large, work);
                if proper {
                    all([within, not(large.subset(small, work))].into_iter())
                } else {
                    within
                }
            }
            _ => {
                let Some(ordering) = self.order(other, work)? else {
                    return Ok(None);
                };
                Some(match (relation, ordering) {
                    (_, Order::None) => false,
                    (Relation::Less, Order::Some(o)) => o.is_lt(),
                    (Relation::LessOrEqual, Order::Some(o)) => o.is_le(),
                    (Relation::Greater, Order::Some(o)) => o.is_gt(),
                    (_, Order::Some(o)) => o.is_ge(),
                })
            }
        })
    }

    /// Which of two like values comes first.
    pub(super) fn order(&self, other: &Self, work: &Work<'_>) -> Outcome<'m, Option<Order>> {
        if self.unknown() || other.unknown() {
            return Ok(None);
        }
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return Ok(Some(number::order(a, b).map_or(Order::None, Order::Some)));
        }
        if let (Some(a), Some(b)) = (self.text(), other.text()) {
            return Ok(Some(Order::Some(a.cmp(b))));
        }
        match (self, other) {
            (Self::Member(a, i), Self::Member(b, j)) if a == b && a.ordered => {
                Ok(Some(Order::Some(i.cmp(j))))
            }
            _ if self.shape() == Some(Shape::List) && other.shape() == Some(Shape::List) => {
                for (a, b) in self.items().zip(other.items()) {
                    match a.equals(&b, work) {
                        Some(true) => {}
                        Some(false) => return a.order(&b, work),
                        None => return Ok(None),
                    }
                }
                Ok(Some(Order::Some(self.count().cmp(&other.count()))))
            }
            _ => Err(UNORDERED),
        }
    }
}

/// How two values of one type stand; not-a-number stands nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Some(Ordering),
    None,
}

/// The number that a value is.
pub(super) fn numeric(value: &Val<'_>) -> Option<Number> {
    value.number()
}

/// Whether all answers are true, with unknown ones (Kleene).
pub(super) fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut unknown = false;
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            Some(true) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(true)
}

/// Whether one answer is true, with unknown ones (Kleene).
pub(super) fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(answers.map(|answer| answer.map(|held| !held))).map(|none| !none)
}
