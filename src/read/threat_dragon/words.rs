//! Layer `read`: what the shapes and boxes to tick of Threat Dragon mean here.

use crate::model::vocabulary::Class::{Actor, Boundary, Dataflow, Datastore, Process, Server};
use crate::read::translate::words::{Fact, Table, class, says};

use Fact::{Is, Yes};

/// Every table.
pub static TABLES: &[&Table] = &[&SHAPES, &TICKED, &ENCRYPTED, &PUBLIC];

/// Shapes by the type of their cell.
pub static SHAPES: Table = Table {
    title: "Shape",
    words: &[
        class(Actor, &["tm.actor"], &[]),
        class(Process, &["tm.process"], &[]),
        class(Server, &["tm.process with iswebapplication"], &[]),
        class(Datastore, &["tm.store"], &[]),
        class(Dataflow, &["tm.flow"], &[]),
        class(Boundary, &["tm.boundary", "tm.boundarybox"], &[]),
    ],
};

/// The boxes that people tick, where they are ticked. One that is not says nothing: that is
/// how Threat Dragon writes what nobody thought of.
pub static TICKED: Table = Table {
    title: "Ticked property",
    words: &[
        says(&["isalog"], &[("storesLogData", Yes), ("kind", Is("LOGS"))]),
        says(&["storescredentials"], &[("holdsSecrets", Yes)]),
        says(&["issigned"], &[("controls.providesIntegrity", Yes)]),
        says(&["iswebapplication"], &[("allowsClientSideScripting", Yes)]),
        says(&["handlescardpayment"], &[("takesPayments", Yes)]),
        says(&["handlesgoodsorservices"], &[("sellsScarceGoods", Yes)]),
    ],
};

/// The same for `isEncrypted`, which means another thing for a store than for a flow.
pub static ENCRYPTED: Table = Table {
    title: "Ticked `isEncrypted`",
    words: &[
        says(&["tm.store"], &[("controls.isEncryptedAtRest", Yes)]),
        says(&["tm.flow"], &[("controls.isEncrypted", Yes)]),
    ],
};

/// What a flow over a public network says about the element that it leads to.
pub static PUBLIC: Table = Table {
    title: "Ticked `isPublicNetwork` of a flow, for its target",
    words: &[says(&["ispublicnetwork"], &[("isInternetFacing", Yes)])],
};

/// States of threats, with the words of answers.
pub const STATES: [(&str, &str); 4] = [
    ("mitigated", "mitigated"),
    ("notapplicable", "false-positive"),
    ("not applicable", "false-positive"),
    ("n/a", "false-positive"),
];

/// Severities; others say nothing.
pub const SEVERITIES: [(&str, &str); 4] = [
    ("critical", "critical"),
    ("high", "high"),
    ("medium", "medium"),
    ("low", "low"),
];
