//! Classes of a model file: plain ones, dataclasses, named tuples, enums,
//! exceptions, and those that extend pytm's.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::circles::Holder;
use super::dict::Dict;
use super::function::{Args, Binding, Function};
use super::interpreter::{Interpreter, R};
use super::scope::Scope;
use super::value::{At, Raised, V};
use crate::model::vocabulary::Class;

/// How many statements a class body, and how many names a made class may have.
pub(super) const MAX_MEMBERS: usize = 5_000;

/// What a class of the file is at its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Root {
    Object,
    Pytm(Class),
    Exception(Rc<str>),
    /// `Enum`; with the type of its values for `IntEnum`, `StrEnum`, `Flag`.
    Enum {
        plain_text: bool,
        /// Members are values of another type, too: `class Kind(str, Enum)`.
        of_values: bool,
    },
    NamedTuple,
    /// `types.SimpleNamespace` and what `argparse` gives.
    Namespace,
    /// A built-in type such as `dict` or `str`.
    Builtin(&'static str),
}

/// One declared field of a dataclass or named tuple.
#[derive(Clone)]
pub(super) struct Field<'a> {
    pub(super) name: Rc<str>,
    pub(super) default: Option<V<'a>>,
    pub(super) factory: Option<V<'a>>,
    pub(super) init: bool,
}

/// A class of the file.
pub(super) struct UserClass<'a> {
    pub(super) name: Rc<str>,
    /// It stands in a function or in another class, which Python names before it.
    pub(super) is_nested: bool,
    pub(super) bases: Vec<Rc<UserClass<'a>>>,
    /// What it inherits from, in the order of lookup.
    pub(super) ancestors: Vec<Rc<UserClass<'a>>>,
    pub(super) root: Root,
    pub(super) scope: Rc<Scope<'a>>,
    pub(super) fields: RefCell<Vec<Field<'a>>>,
    pub(super) is_dataclass: Cell<bool>,
    /// `@dataclass(frozen=True)`.
    pub(super) is_frozen: Cell<bool>,
    /// Whether a decorator makes its objects have an order.
    pub(super) ordered: Cell<Ordered>,
    /// Methods marked as abstract count: it inherits from `abc.ABC`.
    pub(super) is_abstract: bool,
    /// It inherits from `typing.Protocol`, which decides what its instances are.
    pub(super) is_protocol: bool,
    /// It takes parameters, as in `Box[int]`.
    pub(super) is_generic: bool,
    pub(super) members: RefCell<Vec<V<'a>>>,
    /// The fields of its own, if it extends a class of pytm.
    pub(super) declared: RefCell<Vec<super::subclasses::Declared>>,
    /// What it declares as `ClassVar`, if it extends a class of pytm.
    pub(super) class_variables: RefCell<Vec<Rc<str>>>,
    /// Something it inherits from is unread.
    pub(super) unread: Option<V<'a>>,
    /// Where its body assigns each name, for what pytm's classes take from it.
    pub(super) assigned: Vec<(Rc<str>, At)>,
}

/// What makes the objects of a class have an order, beside its own methods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ordered {
    #[default]
    Not,
    /// `@dataclass(order=True)`.
    ByFields,
    /// `@functools.total_ordering`.
    Completed,
}

/// How the objects of a class are hashed, and so which of them are one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hashing {
    /// As what it extends: objects by identity, named tuples by their items.
    AsBuiltIn,
    /// By the values of its fields: a frozen dataclass.
    ByFields,
    /// Not at all: it says what equals its objects and nothing of how they are hashed.
    Not,
    /// By methods of its own.
    Own,
}

/// An object of such a class that is no pytm object.
pub(super) struct Instance<'a> {
    pub(super) class: Rc<UserClass<'a>>,
    pub(super) attributes: Rc<Scope<'a>>,
    /// The value inside, for classes that extend a built-in one, and enum values.
    pub(super) builtin: RefCell<Option<V<'a>>>,
}

impl Holder for UserClass<'_> {
    fn empty(&self) {
        drop((self.fields.take(), self.members.take()));
    }
}

impl<'a> UserClass<'a> {
    pub(super) fn is_enum(&self) -> bool {
        matches!(self.root, Root::Enum { .. })
    }

    /// An enum whose members print as their values.
    pub(super) fn is_number_enum(&self) -> bool {
        matches!(
            self.root,
            Root::Enum {
                plain_text: true,
                ..
            }
        )
    }

    pub(super) fn pytm(&self) -> Option<Class> {
        match self.root {
            Root::Pytm(class) => Some(class),
            _ => None,
        }
    }

    /// Whether it or what it extends declares that name as `ClassVar`.
    pub(super) fn has_class_variable(self: &Rc<Self>, name: &str) -> bool {
        self.line().iter().any(|class| {
            let variables = class.class_variables.borrow();
            variables.iter().any(|known| &**known == name)
        })
    }

    pub(super) fn exception_base(&self) -> Rc<str> {
        match &self.root {
            Root::Exception(name) => Rc::clone(name),
            _ => "Exception".into(),
        }
    }

    /// Whether Python gives the class or its objects a name that is not read.
    pub(super) fn has_more_than_is_read(&self, name: &str) -> bool {
        match self.root {
            Root::NamedTuple => {
                matches!(name, "count" | "index" | "_make" | "_field_defaults")
                    || self
                        .fields
                        .borrow()
                        .iter()
                        .any(|field| &*field.name == name)
            }
            Root::Enum { .. } => name.starts_with('_') && name.ends_with('_'),
            Root::Exception(_) => matches!(name, "add_note" | "args" | "with_traceback"),
            Root::Builtin(_) => matches!(name, "__module__" | "__weakref__" | "__dict__"),
            _ => name == "_abc_impl",
        }
    }

    pub(super) fn members(&self) -> Vec<V<'a>> {
        self.members.borrow().clone()
    }

    pub(super) fn fields(&self) -> Vec<Rc<str>> {
        self.fields
            .borrow()
            .iter()
            .map(|f| Rc::clone(&f.name))
            .collect()
    }

    pub(super) fn is_a(self: &Rc<Self>, other: &Rc<Self>) -> bool {
        self.line().iter().any(|class| Rc::ptr_eq(class, other))
    }

    /// The class and what it inherits from, in the order of lookup.
    pub(super) fn line(self: &Rc<Self>) -> Vec<Rc<Self>> {
        let mut line = vec![Rc::clone(self)];
        line.extend(self.ancestors.iter().cloned());
        line
    }

    pub(super) fn lookup(self: &Rc<Self>, name: &str) -> Option<V<'a>> {
        self.scope.own(name).or_else(|| {
            let mut ancestors = self.ancestors.iter();
            ancestors.find_map(|class| class.scope.own(name))
        })
    }

    /// How its objects are hashed: the first class of its line that says so decides.
    pub(super) fn hashing(self: &Rc<Self>) -> Hashing {
        let first = self.line().into_iter().find_map(|class| {
            let equal = class.scope.own("__eq__").is_some();
            match class.scope.own("__hash__") {
                Some(V::None) => Some(Hashing::Not),
                Some(_) => Some(Hashing::Own),
                None if class.is_dataclass.get() && class.is_frozen.get() => Some(if equal {
                    Hashing::Own
                } else {
                    Hashing::ByFields
                }),
                None => (equal || class.is_dataclass.get()).then_some(Hashing::Not),
            }
        });
        match (first, &self.root) {
            (Some(first), _) => first,
            (None, Root::Namespace) => Hashing::Not,
            (None, _) => Hashing::AsBuiltIn,
        }
    }

    /// Whether an attribute of its objects cannot be set, as `@dataclass(frozen=True)` says.
    pub(super) fn freezes(self: &Rc<Self>, name: &str) -> bool {
        self.line().iter().any(|class| {
            let names = || class.fields().iter().any(|field| &**field == name);
            class.is_frozen.get() && (Rc::ptr_eq(class, self) || names())
        })
    }

    /// Its objects compare by their fields with those of the very same class.
    pub(super) fn is_dataclass_like(self: &Rc<Self>) -> bool {
        self.line().iter().any(|class| class.is_dataclass.get())
    }

    fn has_abstract_methods(self: &Rc<Self>) -> bool {
        self.line().iter().any(|class| {
            class.scope.bound().iter().any(|(name, value)| {
                matches!(value, V::Function(function) if function.is_abstract)
                    && matches!(self.lookup(name), Some(V::Function(found)) if found.is_abstract)
            })
        })
    }

    /// The slots that instances have, if they have nothing else.
    pub(super) fn slots(self: &Rc<Self>) -> Option<Vec<V<'a>>> {
        if self.root != Root::Object {
            return None;
        }
        let mut all = Vec::new();
        for class in self.line() {
            match class.scope.own("__slots__")? {
                V::Tuple(names) => all.extend(names.iter().cloned()),
                V::List(names) => all.extend(names.borrow().iter().cloned()),
                one @ V::Str(_) => all.push(one),
                _ => return None,
            }
        }
        Some(all)
    }

    /// The attribute as found after `class` in the line of `self`.
    pub(super) fn lookup_after(self: &Rc<Self>, class: &Rc<Self>, name: &str) -> Option<V<'a>> {
        self.line()
            .iter()
            .skip_while(|known| !Rc::ptr_eq(known, class))
            .skip(1)
            .find_map(|class| class.scope.own(name))
    }
}

impl<'a> Instance<'a> {
    /// The items, if it is a named tuple.
    pub(super) fn as_tuple(&self) -> Option<Vec<V<'a>>> {
        (self.class.root == Root::NamedTuple).then(|| self.field_values())
    }

    /// What a dataclass compares.
    pub(super) fn compared(&self) -> Option<Vec<V<'a>>> {
        (self.class.is_dataclass_like() || self.class.root == Root::NamedTuple)
            .then(|| self.field_values())
    }

    fn field_values(&self) -> Vec<V<'a>> {
        let fields = self.class.fields.borrow();
        fields
            .iter()
            .map(|field| self.attributes.own(&field.name).unwrap_or(V::None))
            .collect()
    }
}

impl<'a> Interpreter<'a> {
    /// A class that `namedtuple(…)` or `Enum("Name", …)` makes.
    pub(super) fn class_of_names(
        &mut self,
        name: &str,
        names: Vec<(Rc<str>, Option<V<'a>>)>,
        root: Root,
    ) -> V<'a> {
        let scope = self.keep(Scope::module());
        let is_enum = matches!(root, Root::Enum { .. });
        let names: Vec<_> = names.into_iter().take(MAX_MEMBERS).collect();
        let class = Rc::new(UserClass {
            name: name.into(),
            is_nested: false,
            bases: Vec::new(),
            ancestors: Vec::new(),
            root,
            scope,
            fields: RefCell::default(),
            is_dataclass: Cell::new(false),
            is_frozen: Cell::new(false),
            ordered: Cell::default(),
            is_abstract: false,
            is_protocol: false,
            is_generic: false,
            members: RefCell::default(),
            declared: RefCell::default(),
            class_variables: RefCell::default(),
            unread: None,
            assigned: Vec::new(),
        });
        let as_value = V::UserClass(Rc::clone(&class));
        self.gives(&as_value, &as_value);
        for (position, (name, value)) in names.into_iter().enumerate() {
            if !is_enum {
                class.fields.borrow_mut().push(Field {
                    name,
                    default: value,
                    factory: None,
                    init: true,
                });
                continue;
            }
            let value = value.unwrap_or(V::Int(position as i64 + 1));
            let held = super::dict::key(&value);
            let is_same = |member: &V<'a>| match member {
                V::Instance(one) => {
                    let value = one.attributes.own("value");
                    held.is_some() && value.as_ref().and_then(super::dict::key) == held
                }
                _ => false,
            };
            // A second name of one value is the same member.
            let known = class
                .members
                .borrow()
                .iter()
                .find(|it| is_same(it))
                .cloned();
            let member = known.unwrap_or_else(|| {
                let attributes = self.keep(Scope::module());
                attributes.set("name", V::str(&name));
                attributes.set("value", value.clone());
                attributes.set("_value_", value.clone());
                attributes.set("_name_", V::str(&name));
                let member = V::Instance(Rc::new(Instance {
                    class: Rc::clone(&class),
                    attributes,
                    builtin: RefCell::new(class.is_number_enum().then_some(value)),
                }));
                class.members.borrow_mut().push(member.clone());
                member
            });
            class.scope.set(&name, member);
        }
        V::UserClass(class)
    }

    /// `Class(…)` for a class of the file.
    pub(super) fn instantiate(&mut self, class: &Rc<UserClass<'a>>, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if let Some(V::Unread(unread)) = &class.unread {
            let unread = Rc::clone(unread);
            return self.unread_call(&unread, &args);
        }
        if class.is_enum() {
            return self.member_of(class, &args);
        }
        if let Root::Exception(base) = &class.root {
            // What its own `__init__` hands on to the exception's is not known.
            let arguments = if class.lookup("__init__").is_some() {
                vec![V::not_read(at, "what this exception keeps")]
            } else {
                args.positional.into_iter().map(|(v, _)| v).collect()
            };
            return Ok(V::Exception(Rc::new(Raised {
                class: Rc::clone(base),
                user: Some(Rc::clone(class)),
                arguments,
                words: None,
            })));
        }
        if let Root::Pytm(base) = class.root {
            return self
                .construct(base, Some(Rc::clone(class)), args)
                .map(V::Object);
        }
        if class.is_abstract && class.has_abstract_methods() {
            let message = format!("Can't instantiate abstract class {}", class.name);
            return self.raise("TypeError", message, at);
        }
        let attributes = self.keep(Scope::module());
        self.allot(256, at)?;
        let instance = Rc::new(Instance {
            class: Rc::clone(class),
            attributes,
            builtin: RefCell::default(),
        });
        let value = V::Instance(Rc::clone(&instance));
        let maker = class.line().into_iter().find_map(|class| {
            let own = class.scope.own("__init__");
            let by_fields = class.is_dataclass.get() || class.root == Root::NamedTuple;
            (own.is_some() || by_fields).then_some(own)
        });
        if let Some(Some(V::Function(init))) = &maker {
            let mut all = args;
            all.positional.insert(0, (value.clone(), at));
            if let Root::Builtin(name) = class.root {
                instance
                    .builtin
                    .replace(Some(self.call_type(name, Args::none(at))?));
            }
            let given = self.call_function(init, all, Some(value.clone()))?;
            if !matches!(given, V::None | V::Unread(_)) {
                return self.raise("TypeError", "__init__() should return None", at);
            }
            return Ok(value);
        }
        if let Some(None) = maker {
            self.fill_fields(class, &instance, args)?;
            if let Some(V::Function(after)) = class.lookup("__post_init__") {
                self.call_function(&after, Args::of(at, [value.clone()]), Some(value.clone()))?;
            }
            return Ok(value);
        }
        if let Root::Builtin(name) = class.root {
            instance.builtin.replace(Some(self.call_type(name, args)?));
        } else if !args.positional.is_empty() || !args.keywords.is_empty() {
            let message = format!("{}() takes no arguments", class.name);
            return self.raise("TypeError", message, at);
        }
        Ok(value)
    }

    /// An enum's member by its value.
    fn member_of(&mut self, class: &Rc<UserClass<'a>>, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let Some(wanted) = args.get(0) else {
            return self.raise("TypeError", "an enum wants a value", at);
        };
        if let V::Unread(_) = wanted {
            return Ok(wanted.clone());
        }
        for member in class.members() {
            if member.is(wanted) == Some(true) {
                return Ok(member);
            }
            if let V::Instance(instance) = &member {
                let held = instance.attributes.own("value").unwrap_or(V::None);
                if let Ok(true) = self.equal(&held, wanted, at)? {
                    return Ok(member);
                }
            }
        }
        self.raise(
            "ValueError",
            format!("no member of {} has this value", class.name),
            at,
        )
    }

    fn fill_fields(
        &mut self,
        class: &Rc<UserClass<'a>>,
        instance: &Rc<Instance<'a>>,
        mut args: Args<'a>,
    ) -> R<'a, ()> {
        let at = args.at;
        let fields = class.fields.borrow().clone();
        self.spend(fields.len() * (8 + args.keywords.len()) * 8, at)?;
        for field in fields {
            let given = if field.init {
                args.take(&field.name)
            } else {
                None
            };
            let value = match (given, &field.default, &field.factory, &args.doubt) {
                (Some((value, _)), ..) => value,
                (None, Some(default), ..) => default.clone(),
                (None, None, Some(factory), _) => self.call(factory, Args::none(at))?,
                (None, None, None, Some(unread)) => V::Unread(Rc::clone(unread)),
                (None, None, None, None) if !field.init => continue,
                (None, None, None, None) => {
                    let message = format!("{} needs `{}`", class.name, field.name);
                    return self.raise("TypeError", message, at);
                }
            };
            instance.attributes.set(&field.name, value);
        }
        if let Some((_, at)) = args.positional.first() {
            return self.raise(
                "TypeError",
                format!("too many arguments for {}", class.name),
                *at,
            );
        }
        if let Some((name, _, at)) = args.keywords.first() {
            let message = format!("{} has no field `{name}`", class.name);
            return self.raise("TypeError", message, *at);
        }
        Ok(())
    }

    /// `_replace` of named tuples and `dataclasses.replace`.
    pub(super) fn replaced(&mut self, instance: &Rc<Instance<'a>>, args: Args<'a>) -> V<'a> {
        let attributes = self.keep(Scope::module());
        for (name, value) in instance.attributes.bound() {
            attributes.set(&name, value);
        }
        for (name, value, _) in args.keywords {
            attributes.set(&name, value);
        }
        V::Instance(Rc::new(Instance {
            class: Rc::clone(&instance.class),
            attributes,
            builtin: RefCell::new(instance.builtin.borrow().clone()),
        }))
    }

    /// The fields as a dictionary (`asdict`, `_asdict`).
    pub(super) fn fields_as_dict(&self, instance: &Rc<Instance<'a>>) -> V<'a> {
        let mut dict = Dict::default();
        for name in instance.class.fields() {
            let value = instance.attributes.own(&name).unwrap_or(V::None);
            dict.insert(V::str(&name), value, None);
        }
        V::dict(dict)
    }

    /// A class attribute bound to an instance: methods get their `self`.
    pub(super) fn bind_to(
        &mut self,
        found: V<'a>,
        owner: &V<'a>,
        class: &Rc<UserClass<'a>>,
        at: At,
    ) -> R<'a> {
        match found {
            V::Function(function) => match function.binding {
                Binding::Plain => Ok(V::Bound(Rc::new((V::Function(function), owner.clone())))),
                Binding::Class => Ok(class_bound(function, class)),
                Binding::Static => Ok(V::Function(function)),
                Binding::Property => self.call_function(
                    &function,
                    Args::of(at, [owner.clone()]),
                    Some(owner.clone()),
                ),
                Binding::Cached => {
                    let args = Args::of(at, [owner.clone()]);
                    let value = self.call_function(&function, args, Some(owner.clone()))?;
                    match owner {
                        V::Instance(instance) => {
                            instance.attributes.set(&function.name, value.clone());
                        }
                        V::Object(id) => self.hold(*id, &function.name, value.clone(), at),
                        _ => {}
                    }
                    Ok(value)
                }
            },
            // Its class says itself what is found.
            V::Instance(found) if found.class.lookup("__get__").is_some() => {
                let what = "What a descriptor gives is not read";
                Ok(self.refuse(at, what, "write a property"))
            }
            other => Ok(other),
        }
    }
}

/// A class method with its class.
pub(super) fn class_bound<'a>(function: Rc<Function<'a>>, class: &Rc<UserClass<'a>>) -> V<'a> {
    V::Bound(Rc::new((
        V::Function(function),
        V::UserClass(Rc::clone(class)),
    )))
}
