//! Layer `convert`: the threats of a TM-BOM, with the controls and risks that name them.

use serde_json::{Value as Json, json};

use super::words::thing;

/// Who carries out threats: the schema wants somebody.
pub(super) const ANYONE: &str = "anyone";

/// Threats, with what names them.
#[derive(Default)]
pub(super) struct Threats {
    threats: Vec<Json>,
    controls: Vec<Json>,
    risks: Vec<Json>,
}

/// A threat that the format has words for.
pub(super) struct Stated<'t> {
    title: &'t str,
    severity: Option<&'t str>,
    /// What mitigates it.
    control: Option<&'t str>,
}

impl<'t> Stated<'t> {
    /// A threat as a native model says it; `None` if it says what the format has no words for.
    pub(super) fn of(threat: &'t Json) -> Option<Self> {
        let mut stated = Self {
            title: "",
            severity: None,
            control: None,
        };
        if let Some(title) = threat.as_str() {
            stated.title = title;
            return Some(stated);
        }
        for (name, said) in threat.as_object()? {
            let said = said.as_str()?;
            match name.as_str() {
                "title" => stated.title = said,
                "severity" if ["low", "medium", "high", "critical"].contains(&said) => {
                    stated.severity = Some(said);
                }
                "response" => {
                    let control = said.strip_prefix("mitigated: ")?;
                    if control.is_empty() || control.trim() != control {
                        return None;
                    }
                    stated.control = Some(control);
                }
                _ => return None,
            }
        }
        Some(stated)
    }
}

impl Threats {
    /// Adds a threat of an element.
    pub(super) fn add(&mut self, element: &str, threat: &Stated<'_>) {
        let number = self.threats.len() + 1;
        let name = format!("threat-{number}");
        let item = |kind: &str, title: &str| thing(&format!("{kind}-{number}"), title, None);
        let mut stated = item("threat", threat.title);
        stated.insert("components_affected".into(), json!([element]));
        stated.insert("threat_persona".into(), ANYONE.into());
        stated.insert("event".into(), "".into());
        stated.insert("sources".into(), json!(["adversary"]));
        self.threats.push(stated.into());
        if let Some(control) = threat.control {
            let mut control = item("control", control);
            control.insert("threats".into(), json!([name]));
            control.insert("status".into(), "active".into());
            control.insert("priority".into(), "none".into());
            self.controls.push(control.into());
        }
        if let Some(level) = threat.severity {
            let mut risk = item("risk", threat.title);
            let (likelihood, impact, score) = match level {
                "low" => ("unlikely", "minor", 4),
                "medium" => ("possible", "moderate", 9),
                "high" => ("likely", "major", 16),
                _ => ("certain", "severe", 25),
            };
            risk.insert("threats".into(), json!([name]));
            risk.insert("likelihood".into(), likelihood.into());
            risk.insert("impact".into(), impact.into());
            risk.insert("impact_description".into(), "".into());
            risk.insert("score".into(), score.into());
            risk.insert("level".into(), level.into());
            self.risks.push(risk.into());
        }
    }
    /// The sections that hold them; none where nothing is stated.
    pub(super) fn into_sections(self) -> Vec<(&'static str, Vec<Json>)> {
        if self.threats.is_empty() {
            return Vec::new();
        }
        let mut anyone = thing(ANYONE, "Anyone", None);
        for (name, value) in [
            ("is_person", Json::from(true)),
            ("skill_level", "engineer".into()),
            ("access_level", "anonymous".into()),
            ("malicious_intent", true.into()),
            ("applicability_to_org", "moderate".into()),
        ] {
            anyone.insert(name.into(), value);
        }
        vec![
            ("threat_personas", vec![anyone.into()]),
            ("threats", self.threats),
            ("controls", self.controls),
            ("risks", self.risks),
        ]
    }
}
