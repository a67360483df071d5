//! Layer `read`: what Threagile's technologies, protocols and ratings mean here.

use crate::model::vocabulary::Class::{
    Actor, Agent, Datastore, ExternalEntity, LLM, Lambda, Process, Server,
};
use crate::read::translate::words::{Fact, Table, class, says};

use Fact::{Is, No, Yes};

/// Every table.
pub static TABLES: &[&Table] = &[
    &TYPES,
    &TECHNOLOGIES,
    &PROTOCOLS,
    &AUTHENTICATION,
    &AUTHORIZATION,
    &ENCRYPTION,
    &MACHINES,
    &FORMATS,
    &CONFIDENTIALITY,
    &INTEGRITY,
    &AVAILABILITY,
];

/// Types of technical assets, where the technology does not tell more.
pub static TYPES: Table = Table {
    title: "`type` of a technical asset",
    words: &[
        class(ExternalEntity, &["external-entity"], &[]),
        class(
            Actor,
            &["external-entity with used_as_client_by_human"],
            &[],
        ),
        class(Process, &["process"], &[]),
        class(
            Lambda,
            &["process with machine serverless"],
            &[("onAWS", No)],
        ),
        class(Datastore, &["datastore"], &[]),
    ],
};

/// Technologies. A class counts only within the type: a datastore stays one, and so does an
/// external entity.
pub static TECHNOLOGIES: Table = Table {
    title: "`technology`, `technologies`",
    words: &[
        class(
            Process,
            &[
                "unknown-technology",
                "unknown",
                "client-system",
                "client",
                "browser",
                "web-browser",
                "desktop",
                "desktop-system",
                "mobile-app",
                "cli",
                "command-line",
                "command-line-tool",
                "command-line-interface",
                "tool",
                "utility",
                "task",
                "job",
                "batch-processing",
                "scheduler",
                "cron",
                "library",
                "event-listener",
                "mainframe",
            ],
            &[],
        ),
        class(Process, &["devops-client"], &[]),
        class(
            Server,
            &[
                "web-server",
                "web-application",
                "web-app",
                "cms",
                "content-management-system",
                "erp",
                "enterprise-resource-planning",
            ],
            &[("allowsClientSideScripting", Yes)],
        ),
        class(
            Server,
            &[
                "application-server",
                "app-server",
                "ejb",
                "enterprise-java-beans",
                "report-engine",
                "reporting",
                "search-engine",
                "service-registry",
                "service-discovery",
                "monitoring",
                "siem",
                "mail-server",
                "email-server",
                "ids",
                "intrusion-detection-system",
                "stream-processing",
            ],
            &[],
        ),
        class(
            Server,
            &["web-service-rest", "rest-api"],
            &[("implementsAPI", Yes)],
        ),
        class(
            Server,
            &["web-service-soap", "soap-api"],
            &[("implementsAPI", Yes), ("usesXMLParser", Yes)],
        ),
        class(
            Server,
            &[
                "reverse-proxy",
                "load-balancer",
                "lb",
                "gateway",
                "service-mesh",
                "waf",
                "web-application-firewall",
                "ips",
                "intrusion-prevention-system",
            ],
            &[("isProxy", Yes)],
        ),
        class(
            Server,
            &["identity-provider", "idp"],
            &[("usesPasswords", Yes)],
        ),
        class(
            Server,
            &[
                "build-pipeline",
                "ci",
                "continuous-integration",
                "code-inspection-platform",
                "code-inspection",
                "code-analysis",
            ],
            &[("buildsSoftware", Yes)],
        ),
        class(
            Server,
            &["container-platform", "container", "docker", "kubernetes"],
            &[("runsInContainer", Yes)],
        ),
        class(Lambda, &["function"], &[("onAWS", No)]),
        class(Process, &["iot-device", "iot"], &[("isFieldDevice", Yes)]),
        class(LLM, &["large-language-model", "llm"], &[]),
        class(Agent, &["ai-agent"], &[]),
        class(
            Server,
            &[
                "ai",
                "artificial-intelligence",
                "machine-learning",
                "deep-learning",
                "neural-network",
                "ml",
                "dl",
            ],
            &[],
        ),
        class(
            Datastore,
            &["database", "db"],
            &[("kind", Is("RELATIONAL"))],
        ),
        class(
            Datastore,
            &["identity-store-database", "identity-store"],
            &[("kind", Is("DIRECTORY")), ("storesPII", Yes)],
        ),
        class(
            Datastore,
            &["identity-store-ldap", "ldap-server", "ldap"],
            &[
                ("kind", Is("DIRECTORY")),
                ("isSQL", No),
                ("type", Is("LDAP")),
            ],
        ),
        class(
            Datastore,
            &[
                "file-server",
                "file-storage",
                "local-file-system",
                "local-storage",
                "block-storage",
                "san",
            ],
            &[("kind", Is("FILES")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["data-lake", "big-data-platform", "big-data"],
            &[("kind", Is("OBJECTS")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["search-index"],
            &[("kind", Is("SEARCH")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["message-queue", "mq"],
            &[("kind", Is("QUEUE")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &[
                "vault",
                "hashicorp-vault",
                "hsm",
                "hardware-security-module",
            ],
            &[
                ("kind", Is("SECRETS")),
                ("isSQL", No),
                ("holdsSecrets", Yes),
            ],
        ),
        class(
            Datastore,
            &["sourcecode-repository", "git", "artifact-registry"],
            &[("kind", Is("ARTIFACTS")), ("isSQL", No)],
        ),
    ],
};

/// Protocols of communication links.
pub static PROTOCOLS: Table = Table {
    title: "`protocol` of a communication link",
    words: &[
        says(
            &["http"],
            &[("protocol", Is("HTTP")), ("controls.isEncrypted", No)],
        ),
        says(
            &["https"],
            &[("protocol", Is("HTTPS")), ("controls.isEncrypted", Yes)],
        ),
        says(
            &["ws"],
            &[("protocol", Is("WS")), ("controls.isEncrypted", No)],
        ),
        says(
            &["wss"],
            &[("protocol", Is("WSS")), ("controls.isEncrypted", Yes)],
        ),
        says(
            &["reverse-proxy-web-protocol"],
            &[("protocol", Is("HTTP")), ("controls.isEncrypted", No)],
        ),
        says(
            &["reverse-proxy-web-protocol-encrypted"],
            &[("protocol", Is("HTTPS")), ("controls.isEncrypted", Yes)],
        ),
        says(
            &["mqtt"],
            &[("protocol", Is("MQTT")), ("controls.isEncrypted", No)],
        ),
        says(
            &["jdbc"],
            &[("protocol", Is("JDBC")), ("controls.isEncrypted", No)],
        ),
        says(
            &["jdbc-encrypted"],
            &[
                ("protocol", Is("JDBC over TLS")),
                ("controls.isEncrypted", Yes),
            ],
        ),
        says(
            &["odbc"],
            &[("protocol", Is("ODBC")), ("controls.isEncrypted", No)],
        ),
        says(
            &["odbc-encrypted"],
            &[
                ("protocol", Is("ODBC over TLS")),
                ("controls.isEncrypted", Yes),
            ],
        ),
        says(
            &["sql-access-protocol"],
            &[("protocol", Is("SQL")), ("controls.isEncrypted", No)],
        ),
        says(
            &["sql-access-protocol-encrypted"],
            &[
                ("protocol", Is("SQL over TLS")),
                ("controls.isEncrypted", Yes),
            ],
        ),
        says(
            &["nosql-access-protocol"],
            &[("protocol", Is("MongoDB")), ("controls.isEncrypted", No)],
        ),
        says(
            &["nosql-access-protocol-encrypted"],
            &[
                ("protocol", Is("MongoDB over TLS")),
                ("controls.isEncrypted", Yes),
            ],
        ),
        says(&["binary", "text"], &[("controls.isEncrypted", No)]),
        says(
            &["binary-encrypted", "text-encrypted"],
            &[("controls.isEncrypted", Yes)],
        ),
        says(
            &["ssh", "ssh-tunnel"],
            &[("protocol", Is("SSH")), ("controls.isEncrypted", Yes)],
        ),
        says(
            &["smtp"],
            &[("protocol", Is("SMTP")), ("controls.isEncrypted", No)],
        ),
        says(
            &["smtp-encrypted"],
            &[("protocol", Is("SMTPS")), ("controls.isEncrypted", Yes)],
        ),
        says(
            &["pop3"],
            &[("protocol", Is("POP3")), ("controls.isEncrypted", No)],
        ),
        says(
            &["pop3-encrypted"],
            &[("protocol", Is("POP3S")), ("controls.isEncrypted", Yes)],
        ),
        says(
            &["imap"],
            &[("protocol", Is("IMAP")), ("controls.isEncrypted", No)],
        ),
        says(
            &["imap-encrypted"],
            &[("protocol", Is("IMAPS")), ("controls.isEncrypted", Yes)],
        ),
        says(
            &["ftp"],
            &[("protocol", Is("FTP")), ("controls.isEncrypted", No)],
        ),
        says(
            &["ftps"],
            &[("protocol", Is("FTPS")), ("controls.isEncrypted", Yes)],
        ),
        says(
            &["sftp"],
            &[("protocol", Is("SFTP")), ("controls.isEncrypted", Yes)],
        ),
        says(
            &["scp"],
            &[("protocol", Is("SCP")), ("controls.isEncrypted", Yes)],
        ),
        says(
            &["ldap"],
            &[("protocol", Is("LDAP")), ("controls.isEncrypted", No)],
        ),
        says(
            &["ldaps"],
            &[("protocol", Is("LDAPS")), ("controls.isEncrypted", Yes)],
        ),
        says(
            &["jms"],
            &[("protocol", Is("JMS")), ("controls.isEncrypted", No)],
        ),
        says(
            &["nfs"],
            &[("protocol", Is("NFS")), ("controls.isEncrypted", No)],
        ),
        says(
            &["smb"],
            &[("protocol", Is("SMB")), ("controls.isEncrypted", No)],
        ),
        says(
            &["smb-encrypted"],
            &[
                ("protocol", Is("SMB over TLS")),
                ("controls.isEncrypted", Yes),
            ],
        ),
        says(
            &[
                "local-file-access",
                "in-process-library-call",
                "inter-process-communication",
            ],
            &[("protocol", Is("IPC"))],
        ),
        says(&["container-spawning"], &[("protocol", Is("Unix socket"))]),
        says(
            &["nrpe"],
            &[("protocol", Is("NRPE")), ("controls.isEncrypted", No)],
        ),
        says(
            &["xmpp"],
            &[("protocol", Is("XMPP")), ("controls.isEncrypted", No)],
        ),
        says(
            &["iiop"],
            &[("protocol", Is("IIOP")), ("controls.isEncrypted", No)],
        ),
        says(
            &["iiop-encrypted"],
            &[
                ("protocol", Is("IIOP over TLS")),
                ("controls.isEncrypted", Yes),
            ],
        ),
        says(
            &["jrmp"],
            &[("protocol", Is("JRMP")), ("controls.isEncrypted", No)],
        ),
        says(
            &["jrmp-encrypted"],
            &[
                ("protocol", Is("JRMP over TLS")),
                ("controls.isEncrypted", Yes),
            ],
        ),
        says(&["unknown-protocol", "unknown"], &[]),
    ],
};

/// How the caller of a communication link proves who it is.
pub static AUTHENTICATION: Table = Table {
    title: "`authentication` of a communication link",
    words: &[
        says(&["none"], &[("controls.authenticatesSource", No)]),
        says(
            &["credentials"],
            &[
                ("controls.authenticatesSource", Yes),
                ("controls.authenticationScheme", Is("credentials")),
            ],
        ),
        says(
            &["session-id"],
            &[
                ("controls.authenticatesSource", Yes),
                ("controls.authenticationScheme", Is("session")),
                ("usesSessionTokens", Yes),
            ],
        ),
        says(
            &["token"],
            &[
                ("controls.authenticatesSource", Yes),
                ("controls.authenticationScheme", Is("token")),
            ],
        ),
        says(
            &["client-certificate"],
            &[
                ("controls.authenticatesSource", Yes),
                ("controls.authenticationScheme", Is("mTLS")),
            ],
        ),
        says(
            &["two-factor"],
            &[
                ("controls.authenticatesSource", Yes),
                ("controls.usesMFA", Yes),
            ],
        ),
        says(&["externalized"], &[("controls.authenticatesSource", Yes)]),
    ],
};

/// How the caller's rights are checked.
pub static AUTHORIZATION: Table = Table {
    title: "`authorization` of a communication link",
    words: &[
        says(&["none"], &[("controls.authorizesSource", No)]),
        says(&["technical-user"], &[("controls.authorizesSource", Yes)]),
        says(
            &[
                "end-user-identity-propagation",
                "enduser-identity-propagation",
            ],
            &[
                ("controls.authorizesSource", Yes),
                ("controls.actsAsUser", Yes),
            ],
        ),
    ],
};

/// Whether what is kept is encrypted.
pub static ENCRYPTION: Table = Table {
    title: "`encryption` of a technical asset",
    words: &[
        says(&["none"], &[("controls.isEncryptedAtRest", No)]),
        says(
            &[
                "transparent",
                "symmetric-shared-key",
                "asymmetric-shared-key",
                "enduser-individual-key",
                "data-with-symmetric-shared-key",
                "data-with-asymmetric-shared-key",
                "data-with-enduser-individual-key",
                "data-with-end-user-individual-key",
            ],
            &[("controls.isEncryptedAtRest", Yes)],
        ),
    ],
};

/// What a technical asset runs on.
pub static MACHINES: Table = Table {
    title: "`machine` of a technical asset",
    words: &[
        says(&["container"], &[("runsInContainer", Yes)]),
        says(&["physical", "virtual", "serverless"], &[]),
    ],
};

/// What a technical asset takes in.
pub static FORMATS: Table = Table {
    title: "`data_formats_accepted`",
    words: &[
        says(&["xml"], &[("usesXMLParser", Yes)]),
        says(&["serialization"], &[("deserializesObjects", Yes)]),
        says(&["file"], &[("acceptsFileUploads", Yes)]),
        says(&["json", "csv", "yaml"], &[]),
    ],
};

/// How confidential data is.
pub static CONFIDENTIALITY: Table = Table {
    title: "`confidentiality` of a data asset",
    words: &[
        says(&["public"], &[("classification", Is("PUBLIC"))]),
        says(
            &["internal", "restricted"],
            &[("classification", Is("RESTRICTED"))],
        ),
        says(&["confidential"], &[("classification", Is("SENSITIVE"))]),
        says(
            &["strictly-confidential"],
            &[("classification", Is("SECRET"))],
        ),
    ],
};

/// How much it matters that data is right.
pub static INTEGRITY: Table = Table {
    title: "`integrity` of a data asset",
    words: &[
        says(&["archive", "operational", "important"], &[]),
        says(
            &["critical", "mission-critical"],
            &[("isIntegrityCritical", Yes)],
        ),
    ],
};

/// How much it matters that a technical asset runs.
pub static AVAILABILITY: Table = Table {
    title: "`availability` of a technical asset",
    words: &[
        says(&["archive", "operational", "important"], &[]),
        says(
            &["critical", "mission-critical"],
            &[("isBusinessCritical", Yes)],
        ),
    ],
};

/// Types of trust boundaries. None tells how far anybody is trusted inside.
pub static BOUNDARIES: Table = Table {
    title: "`type` of a trust boundary",
    words: &[says(
        &[
            "network-on-prem",
            "network-dedicated-hoster",
            "network-virtual-lan",
            "network-cloud-provider",
            "network-cloud-security-group",
            "network-policy-namespace-isolation",
            "execution-environment",
        ],
        &[],
    )],
};

/// States of tracked risks, with the words of answers.
pub const STATES: [(&str, Option<&str>); 6] = [
    ("unchecked", None),
    ("in-discussion", None),
    ("in-progress", None),
    ("accepted", Some("accepted")),
    ("mitigated", Some("mitigated")),
    ("false-positive", Some("false-positive")),
];

/// Severities.
pub const SEVERITIES: [(&str, &str); 5] = [
    ("low", "low"),
    ("medium", "medium"),
    ("elevated", "medium"),
    ("high", "high"),
    ("critical", "critical"),
];
