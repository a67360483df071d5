//! What models say against findings, and what they leave out of judgement.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Kind, Subject, Weakenings};
use crate::config::Policy;
use crate::day::Day;
use crate::finding::{By, Status};
use crate::model::vocabulary::Class;
use crate::model::{Element, ElementId, Model, Origin, Slot, Value};
use crate::source::Place;
use crate::triage::claims::{About, Claim, Claims};
use crate::triage::pairs::Elements;

/// A policy, and the day that last days are compared with.
#[derive(Clone, Copy)]
pub struct Standing<'a> {
    /// What claims must say to count.
    pub policy: &'a Policy,
    /// The day.
    pub today: Day,
}

/// Compares a model with what it was; with nothing, where it is new.
pub fn compare(
    model: &Model,
    then: Option<&Model>,
    (here, there): (Standing<'_>, Standing<'_>),
    weakenings: &mut Weakenings,
) {
    let Some(then) = then else {
        claims(model, None, here, there, weakenings);
        left_out(model, weakenings);
        return;
    };
    let [elements, _] = Elements::both(then, model);
    claims(model, Some(&elements), here, there, weakenings);
    // What an included file says, it says itself.
    for id in model.own_ids() {
        let before = elements.same(id);
        scope(model, id, before.map(|id| then.element(id)), weakenings);
        trust(model, id, before, &elements, weakenings);
    }
    ignored(model, then, weakenings);
}

/// What tells claims apart: channel, element, rule, status.
type Key<'a> = (By, Option<Who>, &'a str, Option<Status>);

/// Which element: one of the base, or a new one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Known(ElementId),
    New(ElementId),
}

fn key<'a>(model: &'a Model, claim: &Claim<'a>, who: impl Fn(ElementId) -> Who) -> Key<'a> {
    let element = claim.element.map(who);
    let rule = match claim.about {
        About::Rule(said) | About::Override(_, said) => &*said.text,
        About::Threat(at) => claim
            .element
            .and_then(|id| model.element(id).threats.get(at as usize))
            .map_or("", |threat| &threat.title.text),
    };
    (claim.by, element, rule, claim.status)
}

/// Whether a claim counts, and stands where it is written.
fn counts(model: &Model, claim: &Claim<'_>) -> bool {
    let inherited = |at: u32| {
        let element = claim.element.map(|id| model.element(id));
        element
            .and_then(|element| element.overrides.get(at as usize))
            .is_some_and(|overriding| overriding.inherited)
    };
    claim.objection.is_none()
        && claim.status.is_some()
        && !matches!(claim.about, About::Override(at, _) if inherited(at))
}

/// Claims that were not there, or did not count.
fn claims(
    model: &Model,
    then: Option<&Elements<'_>>,
    here: Standing<'_>,
    there: Standing<'_>,
    weakenings: &mut Weakenings,
) {
    let now = Claims::of(model, here.policy, here.today);
    // With the last day of each.
    let mut known: BTreeMap<Key<'_>, VecDeque<Option<Day>>> = BTreeMap::new();
    let before = then.map(|then| {
        let claims = Claims::of(then.model, there.policy, there.today);
        (then.model, claims)
    });
    if let Some((then, claims)) = &before {
        for claim in claims.all.iter().filter(|claim| counts(then, claim)) {
            let of_key = known.entry(key(then, claim, Who::Known)).or_default();
            of_key.push_back(claim.until);
        }
    }
    let who = |id| {
        let before = then.and_then(|then| then.same(id));
        before.map_or(Who::New(id), Who::Known)
    };
    // One comment or assumption may name several rules: it is one change.
    let mut added: BTreeMap<(&Place, By), (Option<ElementId>, Vec<String>, &str)> = BTreeMap::new();
    let is_own = |claim: &&Claim<'_>| claim.element.is_none_or(|id| model.home(id).is_none());
    for claim in now
        .all
        .iter()
        .filter(|claim| counts(model, claim))
        .filter(is_own)
    {
        let key = key(model, claim, who);
        let before = known.get_mut(&key).and_then(VecDeque::pop_front);
        let mut rule = key.2.to_owned();
        match before {
            None => {}
            Some(Some(was)) if claim.until.is_none_or(|is| is > was) => {
                rule += &format!(", for longer than until {was},");
            }
            Some(_) => continue,
        }
        let one =
            added
                .entry((claim.place, claim.by))
                .or_insert((claim.element, Vec::new(), claim.text));
        one.1.push(rule);
    }
    for ((place, by), (element, rules, text)) in added {
        let kind = match by {
            By::Inline => Kind::Inline,
            By::Assumption => Kind::Assumption,
            _ => Kind::Response,
        };
        let subject =
            element.map_or_else(|| Subject::model(model), |id| Subject::element(model, id));
        let rules = rules.join(", ");
        let what = match by {
            By::Inline => format!("{rules} excluded: {text}"),
            By::Assumption => format!("{rules} excluded by “{text}”"),
            _ => format!("{rules} answered: {text}"),
        };
        let message = format!("{} “{}”: {what}", subject.class, subject.name);
        weakenings.add(kind, subject, place.clone(), &rules, message);
    }
}

/// Elements that are out of scope and were not.
fn scope(model: &Model, id: ElementId, before: Option<&Element>, weakenings: &mut Weakenings) {
    let element = model.element(id);
    if element.in_scope() || before.is_some_and(|before| !before.in_scope()) {
        return;
    }
    let said = element.named("inScope").and_then(|slot| slot.place.clone());
    let message = format!(
        "{} “{}” is out of scope{}",
        element.class.name(),
        element.name,
        if before.is_some() {
            ", and was not"
        } else {
            " from its beginning"
        }
    );
    weakenings.add(
        Kind::Scope,
        Subject::element(model, id),
        said.unwrap_or_else(|| element.place.clone()),
        "inScope",
        message,
    );
}

/// What a new model leaves out of judgement from its beginning: one line, for it
/// may be all of it.
fn left_out(model: &Model, weakenings: &mut Weakenings) {
    let judged: BTreeSet<ElementId> = model.judged.iter().copied().collect();
    let left = |id: &ElementId| !judged.contains(id) || !model.element(*id).in_scope();
    let mut out = model.own_ids().filter(left);
    let Some(first) = out.next() else { return };
    let count = 1 + out.count();
    let element = model.element(first);
    let said = element.named("inScope").filter(|_| !element.in_scope());
    let said = said.or_else(|| model.slots.named("ignoreUnused"));
    let message = format!(
        "“{}” is new, and {count} of its {} elements are not judged from its beginning",
        model.name,
        model.own_ids().count()
    );
    weakenings.add(
        Kind::Scope,
        Subject::model(model),
        said.and_then(|slot| slot.place.clone())
            .unwrap_or_else(|| element.place.clone()),
        "new",
        message,
    );
}

/// `ignoreUnused` that was not there leaves elements out.
fn ignored(model: &Model, then: &Model, weakenings: &mut Weakenings) {
    fn of(model: &Model) -> Option<&Slot> {
        model
            .slots
            .named("ignoreUnused")
            .filter(|slot| slot.value.is_true())
    }
    let (Some(slot), None) = (of(model), of(then)) else {
        return;
    };
    let judged: BTreeSet<ElementId> = model.judged.iter().copied().collect();
    let left = model.ids().filter(|id| !judged.contains(id)).count();
    let message = format!(
        "“{}” ignores what no flow uses: {left} of its elements are not judged",
        model.name
    );
    let place = slot.place.clone().unwrap_or_else(|| model.place.clone());
    weakenings.add(
        Kind::Scope,
        Subject::model(model),
        place,
        "ignoreUnused",
        message,
    );
}

/// Boundaries that are trusted more, and elements that moved to where trust is
/// higher. Where one boundary became more trusted, what lies in it, and what takes
/// its trust from it, is not reported again.
fn trust(
    model: &Model,
    id: ElementId,
    before: Option<ElementId>,
    elements: &Elements<'_>,
    weakenings: &mut Weakenings,
) {
    let (Some(before), then) = (before, elements.model) else {
        return;
    };
    let element = model.element(id);
    let zone = element.class.is_a(Class::Boundary);
    let (now, was) = if zone {
        (own_trust(element), own_trust(then.element(before)))
    } else {
        (trust_around(model, id), trust_around(then, before))
    };
    let own = |attribute: &str| {
        let slot = element.named(attribute);
        slot.filter(|slot| slot.origin == Origin::Declared)
    };
    let moved = !stays(model, id, elements, before);
    let withdrawn = || {
        let said = then.element(before).named("trust");
        said.is_some_and(|slot| slot.origin == Origin::Declared)
    };
    if now.0 <= was.0 || !(moved || zone && (own("trust").is_some() || withdrawn())) {
        return;
    }
    let (attribute, slot) = match own("trust").filter(|_| zone) {
        Some(slot) => ("trust", Some(slot)),
        None if moved => ("inBoundary", own("inBoundary")),
        None => ("trust", None),
    };
    let message = format!(
        "{} “{}”: trust was {} and is {}",
        element.class.name(),
        element.name,
        was.1,
        now.1
    );
    weakenings.add(
        Kind::Trust,
        Subject::element(model, id),
        slot.and_then(|slot| slot.place.clone())
            .unwrap_or_else(|| element.place.clone()),
        attribute,
        message,
    );
}

/// Whether an element lies in the boundary in which it lay.
fn stays(model: &Model, id: ElementId, then: &Elements<'_>, before: ElementId) -> bool {
    let around = |model: &Model, id| model.linked(id, "inBoundary");
    match (around(model, id), around(then.model, before)) {
        (Some(now), Some(was)) => then.same(now) == Some(was),
        (now, was) => now == was,
    }
}

/// How much a boundary is trusted: the rank, and the word for it. Nobody's word is
/// more than UNTRUSTED, which rules hold against whatever comes from there.
fn own_trust(element: &Element) -> (u8, &'static str) {
    match element.named("trust").map(|slot| &slot.value) {
        Some(Value::Member(e, at)) => {
            let word = e.members[*at as usize].0;
            match word {
                "UNTRUSTED" => (0, word),
                "UNKNOWN" => (1, word),
                _ => (*at + 1, word),
            }
        }
        _ => (1, "UNKNOWN"),
    }
}

/// The trust of the nearest boundary that states one.
fn trust_around(model: &Model, id: ElementId) -> (u8, &'static str) {
    let around = model.boundaries(id).into_iter();
    around
        .map(|id| own_trust(model.element(id)))
        .find(|trust| trust.1 != "UNKNOWN")
        .unwrap_or((1, "UNKNOWN"))
}
