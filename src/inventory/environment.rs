//! Layer `inventory`: settings that programs are given, and the systems that they name.
//!
//! Values are looked at for hosts and schemes only; nothing else of them goes on, so that a
//! password in a settings file never reaches a model.

use super::defaults::with_defaults;
use super::gathered::{Mention, To};
use super::{Fact, Said};
use crate::source::Place;

/// One setting.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) place: Place,
}

/// Schemes with the protocol that they mean.
const SCHEMES: &[(&str, &str)] = &[
    ("amqp", "AMQP"),
    ("amqps", "AMQPS"),
    ("cockroachdb", "PostgreSQL"),
    ("ftp", "FTP"),
    ("ftps", "FTPS"),
    ("grpc", "gRPC"),
    ("grpcs", "gRPC/TLS"),
    ("http", "HTTP"),
    ("https", "HTTPS"),
    ("imap", "IMAP"),
    ("imaps", "IMAPS"),
    ("kafka", "Kafka"),
    ("ldap", "LDAP"),
    ("ldaps", "LDAPS"),
    ("mariadb", "MySQL"),
    ("mongodb", "MongoDB"),
    ("mqtt", "MQTT"),
    ("mqtts", "MQTTS"),
    ("mssql", "MSSQL"),
    ("mysql", "MySQL"),
    ("mysql2", "MySQL"),
    ("nats", "NATS"),
    ("postgres", "PostgreSQL"),
    ("postgresql", "PostgreSQL"),
    ("redis", "Redis"),
    ("rediss", "Redis/TLS"),
    ("sftp", "SFTP"),
    ("smtp", "SMTP"),
    ("smtps", "SMTPS"),
    ("sqlserver", "MSSQL"),
    ("ssh", "SSH"),
    ("ws", "WebSocket"),
    ("wss", "WebSocket/TLS"),
];

/// What a connection string says beside, where it asks for encryption.
const ENCRYPTED: [&str; 11] = [
    "sslmode=require",
    "sslmode=verify-ca",
    "sslmode=verify-full",
    "ssl-mode=required",
    "ssl-mode=verify_ca",
    "ssl-mode=verify_identity",
    "ssl=true",
    "tls=true",
    "usessl=true",
    "encrypt=true",
    "security_protocol=ssl",
];

/// Words of keys whose values say where something is, without a scheme.
const ADDRESSES: [&str; 18] = [
    "addr",
    "address",
    "addresses",
    "bootstrap",
    "broker",
    "brokers",
    "connect",
    "dsn",
    "endpoint",
    "host",
    "hostname",
    "hosts",
    "nodes",
    "server",
    "servers",
    "upstream",
    "uri",
    "url",
];

/// Words of keys whose values are one's own address, or whom one lets in.
const OWN: [&str; 13] = [
    "advertised",
    "allow",
    "allowed",
    "audience",
    "callback",
    "canonical",
    "cors",
    "csrf",
    "listen",
    "listeners",
    "origin",
    "origins",
    "public",
];

/// The same for keys that have no other words: `BASE_URL`, not `STRIPE_BASE_URL`.
const OWN_ALONE: [&str; 15] = [
    "app", "base", "domain", "external", "frontend", "home", "host", "hostname", "root", "self",
    "server", "site", "uri", "url", "web",
];

/// Words of keys whose values let someone log in.
const SECRET: [&str; 10] = [
    "credential",
    "credentials",
    "passphrase",
    "passwd",
    "password",
    "pass",
    "secret",
    "secrets",
    "token",
    "pwd",
];

/// Where a setting leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) host: String,
    pub(super) scheme: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) asks_for_encryption: bool,
}

impl Setting {
    /// Whether it hands over a secret, as its name says: a path or an empty value is none.
    pub(super) fn is_secret(&self) -> bool {
        let words = words(&self.key);
        let says = |word: &&str| word.ends_with("password") || SECRET.contains(word);
        let pair = |pair: &[&str]| {
            pair[1] == "key"
                && ["api", "access", "private", "signing", "encryption"].contains(&pair[0])
        };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let is_about = words.last().is_some_and(|last| {
            [
                "file", "path", "name", "url", "expires", "ttl", "length", "lifetime",
            ]
            .contains(last)
        });
        let value = self.value.trim();
        let is_switch = ["", "true", "false", "yes", "no", "0", "1"].contains(&value);
        !is_about && !is_switch && (words.iter().any(says) || words.windows(2).any(pair))
    }

    /// The systems that it names.
    pub(super) fn targets(&self) -> Vec<Target> {
        let value = with_defaults(&self.value);
        let names_addresses = (words(&self.key).iter())
            .any(|word| word.ends_with("host") || ADDRESSES.contains(&word.as_str()));
        let asks = asks_for_encryption(&value);
        let pieces = value.split([',', ' ', ';', '\n', '\t', '"', '\'']);
        let mut scheme = None;
        let mut found: Vec<Target> = Vec::new();
        for piece in pieces {
            let rest = match piece.split_once("://") {
                Some((before, rest)) => {
                    scheme = Some(scheme_of(before));
                    rest
                }
                // `amqp://one:5672,two:5672`: what follows has the scheme of what goes before.
                None => piece,
            };
            let Some((host, port)) = authority(rest) else {
                continue;
            };
            if scheme.is_none() && port.is_none() && !names_addresses {
                continue;
            }
            found.push(Target {
                host,
                scheme: scheme.clone(),
                port,
                asks_for_encryption: asks,
            });
        }
        found
    }

    /// What a part with this setting calls.
    pub(super) fn mentions(&self, from: &str) -> Vec<Mention> {
        let words = words(&self.key);
        let is_own = words.iter().any(|word| OWN.contains(&word.as_str()))
            || words.iter().all(|word| OWN_ALONE.contains(&word.as_str()));
        let targets = self.targets().into_iter();
        let mentions = targets.map(|target| {
            let is_elsewhere = !is_own && is_public_name(&target.host);
            let to =
                if is_elsewhere && (target.scheme.is_some() || words.iter().any(|w| w == "host")) {
                    To::Address(target.host.clone())
                } else {
                    To::Host(target.host.clone())
                };
            Mention::new(from, to, &self.place).with(target.facts(&self.place))
        });
        mentions.collect()
    }
}

impl Target {
    /// What the connection is like, as far as it is said.
    pub(super) fn facts(&self, place: &Place) -> Vec<Fact> {
        let scheme = self.scheme.as_deref();
        let known = scheme.and_then(|scheme| SCHEMES.iter().find(|(name, _)| *name == scheme));
        let mut facts = Vec::new();
        if let Some((_, protocol)) = known {
            let protocol = if self.asks_for_encryption && !protocol.contains("TLS") {
                format!("{protocol}/TLS")
            } else {
                (*protocol).to_owned()
            };
            facts.push(Fact::new("protocol", Said::Word(protocol), place));
        }
        facts.extend(self.port.map(|port| Fact::number("dstPort", port, place)));
        facts
    }
}

/// The words of a key: `DATABASE_URL`, `spring.datasource.url`, `apiToken`.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in key.chars() {
        let starts = c.is_uppercase() && was_lower;
        was_lower = c.is_lowercase();
        if !c.is_alphanumeric() || starts {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `jdbc:postgresql` → `postgresql`, `postgresql+asyncpg` → `postgresql`.
fn scheme_of(before: &str) -> String {
    let scheme = before.rsplit([':', '=', '(']).next().unwrap_or_default();
    let scheme = scheme.split('+').next().unwrap_or_default();
    scheme.to_ascii_lowercase()
}

/// Host and port of what follows a scheme; `None` if there is no name.
fn authority(rest: &str) -> Option<(String, Option<u16>)> {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = &rest[..end];
    let place = authority.rsplit('@').next().unwrap_or_default();
    // `tcp(db:3306)`, as drivers of Go have it.
    let place = place.trim_end_matches(')');
    let place = place.rsplit('(').next().unwrap_or_default();
    let (host, port) = match place.split_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok()?)),
        None => (place, None),
    };
    let is_name = host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        && host.bytes().any(|b| b.is_ascii_alphabetic());
    is_name.then(|| (host.trim_end_matches('.').to_owned(), port))
}

/// Whether a host has a name that the internet knows, as far as its form says.
pub(super) fn is_public_name(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_local = [
        "local",
        "localhost",
        "internal",
        "test",
        "invalid",
        "lan",
        "svc",
        "localdomain",
        "home",
    ]
    .contains(&last);
    let is_ending = last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic());
    host.contains('.') && !is_local && is_ending
}

fn asks_for_encryption(value: &str) -> bool {
    let Some((_, query)) = value.split_once(['?', ';']) else {
        return false;
    };
    let query = query.to_ascii_lowercase();
    let mut pairs = query.split(['&', ';', ' ', '"', '\'']);
    pairs.any(|pair| ENCRYPTED.contains(&pair))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{RepoPath, Source, Span};

    fn setting(key: &str, value: &str) -> Setting {
        let source = Source::new(RepoPath::new("x").unwrap(), "");
        Setting {
            key: key.into(),
            value: value.into(),
            place: source.place(Span::default()),
        }
    }

    #[test]
    fn a_setting_names_the_hosts_that_stand_in_it() {
        let cases = [
            (
                "DATABASE_URL",
                "postgres://u:p@db:5432/shop",
                "postgres db 5432",
            ),
            (
                "DATABASE_URL",
                "postgresql+asyncpg://db/shop?sslmode=require",
                "postgresql db - encrypted",
            ),
            (
                "JDBC",
                "jdbc:mysql://db:3306/x?useSSL=true",
                "mysql db 3306 encrypted",
            ),
            ("DSN", "user:p@tcp(db:3306)/shop", "- db 3306"),
            ("REDIS_HOST", "cache", "- cache -"),
            ("PGHOST", "db", "- db -"),
            (
                "KAFKA_BROKERS",
                "one:9092,two:9092",
                "- one 9092; - two 9092",
            ),
            ("AMQP", "amqps://mq-1,mq-2", "amqps mq-1 -; amqps mq-2 -"),
            ("CACHE", "cache:6379", "- cache 6379"),
            ("POSTGRES_DB", "shop", ""),
            ("URL", "${SHOP:-http://shop:80}/x", "http shop 80"),
            ("URL", "${SHOP}", ""),
            ("URL", "${SHOP", ""),
            ("URL", "http://[::1]:80", ""),
            ("HOST", "0.0.0.0", ""),
            ("TIME", "12:30:45", ""),
            ("PASSWORD", "p@ss", ""),
        ];
        for (key, value, expected) in cases {
            let targets = setting(key, value).targets().into_iter().map(|target| {
                let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".into());
                let encrypted = if target.asks_for_encryption {
                    " encrypted"
                } else {
                    ""
                };
                let port = or_dash(target.port.map(|port| port.to_string()));
                format!(
                    "{} {} {port}{encrypted}",
                    or_dash(target.scheme),
                    target.host
                )
            });
            let found: Vec<String> = targets.collect();
            assert_eq!(found.join("; "), expected, "{key}={value}");
        }
    }

    #[test]
    fn a_key_says_whether_its_value_is_a_secret() {
        for (key, value, is) in [
            ("DB_PASSWORD", "x", true),
            ("PGPASSWORD", "x", true),
            ("STRIPE_API_KEY", "x", true),
            ("apiToken", "x", true),
            ("DB_PASSWORD", "", false),
            ("DB_PASSWORD_FILE", "/run/secrets/db", false),
            ("TOKEN_TTL", "3600", false),
            ("USES_TOKENS", "true", false),
            ("KEYBOARD", "x", false),
            ("PASSENGERS", "5", false),
        ] {
            assert_eq!(setting(key, value).is_secret(), is, "{key}");
        }
    }
}
