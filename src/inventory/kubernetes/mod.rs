//! Layer `inventory`: manifests of Kubernetes, as people write them and as `helm template`
//! prints them.

mod configuration;
mod entrance;
mod form;
mod object;
mod part;
mod policy;
mod volume;
mod workload;

use std::collections::BTreeMap;

use super::file::File;
use super::gathered::{Gathered, id_of};
use super::{Fact, Zone};
use crate::notice::{Notice, code};
use crate::source::Place;
use object::{Object, objects};
use workload::Workload;

pub(super) use form::hold;

/// The zone around everything.
const CLUSTER: &str = "kubernetes-cluster";

/// So many workloads are behind one service at most.
const MAX_BEHIND: usize = 32;
/// So many objects are read together: selectors hold each of them against each.
const MAX_OBJECTS: usize = 10_000;

/// Whether a document is an object of Kubernetes.
pub(super) fn is(file: &File) -> bool {
    let has = |key: &str| file.root.entry(key).is_some();
    has("apiVersion") && has("kind")
}

/// Adds what the objects say together: they name each other across files.
pub(super) fn gather(files: &[File], gathered: &mut Gathered) {
    // What an overlay changes comes after what it is changed in, however the files are called.
    let (changes, mut all): (Vec<_>, Vec<_>) =
        objects(files).into_iter().partition(workload::lacks_pods);
    all.extend(changes);
    let objects = each_once(all, gathered);
    let Some(first) = objects.first() else {
        return;
    };
    if objects.len() > MAX_OBJECTS {
        let message = format!("these are more than {MAX_OBJECTS} objects of Kubernetes");
        let notice = Notice::error(code::LIMIT, first.place.clone(), message);
        let help = "take a model from a part of the sources at a time";
        gathered.notices.push(notice.with_help(help));
        return;
    }
    for it in objects.iter().filter(|it| workload::lacks_pods(it)) {
        let (kind, name) = (it.kind, it.name);
        let message =
            format!("the {kind} `{name}` says of no pod what runs in it, and is left out");
        let notice = Notice::warning(code::UNEXPRESSED, it.place.clone(), message);
        let help = "name what `kubectl kustomize` prints if this is a part of an overlay";
        gathered.notices.push(notice.with_help(help));
    }
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

/// Of objects that stand twice the first: manifests are given with what is made of them, or
/// with what an overlay says about them.
fn each_once<'f>(mut objects: Vec<Object<'f>>, gathered: &mut Gathered) -> Vec<Object<'f>> {
    let mut known = BTreeMap::new();
    objects.retain(|it| {
        let key = (object::group(it.node), it.kind, it.namespace, it.name);
        let Some(first) = known.get(&key) else {
            known.insert(key, it.place.clone());
            return true;
        };
        let (kind, name) = (it.kind, it.name);
        let (path, line) = (first.path(), first.positions().0.line);
        let message = format!("the {kind} `{name}` stands twice: what {path}:{line} says counts");
        let notice = Notice::warning(code::DUPLICATE_KEY, it.place.clone(), message);
        let help = "leave one of the two out";
        gathered.notices.push(notice.with_help(help));
        false
    });
    objects
}

/// What objects mean when they name each other.
struct Cluster<'f> {
    /// By kind, namespace and name.
    objects: BTreeMap<(String, String, String), &'f Object<'f>>,
    workloads: Vec<Workload<'f>>,
    /// The positions of the workloads with a label, by namespace, name and value of it.
    labelled: BTreeMap<(String, String, String), Vec<usize>>,
    /// By namespace and name of a service the ids of the workloads behind it.
    services: BTreeMap<(String, String), Vec<String>>,
    /// The services in front of each workload.
    fronts: BTreeMap<String, Vec<&'f Object<'f>>>,
}

impl<'f> Cluster<'f> {
    fn of(objects: &'f [Object<'f>]) -> Self {
        let mut cluster = Self {
            objects: BTreeMap::new(),
            workloads: workload::all(objects),
            labelled: BTreeMap::new(),
            services: BTreeMap::new(),
            fronts: BTreeMap::new(),
        };
        for it in objects {
            // What is the cluster's own is in no namespace, whatever it says.
            let namespace = if it.kind == "StorageClass" {
                ""
            } else {
                it.namespace
            };
            let key = [it.kind, namespace, it.name].map(str::to_owned).into();
            cluster.objects.entry(key).or_insert(it);
        }
        for (at, workload) in cluster.workloads.iter().enumerate() {
            for (name, value) in &workload.labels {
                let namespace = workload.object.namespace.to_owned();
                let key = (namespace, name.clone(), value.clone());
                cluster.labelled.entry(key).or_default().push(at);
            }
        }
        let services = || objects.iter().filter(|object| object.kind == "Service");
        let key = |service: &Object<'_>| (service.namespace.to_owned(), service.name.to_owned());
        for service in services() {
            let selector = service.labels(&["spec", "selector"]);
            let behind = cluster.labelled(service.namespace, &selector).into_iter();
            let ids = behind.take(MAX_BEHIND).map(|it| it.id.clone()).collect();
            cluster.services.insert(key(service), ids);
        }
        for service in services() {
            for id in &cluster.services[&key(service)] {
                cluster.fronts.entry(id.clone()).or_default().push(service);
            }
        }
        cluster
    }

    /// The workloads of a namespace that have all of these labels, of which there is one at
    /// least. Sought among those that have the rarest.
    fn labelled(&self, namespace: &str, labels: &[(String, String)]) -> Vec<&Workload<'f>> {
        let having = labels.iter().map(|(name, value)| {
            let key = (namespace.to_owned(), name.clone(), value.clone());
            self.labelled.get(&key).map_or(&[][..], Vec::as_slice)
        });
        let rarest = having.min_by_key(|them| them.len()).unwrap_or_default();
        let among = rarest.iter().map(|at| &self.workloads[*at]);
        among.filter(|workload| workload.has(labels)).collect()
    }

    /// The workloads behind a service.
    fn behind(&self, namespace: &str, service: &str) -> &[String] {
        let found = self
            .services
            .get(&(namespace.to_owned(), service.to_owned()));
        found.map(Vec::as_slice).unwrap_or_default()
    }

    /// The services in front of a workload.
    fn fronts(&self, workload: &str) -> &[&'f Object<'f>] {
        self.fronts
            .get(workload)
            .map(Vec::as_slice)
            .unwrap_or_default()
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

    fn object(&self, kind: &str, namespace: &str, name: &str) -> Option<&'f Object<'f>> {
        let key = [kind, namespace, name].map(str::to_owned);
        self.objects.get(&key.into()).copied()
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
    let mut known: BTreeMap<String, usize> = BTreeMap::from([(CLUSTER.to_owned(), 0)]);
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
        match known.get(&id) {
            // The namespace itself says more than whoever is in it.
            Some(at) if object.kind == "Namespace" => zones[*at].place = place,
            Some(_) => {}
            None => {
                known.insert(id.clone(), zones.len());
                zones.push(Zone {
                    id,
                    name: name.to_owned(),
                    inside: Some(CLUSTER.to_owned()),
                    facts: Vec::new(),
                    place,
                });
            }
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
