//! Layer `read`: what the shapes, stencils and properties of the Threat Modeling Tool mean
//! here.
//!
//! The names are those of its templates, the one for any system and the one for Azure.

use crate::model::vocabulary::Class::{
    Actor, Boundary, Dataflow, Datastore, ExternalEntity, Lambda, Process, Server,
};
use crate::read::translate::words::{Fact, Table, class, says};

use Fact::{Is, No, Yes};

/// Every table.
pub static TABLES: &[&Table] = &[&SHAPES, &STENCILS, &BOUNDARIES, &FLOWS, &PROPERTIES];

/// Shapes.
pub static SHAPES: Table = Table {
    title: "Shape",
    words: &[
        class(ExternalEntity, &["stencilrectangle"], &[]),
        class(Process, &["stencilellipse"], &[]),
        class(Datastore, &["stencilparallellines"], &[]),
        class(Dataflow, &["connector"], &[]),
        class(Boundary, &["borderboundary", "lineboundary"], &[]),
    ],
};

/// Stencils by the name that the template gives them.
pub static STENCILS: Table = Table {
    title: "Stencil",
    words: &[
        class(
            Actor,
            &[
                "human user",
                "user",
                "browser",
                "mobile client",
                "dynamics crm mobile client",
                "dynamics crm outlook client",
            ],
            &[],
        ),
        class(
            ExternalEntity,
            &[
                "generic external interactor",
                "external web application",
                "external web service",
                "megaservice",
                "windows runtime",
                "windows .net runtime",
                "windows rt runtime",
            ],
            &[],
        ),
        class(
            ExternalEntity,
            &["authorization provider"],
            &[("isIdentityProvider", Yes)],
        ),
        class(
            Process,
            &[
                "generic process",
                "os process",
                "thread",
                "kernel thread",
                "native application",
                "managed application",
                "win32 service",
                "virtual machine",
                "host",
                "applications running on a non microsoft os",
                "azure web job",
                "azure data factory",
                "azure data explorer",
                "azure ml",
                "azure stream analytics",
            ],
            &[],
        ),
        class(
            Process,
            &[
                "thick client",
                "browser client",
                "browser and activex plugins",
                "windows store process",
            ],
            &[("isClient", Yes)],
        ),
        class(
            Process,
            &["iot device", "iot field gateway"],
            &[("isFieldDevice", Yes)],
        ),
        class(
            Server,
            &[
                "web server",
                "web application",
                "azure app service web app",
                "dynamics crm",
                "dynamics crm portal",
            ],
            &[("allowsClientSideScripting", Yes)],
        ),
        class(
            Server,
            &[
                "web service",
                "web api",
                "azure app service api app",
                "azure app service mobile app",
            ],
            &[("implementsAPI", Yes)],
        ),
        class(
            Server,
            &["wcf"],
            &[("implementsAPI", Yes), ("usesXMLParser", Yes)],
        ),
        class(
            Server,
            &["adfs", "azure ad", "identity server"],
            &[("isIdentityProvider", Yes)],
        ),
        class(Server, &["azure traffic manager"], &[("isProxy", Yes)]),
        class(Server, &["iot cloud gateway"], &[]),
        class(Lambda, &["azure logic apps"], &[("onAWS", No)]),
        class(Datastore, &["generic data store"], &[]),
        class(
            Datastore,
            &[
                "sql database",
                "database",
                "azure sql database",
                "azure sql data warehouse database",
                "azure database for mysql",
                "azure database for postgresql",
            ],
            &[("kind", Is("RELATIONAL")), ("isSQL", Yes)],
        ),
        class(
            Datastore,
            &[
                "non relational database",
                "nosql database",
                "azure cosmos db",
            ],
            &[("kind", Is("DOCUMENT")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["cache", "azure redis cache"],
            &[("kind", Is("CACHE")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["azure event hub"],
            &[("kind", Is("QUEUE")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["cloud storage", "azure storage"],
            &[("kind", Is("OBJECTS")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["file system", "configuration file", "registry hive"],
            &[("kind", Is("FILES")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["azure key vault"],
            &[
                ("kind", Is("SECRETS")),
                ("isSQL", No),
                ("holdsSecrets", Yes),
            ],
        ),
        class(
            Datastore,
            &["html5 local storage", "cookies"],
            &[("isSQL", No), ("isClient", Yes)],
        ),
        class(Datastore, &["device"], &[("isSQL", No)]),
    ],
};

/// Boundaries by the name that the template gives them.
pub static BOUNDARIES: Table = Table {
    title: "Trust boundary",
    words: &[
        says(
            &["corpnet trust boundary", "company trust boundary"],
            &[("trust", Is("INTERNAL"))],
        ),
        says(&["remote user zone"], &[("trust", Is("UNTRUSTED"))]),
    ],
};

/// Flows by the name that the template gives them.
pub static FLOWS: Table = Table {
    title: "Data flow",
    words: &[
        says(&["http"], &[("protocol", Is("HTTP"))]),
        says(&["https"], &[("protocol", Is("HTTPS"))]),
        says(&["ipsec"], &[("protocol", Is("IPsec"))]),
        says(&["smb"], &[("protocol", Is("SMB"))]),
        says(&["udp"], &[("protocol", Is("UDP"))]),
        says(&["rpc or dcom"], &[("protocol", Is("RPC"))]),
        says(
            &["alpc", "named pipe", "ioctl interface"],
            &[("protocol", Is("IPC"))],
        ),
        says(&["response"], &[("isResponse", Yes)]),
    ],
};

/// Properties with what was chosen. A choice that stands first says nothing: that is how the
/// tool writes what nobody thought of.
pub static PROPERTIES: Table = Table {
    title: "Property, and what is chosen",
    words: &[
        class(Actor, &["type: human"], &[]),
        says(&["type: code"], &[]),
        says(
            &["providesconfidentiality: yes"],
            &[("controls.isEncrypted", Yes)],
        ),
        says(
            &["providesconfidentiality: no"],
            &[("controls.isEncrypted", No)],
        ),
        says(
            &["providesintegrity: yes", "signed: yes"],
            &[("controls.providesIntegrity", Yes)],
        ),
        says(
            &["providesintegrity: no", "signed: no"],
            &[("controls.providesIntegrity", No)],
        ),
        says(
            &["authenticatessource: yes"],
            &[("controls.authenticatesSource", Yes)],
        ),
        says(
            &["authenticatessource: no"],
            &[("controls.authenticatesSource", No)],
        ),
        says(
            &["authenticatesdestination: yes"],
            &[("controls.authenticatesDestination", Yes)],
        ),
        says(
            &["authenticatesdestination: no"],
            &[("controls.authenticatesDestination", No)],
        ),
        says(
            &["implementsauthenticationscheme: yes"],
            &[("controls.authenticatesSource", Yes)],
        ),
        says(
            &["implementscustomauthorizationmechanism: yes"],
            &[("controls.authorizesSource", Yes)],
        ),
        says(
            &["implementscommunicationprotocol: yes"],
            &[("implementsCommunicationProtocol", Yes)],
        ),
        says(
            &["hasinputsanitizers: yes"],
            &[("controls.sanitizesInput", Yes)],
        ),
        says(
            &["hasinputsanitizers: no"],
            &[("controls.sanitizesInput", No)],
        ),
        says(
            &["hasoutputsanitizers: yes"],
            &[("controls.encodesOutput", Yes)],
        ),
        says(
            &["hasoutputsanitizers: no"],
            &[("controls.encodesOutput", No)],
        ),
        says(&["codetype: managed"], &[("codeType", Is("Managed"))]),
        says(&["codetype: unmanaged"], &[("codeType", Is("Unmanaged"))]),
        says(
            &[
                "encrypted: yes",
                "azure sql db tde enabled: true",
                "azure sql dw db tde enabled: true",
            ],
            &[("controls.isEncryptedAtRest", Yes)],
        ),
        says(
            &[
                "encrypted: no",
                "azure sql db tde enabled: false",
                "azure sql dw db tde enabled: false",
            ],
            &[("controls.isEncryptedAtRest", No)],
        ),
        says(&["accesstype: yes"], &[("hasWriteAccess", Yes)]),
        says(&["shared: yes"], &[("isShared", Yes)]),
        says(
            &["storescredentials: yes", "creds: yes"],
            &[("holdsSecrets", Yes)],
        ),
        says(
            &["storeslogdata: yes"],
            &[("storesLogData", Yes), ("kind", Is("LOGS"))],
        ),
        says(
            &["storetype: sql relational database"],
            &[("kind", Is("RELATIONAL")), ("isSQL", Yes)],
        ),
        says(
            &["storetype: non relational database"],
            &[("kind", Is("DOCUMENT")), ("isSQL", No)],
        ),
        says(
            &[
                "storetype: file system",
                "storetype: registry",
                "storetype: configuration",
            ],
            &[("kind", Is("FILES")), ("isSQL", No)],
        ),
        says(
            &["storetype: cache"],
            &[("kind", Is("CACHE")), ("isSQL", No)],
        ),
        says(
            &[
                "storetype: html5 storage",
                "storetype: cookie",
                "storetype: device",
            ],
            &[("isSQL", No)],
        ),
        says(
            &["storage type: blob"],
            &[("kind", Is("OBJECTS")), ("isSQL", No)],
        ),
        says(
            &["storage type: file"],
            &[("kind", Is("FILES")), ("isSQL", No)],
        ),
        says(
            &["storage type: queue"],
            &[("kind", Is("QUEUE")), ("isSQL", No)],
        ),
        says(
            &["storage type: table"],
            &[("kind", Is("DOCUMENT")), ("isSQL", No)],
        ),
        says(
            &[
                "processes xml: yes",
                "azure web app processes xml: true",
                "azure api app processes xml: true",
                "azure mobile app processes xml: true",
            ],
            &[("usesXMLParser", Yes)],
        ),
        says(
            &[
                "azure web app cors used: true",
                "azure api app cors used: true",
                "azure mobile app cors used: true",
                "cors enabled: true",
            ],
            &[("allowsCrossOrigin", Yes)],
        ),
        says(
            &["type: web app for containers"],
            &[("runsInContainer", Yes)],
        ),
    ],
};

/// States of threats that answer them. `AutoGenerated`, which the tool shows as not started,
/// and `NeedsInvestigation` leave them open.
pub const STATES: [(&str, &str); 2] = [
    ("Mitigated", "mitigated"),
    ("NotApplicable", "false-positive"),
];

/// Priorities.
pub const SEVERITIES: [(&str, &str); 4] = [
    ("critical", "critical"),
    ("high", "high"),
    ("medium", "medium"),
    ("low", "low"),
];
