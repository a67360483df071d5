//! `match` statements.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::scope::Scope;
use super::value::{At, Unread, V};
use crate::syntax::python::ast::{self, Pattern, Singleton};

/// Whether a pattern fits, or why that is unread.
type Fits = Result<bool, Rc<Unread>>;

impl<'a> Interpreter<'a> {
    pub(super) fn match_statement(
        &mut self,
        s: &'a ast::StmtMatch,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        let subject = self.eval(&s.subject, scope)?;
        let at = self.at(&*s.subject);
        for case in &s.cases {
            let mut fits = self.fits(&case.pattern, &subject, at, scope)?;
            if let (Ok(true), Some(guard)) = (&fits, &case.guard) {
                let value = self.eval(guard, scope)?;
                fits = self.truth(&value, self.at(&**guard))?;
            }
            match fits {
                Ok(true) => return self.run(&case.body, scope),
                Ok(false) => {}
                Err(unread) => {
                    self.in_doubt(&unread, |i| i.run(&case.body, scope)).ok();
                }
            }
        }
        Ok(())
    }

    fn fits(
        &mut self,
        pattern: &'a Pattern,
        value: &V<'a>,
        at: At,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, Fits> {
        match pattern {
            Pattern::MatchAs(p) => {
                if let Some(inner) = &p.pattern {
                    match self.fits(inner, value, at, scope)? {
                        Ok(true) => {}
                        other => return Ok(other),
                    }
                }
                if let Some(name) = &p.name {
                    scope.set(name.as_str(), value.clone());
                }
                Ok(Ok(true))
            }
            Pattern::MatchStar(_) => Ok(Ok(true)),
            _ if matches!(value, V::Unread(_)) => match value {
                V::Unread(unread) => Ok(Err(Rc::clone(unread))),
                _ => Ok(Ok(false)),
            },
            Pattern::MatchValue(p) => {
                let wanted = self.eval(&p.value, scope)?;
                self.equal(value, &wanted, at)
            }
            Pattern::MatchSingleton(p) => Ok(Ok(match p.value {
                Singleton::None => matches!(value, V::None),
                Singleton::True => matches!(value, V::Bool(true)),
                Singleton::False => matches!(value, V::Bool(false)),
            })),
            Pattern::MatchOr(p) => {
                let mut doubt = None;
                for pattern in &p.patterns {
                    match self.fits(pattern, value, at, scope)? {
                        Ok(true) => return Ok(Ok(true)),
                        Ok(false) => {}
                        Err(unread) => doubt = Some(unread),
                    }
                }
                Ok(doubt.map_or(Ok(false), Err))
            }
            Pattern::MatchSequence(p) => {
                if !matches!(value, V::List(_) | V::Tuple(_)) {
                    return Ok(Ok(false));
                }
                let items = self.items(value, at)?;
                self.sequence_fits(&p.patterns, items, at, scope)
            }
            Pattern::MatchMapping(p) => {
                let V::Dict(dict) = value else {
                    return Ok(Ok(false));
                };
                for (name, pattern) in p.keys.iter().zip(&p.patterns) {
                    let name = self.eval(name, scope)?;
                    let Some(held) = dict.borrow().get(&name).cloned() else {
                        return Ok(Ok(false));
                    };
                    match self.fits(pattern, &held, at, scope)? {
                        Ok(true) => {}
                        other => return Ok(other),
                    }
                }
                Ok(Ok(true))
            }
            Pattern::MatchClass(p) => {
                let class = self.eval(&p.cls, scope)?;
                if self.is_instance(value, &class) != Some(true) {
                    return Ok(Ok(false));
                }
                for keyword in &p.arguments.keywords {
                    let held = self.attribute_or_none(value, keyword.attr.as_str(), at)?;
                    let Some(held) = held else {
                        return Ok(Ok(false));
                    };
                    match self.fits(&keyword.pattern, &held, at, scope)? {
                        Ok(true) => {}
                        other => return Ok(other),
                    }
                }
                // `str(x)` binds the value itself.
                match p.arguments.patterns.first() {
                    Some(pattern) => self.fits(pattern, value, at, scope),
                    None => Ok(Ok(true)),
                }
            }
        }
    }

    fn sequence_fits(
        &mut self,
        patterns: &'a [Pattern],
        items: Vec<V<'a>>,
        at: At,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, Fits> {
        let star = patterns
            .iter()
            .position(|pattern| matches!(pattern, Pattern::MatchStar(_)));
        let fits = match star {
            Some(_) => items.len() + 1 >= patterns.len(),
            None => items.len() == patterns.len(),
        };
        if !fits {
            return Ok(Ok(false));
        }
        let extra = (items.len() + 1).saturating_sub(patterns.len());
        let mut items = items.into_iter();
        for (position, pattern) in patterns.iter().enumerate() {
            if Some(position) == star {
                let rest = V::list(items.by_ref().take(extra).collect());
                if let Pattern::MatchStar(star) = pattern
                    && let Some(name) = &star.name
                {
                    scope.set(name.as_str(), rest);
                }
                continue;
            }
            let item = items.next().unwrap_or(V::None);
            match self.fits(pattern, &item, at, scope)? {
                Ok(true) => {}
                other => return Ok(other),
            }
        }
        Ok(Ok(true))
    }
}
