//! Layer `inventory`: how callers of an API say who they are.

use std::collections::BTreeSet;

use super::super::Fact;
use super::super::environment::Setting;
use super::super::file::{File, entries, entry};
use super::super::gathered::{Mention, To};
use super::{led, operations, text};
use crate::notice::{Notice, code};
use crate::source::Place;
use crate::syntax::tree::{Key, Node};

/// What a document says of it.
#[derive(Default)]
pub(super) struct Secured {
    pub(super) facts: Vec<Fact>,
    /// Who hands out tokens; the caller is still to be named.
    pub(super) issuers: Vec<Mention>,
    /// What has no word in a model.
    pub(super) notice: Option<Notice>,
}

/// What is asked of callers somewhere, and where that stands.
struct Asked<'f> {
    key: &'f Key,
    /// Whether nobody comes in without one of the schemes.
    of_all: bool,
    schemes: Vec<&'f str>,
}

impl<'f> Asked<'f> {
    fn of(around: &'f Node) -> Option<Self> {
        let (key, said) = around.entry("security")?;
        let alternatives = said.as_list()?;
        let maps = alternatives.iter().filter_map(Node::as_map);
        let schemes = maps.clone().flatten().map(|(scheme, _)| &*scheme.text);
        // An alternative that asks for nothing lets everybody in.
        let of_all = !alternatives.is_empty() && maps.clone().all(|one| !one.is_empty());
        Some(Self {
            key,
            of_all,
            schemes: schemes.collect(),
        })
    }
}

/// What the schemes that are asked for mean.
pub(super) fn of(file: &File) -> Secured {
    let usual = Asked::of(&file.root);
    let (mut asking, mut open) = (None, None);
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    for (method, operation) in operations(file) {
        let own = Asked::of(operation);
        let said = own.as_ref().or(usual.as_ref());
        match said.filter(|said| said.of_all) {
            Some(said) => {
                asking.get_or_insert(said.key.span);
                wanted.extend(&said.schemes);
            }
            None => {
                open.get_or_insert(own.as_ref().map_or(method.span, |own| own.key.span));
            }
        }
    }
    let mut secured = Secured::default();
    match (asking, open, &usual) {
        (Some(asking), None, _) => {
            let place = file.at(asking);
            secured
                .facts
                .push(Fact::flag("authenticatesSource", true, &place));
        }
        (Some(_), Some(open), _) => {
            let message = "some operations of this API ask who calls, and others do not: the model says neither";
            let notice = Notice::note(code::UNEXPRESSED, file.at(open), message);
            let help = "say in the model whether that matters: `authenticatesSource`";
            secured.notice = Some(notice.with_help(help));
        }
        // Silence says nothing; an empty list says that nobody is asked.
        (None, Some(_), Some(usual)) => {
            let place = file.key(usual.key);
            secured
                .facts
                .push(Fact::flag("authenticatesSource", false, &place));
        }
        (None, ..) => {}
    }
    let mut names: Vec<(String, Place)> = Vec::new();
    for path in [
        &["components", "securitySchemes"][..],
        &["securityDefinitions"],
    ] {
        for (name, scheme) in entries(&file.root, path) {
            if wanted.contains(&*name.text) {
                scheme_of(file, led(file, scheme), &mut names, &mut secured);
            }
        }
    }
    if secured.notice.is_none()
        && let Some((_, place)) = names.first()
    {
        let mut all: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        all.dedup();
        let fact = Fact::word("authenticationScheme", all.join(" or "), place);
        secured.facts.push(fact);
    }
    secured
}

/// Adds what a scheme is called, and what follows from it.
fn scheme_of(file: &File, scheme: &Node, names: &mut Vec<(String, Place)>, secured: &mut Secured) {
    let Some((key, kind)) = scheme.entry("type") else {
        return;
    };
    let place = file.key(key);
    let facts = &mut secured.facts;
    let mut say = |attribute: &'static str, place: &Place| {
        if !facts.iter().any(|fact| fact.attribute == attribute) {
            facts.push(Fact::flag(attribute, true, place));
        }
    };
    let kind = kind.as_text().map_or("", |kind| kind);
    let name = match kind {
        "apiKey" => {
            if let (Some("cookie"), Some((key, _))) = (text(scheme, "in"), scheme.entry("in")) {
                say("usesSessionTokens", &file.key(key));
            }
            "API key"
        }
        "basic" => "HTTP Basic",
        "http" => match text(scheme, "scheme")
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            Some("basic") => "HTTP Basic",
            Some("digest") => "HTTP Digest",
            Some("bearer") => "Bearer token",
            _ => return,
        },
        "mutualTLS" => "mTLS",
        "oauth2" => {
            say("usesOIDC", &place);
            "OAuth 2.0"
        }
        "openIdConnect" => {
            say("usesOIDC", &place);
            "OIDC"
        }
        _ => return,
    };
    if let Some((key, format)) = scheme.entry("bearerFormat")
        && format
            .as_text()
            .is_some_and(|format| format.eq_ignore_ascii_case("jwt"))
    {
        say("usesJWT", &file.key(key));
    }
    names.push((name.to_owned(), place));
    let flows = entries(scheme, &["flows"]).iter();
    let tokens = flows.filter_map(|(_, flow)| flow.entry("tokenUrl"));
    let own = ["openIdConnectUrl", "tokenUrl"];
    let own = own.iter().filter_map(|name| entry(scheme, &[name]));
    for (key, url) in tokens.chain(own) {
        let Some(url) = url.as_text() else { continue };
        let setting = Setting {
            key: "host".to_owned(),
            value: url.to_string(),
            place: file.key(key),
        };
        for target in setting.targets() {
            let facts = target.facts(&setting.place);
            let to = To::Address(target.host);
            secured
                .issuers
                .push(Mention::new("", to, &setting.place).with(facts));
        }
    }
}
