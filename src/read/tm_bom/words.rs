//! Layer `read`: what the words that the schema of the Threat Model Library lists mean here.

use crate::model::vocabulary::Class::{Actor, ExternalEntity};
use crate::read::translate::words::{Fact, Table, class, says};

use Fact::{Is, No, Yes};

/// Every table.
pub static TABLES: &[&Table] = &[&ACTORS, &STORES, &DATA, &AUTHENTICATION, &ACCESS];

/// Actors.
pub static ACTORS: Table = Table {
    title: "`type` of an actor",
    words: &[
        class(Actor, &["user", "power_user", "engineer"], &[]),
        class(Actor, &["administrator"], &[("isAdmin", Yes)]),
        class(ExternalEntity, &["system", "third_party"], &[]),
    ],
};

/// Stores.
pub static STORES: Table = Table {
    title: "`type` of a data store",
    words: &[
        says(&["sql"], &[("kind", Is("RELATIONAL")), ("isSQL", Yes)]),
        says(
            &["key_value", "document"],
            &[("kind", Is("DOCUMENT")), ("isSQL", No)],
        ),
        says(&["object"], &[("kind", Is("OBJECTS")), ("isSQL", No)]),
        says(&["graph", "time_series"], &[("isSQL", No)]),
    ],
};

/// Data sets. Of several sorts the most confidential counts.
pub static DATA: Table = Table {
    title: "`data_sensitivity` of a data set",
    words: &[
        says(&["op", "biz"], &[("classification", Is("RESTRICTED"))]),
        says(
            &["pii"],
            &[("classification", Is("SENSITIVE")), ("isPII", Yes)],
        ),
        says(&["fin", "ip"], &[("classification", Is("SENSITIVE"))]),
        says(
            &["phi"],
            &[
                ("classification", Is("SECRET")),
                ("isPII", Yes),
                ("isSpecialCategory", Yes),
            ],
        ),
        says(
            &["cred"],
            &[("classification", Is("SECRET")), ("isCredentials", Yes)],
        ),
        says(&["pci", "gov"], &[("classification", Is("SECRET"))]),
    ],
};

/// Methods between two zones, for the flows from one to the other.
pub static AUTHENTICATION: Table = Table {
    title: "`authentication_methods` of a trust boundary, for the flows across it",
    words: &[
        says(&["none"], &[("controls.authenticatesSource", No)]),
        says(
            &[
                "password",
                "otp",
                "challenge_response",
                "public_key",
                "token",
                "biometrics",
                "sso",
                "social",
            ],
            &[("controls.authenticatesSource", Yes)],
        ),
    ],
};

/// The same for access control.
pub static ACCESS: Table = Table {
    title: "`access_control_methods` of a trust boundary, for the flows across it",
    words: &[
        says(&["none"], &[("controls.authorizesSource", No)]),
        says(
            &["acl", "rbac", "mac", "dac", "abac"],
            &[("controls.authorizesSource", Yes)],
        ),
    ],
};

/// Levels of risks, from the mildest to the worst, with what they are here.
pub const LEVELS: [(&str, &str); 6] = [
    ("very_low", "low"),
    ("low", "low"),
    ("medium", "medium"),
    ("high", "high"),
    ("very_high", "high"),
    ("critical", "critical"),
];
