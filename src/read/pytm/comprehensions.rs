//! Comprehensions and generator expressions.

use std::rc::Rc;

use super::interpreter::{Exit, Interpreter, R};
use super::value::dict::Dict;
use super::value::iterator::{Comprehension, Iter, Walk};
use super::value::scope::Scope;
use super::value::{At, Part, Unread, V};
use super::walk::Next;
use crate::syntax::python::ast;

impl<'a> Interpreter<'a> {
    /// Runs a comprehension's clauses; what it gives, or why that is unread.
    pub(super) fn comprehension<T>(
        &mut self,
        generators: &'a [ast::Comprehension],
        scope: &Rc<Scope<'a>>,
        mut each: impl FnMut(&mut Self, &Rc<Scope<'a>>) -> R<'a, T>,
    ) -> R<'a, (Vec<T>, Option<Rc<Unread>>)> {
        let inner = self.keep(Scope::comprehension(&scope.closure()));
        let mut items = Vec::new();
        let mut doubt = None;
        let sites = self.sites.len();
        let result = self.clauses(
            generators,
            Some(Rc::clone(scope)),
            &inner,
            &mut doubt,
            &mut |s, scope| {
                let item = each(s, scope)?;
                items.push(item);
                Ok(())
            },
        );
        self.sites.truncate(sites);
        result?;
        if let Some(first) = generators.first() {
            let at = self.at(first);
            self.allot(items.len() * 32, at)?;
        }
        Ok((items, doubt))
    }

    fn clauses(
        &mut self,
        generators: &'a [ast::Comprehension],
        first: Option<Rc<Scope<'a>>>,
        scope: &Rc<Scope<'a>>,
        doubt: &mut Option<Rc<Unread>>,
        each: &mut dyn FnMut(&mut Self, &Rc<Scope<'a>>) -> R<'a, ()>,
    ) -> R<'a, ()> {
        let Some((generator, rest)) = generators.split_first() else {
            return each(self, scope);
        };
        let at = self.between(&generator.target, &generator.iter);
        if generator.is_async {
            let what = "`async for` is not read";
            self.refuse(at, what, "use a plain loop");
        }
        // The first collection is looked up outside the comprehension.
        let from = first.as_ref().unwrap_or(scope);
        let collection = self.eval(&generator.iter, from)?;
        let walk = match self.iterate(&collection, at) {
            Ok(walk) => walk,
            Err(exit) => match *exit {
                Exit::Unread(unread) => {
                    return self.clause_in_doubt(&unread, generator, rest, scope, doubt, each);
                }
                other => return Err(Box::new(other)),
            },
        };
        'items: loop {
            let item = match self.advance(&walk, at)? {
                Next::Item(item) => item,
                Next::End => break,
                Next::Unread(unread) => {
                    return self.clause_in_doubt(&unread, generator, rest, scope, doubt, each);
                }
            };
            self.sites.push(at);
            self.bind(&generator.target, item, at, scope)?;
            for test in &generator.ifs {
                let value = self.eval(test, scope)?;
                match self.truth(&value, self.at(test))? {
                    Ok(true) => {}
                    Ok(false) => {
                        self.sites.pop();
                        continue 'items;
                    }
                    Err(unread) => {
                        doubt.get_or_insert(unread);
                    }
                }
            }
            match doubt {
                Some(unread) => {
                    let unread = Rc::clone(unread);
                    self.in_doubt(&unread, |s| s.clauses(rest, None, scope, doubt, each))?;
                }
                None => self.clauses(rest, None, scope, doubt, each)?,
            }
            self.sites.pop();
        }
        Ok(())
    }

    fn clause_in_doubt(
        &mut self,
        unread: &Rc<Unread>,
        generator: &'a ast::Comprehension,
        rest: &'a [ast::Comprehension],
        scope: &Rc<Scope<'a>>,
        doubt: &mut Option<Rc<Unread>>,
        each: &mut dyn FnMut(&mut Self, &Rc<Scope<'a>>) -> R<'a, ()>,
    ) -> R<'a, ()> {
        let at = self.between(&generator.target, &generator.iter);
        doubt.get_or_insert_with(|| Rc::clone(unread));
        self.in_doubt(unread, |s| {
            let item = V::Unread(Rc::clone(unread));
            s.bind(&generator.target, item, at, scope)?;
            for test in &generator.ifs {
                s.eval(test, scope)?;
            }
            s.clauses(rest, None, scope, doubt, each)
        })
    }

    /// A generator expression: its first collection is looked up at once, the rest runs
    /// when items are asked for.
    pub(super) fn generator_expression(
        &mut self,
        e: &'a ast::ExprGenerator,
        scope: &Rc<Scope<'a>>,
        at: At,
    ) -> R<'a> {
        let Some(first) = e.generators.first() else {
            return Ok(V::None);
        };
        if e.generators.iter().any(|clause| clause.is_async) {
            return Ok(self.refuse(at, "`async for` is not read", "use a plain loop"));
        }
        let collection = self.eval(&first.iter, scope)?;
        let walk = match self.iterate(&collection, at) {
            Ok(walk) => walk,
            Err(exit) => match *exit {
                Exit::Unread(unread) => {
                    // What it would run, it runs nobody knows how often.
                    let (items, doubt) =
                        self.comprehension(&e.generators, scope, |s, scope| s.eval(&e.elt, scope))?;
                    if let Some(data) = data_of_kept(&items, &unread) {
                        return Ok(data);
                    }
                    let why = doubt.unwrap_or_else(|| Rc::clone(&unread)).why.clone();
                    return Ok(V::beyond(&Unread {
                        why,
                        ..(*unread).clone()
                    }));
                }
                other => return Err(Box::new(other)),
            },
        };
        let inner = self.keep(Scope::comprehension(&scope.closure()));
        Ok(V::Iter(Iter::new(Walk::Comprehension(Box::new(
            Comprehension {
                item: &e.elt,
                clauses: &e.generators,
                scope: inner,
                unit: self.unit,
                walks: vec![walk],
            },
        )))))
    }

    pub(super) fn dict_comprehension(
        &mut self,
        e: &'a ast::ExprDictComp,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a> {
        let at = self.at(e);
        let entry_at = match &e.key {
            Some(key) => self.between(&**key, &*e.value),
            None => at,
        };
        let (pairs, doubt) = self.comprehension(&e.generators, scope, |s, scope| {
            let name = match &e.key {
                Some(key) => s.eval(key, scope)?,
                None => V::unread(at, "`**` in a comprehension is outside what tmrs reads"),
            };
            Ok((name, s.eval(&e.value, scope)?))
        })?;
        if let Some(unread) = doubt {
            return Ok(V::Unread(unread));
        }
        let mut dict = Dict::default();
        for (name, value) in pairs {
            self.insert(&mut dict, name, value, Some(entry_at), at)?;
        }
        Ok(V::dict(dict))
    }

    pub(super) fn next_of_comprehension(
        &mut self,
        inner: &mut Comprehension<'a>,
        at: At,
    ) -> R<'a, Next<'a>> {
        let unit = std::mem::replace(&mut self.unit, inner.unit);
        let next = self.clause(inner, at);
        self.unit = unit;
        match next {
            Err(exit) if matches!(&*exit, Exit::Raise(raised, _) if &*raised.class == "StopIteration") => {
                self.raise("RuntimeError", "generator raised StopIteration", at)
            }
            next => next,
        }
    }

    fn clause(&mut self, inner: &mut Comprehension<'a>, at: At) -> R<'a, Next<'a>> {
        let scope = Rc::clone(&inner.scope);
        'items: loop {
            let Some(walk) = inner.walks.last().cloned() else {
                return Ok(Next::End);
            };
            let Some(clause) = inner.clauses.get(inner.walks.len() - 1) else {
                return Ok(Next::End);
            };
            let item = match self.advance(&walk, at)? {
                Next::Item(item) => item,
                Next::End => {
                    inner.walks.pop();
                    continue;
                }
                unread @ Next::Unread(_) => return Ok(unread),
            };
            let here = self.between(&clause.target, &clause.iter);
            self.bind(&clause.target, item, here, &scope)?;
            for test in &clause.ifs {
                let value = self.eval(test, &scope)?;
                match self.truth(&value, self.at(test))? {
                    Ok(true) => {}
                    Ok(false) => continue 'items,
                    Err(unread) => return Ok(Next::Unread(unread)),
                }
            }
            match inner.clauses.get(inner.walks.len()) {
                None => {
                    let item = self.eval(inner.item, &scope)?;
                    return Ok(Next::Item(item));
                }
                Some(clause) => {
                    let collection = self.eval(&clause.iter, &scope)?;
                    let walk = self.iterate(&collection, at)?;
                    inner.walks.push(walk);
                }
            }
        }
    }
}

/// What a comprehension makes of what pytm keeps for itself, if that is data alone: names of
/// threats are no threats.
pub(super) fn data_of_kept<'a>(items: &[V<'a>], unread: &Unread) -> Option<V<'a>> {
    let data = unread.part == Part::Kept && items.iter().all(V::is_data);
    data.then(|| V::outside(unread.at, unread.why.clone()))
}
