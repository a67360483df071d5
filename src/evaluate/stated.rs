//! Layer `evaluate`: threats that a model states in words (docs/semantics.md §1).

use std::sync::Arc;

use crate::condition::Evidence;
use crate::finding::{By, Finding, Fingerprint, Identity, Reason, Status, slug};
use crate::model::vocabulary::Class;
use crate::model::words;
use crate::model::{Attr, DeclaredThreat, Element, ElementId, Model};
use crate::rules::{Layer, Likelihood, Pack, Rule, Severity, Text};

/// The finding for a threat that the model states in words (docs/semantics.md §1);
/// mitigated when what mitigates it is in place.
pub(super) fn declared_threat(
    model: &Model,
    number: u32,
    id: ElementId,
    at: u32,
    threat: &DeclaredThreat,
) -> Finding {
    let rule = stated_rule(model.element(id).class, threat);
    let mitigation = mitigation(model.element(id), threat);
    Finding {
        model: number,
        element: id,
        severity: rule.severity,
        risk: rule.severity,
        fingerprint: Fingerprint::of(&Identity::new(&rule.id, model, id)),
        rule: Arc::new(rule),
        threat: Some(at),
        ordinal: 0,
        overridden: None,
        evidence: Evidence::Declared,
        status: if mitigation.is_some() {
            Status::Mitigated
        } else {
            Status::New
        },
        reason: mitigation.map(Box::new),
        withdrawn: Vec::new(),
        seen: None,
    }
}

/// The rule that a threat in words stands for.
fn stated_rule(class: Class, threat: &DeclaredThreat) -> Rule {
    let severity = threat
        .severity
        .as_ref()
        .and_then(|said| Severity::parse(&said.text));
    Rule {
        id: Text::from(format!("DECLARED/{}", slug(&threat.title.text)).as_str()),
        title: Text::from(&*threat.title.text),
        pack: Pack::Core,
        target: vec![class],
        severity: severity.unwrap_or(Severity::Medium),
        likelihood: Likelihood::Unknown,
        when: Text::Static(""),
        description: Text::Static("The model itself states this threat."),
        mitigation: Text::Static(
            "Put a control in place and name it in `mitigatedBy`, or answer the threat with a response.",
        ),
        example: Text::Static(""),
        references: Vec::new(),
        tags: Vec::new(),
        aliases: Vec::new(),
        group: None,
        differs_from_pytm: None,
        since: Text::Static("0.1"),
        layer: Layer::Declared,
        place: Some(threat.place.clone()),
        only_warns: false,
    }
}

/// What mitigates a threat in words: all that `mitigatedBy` names, or a control
/// that the table links to the title.
fn mitigation(element: &Element, threat: &DeclaredThreat) -> Option<Reason> {
    let slot = |name: &str| {
        let attr = Attr::named(name.strip_prefix("controls.").unwrap_or(name));
        let slot = element.control(&attr).or_else(|| element.read(&attr))?;
        slot.value.is_true().then_some(slot)
    };
    let said = |words: &str| {
        element
            .claims
            .iter()
            .find(|claim| &*claim.words.text == words)
    };
    let named: Vec<&str> = threat.mitigated_by.iter().map(|said| &*said.text).collect();
    if !named.is_empty()
        && named
            .iter()
            .all(|name| slot(name).is_some() || said(name).is_some())
    {
        let place = slot(named[0]).and_then(|slot| slot.place.clone());
        let place = place.or_else(|| said(named[0]).map(|claim| claim.words.place.clone()));
        return Some(Reason {
            by: By::Control,
            text: named.join(", ").into(),
            place,
        });
    }
    let settling = words::settles(&threat.title.text);
    let (name, slot) = settling.iter().find_map(|name| Some((name, slot(name)?)))?;
    Some(Reason {
        by: By::Control,
        text: Arc::from(*name),
        place: slot.place.clone(),
    })
}
