//! Layer `syntax`: what a reader expects of a node, and the complaint where it is otherwise.
//!
//! Models and the configuration are read with it, so that one mistake gets one
//! sentence everywhere. Nothing stops at the first complaint.

use std::sync::Arc;

use super::tree::{Key, Node, NodeKind};
use crate::notice::{Notice, Severity, code, did_you_mean};
use crate::source::{Place, Source, Span};

/// Gathers what is wrong with one file.
#[derive(Debug)]
pub struct Expect<'s> {
    source: &'s Arc<Source>,
    /// Files that the first one includes, each with what its offsets are moved by.
    included: Vec<(u32, Arc<Source>)>,
    /// Every complaint so far, in the order in which they were made.
    pub notices: Vec<Notice>,
}

impl<'s> Expect<'s> {
    /// Nothing is wrong yet.
    pub fn new(source: &'s Arc<Source>) -> Self {
        Self {
            source,
            included: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// The file.
    pub fn source(&self) -> &'s Arc<Source> {
        self.source
    }

    /// Takes in a file that another one includes; gives what the spans of its nodes must be
    /// moved by, so that no two files share one. `None` if there is no room for it.
    pub fn include(&mut self, source: Arc<Source>) -> Option<u32> {
        let (before, last) = match self.included.last() {
            Some((base, last)) => (*base, last),
            None => (0, self.source),
        };
        let length = u32::try_from(last.text().len()).ok()?;
        let base = before.checked_add(length)?.checked_add(1)?;
        base.checked_add(u32::try_from(source.text().len()).ok()?)?;
        self.included.push((base, source));
        Some(base)
    }

    /// The file that a span means, and the span there.
    pub fn located(&self, span: Span) -> (&Arc<Source>, Span) {
        let mut files = self.included.iter().rev();
        match files.find(|(base, _)| span.start >= *base) {
            Some((base, source)) => {
                let moved = |offset: u32| offset.saturating_sub(*base) as usize;
                (source, Span::new(moved(span.start), moved(span.end)))
            }
            None => (self.source, span),
        }
    }

    /// A place in the file.
    pub fn place(&self, span: Span) -> Place {
        let (source, span) = self.located(span);
        source.place(span)
    }

    /// The place of an entry: from the key to the end of its value.
    pub fn entry_place(&self, key: &Key, value: &Node) -> Place {
        // What an alias stands for may come from anywhere in the file.
        let span = if value.span.start >= key.span.end {
            key.span.to(value.span)
        } else {
            key.span
        };
        self.place(span)
    }

    /// Whether anything was an error.
    pub fn is_broken(&self) -> bool {
        self.notices.iter().any(|n| n.severity == Severity::Error)
    }

    /// Records an error, with what to do about it if there is something to say.
    pub fn error(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.say(code, Severity::Error, span, message, help);
    }

    /// Records a notice of any severity.
    pub fn say(
        &mut self,
        code: &'static str,
        severity: Severity,
        span: Span,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let mut notice = Notice::at(code, severity, self.place(span), message);
        notice.help = help;
        self.notices.push(notice);
    }

    /// Complains that `what` is not what it must be.
    pub fn wrong(&mut self, what: &str, wanted: &str, node: &Node, help: Option<String>) {
        let message = format!("`{what}` must be {wanted}, not {}", node.described());
        self.error(code::WRONG_TYPE, node.span, message, help);
    }

    /// Complains about a key that is not known here.
    pub fn unknown_key<'k>(&mut self, key: &Key, known: impl IntoIterator<Item = &'k str> + Clone) {
        let help = did_you_mean(&key.text, known.clone()).or_else(|| {
            let known: Vec<_> = known.into_iter().collect();
            (known.len() <= 16).then(|| format!("known here: {}", known.join(", ")))
        });
        let message = format!("no key `{}` is known here", key.text);
        self.error(code::UNKNOWN_KEY, key.span, message, help);
    }

    /// Complains about a key that must be there.
    pub fn missing_key(&mut self, key: &str, of: &str, span: Span) {
        let message = format!("{of} has no `{key}`");
        self.error(
            code::MISSING_KEY,
            span,
            message,
            Some(format!("add `{key}:`")),
        );
    }

    /// A text.
    pub fn text<'n>(&mut self, what: &str, node: &'n Node) -> Option<&'n Arc<str>> {
        let text = node.as_text();
        if text.is_none() {
            let help = match node.kind {
                NodeKind::Null => Some(format!("say something, or leave `{what}` out")),
                NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Float(_) => {
                    Some("put it in quotes if it is meant as text".into())
                }
                _ => None,
            };
            self.wrong(what, "text", node, help);
        }
        text
    }

    /// A text that says something.
    pub fn filled_text<'n>(&mut self, what: &str, node: &'n Node) -> Option<&'n Arc<str>> {
        let text = self.text(what, node)?;
        if text.trim().is_empty() {
            self.error(
                code::WRONG_TYPE,
                node.span,
                format!("`{what}` is empty"),
                None,
            );
            return None;
        }
        Some(text)
    }

    /// `true` or `false`.
    pub fn flag(&mut self, what: &str, node: &Node) -> Option<bool> {
        let flag = node.as_bool();
        if flag.is_none() {
            let meant = node.as_text().map(|text| text.to_lowercase());
            let help = match meant.as_deref() {
                Some("yes" | "on" | "y" | "true") => Some("write `true`, without quotes".into()),
                Some("no" | "off" | "n" | "false") => Some("write `false`, without quotes".into()),
                _ => None,
            };
            self.wrong(what, "true or false", node, help);
        }
        flag
    }

    /// A whole number.
    pub fn int(&mut self, what: &str, node: &Node) -> Option<i64> {
        let int = node.as_int();
        if int.is_none() {
            let quoted = node
                .as_text()
                .is_some_and(|text| text.parse::<i64>().is_ok());
            let help = quoted.then(|| "leave out the quotes".into());
            self.wrong(what, "a whole number", node, help);
        }
        int
    }

    /// A map. Nothing at all counts as an empty one.
    pub fn map<'n>(&mut self, what: &str, node: &'n Node) -> &'n [(Key, Node)] {
        match &node.kind {
            NodeKind::Map(entries) => entries,
            NodeKind::Null => &[],
            _ => {
                self.wrong(what, "a map", node, None);
                &[]
            }
        }
    }

    /// A list. Nothing at all counts as an empty one.
    pub fn list<'n>(&mut self, what: &str, node: &'n Node) -> &'n [Node] {
        match &node.kind {
            NodeKind::List(items) => items,
            NodeKind::Null => &[],
            _ => {
                let (source, span) = self.located(node.content);
                let written = source.slice(span);
                let help = (!written.contains('\n') && node.as_map().is_none())
                    .then(|| format!("write `[{written}]`"));
                self.wrong(what, "a list", node, help);
                &[]
            }
        }
    }

    /// A list of texts, each with its span.
    pub fn texts<'n>(&mut self, what: &str, node: &'n Node) -> Vec<(&'n Arc<str>, Span)> {
        self.list(what, node)
            .iter()
            .filter_map(|item| Some((self.filled_text(what, item)?, item.span)))
            .collect()
    }

    /// One of some words; gives its position.
    pub fn one_of(&mut self, what: &str, node: &Node, words: &[&str]) -> Option<usize> {
        let text = node.as_text().map_or("", |text| text);
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            let known = words.join(", ");
            let help = did_you_mean(text, words.iter().copied());
            self.wrong(what, &format!("one of {known}"), node, help);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RepoPath;
    use crate::syntax::yaml;

    #[test]
    fn a_word_where_a_boolean_is_wanted_gets_a_hint() {
        for (written, hint) in [
            ("yes", "`true`"),
            ("'Off'", "`false`"),
            ("\"true\"", "`true`"),
        ] {
            let source = Source::new(RepoPath::new("x.yaml").unwrap(), format!("a: {written}"));
            let root = yaml::parse(&source).root.unwrap();
            let mut expect = Expect::new(&source);
            assert_eq!(expect.flag("a", root.get("a").unwrap()), None);
            let help = expect.notices[0].help.as_deref().unwrap();
            assert!(help.contains(hint), "{written}: {help}");
        }
    }
}
