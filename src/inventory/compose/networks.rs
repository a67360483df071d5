//! Layer `inventory`: networks of Compose files, as far as they part services from each other.

use std::collections::{BTreeMap, BTreeSet};

use super::super::file::{File, entries, entry};
use super::super::gathered::id_of;
use super::super::{Fact, Zone};
use crate::source::Place;
use crate::syntax::tree::Node;

/// The network of services that name none.
const DEFAULT: &str = "default";

/// The networks, and which services are in which.
pub(super) struct Networks {
    stack: Option<String>,
    /// By network those that are in it.
    members: BTreeMap<String, BTreeSet<String>>,
    /// By service its networks, with the place.
    of: BTreeMap<String, Vec<(String, Place)>>,
    declared: BTreeMap<String, Declared>,
}

struct Declared {
    place: Place,
    /// Where it says that there is no way out of it.
    internal: Option<Place>,
    /// Others may be in it: it is not of this file.
    is_external: bool,
}

impl Networks {
    pub(super) fn of(files: &[File], stack: Option<&str>) -> Self {
        let mut all = Self {
            stack: stack.map(ToOwned::to_owned),
            members: BTreeMap::new(),
            of: BTreeMap::new(),
            declared: BTreeMap::new(),
        };
        for file in files {
            for (key, body) in entries(&file.root, &["networks"]) {
                let says = |name: &str| {
                    entry(body, &[name])
                        .filter(|(_, value)| {
                            value.as_bool() == Some(true) || value.as_map().is_some()
                        })
                        .map(|(key, _)| file.key(key))
                };
                let declared = Declared {
                    place: file.key(key),
                    internal: says("internal"),
                    is_external: says("external").is_some(),
                };
                all.declared.entry(key.text.to_string()).or_insert(declared);
            }
            for (key, body) in entries(&file.root, &["services"]) {
                all.take(file, &key.text, file.key(key), body);
            }
        }
        all
    }

    fn take(&mut self, file: &File, service: &str, place: Place, body: &Node) {
        if body.get("network_mode").is_some() {
            return;
        }
        let named = body.get("networks").map(|node| file.names(node));
        let named: Vec<(String, Place)> = match named {
            Some(named) => named
                .into_iter()
                .map(|(name, place, _)| (name, place))
                .collect(),
            None => vec![(DEFAULT.to_owned(), place)],
        };
        // A file that overrides another need not say the networks again.
        if body.get("networks").is_none() && self.of.contains_key(service) {
            return;
        }
        for (name, _) in &named {
            let members = self.members.entry(name.clone()).or_default();
            members.insert(service.to_owned());
        }
        self.of.insert(service.to_owned(), named);
    }

    /// Whether a network parts some services from others: one in which all are parts nothing,
    /// and one in which nobody is alone is only a way between others.
    fn parts(&self, network: &str) -> bool {
        let Some(members) = self.members.get(network) else {
            return false;
        };
        let alone = |service: &&String| self.of.get(*service).is_some_and(|of| of.len() == 1);
        members.len() < self.of.len() && members.iter().any(|service| alone(&service))
    }

    /// The zones that networks make.
    pub(super) fn zones(&self) -> Vec<Zone> {
        let mut zones = Vec::new();
        for (name, members) in &self.members {
            if !self.parts(name) {
                continue;
            }
            let declared = self.declared.get(name);
            let of = members.iter().find_map(|service| self.of.get(service));
            let used = of.and_then(|of| of.first()).map(|(_, place)| place.clone());
            let Some(place) = declared.map(|it| it.place.clone()).or(used) else {
                continue;
            };
            let internal = declared.and_then(|it| it.internal.as_ref());
            let is_external = declared.is_some_and(|it| it.is_external);
            zones.push(Zone {
                id: self.id(name),
                name: name.clone(),
                inside: self.stack.clone().filter(|_| !is_external),
                facts: internal
                    .map(|place| Fact::flag("filtersTraffic", true, place))
                    .into_iter()
                    .collect(),
                place,
            });
        }
        zones
    }

    /// The zone of a service: its only network, if that parts anything, else what is around all.
    pub(super) fn zone(&self, service: &str, place: &Place) -> Option<(String, Place)> {
        match self.of.get(service).map(Vec::as_slice) {
            Some([(network, place)]) if self.parts(network) => {
                Some((self.id(network), place.clone()))
            }
            _ => Some((self.stack.clone()?, place.clone())),
        }
    }

    /// The id of a network's zone: the system may be called as its network is.
    fn id(&self, network: &str) -> String {
        let id = id_of(network);
        if self.stack.as_ref() == Some(&id) || id == "internet" {
            format!("{id}-network")
        } else {
            id
        }
    }
}
