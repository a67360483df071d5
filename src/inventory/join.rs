//! Layer `inventory`: what several sources say, put together: one part of a name, hosts resolved.
//!
//! Of two sources that say the same thing differently the one that was named first counts.

use std::collections::BTreeMap;

use super::gathered::{Found, Gathered, INTERNET, Mention, To, id_of};
use super::{Fact, Inventory, Link, Part, Said, Zone};
use crate::model::vocabulary::Class;

/// The zone of whoever comes from the internet.
const INTERNET_ZONE: &str = "internet";

/// Puts everything together.
pub(super) fn join(gathered: Gathered) -> Inventory {
    let mut hosts: BTreeMap<String, String> = BTreeMap::new();
    for part in &gathered.parts {
        for host in &part.hosts {
            hosts
                .entry(host.to_ascii_lowercase())
                .or_insert_with(|| part.id.clone());
        }
    }
    let mut parts = parts(gathered.parts);
    let mut zones = once(gathered.zones);
    let links = links(gathered.mentions, &hosts, &mut parts, &mut zones);
    called_programs_are_servers(&mut parts, &links);
    Inventory {
        name: gathered.name,
        zones,
        parts: parts.into_iter().map(Found::part).collect(),
        links,
    }
}

impl Found {
    fn part(self) -> Part {
        Part {
            id: self.id,
            name: self.name,
            class: self.class,
            class_place: self.class_place,
            zone: self.zone,
            facts: self.facts,
            place: self.place,
        }
    }
}

/// Each part once, with everything that is said of it.
fn parts(found: Vec<Found>) -> Vec<Found> {
    let mut parts: Vec<Found> = Vec::new();
    let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
    for part in found {
        let Some(&at) = by_id.get(&part.id) else {
            by_id.insert(part.id.clone(), parts.len());
            parts.push(part);
            continue;
        };
        let known = &mut parts[at];
        if !known.is_certain && (part.is_certain || rank(part.class) > rank(known.class)) {
            known.class = part.class;
            known.class_place = part.class_place;
            known.is_certain = part.is_certain;
        }
        known.zone = known.zone.take().or(part.zone);
        add(&mut known.facts, part.facts);
    }
    parts
}

/// A program that serves says more than one that runs.
fn rank(class: Class) -> u8 {
    u8::from(class != Class::Process)
}

/// Adds what is not said yet.
fn add(facts: &mut Vec<Fact>, more: Vec<Fact>) {
    for fact in more {
        if !facts.iter().any(|known| known.attribute == fact.attribute) {
            facts.push(fact);
        }
    }
}

/// Each zone once; one whose outer zone is not there has none.
fn once(found: Vec<Zone>) -> Vec<Zone> {
    let mut zones: Vec<Zone> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for zone in found {
        match known.get(&zone.id) {
            Some(at) => add(&mut zones[*at].facts, zone.facts),
            None => {
                known.insert(zone.id.clone(), zones.len());
                zones.push(zone);
            }
        }
    }
    zones
}

/// Resolves who is meant, and puts together what is said of each pair.
fn links(
    mentions: Vec<Mention>,
    hosts: &BTreeMap<String, String>,
    parts: &mut Vec<Found>,
    zones: &mut Vec<Zone>,
) -> Vec<Link> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for part in &*parts {
        known.insert(part.id.clone(), part.name.clone());
    }
    let mut links: Vec<Link> = Vec::new();
    let mut by_pair: BTreeMap<(String, String), usize> = BTreeMap::new();
    for mention in mentions {
        let to = match &mention.to {
            To::Part(id) => Some(id.clone()).filter(|id| known.contains_key(id)),
            To::Host(host) => resolved(hosts, host),
            To::Address(host) => resolved(hosts, host).or_else(|| {
                let id = id_of(host);
                if known.insert(id.clone(), host.clone()).is_none() {
                    parts.push(elsewhere(&id, host, &mention));
                }
                Some(id)
            }),
        };
        let Some(to) = to.filter(|to| *to != mention.from) else {
            continue;
        };
        if mention.from == INTERNET && !known.contains_key(INTERNET) {
            known.insert(INTERNET.to_owned(), String::new());
            parts.insert(0, anybody(&mention));
            zones.insert(0, internet(&mention));
        }
        if !known.contains_key(&mention.from) {
            continue;
        }
        let pair = (mention.from.clone(), to.clone());
        match by_pair.get(&pair) {
            Some(&at) => add(&mut links[at].facts, mention.facts),
            None => {
                by_pair.insert(pair, links.len());
                links.push(link(mention, to, &known));
            }
        }
    }
    links
}

fn link(mention: Mention, to: String, names: &BTreeMap<String, String>) -> Link {
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let (id, name) = if mention.from == INTERNET {
        (
            format!("internet-to-{to}"),
            format!("Internet to {}", name(&to)),
        )
    } else {
        let names = (name(&mention.from), name(&to));
        (
            format!("{}-to-{to}", mention.from),
            format!("{} to {}", names.0, names.1),
        )
    };
    Link {
        id,
        name,
        from: mention.from,
        to,
        facts: mention.facts,
        place: mention.place,
    }
}

/// The part that a host name means; what follows its first parts may be a domain inside.
fn resolved(hosts: &BTreeMap<String, String>, host: &str) -> Option<String> {
    hosts.get(&host.to_ascii_lowercase()).cloned()
}

/// A system of others.
fn elsewhere(id: &str, host: &str, mention: &Mention) -> Found {
    Found {
        id: id.to_owned(),
        name: host.to_owned(),
        class: Class::ExternalEntity,
        is_certain: true,
        class_place: mention.place.clone(),
        zone: None,
        hosts: Vec::new(),
        facts: Vec::new(),
        place: mention.place.clone(),
    }
}

/// Whoever comes from the internet.
fn anybody(mention: &Mention) -> Found {
    Found {
        id: INTERNET.to_owned(),
        name: "Internet user".to_owned(),
        class: Class::Actor,
        is_certain: true,
        class_place: mention.place.clone(),
        zone: Some((INTERNET_ZONE.to_owned(), mention.place.clone())),
        hosts: Vec::new(),
        facts: Vec::new(),
        place: mention.place.clone(),
    }
}

fn internet(mention: &Mention) -> Zone {
    Zone {
        id: INTERNET_ZONE.to_owned(),
        name: "Internet".to_owned(),
        inside: None,
        facts: vec![Fact::new(
            "trust",
            Said::Word("UNTRUSTED".into()),
            &mention.place,
        )],
        place: mention.place.clone(),
    }
}

/// A program that others call answers requests.
fn called_programs_are_servers(parts: &mut [Found], links: &[Link]) {
    let mut called: BTreeMap<&str, &Link> = BTreeMap::new();
    for link in links {
        called.entry(&link.to).or_insert(link);
    }
    for part in parts {
        if part.class != Class::Process || part.is_certain {
            continue;
        }
        if let Some(link) = called.get(&*part.id) {
            part.class = Class::Server;
            part.class_place = link.place.clone();
        }
    }
}
