//! Layer `model`: THE table of controls and threats in words (docs/semantics.md §1).
//!
//! Models say `controls = ["HTTPS", "Parameterized Queries"]` and
//! `threats = ["SQL Injection"]`. The first table says which controls such words
//! stand for, the second which controls settle a threat of that title. Every
//! reader uses both, so that one phrase means one thing in every format.

use super::vocabulary::{self, Class};

/// What controls in words stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// These controls are in place on the element itself.
    Sets(&'static [&'static str]),
    /// These controls are in place for this flow, but what they protect is an
    /// end of it, and nothing is settled there: the second field says which end.
    OnFlowOnly(&'static [&'static str], End),
    /// Documentation: no control of the vocabulary is meant.
    Unknown,
}

/// The end of a flow where a control would count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The element that sends.
    Source,
    /// The element that receives.
    Sink,
}

impl End {
    /// The word in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Sink => "sink",
        }
    }
}

/// Whether a control belongs to flows as well, or to one of their ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Belongs {
    /// A flow has it as much as an element.
    Anywhere,
    /// It protects the element that receives.
    Sink,
    /// It protects the element that sends.
    Source,
}

use Belongs::{Anywhere, Sink, Source};

struct Row {
    /// Phrases in folded spelling, any of which means the controls.
    phrases: &'static [&'static str],
    controls: &'static [&'static str],
    belongs: Belongs,
}

const fn row(
    belongs: Belongs,
    controls: &'static [&'static str],
    phrases: &'static [&'static str],
) -> Row {
    Row {
        phrases,
        controls,
        belongs,
    }
}

static CONTROLS: &[Row] = &[
    row(
        Anywhere,
        &["isEncrypted"],
        &[
            "https",
            "tls",
            "ssl",
            "ssl tls",
            "tls ssl",
            "tls 1 2",
            "tls 1 3",
            "tls encryption",
            "encryption",
            "encrypted",
            "encrypt",
            "encryption in transit",
            "encrypted in transit",
            "transport encryption",
            "transport layer security",
            "data encryption in transit",
            "end to end encryption",
            "ssh",
            "sftp",
            "wss",
        ],
    ),
    row(
        Anywhere,
        &[
            "isEncrypted",
            "authenticatesSource",
            "authenticatesDestination",
        ],
        &["mtls", "mutual tls", "mutual tls authentication"],
    ),
    row(
        Anywhere,
        &["authenticatesDestination"],
        &[
            "certificate pinning",
            "certificate validation",
            "server authentication",
        ],
    ),
    row(
        Anywhere,
        &["usesVPN"],
        &["vpn", "virtual private network", "ipsec", "wireguard"],
    ),
    row(
        Sink,
        &["isEncryptedAtRest"],
        &[
            "encryption at rest",
            "encrypted at rest",
            "data encryption at rest",
            "disk encryption",
            "database encryption",
        ],
    ),
    row(
        Sink,
        &["usesParameterizedInput"],
        &[
            "parameterized queries",
            "parameterised queries",
            "parameterized query",
            "parameterized input",
            "parametrized queries",
            "prepared statements",
            "prepared statement",
            "bind variables",
            "orm",
        ],
    ),
    row(
        Sink,
        &["validatesInput"],
        &[
            "input validation",
            "validate input",
            "validates input",
            "server side input validation",
            "input checks",
            "schema validation",
        ],
    ),
    row(
        Sink,
        &["sanitizesInput"],
        &[
            "input sanitization",
            "input sanitisation",
            "sanitization",
            "sanitisation",
            "sanitize input",
            "input sanitizing",
        ],
    ),
    row(
        Source,
        &["encodesOutput"],
        &[
            "output encoding",
            "output escaping",
            "html escaping",
            "escape output",
        ],
    ),
    row(
        Sink,
        &["implementsCSRFToken"],
        &[
            "csrf token",
            "csrf tokens",
            "csrf protection",
            "anti csrf token",
            "anti csrf tokens",
        ],
    ),
    row(
        Sink,
        &["detectsAutomation"],
        &[
            "captcha",
            "recaptcha",
            "bot detection",
            "bot protection",
            "bot management",
        ],
    ),
    row(
        Sink,
        &["rateLimits"],
        &[
            "rate limiting",
            "rate limit",
            "rate limits",
            "throttling",
            "account lockout",
            "lockout",
            "login throttling",
            "brute force protection",
        ],
    ),
    row(
        Sink,
        &["filtersTraffic"],
        &[
            "waf",
            "web application firewall",
            "firewall",
            "ddos protection",
            "network firewall",
            "security group",
            "security groups",
            "network segmentation",
            "ip allowlist",
            "ip whitelisting",
            "ip allowlisting",
        ],
    ),
    row(
        Sink,
        &["usesMFA"],
        &[
            "mfa",
            "2fa",
            "multi factor authentication",
            "multifactor authentication",
            "two factor authentication",
        ],
    ),
    row(
        Sink,
        &["authenticatesSource"],
        &[
            "authentication",
            "user authentication",
            "client authentication",
            "login",
            "api key",
            "api keys",
            "api key authentication",
            "password authentication",
        ],
    ),
    row(
        Sink,
        &["implementsAuthenticationScheme", "authenticatesSource"],
        &[
            "oauth",
            "oauth2",
            "oauth 2 0",
            "openid connect",
            "oidc",
            "saml",
            "single sign on",
            "sso",
            "kerberos",
        ],
    ),
    row(
        Sink,
        &["hasAccessControl", "authorizesSource"],
        &[
            "authorization",
            "authorisation",
            "access control",
            "access controls",
            "role based access control",
            "rbac",
            "acl",
            "access control list",
            "iam",
        ],
    ),
    row(
        Sink,
        &["implementsPOLP"],
        &["least privilege", "principle of least privilege", "polp"],
    ),
    row(
        Sink,
        &["isHardened"],
        &[
            "hardening",
            "hardened",
            "system hardening",
            "server hardening",
            "os hardening",
        ],
    ),
    row(
        Sink,
        &["logsSecurityEvents"],
        &[
            "logging",
            "audit logging",
            "audit logs",
            "audit log",
            "audit trail",
            "security logging",
        ],
    ),
    row(
        Sink,
        &["monitorsActivity"],
        &[
            "monitoring",
            "alerting",
            "logging and monitoring",
            "monitoring and alerting",
            "intrusion detection",
            "ids",
            "siem",
        ],
    ),
    row(
        Sink,
        &["hasBackups"],
        &["backup", "backups", "regular backups", "database backups"],
    ),
    row(
        Sink,
        &["hasRedundancy"],
        &[
            "redundancy",
            "failover",
            "high availability",
            "replication",
            "load balancing",
        ],
    ),
    row(
        Sink,
        &["usesStrongSessionIdentifiers"],
        &[
            "secure session management",
            "session management",
            "strong session identifiers",
        ],
    ),
    row(
        Sink,
        &["encryptsCookies"],
        &["encrypted cookies", "cookie encryption"],
    ),
    row(
        Anywhere,
        &["verifiesSignatures", "providesIntegrity"],
        &[
            "message signing",
            "signed messages",
            "digital signature",
            "digital signatures",
            "hmac",
            "signed requests",
        ],
    ),
    row(Sink, &["usesCodeSigning"], &["code signing", "signed code"]),
    row(
        Sink,
        &["scansFiles"],
        &[
            "malware scanning",
            "virus scanning",
            "antivirus",
            "file scanning",
            "file type validation",
        ],
    ),
    row(
        Sink,
        &["scansDependencies"],
        &[
            "dependency scanning",
            "software composition analysis",
            "sca",
        ],
    ),
    row(
        Sink,
        &["usesSecretStore"],
        &[
            "secrets manager",
            "secret manager",
            "vault",
            "key vault",
            "secrets management",
        ],
    ),
    row(
        Source,
        &["filtersEgress"],
        &[
            "egress filtering",
            "egress control",
            "data loss prevention",
            "dlp",
        ],
    ),
    row(
        Sink,
        &["restrictsOrigins"],
        &["cors policy", "restricted cors", "cors restrictions"],
    ),
    row(
        Sink,
        &["verifiesTokens"],
        &["token validation", "jwt validation", "token verification"],
    ),
    row(
        Sink,
        &["sandboxesExecution"],
        &["sandboxing", "sandbox", "sandboxed execution"],
    ),
    row(
        Sink,
        &["validatesModelOutput"],
        &["output validation", "model output validation", "guardrails"],
    ),
    row(
        Sink,
        &["requiresApproval"],
        &["human approval", "human in the loop", "manual approval"],
    ),
];

/// Titles in folded spelling, and the controls any of which settles the threat.
static THREATS: &[(&[&str], &[&str])] = &[
    (
        &[
            "sql injection",
            "sqli",
            "nosql injection",
            "query injection",
        ],
        &["usesParameterizedInput"],
    ),
    (
        &[
            "command injection",
            "os command injection",
            "code injection",
            "injection",
        ],
        &["usesParameterizedInput", "sanitizesInput"],
    ),
    (
        &[
            "man in the middle",
            "mitm",
            "eavesdropping",
            "sniffing",
            "interception",
            "packet sniffing",
        ],
        &["isEncrypted"],
    ),
    (
        &[
            "brute force",
            "credential stuffing",
            "password guessing",
            "dictionary attack",
        ],
        &["rateLimits", "detectsAutomation", "usesMFA"],
    ),
    (&["cross site scripting", "xss"], &["encodesOutput"]),
    (
        &["cross site request forgery", "csrf", "xsrf"],
        &["implementsCSRFToken"],
    ),
    (
        &[
            "unauthorized access",
            "unauthorised access",
            "broken access control",
            "unauthenticated access",
        ],
        &["hasAccessControl", "authorizesSource"],
    ),
    (
        &[
            "privilege escalation",
            "elevation of privilege",
            "escalation of privilege",
        ],
        &["implementsPOLP"],
    ),
    (&["data exfiltration", "exfiltration"], &["filtersEgress"]),
    (
        &[
            "denial of service",
            "dos",
            "ddos",
            "distributed denial of service",
            "resource exhaustion",
        ],
        &["rateLimits", "handlesResourceConsumption"],
    ),
    (
        &["session hijacking", "session fixation", "session theft"],
        &["usesStrongSessionIdentifiers"],
    ),
    (
        &["spoofing", "impersonation", "identity spoofing"],
        &["authenticatesSource"],
    ),
    (&["repudiation"], &["logsSecurityEvents"]),
    (
        &["tampering", "data tampering", "message tampering"],
        &["providesIntegrity", "verifiesSignatures"],
    ),
    (
        &[
            "data theft at rest",
            "stolen disk",
            "database theft",
            "theft of stored data",
        ],
        &["isEncryptedAtRest"],
    ),
    (
        &["malicious file upload", "file upload", "malware upload"],
        &["scansFiles"],
    ),
    (
        &["xml external entity", "xxe", "xml external entities"],
        &["disablesDTD"],
    ),
    (&["clickjacking"], &["disablesiFrames"]),
];

/// What `words` in an element's list of controls stand for on that class. The
/// name of a control, in whatever spelling, stands for itself.
pub fn meaning(class: Class, words: &str) -> Meaning {
    let known = control_named(words).or_else(|| {
        spellings(words)
            .iter()
            .find_map(|words| {
                CONTROLS
                    .iter()
                    .find(|row| row.phrases.contains(&words.as_str()))
            })
            .map(|row| (row.controls, row.belongs))
    });
    match known {
        None => Meaning::Unknown,
        Some((controls, Anywhere)) => Meaning::Sets(controls),
        Some((controls, _)) if class != Class::Dataflow => Meaning::Sets(controls),
        Some((controls, Source)) => Meaning::OnFlowOnly(controls, End::Source),
        Some((controls, Sink)) => Meaning::OnFlowOnly(controls, End::Sink),
    }
}

/// The controls any of which settles a threat of that title (docs/semantics.md §1);
/// empty if the table knows none. A title matches when it begins or ends with
/// a known one, as in "Brute force login" or "Man-in-the-middle attack".
pub fn settles(title: &str) -> &'static [&'static str] {
    let spellings = spellings(title);
    let known = |name: &&str| {
        spellings.iter().any(|title| {
            title.strip_prefix(name).is_some_and(starts_new_word)
                || title.strip_suffix(name).is_some_and(ends_with_word)
        })
    };
    THREATS
        .iter()
        .find(|(titles, _)| titles.iter().any(&known))
        .map_or(&[], |(_, controls)| controls)
}

fn starts_new_word(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(' ')
}

fn ends_with_word(before: &str) -> bool {
    before.is_empty() || before.ends_with(' ')
}

/// A control by its own name, as a row of one.
fn control_named(words: &str) -> Option<(&'static [&'static str], Belongs)> {
    let attribute = Class::Controls
        .attribute(words.trim())
        .or_else(|| vocabulary::respelled(Class::Controls, words.trim()))?;
    (attribute.kind == vocabulary::Kind::Bool)
        .then_some((std::slice::from_ref(&attribute.name), Anywhere))
}

/// The words without case and punctuation: as a whole, without what stands in
/// parentheses, and what stands in parentheses alone.
fn spellings(words: &str) -> Vec<String> {
    let mut all = vec![folded(words)];
    if let Some((before, rest)) = words.split_once('(') {
        let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
        all.push(folded(&format!("{before} {after}")));
        all.push(folded(inside));
    }
    all
}

fn folded(words: &str) -> String {
    let spaced: String = words
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .flat_map(char::to_lowercase)
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_of_the_tables_is_one_of_the_vocabulary() {
        let named = CONTROLS.iter().flat_map(|row| row.controls);
        for control in named.chain(THREATS.iter().flat_map(|(_, controls)| controls.iter())) {
            assert!(Class::Controls.attribute(control).is_some(), "{control}");
        }
    }

    #[test]
    fn every_phrase_is_folded_and_stands_once() {
        let phrases = CONTROLS.iter().flat_map(|row| row.phrases);
        let titles = THREATS.iter().flat_map(|(titles, _)| titles.iter());
        let mut seen = std::collections::BTreeSet::new();
        for phrase in phrases {
            assert_eq!(*phrase, folded(phrase));
            assert!(seen.insert(phrase), "{phrase} stands twice");
        }
        for title in titles {
            assert_eq!(*title, folded(title));
        }
    }

    #[test]
    fn words_are_understood_in_any_dress() {
        assert_eq!(
            meaning(Class::Server, "Web Application Firewall (WAF)"),
            Meaning::Sets(&["filtersTraffic"])
        );
        assert_eq!(
            meaning(Class::Dataflow, "https"),
            Meaning::Sets(&["isEncrypted"])
        );
        assert_eq!(
            meaning(Class::Dataflow, "Parameterized Queries"),
            Meaning::OnFlowOnly(&["usesParameterizedInput"], End::Sink)
        );
        assert_eq!(
            meaning(Class::Server, "is_hardened"),
            Meaning::Sets(&["isHardened"])
        );
        assert_eq!(meaning(Class::Server, "Good will"), Meaning::Unknown);
    }

    #[test]
    fn a_threat_is_known_by_the_beginning_or_end_of_its_title() {
        assert_eq!(settles("SQL Injection"), ["usesParameterizedInput"]);
        assert_eq!(settles("Man-in-the-middle attack"), ["isEncrypted"]);
        assert_eq!(settles("Blind SQL injection"), ["usesParameterizedInput"]);
        assert!(settles("Dosage error").is_empty());
    }
}
