//! Layer `rules`: reading the fields of a rule file with complaints that say
//! what was meant.

use std::sync::Arc;

use super::draft::{Phrase, Written};
use crate::model::vocabulary::Class;
use crate::notice::{Notice, code, nearest};
use crate::source::{Place, Source, Span};
use crate::syntax::tree::{Node, NodeKind};

/// The class of elements that a misspelt name probably means.
pub(super) fn nearest_class(name: &str) -> Option<&'static str> {
    let classes = Class::ALL.into_iter().filter(|class| class.is_element());
    nearest(name, classes.map(Class::name))
}

/// Reads the fields of one map and gathers what is wrong with them.
pub(super) struct Fields<'f> {
    pub(super) source: &'f Arc<Source>,
    pub(super) node: &'f Node,
    pub(super) notices: &'f mut Vec<Notice>,
    /// Whether anything was an error so far.
    pub(super) broken: bool,
}

impl<'f> Fields<'f> {
    /// The fields of a map.
    pub(super) fn new(
        source: &'f Arc<Source>,
        node: &'f Node,
        notices: &'f mut Vec<Notice>,
    ) -> Self {
        Self {
            source,
            node,
            notices,
            broken: false,
        }
    }

    /// The place of a span in this file.
    pub(super) fn place(&self, span: Span) -> Place {
        self.source.place(span)
    }

    /// Records an error.
    pub(super) fn complain(&mut self, code: &'static str, span: Span, message: String) {
        self.complain_with(code, span, message, None);
    }

    /// Records an error with a remedy.
    pub(super) fn complain_with(
        &mut self,
        code: &'static str,
        span: Span,
        message: String,
        help: Option<String>,
    ) {
        self.broken = true;
        let mut notice = Notice::error(code, self.place(span), message);
        notice.help = help;
        self.notices.push(notice);
    }

    /// Complains about every key that is not known here.
    pub(super) fn only(&mut self, known: &[&str]) {
        for (key, _) in self.node.as_map().unwrap_or_default() {
            if known.contains(&&*key.text) {
                continue;
            }
            let help = nearest(&key.text, known.iter().copied()).map_or_else(
                || format!("known here are {}", known.join(", ")),
                |name| format!("did you mean `{name}`?"),
            );
            let message = format!("no key `{}` is known here", key.text);
            self.complain_with(code::UNKNOWN_KEY, key.span, message, Some(help));
        }
    }

    /// The value of a key that is there and not null.
    pub(super) fn value(&self, key: &str) -> Option<&'f Node> {
        self.node.get(key).filter(|node| !node.is_null())
    }

    /// A text; numbers and booleans count as they are written.
    pub(super) fn text(&mut self, key: &str) -> Option<Arc<str>> {
        let node = self.value(key)?;
        match &node.kind {
            NodeKind::Text(text) => Some(Arc::clone(text)),
            NodeKind::Int(_) | NodeKind::Float(_) => Some(node.written(self.source).into()),
            _ => {
                let message = format!("`{key}` must be a text, this is {}", node.described());
                self.complain(code::RULE_FIELD, node.span, message);
                None
            }
        }
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, key: &str) -> Option<Arc<str>> {
        if self.value(key).is_none() {
            let message = format!("the key `{key}` is missing");
            self.complain(code::MISSING_KEY, self.node.span, message);
            return None;
        }
        self.text(key).filter(|text| {
            let empty = text.trim().is_empty();
            if empty {
                let span = self.node.get(key).map_or(self.node.span, |node| node.span);
                self.complain(code::RULE_FIELD, span, format!("`{key}` is empty"));
            }
            !empty
        })
    }

    /// A text with its bytes in the file.
    pub(super) fn phrase(&mut self, key: &str) -> Option<Phrase> {
        let node = self.value(key)?;
        // A condition may be just `true`.
        let text = match node.kind {
            NodeKind::Bool(value) => Arc::from(if value { "True" } else { "False" }),
            _ => self.text(key)?,
        };
        Some(Phrase {
            text,
            source: Arc::clone(self.source),
            written: Written::Scalar(node.clone()),
        })
    }

    /// A list of texts; one text counts as a list of one.
    pub(super) fn texts(&mut self, key: &str) -> Vec<(Arc<str>, Span)> {
        let Some(node) = self.value(key) else {
            return Vec::new();
        };
        let items = match &node.kind {
            NodeKind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match &item.kind {
                NodeKind::Text(text) => texts.push((Arc::clone(text), item.span)),
                NodeKind::Int(_) | NodeKind::Float(_) => {
                    texts.push((item.written(self.source).into(), item.span));
                }
                _ => {
                    let message = format!(
                        "`{key}` must be a list of texts, this is {}",
                        item.described()
                    );
                    self.complain(code::RULE_FIELD, item.span, message);
                }
            }
        }
        texts
    }

    /// A boolean, false if it is not there.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        let Some(node) = self.value(key) else {
            return false;
        };
        node.as_bool().unwrap_or_else(|| {
            let message = format!(
                "`{key}` must be true or false, this is {}",
                node.described()
            );
            self.complain(code::RULE_FIELD, node.span, message);
            false
        })
    }

    /// One of several words, as `parse` understands them.
    pub(super) fn word<T>(
        &mut self,
        key: &str,
        known: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let node = self.value(key)?;
        let text = self.text(key)?;
        let found = parse(&text);
        if found.is_none() {
            let message = format!("`{key}` is `{text}`");
            let help = Some(format!("write one of {known}"));
            self.complain_with(code::RULE_FIELD, node.span, message, help);
        }
        found
    }
}
