//! Layer `read`: the threats of a threatcl model, with their controls and how bad they are.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::files::{Names, label};
use super::{Translation, files, words};
use crate::model::vocabulary::Class;
use crate::notice::{Severity, code, did_you_mean};
use crate::read::translate::{
    Fields, Part, Section, THREAT_WITHOUT_TITLE, Threat, answer, key, text,
};
use crate::source::Span;
use crate::syntax::hcl::Block;
use crate::syntax::tree::{Key, Node};

/// The blocks that are controls, with their earlier names.
const CONTROLS: [&str; 3] = ["control", "expanded_control", "proposed_control"];

/// At so many stores all threats may stand together: each may be one of many stores.
const MOST_PLACED: usize = 100_000;

/// The controls of one threat.
#[derive(Default)]
struct Controls {
    /// Those that are in place, with where that stands.
    active: Vec<(Arc<str>, Span)>,
    is_unfinished: bool,
}

impl Translation<'_> {
    /// A threat: of the stores that keep what it names, else of the whole system.
    pub(super) fn threat(&mut self, system: &Key, block: &Block, names: &Names) {
        self.check(
            "threat",
            &block.body,
            &["control", "expanded_control", "proposed_control", "risk"],
        );
        let fields = Fields::of(&block.body.said, "threat", &mut self.draft.expect);
        fields.leave(&["description"]);
        let title = title(block, &fields);
        let mut controls = self.controls(block);
        self.imported(&fields, names, &mut controls);
        let severity = block
            .body
            .of("risk")
            .next()
            .and_then(|risk| self.severity(risk));
        let active = if controls.is_unfinished {
            &[][..]
        } else {
            &controls.active
        };
        let threat = Threat {
            span: block.span,
            title,
            severity,
            response: active.first().map(|(_, at)| {
                let titles: Vec<&str> = active.iter().map(|(title, _)| &**title).collect();
                answer("mitigated", Some(&titles.join("; ")), *at)
            }),
        };
        let stores = self.stores(&fields);
        self.draft.rest("threat", &fields);
        if stores.is_empty() {
            let part = self.system.get_or_insert_with(|| {
                let id = key(&format!("system {}", system.text), system.span);
                Part::new(Class::Boundary, id, system.span, label(system))
            });
            part.threat(&threat);
        }
        self.placed += stores.len();
        if self.placed > MOST_PLACED {
            let message =
                format!("the threats up to this one stand at more than {MOST_PLACED} stores");
            let expect = &mut self.draft.expect;
            expect.error(code::LIMIT, block.kind.span, message, None);
            return;
        }
        for store in stores {
            if let Some(part) = self.draft.part(Section::Elements, &store) {
                part.threat(&threat);
            }
        }
    }

    /// The stores that keep the information assets that a threat names.
    fn stores(&mut self, fields: &Fields<'_>) -> BTreeSet<String> {
        let mut stores = BTreeSet::new();
        for asset in fields.list("information_asset_refs", &mut self.draft.expect) {
            let Some(name) = self
                .draft
                .expect
                .filled_text("information_asset_refs", asset)
            else {
                continue;
            };
            if self.draft.has(Section::Data, name) {
                stores.extend(self.kept.get(name).into_iter().flatten().cloned());
            } else {
                self.draft
                    .missing("information asset", Section::Data, name, asset.span);
                break;
            }
        }
        stores
    }

    fn controls(&mut self, block: &Block) -> Controls {
        let mut controls = Controls::default();
        for kind in CONTROLS {
            for control in block.body.of(kind) {
                self.check("control", &control.body, &["attribute"]);
                let fields = Fields::of(&control.body.said, "control", &mut self.draft.expect);
                fields.leave(&["description", "implementation_notes"]);
                if self.flag(&fields, "implemented") {
                    let name = control.labels.first().map(|label| Arc::clone(&label.text));
                    let said = || fields.text("description").and_then(Node::as_text).cloned();
                    let name = name.or_else(said).unwrap_or_else(|| "a control".into());
                    let at = fields.entry("implemented");
                    let at = at.map_or(control.span, |(key, value)| key.span.to(value.span));
                    controls.active.push((name, at));
                } else {
                    controls.is_unfinished = true;
                }
                self.draft.rest("control", &fields);
                for attribute in control.body.of("attribute") {
                    self.check("attribute", &attribute.body, &[]);
                    self.draft.untold("control.attribute");
                }
            }
        }
        controls
    }

    /// Controls of a library. Of one that is not in the repository nobody knows whether it is
    /// in place.
    fn imported(&mut self, fields: &Fields<'_>, names: &Names, controls: &mut Controls) {
        for item in fields.list("control_imports", &mut self.draft.expect) {
            let Some(path) = self.draft.expect.filled_text("control_imports", item) else {
                continue;
            };
            let expect = &mut self.draft.expect;
            match names.control(path) {
                Some(control) if control.is_implemented => {
                    let name = path.rsplit('.').next().unwrap_or(path);
                    controls.active.push((name.into(), item.span));
                }
                Some(_) => controls.is_unfinished = true,
                None if names.has_more_elsewhere => {
                    controls.is_unfinished = true;
                    let message = format!(
                        "the library of `{path}` is not in this repository: the control counts as missing"
                    );
                    let help = "put the library into the repository and import it by its path";
                    let help = Some(help.into());
                    expect.say(code::UNREAD, Severity::Warning, item.span, message, help);
                }
                None => {
                    let message = format!("there is no control `{path}`");
                    let help = did_you_mean(path, names.controls());
                    expect.error(code::UNKNOWN_REFERENCE, item.span, message, help);
                }
            }
        }
    }

    /// The severity that an author states, or that follows from likelihood and impact.
    fn severity(&mut self, risk: &Block) -> Option<(&'static str, Span)> {
        self.check("risk", &risk.body, &[]);
        let fields = Fields::of(&risk.body.said, "risk", &mut self.draft.expect);
        fields.leave(&["rationale"]);
        let mut levels = Vec::new();
        for name in ["likelihood", "impact"] {
            match fields.entry(name) {
                Some((_, said)) => levels.extend(self.level(name, said, &words::LEVELS)),
                None => {
                    let is_unknown = risk.body.unknown.iter().any(|one| &*one.key.text == name);
                    if !is_unknown {
                        self.draft
                            .expect
                            .missing_key(name, "this risk", risk.kind.span);
                    }
                }
            }
        }
        if let Some((_, said)) = fields.entry("severity") {
            let (at, span) = self.level("severity", said, &words::SEVERITIES)?;
            return Some((words::SEVERITIES[at], span));
        }
        self.draft.rest("risk", &fields);
        let [(likelihood, at), (impact, _)] = levels[..] else {
            return None;
        };
        Some((words::MATRIX[likelihood][impact], at))
    }

    /// The place of a word in a list, whatever its case and whether its parts are joined by
    /// `_`, `-` or a space.
    fn level(&mut self, name: &str, said: &Node, known: &[&str]) -> Option<(usize, Span)> {
        let word = self.draft.expect.text(name, said)?;
        let word = word.trim().to_lowercase().replace(['-', ' '], "_");
        let at = known.iter().position(|known| **known == *word);
        if at.is_none() {
            let message = format!("`{name}` cannot be {}", said.described());
            let help = format!("known are {}", known.join(", "));
            let expect = &mut self.draft.expect;
            expect.error(code::WRONG_TYPE, said.span, message, Some(help));
        }
        at.map(|at| (at, said.span))
    }
}

/// What a threat is called: its name, else the first line of its description.
fn title(block: &Block, fields: &Fields<'_>) -> Node {
    let name = block.labels.first();
    if let Some(name) = name.filter(|name| !name.text.trim().is_empty()) {
        return files::label(name);
    }
    let said = fields.text("description");
    let line = said.and_then(|said| {
        let mut lines = said.as_text()?.lines().map(str::trim);
        Some(text(lines.find(|line| !line.is_empty())?, said.span))
    });
    line.unwrap_or_else(|| text(THREAT_WITHOUT_TITLE, block.kind.span))
}
