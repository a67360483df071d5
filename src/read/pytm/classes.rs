//! Classes of a model file: plain ones, dataclasses, named tuples, enums,
//! exceptions, and those that extend pytm's.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::function::{Args, Binding, Function};
use super::interpreter::{Interpreter, R};
use super::scope::Scope;
use super::value::{At, Dict, Raised, V};
use crate::model::vocabulary::Class;
use crate::syntax::python::ast::{self, Expr, Stmt};

/// How many classes one may inherit from.
const MAX_ANCESTORS: usize = 100;
/// How many statements a class body, and how many names a made class may have.
const MAX_MEMBERS: usize = 5_000;

/// What a class of the file is at its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Root {
    Object,
    Pytm(Class),
    Exception(Rc<str>),
    /// `Enum`; with the type of its values for `IntEnum`, `StrEnum`, `Flag`.
    Enum {
        plain_text: bool,
    },
    NamedTuple,
    /// A built-in type such as `dict` or `str`.
    Builtin(&'static str),
}

/// One declared field of a dataclass or named tuple.
#[derive(Clone)]
struct Field<'a> {
    name: Rc<str>,
    default: Option<V<'a>>,
    factory: Option<V<'a>>,
    init: bool,
}

/// A class of the file.
pub(super) struct UserClass<'a> {
    pub(super) name: Rc<str>,
    bases: Vec<Rc<UserClass<'a>>>,
    /// What it inherits from, in the order of lookup.
    ancestors: Vec<Rc<UserClass<'a>>>,
    pub(super) root: Root,
    pub(super) scope: Rc<Scope<'a>>,
    fields: RefCell<Vec<Field<'a>>>,
    is_dataclass: Cell<bool>,
    members: RefCell<Vec<V<'a>>>,
    /// Something it inherits from is unread.
    unread: Option<V<'a>>,
    /// Where its body assigns each name, for what pytm's classes take from it.
    pub(super) assigned: Vec<(Rc<str>, At)>,
}

/// An object of such a class that is no pytm object.
pub(super) struct Instance<'a> {
    pub(super) class: Rc<UserClass<'a>>,
    pub(super) attributes: Rc<Scope<'a>>,
    /// The value inside, for classes that extend a built-in one, and enum values.
    pub(super) builtin: RefCell<Option<V<'a>>>,
}

impl<'a> UserClass<'a> {
    pub(super) fn is_enum(&self) -> bool {
        matches!(self.root, Root::Enum { .. })
    }

    /// An enum whose members print as their values.
    pub(super) fn is_number_enum(&self) -> bool {
        self.root == Root::Enum { plain_text: true }
    }

    pub(super) fn pytm(&self) -> Option<Class> {
        match self.root {
            Root::Pytm(class) => Some(class),
            _ => None,
        }
    }

    pub(super) fn exception_base(&self) -> Rc<str> {
        match &self.root {
            Root::Exception(name) => Rc::clone(name),
            _ => "Exception".into(),
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
        (self.class.is_dataclass.get() || self.class.root == Root::NamedTuple)
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
    pub(super) fn define_class(
        &mut self,
        s: &'a ast::StmtClassDef,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a> {
        let mut bases = Vec::new();
        let mut root = Root::Object;
        let mut unread = None;
        for base in s.arguments.iter().flat_map(|arguments| &arguments.args) {
            match self.eval(base, scope)? {
                V::UserClass(class) => {
                    unread = unread.or_else(|| class.unread.clone());
                    if class.root != Root::Object {
                        root = class.root.clone();
                    }
                    bases.push(class);
                }
                V::Class(class) => root = Root::Pytm(class),
                V::ExceptionClass(name) => root = Root::Exception(name),
                V::Type("object" | "type") => {}
                V::Type(name) if root == Root::Object => root = Root::Builtin(name),
                V::Library(name) => root = library_root(&name).unwrap_or(root),
                value @ V::Unread(_) => unread = Some(value),
                _ => {}
            }
        }
        let body = self.keep(Scope::class_body(scope));
        let doc = super::modules::docstring(&s.body).map_or(V::None, V::str);
        body.set("__doc__", doc);
        self.run(&s.body, &body)?;
        let ancestors = ancestors(&bases);
        if ancestors.len() > MAX_ANCESTORS || s.body.len() > MAX_MEMBERS {
            return Err(self.limit(self.at(&s.name), "a class of this size"));
        }
        let class = Rc::new(UserClass {
            name: s.name.as_str().into(),
            ancestors,
            bases,
            root,
            scope: Rc::clone(&body),
            fields: RefCell::default(),
            is_dataclass: Cell::new(false),
            members: RefCell::default(),
            unread,
            assigned: self.assigned_in(&s.body),
        });
        for (_, value) in body.bound() {
            if let V::Function(function) = value {
                *function.owner.borrow_mut() = Some(Rc::downgrade(&class));
            }
        }
        if class.is_enum() {
            self.make_members(&class, s);
        }
        if class.root == Root::NamedTuple {
            Self::declare_fields(&class, &s.body);
        }
        let mut value = V::UserClass(class);
        for decorator in s.decorator_list.iter().rev() {
            let at = self.at(decorator);
            let decorate = match &decorator.expression {
                Expr::Call(call) => {
                    let name = self.eval(&call.func, scope)?;
                    match name {
                        V::Library(_) => name,
                        _ => self.eval(&decorator.expression, scope)?,
                    }
                }
                other => self.eval(other, scope)?,
            };
            match (&decorate, &value) {
                (V::Library(name), V::UserClass(class)) => {
                    if name.ends_with("dataclass") {
                        class.is_dataclass.set(true);
                        Self::declare_fields(class, &s.body);
                    }
                }
                _ => value = self.call(&decorate, Args::of(at, [value.clone()]))?,
            }
        }
        Ok(value)
    }

    fn assigned_in(&self, body: &'a [Stmt]) -> Vec<(Rc<str>, At)> {
        body.iter()
            .filter_map(|statement| match statement {
                Stmt::Assign(s) => match s.targets.as_slice() {
                    [Expr::Name(name)] => Some((name.id.as_str().into(), self.at(s))),
                    _ => None,
                },
                Stmt::AnnAssign(s) if s.value.is_some() => match &*s.target {
                    Expr::Name(name) => Some((name.id.as_str().into(), self.at(s))),
                    _ => None,
                },
                _ => None,
            })
            .collect()
    }

    /// Turns what an enum's body assigns into members.
    fn make_members(&mut self, class: &Rc<UserClass<'a>>, s: &'a ast::StmtClassDef) {
        let mut next = 1;
        for (name, _) in &class.assigned {
            let Some(value) = class.scope.own(name) else {
                continue;
            };
            if name.starts_with('_') || matches!(value, V::Function(_)) {
                continue;
            }
            let value = match value {
                V::Library(library) if &*library == "enum.auto()" => {
                    if class.is_number_enum() && text_enum(s) {
                        V::str(name.to_lowercase())
                    } else {
                        V::Int(next)
                    }
                }
                value => value,
            };
            if let Some(number) = value.as_int() {
                next = number.saturating_add(1);
            }
            let known = class
                .members
                .borrow()
                .iter()
                .find_map(|member| match member {
                    V::Instance(instance) => {
                        let held = instance.attributes.own("value")?;
                        held.is(&value).then(|| member.clone())
                    }
                    _ => None,
                });
            // A second name of one value is the same member.
            let member = known.unwrap_or_else(|| {
                let attributes = self.keep(Scope::module());
                attributes.set("name", V::str(name));
                attributes.set("value", value.clone());
                attributes.set("_value_", value.clone());
                attributes.set("_name_", V::str(name));
                let member = V::Instance(Rc::new(Instance {
                    class: Rc::clone(class),
                    attributes,
                    builtin: RefCell::new(has_value_type(s).then_some(value)),
                }));
                class.members.borrow_mut().push(member.clone());
                member
            });
            class.scope.set(name, member);
        }
    }

    /// The annotated names of a class body, after those it inherits.
    fn declare_fields(class: &Rc<UserClass<'a>>, body: &'a [Stmt]) {
        let mut fields: Vec<Field<'a>> = Vec::new();
        for base in class.bases.iter().rev() {
            for field in base.fields.borrow().iter() {
                fields.retain(|known| known.name != field.name);
                fields.push(field.clone());
            }
        }
        for statement in body {
            let Stmt::AnnAssign(s) = statement else {
                continue;
            };
            let Expr::Name(name) = &*s.target else {
                continue;
            };
            if is_class_variable(&s.annotation) {
                continue;
            }
            let mut field = Field {
                name: name.id.as_str().into(),
                default: None,
                factory: None,
                init: true,
            };
            if s.value.is_some() {
                match class.scope.own(&field.name) {
                    // What `field(…)` gave: a dictionary of its arguments.
                    Some(V::Dict(dict)) if dict.borrow().named("<field>").is_some() => {
                        let dict = dict.borrow();
                        field.default = dict.named("default").cloned();
                        field.factory = dict.named("default_factory").cloned();
                        field.init = !matches!(dict.named("init"), Some(V::Bool(false)));
                        if let Some(default) = &field.default {
                            class.scope.set(&field.name, default.clone());
                        }
                    }
                    default => field.default = default,
                }
            }
            match fields.iter_mut().find(|known| known.name == field.name) {
                Some(known) => *known = field,
                None => fields.push(field),
            }
        }
        *class.fields.borrow_mut() = fields;
    }

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
            bases: Vec::new(),
            ancestors: Vec::new(),
            root,
            scope,
            fields: RefCell::default(),
            is_dataclass: Cell::new(false),
            members: RefCell::default(),
            unread: None,
            assigned: Vec::new(),
        });
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
            let attributes = self.keep(Scope::module());
            attributes.set("name", V::str(&name));
            attributes.set("value", value.unwrap_or(V::Int(position as i64 + 1)));
            let member = V::Instance(Rc::new(Instance {
                class: Rc::clone(&class),
                attributes,
                builtin: RefCell::default(),
            }));
            class.members.borrow_mut().push(member.clone());
            class.scope.set(&name, member);
        }
        V::UserClass(class)
    }

    /// `Class(…)` for a class of the file.
    pub(super) fn instantiate(&mut self, class: &Rc<UserClass<'a>>, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if let Some(unread) = &class.unread {
            return Ok(unread.clone());
        }
        if class.is_enum() {
            return self.member_of(class, &args);
        }
        if let Root::Exception(base) = &class.root {
            return Ok(V::Exception(Rc::new(Raised {
                class: Rc::clone(base),
                user: Some(Rc::clone(class)),
                arguments: args.positional.into_iter().map(|(v, _)| v).collect(),
            })));
        }
        if let Root::Pytm(base) = class.root {
            return self
                .construct(base, Some(Rc::clone(class)), args)
                .map(V::Object);
        }
        let attributes = self.keep(Scope::module());
        self.allot(256, at)?;
        let instance = Rc::new(Instance {
            class: Rc::clone(class),
            attributes,
            builtin: RefCell::default(),
        });
        let value = V::Instance(Rc::clone(&instance));
        if let Some(V::Function(init)) = class.lookup("__init__") {
            let mut all = args;
            all.positional.insert(0, (value.clone(), at));
            if let Root::Builtin(name) = class.root {
                instance
                    .builtin
                    .replace(Some(self.call_type(name, Args::none(at))?));
            }
            self.call_function(&init, all, Some(value.clone()))?;
            return Ok(value);
        }
        if class.is_dataclass.get() || class.root == Root::NamedTuple {
            self.fill_fields(class, &instance, args)?;
            if let Some(V::Function(after)) = class.lookup("__post_init__") {
                self.call_function(&after, Args::of(at, [value.clone()]), Some(value.clone()))?;
            }
            return Ok(value);
        }
        if let Root::Builtin(name) = class.root {
            instance.builtin.replace(Some(self.call_type(name, args)?));
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
            if member.is(wanted) {
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
            },
            other => Ok(other),
        }
    }
}

/// What a class with these bases inherits from. A base that several of them
/// share comes after all of them, as in Python.
fn ancestors<'a>(bases: &[Rc<UserClass<'a>>]) -> Vec<Rc<UserClass<'a>>> {
    let mut ancestors: Vec<Rc<UserClass<'a>>> = Vec::new();
    for base in bases {
        for class in base.line() {
            ancestors.retain(|known| !Rc::ptr_eq(known, &class));
            ancestors.push(class);
        }
    }
    ancestors
}

/// A class method with its class.
pub(super) fn class_bound<'a>(function: Rc<Function<'a>>, class: &Rc<UserClass<'a>>) -> V<'a> {
    V::Bound(Rc::new((
        V::Function(function),
        V::UserClass(Rc::clone(class)),
    )))
}

fn library_root(name: &str) -> Option<Root> {
    Some(match name {
        "enum.Enum" | "enum.Flag" => Root::Enum { plain_text: false },
        "enum.IntEnum" | "enum.StrEnum" | "enum.IntFlag" => Root::Enum { plain_text: true },
        "typing.NamedTuple" => Root::NamedTuple,
        "collections.OrderedDict" | "collections.UserDict" | "typing.TypedDict" => {
            Root::Builtin("dict")
        }
        "collections.UserList" => Root::Builtin("list"),
        _ => return None,
    })
}

/// Whether members of the enum are values of another type, too.
fn has_value_type(s: &ast::StmtClassDef) -> bool {
    s.arguments
        .iter()
        .flat_map(|arguments| &arguments.args)
        .any(|base| {
            let name = match base {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                _ => "",
            };
            matches!(
                name,
                "str" | "int" | "float" | "IntEnum" | "StrEnum" | "IntFlag"
            )
        })
}

fn text_enum(s: &ast::StmtClassDef) -> bool {
    s.arguments
        .iter()
        .flat_map(|arguments| &arguments.args)
        .any(|base| match base {
            Expr::Name(name) => name.id.as_str() == "StrEnum",
            Expr::Attribute(attribute) => attribute.attr.as_str() == "StrEnum",
            _ => false,
        })
}

fn is_class_variable(annotation: &Expr) -> bool {
    match annotation {
        Expr::Subscript(subscript) => is_class_variable(&subscript.value),
        Expr::Name(name) => name.id.as_str() == "ClassVar",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "ClassVar",
        Expr::StringLiteral(text) => text.value.to_str().contains("ClassVar"),
        _ => false,
    }
}
