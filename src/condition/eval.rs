//! Judges a compiled condition over one element, in Python's order and with its
//! short circuits; with Kleene's logic where the view leaves something unknown.

use std::ops::ControlFlow;

use super::arithmetic;
use super::expression::{Attribute, Comprehension, Function, Node, Op, Relation, Shape, Special};
use super::value::{Fault, Order, Outcome, Val, any};
use super::view::{Note, Reading, View};
use crate::model::vocabulary::Class;
use crate::model::{Attr, ElementId, Model, Origin, Owner, Slot, Value};

/// How many steps one judgement may take.
const MAX_STEPS: usize = 500_000;

const TOO_MANY_STEPS: Fault<'_> = Fault::Other("it takes too many steps");
const NOT_ITERABLE: Fault<'_> = Fault::Other("this has no items");

/// One judgement under way.
pub(super) struct Evaluation<'m, V> {
    pub(super) model: &'m Model,
    pub(super) target: ElementId,
    pub(super) view: V,
    locals: Vec<Val<'m>>,
    /// How many steps were taken.
    pub(super) steps: usize,
}

/// One item that a comprehension gives.
struct Item<'m> {
    value: Val<'m>,
    /// It is surely there: no filter on the way was unknown.
    certain: bool,
}

impl<'m, V: View<'m>> Evaluation<'m, V> {
    /// Of `target` in `model`, seen in that way.
    pub(super) fn new(model: &'m Model, target: ElementId, view: V) -> Self {
        Self {
            model,
            target,
            view,
            locals: Vec::new(),
            steps: 0,
        }
    }

    /// The truth of a condition; `None` if it rests on something unknown.
    pub(super) fn judge(&mut self, node: &'m Node) -> Outcome<'m, Option<bool>> {
        self.eval(node).map(|value| value.truth())
    }

    /// Spends steps.
    pub(super) fn charge(&mut self, steps: usize) -> Outcome<'m, ()> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MAX_STEPS {
            return Err(TOO_MANY_STEPS);
        }
        Ok(())
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
                arithmetic::calculate(*operator, &a, &b, self.model)
            }
            Op::Choice(three) => self.choose(three),
            Op::Call(function, arguments) => self.call(*function, arguments),
            Op::Method(call) => self.method(call),
            Op::Index(pair) => {
                let (of, at) = (self.eval(&pair.0)?, self.eval(&pair.1)?);
                self.charge(cost(&of))?;
                arithmetic::index(&of, &at, self.model)
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

    /// A mapping, in which the last of equal keys wins.
    fn mapping(&mut self, pairs: &'m [(Node, Node)]) -> Outcome<'m> {
        self.charge(pairs.len().saturating_mul(pairs.len()))?;
        let mut made: Vec<(Val<'m>, Val<'m>)> = Vec::new();
        for (key, value) in pairs {
            let (key, value) = (self.eval(key)?, self.eval(value)?);
            if key.unknown() {
                return Ok(Val::Unknown);
            }
            let model = self.model;
            match made
                .iter_mut()
                .find(|(own, _)| own.equals(&key, model) == Some(true))
            {
                Some(own) => own.1 = value,
                None => made.push((key, value)),
            }
        }
        Ok(Val::OwnMap(made.into()))
    }

    /// A set of these items, each once.
    fn distinct(&mut self, items: Vec<Val<'m>>) -> Outcome<'m> {
        self.charge(items.len().saturating_mul(items.len()))?;
        let mut set: Vec<Val<'m>> = Vec::new();
        for item in items {
            let mut answers = set.iter().map(|own| own.equals(&item, self.model));
            match any(&mut answers) {
                Some(true) => {}
                Some(false) => set.push(item),
                None => return Ok(Val::Unknown),
            }
        }
        arithmetic::made(Shape::Set, set.into_iter())
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
            match left.relate(*relation, &right, self.model) {
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
                Ok(match a.equals(&b, self.model) {
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
                let slot = self.model.element(id).control(&attribute.attr);
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
            Val::Member(of, at) if of.ordered && &*attribute.name == "value" => {
                Ok(Val::Int(i64::from(at)))
            }
            other => Err(Fault::NoAttribute {
                of: kind(&other),
                name: &attribute.name,
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
        if let Some(slot) = element.read(&attribute.attr) {
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
        let Some(slot) = slot else {
            return Err(Fault::Lacks {
                what: class,
                name: &attribute.name,
                target: owner == Owner::Element(self.target),
            });
        };
        let reading = Reading {
            owner,
            attr,
            slot,
            path: &attribute.path,
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
            path: &attribute.path,
            value: Value::Text(name.clone()),
            origin: Origin::Declared,
            place: Some(place.clone()),
        });
        Val::Text(name)
    }

    fn call(&mut self, function: Function, arguments: &'m [Node]) -> Outcome<'m> {
        match (function, arguments) {
            (Function::Any, [of]) => self.some(of, true),
            (Function::All, [of]) => self.some(of, false),
            (Function::Len, [of]) => {
                let value = self.eval(of)?;
                self.charge(cost(&value))?;
                match value.len().map(i64::try_from) {
                    _ if value.unknown() => Ok(Val::Unknown),
                    Some(Ok(len)) => Ok(Val::Int(len)),
                    _ => Err(Fault::Other("this has no length")),
                }
            }
            (Function::Sum, [of]) => self.sum(of, Val::Int(0)),
            (Function::Sum, [of, start]) => {
                // Python evaluates both before it adds.
                let Some(items) = self.listed(of)? else {
                    self.eval(start)?;
                    return Ok(Val::Unknown);
                };
                let start = self.eval(start)?;
                self.total(items, start)
            }
            (Function::Min, _) => self.extreme(arguments, false),
            (Function::Max, _) => self.extreme(arguments, true),
            _ => Err(Fault::Other("wrong number of arguments")),
        }
    }

    /// `any` (decided by true) and `all` (decided by false).
    fn some(&mut self, of: &'m Node, deciding: bool) -> Outcome<'m> {
        let start = self.view.mark();
        let answer = self.search(of, deciding, false)?;
        if !V::NOTES || answer != Some(deciding) {
            return Ok(answer.map_or(Val::Unknown, Val::Bool));
        }
        // Once more, keeping only what the deciding item rests on.
        let end = self.view.mark();
        self.view.forget(start, end);
        self.search(of, deciding, true)?;
        Ok(Val::Bool(deciding))
    }

    /// Looks for an item that decides; with `forget`, only its notes are kept.
    fn search(&mut self, of: &'m Node, deciding: bool, forget: bool) -> Outcome<'m, Option<bool>> {
        let mut unknown = false;
        let mut found = false;
        let outcome = self.iterate(of, forget, &mut |_, item| {
            match item.value.truth() {
                Some(held) if held != deciding => {}
                Some(_) if item.certain => {
                    found = true;
                    return Ok(ControlFlow::Break(()));
                }
                _ => unknown = true,
            }
            Ok(ControlFlow::Continue(()))
        });
        match outcome {
            Ok(()) => {}
            Err(_) if unknown => return Ok(None),
            Err(fault) => return Err(fault),
        }
        Ok(match (found, unknown) {
            (true, _) => Some(deciding),
            (false, true) => None,
            (false, false) => Some(!deciding),
        })
    }

    fn sum(&mut self, of: &'m Node, start: Val<'m>) -> Outcome<'m> {
        match self.listed(of)? {
            Some(items) => self.total(items, start),
            None => Ok(Val::Unknown),
        }
    }

    fn total(&mut self, items: Vec<Val<'m>>, start: Val<'m>) -> Outcome<'m> {
        let mut total = start;
        for item in items {
            self.charge(cost(&total))?;
            total =
                arithmetic::calculate(super::expression::Operator::Add, &total, &item, self.model)?;
        }
        Ok(total)
    }

    /// `min` and `max`: the first of the smallest or largest.
    fn extreme(&mut self, arguments: &'m [Node], largest: bool) -> Outcome<'m> {
        let items = if let [of] = arguments {
            let Some(items) = self.listed(of)? else {
                return Ok(Val::Unknown);
            };
            items
        } else {
            let items: Result<Vec<_>, _> = arguments.iter().map(|a| self.eval(a)).collect();
            items?
        };
        let mut items = items.into_iter();
        let Some(mut best) = items.next() else {
            return Err(Fault::Other("min and max need an item"));
        };
        for item in items {
            let (a, b) = if largest {
                (&best, &item)
            } else {
                (&item, &best)
            };
            match a.order(b, self.model)? {
                None => return Ok(Val::Unknown),
                Some(Order::Some(order)) if order.is_lt() => best = item,
                Some(_) => {}
            }
        }
        Ok(best)
    }

    /// Every item; `None` if it is unknown which there are.
    fn listed(&mut self, of: &'m Node) -> Outcome<'m, Option<Vec<Val<'m>>>> {
        let mut items = Vec::new();
        let mut certain = true;
        self.iterate(of, false, &mut |_, item| {
            certain &= item.certain;
            items.push(item.value);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(certain.then_some(items))
    }

    fn collect(&mut self, comprehension: &'m Comprehension) -> Outcome<'m> {
        let mut items = Vec::new();
        let mut certain = true;
        let _ = self.generate(comprehension, 0, true, false, &mut |_, item| {
            certain &= item.certain;
            items.push(item.value);
            Ok(ControlFlow::Continue(()))
        })?;
        if !certain {
            return Ok(Val::Unknown);
        }
        arithmetic::made(comprehension.shape, items.into_iter())
    }

    /// Goes through the items of an expression, a generator's one by one.
    fn iterate(
        &mut self,
        of: &'m Node,
        forget: bool,
        visit: &mut Visit<'_, 'm, V>,
    ) -> Outcome<'m, ()> {
        if let Op::Comprehension(comprehension) = &of.op
            && comprehension.shape == Shape::Generator
        {
            self.charge(1)?;
            return self
                .generate(comprehension, 0, true, forget, visit)
                .map(|_| ());
        }
        let value = self.eval(of)?;
        self.walk(&value, forget, &mut |this, item| visit(this, item))
            .map(|_| ())
    }

    /// Goes through the items of a value.
    fn walk(
        &mut self,
        value: &Val<'m>,
        forget: bool,
        visit: &mut Visit<'_, 'm, V>,
    ) -> Outcome<'m, ControlFlow<()>> {
        if value.unknown() {
            let item = Item {
                value: Val::Unknown,
                certain: false,
            };
            return visit(self, item);
        }
        let count = value.count().ok_or(NOT_ITERABLE)?;
        self.charge(count)?;
        for value in value.items() {
            self.charge(1)?;
            let mark = self.view.mark();
            let certain = true;
            if visit(self, Item { value, certain })?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            if forget {
                let end = self.view.mark();
                self.view.forget(mark, end);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Goes through what a comprehension gives, from its clause `at` on.
    fn generate(
        &mut self,
        comprehension: &'m Comprehension,
        at: usize,
        certain: bool,
        forget: bool,
        visit: &mut Visit<'_, 'm, V>,
    ) -> Outcome<'m, ControlFlow<()>> {
        let Some(clause) = comprehension.clauses.get(at) else {
            let value = match self.eval(&comprehension.element) {
                Err(_) if !certain => Val::Unknown,
                value => value?,
            };
            return visit(self, Item { value, certain });
        };
        let before = self.view.mark();
        let iterable = self.eval(&clause.iterable)?;
        if V::NOTES && iterable.count() != Some(0) && self.view.mark() == before + 1 {
            // Which items there are is no fact of interest, but that there are none is.
            self.view.forget(before, before + 1);
        }
        self.walk(&iterable, forget, &mut |this, item| {
            this.locals.truncate(clause.local);
            this.locals.push(item.value);
            let mut certain = certain && item.certain;
            for filter in &clause.filters {
                match this.eval(filter) {
                    Err(_) if !certain => {}
                    Err(fault) => return Err(fault),
                    Ok(value) => match value.truth() {
                        Some(true) => {}
                        Some(false) => return Ok(ControlFlow::Continue(())),
                        None => certain = false,
                    },
                }
            }
            this.generate(comprehension, at + 1, certain, forget, visit)
        })
    }
}

/// What is done with each item.
type Visit<'v, 'm, V> =
    dyn FnMut(&mut Evaluation<'m, V>, Item<'m>) -> Outcome<'m, ControlFlow<()>> + 'v;

/// About how much work it is to look at all of a value.
fn cost(value: &Val<'_>) -> usize {
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
