//! What the model says an element is there for.

use crate::model::vocabulary::Class;
use crate::model::{Attr, ElementId, Model, Origin, Slot};

/// Attributes and controls that mean something only where requests are handled: what
/// has one of them stated is no mere proxy.
const HANDLES: [&str; 28] = [
    "acceptsFileUploads",
    "allowsClientSideScripting",
    "buildsSoftware",
    "checksObjectOwnership",
    "deserializesObjects",
    "encodesOutput",
    "evaluatesInput",
    "fetchesURLs",
    "implementsAPI",
    "implementsCSRFToken",
    "implementsServerSideValidation",
    "isAdminInterface",
    "isFieldDevice",
    "limitsAcceptedFields",
    "limitsReturnedFields",
    "offersTools",
    "runsCommands",
    "runsUserCode",
    "sanitizesInput",
    "sellsScarceGoods",
    "takesPayments",
    "usesJWT",
    "usesParameterizedInput",
    "usesPasswords",
    "usesSessionTokens",
    "usesStrongSessionIdentifiers",
    "usesXMLParser",
    "verifySessionIdentifiers",
];

/// Whether an element can stand between a caller and a program.
pub(super) fn may_pass(class: Class) -> bool {
    [Class::Server, Class::Process, Class::Lambda]
        .iter()
        .any(|able| class.is_a(*able))
}

/// Whether an element runs in the hands of the people who use it: what it checks, they can get
/// around.
pub(super) fn is_client(model: &Model, id: ElementId) -> bool {
    let slot = model.element(id).known(&Attr::named("isClient"));
    slot.is_some_and(|slot| slot.value.is_true())
}

/// Whether the model states something of an element that only one which handles
/// requests itself has.
pub(super) fn handles_requests(model: &Model, id: ElementId) -> bool {
    let element = model.element(id);
    HANDLES.iter().any(|name| {
        let attr = Attr::named(name);
        let is_said = |slot: &&Slot| slot.origin == Origin::Declared;
        // That it takes no uploads tells nothing; who speaks of a control has a program in mind.
        let has = |slot: &Slot| slot.value.is_true();
        element.slots.get(&attr).filter(is_said).is_some_and(has)
            || element.controls.get(&attr).as_ref().is_some_and(is_said)
    })
}
