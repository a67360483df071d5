//! Whether pytm takes a text as the condition of a Threat that a model makes: it parses it
//! and looks through it (pytm 1.4.0, `_ConditionValidator`), and stops at anything else.

use crate::syntax::python;
use crate::syntax::python::ast::visitor::{Visitor, walk_expr};
use crate::syntax::python::ast::{self, Expr};

/// Functions that a condition may call.
const FUNCTIONS: [&str; 6] = ["any", "all", "len", "min", "max", "sum"];

/// Methods of elements that it may call.
const METHODS: [&str; 7] = [
    "oneOf",
    "crosses",
    "enters",
    "exits",
    "inside",
    "checkTLSVersion",
    "hasDataLeaks",
];

/// Whether pytm takes it; nothing where Python parses such a text by rules of its own.
pub(super) fn is_taken(condition: &str) -> Option<bool> {
    if condition.is_empty() {
        return Some(true);
    }
    let is_plain = |c: char| c.is_ascii() && !c.is_ascii_control();
    if condition.starts_with(' ') || !condition.chars().all(is_plain) {
        return None;
    }
    let Ok(expression) = python::parse_expression(condition) else {
        return Some(false);
    };
    let mut finder = Finder { found: false };
    finder.visit_expr(&expression);
    Some(!finder.found)
}

/// Finds what no condition may hold.
struct Finder {
    found: bool,
}

impl<'t> Visitor<'t> for Finder {
    fn visit_expr(&mut self, expression: &'t Expr) {
        self.found |= match expression {
            Expr::BoolOp(_)
            | Expr::Compare(_)
            | Expr::Name(_)
            | Expr::Subscript(_)
            | Expr::Slice(_)
            | Expr::List(_)
            | Expr::Tuple(_)
            | Expr::Set(_)
            | Expr::Dict(_)
            | Expr::If(_)
            | Expr::NumberLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => false,
            Expr::BinOp(e) => matches!(
                e.op,
                ast::Operator::LShift | ast::Operator::RShift | ast::Operator::MatMult
            ),
            Expr::UnaryOp(e) => e.op == ast::UnaryOp::Invert,
            Expr::Attribute(e) => e.attr.starts_with("__"),
            Expr::Call(e) => !e.arguments.keywords.is_empty() || !is_callee(&e.func),
            Expr::ListComp(e) => !e.generators.iter().all(is_plain),
            Expr::Generator(e) => !e.generators.iter().all(is_plain),
            _ => true,
        };
        walk_expr(self, expression);
    }
}

/// One name for the items, and nothing that waits.
fn is_plain(clause: &ast::Comprehension) -> bool {
    matches!(clause.target, Expr::Name(_)) && !clause.is_async
}

/// `len`, or `target.inside` and the like, however many names stand before the last.
fn is_callee(callee: &Expr) -> bool {
    match callee {
        Expr::Name(name) => FUNCTIONS.contains(&name.id.as_str()),
        Expr::Attribute(method) => {
            let mut owner = &*method.value;
            while let Expr::Attribute(attribute) = owner {
                owner = &attribute.value;
            }
            METHODS.contains(&method.attr.as_str()) && matches!(owner, Expr::Name(_))
        }
        _ => false,
    }
}
