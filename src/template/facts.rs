//! Attributes of pytm's objects, looked up in a report.

use std::collections::BTreeMap;

use super::object::{Object, texts};
use crate::escape;
use crate::model::vocabulary::{Attribute, Class, Fallback, Kind};
use crate::report::{
    AttributeInfo, DatumInfo, Edge, FindingInfo, ModelInfo, Node, Report, Severity, Status,
};

/// How texts of the model are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Markdown and HTML: a name cannot open a tag or leave an attribute.
    Html,
    /// Anything else: as pytm prints them.
    Nothing,
}

/// One model of a report, ready to be asked.
pub(super) struct Facts<'a> {
    pub(super) report: &'a Report,
    pub(super) model: &'a ModelInfo,
    escape: Escape,
    nodes: BTreeMap<u32, &'a Node>,
    flows: BTreeMap<u32, &'a Edge>,
    data: BTreeMap<u32, &'a DatumInfo>,
    /// Positions of the model's findings as pytm counts them: neither excluded
    /// nor out of scope.
    findings: Vec<usize>,
    excluded: Vec<usize>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(report: &'a Report, model: &'a ModelInfo, escape: Escape) -> Self {
        let graph = &model.graph;
        let nodes = graph.elements.iter().chain(&graph.boundaries);
        let of_model = |f: &FindingInfo| f.model == model.path && f.model_name == model.name;
        let with = |wanted: fn(Status) -> bool| {
            let findings = report.findings.iter().enumerate();
            findings
                .filter(|(_, f)| of_model(f) && wanted(f.status))
                .map(|(at, _)| at)
                .collect()
        };
        Self {
            report,
            model,
            escape,
            nodes: nodes.map(|node| (node.id, node)).collect(),
            flows: graph.flows.iter().map(|flow| (flow.id, flow)).collect(),
            data: graph.data.iter().map(|datum| (datum.id, datum)).collect(),
            findings: with(|status| !matches!(status, Status::Excluded | Status::OutOfScope)),
            excluded: with(|status| status == Status::Excluded),
        }
    }

    /// What a template can name at its top.
    pub(super) fn root(&self, name: &str) -> Option<Object<'a>> {
        let graph = &self.model.graph;
        let copies = |ids: Vec<u32>| {
            let copies = ids
                .into_iter()
                .map(|id| Object::Element { id, copied: true });
            Some(Object::List(copies.collect()))
        };
        let of_class = |class: Class| {
            let is = |node: &&Node| Class::named(&node.base).is_some_and(|own| own.is_a(class));
            let mut ids: Vec<u32> = graph.elements.iter().filter(is).map(|n| n.id).collect();
            ids.sort_unstable();
            ids
        };
        match name {
            "tm" => Some(Object::Tm),
            "elements" => {
                let mut ids: Vec<u32> = self
                    .nodes
                    .keys()
                    .chain(self.flows.keys())
                    .copied()
                    .collect();
                ids.sort_unstable();
                copies(ids)
            }
            "assets" => copies(of_class(Class::Asset)),
            "actors" => copies(of_class(Class::Actor)),
            "boundaries" => copies(graph.boundaries.iter().map(|node| node.id).collect()),
            "dataflows" => copies(graph.flows.iter().map(|flow| flow.id).collect()),
            "data" => Some(Object::List(
                graph
                    .data
                    .iter()
                    .map(|datum| Object::Datum(datum.id))
                    .collect(),
            )),
            "threats" => Some(Object::List(
                (0..self.report.rules.len()).map(Object::Rule).collect(),
            )),
            "findings" => Some(Self::all_findings(&self.findings, true)),
            _ => None,
        }
    }

    fn all_findings(positions: &[usize], escaped: bool) -> Object<'a> {
        let findings = positions
            .iter()
            .map(|at| Object::Finding { at: *at, escaped });
        Object::List(findings.collect())
    }

    /// A text of the model.
    pub(super) fn said(&self, text: &str) -> Object<'a> {
        Object::Text(self.escaped(text))
    }

    fn escaped(&self, text: &str) -> String {
        match self.escape {
            Escape::Nothing => text.to_owned(),
            Escape::Html => escape::visible(text)
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;"),
        }
    }

    /// pytm's class that an element is.
    pub(super) fn base(&self, id: u32) -> &'a str {
        self.nodes.get(&id).map_or("Dataflow", |node| &*node.base)
    }

    /// The class of an element, as the model names it.
    pub(super) fn class(&self, id: u32) -> &'a str {
        self.nodes.get(&id).map_or("Dataflow", |node| &*node.class)
    }

    /// The name of an element, escaped.
    pub(super) fn name(&self, id: u32) -> String {
        let node = self.nodes.get(&id).map(|node| &*node.name);
        let flow = || self.flows.get(&id).map(|flow| &*flow.name);
        self.escaped(node.or_else(flow).unwrap_or(""))
    }

    /// The name of a Data, escaped.
    pub(super) fn datum_name(&self, id: u32) -> String {
        self.escaped(self.data.get(&id).map_or("", |datum| &*datum.name))
    }

    /// `(3) Query` for a flow with an order, else the name.
    pub(super) fn display_name(&self, id: u32) -> String {
        match self.flows.get(&id) {
            Some(flow) if flow.order != -1 => format!("({}) {}", flow.order, self.name(id)),
            _ => self.name(id),
        }
    }

    /// The boundaries around a boundary, innermost first; a circle is cut.
    pub(super) fn parents(&self, id: u32) -> Vec<Object<'a>> {
        let mut around = Vec::new();
        let mut at = self.nodes.get(&id).and_then(|node| node.boundary);
        while let Some(boundary) = at.filter(|at| *at != id && !around.contains(at)) {
            around.push(boundary);
            at = self.nodes.get(&boundary).and_then(|node| node.boundary);
        }
        let handle = |id| Object::Element { id, copied: false };
        around.into_iter().map(handle).collect()
    }

    /// Whether a flow carries what its ends or itself are not cleared for.
    pub(super) fn has_data_leaks(&self, id: u32) -> bool {
        let Some(flow) = self.flows.get(&id) else {
            return false;
        };
        let rank = |object: Option<Object<'_>>| match object {
            Some(Object::Member(_, at)) => at,
            _ => 0,
        };
        let limit = [flow.source, flow.sink, flow.id]
            .map(|id| rank(self.of_element(id, "maxClassification", false)));
        flow.data
            .iter()
            .map(|id| rank(self.of_datum(*id, "classification")))
            .any(|class| limit.iter().any(|most| class > *most))
    }

    pub(super) fn of_model(&self, name: &str) -> Option<Object<'a>> {
        match name {
            "name" => Some(self.said(&self.model.name)),
            "description" => Some(self.said(&self.model.description)),
            "assumptions" => {
                let all = self.model.assumptions.iter().map(Object::Assumption);
                Some(Object::List(all.collect()))
            }
            "findings" => Some(Self::all_findings(&self.findings, false)),
            "excluded_findings" => Some(Self::all_findings(&self.excluded, false)),
            _ => self.typed(Class::TM, name, &self.model.attributes, name),
        }
    }

    pub(super) fn of_element(&self, id: u32, name: &str, copied: bool) -> Option<Object<'a>> {
        let value = match name {
            "name" => Some(Object::Text(self.name(id))),
            "controls" => Some(Object::Controls(id)),
            "findings" => return Some(self.findings_of(id, copied)),
            "severity" => Some(Object::Int(self.worst(id))),
            _ => match (self.nodes.get(&id), self.flows.get(&id)) {
                (Some(node), _) => self.of_node(node, name),
                (None, Some(flow)) => self.of_flow(flow, name),
                (None, None) => None,
            },
        }?;
        Some(match value {
            Object::List(items) | Object::Set(items) if copied && items.is_empty() => {
                Object::text("[]")
            }
            Object::DataSet(ids) if copied && ids.is_empty() => Object::text("[]"),
            Object::Set(items) if copied => Object::List(items),
            value => value,
        })
    }

    fn of_node(&self, node: &'a Node, name: &str) -> Option<Object<'a>> {
        let class = Class::named(&node.base)?;
        let handle = |id| Object::Element { id, copied: false };
        match name {
            "description" => Some(self.said(&node.description)),
            "inBoundary" => Some(node.boundary.map_or(Object::Nothing, handle)),
            "inScope" => Some(Object::Bool(node.in_scope)),
            "levels" => Some(levels(&node.levels)),
            "assumptions" => Some(assumptions(&node.assumptions)),
            "inputs" | "outputs" => {
                class.attribute(name)?;
                let end = |flow: &&Edge| {
                    if name == "inputs" {
                        flow.sink
                    } else {
                        flow.source
                    }
                };
                let flows = self.model.graph.flows.iter();
                let own = flows.filter(|flow| !flow.is_response && end(flow) == node.id);
                Some(Object::List(own.map(|flow| handle(flow.id)).collect()))
            }
            "data" => Some(Object::DataSet(
                self.data_named(node.attributes.get("data")),
            )),
            _ => self.typed(class, name, &node.attributes, name),
        }
    }

    fn of_flow(&self, flow: &'a Edge, name: &str) -> Option<Object<'a>> {
        let handle = |id| Object::Element { id, copied: false };
        let maybe = |id: Option<u32>| Some(id.map_or(Object::Nothing, handle));
        match name {
            "description" => Some(self.said(&flow.description)),
            "source" => maybe(Some(flow.source)),
            "sink" => maybe(Some(flow.sink)),
            "response" => maybe(flow.response),
            "responseTo" => maybe(flow.response_to),
            "inBoundary" => Some(Object::Nothing),
            "isResponse" => Some(Object::Bool(flow.is_response)),
            "order" => Some(Object::Int(flow.order)),
            "protocol" => Some(self.said(&flow.protocol)),
            "note" => Some(self.said(&flow.note)),
            "data" => Some(Object::DataSet(flow.data.clone())),
            "inScope" => Some(Object::Bool(flow.in_scope)),
            "levels" => Some(levels(&flow.levels)),
            "assumptions" => Some(assumptions(&flow.assumptions)),
            _ => self.typed(Class::Dataflow, name, &flow.attributes, name),
        }
    }

    pub(super) fn of_datum(&self, id: u32, name: &str) -> Option<Object<'a>> {
        let datum = self.data.get(&id)?;
        let carriers = || {
            let mut flows: Vec<&Edge> = self
                .model
                .graph
                .flows
                .iter()
                .filter(|f| f.data.contains(&id))
                .collect();
            flows.sort_by(|a, b| a.name.cmp(&b.name));
            flows
        };
        let handle = |id| Object::Element { id, copied: false };
        match name {
            "name" => Some(self.said(&datum.name)),
            "description" => Some(self.said(&datum.description)),
            "carriedBy" => Some(Object::List(
                carriers().iter().map(|flow| handle(flow.id)).collect(),
            )),
            "processedBy" => {
                let ends = carriers()
                    .into_iter()
                    .flat_map(|flow| [flow.source, flow.sink]);
                let mut ends: Vec<u32> = ends.collect();
                ends.sort_by_key(|id| (self.name(*id), *id));
                ends.dedup();
                Some(Object::List(ends.into_iter().map(handle).collect()))
            }
            _ => self.typed(Class::Data, name, &datum.attributes, name),
        }
    }

    pub(super) fn of_controls(&self, id: u32, name: &str) -> Option<Object<'a>> {
        let node = self.nodes.get(&id).map(|node| &node.attributes);
        let attributes = node.or_else(|| self.flows.get(&id).map(|flow| &flow.attributes))?;
        self.typed(
            Class::Controls,
            name,
            attributes,
            &format!("controls.{name}"),
        )
    }

    /// Every control as pytm prints them.
    pub(super) fn controls_text(&self, id: u32) -> String {
        let all = Class::Controls.attributes().into_iter().map(|attribute| {
            let value = self
                .of_controls(id, attribute.name)
                .unwrap_or(Object::Nothing);
            format!("{}={}", attribute.name, value.repr(self))
        });
        all.collect::<Vec<_>>().join(" ")
    }

    fn findings_of(&self, id: u32, escaped: bool) -> Object<'a> {
        let own = |at: &&usize| self.report.findings[**at].element_id == id;
        let own: Vec<usize> = self.findings.iter().filter(own).copied().collect();
        Self::all_findings(&own, escaped)
    }

    /// The worst finding as pytm numbers it: 0 to 5.
    fn worst(&self, id: u32) -> i64 {
        let own = self.findings.iter().map(|at| &self.report.findings[*at]);
        let ranks = own
            .filter(|f| f.element_id == id)
            .map(|f| match f.severity {
                Severity::Critical => 5,
                Severity::High => 4,
                Severity::Medium => 3,
                Severity::Low => 2,
                Severity::Info => 1,
            });
        ranks.max().unwrap_or(0)
    }

    pub(super) fn of_finding(&self, at: usize, name: &str, escaped: bool) -> Option<Object<'a>> {
        let finding = &self.report.findings[at];
        let rule = self.report.rule(&finding.rule);
        let of_rule = |part: fn(&crate::report::RuleInfo) -> &str| rule.map_or("", part).to_owned();
        let number = || {
            let among = if finding.status == Status::Excluded {
                &self.excluded
            } else {
                &self.findings
            };
            among
                .iter()
                .position(|other| *other == at)
                .map_or(0, |at| at + 1)
        };
        let text = match name {
            "element" => {
                return Some(Object::Element {
                    id: finding.element_id,
                    copied: false,
                });
            }
            "target" => return Some(self.said(&finding.element.name)),
            "assumption" => {
                let exclusion = finding.exclusion.as_ref();
                return Some(exclusion.map_or(Object::Nothing, |e| {
                    Object::AssumptionText(e.reason.clone())
                }));
            }
            "description" => finding.title.to_string(),
            "details" => of_rule(|rule| &rule.description),
            "severity" => pytm_severity(finding.severity).to_owned(),
            "mitigations" => of_rule(|rule| &rule.mitigation),
            "example" => of_rule(|rule| &rule.example),
            "id" => number().to_string(),
            "threat_id" => finding.rule.to_string(),
            "references" => rule.map_or_else(String::new, |rule| rule.references.join(", ")),
            "condition" => of_rule(|rule| &rule.condition),
            "response" => finding.response.clone().unwrap_or_default(),
            "cvss" => finding.cvss.clone().unwrap_or_default(),
            "likelihood" => likelihood(&finding.likelihood),
            // What pytm has not.
            "status" => finding.status.as_str().to_owned(),
            "evidence" => finding.evidence.as_str().to_owned(),
            "reason" => finding.reason.clone().unwrap_or_default(),
            "message" => finding.message.clone(),
            "location" => format!("{}:{}", finding.location.path, finding.location.line),
            _ => return None,
        };
        Some(if escaped {
            Object::Text(for_html(&text))
        } else {
            self.said(&text)
        })
    }

    pub(super) fn of_rule(&self, at: usize, name: &str) -> Option<Object<'a>> {
        let rule = &self.report.rules[at];
        let text = match name {
            "id" => rule.id.to_string(),
            "description" => rule.title.to_string(),
            "details" => rule.description.to_string(),
            "severity" => pytm_severity(rule.severity).to_owned(),
            "mitigations" => rule.mitigation.to_string(),
            "example" => rule.example.to_string(),
            "references" => rule.references.join(", "),
            "condition" => rule.condition.to_string(),
            "likelihood" => likelihood(&rule.likelihood),
            "target" => return Some(Object::List(texts(&rule.classes))),
            _ => return None,
        };
        Some(Object::Text(for_html(&text)))
    }

    /// An attribute of the vocabulary, or one that only this model has.
    fn typed(
        &self,
        class: Class,
        name: &str,
        attributes: &BTreeMap<String, AttributeInfo>,
        key: &str,
    ) -> Option<Object<'a>> {
        let said = attributes.get(key).filter(|info| info.origin != "unread");
        match (class.attribute(name), said) {
            (Some(attribute), Some(info)) => Some(self.of_json(Some(attribute), &info.value)),
            (Some(attribute), None) => fallback(attribute),
            (None, Some(info)) => Some(self.of_json(None, &info.value)),
            (None, None) => None,
        }
    }

    fn of_json(
        &self,
        attribute: Option<&'static Attribute>,
        value: &serde_json::Value,
    ) -> Object<'a> {
        use serde_json::Value as Json;
        match value {
            Json::Null | Json::Object(_) => Object::Nothing,
            Json::Bool(value) => Object::Bool(*value),
            Json::Number(number) => number.as_i64().map_or_else(
                || Object::Float(number.as_f64().unwrap_or(0.0)),
                Object::Int,
            ),
            Json::String(text) => match attribute.map(|attribute| attribute.kind) {
                Some(Kind::Enum(e)) => e
                    .position(text)
                    .map_or_else(|| self.said(text), |at| Object::Member(e, at)),
                _ => self.said(text),
            },
            Json::Array(items) => {
                let items = items.iter().map(|item| self.of_json(None, item)).collect();
                match attribute.map(|attribute| attribute.kind) {
                    Some(Kind::Ints) => Object::Set(items),
                    _ => Object::List(items),
                }
            }
        }
    }

    /// Data by the names that an attribute lists.
    fn data_named(&self, info: Option<&AttributeInfo>) -> Vec<u32> {
        let names = info.and_then(|info| info.value.as_array());
        let names = names.into_iter().flatten().filter_map(|name| name.as_str());
        let id = |name: &str| self.data.values().find(|datum| &*datum.name == name);
        names.filter_map(id).map(|datum| datum.id).collect()
    }
}

fn fallback<'a>(attribute: &'static Attribute) -> Option<Object<'a>> {
    Some(match (attribute.default, attribute.kind) {
        (_, Kind::Internal) => return None,
        (Fallback::Bool(value), _) => Object::Bool(value),
        (Fallback::Int(number), _) => Object::Int(number),
        (Fallback::Text(text), _) => Object::text(text),
        (Fallback::Member(name), Kind::Enum(e)) => Object::Member(e, e.position(name)?),
        (Fallback::Member(name), _) => Object::text(name),
        (Fallback::Nothing, _) => Object::Nothing,
        (Fallback::Empty, Kind::DataSet) => Object::DataSet(Vec::new()),
        (Fallback::Empty, Kind::Ints) => Object::Set(Vec::new()),
        (Fallback::Empty, _) => Object::List(Vec::new()),
        (Fallback::LevelZero, _) => Object::Set(vec![Object::Int(0)]),
    })
}

fn levels<'a>(levels: &[i64]) -> Object<'a> {
    Object::Set(levels.iter().copied().map(Object::Int).collect())
}

fn assumptions(all: &[crate::report::AssumptionInfo]) -> Object<'_> {
    Object::List(all.iter().map(Object::Assumption).collect())
}

/// A severity in pytm's words.
fn pytm_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Very High",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Very Low",
    }
}

/// A likelihood in pytm's words; unknown is empty there.
fn likelihood(word: &str) -> String {
    match word {
        "high" => "High",
        "medium" => "Medium",
        "low" => "Low",
        _ => "",
    }
    .to_owned()
}

/// A finding's text as pytm hands it to templates: dollars are escaped for
/// Markdown with formulas, then everything for HTML.
fn for_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '$' if before != '\\' => out.push_str("\\$"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            c => out.push(c),
        }
        before = c;
    }
    out
}
