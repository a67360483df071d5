//! Names in conditions, judged against the vocabulary (docs/semantics.md §3 "Known names").

use std::collections::BTreeSet;

use super::expression::{Attribute, Method, MethodCall, Node, Op};
use super::infer::{Classes, Type, walk};
use super::{Complaint, Read, Receiver};
use crate::model::vocabulary::{self, Class, Enumeration};
use crate::model::{Attr, Value};
use crate::notice::code;
use crate::source::Span;

/// Which attribute names are known to a run: the vocabulary with pytm's flat
/// spellings, a rule file's own `attributes:`, and what models of the run assign.
#[derive(Clone, Debug, Default)]
pub struct Names {
    others: BTreeSet<Box<str>>,
}

/// pytm's flat spelling of `controls.authenticatesSource`.
pub(super) const AUTHENTICATED_WITH: &str = "authenticatedWith";

/// How far a slip of the pen reaches.
const SLIP: usize = 2;

impl Names {
    /// The names that are always known.
    pub fn vocabulary() -> Self {
        Self::default()
    }

    /// Makes another name known.
    pub fn with(&mut self, name: &str) {
        if !self.knows(name) {
            self.others.insert(name.into());
        }
    }

    /// Whether something has, or is said to have, an attribute of that exact name.
    pub fn knows(&self, name: &str) -> bool {
        name == AUTHENTICATED_WITH
            || vocabulary::names().binary_search(&name).is_ok()
            || self.others.contains(name)
    }

    /// Whether the name is known only because a rule file or a model brought it.
    pub fn is_own(&self, name: &str) -> bool {
        self.others.contains(name)
    }

    /// The known name that was probably meant: the same but for case and
    /// underscores, else the nearest within edit distance 2.
    pub fn nearest(&self, name: &str) -> Option<String> {
        let known = vocabulary::names().iter().copied();
        let known = known.chain(self.others.iter().map(|other| &**other));
        nearest(name, known).map(|(found, _)| found.to_owned())
    }
}

/// The candidate nearest to `name`, and how far it is; at most [`SLIP`] away,
/// and never more than half of it different.
pub(super) fn nearest<'n>(
    name: &str,
    candidates: impl Iterator<Item = &'n str>,
) -> Option<(&'n str, usize)> {
    let folded = vocabulary::folded(name);
    let distance = |candidate: &str| {
        if vocabulary::folded(candidate) == folded {
            return 0;
        }
        if candidate.len().abs_diff(name.len()) > 4 * SLIP {
            return usize::MAX;
        }
        strsim::osa_distance(name, candidate)
    };
    candidates
        .map(|candidate| (candidate, distance(candidate)))
        .filter(|&(_, away)| away <= SLIP && 2 * away < name.chars().count())
        .min_by_key(|&(_, away)| away)
}

/// The control that `unauthenticated` asks about.
const ASKED_OF_CALLERS: &str = "authenticatesSource";

/// The attributes that a condition reads, in the order of the text.
pub(super) fn reads(node: &Node) -> Vec<Read> {
    let mut reads = Vec::new();
    walk(node, &mut |node, base| match &node.op {
        Op::Attribute(_) if *base == Type::Member => {}
        Op::Attribute(attribute) => reads.push(Read {
            attribute: attribute.attr.name().into(),
            span: attribute.name_span,
            on: receiver(base),
        }),
        Op::Method(call) => {
            if call.method == Method::Unauthenticated {
                reads.push(Read {
                    attribute: ASKED_OF_CALLERS.into(),
                    span: node.span,
                    on: Receiver::Classes(vec![Class::Controls]),
                });
            }
            for (name, span) in stops(call) {
                reads.push(Read {
                    attribute: name.into(),
                    span,
                    on: Receiver::Unknown,
                });
            }
        }
        _ => {}
    });
    reads.sort_by_key(|read| read.span);
    reads
}

/// The attributes that a condition reads, some of them several times; also the `name` and
/// `value` of an enumeration's member.
pub(super) fn each_read(node: &Node, visit: &mut dyn FnMut(&Attr)) {
    match &node.op {
        Op::Attribute(attribute) => visit(&attribute.attr),
        Op::Method(call) => {
            if call.method == Method::Unauthenticated {
                visit(&Attr::named(ASKED_OF_CALLERS));
            }
            for (name, _) in stops(call) {
                visit(&Attr::named(name));
            }
        }
        _ => {}
    }
    node.each_child(|child| each_read(child, visit));
}

fn receiver(base: &Type) -> Receiver {
    match base {
        Type::Target => Receiver::Target,
        Type::Object(classes) => Receiver::Classes(classes.iter().collect()),
        _ => Receiver::Unknown,
    }
}

/// The attributes' names that `reaches` and `reachedFrom` are given.
fn stops(call: &MethodCall) -> impl Iterator<Item = (&str, Span)> {
    let is_path = matches!(call.method, Method::Reaches | Method::ReachedFrom);
    let arguments = call.arguments.iter().skip(1).filter(move |_| is_path);
    arguments.filter_map(|argument| match &argument.op {
        Op::Constant(Value::Text(name)) => Some((&**name, argument.span)),
        _ => None,
    })
}

/// Complaints about names, for a rule that judges `targets`.
pub(super) fn check(node: &Node, targets: &[Class], names: &Names) -> Vec<Complaint> {
    let targets = Classes::with_subclasses(targets);
    let mut complaints = Vec::new();
    walk(node, &mut |node, base| match &node.op {
        Op::Undefined(name) => complaints.push(undefined(name, node.span)),
        Op::Attribute(attribute) => complaints.extend(match base {
            Type::Enumeration(of) => Some(no_member(of, attribute)),
            Type::Member if matches!(attribute.attr.name(), "name" | "value") => None,
            Type::Target => on(attribute, targets, names),
            Type::Object(classes) => on(attribute, *classes, names),
            _ => on(attribute, Classes::ALL, names),
        }),
        Op::Method(call) => {
            for (name, span) in stops(call) {
                if !names.knows(name) {
                    complaints.push(unknown(name, span, Classes::ALL, names));
                }
            }
        }
        _ => {}
    });
    complaints.sort_by_key(|found| found.span);
    complaints
}

/// A bare name that stands for nothing.
fn undefined(name: &str, span: Span) -> Complaint {
    let classes = Class::ALL.into_iter().map(Class::name);
    let enums = vocabulary::ENUMS.iter().map(|e| e.name);
    let meant = nearest(name, classes.chain(enums).chain(["target"]));
    Complaint {
        code: code::CONDITION_NAME,
        span,
        message: format!("Nothing is named `{name}`"),
        help: Some(match meant {
            Some((meant, _)) => format!("Did you mean `{meant}`?"),
            None => "Names are `target`, classes, enums, and what a comprehension binds".to_owned(),
        }),
        near: meant.is_some(),
    }
}

fn no_member(of: &'static Enumeration, attribute: &Attribute) -> Complaint {
    let members = || of.members.iter().map(|(member, _)| *member);
    let meant = nearest(attribute.attr.name(), members());
    Complaint {
        code: code::CONDITION_NAME,
        span: attribute.name_span,
        message: format!("{} has no member `{}`", of.name, attribute.attr.name()),
        help: Some(match meant {
            Some((meant, _)) => format!("Did you mean `{meant}`?"),
            None => format!("Members are {}", members().collect::<Vec<_>>().join(", ")),
        }),
        near: meant.is_some(),
    }
}

/// What is wrong with reading an attribute on objects of these classes.
fn on(attribute: &Attribute, classes: Classes, names: &Names) -> Option<Complaint> {
    let (name, span) = (attribute.attr.name(), attribute.name_span);
    if !names.knows(name) {
        return Some(unknown(name, span, classes, names));
    }
    let had = classes.iter().any(|class| {
        let flat = class.is_element() && attribute.control.is_some();
        class.attribute(name).is_some() || flat
    });
    if had || names.is_own(name) || classes.is_empty() {
        return None;
    }
    let with: Vec<_> = Class::ALL
        .into_iter()
        .filter(|class| class.spec().attributes.iter().any(|a| a.name == name))
        .map(Class::name)
        .collect();
    Some(Complaint {
        code: code::CONDITION_CLASS,
        span,
        message: format!("{} has no `{name}`", classes.first_name()),
        help: Some(format!("`{name}` belongs to {}", with.join(", "))),
        near: false,
    })
}

fn unknown(name: &str, span: Span, classes: Classes, names: &Names) -> Complaint {
    // A flat spelling is a name of its element's class too.
    let flat = classes.iter().find(|class| class.is_element());
    let flat = flat.into_iter().flat_map(|_| Class::Controls.attributes());
    let own = classes.iter().flat_map(Class::attributes);
    let own = own.chain(flat).map(|a| a.name);
    let here = nearest(name, own);
    let meant = match here {
        Some((meant, _)) => Some(meant.to_owned()),
        None => names.nearest(name),
    };
    let help = match meant {
        Some(meant) => Some(format!("Did you mean `{meant}`?")),
        None if Method::named(name).is_some() => Some(format!("Call it: `{name}(…)`")),
        None => Some("`tmrs describe` lists the attributes of every class".to_owned()),
    };
    Complaint {
        code: code::CONDITION_NAME,
        span,
        message: format!("Nothing has an attribute `{name}`"),
        help,
        near: here.is_some(),
    }
}
