//! What pydantic makes of a class that extends one of pytm's: its annotated names are
//! fields, which are wanted, checked and copied for each object.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::class::{Declared, UserClass};
use super::value::scope::Scope;
use super::value::{At, ObjId, V};
use crate::syntax::python::ast::{self, Expr, Stmt};

impl<'a> Interpreter<'a> {
    /// The fields that the body declares; refused is what pydantic would run.
    pub(super) fn declare_own_fields(
        &mut self,
        class: &Rc<UserClass<'a>>,
        s: &'a ast::StmtClassDef,
    ) -> R<'a, ()> {
        self.fields_are_annotated(class, &s.body)?;
        let Some(base) = class.pytm() else {
            return Ok(());
        };
        for statement in &s.body {
            match statement {
                Stmt::FunctionDef(function) => {
                    for decorator in &function.decorator_list {
                        self.refuse_validator(&decorator.expression, &class.scope)?;
                    }
                }
                Stmt::AnnAssign(field) => {
                    let Expr::Name(name) = &*field.target else {
                        continue;
                    };
                    let name = name.id.as_str();
                    if super::fields::is_class_variable(&field.annotation) {
                        class.class_variables.borrow_mut().push(name.into());
                        continue;
                    }
                    if name.starts_with('_') {
                        continue;
                    }
                    if let Some(V::Object(_)) = class.scope.own(name) {
                        let what = "An object as the default of a field, of which pydantic makes copies, is not read";
                        self.refuse(self.at(field), what, "set it in `__init__`");
                    }
                    if base.attribute(name).is_none() {
                        class.declared.borrow_mut().push(Declared {
                            name: name.into(),
                            kind: plain(&field.annotation),
                            is_required: field.value.is_none(),
                        });
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A method that pydantic calls with what a field is given.
    fn refuse_validator(&mut self, decorator: &'a Expr, scope: &Rc<Scope<'a>>) -> R<'a, ()> {
        let name = match decorator {
            Expr::Call(call) => &*call.func,
            other => other,
        };
        if !matches!(name, Expr::Name(_) | Expr::Attribute(_)) {
            return Ok(());
        }
        if let V::Library(library) = self.eval(name, scope)?
            && library.starts_with("pydantic")
        {
            let what = format!("What `{library}` changes in a class of elements is not read");
            self.refuse(self.at(decorator), what, "do it in `__init__`");
        }
        Ok(())
    }

    /// pydantic stops at an attribute of a class of its own that has no annotation.
    fn fields_are_annotated(&mut self, class: &Rc<UserClass<'a>>, body: &'a [Stmt]) -> R<'a, ()> {
        for statement in body {
            let Stmt::Assign(s) = statement else { continue };
            for target in &s.targets {
                let Expr::Name(name) = target else { continue };
                let name = name.id.as_str();
                let is_field = !name.starts_with('_')
                    && name != "model_config"
                    && class.scope.own(name).is_some_and(|value| {
                        super::types::kind(&value).is_some() || matches!(value, V::Object(_))
                    });
                if is_field {
                    let message = format!("`{name}` of `{}` has no annotation", class.name);
                    return self.raise("PydanticUserError", message, self.at(s));
                }
            }
        }
        Ok(())
    }

    /// What a field holds once it is given a value: pydantic checks it, and may make
    /// another one of it.
    pub(super) fn fitted(&mut self, id: ObjId, name: &str, value: V<'a>, at: At) -> V<'a> {
        let Some(user) = self.object(id).user.clone() else {
            return value;
        };
        let Some(field) = declared(&user, name) else {
            return value;
        };
        let fits = match (&value, field.kind) {
            (V::Unread(_), _) => true,
            (_, Some("Any")) => true,
            (V::Bool(_), kind) => kind == Some("bool"),
            (value, kind) => kind.is_some() && super::types::kind(value) == kind,
        };
        if fits {
            return value;
        }
        let what = format!("What pydantic makes of the value of `{name}` is not read");
        self.refuse(
            at,
            what,
            "give the field text, a number or a truth value, as its annotation says",
        )
    }

    /// The first own field that an object is not given and that has no default.
    pub(super) fn missing_field(&self, id: ObjId) -> Option<Rc<str>> {
        let object = self.object(id);
        let line = object.user.as_ref()?.line();
        let mut wanted = line
            .iter()
            .flat_map(|class| class.declared.borrow().clone())
            .filter(|field| field.is_required);
        wanted
            .find(|field| object.get(&field.name).is_none())
            .map(|field| field.name)
    }
}

/// The own field of that name, of the nearest class that declares it.
fn declared(class: &Rc<UserClass<'_>>, name: &str) -> Option<Declared> {
    class.line().iter().find_map(|class| {
        let fields = class.declared.borrow();
        fields.iter().find(|field| &*field.name == name).cloned()
    })
}

/// The plain type that an annotation names.
fn plain(annotation: &Expr) -> Option<&'static str> {
    let Expr::Name(name) = annotation else {
        return None;
    };
    ["str", "int", "float", "bool", "Any", "object"]
        .into_iter()
        .find(|known| *known == name.id.as_str())
        .map(|known| if known == "object" { "Any" } else { known })
}
