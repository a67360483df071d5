//! Layer `inventory`: ports that a Compose file publishes.

use super::super::defaults::with_defaults;
use super::super::file::{File, entry, items};
use crate::source::Place;
use crate::syntax::tree::Node;

/// A port that is published.
pub(super) struct Port {
    /// The port in the container; the first one of a range.
    pub(super) target: Option<u16>,
    /// The address that it is bound to, if one is said.
    address: Option<String>,
    /// What it speaks, if that is said, with the place.
    pub(super) protocol: Option<(&'static str, Place)>,
    pub(super) place: Place,
}

impl Port {
    /// Whether only the machine itself can reach it.
    pub(super) fn is_local(&self) -> bool {
        self.address.as_deref().is_some_and(|address| {
            address == "localhost" || address.starts_with("127.") || address == "::1"
        })
    }
}

/// The ports that a service publishes.
pub(super) fn published(file: &File, service: &Node) -> Vec<Port> {
    let ports = items(service, &["ports"]).iter();
    ports.filter_map(|node| port(file, node)).collect()
}

fn port(file: &File, node: &Node) -> Option<Port> {
    if node.as_map().is_none() {
        let written = file.text(node)?;
        return Some(short(&with_defaults(&written), file.at(node.span)));
    }
    let text = |name: &str| node.get(name).and_then(|value| file.text(value));
    let protocol = entry(node, &["app_protocol"]).and_then(|(key, value)| {
        let protocol = match &*file.text(value)?.to_ascii_lowercase() {
            "http" | "http2" | "h2c" => "HTTP",
            "https" => "HTTPS",
            "grpc" => "gRPC",
            _ => return None,
        };
        Some((protocol, file.key(key)))
    });
    Some(Port {
        target: text("target").and_then(|target| first(&target)),
        address: text("host_ip"),
        protocol,
        place: file.at(node.span),
    })
}

/// What a port is, if it is none: a variable without a default is one that is not known.
pub(super) fn unreadable(file: &File, node: &Node) -> Option<String> {
    let said = match node.get("target") {
        Some(target) => file.text(target)?,
        None => file.text(node)?,
    };
    let is_port = said.contains('$') || short(&said, file.at(node.span)).target.is_some();
    (!is_port).then_some(said)
}

/// `[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]`.
fn short(written: &str, place: Place) -> Port {
    let written = written.split('/').next().unwrap_or_default();
    let (before, target) = match written.rsplit_once(':') {
        Some((before, target)) => (Some(before), target),
        None => (None, written),
    };
    let address = before.and_then(|before| {
        let (address, _) = before.rsplit_once(':')?;
        Some(address.trim_matches(['[', ']']).to_owned())
    });
    Port {
        target: first(target),
        address,
        protocol: None,
        place,
    }
}

/// The first port of a range.
fn first(range: &str) -> Option<u16> {
    range.split('-').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{RepoPath, Source, Span};

    #[test]
    fn the_short_form_says_the_port_in_the_container_and_who_reaches_it() {
        let place = || Source::new(RepoPath::new("x").unwrap(), "").place(Span::default());
        for (written, target, is_local) in [
            ("80", Some(80), false),
            ("8080:80", Some(80), false),
            ("127.0.0.1:8080:80", Some(80), true),
            ("127.0.0.1::80", Some(80), true),
            ("[::1]:8080:80", Some(80), true),
            ("0.0.0.0:8080:80/tcp", Some(80), false),
            ("9090-9091:8080-8081", Some(8080), false),
            (":", None, false),
            ("", None, false),
            ("99999", None, false),
        ] {
            let port = short(written, place());
            assert_eq!(
                (port.target, port.is_local()),
                (target, is_local),
                "{written}"
            );
        }
    }
}
