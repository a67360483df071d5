//! Layer `read`: the threats of a TM-BOM, with the risks and controls that name them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Translation, words};
use crate::notice::{Severity, code, did_you_mean};
use crate::read::translate::{Fields, Section, Threat, answer};
use crate::source::Span;
use crate::syntax::tree::Node;

/// What else the model says about a threat.
#[derive(Default)]
struct About {
    /// The worst level of a risk that it is a part of: its place in the table of levels.
    level: Option<(usize, Span)>,
    /// Controls that are in place, with where that stands.
    active: Vec<(Arc<str>, Span)>,
    /// Whether a control is yet to come.
    is_unfinished: bool,
}

/// The kinds of elements that a threat may affect.
const AFFECTED: [&str; 3] = ["component", "data_store", "actor"];

impl Translation<'_> {
    pub(super) fn threats(&mut self, fields: &Fields<'_>) {
        let threats = fields.list("threats", &mut self.draft.expect);
        let mut about: BTreeMap<Arc<str>, About> = BTreeMap::new();
        for threat in threats {
            let fields = Fields::of(threat, "threats", &mut self.draft.expect);
            if threat.as_map().is_some()
                && let Some(name) = self.symbolic_name("threats", &fields)
            {
                about.insert(name, About::default());
            }
        }
        for risk in fields.list("risks", &mut self.draft.expect) {
            self.risk(risk, &mut about);
        }
        for control in fields.list("controls", &mut self.draft.expect) {
            self.control(control, &mut about);
        }
        for threat in threats {
            self.threat(threat, &about);
        }
    }

    /// The threats that a risk or control names.
    fn named(&mut self, fields: &Fields<'_>, about: &BTreeMap<Arc<str>, About>) -> Vec<Arc<str>> {
        let mut named = Vec::new();
        for item in fields.list("threats", &mut self.draft.expect) {
            let Some(name) = self.draft.expect.filled_text("threats", item) else {
                continue;
            };
            if about.contains_key(name) {
                named.push(Arc::clone(name));
                continue;
            }
            let help = did_you_mean(name, about.keys().map(|known| &**known));
            let message = format!("there is no threat `{name}`");
            let expect = &mut self.draft.expect;
            expect.error(code::UNKNOWN_REFERENCE, item.span, message, help);
        }
        named
    }

    fn risk(&mut self, item: &Node, about: &mut BTreeMap<Arc<str>, About>) {
        let fields = Fields::of(item, "risks", &mut self.draft.expect);
        let named = self.named(&fields, about);
        let level = fields.entry("level").and_then(|(_, node)| {
            let level = self.draft.expect.text("level", node)?;
            let mut levels = words::LEVELS.iter();
            let at = levels.position(|(known, _)| *known == &**level)?;
            Some((at, node.span))
        });
        for name in named {
            let Some(about) = about.get_mut(&name) else {
                continue;
            };
            if level.map(|(at, _)| at) > about.level.map(|(at, _)| at) {
                about.level = level;
            }
        }
    }

    fn control(&mut self, item: &Node, about: &mut BTreeMap<Arc<str>, About>) {
        let fields = Fields::of(item, "controls", &mut self.draft.expect);
        let named = self.named(&fields, about);
        let status = fields.text("status");
        let word = status.and_then(Node::as_text).map_or("", |status| status);
        let title = fields.text("title").and_then(Node::as_text);
        for name in named {
            let Some(about) = about.get_mut(&name) else {
                continue;
            };
            match word {
                "active" => {
                    let title = title.map_or_else(|| "a control".into(), Arc::clone);
                    let at = status.map_or(item.span, |status| status.span);
                    about.active.push((title, at));
                }
                "retired" | "wont_do" => {}
                _ => about.is_unfinished = true,
            }
        }
    }

    /// A threat, at everything that it affects.
    fn threat(&mut self, item: &Node, about: &BTreeMap<Arc<str>, About>) {
        let fields = Fields::of(item, "threats", &mut self.draft.expect);
        fields.leave(&["description", "event", "sources", "threat_persona"]);
        let Some(name) = fields.text("symbolic_name").and_then(Node::as_text) else {
            return;
        };
        let Some((_, title)) = fields.entry("title") else {
            let of = format!("the threat `{name}`");
            self.draft.expect.missing_key("title", &of, item.span);
            return;
        };
        if self.draft.expect.filled_text("title", title).is_none() {
            return;
        }
        let known = about.get(name);
        let severity = known.and_then(|about| about.level);
        let active = known.filter(|about| !about.is_unfinished);
        let active = active.map_or(&[][..], |about| &about.active);
        let threat = Threat {
            span: item.span,
            title: title.clone(),
            severity: severity.map(|(at, span)| (words::LEVELS[at].1, span)),
            response: active.first().map(|(_, at)| {
                let titles: Vec<&str> = active.iter().map(|(title, _)| &**title).collect();
                answer("mitigated", Some(&titles.join("; ")), *at)
            }),
        };
        let affected = fields.list("components_affected", &mut self.draft.expect);
        if affected.is_empty() {
            self.draft.untold("threats that affect no component");
            let message = "this threat names nothing that it affects, and is not judged";
            let help = "name its components under `components_affected`";
            let expect = &mut self.draft.expect;
            expect.say(
                code::UNKNOWN_WORD,
                Severity::Warning,
                title.span,
                message,
                Some(help.into()),
            );
        }
        for component in affected {
            let Some(name) = self
                .draft
                .expect
                .filled_text("components_affected", component)
            else {
                continue;
            };
            let mut ids = AFFECTED.iter().map(|kind| format!("{kind} {name}"));
            let id = ids.find(|id| self.draft.has(Section::Elements, id));
            let part = id.and_then(|id| self.draft.part(Section::Elements, &id));
            match part {
                Some(part) => part.threat(&threat),
                None => {
                    let ids = self.draft.ids(Section::Elements);
                    let ids = ids.filter_map(|id| id.split_once(' ').map(|(_, name)| name));
                    let help = did_you_mean(name, ids);
                    let message = format!("there is no component `{name}`");
                    let expect = &mut self.draft.expect;
                    expect.error(code::UNKNOWN_REFERENCE, component.span, message, help);
                }
            }
        }
        self.draft.rest("threats", &fields);
    }
}
