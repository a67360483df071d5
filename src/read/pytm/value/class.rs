//! What a class of a model file is, and its objects.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::kinds::V;
use super::scope::Scope;
use crate::model::vocabulary::Class;
use crate::read::pytm::circles::Holder;
use crate::read::pytm::unread::At;

/// What a class of the file is at its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
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
pub struct Field<'a> {
    pub name: Rc<str>,
    pub default: Option<V<'a>>,
    pub factory: Option<V<'a>>,
    pub init: bool,
}

/// A class of the file.
pub struct UserClass<'a> {
    pub name: Rc<str>,
    /// It stands in a function or in another class, which Python names before it.
    pub is_nested: bool,
    pub bases: Vec<Rc<UserClass<'a>>>,
    /// What it inherits from, in the order of lookup.
    pub ancestors: Vec<Rc<UserClass<'a>>>,
    pub root: Root,
    pub scope: Rc<Scope<'a>>,
    pub fields: RefCell<Vec<Field<'a>>>,
    pub is_dataclass: Cell<bool>,
    /// `@dataclass(frozen=True)`.
    pub is_frozen: Cell<bool>,
    /// Whether a decorator makes its objects have an order.
    pub ordered: Cell<Ordered>,
    /// Methods marked as abstract count: it inherits from `abc.ABC`.
    pub is_abstract: bool,
    /// It inherits from `typing.Protocol`, which decides what its instances are.
    pub is_protocol: bool,
    /// It takes parameters, as in `Box[int]`.
    pub is_generic: bool,
    pub members: RefCell<Vec<V<'a>>>,
    /// The fields of its own, if it extends a class of pytm.
    pub declared: RefCell<Vec<Declared>>,
    /// What it declares as `ClassVar`, if it extends a class of pytm.
    pub class_variables: RefCell<Vec<Rc<str>>>,
    /// Something it inherits from is unread.
    pub unread: Option<V<'a>>,
    /// Where its body assigns each name, for what pytm's classes take from it.
    pub assigned: Vec<(Rc<str>, At)>,
}

/// What makes the objects of a class have an order, beside its own methods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ordered {
    #[default]
    Not,
    /// `@dataclass(order=True)`.
    ByFields,
    /// `@functools.total_ordering`.
    Completed,
}

/// How the objects of a class are hashed, and so which of them are one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hashing {
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
pub struct Instance<'a> {
    pub class: Rc<UserClass<'a>>,
    pub attributes: Rc<Scope<'a>>,
    /// The value inside, for classes that extend a built-in one, and enum values.
    pub builtin: RefCell<Option<V<'a>>>,
}

impl Holder for UserClass<'_> {
    fn empty(&self) {
        drop((self.fields.take(), self.members.take()));
    }
}

impl<'a> UserClass<'a> {
    pub fn is_enum(&self) -> bool {
        matches!(self.root, Root::Enum { .. })
    }

    /// An enum whose members print as their values.
    pub fn is_number_enum(&self) -> bool {
        matches!(
            self.root,
            Root::Enum {
                plain_text: true,
                ..
            }
        )
    }

    pub fn pytm(&self) -> Option<Class> {
        match self.root {
            Root::Pytm(class) => Some(class),
            _ => None,
        }
    }

    /// Whether it or what it extends declares that name as `ClassVar`.
    pub fn has_class_variable(self: &Rc<Self>, name: &str) -> bool {
        self.line().iter().any(|class| {
            let variables = class.class_variables.borrow();
            variables.iter().any(|known| &**known == name)
        })
    }

    pub fn exception_base(&self) -> Rc<str> {
        match &self.root {
            Root::Exception(name) => Rc::clone(name),
            _ => "Exception".into(),
        }
    }

    /// Whether Python gives the class or its objects a name that is not read.
    pub fn has_more_than_is_read(&self, name: &str) -> bool {
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

    pub fn members(&self) -> Vec<V<'a>> {
        self.members.borrow().clone()
    }

    pub fn fields(&self) -> Vec<Rc<str>> {
        self.fields
            .borrow()
            .iter()
            .map(|f| Rc::clone(&f.name))
            .collect()
    }

    pub fn is_a(self: &Rc<Self>, other: &Rc<Self>) -> bool {
        self.line().iter().any(|class| Rc::ptr_eq(class, other))
    }

    /// The class and what it inherits from, in the order of lookup.
    pub fn line(self: &Rc<Self>) -> Vec<Rc<Self>> {
        let mut line = vec![Rc::clone(self)];
        line.extend(self.ancestors.iter().cloned());
        line
    }

    pub fn lookup(self: &Rc<Self>, name: &str) -> Option<V<'a>> {
        self.scope.own(name).or_else(|| {
            let mut ancestors = self.ancestors.iter();
            ancestors.find_map(|class| class.scope.own(name))
        })
    }

    /// How its objects are hashed: the first class of its line that says so decides.
    pub fn hashing(self: &Rc<Self>) -> Hashing {
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
    pub fn freezes(self: &Rc<Self>, name: &str) -> bool {
        self.line().iter().any(|class| {
            let names = || class.fields().iter().any(|field| &**field == name);
            class.is_frozen.get() && (Rc::ptr_eq(class, self) || names())
        })
    }

    /// Its objects compare by their fields with those of the very same class.
    pub fn is_dataclass_like(self: &Rc<Self>) -> bool {
        self.line().iter().any(|class| class.is_dataclass.get())
    }

    pub fn has_abstract_methods(self: &Rc<Self>) -> bool {
        self.line().iter().any(|class| {
            class.scope.bound().iter().any(|(name, value)| {
                matches!(value, V::Function(function) if function.is_abstract)
                    && matches!(self.lookup(name), Some(V::Function(found)) if found.is_abstract)
            })
        })
    }

    /// The slots that instances have, if they have nothing else.
    pub fn slots(self: &Rc<Self>) -> Option<Vec<V<'a>>> {
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
    pub fn lookup_after(self: &Rc<Self>, class: &Rc<Self>, name: &str) -> Option<V<'a>> {
        self.line()
            .iter()
            .skip_while(|known| !Rc::ptr_eq(known, class))
            .skip(1)
            .find_map(|class| class.scope.own(name))
    }
}

impl<'a> Instance<'a> {
    /// The items, if it is a named tuple.
    pub fn as_tuple(&self) -> Option<Vec<V<'a>>> {
        (self.class.root == Root::NamedTuple).then(|| self.field_values())
    }

    /// What a dataclass compares.
    pub fn compared(&self) -> Option<Vec<V<'a>>> {
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

/// A field that the body of such a class declares beside those of pytm.
#[derive(Clone)]
pub struct Declared {
    pub name: Rc<str>,
    /// The plain type that its values have, if it is annotated with one.
    pub kind: Option<&'static str>,
    /// It has no default, so each object must be given a value.
    pub is_required: bool,
}
