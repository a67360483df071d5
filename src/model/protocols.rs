//! Layer `model`: what the name of a protocol says.
//!
//! People write one protocol in many ways (`https`, `HTTPS/TLS1.3`,
//! `PostgreSQL/TLS`, `rediss`, `gRPC over TLS`). A name is split into words, and
//! a table of words tells what the protocol is for and whether others on the
//! network can read along. A word that denies encryption wins over all others. A wire
//! between the parts of one machine is no network, and who holds it can read along.

/// Words that mean that nobody on the network can read along: protocols and
/// URL schemes that encrypt by design, and those that never leave the machine.
const CLOSED: &[&str] = &[
    "amqps",
    "coaps",
    "dtls",
    "ftps",
    "grpcs",
    "h3",
    "http3",
    "https",
    "imaps",
    "inproc",
    "ipc",
    "ipsec",
    "kafkas",
    "ldaps",
    "localhost",
    "loopback",
    "mqtts",
    "mtls",
    "onion",
    "openvpn",
    "pop3s",
    "quic",
    "rediss",
    "rdp",
    "rtmps",
    "scp",
    "sftp",
    "sips",
    "smtps",
    "snmpv3",
    "srtp",
    "ssh",
    "ssl",
    "stdio",
    "tls",
    "unix",
    "webrtc",
    "wireguard",
    "wss",
];

/// Words that deny it, whatever stands beside them.
const OPEN: &[&str] = &[
    "cleartext",
    "h2c",
    "insecure",
    "no",
    "non",
    "not",
    "plain",
    "plaintext",
    "sslv2",
    "sslv3",
    "unencrypted",
    "without",
];

/// What a word says about the purpose, by the members of `ProtocolKind`.
const KINDS: &[(&str, &[&str])] = &[
    ("SOAP", &["soap"]),
    (
        "HTTP",
        &[
            "graphql",
            "grpc",
            "grpcs",
            "h2",
            "h2c",
            "h3",
            "http",
            "http2",
            "http3",
            "https",
            "odata",
            "rest",
            "webdav",
            "websocket",
            "websockets",
            "ws",
            "wss",
        ],
    ),
    (
        "MAIL",
        &["imap", "imaps", "lmtp", "pop3", "pop3s", "smtp", "smtps"],
    ),
    ("DIRECTORY", &["ldap", "ldaps"]),
    (
        "MESSAGES",
        &[
            "amqp", "amqps", "jms", "kafka", "kafkas", "mqtt", "mqtts", "nats", "pubsub", "sns",
            "sqs", "stomp",
        ],
    ),
    (
        "DATABASE",
        &[
            "cql",
            "jdbc",
            "mongodb",
            "mssql",
            "mysql",
            "odbc",
            "postgres",
            "postgresql",
            "redis",
            "rediss",
            "sql",
            "tds",
        ],
    ),
    (
        "FILES",
        &["ftp", "ftps", "nfs", "rsync", "scp", "sftp", "smb"],
    ),
    ("SHELL", &["rdp", "ssh", "telnet", "vnc", "winrm"]),
    (
        "LOCAL",
        &[
            "can",
            "canbus",
            "gpio",
            "i2c",
            "inproc",
            "ipc",
            "localhost",
            "loopback",
            "rs232",
            "rs485",
            "serial",
            "spi",
            "stdio",
            "uart",
            "unix",
            "usb",
        ],
    ),
];

/// Whether nobody between the ends can read along, as far as the name says.
///
/// TLS before 1.2 and SSL do not count (RFC 8996), nor does STARTTLS, which
/// whoever is in the middle can leave out.
pub fn is_encrypted(protocol: &str) -> bool {
    let words = words(protocol);
    let any = |table: &[&str]| words.iter().any(|word| table.contains(&word.as_str()));
    let dated = words
        .iter()
        .zip(words.iter().skip(1).map(String::as_str).chain([""]))
        .any(|(word, next)| is_dated(word, next));
    if any(OPEN) || dated {
        return false;
    }
    any(CLOSED) || words.iter().any(|word| is_versioned_tls(word)) || implies_tls(&words)
}

/// The member of `ProtocolKind` that the name means: `UNKNOWN` without a name,
/// `OTHER` where no word is known.
pub fn kind(protocol: &str) -> &'static str {
    let words = words(protocol);
    if words.is_empty() {
        return "UNKNOWN";
    }
    let known = KINDS
        .iter()
        .find(|(_, table)| words.iter().any(|word| table.contains(&word.as_str())));
    known.map_or("OTHER", |(kind, _)| kind)
}

/// Lower-case words; a version stays part of its word (`tlsv1.3`).
fn words(protocol: &str) -> Vec<String> {
    let lower = protocol.to_lowercase().replace("in-process", "inproc");
    lower
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .map(|word| word.trim_matches('.').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// The version in `tlsv1.3`, `tls1.3`, `tls13`, `sslv3`, without dots.
fn version(word: &str) -> Option<String> {
    let rest = word
        .strip_prefix("tls")
        .or_else(|| word.strip_prefix("dtls"))?;
    let digits: String = rest.trim_start_matches('v').replace('.', "");
    let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    whole.then_some(digits)
}

fn is_versioned_tls(word: &str) -> bool {
    version(word).is_some_and(|version| version.as_str() >= "12")
}

/// A version of TLS that is no longer protection, in one word or two.
fn is_dated(word: &str, next: &str) -> bool {
    let old = |version: &str| ["1", "10", "11"].contains(&version);
    version(word).is_some_and(|version| old(&version))
        || (word == "tls" && old(&next.trim_start_matches('v').replace('.', "")))
        || (word == "ssl" && ["2", "3", "v2", "v3", "2.0", "3.0"].contains(&next))
}

/// Names that come with TLS although none of their words says it: browsers speak
/// HTTP/2 over TLS only, HTTP/3 is built on it, `mongodb+srv` turns it on.
fn implies_tls(words: &[String]) -> bool {
    let pair = |first: &str, second: &[&str]| {
        words
            .windows(2)
            .any(|two| two[0] == first && second.contains(&two[1].as_str()))
    };
    pair("http", &["2", "2.0", "3"]) || pair("mongodb", &["srv"]) || words[..] == ["h2"]
}

#[cfg(test)]
mod tests {
    use super::{is_encrypted, kind};

    #[test]
    fn a_protocol_is_known_by_any_of_its_usual_spellings() {
        for (name, encrypted, of) in [
            ("HTTPS", true, "HTTP"),
            ("https", true, "HTTP"),
            ("https://", true, "HTTP"),
            ("HTTP/2", true, "HTTP"),
            ("HTTP/3", true, "HTTP"),
            ("HTTP/1.1", false, "HTTP"),
            ("REST", false, "HTTP"),
            ("REST over HTTPS", true, "HTTP"),
            ("gRPC over TLS", true, "HTTP"),
            ("gRPC-TLS", true, "HTTP"),
            ("gRPC", false, "HTTP"),
            ("h2c", false, "HTTP"),
            ("PostgreSQL/TLS", true, "DATABASE"),
            ("PostgreSQL", false, "DATABASE"),
            ("rediss", true, "DATABASE"),
            ("Redis", false, "DATABASE"),
            ("mongodb+srv", true, "DATABASE"),
            ("mongodb", false, "DATABASE"),
            ("Kafka SASL_SSL", true, "MESSAGES"),
            ("Kafka SASL_PLAINTEXT", false, "MESSAGES"),
            ("MQTT over TLS", true, "MESSAGES"),
            ("AMQP", false, "MESSAGES"),
            ("TLSv1.3", true, "OTHER"),
            ("TLS 1.2", true, "OTHER"),
            ("TLS12", true, "OTHER"),
            ("HTTPS/TLS1.3", true, "HTTP"),
            ("HTTPS (TLS 1.0)", false, "HTTP"),
            ("TLSv1.1", false, "OTHER"),
            ("SSLv3", false, "OTHER"),
            ("MTLS", true, "OTHER"),
            ("LDAPS", true, "DIRECTORY"),
            ("LDAP", false, "DIRECTORY"),
            ("SMTP STARTTLS", false, "MAIL"),
            ("SMTPS", true, "MAIL"),
            ("SSH", true, "SHELL"),
            ("Telnet", false, "SHELL"),
            ("SFTP", true, "FILES"),
            ("in-process", true, "LOCAL"),
            ("Unix socket", true, "LOCAL"),
            ("WebRTC", true, "OTHER"),
            ("CAN bus", false, "LOCAL"),
            ("RS485", false, "LOCAL"),
            ("Modbus TCP", false, "OTHER"),
            ("HTTP without TLS", false, "HTTP"),
            ("SOAP", false, "SOAP"),
            ("carrier pigeon", false, "OTHER"),
            ("", false, "UNKNOWN"),
        ] {
            assert_eq!(is_encrypted(name), encrypted, "{name}");
            assert_eq!(kind(name), of, "{name}");
        }
    }
}
