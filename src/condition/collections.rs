//! What goes through collections while a condition is judged: comprehensions,
//! sets and mappings, `any all len min max sum`.

use std::ops::ControlFlow;

use super::arithmetic;
use super::compare::{Order, any};
use super::eval::{Evaluation, cost};
use super::expression::{Comprehension, Function, Node, Op, Operator, Shape};
use super::value::{Fault, Outcome, Val};
use super::view::View;

const NOT_ITERABLE: Fault<'_> = Fault::Other("this has no items");

/// One item that a comprehension gives.
struct Item<'m> {
    value: Val<'m>,
    /// It is surely there: no filter on the way was unknown.
    certain: bool,
}

/// What is done with each item.
type Visit<'v, 'm, V> =
    dyn FnMut(&mut Evaluation<'m, V>, Item<'m>) -> Outcome<'m, ControlFlow<()>> + 'v;

impl<'m, V: View<'m>> Evaluation<'m, V> {
    /// A mapping, in which the last of equal keys wins.
    pub(super) fn mapping(&mut self, pairs: &'m [(Node, Node)]) -> Outcome<'m> {
        self.charge(pairs.len().saturating_mul(pairs.len()))?;
        let mut made: Vec<(Val<'m>, Val<'m>)> = Vec::new();
        for (key, value) in pairs {
            let (key, value) = (self.eval(key)?, self.eval(value)?);
            if key.unknown() {
                return Ok(Val::Unknown);
            }
            match made
                .iter_mut()
                .find(|(own, _)| own.equals(&key, &self.work) == Some(true))
            {
                Some(own) => own.1 = value,
                None => made.push((key, value)),
            }
        }
        Ok(Val::OwnMap(made.into()))
    }

    /// A set of these items, each once.
    pub(super) fn distinct(&mut self, items: Vec<Val<'m>>) -> Outcome<'m> {
        self.charge(items.len().saturating_mul(items.len()))?;
        let mut set: Vec<Val<'m>> = Vec::new();
        for item in items {
            let mut answers = set.iter().map(|own| own.equals(&item, &self.work));
            match any(&mut answers) {
                Some(true) => {}
                Some(false) => set.push(item),
                None => return Ok(Val::Unknown),
            }
        }
        arithmetic::made(Shape::Set, set.into_iter())
    }

    /// Calls a function.
    pub(super) fn call(&mut self, function: Function, arguments: &'m [Node]) -> Outcome<'m> {
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
            total = arithmetic::calculate(Operator::Add, &total, &item, &self.work)?;
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
            match a.order(b, &self.work)? {
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

    /// The collection that a comprehension makes.
    pub(super) fn collect(&mut self, comprehension: &'m Comprehension) -> Outcome<'m> {
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
