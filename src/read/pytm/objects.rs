//! pytm's objects on the heap: elements, Data, Controls, TMs, and how they are made.

use std::rc::Rc;

use super::interpreter::{Interpreter, MAX_OBJECTS, R};
use super::state::heap::{Held, Object};
use super::value::class::UserClass;
use super::value::dict::Dict;
use super::value::function::Args;
use super::value::{At, ObjId, Unread, V};
use crate::model::vocabulary::{self, Class};
use crate::notice::{Notice, code};

/// How many calls around a construction are kept, the innermost: under recursion each
/// element would hold the whole of it.
const MAX_SITES: usize = 10;

impl<'a> Interpreter<'a> {
    pub(super) fn object(&self, id: ObjId) -> &Object<'a> {
        &self.heap[id.0 as usize]
    }

    pub(super) fn object_mut(&mut self, id: ObjId) -> &mut Object<'a> {
        &mut self.heap[id.0 as usize]
    }

    pub(super) fn object_name(&self, id: ObjId) -> Option<String> {
        let held = self.object(id).get("name")?;
        held.value.as_str().map(ToOwned::to_owned)
    }

    fn allocate(&mut self, class: Class, user: Option<Rc<UserClass<'a>>>, at: At) -> R<'a, ObjId> {
        if self.heap.len() >= MAX_OBJECTS {
            return Err(self.limit(at, &format!("more than {MAX_OBJECTS} objects")));
        }
        let id = ObjId(self.heap.len() as u32);
        self.heap.push(Object {
            class,
            user,
            at,
            name_at: at,
            sites: self
                .sites
                .iter()
                .rev()
                .take(MAX_SITES)
                .rev()
                .copied()
                .collect(),
            slots: Vec::new(),
            claims: Vec::new(),
            initialised: false,
            finished: false,
        });
        Ok(id)
    }

    /// A call of one of pytm's classes, or of a class that extends one.
    pub(super) fn construct(
        &mut self,
        class: Class,
        user: Option<Rc<UserClass<'a>>>,
        args: Args<'a>,
    ) -> R<'a, ObjId> {
        let at = args.at;
        let id = self.allocate(class, user.clone(), at)?;
        let Some(user) = user else {
            self.initialise(id, args)?;
            return Ok(id);
        };
        // What the class's body assigns is a default of its own.
        for class in user.line().iter().rev() {
            for (name, at) in class.assigned.clone() {
                let known = self.object(id).class.attribute(&name).is_some();
                let own = class
                    .declared
                    .borrow()
                    .iter()
                    .any(|field| field.name == name);
                if let (true, Some(value)) = (known || own, class.scope.own(&name)) {
                    // Each object has its own copy.
                    let value = match value {
                        V::List(_) | V::Set(_) | V::Dict(_) => self.deep_copy_of(&value, at)?,
                        value => value,
                    };
                    self.say(id, &name, value, at)?;
                }
            }
        }
        match user.lookup("__init__") {
            Some(V::Function(init)) => {
                let mut all = args;
                all.positional.insert(0, (V::Object(id), at));
                self.call_function(&init, all, Some(V::Object(id)))?;
                if !self.object(id).initialised {
                    self.initialise(id, Args::none(at))?;
                }
            }
            _ => self.initialise(id, args)?,
        }
        Ok(id)
    }

    /// What pytm's `__init__` does: positions, keywords, registration.
    pub(super) fn initialise(&mut self, id: ObjId, mut args: Args<'a>) -> R<'a, ()> {
        let (class, at) = (self.object(id).class, args.at);
        self.object_mut(id).initialised = true;
        self.note_late(class, at, self.fatal());
        if let Some(unread) = self.doubt.clone() {
            self.existence_in_doubt(class, at, &unread);
        }
        if class == Class::TM {
            let notices = self.registry.take_late_notices();
            drop(notices);
            self.tell_pending();
            if at.unit == 0 {
                self.reached.insert(at.span.start);
            }
        }
        let named = positions(class).iter().take(args.positional.len());
        if let Some((name, _, at)) = args
            .keywords
            .iter()
            .find(|(name, _, _)| named.clone().any(|known| *known == &**name))
        {
            let message = format!("{} got multiple values for argument '{name}'", class.name());
            return self.raise("TypeError", message, *at);
        }
        let most = positions(class).len();
        if let Some((_, at)) = args.positional.get(most)
            && class != Class::Finding
            && !self.tries.is_empty()
        {
            let message = format!("{} takes {most} arguments without a name", class.name());
            return self.raise("TypeError", message, *at);
        }
        for name in positions(class) {
            if let Some((value, at)) = args.take(name) {
                self.say(id, name, value, at)?;
                if *name == "name" {
                    self.object_mut(id).name_at = at;
                }
            }
        }
        // A Finding takes any number of them and looks at the first one.
        let more = args.positional.first().filter(|_| class != Class::Finding);
        if let Some((_, at)) = more {
            let message = format!(
                "{} takes no more arguments without a name; pytm stops here",
                class.name()
            );
            self.refuse(*at, message, "Give further attributes by name");
        }
        for (name, value, at) in std::mem::take(&mut args.keywords) {
            self.say(id, &name, value, at)?;
        }
        self.check_required(id, &args);
        if let Some(field) = self.missing_field(id) {
            let message = format!("`{field}` of this {} is missing", class.name());
            return self.raise("ValidationError", message, at);
        }
        self.object_mut(id).finished = true;
        if class.is_element() && !self.registry.checked.is_empty() && !self.registry.is_late() {
            let what = "An element that is made after `check()` is not read";
            self.refuse(at, what, "make it before");
        }
        if class.is_element() {
            self.registry.elements.push(id);
        } else if class == Class::Data {
            self.registry.data.push(id);
        } else if class == Class::TM {
            self.registry.waiting.push(id);
        }
        Ok(())
    }

    /// pydantic gives an object's fields, one by one, to whoever goes through it.
    pub(super) fn refuse_fields(&mut self, at: At) -> V<'a> {
        let what = "What pytm gives where an object of its own is gone through is not read";
        self.refuse(
            at,
            what,
            "go through a list, or ask for the attribute that is meant",
        )
    }

    fn existence_in_doubt(&mut self, class: Class, at: At, unread: &Rc<Unread>) {
        if class.is_element() || class == Class::TM {
            let message = format!(
                "Whether this {} is part of the model is not read",
                class.name()
            );
            self.incomplete(code::INCOMPLETE, at, message, Some(unread));
        }
    }

    fn check_required(&mut self, id: ObjId, args: &Args<'a>) {
        let (class, at) = (self.object(id).class, self.object(id).at);
        if let Some(unread) = &args.doubt {
            let message = format!("What this {} is given is not read", class.name());
            self.incomplete(code::INCOMPLETE, at, message, Some(&Rc::clone(unread)));
        }
        let required: &[&str] = match class {
            Class::Dataflow => &["name", "source", "sink"],
            Class::Controls | Class::Finding => &[],
            _ => &["name"],
        };
        for name in required {
            let held = self.object(id).get(name).map(|held| held.value.clone());
            match held {
                None | Some(V::None) => {
                    let message = format!("This {} has no `{name}`", class.name());
                    self.incomplete(code::INCOMPLETE, at, message, None);
                }
                Some(V::Unread(unread)) if *name == "name" => {
                    self.has_unread_name(id, &unread, at);
                }
                Some(_) => {}
            }
        }
    }

    /// What an object is called decides what its findings are known by.
    pub(super) fn has_unread_name(&mut self, id: ObjId, unread: &Unread, at: At) {
        let message = format!(
            "The name of this {} is not read",
            self.object(id).class.name()
        );
        self.incomplete(code::INCOMPLETE, at, message, Some(unread));
    }

    /// The element's Controls, made when first asked for.
    pub(super) fn controls_of(&mut self, id: ObjId, at: At) -> R<'a, ObjId> {
        if let Some(V::Object(controls)) = self.object(id).get("controls").map(|h| h.value.clone())
        {
            return Ok(controls);
        }
        let controls = self.allocate(Class::Controls, None, at)?;
        // There from the start in Python: what is said in doubt of them stays in doubt.
        self.object_mut(controls).finished = true;
        self.object_mut(id).set(
            "controls",
            Held {
                value: V::Object(controls),
                at,
                said: false,
            },
        );
        Ok(controls)
    }

    /// `setattr(element, unread, value)`.
    pub(super) fn attribute_of_unread_name(&mut self, id: ObjId, unread: &Rc<Unread>, at: At) {
        let class = self.object(id).class.name();
        let message = format!("Which attribute of this {class} is set here is not read");
        self.incomplete(code::INCOMPLETE, at, message, Some(unread));
    }

    /// An assignment to something unread, which may be an element.
    pub(super) fn set_on_unread(&mut self, unread: &Rc<Unread>, name: &str, at: At) {
        if self.registry.is_late() {
            return;
        }
        if unread.told {
            self.registry.incomplete = true;
            return;
        }
        let message = format!("Whose `{name}` is set here is not read");
        // Many things that are no elements have a name.
        let is_structure = match name {
            "data" => false,
            "name" => !unread.inert,
            name => STRUCTURE.contains(&name),
        };
        if is_structure {
            self.incomplete(code::INCOMPLETE, at, message, Some(unread));
            return;
        }
        if !vocabulary::names().contains(&name) {
            return;
        }
        // It may be an attribute of any object, unless no object of the model can be meant.
        if !unread.inert {
            let of_some = (Rc::clone(unread), at);
            self.of_some.entry(name.into()).or_insert(of_some);
        }
        if !matches!(
            name,
            "name" | "description" | "data" | "format" | "type" | "id"
        ) {
            let notice = Notice::warning(code::UNREAD, self.place(at), message)
                .with_label(self.place(unread.at), unread.why.clone());
            self.notice(notice);
        }
    }

    /// A dictionary where pytm wants an object: its entries as keywords.
    pub(super) fn object_of_dict(&mut self, class: Class, dict: &Dict<'a>, at: At) -> R<'a, ObjId> {
        let at = dict.at.unwrap_or(at);
        let mut args = Args::none(at);
        args.doubt.clone_from(&dict.doubt);
        for entry in dict.iter() {
            if let Some(name) = entry.key.as_str() {
                let at = entry.at.unwrap_or(at);
                args.keywords.push((name.into(), entry.value.clone(), at));
            }
        }
        let id = self.allocate(class, None, at)?;
        self.initialise(id, args)?;
        Ok(id)
    }
}

/// Attributes without which a model's structure is not known (docs/semantics.md §6).
pub(super) const STRUCTURE: &[&str] = &[
    "name",
    "inBoundary",
    "source",
    "sink",
    "inScope",
    "data",
    "overrides",
    "assumptions",
    "threatsFile",
];

/// What the positional arguments of a class mean.
fn positions(class: Class) -> &'static [&'static str] {
    match class {
        Class::Dataflow => &["source", "sink", "name"],
        Class::TM => &["name", "description"],
        Class::Assumption => &["name", "exclude"],
        Class::Finding => &["element"],
        Class::Controls => &[],
        _ => &["name"],
    }
}
