//! Texts that rules compare: one that equals a known text but for case means
//! nothing to them, and is noticed.

use std::collections::BTreeSet;

use crate::model::{Model, Origin, Slots, Value};
use crate::notice::{Notice, code};

/// The texts that the built-in rules know, by attribute.
pub const KNOWN_TEXTS: &[(&str, &[&str])] = &[
    ("format", &["JSON", "XML", "SOAP"]),
    ("environment", &["Production"]),
    ("codeType", &["Managed", "Unmanaged"]),
    ("technologies", &["LDAP", "PHP", "SOAP", "SSI", "Windows"]),
    (
        "authenticationScheme",
        &[
            "OAuth",
            "OAuth2",
            "OAuth 2.0",
            "OIDC",
            "OpenID Connect",
            "SSO",
            "SAML",
            "SSH key",
            "Public key",
            "Certificate",
            "mTLS",
            "WebAuthn",
            "Passkey",
            "FIDO2",
        ],
    ),
];

/// Notices each text that differs from a known one in case alone, once a place.
pub(super) fn check(model: &Model) -> Vec<Notice> {
    let owners = model
        .elements
        .iter()
        .flat_map(|element| [&element.slots, &element.controls])
        .chain(model.data.iter().map(|datum| &datum.slots));
    let mut seen = BTreeSet::new();
    owners
        .flat_map(notices)
        .filter(|notice| seen.insert((notice.place.clone(), notice.message.clone())))
        .collect()
}

fn notices(slots: &Slots) -> Vec<Notice> {
    let mut notices = Vec::new();
    for (attribute, known) in KNOWN_TEXTS {
        let Some(slot) = slots.named(attribute) else {
            continue;
        };
        let (Origin::Declared, Some(place)) = (slot.origin, &slot.place) else {
            continue;
        };
        let items = slot.value.items().unwrap_or_default();
        for text in slot
            .value
            .as_text()
            .into_iter()
            .chain(items.iter().filter_map(Value::as_text))
        {
            let meant = known.iter().find(|k| k.eq_ignore_ascii_case(text));
            if let Some(meant) = meant.filter(|_| !known.contains(&text)) {
                let message =
                    format!("rules compare `{attribute}` with \"{meant}\", not \"{text}\"");
                notices.push(
                    Notice::warning(code::TEXT_CASE, place.clone(), message)
                        .with_help(format!("write \"{meant}\", so that it counts")),
                );
            }
        }
    }
    notices
}
