//! Methods by which a class would change what statements mean.

use std::rc::Rc;

use super::interpreter::Interpreter;
use super::value::V;
use super::value::class::Root;
use super::value::scope::Scope;
use crate::syntax::python::ast::{self, Expr, Stmt};

impl<'a> Interpreter<'a> {
    /// Refuses methods by which a class changes what statements mean.
    pub(super) fn refuse_hooks(
        &mut self,
        body: &Rc<Scope<'a>>,
        root: Root,
        s: &'a ast::StmtClassDef,
    ) {
        for (name, value) in body.bound() {
            let hook = HOOKS.contains(&&*name)
                || matches!(root, Root::Pytm(_)) && HOOKS_ON_ELEMENTS.contains(&&*name)
                || matches!(root, Root::Enum { .. }) && HOOKS_OF_ENUMS.contains(&&*name)
                || matches!((&*name, &value), ("__hash__", V::Function(hash)) if super::builders::may_build(hash, 6))
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
