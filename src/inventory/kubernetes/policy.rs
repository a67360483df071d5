//! Layer `inventory`: network policies: what they keep out, and whom they let through.
//!
//! Whom a policy lets through by name is expected to call.

use super::super::Fact;
use super::super::file::{below, entry, items};
use super::super::gathered::Gathered;
use super::object::{Labels, Object, text};
use super::workload::Workload;
use super::{Cluster, zone_id};
use crate::source::Place;
use crate::syntax::tree::Node;

const POLICY: &str = "NetworkPolicy";

/// Whether a policy is about a direction: what it says nothing of is about what comes in.
fn is_about(policy: &Object<'_>, direction: &str) -> bool {
    let types = policy.items(&["spec", "policyTypes"]);
    let key = direction.to_ascii_lowercase();
    let has = below(policy.node, &["spec", &key]).is_some();
    if types.is_empty() {
        return direction == "Ingress" || has;
    }
    types
        .iter()
        .any(|it| it.as_text().is_some_and(|it| &**it == direction))
}

/// Whether a rule lets everybody through.
fn is_open(policy: &Object<'_>, direction: &str) -> bool {
    let (rules, peers) = match direction {
        "Ingress" => ("ingress", "from"),
        _ => ("egress", "to"),
    };
    let rules = policy.items(&["spec", rules]);
    rules.iter().any(|rule| {
        let peers = items(rule, &[peers]);
        let anywhere = |peer: &Node| text(peer, &["ipBlock", "cidr"]) == Some("0.0.0.0/0");
        peers.is_empty() && items(rule, &["ports"]).is_empty() || peers.iter().any(anywhere)
    })
}

/// Adds to namespaces what is said of all pods in them.
pub(super) fn zones(objects: &[Object<'_>], gathered: &mut Gathered) {
    for policy in objects.iter().filter(|object| object.kind == POLICY) {
        let selector = policy.selector(policy.node, &["spec", "podSelector"]);
        let is_for_all = matches!(&selector, Some(Labels::These(labels)) if labels.is_empty());
        if !is_for_all || !is_about(policy, "Ingress") || is_open(policy, "Ingress") {
            continue;
        }
        let id = zone_id(policy.namespace);
        let Some(place) = policy.at(&["spec", "podSelector"]) else {
            continue;
        };
        if let Some(zone) = gathered.zones.iter_mut().find(|zone| zone.id == id) {
            zone.facts.push(Fact::flag("filtersTraffic", true, &place));
        }
    }
}

/// Adds to workloads what policies say of them, and whom these let through.
pub(super) fn links(objects: &[Object<'_>], cluster: &Cluster<'_>, gathered: &mut Gathered) {
    for policy in objects.iter().filter(|object| object.kind == POLICY) {
        let Some(Labels::These(labels)) = policy.selector(policy.node, &["spec", "podSelector"])
        else {
            continue;
        };
        let place = policy.at(&["spec", "podSelector"]);
        let place = place.unwrap_or_else(|| policy.place.clone());
        let selected: Vec<&Workload<'_>> = if labels.is_empty() {
            let all = cluster.workloads.iter();
            all.filter(|it| it.object.namespace == policy.namespace)
                .collect()
        } else {
            cluster.labelled(policy.namespace, &labels)
        };
        for (direction, control) in [("Ingress", "filtersTraffic"), ("Egress", "filtersEgress")] {
            if !is_about(policy, direction) || is_open(policy, direction) {
                continue;
            }
            for workload in &selected {
                keeps(gathered, &workload.id, control, &place);
            }
        }
        for rule in policy.items(&["spec", "ingress"]) {
            if gathered.is_full() {
                return;
            }
            for (peer, place) in peers(policy, rule, "from", cluster) {
                for own in &selected {
                    let mention = peer.calls(&own.id, &place);
                    gathered.mention(mention.with(port(policy, rule)));
                }
            }
        }
        for rule in policy.items(&["spec", "egress"]) {
            if gathered.is_full() {
                return;
            }
            for (peer, place) in peers(policy, rule, "to", cluster) {
                for own in &selected {
                    let mention = own.calls(&peer.id, &place);
                    gathered.mention(mention.with(port(policy, rule)));
                }
            }
        }
    }
}

fn keeps(gathered: &mut Gathered, id: &str, control: &'static str, place: &Place) {
    if let Some(part) = gathered.part_mut(id)
        && !part.facts.iter().any(|fact| fact.attribute == control)
    {
        part.facts.push(Fact::flag(control, true, place));
    }
}

/// The workloads that a rule names by their labels, in the same namespace or in one that is
/// named by its label.
fn peers<'c, 'f>(
    policy: &Object<'_>,
    rule: &Node,
    key: &str,
    cluster: &'c Cluster<'f>,
) -> Vec<(&'c Workload<'f>, Place)> {
    let mut found = Vec::new();
    for peer in items(rule, &[key]) {
        let Some(Labels::These(labels)) = policy.selector(peer, &["podSelector"]) else {
            continue;
        };
        let namespace = match policy.selector(peer, &["namespaceSelector"]) {
            None => Some(policy.namespace.to_owned()),
            Some(Labels::These(of)) => {
                let name = of
                    .iter()
                    .find(|(key, _)| key == "kubernetes.io/metadata.name");
                name.map(|(_, name)| name.clone())
            }
            Some(Labels::Unread) => None,
        };
        let Some((key, _)) = entry(peer, &["podSelector"]) else {
            continue;
        };
        let place = policy.file.key(key);
        let of = namespace.iter();
        let of = of.flat_map(|namespace| cluster.labelled(namespace, &labels));
        found.extend(of.map(|workload| (workload, place.clone())));
    }
    found
}

/// The port of a rule, if it has exactly one.
fn port(policy: &Object<'_>, rule: &Node) -> Option<Fact> {
    let [port] = items(rule, &["ports"]) else {
        return None;
    };
    let (key, number) = port.entry("port")?;
    let number = u16::try_from(number.as_int()?).ok()?;
    Some(Fact::number("dstPort", number, &policy.file.key(key)))
}
