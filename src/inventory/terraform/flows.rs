//! Layer `inventory`: who calls whom, through everything that only leads on.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Fact;
use super::super::gathered::{Gathered, Mention, To};
use super::resource::{Names, Resource};
use crate::source::Place;

/// Types that listen for a load balancer.
const LISTENERS: [&str; 2] = ["aws_lb_listener", "aws_alb_listener"];

/// Types that stand behind a load balancer's address and take nothing but TLS.
const TLS_PROXIES: [&str; 3] = [
    "google_compute_region_target_https_proxy",
    "google_compute_target_https_proxy",
    "google_compute_target_ssl_proxy",
];

/// Adds a mention for each part that leads to another, through resources that are no parts.
pub(super) fn gather(
    resources: &[Resource<'_>],
    names: &Names<'_>,
    ids: &BTreeMap<usize, String>,
    gathered: &mut Gathered,
) {
    let mut leads: BTreeMap<usize, Vec<(usize, Place)>> = BTreeMap::new();
    for (resource, at) in resources.iter().zip(0..) {
        let Some(row) = resource.row else { continue };
        for key in &row.outward {
            let to = names.under(resource, key);
            leads.entry(at).or_default().extend(to);
        }
        for key in &row.inward {
            for (from, place) in names.under(resource, key) {
                leads.entry(from).or_default().push((at, place));
            }
        }
    }
    for (at, id) in ids {
        let mut seen = BTreeSet::from([*at]);
        let mut waiting: Vec<&(usize, Place)> = leads.get(at).into_iter().flatten().rev().collect();
        while let Some((next, place)) = waiting.pop() {
            if !seen.insert(*next) {
                continue;
            }
            match ids.get(next) {
                Some(other) => {
                    let mention = Mention::new(id, To::Part(other.clone()), place);
                    gathered.mention(mention.with(names.resource(*next).encrypts()));
                }
                None => waiting.extend(leads.get(next).into_iter().flatten().rev()),
            }
        }
    }
}

/// What the listeners of a load balancer say that requests from outside are: HTTPS where all
/// take nothing but TLS, HTTP where one takes that too. One that only sends elsewhere takes
/// nothing.
pub(super) fn listens(balancer: usize, names: &Names<'_>) -> Option<Fact> {
    let mut targets = names.under(names.resource(balancer), "target").into_iter();
    let proxy = targets.find(|(at, _)| TLS_PROXIES.contains(&names.resource(*at).kind));
    let mut said: Vec<(String, Place)> = Vec::new();
    for listener in names.all().iter().filter(|it| LISTENERS.contains(&it.kind)) {
        let mut of = names.under(listener, "load_balancer_arn").into_iter();
        if of.all(|(at, _)| at != balancer) {
            continue;
        }
        let text = |path: &str| {
            let (node, place) = listener.value(path)?;
            Some((node.as_text()?.to_string(), place))
        };
        if text("default_action.type").is_none_or(|(kind, _)| kind != "redirect") {
            said.push(text("protocol")?);
        }
    }
    let open = said.iter().find(|(protocol, _)| protocol == "HTTP");
    if let Some((_, place)) = open {
        return Some(Fact::word("protocol", "HTTP", place));
    }
    let is_closed = |(protocol, _): &(String, Place)| ["HTTPS", "TLS"].contains(&&**protocol);
    let all = said.iter().all(is_closed);
    let first = said.into_iter().next().filter(|_| all);
    let place = proxy.or(first.map(|(_, place)| (0, place)))?.1;
    Some(Fact::word("protocol", "HTTPS", &place))
}
