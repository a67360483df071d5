//! Iterators: what `iter`, `map`, `zip` and generators give, one item at a time. As in
//! Python nothing of them runs before an item is asked for.

use std::rc::Rc;

use super::exceptions::is_a;
use super::interpreter::{Exit, Interpreter, MAX_SIZE, R};
use super::value::function::Args;
use super::value::iterator::{Iter, Walk};
use super::value::{At, Raised, Unread, V};

/// What comes next.
pub(super) enum Next<'a> {
    Item(V<'a>),
    /// Whether anything comes, and what, is unread.
    Unread(Rc<Unread>),
    End,
}

impl<'a> Interpreter<'a> {
    /// `iter(value)`; an iterator is its own.
    pub(super) fn iterate(&mut self, value: &V<'a>, at: At) -> R<'a, Rc<Iter<'a>>> {
        let value = self.untouched(value.clone());
        Ok(Iter::new(match &value {
            V::Iter(iter) if iter.is_coroutine() => {
                return self.raise("TypeError", "'coroutine' object is not iterable", at);
            }
            V::Iter(iter) if iter.is_manager() => {
                return self.raise("TypeError", "a context manager is not iterable", at);
            }
            V::Iter(iter) => return Ok(Rc::clone(iter)),
            V::Unread(unread) => return Err(Box::new(Exit::Unread(Rc::clone(unread)))),
            V::File(path) => return self.lines_of(path, at),
            V::List(list) => Walk::List(Rc::clone(list), 0),
            V::Dict(dict) | V::Set(dict) => {
                if let Some(unread) = &dict.borrow().doubt {
                    return Err(Box::new(Exit::Unread(Rc::clone(unread))));
                }
                let keys = match &value {
                    // More than one of a set come in an order that nobody knows.
                    V::Set(_) => self.items(&value, at)?,
                    _ => dict.borrow().keys(),
                };
                let len = keys.len();
                Walk::Keys(Rc::clone(dict), keys.into_iter(), len)
            }
            V::Range(from, to, step) => Walk::Range(*from, *to, *step),
            V::Instance(instance) if instance.class.lookup("__iter__").is_some() => {
                let made = match self.attribute_or_none(&value, "__iter__", at)? {
                    Some(method) => self.call(&method, Args::none(at))?,
                    None => V::None,
                };
                match made {
                    V::Instance(_) => Walk::Own(made),
                    V::Unread(unread) => return Err(Box::new(Exit::Unread(unread))),
                    made => return self.iterate(&made, at),
                }
            }
            V::Instance(instance)
                if instance.builtin.borrow().is_none()
                    && instance.as_tuple().is_none()
                    && instance.class.lookup("__getitem__").is_some() =>
            {
                Walk::Numbered(value.clone(), 0, 1)
            }
            other => Walk::Items(self.items(other, at)?.into_iter()),
        }))
    }

    /// The next item.
    pub(super) fn advance(&mut self, iter: &Rc<Iter<'a>>, at: At) -> R<'a, Next<'a>> {
        self.step(|_| at)?;
        if iter.busy.replace(true) {
            return self.raise("ValueError", "generator already executing", at);
        }
        let mut walk = iter.take();
        let next = self.walk(&mut walk, at);
        iter.busy.set(false);
        if let Ok(Next::Item(_)) = &next {
            *iter.walk.borrow_mut() = walk;
        }
        match next {
            // An iterator that raises has come to its end, and says so by `StopIteration`.
            Err(exit) => match *exit {
                Exit::Unread(unread) => Ok(Next::Unread(unread)),
                Exit::Raise(raised, _) if &*raised.class == "StopIteration" => Ok(Next::End),
                other => Err(Box::new(other)),
            },
            next => next,
        }
    }

    fn walk(&mut self, walk: &mut Walk<'a>, at: At) -> R<'a, Next<'a>> {
        let item = match walk {
            Walk::Done => None,
            Walk::Items(items) => items.next(),
            Walk::List(list, next) => {
                let value = V::List(Rc::clone(list));
                if let Some(unread) = self.touched.why(&value) {
                    return Ok(Next::Unread(Rc::clone(unread)));
                }
                let item = list.borrow().get(*next).cloned();
                *next += 1;
                item
            }
            Walk::Keys(dict, keys, len) => {
                if dict.borrow().len() != *len {
                    let message = "dictionary changed size during iteration";
                    return self.raise("RuntimeError", message, at);
                }
                keys.next()
            }
            Walk::Range(next, to, step) => {
                let more = if *step > 0 { *next < *to } else { *next > *to };
                let item = V::Int(*next);
                match next.checked_add(*step) {
                    Some(after) => *next = after,
                    None => *to = *next,
                }
                more.then_some(item)
            }
            Walk::Count(next, step) => {
                let item = V::Int(*next);
                *next = next.wrapping_add(*step);
                Some(item)
            }
            Walk::Own(owner) => return self.next_of(&owner.clone(), at),
            Walk::Numbered(owner, next, step) => {
                let (owner, number) = (owner.clone(), *next);
                *next = number.saturating_add(*step);
                return self.numbered(&owner, number, at);
            }
            Walk::Calls(function, sentinel) => {
                let (function, sentinel) = (function.clone(), sentinel.clone());
                let item = self.call(&function, Args::none(at))?;
                match self.equal(&item, &sentinel, at)? {
                    Ok(true) => None,
                    Ok(false) => Some(item),
                    Err(unread) => return Ok(Next::Unread(unread)),
                }
            }
            Walk::Map(function, columns) => {
                let Some(row) = self.row(columns, None, at)? else {
                    return Ok(Next::End);
                };
                let function = function.clone();
                Some(self.call(&function, Args::of(at, row))?)
            }
            Walk::Filter(test, items) => {
                let (test, items) = (test.clone(), Rc::clone(items));
                return self.filtered(&test, &items, true, at);
            }
            Walk::Zip(columns, strict) => {
                let strict = *strict;
                self.row(columns, Some(strict), at)?.map(V::tuple)
            }
            Walk::Enumerate(items, number) => match self.advance(&Rc::clone(items), at)? {
                Next::Item(item) => {
                    let pair = V::tuple(vec![V::Int(*number), item]);
                    *number = number.wrapping_add(1);
                    Some(pair)
                }
                other => return Ok(other),
            },
            Walk::Chain(rest, current) => loop {
                if let Some(inner) = current {
                    match self.advance(&Rc::clone(inner), at)? {
                        Next::End => *current = None,
                        other => return Ok(other),
                    }
                }
                match rest.next() {
                    Some(next) => *current = Some(self.iterate(&next, at)?),
                    None => break None,
                }
            },
            Walk::Slice(items, slice) => {
                let items = Rc::clone(items);
                if slice.left == Some(0) {
                    return Ok(Next::End);
                }
                for _ in 0..slice.skip {
                    match self.advance(&items, at)? {
                        Next::Item(_) => {}
                        other => return Ok(other),
                    }
                }
                slice.skip = slice.step.saturating_sub(1);
                slice.left = slice.left.map(|left| left - 1);
                return self.advance(&items, at);
            }
            Walk::Cycle(items, seen, next) => {
                if next.is_none() {
                    match self.advance(&Rc::clone(items), at)? {
                        Next::Item(item) => {
                            self.allot(16, at)?;
                            seen.push(item.clone());
                            return Ok(Next::Item(item));
                        }
                        Next::End => {}
                        unread @ Next::Unread(_) => return Ok(unread),
                    }
                }
                let position = next.unwrap_or(0);
                *next = Some((position + 1) % seen.len().max(1));
                seen.get(position).cloned()
            }
            Walk::While(test, items, keeps) => {
                let (test, items, keeps) = (test.clone(), Rc::clone(items), *keeps);
                return match self.while_it_holds(&test, &items, keeps, at)? {
                    (next, true) => Ok(next),
                    // Behind the first that fails, `dropwhile` gives what is left.
                    (Next::Item(item), false) => {
                        *walk = Walk::Chain(vec![V::Iter(items)].into_iter(), None);
                        Ok(Next::Item(item))
                    }
                    (next, false) => Ok(next),
                };
            }
            Walk::Without(test, items) => {
                let (test, items) = (test.clone(), Rc::clone(items));
                return self.filtered(&test, &items, false, at);
            }
            Walk::Spread(function, items) => {
                let (function, items) = (function.clone(), Rc::clone(items));
                match self.advance(&items, at)? {
                    Next::Item(row) => {
                        let row = self.items(&row, at)?;
                        Some(self.call(&function, Args::of(at, row))?)
                    }
                    other => return Ok(other),
                }
            }
            Walk::Groups(groups) => return self.next_group(&Rc::clone(groups), at),
            Walk::Group(groups, key, number) => {
                let (groups, key, number) = (Rc::clone(groups), key.clone(), *number);
                return self.next_of_group(&groups, &key, number, at);
            }
            Walk::Rows(rows) => return self.next_row(rows, at),
            Walk::Comprehension(inner) => return self.next_of_comprehension(inner, at),
            Walk::Generator(inner) => return self.resume(inner, at),
            Walk::Coroutine(..) => {
                return self.raise("TypeError", "'coroutine' object is not iterable", at);
            }
        };
        Ok(item.map_or(Next::End, Next::Item))
    }

    /// `owner.__next__()`.
    fn next_of(&mut self, owner: &V<'a>, at: At) -> R<'a, Next<'a>> {
        let Some(method) = self.attribute_or_none(owner, "__next__", at)? else {
            return self.raise("TypeError", "iter() returned non-iterator", at);
        };
        match self.call(&method, Args::none(at)) {
            Ok(V::Unread(unread)) if !unread.inert => Ok(Next::Unread(unread)),
            Ok(item) => Ok(Next::Item(item)),
            Err(exit) => Err(exit),
        }
    }

    /// `owner[number]`, where an `IndexError` is the end, as a `StopIteration` is.
    fn numbered(&mut self, owner: &V<'a>, number: i64, at: At) -> R<'a, Next<'a>> {
        if number < 0 {
            return Ok(Next::End);
        }
        match self.get_item(owner, &V::Int(number), at) {
            Ok(item) => Ok(Next::Item(item)),
            Err(exit) => match *exit {
                Exit::Raise(raised, _) if ends_numbers(&raised) => Ok(Next::End),
                other => Err(Box::new(other)),
            },
        }
    }

    /// One item of each; nothing when the first of them ends.
    fn row(
        &mut self,
        columns: &[Rc<Iter<'a>>],
        strict: Option<bool>,
        at: At,
    ) -> R<'a, Option<Vec<V<'a>>>> {
        let mut row = Vec::with_capacity(columns.len());
        for column in columns {
            match self.advance(column, at)? {
                Next::Item(item) => row.push(item),
                Next::Unread(unread) => return Err(Box::new(Exit::Unread(unread))),
                Next::End if strict == Some(true) && (!row.is_empty() || columns.len() > 1) => {
                    return self.uneven(columns, row.len(), at);
                }
                Next::End => return Ok(None),
            }
        }
        Ok((!columns.is_empty()).then_some(row))
    }

    /// `zip(…, strict=True)` where one has ended: all must.
    fn uneven(
        &mut self,
        columns: &[Rc<Iter<'a>>],
        ended: usize,
        at: At,
    ) -> R<'a, Option<Vec<V<'a>>>> {
        let rest = columns.get(ended + 1..).unwrap_or(&[]);
        let mut even = ended == 0;
        for column in rest {
            if !even {
                break;
            }
            even = matches!(self.advance(column, at)?, Next::End);
        }
        if even {
            return Ok(None);
        }
        self.raise("ValueError", "zip() arguments are not of one length", at)
    }

    /// The next item of `takewhile`, or the first of `dropwhile`; whether the walk goes on as
    /// it is.
    fn while_it_holds(
        &mut self,
        test: &V<'a>,
        items: &Rc<Iter<'a>>,
        keeps: bool,
        at: At,
    ) -> R<'a, (Next<'a>, bool)> {
        loop {
            let item = match self.advance(items, at)? {
                Next::Item(item) => item,
                other => return Ok((other, true)),
            };
            let holds = self.call(test, Args::of(at, [item.clone()]))?;
            match (self.truth(&holds, at)?, keeps) {
                (Err(unread), _) => return Ok((Next::Unread(unread), true)),
                (Ok(true), true) => return Ok((Next::Item(item), true)),
                (Ok(false), true) => return Ok((Next::End, true)),
                (Ok(true), false) => {}
                (Ok(false), false) => return Ok((Next::Item(item), false)),
            }
        }
    }

    fn filtered(
        &mut self,
        test: &V<'a>,
        items: &Rc<Iter<'a>>,
        kept: bool,
        at: At,
    ) -> R<'a, Next<'a>> {
        loop {
            let item = match self.advance(items, at)? {
                Next::Item(item) => item,
                other => return Ok(other),
            };
            let holds = match test {
                V::None => item.clone(),
                test => self.call(test, Args::of(at, [item.clone()]))?,
            };
            match self.truth(&holds, at)? {
                Ok(holds) if holds == kept => return Ok(Next::Item(item)),
                Ok(_) => {}
                Err(unread) => return Ok(Next::Unread(unread)),
            }
        }
    }

    /// All that is left of an iterator.
    pub(super) fn drained(&mut self, iter: &Rc<Iter<'a>>, at: At) -> R<'a, Vec<V<'a>>> {
        let mut items = Vec::new();
        loop {
            match self.advance(iter, at)? {
                Next::Item(item) => items.push(item),
                Next::End => return Ok(items),
                Next::Unread(unread) => return Err(Box::new(Exit::Unread(unread))),
            }
            self.allot(32, at)?;
            if items.len() > MAX_SIZE {
                return Err(self.limit(at, "more items than tmrs reads"));
            }
        }
    }
}

/// Whether an exception of `__getitem__` says that there are no more items.
fn ends_numbers(raised: &Raised<'_>) -> bool {
    let class = match &raised.user {
        Some(user) => user.exception_base(),
        None => Rc::clone(&raised.class),
    };
    is_a(&class, "IndexError") || is_a(&class, "StopIteration")
}
