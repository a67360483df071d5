//! Layer `inventory`: networks of a cloud, and security groups: whom they let through by name.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Fact;
use super::super::gathered::{Gathered, Mention, To, id_of};
use super::resource::{Names, Resource};
use crate::source::Place;
use crate::syntax::tree::Node;

/// Types on the way from a part to its network.
const WAYS: [&str; 7] = [
    "aws_db_subnet_group",
    "aws_elasticache_subnet_group",
    "aws_security_group",
    "aws_subnet",
    "azurerm_network_interface",
    "azurerm_subnet",
    "google_compute_subnetwork",
];

/// Types of rules, each with the values that name the group and the one that it lets in.
const RULES: [(&str, &str, &str); 2] = [
    (
        "aws_security_group_rule",
        "security_group_id",
        "source_security_group_id",
    ),
    (
        "aws_vpc_security_group_ingress_rule",
        "security_group_id",
        "referenced_security_group_id",
    ),
];

const GROUP: &str = "aws_security_group";

/// An address that the internet reaches, and what has it for a machine.
const ADDRESS: &str = "azurerm_public_ip";
const INTERFACE: &str = "azurerm_network_interface";

/// The id of a network's zone.
pub(super) fn id(network: &Resource<'_>) -> String {
    let name = id_of(&network.name.replace('_', "-"));
    match &network.module {
        Some(module) => format!("{}-{name}-network", id_of(module)),
        None => format!("{name}-network"),
    }
}

/// The network around a part, if its values lead to one.
pub(super) fn around(part: usize, names: &Names<'_>) -> Option<(String, Place)> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<(usize, Place)> = names.anywhere(names.resource(part));
    waiting.reverse();
    while let Some((next, place)) = waiting.pop() {
        let resource = names.resource(next);
        if !seen.insert(next) {
            continue;
        }
        if resource.row.is_some_and(|row| row.zone.is_some()) {
            return Some((id(resource), place));
        }
        if WAYS.contains(&resource.kind) {
            // The line of the part itself says in what it is.
            let further = names.anywhere(resource).into_iter();
            waiting.extend(further.map(|(at, _)| (at, place.clone())));
        }
    }
    None
}

/// Where a part, or an interface of it, has an address that the internet reaches.
pub(super) fn address(part: &Resource<'_>, names: &Names<'_>) -> Option<Place> {
    let is_address = |(at, _): &(usize, Place)| names.resource(*at).kind == ADDRESS;
    let has_one = |named: &(usize, Place)| {
        let next = names.resource(named.0);
        let has_one = || names.anywhere(next).iter().any(is_address);
        is_address(named) || next.kind == INTERFACE && has_one()
    };
    let keys = part.row.iter().flat_map(|row| &row.address);
    let mut named = keys.flat_map(|key| names.under(part, key));
    named.find(has_one).map(|(_, place)| place)
}

/// Adds whom security groups let through: from the parts in one group to those in another.
pub(super) fn gather(
    resources: &[Resource<'_>],
    names: &Names<'_>,
    ids: &BTreeMap<usize, String>,
    gathered: &mut Gathered,
) {
    let mut members: BTreeMap<usize, Vec<&String>> = BTreeMap::new();
    for (at, id) in ids {
        let groups = names
            .anywhere(names.resource(*at))
            .into_iter()
            .map(|(at, _)| at);
        let groups: BTreeSet<usize> = groups
            .filter(|at| names.resource(*at).kind == GROUP)
            .collect();
        for group in groups {
            members.entry(group).or_default().push(id);
        }
    }
    // Of a group with several parts the rule does not say which of them calls, or is called.
    let only = |group: usize| match members.get(&group).map(Vec::as_slice) {
        Some([only]) => Some(*only),
        _ => None,
    };
    let mut let_through = |from: usize, to: usize, port: Option<Fact>, place: &Place| {
        if let Some((from, to)) = only(from).zip(only(to)) {
            let mention = Mention::new(from, To::Part(to.clone()), place);
            gathered.mention(mention.with(port));
        }
    };
    for (resource, at) in resources.iter().zip(0..) {
        if resource.kind == GROUP {
            for (other, place) in names.under(resource, "ingress") {
                let_through(other, at, port(resource, "ingress."), &place);
            }
        }
        let Some((_, group, source)) = RULES.iter().find(|(kind, ..)| *kind == resource.kind)
        else {
            continue;
        };
        for (to, _) in names
            .under(resource, group)
            .into_iter()
            .filter(|_| is_inward(resource))
        {
            for (from, place) in names.under(resource, source) {
                let_through(from, to, port(resource, ""), &place);
            }
        }
    }
}

/// What a resource opens to every address, as the group and its port, if it is one.
pub(super) fn opens(resource: &Resource<'_>, at: usize, names: &Names<'_>) -> Vec<Opening> {
    let mut open = Vec::new();
    if resource.kind == GROUP {
        let blocks = resource.value("ingress");
        let blocks = blocks.and_then(|(blocks, _)| blocks.as_list());
        for block in blocks.unwrap_or_default() {
            let said = |key: &str| {
                let (key, said) = block.entry(key)?;
                Some((said, resource.place_of(key)))
            };
            open.extend(is_for_all(said).then(|| (at, ports(said))));
        }
    }
    let rule = RULES.iter().find(|(kind, ..)| *kind == resource.kind);
    let said = |key: &str| resource.value(key);
    if let Some((_, key, _)) = rule
        && is_inward(resource)
        && is_for_all(said)
    {
        let groups = names.under(resource, key).into_iter();
        open.extend(groups.map(|(group, _)| (group, ports(said))));
    }
    open
}

/// A group, and the port that it lets in, if it is one.
pub(super) type Opening = (usize, Option<(u16, Place)>);

/// Whether a rule lets every address in.
fn is_for_all<'n>(at: impl Fn(&str) -> Option<(&'n Node, Place)>) -> bool {
    let keys = ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"];
    keys.into_iter().filter_map(at).any(|(said, _)| {
        let said = said.as_list().unwrap_or(std::slice::from_ref(said)).iter();
        let mut texts = said.filter_map(Node::as_text);
        texts.any(|range| ["0.0.0.0/0", "::/0"].contains(&&**range))
    })
}

/// The port that a rule lets in, if it is one.
fn ports<'n>(at: impl Fn(&str) -> Option<(&'n Node, Place)>) -> Option<(u16, Place)> {
    let number = |key: &str| {
        let (said, place) = at(key)?;
        Some((u16::try_from(said.as_int()?).ok()?, place))
    };
    let (from, place) = number("from_port")?;
    let (to, _) = number("to_port")?;
    (from == to && from > 0).then_some((from, place))
}

fn is_inward(rule: &Resource<'_>) -> bool {
    let said = rule.value("type");
    said.is_none_or(|(node, _)| node.as_text().is_some_and(|said| &**said == "ingress"))
}

/// The port that a rule is about, if it is one.
fn port(rule: &Resource<'_>, at: &str) -> Option<Fact> {
    // Of several rules in one group the values do not say which one names whom.
    if !at.is_empty()
        && rule
            .value("ingress")
            .and_then(|(node, _)| Some(node.as_list()?.len()))
            != Some(1)
    {
        return None;
    }
    let (port, place) = ports(|key| rule.value(&format!("{at}{key}")))?;
    Some(Fact::number("dstPort", port, &place))
}
