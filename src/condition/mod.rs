//! Layer `condition`: one Python expression, parsed, checked, compiled, judged
//! (docs/semantics.md §3). Never executed as Python.
//!
//! lower (syntax tree → typed expression) → check (against the vocabulary) →
//! eval (two- and three-valued) → explain (facts), deciding (what would refute).

mod ahead;
mod arithmetic;
mod callers;
mod check;
mod collections;
mod compare;
mod deciding;
mod eval;
mod explain;
mod expression;
mod infer;
mod lower;
mod methods;
mod paths;
mod tree;
mod value;
mod view;

#[cfg(test)]
mod tests;

pub use check::Names;
pub use deciding::Sought;
pub use tree::{Joint, Part};
pub use view::SlotSet;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::model::vocabulary::Class;
use crate::model::{Attr, ElementId, Model, Origin, Owner, Value};
use crate::source::{Place, Span};
use eval::Evaluation;
use expression::{Node, Op};
use view::{Noting, Plain, ReadOnly, Said, View, Wanting};

/// The values that a rule declares for its own attributes, by name.
pub type Defaults = BTreeMap<Arc<str>, Value>;

/// What one condition says about one element, two-valued (docs/semantics.md §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The condition holds: there is a finding.
    Holds,
    /// It does not.
    HoldsNot,
    /// Evaluation ended in an error: no finding, one notice a rule with the count.
    Failed {
        /// What went wrong, in a few words.
        reason: String,
        /// Only because a target class lacks the attribute: not worth a notice.
        expected: bool,
    },
}

/// Why a condition does not hold on an element (docs/semantics.md §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// What the model says rules it out.
    Refuted,
    /// The element's class has not what it asks about.
    NotApplicable,
    /// The model does not say what it asks: these attributes, in the order of evaluation.
    Unsaid(Vec<Attr>),
    /// Evaluation ended in an error.
    Failed,
}

/// How sure the model makes a finding (docs/semantics.md §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// It rests on something that nobody said.
    Assumed,
    /// It follows from what the model says.
    Declared,
}

impl Evidence {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Declared => "declared",
        }
    }
}

/// One fact that made a condition true.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Whose attribute it is; `None` for a fact about the graph (`crosses`, `reaches`).
    pub owner: Option<Owner>,
    /// As the condition writes it, such as `controls.isEncrypted` or `sink.isHardened`.
    pub attribute: String,
    /// The value.
    pub value: Value,
    /// How it came to be known.
    pub origin: Origin,
    /// Where it is said; for a default the constructor of its owner.
    pub place: Option<Place>,
    /// Why it is taken for granted, where names or wiring tell it.
    pub reason: Option<Arc<str>>,
}

/// One answer in a deciding set: if this attribute had that value, ….
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whose attribute.
    pub owner: Owner,
    /// Which.
    pub attribute: Attr,
    /// The value that helps to refute the finding.
    pub value: Value,
}

/// What is wrong with a condition, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// [`code::CONDITION_SYNTAX`](crate::notice::code::CONDITION_SYNTAX) (compiling),
    /// `CONDITION_NAME` (nothing has that name) or `CONDITION_CLASS` (something
    /// has it, but nothing of the target classes).
    pub code: &'static str,
    /// Where, in bytes of the condition's text.
    pub span: Span,
    /// What is wrong, in one sentence without a final stop.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// A known name lies within edit distance 2, so it is a slip: in a pytm
    /// threat file an error, where other unknown names are warnings (docs/semantics.md §3).
    pub near: bool,
}

/// Whose attribute a condition reads, as far as its text tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// The judged element itself.
    Target,
    /// An object of one of these classes (subclasses not listed apart).
    Classes(Vec<Class>),
    /// Not known from the text alone.
    Unknown,
}

/// One attribute that a condition reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The name as the condition writes it.
    pub attribute: Box<str>,
    /// Where, in bytes of the condition's text.
    pub span: Span,
    /// On what.
    pub on: Receiver,
}

/// A condition that can judge. Judging allocates little and never changes the model.
#[derive(Clone, Debug)]
pub struct Condition {
    text: Cow<'static, str>,
    /// Its compiled form in bytes, where that was made ahead.
    packed: &'static [u8],
    /// Empty until it is first asked for.
    root: OnceLock<Node>,
    /// The attributes that it reads, sorted, once they are asked for.
    read: OnceLock<Vec<Attr>>,
    /// Whether it sees what names and wiring tell beside what is said.
    infers: bool,
}

/// Parses a condition and checks that it uses only what conditions may
/// (docs/semantics.md §3): the syntax of pytm 1.4.0's validator, and `within`,
/// `reaches`, `reachedFrom`. Names are judged by [`Condition::check`]. An empty
/// text is a condition that never holds.
///
/// # Errors
/// Every complaint about the syntax, in the order of the text.
pub fn compile(text: &str) -> Result<Condition, Vec<Complaint>> {
    compile_with(text, &Defaults::new())
}

/// As [`compile`], where the rule's own attributes have these values on objects that do
/// not state them.
///
/// # Errors
/// As [`compile`].
pub fn compile_with(text: &str, defaults: &Defaults) -> Result<Condition, Vec<Complaint>> {
    Ok(Condition {
        root: lower::lower(text, defaults)?.into(),
        read: OnceLock::new(),
        text: Cow::Owned(text.to_owned()),
        packed: &[],
        infers: true,
    })
}

impl Condition {
    /// A condition of the built-in catalogue, with the form that it was compiled to
    /// ahead, empty if it was not. It is unpacked, or else compiled, when it first
    /// judges: most runs meet few of the classes that there are rules for. A test
    /// compiles them all; one that did not compile would fail on every element, with
    /// a notice.
    pub(crate) fn built_in(text: &'static str, packed: &'static [u8]) -> Self {
        Self {
            text: Cow::Borrowed(text),
            packed,
            root: OnceLock::new(),
            read: OnceLock::new(),
            infers: true,
        }
    }

    /// The same, but it sees only what a model says, as pytm does.
    #[must_use]
    pub fn without_inferences(self) -> Self {
        Self {
            infers: false,
            ..self
        }
    }

    /// Compiles it now, unless it is.
    pub fn prepare(&self) {
        self.root();
    }

    fn evaluation<'m, V: View<'m>>(
        &self,
        model: &'m Model,
        target: ElementId,
        view: V,
    ) -> Evaluation<'m, V> {
        Evaluation::new(model, target, view, self.infers)
    }

    fn root(&self) -> &Node {
        self.root.get_or_init(|| {
            ahead::unpack(self.packed).unwrap_or_else(|| {
                lower::lower(&self.text, &Defaults::new()).unwrap_or_else(|_| Node {
                    op: Op::Undefined(self.text.as_ref().into()),
                    span: Span::default(),
                })
            })
        })
    }

    /// Its compiled form in bytes.
    #[cfg(test)]
    pub(crate) fn pack(&self) -> Vec<u8> {
        ahead::pack(self.root())
    }

    /// Its compiled form as people can compare it.
    #[cfg(test)]
    pub(crate) fn shape(&self) -> String {
        format!("{:#?}", self.root())
    }

    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The attributes that it reads, in the order of the text.
    pub fn reads(&self) -> Vec<Read> {
        check::reads(self.root())
    }

    /// The attributes that it reads, whosever they are, sorted.
    pub fn attributes(&self) -> &[Attr] {
        self.read.get_or_init(|| {
            let mut read = Vec::new();
            check::each_read(self.root(), &mut |attr| read.push(attr.clone()));
            read.sort_unstable();
            read.dedup();
            read
        })
    }

    /// Complaints about names that nothing has, for a rule that judges
    /// `targets` (subclasses included), in the order of the text.
    pub fn check(&self, targets: &[Class], names: &Names) -> Vec<Complaint> {
        check::check(self.root(), targets, names)
    }

    /// The plain, two-valued answer, in Python's order; an error ends it.
    pub fn verdict(&self, model: &Model, target: ElementId) -> Verdict {
        let mut evaluation = self.evaluation(model, target, Plain);
        let judged = evaluation.judge(self.root());
        model.effort.add_steps(evaluation.taken());
        match judged {
            Ok(Some(true)) => Verdict::Holds,
            Ok(_) => Verdict::HoldsNot,
            Err(fault) => Verdict::Failed {
                expected: fault.is_expected(),
                reason: fault.reason(),
            },
        }
    }

    /// How sure the model makes a finding: Kleene's logic with defaults unknown
    /// (docs/semantics.md §3, Evidence). Ask only where [`Self::verdict`] holds.
    pub fn evidence(&self, model: &Model, target: ElementId) -> Evidence {
        let mut evaluation = self.evaluation(model, target, Said);
        let judged = evaluation.judge(self.root());
        model.effort.add_steps(evaluation.taken());
        match judged {
            Ok(Some(true)) => Evidence::Declared,
            _ => Evidence::Assumed,
        }
    }

    /// Why there is no finding. Ask only where [`Self::verdict`] does not hold.
    pub fn silence(&self, model: &Model, target: ElementId) -> Silence {
        let mut evaluation = self.evaluation(model, target, Wanting::default());
        match evaluation.judge(self.root()) {
            Ok(Some(_)) => Silence::Refuted,
            Ok(None) => {
                let unsaid = evaluation.view.unsaid.into_iter();
                Silence::Unsaid(unsaid.cloned().collect())
            }
            Err(fault) if fault.is_expected() => Silence::NotApplicable,
            Err(_) => Silence::Failed,
        }
    }

    /// The answer with Unread values unknown and defaults known (docs/semantics.md §6).
    ///
    /// # Errors
    /// The Unread slots that it met, if the outcome depends on them.
    pub fn despite_unread(
        &self,
        model: &Model,
        target: ElementId,
    ) -> Result<bool, Vec<(Owner, Attr)>> {
        let mut evaluation = self.evaluation(model, target, ReadOnly::default());
        let judged = evaluation.judge(self.root());
        model.effort.add_steps(evaluation.taken());
        match judged {
            Ok(Some(held)) => Ok(held),
            Err(_) if evaluation.view.unread.is_empty() => Ok(false),
            Ok(None) | Err(_) => Err(evaluation.view.unread),
        }
    }

    /// The facts that made it true, in the order of evaluation, each once. Ask
    /// only where [`Self::verdict`] holds.
    pub fn facts(&self, model: &Model, target: ElementId) -> Vec<Fact> {
        let evaluation = self.evaluation(model, target, Noting::default());
        explain::facts(self.root(), evaluation)
    }

    /// What each of its parts comes to over an element, and what that rests on.
    pub fn parts(&self, model: &Model, target: ElementId) -> Part {
        tree::tree(self.root(), &self.text, model, target, self.infers)
    }

    /// Minimal sets of undeclared attributes, with values, that together would
    /// refute a finding: at most 3 sets of at most 4, smallest first.
    pub fn deciding(&self, model: &Model, target: ElementId) -> Vec<Vec<Answer>> {
        self.settling(model, target, Evidence::Assumed, deciding::MAX_STEPS)
            .sets
    }

    /// Whether it would hold once this is answered.
    pub fn holds_given(&self, model: &Model, target: ElementId, given: &[Answer]) -> bool {
        deciding::holds_given(self.root(), model, target, self.infers, given).0
    }

    /// Whether it holds, and which slots it reads for that: an answer about another changes
    /// nothing.
    pub fn holds_by(&self, model: &Model, target: ElementId) -> (bool, SlotSet) {
        deciding::holds_given(self.root(), model, target, self.infers, &[])
    }

    /// As [`Self::deciding`], once this is answered.
    pub fn deciding_given(
        &self,
        model: &Model,
        target: ElementId,
        given: &[Answer],
    ) -> Vec<Vec<Answer>> {
        let (matter, most) = (deciding::Matter::Unsaid, deciding::MAX_STEPS);
        deciding::deciding(self.root(), model, target, self.infers, matter, given, most).sets
    }

    /// Minimal sets of changes, also to what the model says, that together would refute a
    /// finding, as [`Self::deciding`] gives them; what things are is not changed.
    pub fn mending(&self, model: &Model, target: ElementId) -> Vec<Vec<Answer>> {
        self.settling(model, target, Evidence::Declared, deciding::MAX_STEPS)
            .sets
    }

    /// What [`Self::deciding`] gives for an assumed finding and [`Self::mending`] for a
    /// declared one, as far as `most` steps lead.
    pub fn settling(
        &self,
        model: &Model,
        target: ElementId,
        evidence: Evidence,
        most: usize,
    ) -> Sought {
        let matter = match evidence {
            Evidence::Assumed => deciding::Matter::Unsaid,
            Evidence::Declared => deciding::Matter::Changeable,
        };
        let most = most.min(deciding::MAX_STEPS);
        deciding::deciding(self.root(), model, target, self.infers, matter, &[], most)
    }
}
