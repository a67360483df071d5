//! Syntax tree → compiled condition. Refuses what conditions may not use
//! (docs/semantics.md §3); names that nothing has are left to `check`.

mod calls;
mod literals;

use std::borrow::Cow;
use std::sync::Arc;

use super::check::AUTHENTICATED_WITH;
use super::expression::{
    Attribute, Clause, Comprehension, Function, Node, Op, Operator, Relation, Shape, Special,
};
use super::{Complaint, Defaults};
use crate::model::vocabulary::{Class, Enumeration};
use crate::model::{Attr, Origin, Slot, Value};
use crate::notice::code;
use crate::source::Span;
use crate::syntax::python::{Ranged, ast, span};

/// How deep expressions may nest; flat chains of `and` and `or` are one level.
const MAX_NESTING: usize = 100;

/// How long a condition may be, in bytes.
const MAX_LENGTH: usize = 100_000;

/// Attributes whose values count as known even where nobody said them: the
/// structure, and exceptions that a model states where they hold, so that asking
/// for one leaves a declared finding declared.
const ALWAYS_KNOWN: [&str; 18] = [
    "carriedBy",
    "data",
    "inScope",
    "inputs",
    "isEphemeral",
    "isHashed",
    "isPassword",
    "isProxy",
    "isPublic",
    "isResponse",
    "levels",
    "order",
    "outputs",
    "processedBy",
    "response",
    "responseTo",
    "sink",
    "source",
];

/// Compiles a condition's text.
///
/// # Errors
/// Every complaint about the syntax, in the order of the text.
pub(super) fn lower(text: &str, defaults: &Defaults) -> Result<Node, Vec<Complaint>> {
    if text.len() > MAX_LENGTH {
        let message = format!("The condition is longer than {MAX_LENGTH} bytes");
        return Err(vec![complaint(Span::default(), message)]);
    }
    // Empty: never (docs/semantics.md §3).
    if text.trim().is_empty() {
        return Ok(Node {
            op: Op::Constant(Value::Bool(false)),
            span: Span::default(),
        });
    }
    let tree = crate::syntax::python::parse_expression(text).map_err(|errors| {
        let say = |error: crate::syntax::python::SyntaxError| complaint(error.span, error.message);
        errors.into_iter().map(say).collect::<Vec<_>>()
    })?;
    let mut lowering = Lowering {
        text,
        defaults,
        locals: Vec::new(),
        depth: 0,
        complaints: Vec::new(),
    };
    let node = lowering.node(&tree);
    match node {
        Some(node) if lowering.complaints.is_empty() => Ok(node),
        _ => {
            lowering.complaints.sort_by_key(|found| found.span);
            Err(lowering.complaints)
        }
    }
}

fn complaint(span: Span, message: impl Into<String>) -> Complaint {
    Complaint {
        code: code::CONDITION_SYNTAX,
        span,
        message: message.into(),
        help: None,
        near: false,
    }
}

/// The work in progress. A method that gives `None` has left a complaint.
struct Lowering<'t> {
    text: &'t str,
    defaults: &'t Defaults,
    /// Names of the comprehensions' variables in sight, outermost first.
    locals: Vec<&'t str>,
    depth: usize,
    complaints: Vec<Complaint>,
}

impl<'t> Lowering<'t> {
    fn refuse<T>(&mut self, at: &impl Ranged, message: impl Into<String>) -> Option<T> {
        self.complaints.push(complaint(span(at), message));
        None
    }

    fn node(&mut self, tree: &'t ast::Expr) -> Option<Node> {
        if self.depth == MAX_NESTING {
            return self.refuse(tree, format!("Nested deeper than {MAX_NESTING} levels"));
        }
        self.depth += 1;
        let op = self.op(tree);
        self.depth -= 1;
        Some(Node {
            op: op?,
            span: span(tree),
        })
    }

    fn nodes(&mut self, trees: &'t [ast::Expr]) -> Option<Vec<Node>> {
        // All of them, so that every complaint is heard.
        let nodes: Vec<_> = trees.iter().map(|tree| self.node(tree)).collect();
        nodes.into_iter().collect()
    }

    fn boxed(&mut self, tree: &'t ast::Expr) -> Option<Box<Node>> {
        self.node(tree).map(Box::new)
    }

    fn pair(&mut self, one: &'t ast::Expr, other: &'t ast::Expr) -> Option<Box<(Node, Node)>> {
        let (one, other) = (self.node(one), self.node(other));
        Some(Box::new((one?, other?)))
    }

    fn op(&mut self, tree: &'t ast::Expr) -> Option<Op> {
        match tree {
            ast::Expr::BoolOp(tree) => {
                let nodes = self.nodes(&tree.values)?;
                Some(match tree.op {
                    ast::BoolOp::And => Op::And(nodes),
                    ast::BoolOp::Or => Op::Or(nodes),
                })
            }
            ast::Expr::UnaryOp(tree) => self.unary(tree),
            ast::Expr::BinOp(tree) => self.binary(tree),
            ast::Expr::Compare(tree) => self.compare(tree),
            ast::Expr::If(tree) => {
                let (test, then) = (self.node(&tree.test), self.node(&tree.body));
                let otherwise = self.node(&tree.orelse);
                Some(Op::Choice(Box::new([test?, then?, otherwise?])))
            }
            ast::Expr::Name(name) => self.name(name),
            ast::Expr::Attribute(tree) => self.attribute(tree),
            ast::Expr::Call(tree) => self.call(tree),
            ast::Expr::Subscript(tree) => self.subscript(tree),
            ast::Expr::List(tree) => self.display(Shape::List, &tree.elts),
            ast::Expr::Tuple(tree) => self.display(Shape::List, &tree.elts),
            ast::Expr::Set(tree) => self.display(Shape::Set, &tree.elts),
            ast::Expr::Dict(tree) => self.mapping(tree),
            ast::Expr::ListComp(tree) => {
                self.comprehension(Shape::List, &tree.elt, &tree.generators)
            }
            ast::Expr::Generator(tree) => {
                self.comprehension(Shape::Generator, &tree.elt, &tree.generators)
            }
            _ => self.literal(tree),
        }
    }

    fn literal(&mut self, tree: &'t ast::Expr) -> Option<Op> {
        let value = match tree {
            ast::Expr::StringLiteral(text) => Value::text(text.value.to_str()),
            ast::Expr::BooleanLiteral(literal) => Value::Bool(literal.value),
            ast::Expr::NoneLiteral(_) => Value::Nothing,
            ast::Expr::NumberLiteral(number) => match &number.value {
                ast::Number::Float(float) => Value::Float(*float),
                ast::Number::Int(int) => match int.as_i64() {
                    Some(int) => Value::Int(int),
                    None => return self.refuse(tree, "The number is too large"),
                },
                ast::Number::Complex { .. } => {
                    return self.refuse(tree, "Complex numbers have no place in conditions");
                }
            },
            other => {
                let what = what(other);
                return self.refuse(tree, format!("Conditions may not use {what}"));
            }
        };
        Some(Op::Constant(value))
    }

    fn unary(&mut self, tree: &'t ast::ExprUnaryOp) -> Option<Op> {
        let operand = self.boxed(&tree.operand);
        match tree.op {
            ast::UnaryOp::Not => Some(Op::Not(operand?)),
            ast::UnaryOp::USub => Some(match operand?.op {
                // So that `(-1, 0)` is a literal.
                Op::Constant(Value::Int(int)) if int != i64::MIN => Op::Constant(Value::Int(-int)),
                op => Op::Negative(Box::new(Node {
                    op,
                    span: span(&*tree.operand),
                })),
            }),
            ast::UnaryOp::UAdd => Some(Op::Positive(operand?)),
            ast::UnaryOp::Invert => self.refuse(tree, "Conditions may not use `~`"),
        }
    }

    fn binary(&mut self, tree: &'t ast::ExprBinOp) -> Option<Op> {
        let pair = self.pair(&tree.left, &tree.right);
        let operator = match tree.op {
            ast::Operator::Add => Operator::Add,
            ast::Operator::Sub => Operator::Subtract,
            ast::Operator::Mult => Operator::Multiply,
            ast::Operator::Div => Operator::Divide,
            ast::Operator::FloorDiv => Operator::FloorDivide,
            ast::Operator::Mod => Operator::Remainder,
            ast::Operator::Pow => Operator::Power,
            ast::Operator::BitAnd => Operator::BitAnd,
            ast::Operator::BitOr => Operator::BitOr,
            ast::Operator::BitXor => Operator::BitXor,
            other => {
                let message = format!("Conditions may not use `{}`", other.as_str());
                return self.refuse(tree, message);
            }
        };
        Some(Op::Arithmetic(operator, pair?))
    }

    fn compare(&mut self, tree: &'t ast::ExprCompare) -> Option<Op> {
        let first = self.boxed(&tree.left);
        let rest = self.nodes(&tree.comparators);
        let relations = tree.ops.iter().map(|op| match op {
            ast::CmpOp::Eq => Relation::Equal,
            ast::CmpOp::NotEq => Relation::Unequal,
            ast::CmpOp::Lt => Relation::Less,
            ast::CmpOp::LtE => Relation::LessOrEqual,
            ast::CmpOp::Gt => Relation::Greater,
            ast::CmpOp::GtE => Relation::GreaterOrEqual,
            ast::CmpOp::Is => Relation::Is,
            ast::CmpOp::IsNot => Relation::IsNot,
            ast::CmpOp::In => Relation::In,
            ast::CmpOp::NotIn => Relation::NotIn,
        });
        Some(Op::Compare(first?, relations.zip(rest?).collect()))
    }

    fn name(&mut self, name: &'t ast::ExprName) -> Option<Op> {
        let text = name.id.as_str();
        if let Some(at) = self.locals.iter().rposition(|local| *local == text) {
            return Some(Op::Local(at));
        }
        if Function::named(text).is_some() {
            return self.refuse(name, format!("`{text}` is a function and must be called"));
        }
        Some(match text {
            "target" => Op::Target,
            _ => match (Class::named(text), Enumeration::named(text)) {
                (Some(class), _) => Op::Class(class),
                (_, Some(of)) => Op::Enumeration(of),
                _ => Op::Undefined(text.into()),
            },
        })
    }

    fn attribute(&mut self, tree: &'t ast::ExprAttribute) -> Option<Op> {
        let name = tree.attr.as_str();
        if name.starts_with("__") {
            return self.refuse(&tree.attr, "Conditions may not read dunder attributes");
        }
        let base = self.node(&tree.value)?;
        if let Op::Enumeration(of) = base.op
            && let Some(at) = of.position(name)
        {
            return Some(Op::Constant(Value::Member(of, at)));
        }
        let attr = Attr::named(name);
        let control = if name == AUTHENTICATED_WITH {
            Some(Attr::named("authenticatesSource"))
        } else {
            let is_control = attr.default_on(Class::Controls).is_some();
            is_control.then(|| attr.clone())
        };
        let special = match name {
            "name" => Special::Name,
            "controls" => Special::Controls,
            "assumptions" => Special::Assumptions,
            "overrides" => Special::Overrides,
            _ if ALWAYS_KNOWN.contains(&name) => Special::Known,
            _ => Special::No,
        };
        Some(Op::Attribute(Box::new(Attribute {
            base,
            name_span: span(&tree.attr),
            attr,
            control,
            special,
            path: Some(self.path(tree)).filter(|path| **path != *name),
            default: self.defaults.get(name).map(|value| {
                Box::new(Slot {
                    value: value.clone(),
                    origin: Origin::Default,
                    place: None,
                })
            }),
        })))
    }

    /// The text of a chain without its first name, white space removed.
    fn path(&self, tree: &impl Ranged) -> Box<str> {
        let text = self.text.get(span(tree).range()).unwrap_or("");
        let text: Cow<'_, str> = if text.contains(char::is_whitespace) {
            text.split_whitespace().collect()
        } else {
            text.into()
        };
        match text.split_once('.') {
            Some((first, rest)) if first == "target" || self.locals.contains(&first) => rest.into(),
            _ => text.into(),
        }
    }

    fn subscript(&mut self, tree: &'t ast::ExprSubscript) -> Option<Op> {
        let ast::Expr::Slice(slice) = &*tree.slice else {
            return Some(Op::Index(self.pair(&tree.value, &tree.slice)?));
        };
        let of = self.boxed(&tree.value)?;
        let mut bounds = [None, None, None];
        for (bound, tree) in bounds
            .iter_mut()
            .zip([&slice.lower, &slice.upper, &slice.step])
        {
            if let Some(tree) = tree {
                *bound = Some(self.node(tree)?);
            }
        }
        Some(Op::Slice(of, Box::new(bounds)))
    }

    fn display(&mut self, shape: Shape, trees: &'t [ast::Expr]) -> Option<Op> {
        let nodes = self.nodes(trees)?;
        let constants = nodes.iter().map(|node| match &node.op {
            Op::Constant(value) => Some(value.clone()),
            _ => None,
        });
        // What never changes is made once.
        if let Some(constants) = constants.collect::<Option<Arc<[Value]>>>() {
            return Some(Op::Constant(match shape {
                Shape::Set => Value::Set(literals::distinct(&constants)),
                _ => Value::List(constants),
            }));
        }
        Some(Op::Display(shape, nodes))
    }

    fn mapping(&mut self, tree: &'t ast::ExprDict) -> Option<Op> {
        let mut pairs = Vec::new();
        for item in &tree.items {
            let Some(key) = &item.key else {
                return self.refuse(&item.value, "Conditions may not use `**`");
            };
            pairs.push((self.node(key)?, self.node(&item.value)?));
        }
        Some(Op::Mapping(pairs))
    }

    fn comprehension(
        &mut self,
        shape: Shape,
        element: &'t ast::Expr,
        generators: &'t [ast::Comprehension],
    ) -> Option<Op> {
        let outside = self.locals.len();
        let clauses: Option<Vec<_>> = generators.iter().map(|g| self.clause(g)).collect();
        let element = clauses.is_some().then(|| self.node(element)).flatten();
        self.locals.truncate(outside);
        Some(Op::Comprehension(Box::new(Comprehension {
            shape,
            element: element?,
            clauses: clauses?,
        })))
    }

    fn clause(&mut self, tree: &'t ast::Comprehension) -> Option<Clause> {
        if tree.is_async {
            return self.refuse(tree, "Conditions may not use `async`");
        }
        let ast::Expr::Name(name) = &tree.target else {
            return self.refuse(&tree.target, "A comprehension binds one plain name");
        };
        let iterable = self.node(&tree.iter)?;
        let local = self.locals.len();
        self.locals.push(name.id.as_str());
        let filters = self.nodes(&tree.ifs)?;
        Some(Clause {
            local,
            iterable,
            filters,
        })
    }
}

/// What the syntax that conditions may not use is called.
fn what(tree: &ast::Expr) -> &'static str {
    match tree {
        ast::Expr::Lambda(_) => "lambda",
        ast::Expr::Named(_) => "`:=`",
        ast::Expr::SetComp(_) => "set comprehensions",
        ast::Expr::DictComp(_) => "dict comprehensions",
        ast::Expr::FString(_) => "f-strings",
        ast::Expr::TString(_) => "t-strings",
        ast::Expr::BytesLiteral(_) => "bytes",
        ast::Expr::EllipsisLiteral(_) => "`...`",
        ast::Expr::Starred(_) => "`*`",
        ast::Expr::Await(_) => "await",
        ast::Expr::Yield(_) | ast::Expr::YieldFrom(_) => "yield",
        ast::Expr::Slice(_) => "a slice here",
        _ => "this",
    }
}
