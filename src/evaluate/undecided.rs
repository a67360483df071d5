//! Layer `evaluate`: outcomes that rest on what could not be read (docs/semantics.md §6).

use crate::model::{Attr, ElementId, Model, Origin, Owner, Slots};
use crate::notice::{Notice, code};
use crate::rules::Text;

/// What could not be read, and the element on which a rule rests on it.
pub(super) type Unread = (ElementId, Vec<(Owner, Attr)>);

/// Whether anything was said that cannot be read: only then must every rule be
/// judged a second time, with it unknown (docs/semantics.md §6).
pub(super) fn has_unread(model: &Model) -> bool {
    let unread = |slots: &Slots| slots.iter().any(|(_, slot)| slot.origin == Origin::Unread);
    model
        .elements
        .iter()
        .any(|e| unread(&e.slots) || unread(&e.controls))
        || model.data.iter().any(|d| unread(&d.slots))
}

/// How many rules an error names.
const MOST_RULES: usize = 4;

/// Whether an error says already why one of these could not be read.
pub(super) fn is_told(model: &Model, (_, unread): &Unread) -> bool {
    unread.iter().any(|(owner, attr)| {
        let slot = model.slot(*owner, attr);
        let place = slot.and_then(|slot| slot.place.as_ref());
        place.is_some_and(|place| model.told.contains(place))
    })
}

/// The error about outcomes that rest on something that could not be read.
pub(super) fn tell_undecided(model: &Model, (id, unread): &Unread, rules: &[Text]) -> Notice {
    let element = model.element(*id);
    let slot = unread
        .first()
        .and_then(|(owner, attr)| model.slot(*owner, attr));
    let place = slot
        .and_then(|slot| slot.place.clone())
        .unwrap_or_else(|| element.place.clone());
    let names: Vec<_> = unread.iter().map(|(_, attr)| attr.name()).collect();
    let mut ids: Vec<&str> = rules.iter().map(|id| &**id).collect();
    let more = format!("{} more rules", ids.len().saturating_sub(MOST_RULES));
    if ids.len() > MOST_RULES + 1 {
        ids.truncate(MOST_RULES);
        ids.push(&more);
    }
    let (last, first) = ids
        .split_last()
        .map_or(("", &[][..]), |(last, first)| (*last, first));
    let held = match first {
        [] => format!("{last} holds"),
        first => format!("{} and {last} hold", first.join(", ")),
    };
    Notice::error(
        code::UNREAD,
        place,
        format!(
            "whether {held} on {} “{}” depends on {}, which cannot be read without running the model",
            element.class.name(),
            element.name,
            names.join(", ")
        ),
    )
    .with_help("write the value out, or list the model under `models:` with `lenient: true` and a reason")
}
