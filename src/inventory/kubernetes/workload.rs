//! Layer `inventory`: what runs in a cluster.

use std::collections::BTreeSet;

use super::super::file::{below, items};
use super::super::gathered::{Mention, To, id_of};
use super::super::images;
use super::super::recognised::Row;
use super::object::{Object, labels};
use super::{CLUSTER, zone_id};
use crate::model::vocabulary::Class;
use crate::source::Place;
use crate::syntax::tree::Node;

/// Kinds that run pods, each with the way to what a pod is.
const KINDS: [(&str, &[&str]); 8] = [
    ("Deployment", &["spec", "template"]),
    ("StatefulSet", &["spec", "template"]),
    ("DaemonSet", &["spec", "template"]),
    ("ReplicaSet", &["spec", "template"]),
    ("Rollout", &["spec", "template"]),
    ("Job", &["spec", "template"]),
    ("CronJob", &["spec", "jobTemplate", "spec", "template"]),
    ("Pod", &[]),
];

/// Whether an object should run pods and says of none what it is: an overlay changes it, as a
/// rule.
pub(super) fn lacks_pods(object: &Object<'_>) -> bool {
    let way = KINDS.iter().find(|(kind, _)| *kind == object.kind);
    way.is_some_and(|(_, path)| {
        let template = below(object.node, path);
        template.is_none_or(|template| template.get("spec").is_none())
    })
}

/// Something that runs.
pub(super) struct Workload<'f> {
    pub(super) object: &'f Object<'f>,
    pub(super) id: String,
    pub(super) spec: &'f Node,
    pub(super) labels: Vec<(String, String)>,
    /// What its first container is, and where it says so.
    pub(super) image: Option<(&'static Row, Place)>,
}

/// Every workload, each with an id of its own.
pub(super) fn all<'f>(objects: &'f [Object<'f>]) -> Vec<Workload<'f>> {
    let mut taken = BTreeSet::new();
    let mut found = Vec::new();
    for object in objects {
        let Some((_, path)) = KINDS.iter().find(|(kind, _)| *kind == object.kind) else {
            continue;
        };
        let Some(template) = below(object.node, path) else {
            continue;
        };
        let Some(spec) = template.get("spec") else {
            continue;
        };
        let own = id_of(object.name);
        let names = [
            own.clone(),
            format!("{}-{own}", id_of(object.namespace)),
            format!("{own}-{}", object.kind.to_ascii_lowercase()),
        ];
        let Some(id) = names.into_iter().find(|name| taken.insert(name.clone())) else {
            continue;
        };
        let image = items(spec, &["containers"]).first().and_then(|first| {
            let (key, name) = first.entry("image")?;
            Some((images::recognised(name.as_text()?)?, object.file.key(key)))
        });
        found.push(Workload {
            object,
            id,
            spec,
            labels: labels(object.file, template, &["metadata", "labels"]),
            image,
        });
    }
    found
}

impl Workload<'_> {
    /// Whether its pods have these labels, of which there is one at least.
    pub(super) fn has(&self, labels: &[(String, String)]) -> bool {
        !labels.is_empty() && labels.iter().all(|label| self.labels.contains(label))
    }

    pub(super) fn containers(&self) -> impl Iterator<Item = &Node> {
        let of = |name| items(self.spec, &[name]).iter();
        of("containers").chain(of("initContainers"))
    }

    /// The zone that it is in, and what says so.
    pub(super) fn zone(&self) -> (String, Place) {
        match self.object.namespace_place() {
            Some(place) if !self.object.namespace.is_empty() => {
                (zone_id(self.object.namespace), place)
            }
            _ => (CLUSTER.to_owned(), self.object.place.clone()),
        }
    }

    pub(super) fn is_store(&self) -> bool {
        let row = self.image.as_ref().map(|(row, _)| row.class());
        row == Some(Class::Datastore)
    }

    /// A mention by this workload of another.
    pub(super) fn calls(&self, other: &str, place: &Place) -> Mention {
        Mention::new(&self.id, To::Part(other.to_owned()), place)
    }
}
