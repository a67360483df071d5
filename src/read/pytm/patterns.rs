//! `match` statements.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::class::{Instance, Root};
use super::value::iterator::Place;
use super::value::scope::Scope;
use super::value::{At, Unread, V};
use crate::syntax::python::ast::{self, Pattern, Singleton};

/// Whether a pattern fits, or why that is unread.
type Fits = Result<bool, Rc<Unread>>;

/// Python's own types that a pattern with one position binds as a whole.
const BINDS_ITSELF: [&str; 11] = [
    "bool",
    "bytearray",
    "bytes",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "set",
    "str",
    "tuple",
];

/// Whether a class of the file says itself what one of these methods of a built-in type does.
fn overrides(instance: &Instance<'_>, methods: &[&str]) -> bool {
    methods
        .iter()
        .any(|method| instance.class.lookup(method).is_some())
}

/// The names that a pattern binds, once all of it fits.
struct Captured<'s, 'a> {
    scope: &'s Rc<Scope<'a>>,
    names: Vec<(&'a str, V<'a>)>,
}

impl<'a> Interpreter<'a> {
    pub(super) fn match_statement(
        &mut self,
        s: &'a ast::StmtMatch,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, ()> {
        if let Some(Place::Case(position)) = self.place_before()
            && let Some(case) = s.cases.get(position)
        {
            let result = self.run(&case.body, scope);
            return self.note_place(result, || Place::Case(position));
        }
        let subject = self.eval(&s.subject, scope)?;
        let at = self.at(&*s.subject);
        let mut doubt: Option<Rc<Unread>> = None;
        for (position, case) in s.cases.iter().enumerate() {
            let mut to = Captured {
                scope,
                names: Vec::new(),
            };
            let mut fits = self.fits(&case.pattern, &subject, at, &mut to)?;
            if !matches!(fits, Ok(false)) {
                for (name, value) in to.names {
                    scope.set(name, value);
                }
            }
            if let (Ok(true), Some(guard)) = (&fits, &case.guard) {
                let value = self.eval(guard, scope)?;
                fits = self.truth(&value, self.at(&**guard))?;
            }
            match fits {
                Ok(true) => match &doubt {
                    None => {
                        let result = self.run(&case.body, scope);
                        return self.note_place(result, || Place::Case(position));
                    }
                    Some(unread) => {
                        let unread = Rc::clone(unread);
                        return self.branch_in_doubt(&unread, &case.body, scope);
                    }
                },
                Ok(false) => {}
                Err(unread) => {
                    self.branch_in_doubt(&unread, &case.body, scope)?;
                    doubt.get_or_insert(unread);
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
        to: &mut Captured<'_, 'a>,
    ) -> R<'a, Fits> {
        match pattern {
            Pattern::MatchAs(p) => {
                if let Some(inner) = &p.pattern {
                    match self.fits(inner, value, at, to)? {
                        Ok(true) => {}
                        other => return Ok(other),
                    }
                }
                if let Some(name) = &p.name {
                    to.names.push((name.as_str(), value.clone()));
                }
                Ok(Ok(true))
            }
            Pattern::MatchStar(_) => Ok(Ok(true)),
            _ if matches!(value, V::Unread(_)) => match value {
                V::Unread(unread) => Ok(Err(Rc::clone(unread))),
                _ => Ok(Ok(false)),
            },
            Pattern::MatchValue(p) => {
                let wanted = self.eval(&p.value, to.scope)?;
                self.equal(value, &wanted, at)
            }
            Pattern::MatchSingleton(p) => Ok(Ok(match p.value {
                Singleton::None => matches!(value, V::None),
                Singleton::True => matches!(value, V::Bool(true)),
                Singleton::False => matches!(value, V::Bool(false)),
            })),
            Pattern::MatchOr(p) => {
                let mut doubt = None;
                let before = to.names.len();
                for pattern in &p.patterns {
                    to.names.truncate(before);
                    match self.fits(pattern, value, at, to)? {
                        Ok(true) => return Ok(Ok(true)),
                        Ok(false) => {}
                        Err(unread) => doubt = Some(unread),
                    }
                }
                Ok(doubt.map_or(Ok(false), Err))
            }
            Pattern::MatchSequence(p) => {
                let is_sequence = match value {
                    V::List(_) | V::Tuple(_) | V::Range(..) | V::Deque(_) => true,
                    V::Instance(one) => {
                        let inner = one.builtin.borrow();
                        let sequence = matches!(&*inner, Some(V::List(_) | V::Tuple(_)));
                        if sequence && overrides(one, &["__getitem__", "__iter__", "__len__"]) {
                            return Ok(self.unknown_fit(self.at(p)));
                        }
                        sequence || one.as_tuple().is_some()
                    }
                    _ => false,
                };
                if !is_sequence {
                    return Ok(Ok(false));
                }
                let items = self.items(value, at)?;
                self.sequence_fits(&p.patterns, items, at, to)
            }
            Pattern::MatchMapping(p) => {
                let inner = match value {
                    V::Instance(one) => one.builtin.borrow().clone(),
                    other => Some(other.clone()),
                };
                let Some(V::Dict(dict)) = inner else {
                    return Ok(Ok(false));
                };
                if let V::Instance(one) = value
                    && overrides(one, &["__getitem__", "__iter__", "get", "keys"])
                {
                    return Ok(self.unknown_fit(self.at(p)));
                }
                let mut rest = dict.borrow().clone();
                if let Some(unread) = &rest.doubt {
                    return Ok(Err(Rc::clone(unread)));
                }
                for (name, pattern) in p.keys.iter().zip(&p.patterns) {
                    let name = self.eval(name, to.scope)?;
                    let Some(held) = dict.borrow().get(&name).cloned() else {
                        return Ok(Ok(false));
                    };
                    rest.remove(&name);
                    match self.fits(pattern, &held, at, to)? {
                        Ok(true) => {}
                        other => return Ok(other),
                    }
                }
                if let Some(name) = &p.rest {
                    rest.make = super::value::dict::Make::Plain;
                    rest.factory = None;
                    to.names.push((name.as_str(), V::dict(rest)));
                }
                Ok(Ok(true))
            }
            Pattern::MatchClass(p) => {
                let class = self.eval(&p.cls, to.scope)?;
                if let V::Alias(_) = class {
                    return self.raise("TypeError", "called match pattern must be a class", at);
                }
                match self.is_instance(value, &class) {
                    Some(true) => {}
                    Some(false) => return Ok(Ok(false)),
                    None => return Ok(self.unknown_fit(self.at(p))),
                }
                if let Some(fits) = self.positions_fit(p, &class, value, at, to)? {
                    match fits {
                        Ok(true) => {}
                        other => return Ok(other),
                    }
                }
                for keyword in &p.arguments.keywords {
                    let held = self.attribute_or_none(value, keyword.attr.as_str(), at)?;
                    let Some(held) = held else {
                        return Ok(Ok(false));
                    };
                    match self.fits(&keyword.pattern, &held, at, to)? {
                        Ok(true) => {}
                        other => return Ok(other),
                    }
                }
                Ok(Ok(true))
            }
        }
    }

    /// The answer of a pattern of which it is not read whether it fits.
    fn unknown_fit(&mut self, at: At) -> Fits {
        let what = "Whether this pattern fits is not read";
        match self.refuse(at, what, "compare with `isinstance`") {
            V::Unread(unread) => Err(unread),
            _ => Ok(false),
        }
    }

    /// The patterns of a class without a name: `str(x)` binds the value itself, a class
    /// says by `__match_args__` or its fields what they mean.
    fn positions_fit(
        &mut self,
        p: &'a ast::PatternMatchClass,
        class: &V<'a>,
        value: &V<'a>,
        at: At,
        to: &mut Captured<'_, 'a>,
    ) -> R<'a, Option<Fits>> {
        let patterns = &p.arguments.patterns;
        if patterns.is_empty() {
            return Ok(None);
        }
        let is_whole = match class {
            V::Type(name) => BINDS_ITSELF.contains(name),
            V::UserClass(class) => {
                let says = class.lookup("__match_args__").is_some();
                !says && matches!(class.root, Root::Builtin(name) if BINDS_ITSELF.contains(&name))
            }
            _ => false,
        };
        if let (true, [pattern]) = (is_whole, patterns.as_slice()) {
            return self.fits(pattern, value, at, to).map(Some);
        }
        if let V::UserClass(class) = class
            && class.is_enum()
        {
            return Ok(Some(self.unknown_fit(self.at(p))));
        }
        let names: Vec<Rc<str>> = match class {
            V::UserClass(class) => match class.lookup("__match_args__") {
                Some(V::Tuple(names)) => names
                    .iter()
                    .filter_map(|n| n.as_str().map(Rc::from))
                    .collect(),
                Some(_) => Vec::new(),
                None => {
                    let fields = class.fields.borrow();
                    let given = fields.iter().filter(|field| field.init);
                    given.map(|field| Rc::clone(&field.name)).collect()
                }
            },
            _ => Vec::new(),
        };
        if names.len() < patterns.len() {
            let message = "the pattern has more positions than the class names";
            return self.raise("TypeError", message, at);
        }
        for (name, pattern) in names.iter().zip(patterns) {
            let Some(held) = self.attribute_or_none(value, name, at)? else {
                return Ok(Some(Ok(false)));
            };
            match self.fits(pattern, &held, at, to)? {
                Ok(true) => {}
                other => return Ok(Some(other)),
            }
        }
        Ok(Some(Ok(true)))
    }

    fn sequence_fits(
        &mut self,
        patterns: &'a [Pattern],
        items: Vec<V<'a>>,
        at: At,
        to: &mut Captured<'_, 'a>,
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
                    to.names.push((name.as_str(), rest));
                }
                continue;
            }
            let item = items.next().unwrap_or(V::None);
            match self.fits(pattern, &item, at, to)? {
                Ok(true) => {}
                other => return Ok(other),
            }
        }
        Ok(Ok(true))
    }
}
