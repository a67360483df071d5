//! `class` statements: bases, enum members, declared fields.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use super::classes::MAX_MEMBERS;
use super::enums::has_value_type;
use super::fields::is_no_field;
use super::interpreter::{Interpreter, R};
use super::value::class::{Root, UserClass};
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
        let doc = super::running::docstring(&s.body).map_or(V::None, V::str);
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
}

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
