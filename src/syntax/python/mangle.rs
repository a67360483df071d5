//! Private names: inside a class `C`, Python reads `__name` as `_C__name`, wherever it
//! stands. Done once for the whole tree, so that whoever walks it needs no rule for it.

use std::cell::RefCell;

use ruff_python_ast::visitor::transformer::{self, Transformer};
use ruff_python_ast::{
    Alias, ExceptHandler, Expr, Identifier, Keyword, Parameter, Pattern, PatternKeyword, Stmt,
    name::Name,
};

/// Gives the private names of classes the names that they have when the program runs.
pub(super) fn private_names(body: &mut [Stmt]) {
    Mangler::default().visit_body(body);
}

/// The names of the classes around what is visited, innermost last.
#[derive(Default)]
struct Mangler {
    classes: RefCell<Vec<String>>,
}

impl Mangler {
    /// The name that a private one stands for here.
    fn mangled(&self, name: &str) -> Option<Name> {
        if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
            return None;
        }
        let classes = self.classes.borrow();
        let class = classes.last()?.trim_start_matches('_');
        (!class.is_empty()).then(|| Name::new(format!("_{class}{name}")))
    }

    fn name(&self, name: &mut Name) {
        if let Some(mangled) = self.mangled(name.as_str()) {
            *name = mangled;
        }
    }

    fn identifier(&self, identifier: &mut Identifier) {
        self.name(&mut identifier.id);
    }

    fn optional(&self, identifier: &mut Option<Identifier>) {
        if let Some(identifier) = identifier {
            self.identifier(identifier);
        }
    }
}

impl Transformer for Mangler {
    fn visit_stmt(&self, statement: &mut Stmt) {
        match statement {
            Stmt::FunctionDef(function) => self.identifier(&mut function.name),
            Stmt::Global(global) => global.names.iter_mut().for_each(|n| self.identifier(n)),
            Stmt::Nonlocal(outer) => outer.names.iter_mut().for_each(|n| self.identifier(n)),
            Stmt::ClassDef(class) => {
                let name = class.name.id.to_string();
                self.identifier(&mut class.name);
                // Decorators, bases and type parameters stand outside of the class.
                class
                    .decorator_list
                    .iter_mut()
                    .for_each(|d| self.visit_decorator(d));
                if let Some(parameters) = &mut class.type_params {
                    self.visit_type_params(parameters);
                }
                if let Some(arguments) = &mut class.arguments {
                    self.visit_arguments(arguments);
                }
                self.classes.borrow_mut().push(name);
                self.visit_body(&mut class.body);
                self.classes.borrow_mut().pop();
                return;
            }
            _ => {}
        }
        transformer::walk_stmt(self, statement);
    }

    fn visit_expr(&self, expression: &mut Expr) {
        match expression {
            Expr::Name(name) => self.name(&mut name.id),
            Expr::Attribute(attribute) => self.identifier(&mut attribute.attr),
            _ => {}
        }
        transformer::walk_expr(self, expression);
    }

    fn visit_parameter(&self, parameter: &mut Parameter) {
        self.identifier(&mut parameter.name);
        transformer::walk_parameter(self, parameter);
    }

    fn visit_keyword(&self, keyword: &mut Keyword) {
        self.optional(&mut keyword.arg);
        transformer::walk_keyword(self, keyword);
    }

    fn visit_alias(&self, alias: &mut Alias) {
        match &mut alias.asname {
            Some(name) => self.identifier(name),
            // What is imported has its own name; only the name that is bound is private.
            None => {
                if let Some(mangled) = self.mangled(alias.name.as_str()) {
                    alias.asname = Some(Identifier::new(mangled, alias.name.range));
                }
            }
        }
    }

    fn visit_except_handler(&self, handler: &mut ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        self.optional(&mut inner.name);
        transformer::walk_except_handler(self, handler);
    }

    fn visit_pattern(&self, pattern: &mut Pattern) {
        match pattern {
            Pattern::MatchAs(named) => self.optional(&mut named.name),
            Pattern::MatchStar(star) => self.optional(&mut star.name),
            Pattern::MatchMapping(mapping) => self.optional(&mut mapping.rest),
            _ => {}
        }
        transformer::walk_pattern(self, pattern);
    }

    fn visit_pattern_keyword(&self, keyword: &mut PatternKeyword) {
        self.identifier(&mut keyword.attr);
        transformer::walk_pattern_keyword(self, keyword);
    }
}
