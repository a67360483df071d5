//! Layer `inventory`: where an API is served.

use super::super::environment::{Setting, Target, is_public_name};
use super::super::file::{File, entries, entry, items};
use super::text;
use crate::source::Place;
use crate::syntax::tree::Node;

/// An address of the API.
pub(super) struct Served {
    pub(super) target: Target,
    pub(super) place: Place,
}

/// The addresses of a document that name a host.
pub(super) fn all(file: &File) -> Vec<Served> {
    let mut found = Vec::new();
    for server in items(&file.root, &["servers"]) {
        if let Some((key, url)) = server.entry("url")
            && let Some(url) = url.as_text()
        {
            found.extend(served(&filled(server, url), file.key(key)));
        }
    }
    // Swagger 2.0 has one host, and schemes beside.
    if let Some((key, host)) = entry(&file.root, &["host"])
        && let Some(host) = host.as_text()
    {
        let schemes = entry(&file.root, &["schemes"]).map(|(_, said)| file.texts(said));
        let schemes = schemes.unwrap_or_default();
        for (scheme, _) in &schemes {
            found.extend(served(&format!("{scheme}://{host}"), file.key(key)));
        }
        if schemes.is_empty() {
            found.extend(served(host, file.key(key)));
        }
    }
    found
}

/// The address where anybody finds it: one that is not encrypted first, for it lets in too.
pub(super) fn public(served: &[Served]) -> Option<&Served> {
    let public = |it: &&Served| is_public_name(&it.target.host);
    let is_open = |it: &&Served| it.target.scheme.as_deref() == Some("http");
    let mut all = served.iter().filter(public);
    all.clone().find(is_open).or_else(|| all.next())
}

fn served(url: &str, place: Place) -> Option<Served> {
    let setting = Setting {
        key: "host".to_owned(),
        value: url.to_owned(),
        place: place.clone(),
    };
    let target = setting.targets().into_iter().next()?;
    Some(Served { target, place })
}

/// The address with the defaults of its variables.
fn filled(server: &Node, url: &str) -> String {
    let mut url = url.to_owned();
    for (name, variable) in entries(server, &["variables"]) {
        if let Some(default) = text(variable, "default") {
            url = url.replace(&format!("{{{}}}", name.text), default);
        }
    }
    url
}
