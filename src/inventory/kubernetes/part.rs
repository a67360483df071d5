//! Layer `inventory`: a workload of a cluster as a part of the system.

use super::super::Fact;
use super::super::file::{entry, items};
use super::super::gathered::{Found, Gathered, To};
use super::super::images;
use super::object::text;
use super::workload::Workload;
use super::{Cluster, configuration};
use crate::model::vocabulary::Class;
use crate::source::Place;
use crate::syntax::tree::Node;

/// Annotations by which a service account is one of a cloud, without keys.
const IDENTITIES: [&str; 3] = [
    "azure.workload.identity/client-id",
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
];

impl Workload<'_> {
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
}
