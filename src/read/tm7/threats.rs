//! Layer `read`: the threats that the tool found or people added, with their states.

use std::collections::BTreeMap;

use super::{Diagram, on_one_line, words};
use crate::read::translate::{Section, THREAT_WITHOUT_TITLE, Threat, answer, text};
use crate::syntax::tree::Node;
use crate::syntax::xml::Element;

/// Every threat, under the id of the diagram that it is about.
pub(super) fn by_diagram<'n, 's>(root: &'n Element<'s>) -> BTreeMap<&'n str, Vec<&'n Element<'s>>> {
    let mut found: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    let list = root.child("ThreatInstances").map(|list| &list.children);
    for threat in list.into_iter().flatten() {
        let threat = threat.child("Value").unwrap_or(threat);
        let diagram = threat.child("DrawingSurfaceGuid").map_or("", Element::text);
        found.entry(diagram.trim()).or_default().push(threat);
    }
    found
}

/// What a threat says under a name: as a property, as newer versions do, else itself.
fn said(threat: &Element<'_>, name: &str) -> Option<Node> {
    let list = threat.child("Properties").map(|list| &list.children);
    let mut properties = list.into_iter().flatten();
    let named = properties.find(|one| one.child("Key").is_some_and(|key| key.text() == name));
    let property = named.and_then(|one| one.child("Value")?.said());
    property.or_else(|| threat.child(name)?.said())
}

impl<'s> Diagram<'s> {
    /// Adds threats to what they are about: the flow, else its end, else its start.
    pub(super) fn threats<'n>(&mut self, threats: impl Iterator<Item = &'n &'n Element<'s>>)
    where
        's: 'n,
    {
        let ends = [
            (Section::Flows, "FlowGuid"),
            (Section::Elements, "TargetGuid"),
            (Section::Elements, "SourceGuid"),
        ];
        for item in threats {
            let about = ends.iter().find_map(|(section, name)| {
                let id = item.child(name)?.text().trim();
                self.draft.has(*section, id).then_some((*section, id))
            });
            let part = about.and_then(|(section, id)| self.draft.part(section, id));
            match part {
                Some(part) => part.threat(&threat(item)),
                None => self.draft.untold("threats of nothing in the diagram"),
            }
        }
    }
}

/// A threat as the tool states it.
fn threat(item: &Element<'_>) -> Threat {
    let title = said(item, "Title").map(on_one_line);
    let severity = said(item, "Priority").and_then(|node| {
        let written = node.as_text()?.to_lowercase();
        let mut known = words::SEVERITIES.iter();
        let (_, severity) = known.find(|(known, _)| *known == written)?;
        Some((*severity, node.span))
    });
    let state = item.child("State").and_then(Element::said);
    let response = state.and_then(|state| {
        let mut known = words::STATES.iter();
        let (_, word) = known.find(|(known, _)| Some(*known) == state.as_text().map(|it| &**it))?;
        let why = said(item, "StateInformation");
        let why = why.as_ref().and_then(Node::as_text);
        Some(answer(word, why.map(|why| &**why), state.span))
    });
    Threat {
        span: item.span,
        title: title.unwrap_or_else(|| text(THREAT_WITHOUT_TITLE, item.tag)),
        severity,
        response,
    }
}
