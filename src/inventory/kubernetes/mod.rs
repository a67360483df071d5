//! Layer `inventory`: manifests of Kubernetes, as people write them and as `helm template`
//! prints them.

mod configuration;
mod entrance;
mod object;
mod policy;
mod volume;
mod workload;

use std::collections::BTreeMap;

use super::file::File;
use super::gathered::{Gathered, id_of};
use super::{Fact, Zone};
use crate::source::Place;
use object::{Object, objects};
use workload::Workload;

/// The zone around everything.
const CLUSTER: &str = "kubernetes-cluster";

/// So many workloads are behind one service at most.
const MAX_BEHIND: usize = 32;

/// Whether a document is an object of Kubernetes.
pub(super) fn is(file: &File) -> bool {
    let says = |key: &str| {
        file.root
            .get(key)
            .is_some_and(|said| said.as_text().is_some())
    };
    says("apiVersion") && says("kind")
}

/// Adds what the objects say together: they name each other across files.
pub(super) fn gather(files: &[File], gathered: &mut Gathered) {
    let objects = objects(files);
    let Some(first) = objects.first() else {
        return;
    };
    gathered.zones.extend(zones(&objects, &first.place));
    let cluster = Cluster::of(&objects);
    policy::zones(&objects, gathered);
    for workload in &cluster.workloads {
        workload.gather(&cluster, gathered);
    }
    entrance::gather(&objects, &cluster, gathered);
    policy::links(&objects, &cluster, gathered);
    volume::gather(&cluster, gathered);
}

/// What objects mean when they name each other.
struct Cluster<'f> {
    objects: &'f [Object<'f>],
    workloads: Vec<Workload<'f>>,
    /// By namespace and name of a service the ids of the workloads behind it.
    services: BTreeMap<(String, String), Vec<String>>,
}

impl<'f> Cluster<'f> {
    fn of(objects: &'f [Object<'f>]) -> Self {
        let workloads = workload::all(objects);
        let services = objects.iter().filter(|object| object.kind == "Service");
        let services = services.map(|service| {
            let selector = service.labels(&["spec", "selector"]);
            let behind = workloads.iter().filter(|workload| {
                workload.object.namespace == service.namespace && workload.has(&selector)
            });
            let ids = behind.take(MAX_BEHIND);
            let ids = ids.map(|workload| workload.id.clone()).collect();
            ((service.namespace.to_owned(), service.name.to_owned()), ids)
        });
        Self {
            objects,
            services: services.collect(),
            workloads,
        }
    }

    /// The workloads behind a service.
    fn behind(&self, namespace: &str, service: &str) -> &[String] {
        let found = self
            .services
            .get(&(namespace.to_owned(), service.to_owned()));
        found.map(Vec::as_slice).unwrap_or_default()
    }

    /// The workload that a host name means inside a namespace: `db`, `db.shop`,
    /// `db-0.db.shop.svc.cluster.local`.
    fn host(&self, namespace: &str, host: &str) -> Option<&str> {
        let parts: Vec<&str> = host.split('.').collect();
        let named = |at: usize| {
            let service = parts.get(at)?;
            let namespace = parts.get(at + 1).copied().unwrap_or(namespace);
            let found = self.behind(namespace, service).first();
            found.map(String::as_str)
        };
        named(0).or_else(|| named(1))
    }

    fn object(&self, kind: &str, namespace: &str, name: &str) -> Option<&Object<'f>> {
        let mut of = self.objects.iter();
        of.find(|it| it.kind == kind && it.namespace == namespace && it.name == name)
    }
}

/// The cluster, and a zone for each namespace that is named.
fn zones(objects: &[Object<'_>], place: &Place) -> Vec<Zone> {
    let mut zones = vec![Zone {
        id: CLUSTER.to_owned(),
        name: "Kubernetes cluster".to_owned(),
        inside: None,
        facts: vec![Fact::word("trust", "INTERNAL", place)],
        place: place.clone(),
    }];
    for object in objects {
        let named = if object.kind == "Namespace" {
            Some((object.name, object.place.clone()))
        } else {
            object
                .namespace_place()
                .map(|place| (object.namespace, place))
        };
        let Some((name, place)) = named.filter(|(name, _)| !name.is_empty()) else {
            continue;
        };
        let id = zone_id(name);
        let known = zones.iter_mut().find(|zone| zone.id == id);
        match known {
            // The namespace itself says more than whoever is in it.
            Some(zone) if object.kind == "Namespace" => zone.place = place,
            Some(_) => {}
            None => zones.push(Zone {
                id,
                name: name.to_owned(),
                inside: Some(CLUSTER.to_owned()),
                facts: Vec::new(),
                place,
            }),
        }
    }
    zones
}

/// The id of a namespace's zone.
fn zone_id(namespace: &str) -> String {
    match id_of(namespace) {
        id if id == CLUSTER || id == "internet" => format!("{id}-namespace"),
        id => id,
    }
}
