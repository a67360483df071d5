//! Layer `read`: threats that another tool's file states, with their states, and values in
//! numbers.

use std::sync::Arc;

use super::part::{key, text};
use crate::source::Span;
use crate::syntax::expect::Expect;
use crate::syntax::tree::{Key, Node, NodeKind, Style};

/// The title of a threat that has none.
pub(in crate::read) const THREAT_WITHOUT_TITLE: &str = "Threat without a title";

/// A threat that a file states.
pub(in crate::read) struct Threat {
    /// Where it stands.
    pub(in crate::read) span: Span,
    /// What it is called.
    pub(in crate::read) title: Node,
    /// `critical`, `high`, `medium` or `low`, with its place.
    pub(in crate::read) severity: Option<(&'static str, Span)>,
    /// The answer, in the words of responses.
    pub(in crate::read) response: Option<Node>,
}

impl Threat {
    /// As a native model states it.
    pub(super) fn node(&self) -> Node {
        let mut entries = vec![(key("title", self.title.span), self.title.clone())];
        if let Some((severity, at)) = self.severity {
            entries.push((key("severity", at), text(severity, at)));
        }
        if let Some(response) = &self.response {
            entries.push((key("response", response.span), response.clone()));
        }
        Node::new(self.span, NodeKind::Map(entries), Style::Plain)
    }
}

/// An answer: the word for its state, and why.
pub(in crate::read) fn answer(word: &str, why: Option<&str>, at: Span) -> Node {
    let why = why.map(str::trim).filter(|why| !why.is_empty());
    let said: Arc<str> = match why {
        Some(why) => format!("{word}: {why}").into(),
        None => word.into(),
    };
    text(said, at)
}

/// A number from 0 to 100; nothing where nothing is said, and a complaint for all else.
pub(in crate::read) fn percent<'n>(
    of: &'n Node,
    name: &str,
    expect: &mut Expect<'_>,
) -> Option<(&'n Key, &'n Node, f64)> {
    let (key, node) = of.entry(name).filter(|(_, node)| !node.is_null())?;
    let number = node
        .as_number()
        .filter(|number| (0.0..=100.0).contains(number));
    if number.is_none() {
        expect.wrong(name, "a number from 0 to 100", node, None);
    }
    Some((key, node, number?))
}

/// How confidential data is whose worth is told from 0 to 100.
pub(in crate::read) fn classification(worth: f64) -> &'static str {
    match worth {
        worth if worth < 20.0 => "PUBLIC",
        worth if worth < 50.0 => "RESTRICTED",
        worth if worth < 75.0 => "SENSITIVE",
        worth if worth < 95.0 => "SECRET",
        _ => "TOP_SECRET",
    }
}
