//! What code that is not read may do: raise, change what it is handed, call what it is
//! handed. It is never taken to do nothing.

use std::rc::Rc;

use super::builders::{class_may_build, may_build};
use super::interpreter::{Interpreter, R};
use super::outside;
use super::value::function::Args;
use super::value::{Alias, At, Unread, V};

/// How many values are looked at in what one call is handed.
const MOST_VALUES: usize = 20_000;

/// What a call of unread code is handed.
#[derive(Default)]
struct Handed<'a> {
    /// Something that can build or connect elements when it is called.
    builder: bool,
    /// An element, a TM or another object of pytm's.
    object: bool,
    /// What can be changed in place.
    mutable: Vec<V<'a>>,
    seen: usize,
    depth: u8,
}

impl<'a> Interpreter<'a> {
    /// The content of a collection or instance is unread from here on.
    pub(super) fn touch(&mut self, value: &V<'a>, unread: &Rc<Unread>) {
        if let (V::List(_) | V::Deque(_) | V::Set(_) | V::Dict(_) | V::Instance(_), Some(address)) =
            (value, value.address())
        {
            let why = V::perhaps(unread, value, &V::None);
            if let V::Unread(why) = why {
                self.touched
                    .by_address
                    .entry(address)
                    .or_insert_with(|| (value.clone(), why));
            }
        }
    }

    /// Names or attributes change: what `vars()` and the like gave of them shows it in
    /// Python, and is unread here.
    pub(super) fn outdate(&mut self, owner: Option<usize>, at: At) {
        if self.snapshots.is_empty() {
            return;
        }
        let (gone, kept) = std::mem::take(&mut self.snapshots)
            .into_iter()
            .partition(|(of, _)| *of == owner);
        self.snapshots = kept;
        let gone: Vec<(Option<usize>, V<'a>)> = gone;
        if let V::Unread(unread) = V::not_read(at, "what `vars()` shows after a change") {
            for (_, view) in gone {
                self.touch(&view, &unread);
            }
        }
    }

    /// The value, or that it is unread if unread code may have changed it.
    pub(super) fn untouched(&self, value: V<'a>) -> V<'a> {
        match self.touched.why(&value) {
            Some(why) => V::Unread(Rc::clone(why)),
            None => value,
        }
    }

    /// A call of something unread.
    pub(super) fn unread_call(&mut self, unread: &Rc<Unread>, args: &Args<'a>) -> R<'a> {
        let handed = self.handed(args);
        self.may_raise(unread);
        let changes = handed.builder || handed.object;
        if unread.told {
            self.registry.incomplete |= !self.registry.is_late();
        } else if !unread.inert || changes {
            return Ok(self.refuse_call(unread, args.at, changes));
        }
        for value in &handed.mutable {
            self.touch(value, unread);
        }
        Ok(V::Unread(Rc::clone(unread)))
    }

    /// A call of something known with arguments that are not: what it calls, it calls
    /// nobody knows how often, and what it gives may be any of what it is handed.
    pub(super) fn unread_arguments(&mut self, unread: &Rc<Unread>, args: &Args<'a>) -> R<'a> {
        let handed = self.handed(args);
        self.may_raise(unread);
        if handed.builder {
            if unread.told {
                self.registry.incomplete |= !self.registry.is_late();
            } else if args
                .positional
                .iter()
                .any(|(value, _)| self.is_builder(value))
                || args
                    .keywords
                    .iter()
                    .any(|(_, value, _)| self.is_builder(value))
            {
                return Ok(self.refuse_call(unread, args.at, true));
            }
        }
        let plain = args.positional.iter().all(|(value, _)| value.is_data())
            && args.keywords.iter().all(|(_, value, _)| value.is_data());
        Ok(if plain || unread.told {
            V::Unread(Rc::clone(unread))
        } else {
            V::beyond(unread)
        })
    }

    /// Something of the file or of pytm that builds when it is called.
    fn is_builder(&self, value: &V<'a>) -> bool {
        if let V::Unread(_) | V::Object(_) = value {
            return false;
        }
        let mut handed = Handed::default();
        match value {
            V::Function(_)
            | V::Bound(_)
            | V::Partial(_)
            | V::Method(_)
            | V::Class(_)
            | V::UserClass(_) => handed.look_at(value),
            _ => {}
        }
        handed.builder
    }

    fn refuse_call(&mut self, unread: &Rc<Unread>, at: At, changes: bool) -> V<'a> {
        let call = self.snippet(at);
        let what = if changes {
            format!("What `{call}` does with the model's own objects is not read")
        } else {
            format!("What `{call}` does is not read")
        };
        let what = format!("{what}: {}", unread.why);
        let instead = "build the model without it, in code that tmrs reads";
        self.refuse(at, what, instead)
    }

    /// A call of a library's function that tmrs does not read, by its dotted name.
    pub(super) fn library_call(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        if outside::runs_code(name) {
            let what = format!("`{name}()` runs code that tmrs does not read");
            return Ok(self.refuse(at, what, "write that code where it is called"));
        }
        let why = format!("{name}() is not run");
        if outside::only_looks(name) {
            return Ok(V::outside(at, why));
        }
        let result = if outside::shows_the_program(name) {
            V::unread(at, why)
        } else {
            V::outside(at, why)
        };
        let V::Unread(unread) = &result else {
            return Ok(result);
        };
        let handed = self.handed(args);
        self.may_raise(unread);
        if handed.builder || (handed.object && !outside::is_pure(name)) {
            return Ok(self.refuse_call(unread, at, true));
        }
        if !outside::is_pure(name) {
            for value in &handed.mutable {
                self.touch(value, unread);
            }
        }
        // What it gives back may be what it was handed.
        let plain = args.positional.iter().all(|(value, _)| value.is_data())
            && args.keywords.iter().all(|(_, value, _)| value.is_data());
        Ok(if plain {
            result
        } else {
            V::unread(at, unread.why.clone())
        })
    }

    fn handed(&self, args: &Args<'a>) -> Handed<'a> {
        let mut handed = Handed::default();
        for (value, _) in &args.positional {
            handed.look_at(value);
        }
        for (_, value, _) in &args.keywords {
            handed.look_at(value);
        }
        handed
    }
}

impl<'a> Handed<'a> {
    /// Takes a value and all that can be reached from it.
    fn look_at(&mut self, value: &V<'a>) {
        self.seen += 1;
        if self.seen > MOST_VALUES || self.depth > 40 {
            self.builder = true;
            return;
        }
        self.depth += 1;
        match value {
            V::Object(_) => self.object = true,
            V::Class(_) | V::Module(_) | V::Super(_) => self.builder = true,
            V::Library(name) if name.starts_with("pytm") => self.builder = true,
            V::Unread(unread) => self.builder |= !unread.inert && !unread.told,
            V::Function(function) => self.builder |= may_build(function, 6),
            V::Bound(bound) => {
                self.look_at(&bound.0);
                self.look_at(&bound.1);
            }
            V::Method(method) => match &method.0 {
                V::Object(_) | V::Class(_) => self.builder = true,
                owner => self.look_at(owner),
            },
            V::Partial(partial) => {
                self.look_at(&partial.function);
                for value in &partial.positional {
                    self.look_at(value);
                }
                for (_, value, _) in &partial.keywords {
                    self.look_at(value);
                }
            }
            V::UserClass(class) => self.builder |= class_may_build(class),
            V::Tuple(items) => items.iter().for_each(|item| self.look_at(item)),
            V::Alias(alias) => match &**alias {
                Alias::Of { owner, of } => {
                    self.look_at(owner);
                    self.look_at(of);
                }
                Alias::Union(types) => types.iter().for_each(|one| self.look_at(one)),
            },
            V::View(dict, _) => self.look_at(&V::Dict(Rc::clone(dict))),
            V::List(items) | V::Deque(items) if self.note(value) => {
                for item in items.borrow().iter() {
                    self.look_at(item);
                }
            }
            V::Set(dict) | V::Dict(dict) if self.note(value) => {
                for entry in dict.borrow().iter() {
                    self.look_at(&entry.key);
                    self.look_at(&entry.value);
                }
            }
            V::Instance(instance) if self.note(value) => {
                self.builder |= class_may_build(&instance.class);
                for (_, value) in instance.attributes.bound() {
                    self.look_at(&value);
                }
                if let Some(inner) = instance.builtin.borrow().as_ref() {
                    self.look_at(inner);
                }
            }
            V::Exception(raised) => {
                for value in &raised.arguments {
                    self.look_at(value);
                }
            }
            _ => {}
        }
        self.depth -= 1;
    }

    /// Remembers something mutable; false if it was seen already.
    fn note(&mut self, value: &V<'a>) -> bool {
        let address = value.address();
        // Few are handed at once; most calls hand over none.
        if self.mutable.len() < 512 && self.mutable.iter().any(|known| known.address() == address) {
            return false;
        }
        self.mutable.push(value.clone());
        true
    }
}
