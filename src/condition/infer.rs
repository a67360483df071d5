//! What a condition's text tells about the classes of the objects it reads.

use super::expression::{Attribute, Method, Node, Op};
use crate::model::Value;
use crate::model::vocabulary::{Class, Enumeration, Kind};

/// A set of classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Classes(u32);

impl Classes {
    /// Every class.
    pub(super) const ALL: Self = Self(u32::MAX);

    fn one(class: Class) -> Self {
        Self(1 << class as u32)
    }

    /// These classes and all that inherit from them.
    pub(super) fn with_subclasses(classes: &[Class]) -> Self {
        let below = |class: &Class| classes.iter().any(|above| class.is_a(*above));
        let all = Class::ALL.into_iter().filter(below);
        Self(all.fold(0, |set, class| set | Self::one(class).0))
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Class> {
        Class::ALL
            .into_iter()
            .filter(move |class| self.0 & Self::one(*class).0 != 0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// The name of the most general one, for messages.
    pub(super) fn first_name(self) -> &'static str {
        self.iter().next().map_or("Nothing", Class::name)
    }
}

/// What is known of a value before anything is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// The judged element.
    Target,
    /// An object of one of these classes.
    Object(Classes),
    /// A collection of such objects.
    Each(Classes),
    /// A member of an enum.
    Member,
    /// An enum itself.
    Enumeration(&'static Enumeration),
    /// Anything.
    Unknown,
}

impl Type {
    /// Of the items, if it is a collection.
    fn item(self) -> Self {
        match self {
            Self::Each(classes) => Self::Object(classes),
            _ => Self::Unknown,
        }
    }
}

/// Calls `visit` for every expression, with the type of an attribute's base (of
/// anything else, [`Type::Unknown`]).
pub(super) fn walk<'n>(node: &'n Node, visit: &mut dyn FnMut(&'n Node, &Type)) {
    infer(node, &mut Vec::new(), visit);
}

fn infer<'n>(
    node: &'n Node,
    locals: &mut Vec<Type>,
    visit: &mut dyn FnMut(&'n Node, &Type),
) -> Type {
    match &node.op {
        Op::Attribute(attribute) => {
            let base = infer(&attribute.base, locals, visit);
            visit(node, &base);
            return read(attribute, base);
        }
        Op::Comprehension(comprehension) => {
            visit(node, &Type::Unknown);
            for clause in &comprehension.clauses {
                let iterable = infer(&clause.iterable, locals, visit);
                locals.truncate(clause.local);
                locals.push(iterable.item());
                for filter in &clause.filters {
                    infer(filter, locals, visit);
                }
            }
            let element = infer(&comprehension.element, locals, visit);
            if let Some(first) = comprehension.clauses.first() {
                locals.truncate(first.local);
            }
            return match element {
                Type::Object(classes) => Type::Each(classes),
                _ => Type::Unknown,
            };
        }
        Op::Index(pair) => {
            visit(node, &Type::Unknown);
            let of = infer(&pair.0, locals, visit);
            infer(&pair.1, locals, visit);
            return of.item();
        }
        _ => {}
    }
    visit(node, &Type::Unknown);
    node.each_child(|child| {
        infer(child, locals, visit);
    });
    match &node.op {
        Op::Target => Type::Target,
        Op::Local(at) => locals.get(*at).copied().unwrap_or(Type::Unknown),
        Op::Enumeration(of) => Type::Enumeration(of),
        Op::Constant(Value::Member(..)) => Type::Member,
        Op::Method(call) => match call.method {
            Method::Requests | Method::Received | Method::Unauthenticated => {
                Type::Each(Classes::one(Class::Dataflow))
            }
            Method::Callers => Type::Each(Classes::with_subclasses(&[Class::Element])),
            _ => Type::Unknown,
        },
        _ => Type::Unknown,
    }
}

/// The type of an attribute: every class that has one of that name agrees.
fn read(attribute: &Attribute, base: Type) -> Type {
    if matches!(base, Type::Enumeration(_) | Type::Member) {
        return Type::Unknown;
    }
    let mut classes = Class::ALL.into_iter();
    let Some(found) = classes.find_map(|class| class.attribute(attribute.attr.name())) else {
        return Type::Unknown;
    };
    let elements = Classes::with_subclasses(&[Class::Element]);
    match found.kind {
        Kind::Boundary => Type::Object(Classes::one(Class::Boundary)),
        Kind::Element => Type::Object(elements),
        Kind::Elements => Type::Each(elements),
        Kind::Flow => Type::Object(Classes::one(Class::Dataflow)),
        Kind::Flows => Type::Each(Classes::one(Class::Dataflow)),
        Kind::DataSet => Type::Each(Classes::one(Class::Data)),
        Kind::Enum(_) => Type::Member,
        Kind::Controls => Type::Object(Classes::one(Class::Controls)),
        _ => Type::Unknown,
    }
}
