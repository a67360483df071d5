//! The compiled form of a condition: a tree whose names are resolved.

use serde::{Deserialize, Serialize};

use crate::model::vocabulary::{Class, Enumeration};
use crate::model::{Attr, Slot, Value};
use crate::source::Span;

/// One expression with its place in the condition's text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Node {
    pub(super) op: Op,
    pub(super) span: Span,
}

/// What an expression does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Op {
    /// A literal, a tuple of literals, or a member of an enum.
    Constant(Value),
    Class(Class),
    Enumeration(#[serde(with = "crate::model::by_name")] &'static Enumeration),
    /// A name that stands for nothing; whoever reaches it ends in an error.
    Undefined(Box<str>),
    Target,
    /// A variable of a comprehension, by how many stand outside it.
    Local(usize),
    Attribute(Box<Attribute>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// `a < b <= c`.
    Compare(Box<Node>, Vec<(Relation, Node)>),
    Negative(Box<Node>),
    Positive(Box<Node>),
    Arithmetic(Operator, Box<(Node, Node)>),
    /// `then if test else otherwise`, as test, then, otherwise.
    Choice(Box<[Node; 3]>),
    Call(Function, Vec<Node>),
    Method(Box<MethodCall>),
    Index(Box<(Node, Node)>),
    /// `of[lower:upper:step]`.
    Slice(Box<Node>, Box<[Option<Node>; 3]>),
    Display(Shape, Vec<Node>),
    Mapping(Vec<(Node, Node)>),
    Comprehension(Box<Comprehension>),
}

/// Reading an attribute.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Attribute {
    pub(super) base: Node,
    pub(super) attr: Attr,
    /// Where its name stands.
    pub(super) name_span: Span,
    /// The control that pytm's old flat spelling means, where an element's class
    /// has no attribute of that name (docs/semantics.md §1).
    pub(super) control: Option<Attr>,
    pub(super) special: Special,
    /// As a fact shows it, without `target.` or the comprehension's variable, where
    /// that is more than the name.
    pub(super) path: Option<Box<str>>,
    /// What an object has that does not state it: only of a rule's own attributes.
    #[serde(skip)]
    pub(super) default: Option<Box<Slot>>,
}

impl Attribute {
    /// As a fact shows it.
    pub(super) fn path(&self) -> &str {
        self.path.as_deref().unwrap_or_else(|| self.attr.name())
    }
}

/// Attributes that are no slots, or whose value is always known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Special {
    /// A slot like any other.
    No,
    /// A slot that counts as known even where nobody said it (docs/semantics.md §3, Evidence).
    Known,
    Name,
    Controls,
    /// Told by their names only.
    Assumptions,
    /// Told by their rules only.
    Overrides,
}

/// A call of an element's method.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct MethodCall {
    pub(super) method: Method,
    pub(super) base: Node,
    pub(super) arguments: Vec<Node>,
    /// As a fact shows it.
    pub(super) path: Box<str>,
    /// The attributes at which `reaches` and `reachedFrom` stop.
    pub(super) stops: Vec<Attr>,
}

/// A list comprehension or generator expression.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Comprehension {
    pub(super) shape: Shape,
    pub(super) element: Node,
    pub(super) clauses: Vec<Clause>,
}

/// `for local in iterable if filter …`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Clause {
    pub(super) local: usize,
    pub(super) iterable: Node,
    pub(super) filters: Vec<Node>,
}

/// What a collection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Shape {
    /// Also a tuple.
    List,
    Set,
    Generator,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Relation {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Is,
    IsNot,
    In,
    NotIn,
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
    BitAnd,
    BitOr,
    BitXor,
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub(super) enum $name { $($variant,)* }

        impl $name {
            /// All their names.
            pub(super) const NAMES: &'static [&'static str] = &[$($text,)*];

            /// The one of that exact name.
            pub(super) fn named(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

named! {
    /// A function of Python that conditions may call.
    Function {
        Any = "any",
        All = "all",
        Len = "len",
        Min = "min",
        Max = "max",
        Sum = "sum",
    }
}

named! {
    /// A method of elements.
    Method {
        OneOf = "oneOf",
        Inside = "inside",
        Crosses = "crosses",
        Enters = "enters",
        Exits = "exits",
        CheckTlsVersion = "checkTLSVersion",
        HasDataLeaks = "hasDataLeaks",
        Within = "within",
        Reaches = "reaches",
        ReachedFrom = "reachedFrom",
        Requests = "requests",
        Received = "received",
        Unauthenticated = "unauthenticated",
        Callers = "callers",
        CalledBy = "calledBy",
        CalledByOutsiders = "calledByOutsiders",
    }
}

impl Function {
    /// How many arguments it takes: at least, at most.
    pub(super) fn arity(self) -> (usize, usize) {
        match self {
            Self::Any | Self::All | Self::Len => (1, 1),
            Self::Min | Self::Max => (1, usize::MAX),
            Self::Sum => (1, 2),
        }
    }
}

impl Method {
    /// How many arguments it takes: at least, at most.
    pub(super) fn arity(self) -> (usize, usize) {
        match self {
            Self::CheckTlsVersion => (1, 1),
            Self::HasDataLeaks
            | Self::Requests
            | Self::Received
            | Self::Unauthenticated
            | Self::Callers
            | Self::CalledByOutsiders => (0, 0),
            Self::Within | Self::Reaches | Self::ReachedFrom | Self::CalledBy => (1, usize::MAX),
            _ => (0, usize::MAX),
        }
    }
}

impl Node {
    /// Calls `visit` for every expression directly inside.
    pub(super) fn each_child<'n>(&'n self, mut visit: impl FnMut(&'n Self)) {
        match &self.op {
            Op::Constant(_)
            | Op::Class(_)
            | Op::Enumeration(_)
            | Op::Undefined(_)
            | Op::Target
            | Op::Local(_) => {}
            Op::Attribute(attribute) => visit(&attribute.base),
            Op::And(nodes) | Op::Or(nodes) | Op::Call(_, nodes) | Op::Display(_, nodes) => {
                nodes.iter().for_each(visit);
            }
            Op::Not(node) | Op::Negative(node) | Op::Positive(node) => visit(node),
            Op::Compare(first, rest) => {
                visit(first);
                for (_, node) in rest {
                    visit(node);
                }
            }
            Op::Arithmetic(_, pair) | Op::Index(pair) => {
                visit(&pair.0);
                visit(&pair.1);
            }
            Op::Choice(three) => three.iter().for_each(visit),
            Op::Method(call) => {
                visit(&call.base);
                call.arguments.iter().for_each(visit);
            }
            Op::Slice(of, bounds) => {
                visit(of);
                bounds.iter().flatten().for_each(visit);
            }
            Op::Mapping(pairs) => {
                for (key, value) in pairs {
                    visit(key);
                    visit(value);
                }
            }
            Op::Comprehension(comprehension) => {
                for clause in &comprehension.clauses {
                    visit(&clause.iterable);
                    clause.filters.iter().for_each(&mut visit);
                }
                visit(&comprehension.element);
            }
        }
    }
}
