//! Layer `read`: what the words of threatcl mean here.

use crate::model::vocabulary::Class::{Boundary, Dataflow, Datastore, ExternalEntity, Process};
use crate::read::translate::words::{Fact, Table, class, says};

use Fact::Is;

/// Every table.
pub static TABLES: &[&Table] = &[&BLOCKS, &CLASSIFICATIONS];

/// Blocks of a data flow diagram.
pub static BLOCKS: Table = Table {
    title: "Block of a data flow diagram",
    words: &[
        class(Process, &["process"], &[]),
        class(Datastore, &["data_store"], &[]),
        class(ExternalEntity, &["external_element"], &[]),
        class(Boundary, &["trust_zone"], &[]),
        class(Dataflow, &["flow"], &[]),
    ],
};

/// Information assets.
pub static CLASSIFICATIONS: Table = Table {
    title: "`information_classification` of an information asset",
    words: &[
        says(&["public"], &[("classification", Is("PUBLIC"))]),
        says(&["confidential"], &[("classification", Is("SENSITIVE"))]),
        says(&["restricted"], &[("classification", Is("SECRET"))]),
    ],
};

/// How likely a threat is and what it would do, from the least on.
pub const LEVELS: [&str; 5] = ["very_low", "low", "medium", "high", "very_high"];

/// Severities that an author states.
pub const SEVERITIES: [&str; 5] = ["info", "low", "medium", "high", "critical"];

/// The severity of a threat: a row for each likelihood, in it one for each impact.
pub const MATRIX: [[&str; 5]; 5] = [
    ["info", "info", "low", "low", "medium"],
    ["info", "low", "low", "medium", "high"],
    ["low", "low", "medium", "high", "high"],
    ["low", "medium", "high", "high", "critical"],
    ["low", "medium", "high", "critical", "critical"],
];

/// Attributes that are documentation: where one of them is not known without evaluating
/// something, no threat depends on it.
pub const DOCUMENTATION: [&str; 25] = [
    "author",
    "content",
    "control",
    "created_at",
    "description",
    "diagram_link",
    "impacts",
    "implementation_notes",
    "infrastructure",
    "initiative_size",
    "internet_facing",
    "link",
    "new_initiative",
    "open_source",
    "paying_customer",
    "rationale",
    "ref",
    "repository",
    "risk_reduction",
    "saas",
    "source",
    "stride",
    "updated_at",
    "uptime_dependency",
    "uptime_notes",
];
