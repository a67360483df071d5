//! Layer `inventory`: what runs in a cluster.

use std::collections::BTreeSet;

use super::super::Fact;
use super::super::file::{below, entry, items};
use super::super::gathered::{Found, Gathered, Mention, To, id_of};
use super::super::images;
use super::super::recognised::Row;
use super::object::{Object, labels, text};
use super::{CLUSTER, Cluster, configuration, zone_id};
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

/// Annotations by which a service account is one of a cloud, without keys.
const IDENTITIES: [&str; 3] = [
    "azure.workload.identity/client-id",
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
];

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

    /// Adds it, and whom it names.
    pub(super) fn gather(&self, cluster: &Cluster<'_>, gathered: &mut Gathered) {
        let settings = configuration::settings(self, cluster);
        let place = &self.object.place;
        let mut facts = Vec::new();
        if let Some((row, place)) = &self.image {
            facts.extend(row.facts(place));
            facts.extend(images::login(row, &settings));
        }
        facts.push(Fact::flag("runsInContainer", true, place));
        facts.extend(configuration::facts(self, &settings));
        facts.extend(self.rights());
        facts.extend(self.identity(cluster));
        facts.extend(self.instances());
        let ports = self.ports();
        if let [(port, place)] = &*ports {
            facts.push(Fact::number("port", *port, place));
        }
        let namespace = self.object.namespace;
        for setting in &settings {
            for mut mention in setting.mentions(&self.id) {
                let host = match &mention.to {
                    To::Host(host) | To::Address(host) => host.clone(),
                    To::Part(_) => continue,
                };
                if let Some(id) = cluster.host(namespace, &host) {
                    mention.to = To::Part(id.to_owned());
                } else if setting.key.contains('.') && setting.value.contains('\n') {
                    // A file of settings has comments, in which addresses of others stand.
                    mention.to = To::Host(host);
                }
                gathered.mention(mention);
            }
        }
        let services = cluster.fronts(&self.id);
        let (class, class_place) = match (&self.image, services.first(), ports.first()) {
            (Some((row, place)), ..) => (row.class(), place.clone()),
            (None, Some(service), _) => (Class::Server, service.place.clone()),
            (None, None, Some((_, place))) => (Class::Server, place.clone()),
            (None, None, None) => (Class::Process, place.clone()),
        };
        gathered.parts.push(Found {
            id: self.id.clone(),
            name: self.object.name.to_owned(),
            class,
            is_certain: self.image.is_some(),
            class_place,
            zone: Some(self.zone()),
            hosts: services.iter().map(|it| it.name.to_owned()).collect(),
            facts,
            place: place.clone(),
        });
    }

    /// Ports of its containers.
    fn ports(&self) -> Vec<(u16, Place)> {
        let ports = items(self.spec, &["containers"]).iter();
        let ports = ports.flat_map(|container| items(container, &["ports"]));
        let ports = ports.filter_map(|port| {
            let (key, number) = port.entry("containerPort")?;
            let number = u16::try_from(number.as_int()?).ok()?;
            Some((number, self.object.file.key(key)))
        });
        ports.collect()
    }

    /// What it may do to the machine that it runs on.
    fn rights(&self) -> Option<Fact> {
        let is_true = |node: &Node, path: &[&str]| {
            let (key, _) = entry(node, path).filter(|(_, said)| said.as_bool() == Some(true))?;
            Some(self.object.file.key(key))
        };
        let of_pod = ["hostNetwork", "hostPID", "hostIPC"]
            .into_iter()
            .find_map(|name| is_true(self.spec, &[name]));
        let of_container = || {
            self.containers().find_map(|container| {
                let root = entry(container, &["securityContext", "runAsUser"])
                    .filter(|(_, user)| user.as_int() == Some(0))
                    .map(|(key, _)| self.object.file.key(key));
                let added = items(container, &["securityContext", "capabilities", "add"]);
                let added = added.iter().find(|name| {
                    let wide = ["ALL", "SYS_ADMIN", "CAP_SYS_ADMIN"];
                    name.as_text().is_some_and(|name| wide.contains(&&**name))
                });
                is_true(container, &["securityContext", "privileged"])
                    .or_else(|| {
                        is_true(container, &["securityContext", "allowPrivilegeEscalation"])
                    })
                    .or(root)
                    .or_else(|| Some(self.object.file.at(added?.span)))
            })
        };
        let of_machine = || {
            items(self.spec, &["volumes"]).iter().find_map(|volume| {
                let (key, path) = entry(volume, &["hostPath", "path"])?;
                let path = path.as_text()?;
                let is_socket = path.ends_with(".sock") || &**path == "/";
                is_socket.then(|| self.object.file.key(key))
            })
        };
        let place = of_pod.or_else(of_container).or_else(of_machine)?;
        Some(Fact::flag("implementsPOLP", false, &place))
    }

    /// As whom it acts in a cloud.
    fn identity(&self, cluster: &Cluster<'_>) -> Vec<Fact> {
        let names = ["serviceAccountName", "serviceAccount"];
        let Some(name) = names.into_iter().find_map(|key| text(self.spec, &[key])) else {
            return Vec::new();
        };
        let Some(account) = cluster.object("ServiceAccount", self.object.namespace, name) else {
            return Vec::new();
        };
        let found = IDENTITIES
            .into_iter()
            .find_map(|name| account.annotation(name));
        found.map_or_else(Vec::new, |(_, place)| {
            vec![
                Fact::flag("usesCloudIdentity", true, &place),
                Fact::flag("usesWorkloadIdentity", true, &place),
            ]
        })
    }

    /// Whether another one takes over. A job runs several times for other reasons.
    fn instances(&self) -> Option<Fact> {
        let (key, count) = entry(self.object.node, &["spec", "replicas"])?;
        let count = count.as_int()?;
        let place = self.object.file.key(key);
        (count > 1).then(|| Fact::flag("hasRedundancy", true, &place))
    }

    /// A mention by this workload of another.
    pub(super) fn calls(&self, other: &str, place: &Place) -> Mention {
        Mention::new(&self.id, To::Part(other.to_owned()), place)
    }
}
