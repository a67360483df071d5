//! Layer `inventory`: what `terraform show -json` and `tofu show -json` print of a plan or a
//! state.
//!
//! A plan has its configuration beside it, which says who names whom; of a state the values
//! themselves tell.

mod configuration;
mod entrance;
mod flows;
mod form;
mod identity;
mod network;
mod policy;
mod resource;
mod table;

use std::collections::BTreeMap;

use super::file::{File, below};
use super::gathered::{Found, Gathered, id_of};
use super::recognised::attribute;
use super::{Fact, Zone};
use entrance::Entrances;
use resource::{Names, Resource};

pub(super) use form::hold;

/// Clouds by the beginnings of their types.
const CLOUDS: [(&str, &str, &str); 3] = [
    ("aws_", "aws-account", "AWS account"),
    ("google_", "google-cloud-project", "Google Cloud project"),
    ("azurerm_", "azure-subscription", "Azure subscription"),
];

/// Names that say nothing: the module says more.
const EMPTY: [&str; 7] = [
    "this", "main", "default", "primary", "self", "self_", "instance",
];

/// Whether a document is a plan or a state.
pub(super) fn is(file: &File) -> bool {
    let has = |path: &[&str]| below(&file.root, path).is_some();
    has(&["format_version"]) && (has(&["planned_values"]) || has(&["values"]))
}

/// Adds what the resources say together.
pub(super) fn gather(files: &[File], gathered: &mut Gathered) {
    let resources = resource::all(files, &mut gathered.notices);
    let names = Names::of(&resources);
    let entrances = Entrances::of(&names);
    let ids = ids(&resources);
    zones(&resources, gathered);
    for (at, id) in &ids {
        part(&resources[*at], id, (*at, &names), &entrances, gathered);
    }
    for resource in &resources {
        additions(resource, &names, &entrances, &ids, gathered);
    }
    identity::gather(&resources, &names, &ids, gathered);
    flows::gather(&resources, &names, &ids, gathered);
    network::gather(&resources, &names, &ids, gathered);
}

/// The id of each part: its name, and what it is where it runs no code of one's own.
fn ids(resources: &[Resource<'_>]) -> BTreeMap<usize, String> {
    let mut taken = std::collections::BTreeSet::new();
    let mut ids = BTreeMap::new();
    for (resource, at) in resources.iter().zip(0..) {
        if resource.row.is_none_or(|row| row.class().is_none()) {
            continue;
        }
        let name = id_of(&title(resource).replace(' ', "-").to_lowercase());
        let longer = format!("{name}-{}", id_of(resource.kind));
        let whole = id_of(&resource.address);
        let id = [name, longer, whole]
            .into_iter()
            .find(|id| taken.insert(id.clone()));
        ids.extend(id.map(|id| (at, id)));
    }
    ids
}

/// What people call it.
fn title(resource: &Resource<'_>) -> String {
    let own = resource.name;
    let module = resource.module.as_deref().filter(|_| EMPTY.contains(&own));
    let name = module.unwrap_or(own).replace('_', "-");
    match resource
        .row
        .and_then(|row| row.noun.as_ref().or(row.zone.as_ref()))
    {
        Some(noun) if !name.ends_with(noun.as_str()) => format!("{name} {noun}"),
        _ => name,
    }
}

fn cloud(resource: &Resource<'_>) -> Option<&'static (&'static str, &'static str, &'static str)> {
    CLOUDS
        .iter()
        .find(|(prefix, ..)| resource.kind.starts_with(prefix))
}

/// The clouds, and the networks in them.
fn zones(resources: &[Resource<'_>], gathered: &mut Gathered) {
    for resource in resources {
        let Some((_, id, name)) = cloud(resource) else {
            continue;
        };
        if !gathered.zones.iter().any(|zone| zone.id == *id) {
            gathered.zones.push(Zone {
                id: (*id).to_owned(),
                name: (*name).to_owned(),
                inside: None,
                facts: vec![Fact::word("trust", "INTERNAL", &resource.place)],
                place: resource.place.clone(),
            });
        }
        if resource.row.is_some_and(|row| row.zone.is_some()) {
            gathered.zones.push(Zone {
                id: network::id(resource),
                name: title(resource),
                inside: Some((*id).to_owned()),
                facts: Vec::new(),
                place: resource.place.clone(),
            });
        }
    }
}

fn part(
    resource: &Resource<'_>,
    id: &str,
    (at, names): (usize, &Names<'_>),
    entrances: &Entrances<'_, '_>,
    gathered: &mut Gathered,
) {
    let Some((row, class)) = resource.row.and_then(|row| Some((row, row.class()?))) else {
        return;
    };
    let place = &resource.place;
    let mut facts = Vec::new();
    for (condition, name) in &row.facts {
        let known = attribute(class, name).zip(resource.tells(condition));
        if let Some((known, (said, place))) = known
            && !facts.iter().any(|fact: &Fact| fact.attribute == known.name)
        {
            facts.push(Fact::flag(known.name, said, &place));
        }
    }
    let says = row.says(place).into_iter();
    let says = says.filter(|fact| !facts.iter().any(|said| said.attribute == fact.attribute));
    let says: Vec<Fact> = says.collect();
    facts.extend(says);
    if facts
        .iter()
        .any(|fact| fact.attribute == "usesCloudIdentity" && fact.said == super::Said::Flag(true))
        && let Some(fact) = facts
            .iter()
            .find(|fact| fact.attribute == "usesCloudIdentity")
    {
        let place = fact.place.clone();
        facts.push(Fact::flag("usesWorkloadIdentity", true, &place));
    }
    let reached = row.internet.as_deref().and_then(|it| resource.holds(it));
    if let Some(place) = reached.or_else(|| network::address(resource, names)) {
        facts.push(Fact::flag("isInternetFacing", true, &place));
        entrances.add(at, (id, &place), resource.encrypts(), gathered);
    }
    let around = cloud(resource).map(|(_, id, _)| ((*id).to_owned(), place.clone()));
    gathered.parts.push(Found {
        id: id.to_owned(),
        name: title(resource),
        class,
        is_certain: true,
        class_place: place.clone(),
        zone: network::around(at, names).or(around),
        hosts: Vec::new(),
        facts,
        place: place.clone(),
    });
}

/// Adds what a resource says of another one.
fn additions(
    resource: &Resource<'_>,
    names: &Names<'_>,
    entrances: &Entrances<'_, '_>,
    ids: &BTreeMap<usize, String>,
    gathered: &mut Gathered,
) {
    let Some((row, key)) = resource.row.and_then(|row| Some((row, row.of.as_ref()?))) else {
        return;
    };
    let reached = row.internet.as_deref().map(|it| resource.holds(it));
    // What is only for the internet to come in does nothing where that does not.
    if let Some(None) = reached {
        return;
    }
    let mut gives = row.gives(&resource.place);
    gives.extend(
        reached
            .flatten()
            .map(|place| Fact::flag("isInternetFacing", true, &place)),
    );
    for (at, _) in names.under(resource, key) {
        let Some(id) = ids.get(&at) else { continue };
        let is_entrance = |fact: &&Fact| fact.attribute == "isInternetFacing";
        if let Some(fact) = gives.iter().find(is_entrance) {
            let tls = resource.encrypts();
            let tls = tls.or_else(|| names.resource(at).encrypts());
            entrances.add(at, (id, &fact.place), tls, gathered);
        }
        let Some(part) = gathered.part_mut(id) else {
            continue;
        };
        let told = row.facts.iter().filter_map(|(condition, name)| {
            let name = attribute(part.class, name)?.name;
            Some(Fact::flag(name, true, &resource.holds(condition)?))
        });
        let told: Vec<Fact> = told.collect();
        for fact in gives.iter().cloned().chain(told) {
            part.facts.retain(|known| known.attribute != fact.attribute);
            part.facts.push(fact);
        }
    }
}
