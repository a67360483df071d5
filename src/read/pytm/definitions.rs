//! `class` statements: bases, enum members, declared fields.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use super::classes::MAX_MEMBERS;
use super::interpreter::{Interpreter, R};
use super::value::class::{Field, Instance, Root, UserClass};
use super::value::function::Args;
use super::value::scope::Scope;
use super::value::{At, V};
use crate::syntax::python::ast::{self, Expr, Stmt};

impl<'a> Interpreter<'a> {
    pub(super) fn define_class(
        &mut self,
        s: &'a ast::StmtClassDef,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a> {
        let mut bases = Vec::new();
        let mut root = Root::Object;
        let mut unread = None;
        let mut is_generic = s.type_params.is_some();
        for base in s.arguments.iter().flat_map(|arguments| &arguments.args) {
            let base_value = self.eval(base, scope)?;
            is_generic |= base_value.is_generic();
            match base_value.without_parameters() {
                V::UserClass(class) if class.is_enum() && !class.members.borrow().is_empty() => {
                    let message = format!("<enum '{}'> cannot extend", class.name);
                    return self.raise("TypeError", message, self.at(base));
                }
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
                V::Library(name) if matches!(&*name, "enum.Flag" | "enum.IntFlag") => {
                    let what = format!("What a class that extends `{name}` does is not read");
                    let instead = "write an `Enum`, or names of its members in a list";
                    unread = Some(self.refuse(self.at(base), what, instead));
                }
                V::Library(name) => match library_root(&name) {
                    Some(known) => root = known,
                    None if is_empty_base(&name) => {}
                    None => {
                        let why = format!("what the class `{name}` does is not read");
                        unread = Some(V::unread(self.at(base), why));
                    }
                },
                value @ V::Unread(_) => unread = Some(value),
                _ => {
                    let why = "what a class that inherits from this does is not read";
                    unread = Some(V::unread(self.at(base), why));
                }
            }
        }
        if let Root::Enum { of_values, .. } = &mut root {
            *of_values |= has_value_type(s);
        }
        let mut is_abstract = bases.iter().any(|base| base.is_abstract);
        let mut is_protocol = false;
        for base in s.arguments.iter().flat_map(|arguments| &arguments.args) {
            let base = match base {
                Expr::Subscript(subscript) => &*subscript.value,
                base => base,
            };
            let name = match base {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                _ => "",
            };
            is_abstract |= name == "ABC";
            is_protocol |= name == "Protocol";
        }
        for keyword in s.arguments.iter().flat_map(|arguments| &arguments.keywords) {
            let value = self.eval(&keyword.value, scope)?;
            let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
            match (name, &value) {
                ("metaclass", V::Library(meta)) if &**meta == "abc.ABCMeta" => is_abstract = true,
                ("metaclass", V::Type("type")) | ("total", _) => {}
                _ => {
                    let what = format!("What `{name}` makes of this class is not read");
                    unread = Some(self.refuse(self.at(keyword), what, "write a plain class"));
                }
            }
        }
        for base in &bases {
            if base.lookup("__init_subclass__").is_some() {
                let what = format!(
                    "What `{}` does with classes that inherit from it is not read",
                    base.name
                );
                unread = Some(self.refuse(self.at(&s.name), what, "do it where the class stands"));
            }
        }
        if root == Root::Pytm(crate::model::vocabulary::Class::TM)
            || matches!(root, Root::Pytm(_))
                && bases
                    .iter()
                    .any(|base| base.pytm().is_none() && base.root != Root::Object)
        {
            let what = "A class that mixes pytm's with others like this is not read";
            if !matches!(root, Root::Pytm(crate::model::vocabulary::Class::TM)) {
                self.refuse(self.at(&s.name), what, "extend one class of pytm");
            }
        }
        if let Some(named) = super::locals::binding_in_comprehension(&s.body) {
            let what = "Python allows no `:=` in a comprehension of a class body";
            self.refuse(self.at(named), what, "move it into a function");
        }
        // Names of a class around this one are not seen here, as in a function.
        let body = self.keep(Scope::class_body(&scope.closure()));
        if scope.is_of_function() {
            body.declare(&super::locals::of(&s.body));
        }
        let doc = super::modules::docstring(&s.body).map_or(V::None, V::str);
        body.set("__doc__", doc);
        self.run(&s.body, &body)?;
        self.refuse_hooks(&body, root.clone(), s);
        let Some(ancestors) = ancestors(&bases) else {
            let message = "Cannot create a consistent method resolution order (MRO)";
            return self.raise("TypeError", message, self.at(&s.name));
        };
        if ancestors.len() > MAX_ANCESTORS || s.body.len() > MAX_MEMBERS {
            return Err(self.limit(self.at(&s.name), "a class of this size"));
        }
        let class = Rc::new(UserClass {
            name: s.name.as_str().into(),
            is_nested: !Rc::ptr_eq(&scope.global(), scope),
            ancestors,
            bases,
            root,
            scope: Rc::clone(&body),
            fields: RefCell::default(),
            is_dataclass: Cell::new(false),
            is_frozen: Cell::new(false),
            ordered: Cell::default(),
            is_abstract,
            is_protocol,
            is_generic,
            members: RefCell::default(),
            declared: RefCell::default(),
            class_variables: RefCell::default(),
            unread,
            assigned: self.assigned_in(&s.body),
        });
        let as_value = V::UserClass(Rc::clone(&class));
        self.gives(&as_value, &as_value);
        let inherited = class
            .ancestors
            .iter()
            .map(|base| base.fields.borrow().clone());
        let inherited = inherited.into_iter().find(|fields| !fields.is_empty());
        class.fields.replace(inherited.unwrap_or_default());
        for (_, value) in body.bound() {
            if let V::Function(function) = value {
                *function.owner.borrow_mut() = Some(Rc::downgrade(&class));
                if let Some(setter) = &function.setter {
                    *setter.owner.borrow_mut() = Some(Rc::downgrade(&class));
                }
            }
        }
        if class.pytm().is_some() {
            self.declare_own_fields(&class, s)?;
        }
        if class.is_enum() {
            let is_loop = |part: &&Stmt| matches!(part, Stmt::For(_) | Stmt::While(_));
            if let Some(part) = s.body.iter().find(is_loop) {
                let what = "Which members a loop gives an enum is not read";
                self.refuse(self.at(part), what, "write its members one by one");
            }
            self.make_members(&class, s)?;
        }
        let is_named = |class: &Rc<UserClass<'a>>| class.root == Root::NamedTuple;
        if is_named(&class) && !class.ancestors.iter().any(is_named) {
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
                (V::Library(name), V::UserClass(class))
                    if matches!(&**name, "dataclasses.dataclass") =>
                {
                    if class.pytm().is_some() {
                        let what = "A dataclass that extends a class of pytm is not read";
                        self.refuse(
                            at,
                            what,
                            "leave `@dataclass` out: pytm's classes take keywords",
                        );
                    }
                    class.is_dataclass.set(true);
                    if let Some(field) = s.body.iter().find(|field| is_no_field(field)) {
                        let what = "`InitVar` and `KW_ONLY` in a dataclass are not read";
                        self.refuse(self.at(field), what, "write an `__init__`");
                    }
                    Self::declare_fields(class, &s.body);
                    let known = match &decorator.expression {
                        Expr::Call(call) => self.dataclass_options(call, class, scope)?,
                        _ => true,
                    };
                    if known {
                        self.defaults_fit(&Rc::clone(class), at)?;
                    }
                }
                (V::Library(name), V::UserClass(class)) if &**name == "enum.unique" => {
                    let is_member = |value: &V<'a>| matches!(value, V::Instance(one) if Rc::ptr_eq(&one.class, class));
                    let names = class.scope.bound();
                    let named = names.iter().filter(|(_, value)| is_member(value)).count();
                    if named > class.members.borrow().len() {
                        return self.raise("ValueError", "duplicate values found", at);
                    }
                }
                (V::Library(name), _)
                    if matches!(&**name, "typing.final" | "typing.runtime_checkable") => {}
                (V::Library(name), V::UserClass(class))
                    if matches!(&**name, "functools.total_ordering") =>
                {
                    class.ordered.set(super::value::class::Ordered::Completed);
                }
                _ => value = self.call(&decorate, Args::of(at, [value.clone()]))?,
            }
        }
        Ok(value)
    }

    /// `@dataclass` stops at a default that its objects would share, and at a field without
    /// a default behind one that has one.
    fn defaults_fit(&mut self, class: &Rc<UserClass<'a>>, at: At) -> R<'a, ()> {
        let mut defaults = false;
        for field in class.fields.borrow().iter().filter(|field| field.init) {
            if let Some(default) = &field.default
                && matches!(default, V::List(_) | V::Dict(_) | V::Deque(_) | V::Set(_))
                && super::value::dict::key(default).is_none()
            {
                let message = format!("mutable default for field {}", field.name);
                return self.raise("ValueError", message, at);
            }
            let has = field.default.is_some() || field.factory.is_some();
            if defaults && !has {
                let message = format!(
                    "non-default argument '{}' follows default argument",
                    field.name
                );
                return self.raise("TypeError", message, at);
            }
            defaults |= has;
        }
        Ok(())
    }

    /// What `@dataclass(…)` says; whether all of it is read.
    fn dataclass_options(
        &mut self,
        call: &'a ast::ExprCall,
        class: &Rc<UserClass<'a>>,
        scope: &Rc<Scope<'a>>,
    ) -> R<'a, bool> {
        let mut known = true;
        for keyword in &call.arguments.keywords {
            let value = self.eval(&keyword.value, scope)?;
            let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
            match (name, &value) {
                ("frozen", V::Bool(frozen)) => class.is_frozen.set(*frozen),
                ("order", V::Bool(true)) => {
                    class.ordered.set(super::value::class::Ordered::ByFields)
                }
                ("slots", V::Bool(true)) => {
                    let names = class.fields.borrow();
                    let names = names.iter().map(|field| V::str(&field.name)).collect();
                    class.scope.set("__slots__", V::tuple(names));
                }
                ("init" | "eq" | "repr" | "match_args", V::Bool(true))
                | (
                    "kw_only" | "weakref_slot" | "order" | "unsafe_hash" | "slots",
                    V::Bool(false),
                ) => {}
                _ => {
                    let what = format!("A dataclass with `{name}` is not read");
                    self.refuse(self.at(keyword), what, "write the class without it");
                    known = false;
                }
            }
        }
        Ok(known)
    }

    /// Refuses methods by which a class changes what statements mean.
    fn refuse_hooks(&mut self, body: &Rc<Scope<'a>>, root: Root, s: &'a ast::StmtClassDef) {
        for (name, value) in body.bound() {
            let hook = HOOKS.contains(&&*name)
                || matches!(root, Root::Pytm(_)) && HOOKS_ON_ELEMENTS.contains(&&*name)
                || matches!(root, Root::Enum { .. }) && HOOKS_OF_ENUMS.contains(&&*name)
                || matches!((&*name, &value), ("__hash__", V::Function(hash)) if super::effects::may_build(hash, 6))
                || matches!((&root, &*name, &value), (Root::Exception(_), "__init__", V::Function(init)) if !only_keeps(init))
                || matches!(&value, V::Instance(one) if one.class.lookup("__set_name__").is_some());
            if hook {
                let what = format!(
                    "What `{name}` of the class `{}` changes is not read",
                    s.name.as_str()
                );
                self.refuse(
                    self.at(&s.name),
                    what,
                    "write a plain class, with methods and properties",
                );
            }
        }
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
    fn make_members(&mut self, class: &Rc<UserClass<'a>>, s: &'a ast::StmtClassDef) -> R<'a, ()> {
        for (position, (name, at)) in class.assigned.iter().enumerate() {
            let mut before = class.assigned.iter().take(position);
            if before.any(|(known, _)| known == name) {
                return self.raise("TypeError", format!("'{name}' already defined"), *at);
            }
        }
        let of_values = matches!(
            class.root,
            Root::Enum {
                of_values: true,
                ..
            }
        );
        let (mut next, mut highest) = (1, 0);
        for (name, value) in &class.scope.bound() {
            let at = self.at(&s.name);
            let is_reserved = name.starts_with('_') && name.ends_with('_');
            let is_private =
                name.starts_with(&format!("_{}__", s.name.as_str().trim_start_matches('_')));
            if is_reserved && !name.starts_with("__") && !KNOWN_TO_ENUMS.contains(&&**name) {
                let message = format!("_sunder_ names, such as '{name}', are reserved");
                return self.raise("ValueError", message, at);
            }
            if is_reserved || is_private || matches!(value, V::Function(_)) {
                continue;
            }
            let value = match value.clone() {
                V::Library(library) if &*library == "enum.auto()" => {
                    if class.is_number_enum() && text_enum(s) {
                        V::str(name.to_lowercase())
                    } else if next <= highest {
                        // Python 3.13 takes the highest, those before it the last.
                        V::not_read(at, "what `auto()` is behind a lower number")
                    } else {
                        V::Int(next)
                    }
                }
                V::UserClass(_) | V::Module(_) | V::Bound(_) | V::Partial(_) => {
                    V::not_read(at, "whether this is a member of an enum")
                }
                value => value,
            };
            if let Some(number) = value.as_int() {
                next = number.saturating_add(1);
                highest = highest.max(number);
            }
            let mut known = None;
            for member in class.members() {
                let V::Instance(instance) = &member else {
                    continue;
                };
                let held = instance.attributes.own("value").unwrap_or(V::None);
                if let Ok(true) = self.equal(&held, &value, at)? {
                    known = Some(member);
                    break;
                }
            }
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
                    builtin: RefCell::new(of_values.then_some(value)),
                }));
                class.members.borrow_mut().push(member.clone());
                member
            });
            class.scope.set(name, member);
        }
        Ok(())
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
}

/// Methods that change what assignments, classes and lookups do.
const HOOKS: &[&str] = &[
    "__class_getitem__",
    "__copy__",
    "__deepcopy__",
    "__del__",
    "__delattr__",
    "__getattribute__",
    "__instancecheck__",
    "__mro_entries__",
    "__new__",
    "__prepare__",
    "__set__",
    "__set_name__",
    "__setattr__",
    "__subclasscheck__",
    "__subclasshook__",
];

/// What decides which members an enum has, and what they are.
const HOOKS_OF_ENUMS: &[&str] = &["__init__", "_generate_next_value_", "_ignore_", "_missing_"];

/// Names of that kind which an enum may have.
const KNOWN_TO_ENUMS: &[&str] = &[
    "_create_pseudo_member_",
    "_generate_next_value_",
    "_ignore_",
    "_missing_",
    "_order_",
];

/// Whether an exception's `__init__` only keeps what it is given, and hands it on.
fn only_keeps(init: &super::value::function::Function<'_>) -> bool {
    let super::value::function::Body::Statements(body) = init.body else {
        return false;
    };
    body.iter().all(|statement| match statement {
        Stmt::Pass(_) => true,
        Stmt::Assign(s) => {
            let plain = !matches!(&*s.value, Expr::Call(_) | Expr::Await(_) | Expr::Named(_));
            plain && s.targets.iter().all(|target| matches!(target, Expr::Attribute(_)))
        }
        Stmt::Expr(s) => match &*s.value {
            Expr::StringLiteral(_) | Expr::EllipsisLiteral(_) => true,
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(method) => {
                    method.attr.as_str() == "__init__"
                        && matches!(&*method.value, Expr::Call(inner) if matches!(&*inner.func, Expr::Name(name) if name.id.as_str() == "super"))
                        && call.arguments.args.iter().all(|arg| !matches!(arg, Expr::Call(_)))
                }
                _ => false,
            },
            _ => false,
        },
        _ => false,
    })
}

/// Methods that pytm calls on its elements.
const HOOKS_ON_ELEMENTS: &[&str] = &[
    "__eq__",
    "__getattr__",
    "__hash__",
    "__init_subclass__",
    "check",
    "display_name",
    "model_post_init",
    "process",
    "resolve",
];

/// How many classes one may inherit from.
const MAX_ANCESTORS: usize = 100;

/// What a class with these bases inherits from, in Python's order: every class stands
/// before its bases, and bases stand as their class names them. `None` if no order does.
fn ancestors<'a>(bases: &[Rc<UserClass<'a>>]) -> Option<Vec<Rc<UserClass<'a>>>> {
    let mut lines: Vec<VecDeque<_>> = bases.iter().map(|base| base.line().into()).collect();
    lines.push(bases.iter().cloned().collect());
    let mut ancestors = Vec::new();
    loop {
        lines.retain(|line| !line.is_empty());
        if lines.is_empty() {
            return Some(ancestors);
        }
        let is_behind = |class: &Rc<UserClass<'a>>| {
            let mut rest = lines.iter().flat_map(|line| line.iter().skip(1));
            rest.any(|known| Rc::ptr_eq(known, class))
        };
        let mut heads = lines.iter().filter_map(VecDeque::front);
        let next = Rc::clone(heads.find(|class| !is_behind(class))?);
        for line in &mut lines {
            if line.front().is_some_and(|class| Rc::ptr_eq(class, &next)) {
                line.pop_front();
            }
        }
        ancestors.push(next);
    }
}

/// Classes of the library that add nothing to what inherits from them.
fn is_empty_base(name: &str) -> bool {
    matches!(
        name,
        "abc.ABC" | "typing.Generic" | "typing.Protocol" | "typing_extensions.Protocol"
    )
}

fn library_root(name: &str) -> Option<Root> {
    Some(match name {
        "enum.Enum" | "enum.IntEnum" | "enum.StrEnum" => Root::Enum {
            plain_text: name != "enum.Enum",
            of_values: name != "enum.Enum",
        },
        "typing.NamedTuple" => Root::NamedTuple,
        "collections.OrderedDict" | "typing.TypedDict" => Root::Builtin("dict"),
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

pub(super) fn is_class_variable(annotation: &Expr) -> bool {
    match annotation {
        Expr::Subscript(subscript) => is_class_variable(&subscript.value),
        Expr::Name(name) => name.id.as_str() == "ClassVar",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "ClassVar",
        Expr::StringLiteral(text) => text.value.to_str().contains("ClassVar"),
        _ => false,
    }
}

/// Whether an annotated name says something of `__init__` alone.
fn is_no_field(statement: &Stmt) -> bool {
    let Stmt::AnnAssign(s) = statement else {
        return false;
    };
    let annotation = match &*s.annotation {
        Expr::Subscript(subscript) => &*subscript.value,
        other => other,
    };
    let name = match annotation {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        Expr::StringLiteral(text) => text.value.to_str(),
        _ => "",
    };
    name.contains("InitVar") || name.contains("KW_ONLY")
}
