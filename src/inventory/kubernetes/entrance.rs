//! Layer `inventory`: how the internet gets into a cluster.

use super::super::Fact;
use super::super::file::{below, entry, items};
use super::super::gathered::{Found, Gathered, INTERNET, Mention, To, id_of};
use super::object::{Object, text};
use super::{CLUSTER, Cluster, zone_id};
use crate::model::vocabulary::Class;
use crate::source::Place;
use crate::syntax::tree::Node;

/// Annotations that keep an entrance inside, with the value that does.
const INSIDE: [(&str, &str); 8] = [
    ("alb.ingress.kubernetes.io/scheme", "internal"),
    ("cloud.google.com/load-balancer-type", "Internal"),
    ("networking.gke.io/load-balancer-type", "Internal"),
    (
        "service.beta.kubernetes.io/aws-load-balancer-internal",
        "true",
    ),
    (
        "service.beta.kubernetes.io/aws-load-balancer-scheme",
        "internal",
    ),
    (
        "service.beta.kubernetes.io/azure-load-balancer-internal",
        "true",
    ),
    (
        "service.beta.kubernetes.io/oci-load-balancer-internal",
        "true",
    ),
    ("kubernetes.io/ingress.class", "gce-internal"),
];

/// Annotations that let only some addresses in.
const ONLY_SOME: [&str; 3] = [
    "alb.ingress.kubernetes.io/inbound-cidrs",
    "nginx.ingress.kubernetes.io/allowlist-source-range",
    "nginx.ingress.kubernetes.io/whitelist-source-range",
];

/// Annotations of an ingress that say what it does for what is behind it.
const CONTROLS: [(&str, &str, &str); 9] = [
    (
        "alb.ingress.kubernetes.io/auth-type",
        "oidc",
        "authenticatesSource",
    ),
    (
        "alb.ingress.kubernetes.io/auth-type",
        "cognito",
        "authenticatesSource",
    ),
    (
        "alb.ingress.kubernetes.io/wafv2-acl-arn",
        "",
        "filtersTraffic",
    ),
    (
        "nginx.ingress.kubernetes.io/auth-tls-secret",
        "",
        "authenticatesSource",
    ),
    (
        "nginx.ingress.kubernetes.io/auth-type",
        "basic",
        "authenticatesSource",
    ),
    (
        "nginx.ingress.kubernetes.io/auth-url",
        "",
        "authenticatesSource",
    ),
    (
        "nginx.ingress.kubernetes.io/enable-modsecurity",
        "true",
        "filtersTraffic",
    ),
    ("nginx.ingress.kubernetes.io/limit-rpm", "", "rateLimits"),
    ("nginx.ingress.kubernetes.io/limit-rps", "", "rateLimits"),
];

/// Adds load balancers, ingresses and gateways.
pub(super) fn gather(objects: &[Object<'_>], cluster: &Cluster<'_>, gathered: &mut Gathered) {
    let own = controller(cluster);
    for object in objects {
        match object.kind {
            "Service" => balancer(object, cluster, gathered),
            "Ingress" => ingress(object, cluster, own, gathered),
            "Gateway" => gateway(object, gathered),
            "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "TCPRoute" => {
                route(object, objects, cluster, gathered);
            }
            _ => {}
        }
    }
}

/// The workload that all ingresses pass, if there is exactly one that can be.
fn controller<'c>(cluster: &'c Cluster<'_>) -> Option<&'c str> {
    let mut proxies = cluster.workloads.iter().filter(|workload| {
        let row = workload.image.as_ref().map(|(row, _)| *row);
        row.is_some_and(|row| row.says.contains_key("isProxy"))
            && !cluster.fronts(&workload.id).is_empty()
    });
    let only = proxies.next()?;
    proxies.next().is_none().then_some(&*only.id)
}

fn stays_inside(object: &Object<'_>) -> bool {
    let inside = INSIDE.iter().any(|(name, value)| {
        let said = object.annotation(name);
        said.is_some_and(|(said, _)| said.eq_ignore_ascii_case(value))
    });
    let only_some = ONLY_SOME.into_iter().any(|name| {
        object
            .annotation(name)
            .is_some_and(|(ranges, _)| !ranges.contains("0.0.0.0/0"))
    });
    inside || only_some
}

/// A service with a load balancer of its own.
fn balancer(service: &Object<'_>, cluster: &Cluster<'_>, gathered: &mut Gathered) {
    match text(service.node, &["spec", "type"]) {
        Some("LoadBalancer") => {}
        Some("ExternalName") => {
            let named = entry(service.node, &["spec", "externalName"]);
            if let Some((key, Some(host))) = named.map(|(key, host)| (key, host.as_text())) {
                let place = service.file.key(key);
                gathered.parts.push(Found {
                    id: id_of(host),
                    name: host.to_string(),
                    class: Class::ExternalEntity,
                    is_certain: true,
                    class_place: place.clone(),
                    zone: None,
                    hosts: vec![service.name.to_owned(), host.to_string()],
                    facts: Vec::new(),
                    place,
                });
            }
            return;
        }
        _ => return,
    }
    let ranges = service.items(&["spec", "loadBalancerSourceRanges"]);
    let is_for_all = ranges.is_empty()
        || ranges
            .iter()
            .any(|range| range.as_text().is_some_and(|it| &**it == "0.0.0.0/0"));
    let Some(place) = service
        .at(&["spec", "type"])
        .filter(|_| is_for_all && !stays_inside(service))
    else {
        return;
    };
    let ports = service.items(&["spec", "ports"]);
    for id in cluster.behind(service.namespace, service.name) {
        let mention = Mention::new(INTERNET, To::Part(id.clone()), &place);
        let port = match ports {
            [port] => port.entry("port"),
            _ => None,
        };
        let port = port.and_then(|(key, port)| {
            let port = u16::try_from(port.as_int()?).ok()?;
            Some(Fact::number("dstPort", port, &service.file.key(key)))
        });
        gathered.mention(mention.with(port));
        faces(gathered, id, &place);
    }
}

/// Says of a part that the internet reaches it.
fn faces(gathered: &mut Gathered, id: &str, place: &Place) {
    if let Some(part) = gathered.part_mut(id) {
        let known = part
            .facts
            .iter()
            .any(|fact| fact.attribute == "isInternetFacing");
        if !known {
            part.facts.push(Fact::flag("isInternetFacing", true, place));
        }
    }
}

fn ingress(object: &Object<'_>, cluster: &Cluster<'_>, own: Option<&str>, gathered: &mut Gathered) {
    let controls = CONTROLS.iter().filter_map(|(name, value, control)| {
        let (said, place) = object.annotation(name)?;
        (value.is_empty() || said == *value).then(|| Fact::flag(control, true, &place))
    });
    let controls: Vec<Fact> = controls.collect();
    let id = match own {
        Some(own) => own.to_owned(),
        None => {
            let id = format!("ingress-{}", id_of(object.name));
            gathered
                .parts
                .push(entrance(object, &id, "Ingress", controls));
            id
        }
    };
    let place = object.at(&["spec"]).unwrap_or_else(|| object.place.clone());
    if !stays_inside(object) {
        let tls = encrypted(object).map(|place| Fact::word("protocol", "HTTPS", &place));
        let mention = Mention::new(INTERNET, To::Part(id.clone()), &place);
        gathered.mention(mention.with(tls));
        faces(gathered, &id, &place);
    }
    let inner = object
        .annotation("nginx.ingress.kubernetes.io/backend-protocol")
        .and_then(|(said, place)| match &*said {
            "HTTPS" => Some(Fact::word("protocol", "HTTPS", &place)),
            "GRPC" => Some(Fact::word("protocol", "gRPC", &place)),
            "GRPCS" => Some(Fact::word("protocol", "gRPC/TLS", &place)),
            _ => None,
        });
    let rules = object.items(&["spec", "rules"]).iter();
    let paths = rules.flat_map(|rule| items(rule, &["http", "paths"]));
    let backends = paths.filter_map(|path| path.get("backend"));
    let default = below(object.node, &["spec", "defaultBackend"]);
    for backend in backends.chain(default) {
        // The older form names the service directly.
        let service = entry(backend, &["service", "name"]).or_else(|| backend.entry("serviceName"));
        let Some((key, name)) = service else { continue };
        let Some(name) = name.as_text() else { continue };
        let place = object.file.key(key);
        for behind in cluster.behind(object.namespace, name) {
            let mention = Mention::new(&id, To::Part(behind.clone()), &place);
            gathered.mention(mention.with(inner.clone()));
        }
    }
}

/// Where an ingress says that all its hosts are reached over TLS.
fn encrypted(object: &Object<'_>) -> Option<Place> {
    let says_no = |name: &str| {
        object
            .annotation(name)
            .is_some_and(|(said, _)| said == "false")
    };
    if says_no("nginx.ingress.kubernetes.io/ssl-redirect") {
        return None;
    }
    if let Some((_, place)) = object.annotation("alb.ingress.kubernetes.io/certificate-arn") {
        return Some(place);
    }
    let place = object.at(&["spec", "tls"])?;
    let tls = object.items(&["spec", "tls"]);
    let covered: Vec<&str> = tls
        .iter()
        .flat_map(|one| items(one, &["hosts"]))
        .filter_map(|host| host.as_text().map(|host| &**host))
        .collect();
    let hosts = object
        .items(&["spec", "rules"])
        .iter()
        .map(|rule| text(rule, &["host"]));
    let all = hosts.into_iter().all(|host| {
        host.is_some_and(|host| {
            let wildcard = host.split_once('.').map(|(_, rest)| format!("*.{rest}"));
            covered.contains(&host) || wildcard.is_some_and(|it| covered.contains(&&*it))
        })
    });
    (!tls.is_empty() && all).then_some(place)
}

fn gateway(object: &Object<'_>, gathered: &mut Gathered) {
    let id = format!("gateway-{}", id_of(object.name));
    gathered
        .parts
        .push(entrance(object, &id, "Gateway", Vec::new()));
    let listeners = object.items(&["spec", "listeners"]);
    let is_closed =
        |listener: &Node| matches!(text(listener, &["protocol"]), Some("HTTPS" | "TLS"));
    let place = object
        .at(&["spec", "listeners"])
        .unwrap_or_else(|| object.place.clone());
    let tls = (!listeners.is_empty() && listeners.iter().all(is_closed))
        .then(|| Fact::word("protocol", "HTTPS", &place));
    if !stays_inside(object) {
        let mention = Mention::new(INTERNET, To::Part(id.clone()), &place);
        gathered.mention(mention.with(tls));
        faces(gathered, &id, &place);
    }
}

fn route(
    object: &Object<'_>,
    objects: &[Object<'_>],
    cluster: &Cluster<'_>,
    gathered: &mut Gathered,
) {
    let gateways = object.items(&["spec", "parentRefs"]).iter();
    let gateways: Vec<String> = gateways
        .filter_map(|parent| text(parent, &["name"]))
        .filter(|name| {
            objects
                .iter()
                .any(|it| it.kind == "Gateway" && it.name == *name)
        })
        .map(|name| format!("gateway-{}", id_of(name)))
        .collect();
    let rules = object.items(&["spec", "rules"]).iter();
    for backend in rules.flat_map(|rule| items(rule, &["backendRefs"])) {
        let Some((key, name)) = backend.entry("name") else {
            continue;
        };
        let Some(name) = name.as_text() else { continue };
        let namespace = text(backend, &["namespace"]).unwrap_or(object.namespace);
        for behind in cluster.behind(namespace, name) {
            for gateway in &gateways {
                let place = object.file.key(key);
                let mention = Mention::new(gateway, To::Part(behind.clone()), &place);
                gathered.mention(mention);
            }
        }
    }
}

/// An entrance as a part: it passes requests on.
fn entrance(object: &Object<'_>, id: &str, what: &str, controls: Vec<Fact>) -> Found {
    let class_place = entry(object.node, &["kind"]).map(|(key, _)| object.file.key(key));
    let class_place = class_place.unwrap_or_else(|| object.place.clone());
    let zone = match object.namespace_place() {
        Some(place) if !object.namespace.is_empty() => (zone_id(object.namespace), place),
        _ => (CLUSTER.to_owned(), object.place.clone()),
    };
    let mut facts = vec![
        Fact::flag("isProxy", true, &class_place),
        Fact::flag("isOffTheShelf", true, &class_place),
    ];
    facts.extend(controls);
    Found {
        id: id.to_owned(),
        name: format!("{what} {}", object.name),
        class: Class::Server,
        is_certain: true,
        class_place,
        zone: Some(zone),
        hosts: Vec::new(),
        facts,
        place: object.place.clone(),
    }
}
