//! Elements and what a model says about them beside attributes.

use std::sync::Arc;

use super::value::{Attr, Origin, Slot, Slots};
use super::vocabulary::Class;
use crate::source::Place;

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The text.
    pub text: Arc<str>,
    /// Where it stands.
    pub place: Place,
}

/// One element: an actor, a server, a flow, a boundary, ….
#[derive(Clone, Debug)]
pub struct Element {
    /// Its class: what rules, identities and diagrams know it by.
    pub class: Class,
    /// The name of the model's own class, where it extends one of pytm's.
    pub own_class: Option<Arc<str>>,
    /// The name, as written.
    pub name: Arc<str>,
    /// The constructor call, or the id and body in a native model.
    pub place: Place,
    /// The name's own place (in a native model without `name`, the id's).
    pub name_place: Place,
    /// Call sites of the factory or loop that made it, outermost last.
    pub related: Vec<Place>,
    /// Attributes other than controls, `overrides` and `assumptions`.
    pub slots: Slots,
    /// `controls.*`.
    pub controls: Slots,
    /// Findings whose response or severity the model states itself (docs/semantics.md §4).
    pub overrides: Vec<Override>,
    /// Responses that answer a finding but never force one (native `responses`).
    pub responses: Vec<Response>,
    /// Assumptions about this element.
    pub assumptions: Vec<Assumption>,
    /// Threats in words (docs/semantics.md §1).
    pub threats: Vec<DeclaredThreat>,
    /// Controls in words.
    pub claims: Vec<Claim>,
    /// Inline exclusions that stand on this element (docs/semantics.md §6).
    pub exclusions: Vec<InlineExclusion>,
    /// What proves its controls (docs/semantics.md §5).
    pub proofs: Vec<Proof>,
    /// What names and wiring tell about it beside what is said.
    pub inferred: Vec<Inference>,
}

/// A fact that nobody said and that names or wiring tell. Kept apart from what is
/// said: pytm's own rules, diagrams and comparisons do not know of it.
#[derive(Clone, Debug)]
pub struct Inference {
    /// The attribute.
    pub attr: Attr,
    /// Its value, and whether it follows ([`Origin::Derived`]) or is only likely
    /// ([`Origin::Assumed`]).
    pub slot: Slot,
    /// Why, as the end of a sentence that begins with “because”.
    pub reason: Arc<str>,
}

impl Element {
    /// An element of which only class, name and place are known.
    pub fn new(class: Class, name: &str, place: Place) -> Self {
        Self {
            class,
            own_class: None,
            name: name.into(),
            name_place: place.clone(),
            place,
            related: Vec::new(),
            slots: Slots::default(),
            controls: Slots::default(),
            overrides: Vec::new(),
            responses: Vec::new(),
            assumptions: Vec::new(),
            threats: Vec::new(),
            claims: Vec::new(),
            exclusions: Vec::new(),
            proofs: Vec::new(),
            inferred: Vec::new(),
        }
    }

    /// The class as the model names it, and as pytm shows it: `type(element).__name__`.
    pub fn class_name(&self) -> &str {
        self.own_class.as_deref().unwrap_or(self.class.name())
    }

    /// What holds for an attribute of the element itself: said, derived or
    /// default; `None` if neither the class nor the model has it.
    pub fn read(&self, attr: &Attr) -> Option<&Slot> {
        self.slots.get(attr).or_else(|| attr.default_on(self.class))
    }

    /// As [`Self::read`], with what names and wiring tell where nobody said anything.
    pub fn known(&self, attr: &Attr) -> Option<&Slot> {
        let said = self.read(attr)?;
        match said.origin {
            Origin::Default => Some(self.inference(attr).map_or(said, |i| &i.slot)),
            _ => Some(said),
        }
    }

    /// What names and wiring tell about an attribute of which nothing is said.
    pub fn inference(&self, attr: &Attr) -> Option<&Inference> {
        let own = || self.inferred.iter().find(|i| i.attr == *attr);
        let said = |slots: &Slots| {
            let slot = slots.get(attr);
            slot.is_some_and(|slot| slot.origin != Origin::Default)
        };
        own().filter(|_| !said(&self.slots) && !said(&self.controls))
    }

    /// What holds for a control.
    pub fn control(&self, attr: &Attr) -> Option<&Slot> {
        self.controls
            .get(attr)
            .or_else(|| attr.default_on(Class::Controls))
    }

    /// As [`Self::control`], with what the model's other words tell where nobody stated it.
    pub fn known_control(&self, attr: &Attr) -> Option<&Slot> {
        let said = self.control(attr)?;
        match said.origin {
            Origin::Default => Some(self.inference(attr).map_or(said, |i| &i.slot)),
            _ => Some(said),
        }
    }

    /// What holds for an attribute by name.
    pub fn named(&self, name: &str) -> Option<&Slot> {
        self.read(&Attr::named(name))
    }

    /// Whether the element is judged at all.
    pub fn in_scope(&self) -> bool {
        self.named("inScope")
            .is_none_or(|slot| slot.value.is_true())
    }
}

/// An override of one rule's finding: pytm's `Finding(...)` in `overrides`.
#[derive(Clone, Debug)]
pub struct Override {
    /// The rule's id.
    pub rule: Said,
    /// The whole override.
    pub place: Place,
    /// `response`, if given.
    pub response: Option<Said>,
    /// `severity`, if given, as written.
    pub severity: Option<Said>,
    /// `cvss`, if given.
    pub cvss: Option<Said>,
    /// Other fields that replace the rule's texts (`description`, `details`, `mitigations`, …).
    pub fields: Vec<(Arc<str>, Said)>,
    /// Taken over from the sink or source of a flow (docs/semantics.md §2.4): then it
    /// changes a finding that holds but forces none.
    pub inherited: bool,
}

/// A native model's answer to one finding.
#[derive(Clone, Debug)]
pub struct Response {
    /// The rule's id.
    pub rule: Said,
    /// The answer, such as `mitigated: by the WAF`.
    pub text: Said,
    /// A severity that the answer sets, as written.
    pub severity: Option<Said>,
    /// A CVSS score or vector.
    pub cvss: Option<Said>,
    /// The last day (UTC, `YYYY-MM-DD`) on which it counts.
    pub expires: Option<Said>,
}

/// Something taken for granted, which may exclude rules.
#[derive(Clone, Debug)]
pub struct Assumption {
    /// What is assumed.
    pub name: Said,
    /// Why it may be.
    pub description: Arc<str>,
    /// The rule ids that it rules out.
    pub exclude: Vec<Said>,
    /// The whole assumption.
    pub place: Place,
}

/// A threat that the model states in words.
#[derive(Clone, Debug)]
pub struct DeclaredThreat {
    /// The title.
    pub title: Said,
    /// The severity, if said.
    pub severity: Option<Said>,
    /// Controls that mitigate it when all are in place: names or words.
    pub mitigated_by: Vec<Said>,
    /// The answer, if any.
    pub response: Option<Said>,
    /// The whole threat.
    pub place: Place,
}

impl DeclaredThreat {
    /// Severities as rules and pytm spell them, in lower case.
    pub const SEVERITIES: [&str; 7] = [
        "critical",
        "high",
        "medium",
        "low",
        "info",
        "very high",
        "very low",
    ];

    /// Whether a severity is one of them, in whatever case.
    pub fn knows_severity(said: &str) -> bool {
        Self::SEVERITIES.contains(&said.trim().to_lowercase().as_str())
    }
}

/// A control in words.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The words.
    pub words: Said,
    /// Whether the alias table knows them on this class; what they stand for is
    /// then set in `controls` or `slots`.
    pub understood: bool,
}

/// An exclusion that stands beside the element itself: `# tmrs: exclude[ID, …] reason`, or the
/// key `exclude`.
#[derive(Clone, Debug)]
pub struct InlineExclusion {
    /// Exact rule ids.
    pub rules: Vec<Said>,
    /// Why; may be empty, which policy may forbid.
    pub reason: Arc<str>,
    /// The whole comment or entry.
    pub place: Place,
}

/// `# tmrs: evidence[control, …] where it is proved`, or the key `evidence`.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Names of controls.
    pub controls: Vec<Said>,
    /// A test, a document, a ticket, an address.
    pub text: Arc<str>,
    /// The whole comment or entry.
    pub place: Place,
}
