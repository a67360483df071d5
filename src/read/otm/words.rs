//! Layer `read`: what the types of an Open Threat Model mean here.
//!
//! Types are free text: every tool that writes the format has its own. The longest row whose
//! word stands in the type counts.

use crate::model::vocabulary::Class::{
    Actor, Agent, Datastore, ExternalEntity, LLM, Lambda, Process, Server,
};
use crate::read::translate::words::{Fact, Table, class, says};

use Fact::{Is, No, Yes};

/// Every table.
pub static TABLES: &[&Table] = &[&COMPONENTS, &ZONES, &FLOW_TAGS];

/// Components.
pub static COMPONENTS: Table = Table {
    title: "Component type",
    words: &[
        class(
            Actor,
            &[
                "user",
                "person",
                "actor",
                "human",
                "customer",
                "web client",
                "client",
                "browser",
                "generic client",
                "mobile device",
                "desktop",
            ],
            &[],
        ),
        class(
            Actor,
            &["administrator", "admin", "operator"],
            &[("isAdmin", Yes)],
        ),
        class(
            ExternalEntity,
            &[
                "external",
                "external entity",
                "third party",
                "partner",
                "saas",
                "external system",
                "external service",
            ],
            &[],
        ),
        class(
            Server,
            &[
                "web server",
                "webserver",
                "web application",
                "web app",
                "web ui",
                "website",
                "cms",
                "portal",
            ],
            &[("allowsClientSideScripting", Yes)],
        ),
        class(
            Server,
            &[
                "api",
                "web service",
                "webservice",
                "rest",
                "rest api",
                "graphql",
                "microservice",
                "backend",
            ],
            &[("implementsAPI", Yes)],
        ),
        class(
            Server,
            &["soap", "soap service"],
            &[("implementsAPI", Yes), ("usesXMLParser", Yes)],
        ),
        class(
            Server,
            &[
                "server",
                "service",
                "application",
                "app",
                "ec2",
                "virtual machine",
                "vm",
                "compute",
                "app service",
                "beanstalk",
                "mail server",
                "identity provider",
                "cognito",
                "keycloak",
            ],
            &[],
        ),
        class(
            Server,
            &[
                "container",
                "docker",
                "pod",
                "kubernetes",
                "ecs",
                "eks",
                "gke",
                "fargate",
                "cloud run",
            ],
            &[("runsInContainer", Yes)],
        ),
        class(
            Server,
            &[
                "load balancer",
                "reverse proxy",
                "proxy",
                "ingress",
                "cdn",
                "cloudfront",
                "elb",
                "alb",
                "gateway",
                "application gateway",
                "waf",
                "nginx",
            ],
            &[("isProxy", Yes)],
        ),
        class(
            Server,
            &["api gateway"],
            &[("implementsAPI", Yes), ("isProxy", Yes)],
        ),
        class(
            Server,
            &[
                "ci server",
                "build server",
                "build pipeline",
                "jenkins",
                "ci cd",
            ],
            &[("buildsSoftware", Yes)],
        ),
        class(Lambda, &["lambda", "aws lambda"], &[("onAWS", Yes)]),
        class(
            Lambda,
            &[
                "function",
                "cloud function",
                "azure function",
                "functions",
                "serverless",
            ],
            &[("onAWS", No)],
        ),
        class(
            Process,
            &[
                "process",
                "worker",
                "batch",
                "job",
                "daemon",
                "script",
                "cli",
                "code class",
                "library",
                "module",
            ],
            &[],
        ),
        class(
            Process,
            &["iot", "iot device", "device", "sensor", "field device"],
            &[("isFieldDevice", Yes)],
        ),
        class(
            LLM,
            &[
                "llm",
                "language model",
                "large language model",
                "bedrock",
                "openai",
            ],
            &[],
        ),
        class(Agent, &["ai agent", "llm agent"], &[]),
        class(
            Datastore,
            &[
                "database",
                "db",
                "sql",
                "rdbms",
                "postgres",
                "postgresql",
                "mysql",
                "mariadb",
                "oracle",
                "sql server",
                "aurora",
                "redshift",
                "cloud sql",
            ],
            &[("kind", Is("RELATIONAL")), ("isSQL", Yes)],
        ),
        class(
            Datastore,
            &["rds"],
            &[
                ("kind", Is("RELATIONAL")),
                ("isSQL", Yes),
                ("onRDS", Yes),
                ("onAWS", Yes),
            ],
        ),
        class(
            Datastore,
            &[
                "nosql",
                "document database",
                "mongodb",
                "mongo",
                "dynamodb",
                "cosmos",
                "cosmosdb",
                "firestore",
                "cassandra",
                "couchdb",
                "key value store",
            ],
            &[("kind", Is("DOCUMENT")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["cache", "redis", "memcached", "elasticache"],
            &[("kind", Is("CACHE")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &[
                "queue",
                "message queue",
                "topic",
                "broker",
                "message broker",
                "sqs",
                "sns",
                "kafka",
                "rabbitmq",
                "event hub",
                "service bus",
                "pubsub",
                "kinesis",
                "mq",
            ],
            &[("kind", Is("QUEUE")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["s3", "s3 bucket"],
            &[
                ("kind", Is("OBJECTS")),
                ("isSQL", No),
                ("onAWS", Yes),
                ("type", Is("AWS_S3")),
            ],
        ),
        class(
            Datastore,
            &[
                "bucket",
                "blob",
                "blob storage",
                "object storage",
                "cloud storage",
            ],
            &[("kind", Is("OBJECTS")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &[
                "file system",
                "filesystem",
                "file server",
                "file share",
                "file",
                "efs",
                "storage",
                "data store",
                "datastore",
            ],
            &[("kind", Is("FILES")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["search index", "elasticsearch", "opensearch", "solr"],
            &[("kind", Is("SEARCH")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["vector database", "vector store"],
            &[("kind", Is("VECTORS")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &[
                "vault",
                "secrets manager",
                "secret manager",
                "key vault",
                "kms",
                "hsm",
            ],
            &[
                ("kind", Is("SECRETS")),
                ("isSQL", No),
                ("holdsSecrets", Yes),
            ],
        ),
        class(
            Datastore,
            &[
                "log",
                "logs",
                "log store",
                "cloudwatch",
                "cloudtrail",
                "siem",
            ],
            &[("kind", Is("LOGS")), ("isSQL", No), ("storesLogData", Yes)],
        ),
        class(
            Datastore,
            &["backup", "glacier"],
            &[("kind", Is("BACKUP")), ("isSQL", No)],
        ),
        class(
            Datastore,
            &["directory", "ldap", "active directory"],
            &[
                ("kind", Is("DIRECTORY")),
                ("isSQL", No),
                ("type", Is("LDAP")),
            ],
        ),
        class(
            Datastore,
            &[
                "artifact registry",
                "container registry",
                "repository",
                "ecr",
            ],
            &[("kind", Is("ARTIFACTS")), ("isSQL", No)],
        ),
    ],
};

/// Trust zones, where the type tells more than the rating.
pub static ZONES: Table = Table {
    title: "Trust zone type",
    words: &[
        says(
            &["internet", "public", "public cloud internet"],
            &[("trust", Is("UNTRUSTED"))],
        ),
        says(&["partner", "third party"], &[("trust", Is("PARTNER"))]),
    ],
};

/// Tags of dataflows.
pub static FLOW_TAGS: Table = Table {
    title: "Dataflow tag",
    words: &[
        says(
            &["https", "tls", "wss", "ssl"],
            &[("protocol", Is("HTTPS")), ("controls.isEncrypted", Yes)],
        ),
        says(&["http"], &[("protocol", Is("HTTP"))]),
        says(&["grpc"], &[("protocol", Is("gRPC"))]),
        says(&["sql", "jdbc", "odbc"], &[("protocol", Is("SQL"))]),
        says(&["ssh"], &[("protocol", Is("SSH"))]),
        says(&["sftp"], &[("protocol", Is("SFTP"))]),
        says(&["amqp"], &[("protocol", Is("AMQP"))]),
        says(&["mqtt"], &[("protocol", Is("MQTT"))]),
        says(&["ldap"], &[("protocol", Is("LDAP"))]),
        says(&["ldaps"], &[("protocol", Is("LDAPS"))]),
        says(&["smtp"], &[("protocol", Is("SMTP"))]),
        says(&["encrypted"], &[("controls.isEncrypted", Yes)]),
        says(&["vpn"], &[("usesVPN", Yes)]),
    ],
};

/// States of threats, with the words of answers.
pub const STATES: [(&str, &str); 8] = [
    ("mitigated", "mitigated"),
    ("accepted", "accepted"),
    ("accept", "accepted"),
    ("transferred", "transferred"),
    ("avoided", "avoided"),
    ("not-applicable", "false-positive"),
    ("n/a", "false-positive"),
    ("false-positive", "false-positive"),
];
