//! Enums of a model file: what their bodies assign becomes their members.

use std::cell::RefCell;
use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::V;
use super::value::class::{Instance, Root, UserClass};
use super::value::scope::Scope;
use crate::syntax::python::ast::{self, Expr};

impl<'a> Interpreter<'a> {
    /// Turns what an enum's body assigns into members.
    pub(super) fn make_members(
        &mut self,
        class: &Rc<UserClass<'a>>,
        s: &'a ast::StmtClassDef,
    ) -> R<'a, ()> {
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
                value if value_type(s).is_some_and(|wanted| !is_of(&value, wanted)) => {
                    let what = "What this value becomes as a member of the enum is not read";
                    self.refuse(at, what, "give it a value of the enum's own type")
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
}

/// Names of that kind which an enum may have.
const KNOWN_TO_ENUMS: &[&str] = &[
    "_create_pseudo_member_",
    "_generate_next_value_",
    "_ignore_",
    "_missing_",
    "_order_",
];

/// Whether members of the enum are values of another type, too.
pub(super) fn has_value_type(s: &ast::StmtClassDef) -> bool {
    value_type(s).is_some()
}

/// The type of which the values of the enum are, too.
fn value_type(s: &ast::StmtClassDef) -> Option<&'static str> {
    let mut bases = s.arguments.iter().flat_map(|arguments| &arguments.args);
    bases.find_map(|base| {
        let name = match base {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => "",
        };
        match name {
            "str" | "StrEnum" => Some("str"),
            "int" | "IntEnum" | "IntFlag" => Some("int"),
            "float" => Some("float"),
            _ => None,
        }
    })
}

/// Whether a value is of that very type; of an unread one nobody knows.
fn is_of(value: &V<'_>, wanted: &str) -> bool {
    match value {
        V::Str(_) => wanted == "str",
        V::Int(_) => wanted == "int",
        V::Float(_) => wanted == "float",
        V::Unread(_) => true,
        _ => false,
    }
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
