//! Layer `rules`: a rule that was read from a file, before its condition is compiled.
//!
//! Every form of rule file (YAML, pytm's JSON, pytm's early Python) becomes
//! drafts; what a bad condition means depends on the form (docs/semantics.md §3).

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{CompiledRule, Layer, Likelihood, Pack, Rule, Severity, Text};
use crate::condition::{self, Complaint, Condition, Names};
use crate::model::Value;
use crate::model::vocabulary::Class;
use crate::notice::{self, Notice, code};
use crate::source::{Place, Source, Span};
use crate::syntax::tree::Node;

/// Which rules of strictness hold for a file (docs/semantics.md §3 "Known names").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// tmrs's own: every unknown name is an error.
    Yaml,
    /// pytm's: an unknown name is an error only where it looks like a slip.
    Pytm,
}

/// A text of a rule file, and how its bytes stand there.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    pub(super) text: Arc<str>,
    pub(super) source: Arc<Source>,
    pub(super) written: Written,
}

/// How a text is written in its file.
#[derive(Clone, Debug)]
pub(super) enum Written {
    /// A scalar of YAML or JSON.
    Scalar(Node),
    /// Pieces of a Python string, one after the other.
    Pieces(Vec<Piece>),
}

/// A piece of a Python string: its length in the text, its span in the file,
/// and whether the file holds the same bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) length: usize,
    pub(super) span: Span,
    pub(super) verbatim: bool,
}

impl Phrase {
    /// Where a part of the text stands.
    pub(super) fn place(&self, part: Range<usize>) -> Place {
        let span = match &self.written {
            Written::Scalar(node) => node.text_span(&self.source, part),
            Written::Pieces(pieces) => in_pieces(pieces, &part),
        };
        self.source.place(span)
    }

    /// Where the whole text stands.
    pub(super) fn whole(&self) -> Place {
        match &self.written {
            Written::Scalar(node) => self.source.place(node.span),
            Written::Pieces(_) => self.place(0..self.text.len()),
        }
    }
}

/// The smallest span around a part of a text in pieces.
fn in_pieces(pieces: &[Piece], part: &Range<usize>) -> Span {
    let mut found: Option<Span> = None;
    let mut start = 0;
    for piece in pieces {
        let end = start + piece.length;
        let touches = part.start < end && part.end > start || part.is_empty() && part.start <= end;
        if touches && (found.is_none() || !part.is_empty()) {
            let span = if piece.verbatim {
                let from = part.start.max(start) - start;
                let to = part.end.min(end) - start;
                let base = piece.span.start as usize;
                Span::new(base + from, base + to)
            } else {
                piece.span
            };
            found = Some(found.map_or(span, |before| before.to(span)));
        }
        start = end;
    }
    found
        .or_else(|| pieces.last().map(|piece| piece.span))
        .unwrap_or_default()
}

/// A rule without its condition.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) rule: Rule,
    /// The condition; `None` where it is missing and therefore true.
    pub(super) when: Option<Phrase>,
    /// Names that the rule's own `attributes:` make known, with their defaults.
    pub(super) attributes: BTreeMap<Arc<str>, Option<Value>>,
    /// `override: true`.
    pub(super) overrides: bool,
    /// Where the id stands.
    pub(super) id_place: Place,
}

impl Draft {
    /// A draft of which only the id is known: severity medium, target Element,
    /// condition true (docs/semantics.md §3).
    pub(super) fn new(id: &str, id_place: Place, place: Place) -> Self {
        let empty = || Text::Static("");
        Self {
            rule: Rule {
                id: id.into(),
                title: empty(),
                pack: Pack::Core,
                target: vec![Class::Element],
                severity: Severity::Medium,
                likelihood: Likelihood::Unknown,
                when: Text::Static("True"),
                description: empty(),
                mitigation: empty(),
                example: empty(),
                references: Vec::new(),
                tags: Vec::new(),
                aliases: Vec::new(),
                group: None,
                differs_from_pytm: None,
                since: empty(),
                layer: Layer::User,
                place: Some(place),
                only_warns: false,
            },
            when: None,
            attributes: BTreeMap::new(),
            overrides: false,
            id_place,
        }
    }

    /// Sets the condition.
    pub(super) fn set_when(&mut self, phrase: Phrase) {
        self.rule.when = Text::Shared(Arc::clone(&phrase.text));
        self.when = Some(phrase);
    }

    /// Compiles the condition and checks its names. Gives the rule unless
    /// something is an error; whatever there is to say goes to `notices`.
    pub(super) fn compile(
        self,
        form: Form,
        names: &Names,
        notices: &mut Vec<Notice>,
    ) -> Option<CompiledRule> {
        let Some(phrase) = &self.when else {
            let condition = condition::compile("True").ok();
            return Some(CompiledRule::new(self.rule, condition));
        };
        if phrase.text.trim().is_empty() {
            return Some(CompiledRule::new(self.rule, None));
        }
        match condition::compile_with(&phrase.text, &self.defaults()) {
            Err(complaints) => {
                notices.extend(
                    complaints
                        .iter()
                        .map(|complaint| self.notice(phrase, complaint, notice::Severity::Error)),
                );
                None
            }
            Ok(condition) => {
                let sound = self.check(phrase, &condition, form, names, notices);
                let condition = match form {
                    Form::Pytm => condition.without_inferences(),
                    Form::Yaml => condition,
                };
                sound.then(|| CompiledRule::new(self.rule, Some(condition)))
            }
        }
    }

    fn defaults(&self) -> condition::Defaults {
        let said = |(name, default): (&Arc<str>, &Option<Value>)| {
            Some((Arc::clone(name), default.clone()?))
        };
        self.attributes.iter().filter_map(said).collect()
    }

    /// Whether the names of the condition are known well enough for its form.
    fn check(
        &self,
        phrase: &Phrase,
        condition: &Condition,
        form: Form,
        names: &Names,
        notices: &mut Vec<Notice>,
    ) -> bool {
        let extended;
        let names = if self.attributes.is_empty() {
            names
        } else {
            let mut own = names.clone();
            for name in self.attributes.keys() {
                own.with(name);
            }
            extended = own;
            &extended
        };
        let mut sound = true;
        for complaint in condition.check(&self.rule.target, names) {
            let unknown = complaint.code == code::CONDITION_NAME;
            let severity = match form {
                Form::Yaml if unknown => notice::Severity::Error,
                Form::Pytm if unknown && complaint.near => notice::Severity::Error,
                Form::Yaml | Form::Pytm => notice::Severity::Warning,
            };
            sound &= severity != notice::Severity::Error;
            notices.push(self.notice(phrase, &complaint, severity));
        }
        sound
    }

    fn notice(&self, phrase: &Phrase, complaint: &Complaint, severity: notice::Severity) -> Notice {
        let place = phrase.place(complaint.span.range());
        let message = format!("rule {}: {}", self.rule.id, complaint.message);
        let notice = Notice::at(complaint.code, severity, place, message);
        match &complaint.help {
            Some(help) => notice.with_help(help.as_str()),
            None => notice,
        }
    }
}
