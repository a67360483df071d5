//! Layer `inventory`: volumes of a cluster: shared ones are stores, and some are encrypted.

use std::collections::BTreeMap;

use super::super::Fact;
use super::super::file::{entry, items};
use super::super::gathered::{Found, Gathered, Mention, To, id_of};
use super::object::{Object, text};
use super::workload::Workload;
use super::{CLUSTER, Cluster};
use crate::model::vocabulary::Class;
use crate::source::Place;

/// Adds claims that several workloads share, and says which stores are encrypted.
pub(super) fn gather(cluster: &Cluster<'_>, gathered: &mut Gathered) {
    let mut users: BTreeMap<(&str, &str), Vec<(&str, Place)>> = BTreeMap::new();
    for workload in &cluster.workloads {
        for volume in items(workload.spec, &["volumes"]) {
            let Some((key, name)) = entry(volume, &["persistentVolumeClaim", "claimName"]) else {
                continue;
            };
            let Some(name) = name.as_text() else { continue };
            let users = users.entry((workload.object.namespace, name)).or_default();
            users.push((&workload.id, workload.object.file.key(key)));
        }
        if workload.is_store()
            && let Some(place) = encrypted(workload, cluster)
            && let Some(part) = gathered.part_mut(&workload.id)
        {
            part.facts
                .push(Fact::flag("isEncryptedAtRest", true, &place));
        }
    }
    for ((namespace, name), users) in users {
        let claim = cluster.object("PersistentVolumeClaim", namespace, name);
        if let Some(claim) = claim.filter(|_| users.len() > 1) {
            shared(claim, &users, cluster, gathered);
        }
    }
}

fn shared(
    claim: &Object<'_>,
    users: &[(&str, Place)],
    cluster: &Cluster<'_>,
    gathered: &mut Gathered,
) {
    let id = format!("volume-{}", id_of(claim.name));
    let zone = (cluster.workloads.iter()).find(|it| it.object.namespace == claim.namespace);
    let zone = zone.map_or_else(|| (CLUSTER.to_owned(), claim.place.clone()), Workload::zone);
    let mut facts = vec![
        Fact::word("kind", "FILES", &claim.place),
        Fact::flag("isSQL", false, &claim.place),
        Fact::flag("isShared", true, &claim.place),
    ];
    let class = text(claim.node, &["spec", "storageClassName"]);
    let place = class.and_then(|class| encrypts(class, cluster));
    facts.extend(place.map(|place| Fact::flag("isEncryptedAtRest", true, &place)));
    gathered.parts.push(Found {
        id: id.clone(),
        name: format!("Volume {}", claim.name),
        class: Class::Datastore,
        is_certain: true,
        class_place: claim.place.clone(),
        zone: Some(zone),
        hosts: Vec::new(),
        facts,
        place: claim.place.clone(),
    });
    for (user, place) in users {
        let mention = Mention::new(user, To::Part(id.clone()), place);
        gathered.mention(mention);
    }
}

/// Where the class of a store's own volumes says that they are encrypted.
fn encrypted(workload: &Workload<'_>, cluster: &Cluster<'_>) -> Option<Place> {
    let templates = workload.object.items(&["spec", "volumeClaimTemplates"]);
    let classes = templates.iter().map(|template| {
        let class = text(template, &["spec", "storageClassName"])?;
        encrypts(class, cluster)
    });
    let places: Option<Vec<Place>> = classes.collect();
    places?.into_iter().next()
}

/// Where a class of storage says that it encrypts.
fn encrypts(class: &str, cluster: &Cluster<'_>) -> Option<Place> {
    let class = cluster.object("StorageClass", "", class)?;
    let (key, said) = entry(class.node, &["parameters", "encrypted"])?;
    (class.file.text(said)? == "true").then(|| class.file.key(key))
}
