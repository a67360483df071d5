//! Layer `rules`: a condition's text → its diagram.
//!
//! What is written differently and means the same becomes one atom:
//! `x is False`, `x == False` and `not x` for a boolean; `in` and a chain of
//! `==`; `>=` and not `<`; a flat spelling and its control; `all` and not any not.

use super::diagram::{Atom, Diagrams, Ref};
use crate::model::vocabulary::{self, Class, Kind};
use crate::source::Span;
use crate::syntax::python::{self, ast};

/// Longer collections stay one atom.
const MAX_ITEMS: usize = 64;

/// The diagram of a condition, in its atoms' own words where two of them
/// exclude each other; `None` if the text is no expression.
pub(super) fn diagram(all: &mut Diagrams, text: &str) -> Option<Ref> {
    let expression = python::parse_expression(text).ok()?;
    let mut lowering = Lowering {
        all,
        text,
        bound: Vec::new(),
    };
    let plain = lowering.truth(&expression);
    Some(exclusive(all, plain))
}

/// With what cannot be at once taken out: a term equals one constant only.
fn exclusive(all: &mut Diagrams, mut diagram: Ref) -> Ref {
    let equal: Vec<(String, String)> = all
        .support(diagram)
        .into_iter()
        .filter_map(|atom| match all.atom_of(atom) {
            Atom::Equal(term, constant) => Some((term.clone(), constant.clone())),
            _ => None,
        })
        .collect();
    for (at, (term, constant)) in equal.iter().enumerate() {
        for (other_term, other) in &equal[at + 1..] {
            if term == other_term && is_constant(constant) && is_constant(other) {
                let first = all.atom(Atom::Equal(term.clone(), constant.clone()));
                let second = all.atom(Atom::Equal(term.clone(), other.clone()));
                let both = all.and(first, second);
                let not_both = all.not(both);
                diagram = all.and(diagram, not_both);
            }
        }
    }
    diagram
}

/// Whether a term can have one value only: a literal or an enum's member.
fn is_constant(term: &str) -> bool {
    let first = term.chars().next().unwrap_or(' ');
    let member = || {
        let enumeration = term.split('.').next().unwrap_or("");
        vocabulary::Enumeration::named(enumeration).is_some()
    };
    first == '"' || first.is_ascii_digit() || ["True", "False", "None"].contains(&term) || member()
}

struct Lowering<'l> {
    all: &'l mut Diagrams,
    text: &'l str,
    bound: Vec<String>,
}

impl Lowering<'_> {
    /// An expression taken as true or false.
    fn truth(&mut self, expression: &ast::Expr) -> Ref {
        match expression {
            ast::Expr::BoolOp(op) => self.operands(op),
            ast::Expr::UnaryOp(unary) if unary.op == ast::UnaryOp::Not => {
                let inner = self.truth(&unary.operand);
                self.all.not(inner)
            }
            ast::Expr::BooleanLiteral(literal) if literal.value => Ref::TRUE,
            ast::Expr::BooleanLiteral(_) | ast::Expr::NoneLiteral(_) => Ref::FALSE,
            ast::Expr::If(choice) => {
                let test = self.truth(&choice.test);
                let (then, other) = (self.truth(&choice.body), self.truth(&choice.orelse));
                self.all.choose(test, then, other)
            }
            ast::Expr::Compare(compare) => self.comparison(compare),
            ast::Expr::Call(call) => match self.quantifier(call) {
                Some(found) => found,
                None => self.opaque(expression),
            },
            _ => self.opaque(expression),
        }
    }

    fn opaque(&mut self, expression: &ast::Expr) -> Ref {
        let term = self.term(expression);
        self.all.atom(Atom::Truth(term))
    }

    fn operands(&mut self, op: &ast::ExprBoolOp) -> Ref {
        let is_and = op.op == ast::BoolOp::And;
        let mut result = if is_and { Ref::TRUE } else { Ref::FALSE };
        for value in &op.values {
            let next = self.truth(value);
            result = if is_and {
                self.all.and(result, next)
            } else {
                self.all.or(result, next)
            };
        }
        result
    }

    /// `any(…)` and `all(…)` over a generator or list comprehension.
    fn quantifier(&mut self, call: &ast::ExprCall) -> Option<Ref> {
        let ast::Expr::Name(name) = &*call.func else {
            return None;
        };
        let (element, generators) = match call.arguments.args.as_ref() {
            [ast::Expr::Generator(found)] => (&found.elt, &found.generators),
            [ast::Expr::ListComp(found)] => (&found.elt, &found.generators),
            _ => return None,
        };
        match name.id.as_str() {
            "any" => Some(self.some(generators, element, true)),
            "all" => {
                let counterexample = self.some(generators, element, false);
                Some(self.all.not(counterexample))
            }
            _ => None,
        }
    }

    /// Something for which the filters hold and the element is `wanted`.
    fn some(
        &mut self,
        generators: &[ast::Comprehension],
        element: &ast::Expr,
        wanted: bool,
    ) -> Ref {
        let Some((first, rest)) = generators.split_first() else {
            let holds = self.truth(element);
            return if wanted { holds } else { self.all.not(holds) };
        };
        let over = self.term(&first.iter);
        let variable = match &first.target {
            ast::Expr::Name(name) => name.id.to_string(),
            _ => String::new(),
        };
        self.bound.push(variable);
        let mut body = self.some(rest, element, wanted);
        for filter in &first.ifs {
            let holds = self.truth(filter);
            body = self.all.and(body, holds);
        }
        self.bound.pop();
        if body == Ref::FALSE {
            return body;
        }
        let body = exclusive(self.all, body);
        self.all.atom(Atom::Any(over, body))
    }

    fn comparison(&mut self, compare: &ast::ExprCompare) -> Ref {
        let mut result = Ref::TRUE;
        let mut left = &*compare.left;
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            let pair = self.pair(left, *op, right);
            result = self.all.and(result, pair);
            left = right;
        }
        result
    }

    fn pair(&mut self, left: &ast::Expr, op: ast::CmpOp, right: &ast::Expr) -> Ref {
        use ast::CmpOp::{Eq, Gt, GtE, In, Is, IsNot, Lt, LtE, NotEq, NotIn};
        match op {
            Eq | Is => self.equal(left, right),
            NotEq | IsNot => {
                let equal = self.equal(left, right);
                self.all.not(equal)
            }
            In => self.member(left, right),
            NotIn => {
                let member = self.member(left, right);
                self.all.not(member)
            }
            Lt => self.less(left, right),
            Gt => self.less(right, left),
            GtE => {
                let less = self.less(left, right);
                self.all.not(less)
            }
            LtE => {
                let less = self.less(right, left);
                self.all.not(less)
            }
        }
    }

    fn equal(&mut self, left: &ast::Expr, right: &ast::Expr) -> Ref {
        for (value, other) in [(left, right), (right, left)] {
            if let ast::Expr::BooleanLiteral(literal) = value
                && is_boolean(other)
            {
                let truth = self.truth(other);
                return if literal.value {
                    truth
                } else {
                    self.all.not(truth)
                };
            }
        }
        let (mut a, mut b) = (self.term(left), self.term(right));
        if is_constant(&a) || (!is_constant(&b) && b < a) {
            std::mem::swap(&mut a, &mut b);
        }
        if a == b {
            return Ref::TRUE;
        }
        if is_constant(&a) && is_constant(&b) {
            return Ref::FALSE;
        }
        self.all.atom(Atom::Equal(a, b))
    }

    fn member(&mut self, item: &ast::Expr, collection: &ast::Expr) -> Ref {
        let items: &[ast::Expr] = match collection {
            ast::Expr::Tuple(tuple) => &tuple.elts,
            ast::Expr::List(list) => &list.elts,
            ast::Expr::Set(set) => &set.elts,
            _ => &[],
        };
        if items.is_empty() || items.len() > MAX_ITEMS {
            let (item, collection) = (self.term(item), self.term(collection));
            return self
                .all
                .atom(Atom::Other(format!("{item} in {collection}")));
        }
        let mut result = Ref::FALSE;
        for constant in items {
            let equal = self.equal(item, constant);
            result = self.all.or(result, equal);
        }
        result
    }

    fn less(&mut self, left: &ast::Expr, right: &ast::Expr) -> Ref {
        // `len(x) > 0` asks what `x` asks.
        if let (ast::Expr::NumberLiteral(number), Some(collection)) = (left, length_of(right))
            && self.text.get(python::span(number).range()) == Some("0")
        {
            return self.truth(collection);
        }
        let (a, b) = (self.term(left), self.term(right));
        self.all.atom(Atom::Other(format!("{a} < {b}")))
    }

    /// What an expression denotes, in words that are the same for the same thing.
    fn term(&mut self, expression: &ast::Expr) -> String {
        match expression {
            ast::Expr::Name(name) => {
                let at = self.bound.iter().rposition(|bound| *bound == *name.id);
                at.map_or_else(|| name.id.to_string(), |at| format!("%{at}"))
            }
            ast::Expr::Attribute(path) => {
                let base = self.term(&path.value);
                attribute(&base, path.attr.as_str())
            }
            ast::Expr::StringLiteral(text) => format!("{:?}", text.value.to_str()),
            ast::Expr::BooleanLiteral(literal) if literal.value => "True".into(),
            ast::Expr::BooleanLiteral(_) => "False".into(),
            ast::Expr::NoneLiteral(_) => "None".into(),
            ast::Expr::Call(call) if is_plain(call) => {
                let name = self.term(&call.func);
                format!("{name}({})", self.terms(&call.arguments.args))
            }
            ast::Expr::Tuple(tuple) => format!("({})", self.terms(&tuple.elts)),
            ast::Expr::List(list) => format!("[{}]", self.terms(&list.elts)),
            ast::Expr::BinOp(op) => {
                let (left, right) = (self.term(&op.left), self.term(&op.right));
                format!("({left} {} {right})", op.op.as_str())
            }
            ast::Expr::BoolOp(_) | ast::Expr::Compare(_) | ast::Expr::Call(_) => {
                format!("?{}", self.truth(expression).0)
            }
            _ => self.written(python::span(expression)),
        }
    }

    fn terms(&mut self, items: &[ast::Expr]) -> String {
        let terms: Vec<_> = items.iter().map(|item| self.term(item)).collect();
        terms.join(", ")
    }

    /// The text itself, with white space taken out.
    fn written(&self, span: Span) -> String {
        let text = self.text.get(span.range()).unwrap_or("");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Anything but `any` and `all` over something that can be looked into.
fn is_plain(call: &ast::ExprCall) -> bool {
    let quantifies =
        matches!(&*call.func, ast::Expr::Name(name) if matches!(name.id.as_str(), "any" | "all"));
    let looks_into = matches!(
        call.arguments.args.as_ref(),
        [ast::Expr::Generator(_) | ast::Expr::ListComp(_)]
    );
    !(quantifies && looks_into)
}

/// `base.name`, with a flat spelling as the control that it means.
fn attribute(base: &str, name: &str) -> String {
    let somewhere = Class::ALL
        .into_iter()
        .any(|class| class != Class::Controls && class.attribute(name).is_some());
    if !somewhere
        && !base.ends_with(".controls")
        && let Some(control) = vocabulary::flat_control(Class::Element, name)
    {
        return format!("{base}.controls.{}", control.name);
    }
    format!("{base}.{name}")
}

/// Whether an expression can only be true or false.
fn is_boolean(expression: &ast::Expr) -> bool {
    match expression {
        ast::Expr::Attribute(path) => is_flag(path.attr.as_str()),
        ast::Expr::Compare(_) | ast::Expr::BooleanLiteral(_) => true,
        ast::Expr::UnaryOp(unary) => unary.op == ast::UnaryOp::Not,
        ast::Expr::BoolOp(op) => op.values.iter().all(is_boolean),
        ast::Expr::Call(call) => {
            matches!(&*call.func, ast::Expr::Attribute(_))
                || matches!(&*call.func, ast::Expr::Name(name) if matches!(name.id.as_str(), "any" | "all"))
        }
        _ => false,
    }
}

/// Whether every class that has the attribute takes True or False for it.
fn is_flag(name: &str) -> bool {
    let mut kinds = Class::ALL
        .into_iter()
        .filter_map(|class| class.attribute(name))
        .map(|attribute| attribute.kind)
        .chain(vocabulary::flat_control(Class::Element, name).map(|control| control.kind))
        .peekable();
    kinds.peek().is_some() && kinds.all(|kind| kind == Kind::Bool)
}

/// The `x` of `len(x)`.
fn length_of(expression: &ast::Expr) -> Option<&ast::Expr> {
    let ast::Expr::Call(call) = expression else {
        return None;
    };
    match (&*call.func, call.arguments.args.as_ref()) {
        (ast::Expr::Name(name), [argument]) if name.id == "len" => Some(argument),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_has_one_diagram() {
        let pairs = [
            (
                "target.controls.isHardened is False",
                "not target.controls.isHardened",
            ),
            (
                "target.controls.isHardened == False",
                "target.isHardened is not True",
            ),
            (
                "target.authenticatedWith is False",
                "not target.controls.authenticatesSource",
            ),
            (
                "target.protocol in ('A', 'B')",
                "target.protocol == 'B' or 'A' == target.protocol",
            ),
            ("target.protocol not in ['A']", "target.protocol != 'A'"),
            (
                "target.tlsVersion >= TLSVersion.TLSv12",
                "not (target.tlsVersion < TLSVersion.TLSv12)",
            ),
            (
                "any(f.isPII for f in target.data)",
                "any([d.isPII is True for d in target.data])",
            ),
            (
                "all(d.isPII for d in target.data)",
                "not any(not x.isPII for x in target.data)",
            ),
            (
                "any(d.isPII for d in target.data if d.isStored)",
                "any(d.isStored and d.isPII for d in target.data)",
            ),
            ("len(target.inputs) > 0", "target.inputs"),
            ("target.protocol == 'A' and target.protocol == 'B'", "False"),
            (
                "target.inScope if target.isAdmin else True",
                "target.inScope or not target.isAdmin",
            ),
        ];
        for (a, b) in pairs {
            let mut all = Diagrams::new();
            let (first, second) = (diagram(&mut all, a), diagram(&mut all, b));
            assert!(first.is_some());
            assert_eq!(first, second, "{a} / {b}");
        }
    }

    #[test]
    fn what_means_something_else_has_another_diagram() {
        let pairs = [
            (
                "target.controls.isHardened",
                "not target.controls.isHardened",
            ),
            ("target.usesVPN", "target.controls.usesVPN"),
            ("target.protocol == 'A'", "target.protocol == 'B'"),
            (
                "any(d.isPII for d in target.data)",
                "any(d.isPII for d in target.source.data)",
            ),
            (
                "any(d.isPII for d in target.data)",
                "all(d.isPII for d in target.data)",
            ),
            ("target.protocol is False", "not target.protocol"),
            ("target.oneOf(Server)", "target.oneOf(Actor)"),
        ];
        for (a, b) in pairs {
            let mut all = Diagrams::new();
            assert_ne!(diagram(&mut all, a), diagram(&mut all, b), "{a} / {b}");
        }
    }
}
