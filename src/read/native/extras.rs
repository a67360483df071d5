//! Layer `read`: threats in words, answers to findings, assumptions, exclusions.

use std::sync::Arc;

use super::{Builder, meant};
use crate::day::Day;
use crate::model::vocabulary::{Class, Kind};
use crate::model::words::{self, Meaning};
use crate::model::{Assumption, DeclaredThreat, InlineExclusion, Override, Proof, Response, Said};
use crate::notice::{Severity, code, did_you_mean};
use crate::source::Span;
use crate::syntax::tree::{Key, Node, NodeKind};

const THREAT_KEYS: [&str; 4] = ["title", "severity", "mitigatedBy", "response"];
const RESPONSE_KEYS: [&str; 4] = ["response", "severity", "cvss", "expires"];
const ASSUMPTION_KEYS: [&str; 3] = ["name", "exclude", "description"];

impl Builder<'_> {
    fn said(&self, text: &Arc<str>, span: Span) -> Said {
        Said {
            text: Arc::clone(text),
            place: self.expect.place(span),
        }
    }

    /// The text of one key of a map.
    fn said_in(&mut self, map: &Node, key: &str) -> Option<Said> {
        let node = map.get(key)?;
        let text = self.expect.filled_text(key, node)?;
        Some(self.said(text, node.span))
    }

    /// A severity, kept as written.
    fn severity_in(&mut self, map: &Node) -> Option<Said> {
        let said = self.said_in(map, "severity")?;
        let known = DeclaredThreat::knows_severity(&said.text);
        if !known {
            let message = format!("`severity` cannot be \"{}\"", said.text);
            let help = did_you_mean(&said.text, DeclaredThreat::SEVERITIES)
                .or_else(|| Some("it is one of critical, high, medium, low, info".into()));
            self.expect
                .error(code::WRONG_TYPE, said.place.span, message, help);
        }
        known.then_some(said)
    }

    fn only(&mut self, map: &Node, known: &[&str]) {
        for (key, _) in map.as_map().unwrap_or_default() {
            if !known.contains(&&*key.text) && !meant::is_comment(&key.text) {
                self.expect.unknown_key(key, known.iter().copied());
            }
        }
    }

    /// Threats in words: titles, or maps with more.
    pub(super) fn threats(&mut self, class: Class, node: &Node) -> Vec<DeclaredThreat> {
        let items = self.expect.list("threats", node);
        items
            .iter()
            .filter_map(|item| self.threat(class, item))
            .collect()
    }

    fn threat(&mut self, class: Class, item: &Node) -> Option<DeclaredThreat> {
        if item.as_map().is_none() {
            let title = self.expect.filled_text("threats", item)?;
            return Some(DeclaredThreat {
                title: self.said(title, item.span),
                severity: None,
                mitigated_by: Vec::new(),
                response: None,
                place: self.expect.place(item.span),
            });
        }
        self.only(item, &THREAT_KEYS);
        if item.get("title").is_none() {
            self.expect.missing_key("title", "this threat", item.span);
        }
        let severity = self.severity_in(item);
        let response = self.said_in(item, "response");
        let mitigated_by = item.get("mitigatedBy").map_or_else(Vec::new, |node| {
            let texts = match &node.kind {
                NodeKind::Text(text) => vec![(text, node.span)],
                _ => self.expect.texts("mitigatedBy", node),
            };
            texts
                .into_iter()
                .map(|(text, span)| self.mitigation(class, text, span))
                .collect()
        });
        Some(DeclaredThreat {
            title: self.said_in(item, "title")?,
            severity,
            mitigated_by,
            response,
            place: self.expect.place(item.span),
        })
    }

    /// A control that mitigates a threat: its name, or words of the element's list.
    fn mitigation(&mut self, class: Class, text: &Arc<str>, span: Span) -> Said {
        let name = text.strip_prefix("controls.").unwrap_or(text);
        let is_word = matches!(
            words::meaning(class, text),
            Meaning::Sets(_) | Meaning::OnFlowOnly(..)
        );
        let known =
            is_word || Class::Controls.attribute(name).is_some() || class.attribute(name).is_some();
        let controls = Class::Controls.spec().attributes.iter().map(|a| a.name);
        if !known && let Some(help) = did_you_mean(name, controls) {
            let message = format!("there is no control `{name}`");
            self.expect.say(
                code::UNKNOWN_ATTRIBUTE,
                Severity::Warning,
                span,
                message,
                Some(help),
            );
        }
        self.said(text, span)
    }

    /// Answers by rule id: the text, or a map with more.
    pub(super) fn responses(&mut self, node: &Node) -> Vec<Response> {
        let entries = self.expect.map("responses", node);
        entries
            .iter()
            .filter_map(|(key, value)| self.response(key, value))
            .collect()
    }

    fn response(&mut self, key: &Key, value: &Node) -> Option<Response> {
        let rule = self.said(&key.text, key.span);
        if value.as_map().is_none() {
            let text = self.expect.filled_text(&key.text, value)?;
            return Some(Response {
                rule,
                text: self.said(text, value.span),
                severity: None,
                cvss: None,
                expires: None,
            });
        }
        self.only(value, &RESPONSE_KEYS);
        if value.get("response").is_none() {
            let of = format!("the answer to {}", key.text);
            self.expect.missing_key("response", &of, key.span);
        }
        let severity = self.severity_in(value);
        let cvss = self.cvss_in(value);
        let expires = self.day_in(value);
        Some(Response {
            rule,
            text: self.said_in(value, "response")?,
            severity,
            cvss,
            expires,
        })
    }

    /// A CVSS vector, or a score, which need not be quoted.
    fn cvss_in(&mut self, map: &Node) -> Option<Said> {
        let node = map.get("cvss")?;
        match node.kind {
            NodeKind::Int(_) | NodeKind::Float(_) => {
                let (source, span) = self.expect.located(node.content);
                let written = source.slice(span).into();
                Some(self.said(&written, node.span))
            }
            _ => self.said_in(map, "cvss"),
        }
    }

    fn day_in(&mut self, map: &Node) -> Option<Said> {
        let said = self.said_in(map, "expires")?;
        if Day::parse(&said.text).is_none() {
            let message = format!("`expires` cannot be \"{}\"", said.text);
            let help = Some("write the last day as YYYY-MM-DD".into());
            self.expect
                .error(code::WRONG_TYPE, said.place.span, message, help);
        }
        Some(said)
    }

    /// pytm's overrides: maps with the fields of a Finding.
    pub(super) fn overrides(&mut self, node: &Node) -> Vec<Override> {
        let items = self.expect.list("overrides", node);
        items
            .iter()
            .filter_map(|item| self.one_override(item))
            .collect()
    }

    fn one_override(&mut self, item: &Node) -> Option<Override> {
        let fields: Vec<_> = override_fields().collect();
        self.expect.map("overrides", item);
        self.only(item, &fields);
        if item.get("threat_id").is_none() {
            self.expect
                .missing_key("threat_id", "this override", item.span);
        }
        let response = self.said_in(item, "response");
        let severity = self.severity_in(item);
        let cvss = self.cvss_in(item);
        let texts = fields
            .iter()
            .filter(|name| !["threat_id", "response", "severity", "cvss"].contains(name))
            .filter_map(|name| Some((Arc::from(*name), self.said_in(item, name)?)))
            .collect();
        Some(Override {
            rule: self.said_in(item, "threat_id")?,
            place: self.expect.place(item.span),
            response,
            severity,
            cvss,
            fields: texts,
            inherited: false,
        })
    }

    /// Assumptions: their names, or maps with more.
    pub(super) fn assumptions(&mut self, node: &Node) -> Vec<Assumption> {
        let items = self.expect.list("assumptions", node);
        items
            .iter()
            .filter_map(|item| self.assumption(item))
            .collect()
    }

    fn assumption(&mut self, item: &Node) -> Option<Assumption> {
        let place = self.expect.place(item.span);
        if item.as_map().is_none() {
            let name = self.expect.filled_text("assumptions", item)?;
            return Some(Assumption {
                name: self.said(name, item.span),
                description: "".into(),
                exclude: Vec::new(),
                place,
            });
        }
        self.only(item, &ASSUMPTION_KEYS);
        if item.get("name").is_none() {
            self.expect
                .missing_key("name", "this assumption", item.span);
        }
        let exclude = item.get("exclude").map_or_else(Vec::new, |node| {
            let ids = self.expect.texts("exclude", node);
            ids.into_iter()
                .map(|(text, span)| self.said(text, span))
                .collect()
        });
        let description = self.said_in(item, "description");
        Some(Assumption {
            name: self.said_in(item, "name")?,
            description: description.map_or_else(|| "".into(), |said| said.text),
            exclude,
            place,
        })
    }

    /// Exclusions by rule id, each with its reason; a reason may be left out
    /// unless policy requires it.
    pub(super) fn exclusions(&mut self, node: &Node) -> Vec<InlineExclusion> {
        let mut exclusions = Vec::new();
        for (key, value) in self.expect.map("exclude", node) {
            let reason = match &value.kind {
                NodeKind::Null => Some("".into()),
                _ => self.expect.text(&key.text, value).cloned(),
            };
            let place = self.expect.entry_place(key, value);
            exclusions.extend(reason.map(|reason| InlineExclusion {
                rules: vec![self.said(&key.text, key.span)],
                reason,
                place,
            }));
        }
        exclusions
    }
}

impl Builder<'_> {
    /// What proves controls, by the control's name.
    pub(super) fn proofs(&mut self, node: &Node) -> Vec<Proof> {
        let mut proofs = Vec::new();
        for (key, value) in self.expect.map("evidence", node) {
            if meant::is_comment(&key.text) {
                continue;
            }
            if Class::Controls.attribute(&key.text).is_none() {
                let known = Class::Controls.attributes();
                let known: Vec<_> = known.iter().map(|control| control.name).collect();
                self.expect.unknown_key(key, known);
                continue;
            }
            let text = self.expect.filled_text(&key.text, value).cloned();
            let place = self.expect.entry_place(key, value);
            proofs.extend(text.map(|text| Proof {
                controls: vec![self.said(&key.text, key.span)],
                text,
                place,
            }));
        }
        proofs
    }
}

/// The fields of an override that a model may set.
pub(super) fn override_fields() -> impl Iterator<Item = &'static str> {
    Class::Finding
        .spec()
        .attributes
        .iter()
        .filter(|a| a.kind != Kind::Internal)
        .map(|a| a.name)
}
