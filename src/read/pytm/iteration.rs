//! Built-in functions over collections: `zip`, `map`, `sorted`, `min`, ….

use std::rc::Rc;

use super::builtins::is_callable;
use super::interpreter::{Interpreter, R};
use super::value::function::Args;
use super::value::iterator::{Iter, Walk};
use super::value::{At, V};
use super::walk::Next;

impl<'a> Interpreter<'a> {
    pub(super) fn iteration(&mut self, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        let Some(first) = args.get(0).cloned() else {
            return match name {
                "zip" => Ok(V::iter(Vec::new())),
                _ => self.raise("TypeError", format!("{name}() wants an argument"), at),
            };
        };
        match name {
            "next" => {
                let next = match &first {
                    V::Iter(iter) if !iter.is_manager() => self.advance(&Rc::clone(iter), at)?,
                    V::File(path) => {
                        let lines = self.lines_of(path, at)?;
                        self.advance(&lines, at)?
                    }
                    V::Instance(_) => {
                        let own = Iter::new(Walk::Own(first.clone()));
                        self.advance(&own, at)?
                    }
                    V::Library(_) => {
                        return Ok(V::not_read(at, "the next line of this file"));
                    }
                    _ => return self.raise("TypeError", "object is not an iterator", at),
                };
                match (next, args.get(1)) {
                    (Next::Item(item), _) => Ok(item),
                    (Next::Unread(unread), other) => {
                        let other = other.cloned().unwrap_or(V::None);
                        Ok(V::perhaps(&unread, &first, &other))
                    }
                    (Next::End, Some(default)) => Ok(default.clone()),
                    (Next::End, None) => self.raise("StopIteration", "", at),
                }
            }
            "iter" => match args.get(1) {
                Some(_) if is_callable(&first) == Some(false) => {
                    self.raise("TypeError", "iter(v, w): v must be callable", at)
                }
                Some(sentinel) => Ok(V::Iter(Iter::new(Walk::Calls(first, sentinel.clone())))),
                None => self.iterate(&first, at).map(V::Iter),
            },
            "sorted" => {
                let items = match args.keyword("key") {
                    None | Some(V::None) => self.in_any_order(&first, at)?,
                    Some(_) => self.items(&first, at)?,
                };
                let reverse = match args.keyword("reverse") {
                    Some(reverse) => match self.truth(reverse, at)? {
                        Ok(reverse) => reverse,
                        Err(unread) => return Ok(V::Unread(unread)),
                    },
                    None => false,
                };
                Ok(
                    match self.sorted(items, args.keyword("key"), reverse, at)? {
                        Ok(sorted) => V::list(sorted),
                        Err(unread) => V::Unread(unread),
                    },
                )
            }
            "reversed" => {
                match &first {
                    V::Instance(one)
                        if one.class.lookup("__reversed__").is_some()
                            || one.as_tuple().is_none() && one.builtin.borrow().is_none() =>
                    {
                        return self.reversed_object(&first, at);
                    }
                    V::Iter(_) | V::Set(_) | V::File(_) => {
                        return self.raise("TypeError", "object is not reversible", at);
                    }
                    _ => {}
                }
                let mut items = self.items(&first, at)?;
                items.reverse();
                Ok(V::iter(items))
            }
            "enumerate" => {
                let from = match args.either(1, "start") {
                    None => 0,
                    Some(start) => match start.as_int() {
                        Some(start) => start,
                        None => return self.raise("TypeError", "start is no whole number", at),
                    },
                };
                let items = self.iterate(&first, at)?;
                Ok(V::Iter(Iter::new(Walk::Enumerate(items, from))))
            }
            "zip" => {
                let strict = match args.keyword("strict") {
                    Some(strict) => match self.truth(strict, at)? {
                        Ok(strict) => strict,
                        Err(unread) => return Ok(V::Unread(unread)),
                    },
                    None => false,
                };
                let columns = self.columns(&args, 0)?;
                Ok(V::Iter(Iter::new(Walk::Zip(columns, strict))))
            }
            "map" => {
                let columns = self.columns(&args, 1)?;
                if columns.is_empty() {
                    return self.raise("TypeError", "map() wants something to go through", at);
                }
                Ok(V::Iter(Iter::new(Walk::Map(first, columns))))
            }
            _ => {
                let Some(items) = args.get(1).cloned() else {
                    return self.raise("TypeError", "filter() wants two arguments", at);
                };
                let items = self.iterate(&items, at)?;
                Ok(V::Iter(Iter::new(Walk::Filter(first, items))))
            }
        }
    }

    /// An iterator for each argument from that one on.
    fn columns(&mut self, args: &Args<'a>, from: usize) -> R<'a, Vec<Rc<Iter<'a>>>> {
        let mut columns = Vec::new();
        for (column, at) in args.positional.iter().skip(from) {
            columns.push(self.iterate(column, *at)?);
        }
        Ok(columns)
    }

    pub(super) fn reduction(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        if let ("any" | "all", [(one, _)]) = (name, args.positional.as_slice()) {
            return self.any_or_all(name == "any", &one.clone(), at);
        }
        let of_one = |s: &mut Self, one: &V<'a>| match (one, args.keyword("key")) {
            (V::Set(_), None | Some(V::None)) => {
                let items = s.in_any_order(one, at)?;
                // The order in which fractions are added decides how they are rounded.
                if name == "sum" && !items.iter().all(|item| item.as_int().is_some()) {
                    return s.items(one, at);
                }
                Ok(items)
            }
            _ => s.items(one, at),
        };
        let items = match args.positional.as_slice() {
            [(one, _)] => of_one(self, one)?,
            [(first, _), _] if name == "sum" => of_one(self, first)?,
            many => many.iter().map(|(v, _)| v.clone()).collect(),
        };
        match name {
            "sum" => {
                let mut total = args.either(1, "start").cloned().unwrap_or(V::Int(0));
                if let V::Str(_) | V::Bytes(_) = total {
                    return self.raise("TypeError", "sum() can't sum strings", at);
                }
                for item in items {
                    let add = crate::syntax::python::ast::Operator::Add;
                    total = self.binary(add, total, item, at)?;
                }
                Ok(total)
            }
            _ => {
                if items.is_empty() {
                    return match args.keyword("default") {
                        Some(default) => Ok(default.clone()),
                        None => self.raise("ValueError", format!("{name}() of nothing"), at),
                    };
                }
                match self.sorted(items, args.keyword("key"), name == "max", at)? {
                    Ok(sorted) => Ok(sorted.into_iter().next().unwrap_or(V::None)),
                    Err(unread) => Ok(V::Unread(unread)),
                }
            }
        }
    }

    /// `any` and `all` stop at the first item that decides.
    fn any_or_all(&mut self, any: bool, items: &V<'a>, at: super::value::At) -> R<'a> {
        let walk = match items {
            V::Set(_) => Iter::new(Walk::Items(self.in_any_order(items, at)?.into_iter())),
            items => self.iterate(items, at)?,
        };
        let mut doubt = None;
        loop {
            let item = match self.advance(&walk, at)? {
                Next::Item(item) => item,
                Next::Unread(unread) => return Ok(V::Unread(unread)),
                Next::End => return Ok(doubt.map_or(V::Bool(!any), V::Unread)),
            };
            match self.truth(&item, at)? {
                Ok(truth) if truth == any => return Ok(V::Bool(truth)),
                Ok(_) => {}
                Err(unread) => doubt = Some(unread),
            }
        }
    }

    /// `reversed(value)` for an object of the file.
    pub(super) fn reversed_object(&mut self, value: &V<'a>, at: At) -> R<'a> {
        if let Some(method) = self.attribute_or_none(value, "__reversed__", at)? {
            return self.call(&method, Args::none(at));
        }
        let V::Instance(instance) = value else {
            return self.raise("TypeError", "object is not reversible", at);
        };
        let has = |name| instance.class.lookup(name).is_some();
        if !has("__getitem__") || !has("__len__") {
            return self.raise("TypeError", "object is not reversible", at);
        }
        match self.length(&Args::of(at, [value.clone()]))? {
            V::Int(len) => Ok(V::Iter(Iter::new(Walk::Numbered(
                value.clone(),
                len - 1,
                -1,
            )))),
            _ => Ok(V::not_read(at, "this length")),
        }
    }
}
