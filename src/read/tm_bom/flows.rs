//! Layer `read`: the flows of a TM-BOM, and what holds where they cross a trust boundary.

use std::sync::Arc;

use super::{Translation, words};
use crate::model::vocabulary::Class;
use crate::notice::{code, did_you_mean};
use crate::read::translate::words::Word;
use crate::read::translate::{Fields, Part, Section, key, text};
use crate::source::Span;
use crate::syntax::tree::Node;

/// The id of the data that flows carry of which only its being sensitive is known.
const SENSITIVE: &str = "sensitive data of flows";

/// The border of two zones, with the methods that are used there.
pub(super) struct Border {
    zones: [Arc<str>; 2],
    says: Vec<(&'static Word, Span, Node)>,
}

impl Border {
    fn is_between(&self, from: &str, to: &str) -> bool {
        let [a, b] = [&*self.zones[0], &*self.zones[1]];
        (a, b) == (from, to) || (a, b) == (to, from)
    }
}

impl Translation<'_> {
    pub(super) fn border(&mut self, list: &str, fields: &Fields<'_>) {
        let mut zones = Vec::new();
        for name in ["trust_zone_a", "trust_zone_b"] {
            match fields.entry(name) {
                Some((_, zone)) => zones.extend(self.is_zone(zone)),
                None => {
                    let of = format!("this item of `{list}`");
                    let at = fields.node().span;
                    self.draft.expect.missing_key(name, &of, at);
                }
            }
        }
        let mut says = Vec::new();
        for (name, table) in [
            ("access_control_methods", &words::ACCESS),
            ("authentication_methods", &words::AUTHENTICATION),
        ] {
            for method in fields.list(name, &mut self.draft.expect) {
                if let Some(word) = self.listed(table, name, method) {
                    says.push((word, method.span, method.clone()));
                }
            }
        }
        if let Ok(zones) = <[Arc<str>; 2]>::try_from(zones) {
            self.borders.push(Border { zones, says });
        }
    }

    pub(super) fn flow(&mut self, list: &str, fields: &Fields<'_>) {
        let Some(mut part) = self.start(Class::Dataflow, (list, ""), fields) else {
            return;
        };
        let ends = ["source", "destination"].map(|name| self.end(list, name, fields));
        let [Some((from, from_at)), Some((to, to_at))] = ends else {
            return;
        };
        part.say("source", from_at, text(from.as_str(), from_at));
        part.say("sink", to_at, text(to.as_str(), to_at));
        if let Some((at, node, held)) = fields.flag("encrypted", &mut self.draft.expect) {
            part.flag("controls.isEncrypted", at, node, held);
        }
        let sensitive = fields.flag("has_sensitive_data", &mut self.draft.expect);
        if let Some((at, node, true)) = sensitive {
            let carried = self.carried(&from, &to, at, node);
            part.list("data", at, carried);
        }
        if let (Some(a), Some(b)) = (self.zones.get(&from), self.zones.get(&to))
            && a != b
        {
            let borders = self.borders.iter().filter(|border| border.is_between(a, b));
            for (word, at, method) in borders.flat_map(|border| &border.says) {
                part.word(word, *at, method);
            }
        }
        self.add(list, part);
    }

    /// The id of the element at one end of a flow.
    fn end(&mut self, list: &str, name: &str, fields: &Fields<'_>) -> Option<(String, Span)> {
        let Some((key, end)) = fields.entry(name) else {
            let of = format!("this item of `{list}`");
            let at = fields.node().span;
            self.draft.expect.missing_key(name, &of, at);
            return None;
        };
        let end = Fields::of(end, name, &mut self.draft.expect);
        let [kind, object] = ["type", "object"].map(|of| end.text(of));
        let (Some(kind), Some(object)) = (kind, object) else {
            let of = format!("`{name}`");
            self.draft.expect.missing_key("object", &of, key.span);
            return None;
        };
        let [kind_said, object_said] =
            [kind, object].map(|node| node.as_text().map_or("", |it| it));
        // The schema lets a type be written as a reference into itself.
        let kind_said = kind_said.rsplit('/').next().unwrap_or("").replace('-', "_");
        let id = format!("{kind_said} {object_said}");
        if !self.draft.has(Section::Elements, &id) {
            let kind = kind_said.replace('_', " ");
            let ids = self.draft.ids(Section::Elements);
            let before = format!("{kind_said} ");
            let ids = ids.filter_map(|id| id.strip_prefix(&before));
            let help = did_you_mean(object_said, ids);
            let message = format!("there is no {kind} `{object_said}`");
            let expect = &mut self.draft.expect;
            expect.error(code::UNKNOWN_REFERENCE, object.span, message, help);
            return None;
        }
        Some((id, object.span))
    }

    /// What a flow with sensitive data carries: what the store at one of its ends keeps, else
    /// data of which nothing else is known.
    fn carried(&mut self, from: &str, to: &str, at: Span, node: &Node) -> Vec<Node> {
        let kept = [to, from].map(|end| self.kept.get(end));
        if let Some(kept) = kept.into_iter().flatten().next() {
            let kept = kept.iter().filter_map(Node::as_text);
            return kept.map(|id| text(Arc::clone(id), node.span)).collect();
        }
        if !self.draft.has(Section::Data, SENSITIVE) {
            let name = text("Sensitive data", at);
            let mut data = Part::new(Class::Data, key(SENSITIVE, at), at, name);
            data.say("classification", at, text("SENSITIVE", node.span));
            self.draft.add(data);
        }
        vec![text(SENSITIVE, node.span)]
    }
}
