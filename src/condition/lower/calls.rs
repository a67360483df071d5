//! Calls of functions and methods.

use super::{Lowering, complaint};
use crate::condition::Complaint;
use crate::condition::expression::{Function, Method, MethodCall, Node, Op};
use crate::model::{Attr, Value};
use crate::syntax::python::{ast, span};

impl<'t> Lowering<'t> {
    pub(super) fn call(&mut self, tree: &'t ast::ExprCall) -> Option<Op> {
        if let Some(keyword) = tree.arguments.keywords.first() {
            return self.refuse(keyword, "Conditions may not use keyword arguments");
        }
        match &*tree.func {
            ast::Expr::Name(name) => {
                let Some(function) = Function::named(&name.id) else {
                    let known = Function::NAMES.join(", ");
                    let message = format!("Conditions may call only {known}, and methods");
                    return self.refuse(name, message);
                };
                let arguments = self.nodes(&tree.arguments.args)?;
                self.counted(tree, &name.id, arguments.len(), function.arity())?;
                Some(Op::Call(function, arguments))
            }
            ast::Expr::Attribute(func) => self.method(tree, func),
            other => self.refuse(
                other,
                "Conditions may call only functions and methods by name",
            ),
        }
    }

    fn method(&mut self, tree: &'t ast::ExprCall, func: &'t ast::ExprAttribute) -> Option<Op> {
        let name = func.attr.as_str();
        let Some(method) = Method::named(name) else {
            let known = Method::NAMES.join(", ");
            self.complaints.push(Complaint {
                help: Some(format!("The methods are {known}")),
                ..complaint(
                    span(&func.attr),
                    format!("Conditions may not call `{name}`"),
                )
            });
            return None;
        };
        if !is_chain(&func.value) {
            return self.refuse(
                &*func.value,
                "Methods may be called only on names and their attributes",
            );
        }
        let base = self.node(&func.value);
        let arguments = self.nodes(&tree.arguments.args)?;
        self.counted(tree, name, arguments.len(), method.arity())?;
        let stops = self.stops(method, &arguments)?;
        Some(Op::Method(Box::new(MethodCall {
            method,
            base: base?,
            arguments,
            path: self.path(tree),
            stops,
        })))
    }

    /// The attributes at which a path stops: `reaches(Class, 'attribute', …)`.
    fn stops(&mut self, method: Method, arguments: &[Node]) -> Option<Vec<Attr>> {
        if !matches!(method, Method::Reaches | Method::ReachedFrom) {
            return Some(Vec::new());
        }
        let mut stops = Vec::new();
        for (at, argument) in arguments.iter().enumerate() {
            match &argument.op {
                Op::Class(_) if at == 0 => {}
                Op::Constant(Value::Text(name)) if at > 0 => stops.push(Attr::named(name)),
                _ => {
                    let wanted = if at == 0 {
                        "a class"
                    } else {
                        "an attribute's name in quotes"
                    };
                    let message = format!("This must be {wanted}");
                    self.complaints.push(complaint(argument.span, message));
                    return None;
                }
            }
        }
        Some(stops)
    }

    fn counted(
        &mut self,
        tree: &ast::ExprCall,
        name: &str,
        count: usize,
        (least, most): (usize, usize),
    ) -> Option<()> {
        if (least..=most).contains(&count) {
            return Some(());
        }
        let wanted = match (least, most) {
            (0, 0) => "no arguments".to_owned(),
            (1, 1) => "one argument".to_owned(),
            (_, usize::MAX) => format!("at least {least}"),
            _ => format!("{least} to {most} arguments"),
        };
        self.refuse(tree, format!("`{name}` takes {wanted}"))
    }
}

/// Whether an expression is a name, or an attribute of an attribute … of a name.
fn is_chain(tree: &ast::Expr) -> bool {
    let mut tree = tree;
    while let ast::Expr::Attribute(attribute) = tree {
        tree = &attribute.value;
    }
    matches!(tree, ast::Expr::Name(_))
}
