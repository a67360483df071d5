//! pytm's objects on the heap: elements, Data, Controls, TMs, and how they are made.

use std::rc::Rc;

use super::attributes::method;
use super::classes::UserClass;
use super::function::Args;
use super::interpreter::{Interpreter, MAX_OBJECTS, R};
use super::value::{At, Dict, ObjId, Unread, V};
use crate::model::vocabulary::{self, Attribute, Class, Fallback, Kind};
use crate::notice::{Notice, code};

/// What was said about one attribute, last.
#[derive(Clone)]
pub(super) struct Held<'a> {
    pub(super) value: V<'a>,
    pub(super) at: At,
    /// False for an empty collection that reading the attribute made.
    pub(super) said: bool,
}

/// One object.
pub(super) struct Object<'a> {
    pub(super) class: Class,
    pub(super) user: Option<Rc<UserClass<'a>>>,
    /// The constructor call.
    pub(super) at: At,
    pub(super) name_at: At,
    /// Calls and loops around the constructor, outermost first.
    pub(super) sites: Vec<At>,
    pub(super) slots: Vec<(Rc<str>, Held<'a>)>,
    /// Controls in words: the words, where, and whether they are understood.
    pub(super) claims: Vec<(Rc<str>, At, bool)>,
    initialised: bool,
    /// Construction is over.
    pub(super) finished: bool,
}

impl<'a> Object<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&Held<'a>> {
        self.slots
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|(_, held)| held)
    }

    pub(super) fn set(&mut self, name: &str, held: Held<'a>) {
        match self.slots.iter_mut().find(|(known, _)| &**known == name) {
            Some((_, slot)) => *slot = held,
            None => self.slots.push((name.into(), held)),
        }
    }
}

/// What pytm keeps in `TM._state`: everything since the last reset.
#[derive(Default)]
pub(super) struct Registry {
    pub(super) elements: Vec<ObjId>,
    pub(super) data: Vec<ObjId>,
    /// TMs that were not processed yet.
    pub(super) waiting: Vec<ObjId>,
    /// How many elements the last processed model held.
    pub(super) judged: usize,
    /// A model was processed, and no other TM made since.
    late: bool,
    late_notices: Vec<Notice>,
    /// Something that decides about the model was not read.
    pub(super) incomplete: bool,
}

impl Registry {
    pub(super) fn is_late(&self) -> bool {
        self.late
    }

    pub(super) fn processed(&mut self) {
        self.late = true;
        self.judged = self.elements.len();
    }

    pub(super) fn take_late_notices(&mut self) -> Vec<Notice> {
        self.late = false;
        std::mem::take(&mut self.late_notices)
    }
}

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
            sites: self.sites.clone(),
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
                if let (true, Some(value)) = (known, class.scope.own(&name)) {
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
        self.note_late(class, at);
        if let Some(unread) = self.doubt.clone() {
            self.existence_in_doubt(class, at, &unread);
        }
        if class == Class::TM {
            let notices = self.registry.take_late_notices();
            drop(notices);
        }
        for name in positions(class) {
            if let Some((value, at)) = args.take(name) {
                self.say(id, name, value, at)?;
                if *name == "name" {
                    self.object_mut(id).name_at = at;
                }
            }
        }
        if let Some((_, at)) = args.positional.first() {
            let message = format!("{} takes no more arguments without a name", class.name());
            self.notice(
                Notice::warning(code::WRONG_TYPE, self.place(*at), message)
                    .with_help("Give further attributes by name; this one is left out"),
            );
        }
        for (name, value, at) in std::mem::take(&mut args.keywords) {
            self.say(id, &name, value, at)?;
        }
        self.check_required(id, &args);
        self.object_mut(id).finished = true;
        if class.is_element() {
            self.registry.elements.push(id);
        } else if class == Class::Data {
            self.registry.data.push(id);
        } else if class == Class::TM {
            self.registry.waiting.push(id);
        }
        Ok(())
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
                    let message = format!("The name of this {} is not read", class.name());
                    self.incomplete(code::INCOMPLETE, at, message, Some(&unread));
                }
                Some(_) => {}
            }
        }
    }

    /// Something that happens after `process()`: a warning, unless another model follows.
    pub(super) fn note_late(&mut self, class: Class, at: At) {
        if self.registry.late
            && self.doubt.is_none()
            && (class.is_element() || class == Class::Data)
        {
            let notice = Notice::warning(
                code::LATE_STATEMENT,
                self.place(at),
                "This comes after process() and is not part of the judged model",
            )
            .with_help("Move it before process(), or call TM.reset() for another model");
            if self.registry.late_notices.len() < 100
                && !self.registry.late_notices.contains(&notice)
            {
                self.registry.late_notices.push(notice);
            }
        }
    }

    /// `TM.reset()`.
    pub(super) fn reset(&mut self, at: At) {
        if let Some(unread) = self.doubt.clone() {
            let message = "Whether the model is reset here is not read".to_owned();
            self.incomplete(code::INCOMPLETE, at, message, Some(&unread));
            return;
        }
        self.end_of_epoch();
        self.registry = Registry::default();
    }

    /// Collects what was never processed, and tells what came too late.
    pub(super) fn end_of_epoch(&mut self) {
        for notice in self.registry.take_late_notices() {
            self.notice(notice);
        }
        let waiting = std::mem::take(&mut self.registry.waiting);
        if self.registry.judged > 0 {
            // Another TM of this epoch was processed, as pytm's users do.
            return;
        }
        for tm in waiting {
            self.collect(tm);
        }
    }

    /// What `tm.process()`, `check()` and `resolve()` see.
    fn process(&mut self, id: ObjId) {
        if self.doubt.is_some() || self.object(id).class != Class::TM {
            return;
        }
        let Some(position) = self.registry.waiting.iter().position(|tm| *tm == id) else {
            return;
        };
        self.registry.waiting.remove(position);
        let notices = self.registry.take_late_notices();
        if self.registry.judged == 0 {
            for notice in notices {
                self.notice(notice);
            }
        }
        self.collect(id);
        self.registry.processed();
    }

    /// `object.name`.
    pub(super) fn object_attribute(&mut self, id: ObjId, name: &str, at: At) -> R<'a> {
        if let Some(held) = self.object(id).get(name) {
            return Ok(held.value.clone());
        }
        if let Some(user) = self.object(id).user.clone()
            && let Some(found) = user.lookup(name)
        {
            return self.bind_to(found, &V::Object(id), &user, at);
        }
        self.object_attribute_plain(id, name, at)
    }

    /// As pytm's own classes have it.
    pub(super) fn object_attribute_plain(&mut self, id: ObjId, name: &str, at: At) -> R<'a> {
        if let Some(held) = self.object(id).get(name) {
            return Ok(held.value.clone());
        }
        let class = self.object(id).class;
        if name == "controls" && class.is_element() {
            let controls = self.controls_of(id, at)?;
            return Ok(V::Object(controls));
        }
        if let Some(attribute) = class.attribute(name) {
            return Ok(self.default_of(id, attribute, at));
        }
        if OBJECT_METHODS.contains(&name) {
            return Ok(method(&V::Object(id), name));
        }
        if name == "__class__" {
            return Ok(V::Class(class));
        }
        if class == Class::TM && name.starts_with('_') {
            return match self.registered(name) {
                Some(value) => Ok(value),
                None => self.raise("AttributeError", name, at),
            };
        }
        if name.starts_with("__") {
            return self.raise("AttributeError", name, at);
        }
        // What is set under another spelling is read under it, too.
        if let Some(known) = vocabulary::respelled(class, name)
            && let Some(held) = self.object(id).get(known.name)
        {
            return Ok(held.value.clone());
        }
        if let Some(control) = vocabulary::flat_control(class, name)
            && let Some(V::Object(controls)) =
                self.object(id).get("controls").map(|h| h.value.clone())
            && let Some(held) = self.object(controls).get(control.name)
        {
            return Ok(held.value.clone());
        }
        let message = format!("'{}' has no attribute '{name}'", class.name());
        self.raise("AttributeError", message, at)
    }

    fn default_of(&mut self, id: ObjId, attribute: &'static Attribute, at: At) -> V<'a> {
        let value = match (attribute.default, attribute.kind) {
            (Fallback::Bool(b), _) => V::Bool(b),
            (Fallback::Int(i), _) => V::Int(i),
            (Fallback::Text(text), _) => V::str(text),
            (Fallback::Member(member), Kind::Enum(e)) => {
                V::Member(e, e.position(member).unwrap_or(0))
            }
            (Fallback::Member(_) | Fallback::Nothing, _) => V::None,
            (Fallback::Empty, Kind::DataSet | Kind::Ints) => V::set([]),
            (Fallback::Empty, _) => V::list(Vec::new()),
            (Fallback::LevelZero, _) => V::set([V::Int(0)]),
        };
        // A collection may be added to in place.
        if matches!(value, V::Set(_) | V::List(_)) && attribute.kind != Kind::Internal {
            let held = Held {
                value: value.clone(),
                at,
                said: false,
            };
            self.object_mut(id).set(attribute.name, held);
        }
        value
    }

    /// The element's Controls, made when first asked for.
    pub(super) fn controls_of(&mut self, id: ObjId, at: At) -> R<'a, ObjId> {
        if let Some(V::Object(controls)) = self.object(id).get("controls").map(|h| h.value.clone())
        {
            return Ok(controls);
        }
        let controls = self.allocate(Class::Controls, None, at)?;
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

    pub(super) fn user_method(&mut self, id: ObjId, name: &str, at: At) -> R<'a, Option<V<'a>>> {
        let Some(user) = self.object(id).user.clone() else {
            return Ok(None);
        };
        match user.lookup(name) {
            Some(found) => self.bind_to(found, &V::Object(id), &user, at).map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn object_method(&mut self, id: ObjId, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        match name {
            "__init__" => {
                self.initialise(id, args)?;
                Ok(V::None)
            }
            "process" | "check" | "resolve" if self.object(id).class == Class::TM => {
                self.process(id);
                Ok(if name == "check" {
                    V::Bool(true)
                } else {
                    V::None
                })
            }
            "check" => Ok(V::Bool(true)),
            "reset" => {
                self.reset(at);
                Ok(V::None)
            }
            "display_name" => self.object_attribute(id, "name", at),
            "oneOf" => {
                for (wanted, _) in &args.positional {
                    let same = wanted.is(&V::Object(id));
                    if same || self.is_instance(&V::Object(id), wanted) == Some(true) {
                        return Ok(V::Bool(true));
                    }
                }
                Ok(V::Bool(false))
            }
            "inside" => {
                let boundary = self.object_attribute(id, "inBoundary", at)?;
                for (wanted, _) in &args.positional {
                    if boundary.is(wanted) || self.is_instance(&boundary, wanted) == Some(true) {
                        return Ok(V::Bool(true));
                    }
                }
                Ok(V::Bool(false))
            }
            "parents" => {
                let mut parents = Vec::new();
                let mut boundary = self.object_attribute(id, "inBoundary", at)?;
                while let V::Object(parent) = boundary
                    && parents.len() < 256
                {
                    parents.push(boundary);
                    boundary = self.object_attribute(parent, "inBoundary", at)?;
                }
                Ok(V::list(parents))
            }
            _ => Ok(V::unread(at, format!("{name}() is not run"))),
        }
    }

    /// `TM._elements`, `TM._flows` and their like.
    pub(super) fn registered(&self, name: &str) -> Option<V<'a>> {
        let wanted: fn(Class) -> bool = match name {
            "_elements" => |_| true,
            "_flows" => |class| class == Class::Dataflow,
            "_boundaries" => |class| class == Class::Boundary,
            "_actors" => |class| class.is_a(Class::Actor),
            "_assets" => |class| class.is_a(Class::Asset),
            "_data" => {
                let data = self.registry.data.iter();
                return Some(V::list(data.map(|id| V::Object(*id)).collect()));
            }
            "_threats" | "_threatsExcluded" | "_duplicate_ignored_attrs" => {
                return Some(V::list(Vec::new()));
            }
            _ => return None,
        };
        let elements = self.registry.elements.iter();
        Some(V::list(
            elements
                .filter(|id| wanted(self.object(**id).class))
                .map(|id| V::Object(*id))
                .collect(),
        ))
    }

    /// `TM._elements = []`: what was done before `TM.reset()` existed.
    pub(super) fn set_on_class(&mut self, class: Class, name: &str, at: At) {
        if class == Class::TM && matches!(name, "_elements" | "_flows") {
            self.reset(at);
        }
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
        let message = format!("Whose `{name}` is set here is not read");
        if STRUCTURE.contains(&name) && !matches!(name, "data" | "name") {
            self.incomplete(code::INCOMPLETE, at, message, Some(unread));
        } else if vocabulary::names().contains(&name)
            && !matches!(
                name,
                "name" | "description" | "data" | "format" | "type" | "id"
            )
        {
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

/// Attributes without which a model's structure is not known (SEMANTICS §6).
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

const OBJECT_METHODS: &[&str] = &[
    "process",
    "check",
    "resolve",
    "reset",
    "dfd",
    "seq",
    "report",
    "display_name",
    "oneOf",
    "inside",
    "crosses",
    "enters",
    "exits",
    "parents",
    "hasDataLeaks",
    "checkTLSVersion",
    "model_dump",
    "model_copy",
    "copy",
    "dict",
    "json",
    "sqlDump",
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
