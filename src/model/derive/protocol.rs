//! What the name of a flow's protocol says, as attributes that rules read; and
//! what the kind of code says about memory.

use super::derived;
use crate::model::vocabulary::{Class, Enumeration};
use crate::model::{Attr, ElementId, Model, Origin, Slot, Value, protocols};

/// Gives a flow whose protocol is said `isEncryptedProtocol` and `protocolKind`.
/// A protocol that cannot be read leaves both unread. Only our own rules read
/// them, so what pytm's rules find stays as it is.
pub(super) fn classify(model: &mut Model, flow: ElementId) {
    let Some(said) = said(model, flow, "protocol") else {
        return;
    };
    let name = said.value.as_text().unwrap_or_default();
    let encrypted = Value::Bool(protocols::is_encrypted(name));
    let kind = protocols::kind(name);
    let kind = Enumeration::named("ProtocolKind")
        .and_then(|of| Some(Value::Member(of, of.position(kind)?)));
    let values = [
        ("isEncryptedProtocol", Some(encrypted)),
        ("protocolKind", kind),
    ];
    for (attribute, value) in values {
        if let Some(value) = value {
            let from = Slot {
                value,
                ..said.clone()
            };
            model
                .element_mut(flow)
                .slots
                .derive(Attr::named(attribute), &from);
        }
    }
}

/// Code that is *said* to be unmanaged manages memory itself. pytm's default of
/// a Process is no statement.
pub(super) fn memory(model: &mut Model) {
    let programs: Vec<ElementId> = model
        .ids()
        .filter(|&id| model.element(id).class.is_a(Class::Asset))
        .collect();
    for id in programs {
        let Some(said) = said(model, id, "codeType") else {
            continue;
        };
        let unmanaged = said.value.as_text() == Some("Unmanaged");
        let from = Slot {
            origin: said.origin,
            ..derived(Value::Bool(unmanaged), said.place)
        };
        model
            .element_mut(id)
            .slots
            .derive(Attr::named("isMemoryUnsafe"), &from);
    }
}

/// What somebody said, here or where it was taken over from.
fn said(model: &Model, id: ElementId, name: &str) -> Option<Slot> {
    let slot = model.element(id).named(name)?;
    (slot.origin != Origin::Default).then(|| slot.clone())
}
