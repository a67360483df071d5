//! Layer `inventory`: what a value may be where it is read.
//!
//! What a program would refuse to deploy is no source of a model: an entry that is passed over
//! would be missing there without a word. Keys that are not read are not looked at.

use crate::syntax::expect::Expect;
use crate::syntax::tree::{Key, Node, NodeKind};

/// What a value may be. Nothing at all may stand everywhere: it says nothing.
pub(super) enum Form {
    /// Text, and nothing that only looks like it.
    Text,
    /// Text, a number, true or false: each is taken as it is written.
    Scalar,
    /// A list of these.
    List(&'static Form),
    /// A map with values of these under whatever keys.
    Each(&'static Form),
    /// A map with these keys, the first of them without fail.
    Map(&'static [&'static str], &'static [(&'static str, Form)]),
    /// This, which may hold what it stands in.
    Of(&'static Form),
    /// One of these, no two of which are written alike.
    Any(&'static [Form]),
}

impl Form {
    /// A map of which nothing is read.
    pub(super) const MAP: Self = Self::Map(&[], &[]);
    /// A list of single values.
    pub(super) const SCALARS: Self = Self::List(&Self::Scalar);

    fn is_written(&self, node: &Node) -> bool {
        match (self, &node.kind) {
            (Self::Of(form), _) => form.is_written(node),
            (Self::Any(forms), _) => forms.iter().any(|form| form.is_written(node)),
            (Self::Text | Self::Scalar, NodeKind::Text(_))
            | (Self::Scalar, NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Float(_))
            | (Self::List(_), NodeKind::List(_))
            | (Self::Each(_) | Self::Map(..), NodeKind::Map(_)) => true,
            _ => false,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Scalar => "a single value".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Each(_) | Self::Map(..) => "a map".to_owned(),
            Self::Of(form) => form.words(),
            Self::Any(forms) => {
                let words: Vec<String> = forms.iter().map(Self::words).collect();
                words.join(" or ")
            }
        }
    }

    /// Complains about everything in a value that is not what is read there. `what` is how the
    /// value is called.
    pub(super) fn hold(&self, what: &str, node: &Node, expect: &mut Expect<'_>) {
        if matches!(node.kind, NodeKind::Null) {
            return;
        }
        if !self.is_written(node) {
            match self {
                Self::Text => drop(expect.text(what, node)),
                Self::List(_) => drop(expect.list(what, node)),
                _ => expect.wrong(what, &self.words(), node, None),
            }
            return;
        }
        match self {
            Self::Text | Self::Scalar => {}
            Self::List(form) => {
                for (item, at) in node.as_list().unwrap_or_default().iter().zip(0..) {
                    form.hold(&format!("{what}[{at}]"), item, expect);
                }
            }
            Self::Each(form) => {
                for (key, value) in node.as_map().unwrap_or_default() {
                    form.hold(&key.text, value, expect);
                }
            }
            Self::Map(must, keys) => {
                for key in must.iter().filter(|key| node.entry(key).is_none()) {
                    let span = start(node).map_or(node.span, |key| key.span);
                    expect.missing_key(key, &format!("`{what}`"), span);
                }
                for (key, form) in *keys {
                    if let Some(value) = node.get(key) {
                        form.hold(key, value, expect);
                    }
                }
            }
            Self::Of(form) => form.hold(what, node, expect),
            Self::Any(forms) => {
                if let Some(form) = forms.iter().find(|form| form.is_written(node)) {
                    form.hold(what, node, expect);
                }
            }
        }
    }
}

/// Where a map begins.
fn start(node: &Node) -> Option<&Key> {
    node.as_map()?.first().map(|(key, _)| key)
}
