//! Classes of a model file: plain ones, dataclasses, named tuples, enums,
//! exceptions, and those that extend pytm's.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::names::is_dunder;
use super::value::class::{Field, Instance, Root, UserClass};
use super::value::dict::Dict;
use super::value::function::{Args, Binding, Function};
use super::value::scope::Scope;
use super::value::{At, Raised, V};

/// How many statements a class body, and how many names a made class may have.
pub(super) const MAX_MEMBERS: usize = 5_000;

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
            let held = super::value::dict::key(&value);
            let is_same = |member: &V<'a>| match member {
                V::Instance(one) => {
                    let value = one.attributes.own("value");
                    held.is_some() && value.as_ref().and_then(super::value::dict::key) == held
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

    pub(super) fn super_attribute(
        &mut self,
        class: &Rc<super::value::class::UserClass<'a>>,
        first: &V<'a>,
        name: &str,
        at: At,
    ) -> R<'a> {
        let start = match first {
            V::Instance(instance) => Some(Rc::clone(&instance.class)),
            V::Object(id) => self.object(*id).user.clone(),
            V::UserClass(class) => Some(Rc::clone(class)),
            _ => None,
        };
        let found = start.and_then(|start| start.lookup_after(class, name));
        if let Some(found) = found {
            return self.bind_to(found, first, class, at);
        }
        match (first, name) {
            (V::Object(_) | V::Instance(_), "__init__") => {
                Ok(V::Method(Rc::new((first.clone(), "__init__".into()))))
            }
            (_, "__init_subclass__" | "__post_init__") => {
                Ok(V::Method(Rc::new((V::None, "__init__".into()))))
            }
            (V::Object(id), _) => self.object_attribute_plain(*id, name, at),
            (V::Instance(instance), _) => {
                let inner = instance.builtin.borrow().clone();
                match inner {
                    Some(inner) => self.attribute(&inner, name, at),
                    None if is_dunder(name) => Ok(V::unread(
                        at,
                        format!("tmrs does not read `{name}` of `super()`"),
                    )),
                    None => self.raise("AttributeError", format!("no attribute '{name}'"), at),
                }
            }
            _ if is_dunder(name) => Ok(V::unread(
                at,
                format!("tmrs does not read `{name}` of `super()`"),
            )),
            _ => self.raise("AttributeError", format!("no attribute '{name}'"), at),
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
