//! Layer `read`: the communication links of Threagile.

use std::sync::Arc;

use super::{Translation, words};
use crate::model::vocabulary::Class;
use crate::read::translate::{Fields, Part, Section, key, text};
use crate::source::Span;
use crate::syntax::tree::{Key, Node};

/// What the callers of an asset prove: for each, whether all of them do, with the first link
/// that says so or the first that denies it.
#[derive(Default)]
pub(super) struct Callers {
    authenticated: Option<(bool, Span)>,
    authorized: Option<(bool, Span)>,
}

impl Callers {
    fn note(known: &mut Option<(bool, Span)>, held: bool, at: Span) {
        match known {
            Some((true, _)) if !held => *known = Some((false, at)),
            None => *known = Some((held, at)),
            Some(_) => {}
        }
    }
}

/// The id by which risks name a link.
pub(super) fn id(asset: &str, title: &str) -> String {
    let mut slug = String::new();
    for c in title.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    format!("{asset}>{}", slug.trim_matches('-'))
}

impl Translation<'_> {
    /// The links of one technical asset.
    pub(super) fn links(&mut self, item: &Node) {
        let Some(asset) = item.get("id").and_then(Node::as_text).cloned() else {
            return;
        };
        let Some(links) = item
            .get("communication_links")
            .filter(|links| !links.is_null())
        else {
            return;
        };
        for (title, link) in self.draft.expect.map("communication_links", links) {
            self.link(&asset, title, link);
        }
    }

    fn link(&mut self, asset: &Arc<str>, title: &Key, item: &Node) {
        let fields = Fields::of(item, &title.text, &mut self.draft.expect);
        fields.leave(&["usage", "diagram_tweak_weight", "diagram_tweak_constraint"]);
        let Some((target_key, target)) = fields.entry("target") else {
            let of = format!("the link `{}`", title.text);
            self.draft.expect.missing_key("target", &of, title.span);
            return;
        };
        let id = key(&id(asset, &title.text), title.span);
        let name = text(Arc::clone(&title.text), title.span);
        let mut part = Part::new(Class::Dataflow, id, item.span, name);
        part.say("source", title.span, text(Arc::clone(asset), title.span));
        part.say("sink", target_key.span, target.clone());
        if let Some(said) = fields.text("description") {
            part.say("description", said.span, said.clone());
        }
        self.entry(&mut part, &fields, "protocol", &words::PROTOCOLS);
        self.entry(&mut part, &fields, "authentication", &words::AUTHENTICATION);
        self.entry(&mut part, &fields, "authorization", &words::AUTHORIZATION);
        for (name, attribute) in [
            ("vpn", "usesVPN"),
            ("ip_filtered", "controls.filtersTraffic"),
        ] {
            if let Some((at, said, held)) = fields.flag(name, &mut self.draft.expect) {
                part.flag(attribute, at, said, held);
            }
        }
        self.called(target, &fields);
        let of = (Section::Data, "data asset");
        let sent = self.ids(&fields, "data_assets_sent", of);
        let received = self.ids(&fields, "data_assets_received", of);
        let list = |items: &[&Node]| items.iter().map(|item| (*item).clone()).collect::<Vec<_>>();
        if let Some(first) = sent.first() {
            part.list("data", first.span, list(&sent));
        }
        let back = received.first().map(|first| {
            let id = key(&format!("{} (back)", part.id.text), first.span);
            let name = text(format!("{} (back)", title.text), title.span);
            let mut back = Part::new(Class::Dataflow, id, item.span, name);
            back.say("source", target_key.span, target.clone());
            back.say("sink", title.span, text(Arc::clone(asset), title.span));
            back.flag("isResponse", first.span, first, true);
            back.say(
                "responseTo",
                first.span,
                text(Arc::clone(&part.id.text), first.span),
            );
            back.list("data", first.span, list(&received));
            back.share(&part, &["protocol", "usesVPN", "controls.isEncrypted"]);
            back
        });
        if !fields.list("tags", &mut self.draft.expect).is_empty() {
            self.draft.untold("communication_links.tags");
        }
        self.draft.rest("communication_links", &fields);
        self.draft.add(part);
        if let Some(back) = back {
            self.draft.add(back);
        }
    }

    /// What a link says about the asset that it leads to.
    fn called(&mut self, target: &Node, fields: &Fields<'_>) {
        let Some(target) = target.as_text() else {
            return;
        };
        let said = |name: &str| {
            let (key, value) = fields.entry(name)?;
            let held = value.as_text().is_some_and(|said| &**said != "none");
            Some((held, key.span.to(value.span)))
        };
        let callers = self.callers.entry(Arc::clone(target)).or_default();
        if let Some((held, at)) = said("authentication") {
            Callers::note(&mut callers.authenticated, held, at);
        }
        if let Some((held, at)) = said("authorization") {
            Callers::note(&mut callers.authorized, held, at);
        }
        let readonly = fields.flag("readonly", &mut self.draft.expect);
        if let Some((at, said, false)) = readonly
            && let Some(sink) = self.draft.part(Section::Elements, target)
            && sink.takes("hasWriteAccess")
        {
            sink.flag("hasWriteAccess", at, said, true);
        }
    }

    /// Says of each asset what all its callers prove.
    pub(super) fn prove(&mut self) {
        for (asset, callers) in std::mem::take(&mut self.callers) {
            let Some(part) = self.draft.part(Section::Elements, &asset) else {
                continue;
            };
            let proved = [
                ("controls.authenticatesSource", callers.authenticated),
                ("controls.authorizesSource", callers.authorized),
            ];
            for (control, said) in proved {
                if let Some((held, at)) = said {
                    part.flag(control, at, &text("", at), held);
                }
            }
        }
    }
}
