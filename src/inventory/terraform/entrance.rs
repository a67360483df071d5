//! Layer `inventory`: how the internet comes in: through listeners of load balancers, and through
//! what security groups open.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Fact;
use super::super::gathered::{Gathered, INTERNET, Mention, To};
use super::network;
use super::resource::Names;
use crate::source::Place;

/// Types that listen for a load balancer.
const LISTENERS: [&str; 2] = ["aws_lb_listener", "aws_alb_listener"];

/// Types that stand behind a load balancer's address and take nothing but TLS.
const TLS_PROXIES: [&str; 3] = [
    "google_compute_region_target_https_proxy",
    "google_compute_target_https_proxy",
    "google_compute_target_ssl_proxy",
];

/// Protocols of machines by the port that everybody knows them at.
const PORTS: [(u16, &str); 3] = [(22, "SSH"), (80, "HTTP"), (443, "HTTPS")];

/// What lets the internet in, by what it is for.
pub(super) struct Entrances<'n, 'r> {
    names: &'n Names<'r>,
    /// By security group the ports that it opens to every address; `None` for more than one.
    open: BTreeMap<usize, Vec<Option<(u16, Place)>>>,
    /// By load balancer its listeners.
    listeners: BTreeMap<usize, Vec<usize>>,
}

impl<'n, 'r> Entrances<'n, 'r> {
    pub(super) fn of(names: &'n Names<'r>) -> Self {
        let mut open: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        let mut listeners: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (resource, at) in names.all().iter().zip(0..) {
            for (group, port) in network::opens(resource, at, names) {
                open.entry(group).or_default().push(port);
            }
            if LISTENERS.contains(&resource.kind) {
                for (balancer, _) in names.under(resource, "load_balancer_arn") {
                    listeners.entry(balancer).or_default().push(at);
                }
            }
        }
        Self {
            names,
            open,
            listeners,
        }
    }

    /// Adds that the internet reaches a part, and how: what is said of the part itself counts
    /// before what its security groups let in.
    pub(super) fn add(
        &self,
        part: usize,
        (id, place): (&str, &Place),
        tls: Option<Fact>,
        gathered: &mut Gathered,
    ) {
        let speaks = tls.or_else(|| self.listens(part));
        let mut opened = self.opened(part);
        opened.retain(|fact| speaks.is_none() || fact.attribute != "protocol");
        let mention = Mention::new(INTERNET, To::Part(id.to_owned()), place);
        gathered.mention(mention.with(speaks).with(opened));
    }

    /// What the listeners of a load balancer say that requests from outside are: HTTPS where
    /// all take nothing but TLS, HTTP where one takes that too. One that only sends elsewhere
    /// takes nothing.
    fn listens(&self, balancer: usize) -> Option<Fact> {
        let names = self.names;
        let mut targets = names.under(names.resource(balancer), "target").into_iter();
        let proxy = targets.find(|(at, _)| TLS_PROXIES.contains(&names.resource(*at).kind));
        let mut said: Vec<(String, Place)> = Vec::new();
        for listener in self.listeners.get(&balancer).into_iter().flatten() {
            let listener = names.resource(*listener);
            let text = |path: &str| {
                let (node, place) = listener.value(path)?;
                Some((node.as_text()?.to_string(), place))
            };
            if text("default_action.type").is_none_or(|(kind, _)| kind != "redirect") {
                said.push(text("protocol")?);
            }
        }
        if let Some((_, place)) = said.iter().find(|(protocol, _)| protocol == "HTTP") {
            return Some(Fact::word("protocol", "HTTP", place));
        }
        let is_closed = |(protocol, _): &(String, Place)| ["HTTPS", "TLS"].contains(&&**protocol);
        let all = said.iter().all(is_closed);
        let first = said.into_iter().next().filter(|_| all);
        let place = proxy.map(|(_, place)| place);
        let place = place.or_else(|| Some(first?.1))?;
        Some(Fact::word("protocol", "HTTPS", &place))
    }

    /// What requests from the internet to a part are, if its security groups let them in at one
    /// port alone.
    fn opened(&self, part: usize) -> Vec<Fact> {
        let names = self.names;
        let named = names.anywhere(names.resource(part)).into_iter();
        let named: BTreeSet<usize> = named.map(|(at, _)| at).collect();
        let mut open = named.iter().filter_map(|at| self.open.get(at)).flatten();
        let (Some(Some((port, place))), None) = (open.next(), open.next()) else {
            return Vec::new();
        };
        let known = PORTS.iter().find(|(known, _)| known == port);
        let protocol = known.map(|(_, name)| Fact::word("protocol", *name, place));
        let port = Fact::number("dstPort", *port, place);
        protocol.into_iter().chain([port]).collect()
    }
}
