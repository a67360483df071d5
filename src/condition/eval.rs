//! Judges a compiled condition over one element, in Python's order and with its
//! short circuits; with Kleene's logic where the view leaves something unknown.

use super::arithmetic;
use super::expression::{Attribute, Node, Op, Relation, Shape, Special};
use super::value::{Fault, Outcome, Val, Work};
use super::view::{Note, Reading, View};
use crate::model::vocabulary::Class;
use crate::model::{Attr, Element, ElementId, Model, Origin, Owner, Slot, Value};

/// How many steps one judgement may take.
const MAX_STEPS: usize = 500_000;

const TOO_MANY_STEPS: Fault<'_> = Fault::Other("it takes too many steps");

/// One judgement under way.
pub(super) struct Evaluation<'m, V> {
    pub(super) model: &'m Model,
    pub(super) target: ElementId,
    pub(super) view: V,
    infers: bool,
    /// Variables of the comprehensions under way, outermost first.
    pub(super) locals: Vec<Val<'m>>,
    pub(super) work: Work<'m>,
}

impl<'m, V: View<'m>> Evaluation<'m, V> {
    /// Of `target` in `model`, seen in that way.
    pub(super) fn new(model: &'m Model, target: ElementId, view: V, infers: bool) -> Self {
        Self {
            model,
            target,
            view,
            infers,
            locals: Vec::new(),
            work: Work::new(model, MAX_STEPS),
        }
    }

    /// Whether what names and wiring tell counts.
    pub(super) fn infers(&self) -> bool {
        self.infers
    }

    /// The truth of a condition; `None` if it rests on something unknown.
    pub(super) fn judge(&mut self, node: &'m Node) -> Outcome<'m, Option<bool>> {
        let truth = self.eval(node).map(|value| value.truth());
        // Without steps left, `==` and its like have given up.
        if self.work.left() == 0 {
            return Err(TOO_MANY_STEPS);
        }
        truth
    }

    /// How many steps were taken.
    pub(super) fn taken(&self) -> usize {
        MAX_STEPS - self.work.left()
    }

    /// Spends steps.
    pub(super) fn charge(&mut self, steps: usize) -> Outcome<'m, ()> {
        if self.work.spend(steps) {
            Ok(())
        } else {
            Err(TOO_MANY_STEPS)
        }
    }

    pub(super) fn eval(&mut self, node: &'m Node) -> Outcome<'m> {
        self.charge(1)?;
        match &node.op {
            Op::Constant(value) => Ok(Val::of(value)),
            Op::Class(class) => Ok(Val::Class(*class)),
            Op::Enumeration(of) => Ok(Val::Enumeration(of)),
            Op::Undefined(name) => Err(Fault::Undefined(name)),
            Op::Target => Ok(Val::Element(self.target)),
            Op::Local(at) => Ok(self.locals.get(*at).cloned().unwrap_or(Val::Nothing)),
            Op::Attribute(attribute) => self.attribute(attribute),
            Op::And(nodes) => self.connect(nodes, false),
            Op::Or(nodes) => self.connect(nodes, true),
            Op::Not(node) => Ok(match self.eval(node)?.truth() {
                Some(held) => Val::Bool(!held),
                None => Val::Unknown,
            }),
            Op::Compare(first, rest) => self.compare(first, rest),
            Op::Negative(node) => arithmetic::negative(&self.eval(node)?),
            Op::Positive(node) => arithmetic::positive(&self.eval(node)?),
            Op::Arithmetic(operator, pair) => {
                let (a, b) = (self.eval(&pair.0)?, self.eval(&pair.1)?);
                self.charge(cost(&a) + cost(&b))?;
                arithmetic::calculate(*operator, &a, &b, &self.work)
            }
            Op::Choice(three) => self.choose(three),
            Op::Call(function, arguments) => self.call(*function, arguments),
            Op::Method(call) => self.method(call),
            Op::Index(pair) => {
                let (of, at) = (self.eval(&pair.0)?, self.eval(&pair.1)?);
                self.charge(cost(&of))?;
                arithmetic::index(&of, &at, &self.work)
            }
            Op::Slice(of, bounds) => self.slice(of, bounds),
            Op::Display(shape, nodes) => {
                let items: Result<Vec<_>, _> = nodes.iter().map(|node| self.eval(node)).collect();
                match shape {
                    Shape::Set => self.distinct(items?),
                    _ => arithmetic::made(*shape, items?.into_iter()),
                }
            }
            Op::Mapping(pairs) => self.mapping(pairs),
            Op::Comprehension(comprehension) => self.collect(comprehension),
        }
    }

    /// `and` (decided by false) and `or` (decided by true).
    fn connect(&mut self, nodes: &'m [Node], deciding: bool) -> Outcome<'m> {
        let start = self.view.mark();
        let mut unknown = false;
        let mut last = Val::Bool(!deciding);
        for node in nodes {
            let mark = self.view.mark();
            let value = match self.eval(node) {
                Ok(value) => value,
                // Whether this is reached at all is unknown.
                Err(_) if unknown => return Ok(Val::Unknown),
                Err(fault) => return Err(fault),
            };
            match value.truth() {
                Some(held) if held == deciding => {
                    // What came before did not decide.
                    self.view.forget(start, mark);
                    return Ok(if unknown { Val::Bool(deciding) } else { value });
                }
                Some(_) => last = value,
                None => unknown = true,
            }
        }
        Ok(if unknown { Val::Unknown } else { last })
    }

    fn compare(&mut self, first: &'m Node, rest: &'m [(Relation, Node)]) -> Outcome<'m> {
        let mut left = self.eval(first)?;
        let mut unknown = false;
        for (relation, node) in rest {
            let right = match self.eval(node) {
                Err(_) if unknown => return Ok(Val::Unknown),
                right => right?,
            };
            self.charge(cost(&left).saturating_mul(cost(&right)))?;
            match left.relate(*relation, &right, &self.work) {
                Ok(Some(true)) => {}
                Ok(Some(false)) => return Ok(Val::Bool(false)),
                Ok(None) => unknown = true,
                Err(_) if unknown => return Ok(Val::Unknown),
                Err(fault) => return Err(fault),
            }
            left = right;
        }
        Ok(if unknown {
            Val::Unknown
        } else {
            Val::Bool(true)
        })
    }

    fn choose(&mut self, [test, then, otherwise]: &'m [Node; 3]) -> Outcome<'m> {
        match self.eval(test)?.truth() {
            Some(true) => self.eval(then),
            Some(false) => self.eval(otherwise),
            None => {
                // Known all the same if both ways lead to one value.
                let (Ok(a), Ok(b)) = (self.eval(then), self.eval(otherwise)) else {
                    return Ok(Val::Unknown);
                };
                self.charge(cost(&a).saturating_mul(cost(&b)))?;
                Ok(match a.equals(&b, &self.work) {
                    Some(true) => a,
                    _ => Val::Unknown,
                })
            }
        }
    }

    fn slice(&mut self, of: &'m Node, bounds: &'m [Option<Node>; 3]) -> Outcome<'m> {
        let of = self.eval(of)?;
        self.charge(cost(&of))?;
        let mut values = [Val::Nothing, Val::Nothing, Val::Nothing];
        for (value, bound) in values.iter_mut().zip(bounds) {
            if let Some(node) = bound {
                *value = self.eval(node)?;
            }
        }
        let [a, b, c] = &values;
        arithmetic::slice(&of, [a, b, c])
    }

    fn attribute(&mut self, attribute: &'m Attribute) -> Outcome<'m> {
        let start = self.view.mark();
        let base = self.eval(&attribute.base)?;
        if V::NOTES && matches!(attribute.base.op, Op::Attribute(_)) {
            // Only the end of a chain is a fact.
            let end = self.view.mark();
            self.view.forget(start, end);
        }
        match base {
            Val::Unknown => Ok(Val::Unknown),
            Val::Element(id) => self.of_element(attribute, id),
            Val::Controls(id) => {
                let element = self.model.element(id);
                let slot = self.control_slot(element, &attribute.attr);
                self.read(attribute, Owner::Controls(id), slot, Class::Controls)
            }
            Val::Data(id) => {
                let datum = self.model.datum(id);
                if attribute.special == Special::Name {
                    let owner = Owner::Data(id);
                    return Ok(self.named(attribute, owner, &datum.name, &datum.place));
                }
                let slot = datum.read(&attribute.attr);
                self.read(attribute, Owner::Data(id), slot, Class::Data)
            }
            Val::Member(of, at) if attribute.special == Special::Name => {
                Ok(Val::Text(of.members[at as usize].0))
            }
            Val::Member(of, at) if of.ordered && attribute.attr.name() == "value" => {
                Ok(Val::Int(i64::from(at)))
            }
            other => Err(Fault::NoAttribute {
                of: kind(&other),
                name: attribute.attr.name(),
            }),
        }
    }

    fn of_element(&mut self, attribute: &'m Attribute, id: ElementId) -> Outcome<'m> {
        let element = self.model.element(id);
        let owner = Owner::Element(id);
        match attribute.special {
            Special::Name => {
                return Ok(self.named(attribute, owner, &element.name, &element.name_place));
            }
            Special::Controls => return Ok(Val::Controls(id)),
            Special::Assumptions => {
                let names = element.assumptions.iter().map(|a| Val::Text(&a.name.text));
                return arithmetic::made(Shape::List, names);
            }
            Special::Overrides => {
                let rules = element.overrides.iter().map(|o| Val::Text(&o.rule.text));
                return arithmetic::made(Shape::List, rules);
            }
            Special::No | Special::Known => {}
        }
        if let Some(slot) = self.slot(element, &attribute.attr) {
            return self.read(attribute, owner, Some(slot), element.class);
        }
        let Some(control) = &attribute.control else {
            return self.read(attribute, owner, None, element.class);
        };
        // pytm's old flat spelling of a control.
        let owner = Owner::Controls(id);
        self.read_as(
            attribute,
            control,
            owner,
            element.control(control),
            element.class,
        )
    }

    /// What holds for an attribute of an element.
    pub(super) fn slot(&self, element: &'m Element, attr: &Attr) -> Option<&'m Slot> {
        if self.infers {
            element.known(attr)
        } else {
            element.read(attr)
        }
    }

    /// What holds for a control of an element.
    pub(super) fn control_slot(&self, element: &'m Element, attr: &Attr) -> Option<&'m Slot> {
        if self.infers {
            element.known_control(attr)
        } else {
            element.control(attr)
        }
    }

    fn read(
        &mut self,
        attribute: &'m Attribute,
        owner: Owner,
        slot: Option<&'m Slot>,
        class: Class,
    ) -> Outcome<'m> {
        self.read_as(attribute, &attribute.attr, owner, slot, class)
    }

    fn read_as(
        &mut self,
        attribute: &'m Attribute,
        attr: &'m Attr,
        owner: Owner,
        slot: Option<&'m Slot>,
        class: Class,
    ) -> Outcome<'m> {
        let Some(slot) = slot.or(attribute.default.as_deref()) else {
            return Err(Fault::Lacks {
                what: class,
                name: attribute.attr.name(),
                target: owner == Owner::Element(self.target),
            });
        };
        let reading = Reading {
            owner,
            attr,
            slot,
            path: attribute.path(),
            structural: attribute.special == Special::Known,
        };
        Ok(self.view.see(reading).map_or(Val::Unknown, Val::of))
    }

    fn named(
        &mut self,
        attribute: &'m Attribute,
        owner: Owner,
        name: &'m std::sync::Arc<str>,
        place: &'m crate::source::Place,
    ) -> Val<'m> {
        self.view.state(|| Note {
            owner: Some(owner),
            attr: None,
            path: attribute.path(),
            value: Value::Text(name.clone()),
            origin: Origin::Declared,
            place: Some(place.clone()),
        });
        Val::Text(name)
    }
}

/// About how much work it is to look at all of a value.
pub(super) fn cost(value: &Val<'_>) -> usize {
    match value.text() {
        Some(text) => 1 + text.len() / 64,
        None => 1 + value.count().unwrap_or(0),
    }
}

/// What a value without attributes is called.
fn kind(value: &Val<'_>) -> &'static str {
    match value {
        Val::Nothing => "None",
        Val::Bool(_) => "a boolean",
        Val::Int(_) | Val::Float(_) => "a number",
        Val::Text(_) | Val::OwnText(_) => "text",
        Val::Member(..) | Val::Enumeration(_) => "an enum",
        Val::Class(_) => "a class",
        _ => "a collection",
    }
}
