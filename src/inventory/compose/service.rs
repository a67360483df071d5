//! Layer `inventory`: a service of a Compose file.

use std::collections::{BTreeMap, BTreeSet};

use super::super::defaults::with_defaults;
use super::super::environment::Setting;
use super::super::file::{File, below, entries, entry, items};
use super::super::gathered::{Found, Gathered, INTERNET, Mention, To, id_of};
use super::super::images;
use super::super::recognised::Row;
use super::super::{Fact, Said};
use super::networks::Networks;
use super::ports;
use crate::model::vocabulary::Class;
use crate::source::Place;
use crate::syntax::tree::{Key, Node};

/// Who holds it holds the machine.
const SOCKETS: [&str; 3] = ["docker.sock", "containerd.sock", "podman.sock"];

/// Adds a service, and whom it names.
pub(super) fn gather(
    file: &File,
    (key, body): (&Key, &Node),
    networks: &Networks,
    gathered: &mut Gathered,
) {
    let id = id_of(&key.text);
    let place = file.key(key);
    let image = entry(body, &["image"]).and_then(|(key, value)| {
        let name = with_defaults(&file.text(value)?);
        Some((images::recognised(&name)?, file.key(key)))
    });
    let settings = settings(file, body);
    let ports = ports::published(file, body);
    let mut facts = Vec::new();
    if let Some((row, place)) = &image {
        facts.extend(row.facts(place));
        facts.extend(images::login(row, &settings));
    }
    facts.push(Fact::flag("runsInContainer", true, &place));
    if let Some((key, _)) = entry(body, &["environment"]).or_else(|| entry(body, &["env_file"])) {
        facts.push(Fact::flag("usesEnvironmentVariables", true, &file.key(key)));
    }
    let row = image.as_ref().map(|(row, _)| *row);
    facts.extend(secrets(file, body, &settings, row));
    facts.extend(rights(file, body));
    facts.extend(instances(file, body));
    let mut targets = ports
        .iter()
        .filter_map(|port| Some((port.target?, &port.place)));
    if let (Some((port, place)), None) = (targets.next(), targets.next()) {
        facts.push(Fact::number("port", port, place));
    }
    let open: Vec<_> = ports.iter().filter(|port| !port.is_local()).collect();
    if let Some(port) = open.first() {
        facts.push(Fact::flag("isInternetFacing", true, &port.place));
    }
    for port in open {
        let target = port
            .target
            .map(|target| Fact::number("dstPort", target, &port.place));
        let said = port.protocol.as_ref();
        let protocol = said.map(|(name, place)| Fact::word("protocol", *name, place));
        let mention = Mention::new(INTERNET, To::Part(id.clone()), &port.place);
        gathered
            .mentions
            .push(mention.with(target.into_iter().chain(protocol)));
    }
    links(file, &id, body, &mut gathered.mentions);
    for setting in &settings {
        gathered.mentions.extend(setting.mentions(&id));
    }
    let serves = entry(body, &["ports"]).or_else(|| entry(body, &["expose"]));
    let (class, class_place) = match (&image, serves) {
        (Some((row, place)), _) => (row.class(), place.clone()),
        (None, Some((key, _))) => (Class::Server, file.key(key)),
        (None, None) => (Class::Process, place.clone()),
    };
    gathered.parts.push(Found {
        zone: networks.zone(&key.text, &place),
        hosts: hosts(file, &key.text, body),
        id,
        name: key.text.to_string(),
        class,
        is_certain: image.is_some(),
        class_place,
        facts,
        place,
    });
}

/// The names under which others reach it.
fn hosts(file: &File, name: &str, body: &Node) -> Vec<String> {
    let mut hosts = vec![name.to_owned()];
    let said = ["container_name", "hostname"].into_iter();
    hosts.extend(said.filter_map(|key| file.text(body.get(key)?)));
    for (_, network) in entries(body, &["networks"]) {
        let aliases = items(network, &["aliases"]).iter();
        hosts.extend(aliases.filter_map(|alias| file.text(alias)));
    }
    hosts
}

/// Its settings: variables and commands.
fn settings(file: &File, body: &Node) -> Vec<Setting> {
    let mut settings = Vec::new();
    if let Some(node) = body.get("environment") {
        for (name, place, value) in file.names(node) {
            let (key, value) = match value {
                Some(value) => (name, file.text(value).unwrap_or_default()),
                None => match name.split_once('=') {
                    Some((key, value)) => (key.to_owned(), value.to_owned()),
                    None => (name, String::new()),
                },
            };
            settings.push(Setting { key, value, place });
        }
    }
    for key in ["command", "entrypoint"] {
        let arguments = body.get(key).map(|node| file.texts(node));
        for (value, place) in arguments.unwrap_or_default() {
            let key = key.to_owned();
            settings.push(Setting { key, value, place });
        }
    }
    settings
}

/// What it knows that lets it log in elsewhere: the password that it asks of its own callers
/// is none.
fn secrets(file: &File, body: &Node, settings: &[Setting], row: Option<&Row>) -> Option<Fact> {
    let asked = |setting: &&Setting| row.is_some_and(|row| row.asked.contains(&setting.key));
    let asks_for_a_file = settings
        .iter()
        .filter(asked)
        .any(|it| it.key.ends_with("_FILE"));
    let mounted = entry(body, &["secrets"]).filter(|_| !asks_for_a_file);
    let mounted = mounted.map(|(key, _)| file.key(key));
    let mut given = settings.iter().filter(|it| it.is_secret() && !asked(it));
    let place = mounted.or_else(|| Some(given.next()?.place.clone()))?;
    Some(Fact::flag("holdsSecrets", true, &place))
}

/// What it may do to the machine.
fn rights(file: &File, body: &Node) -> Option<Fact> {
    let privileged = entry(body, &["privileged"]).filter(|(_, said)| said.as_bool() == Some(true));
    let mut places = privileged.map(|(key, _)| file.key(key)).into_iter();
    let add = items(body, &["cap_add"]).iter().find(|item| {
        let all = ["ALL", "SYS_ADMIN", "CAP_SYS_ADMIN"];
        file.text(item)
            .is_some_and(|name| all.contains(&&*name.to_ascii_uppercase()))
    });
    let socket = mounts(file, body)
        .into_iter()
        .find(|mount| SOCKETS.iter().any(|socket| mount.source.ends_with(socket)));
    let place = places
        .next()
        .or_else(|| Some(file.at(add?.span)))
        .or_else(|| Some(socket?.place))?;
    Some(Fact::flag("implementsPOLP", false, &place))
}

/// Whether another one takes over.
fn instances(file: &File, body: &Node) -> Option<Fact> {
    let paths: [&[&str]; 2] = [&["deploy", "replicas"], &["scale"]];
    let (key, _) = paths
        .into_iter()
        .filter_map(|path| entry(body, path))
        .find(|(_, count)| count.as_int().is_some_and(|count| count > 1))?;
    Some(Fact::flag("hasRedundancy", true, &file.key(key)))
}

/// Whom it names as a service: what it waits for to end it does not call.
fn links(file: &File, id: &str, body: &Node, mentions: &mut Vec<Mention>) {
    if let Some(node) = body.get("depends_on") {
        for (name, place, said) in file.names(node) {
            let condition = said.and_then(|said| below(said, &["condition"]));
            let condition = condition.and_then(|condition| condition.as_text());
            if condition.is_none_or(|it| &**it != "service_completed_successfully") {
                mentions.push(Mention::new(id, To::Part(id_of(&name)), &place));
            }
        }
    }
    for (name, place) in body
        .get("links")
        .map(|node| file.texts(node))
        .unwrap_or_default()
    {
        let name = name.split(':').next().unwrap_or_default();
        mentions.push(Mention::new(id, To::Part(id_of(name)), &place));
    }
    // Traefik is told by labels for whom it is there.
    if let Some(node) = body.get("labels") {
        let routed = file
            .names(node)
            .into_iter()
            .find(|(name, ..)| name.starts_with("traefik.http."));
        if let Some((_, place, _)) = routed {
            mentions.push(Mention::new(TRAEFIK, To::Part(id.to_owned()), &place));
        }
    }
}

/// Stands for whatever service is Traefik, until all are known.
const TRAEFIK: &str = "/traefik";

struct Mount {
    source: String,
    is_named: bool,
    place: Place,
}

/// What is mounted into it from elsewhere.
fn mounts(file: &File, body: &Node) -> Vec<Mount> {
    let mount = |node: &Node| {
        let source = match node.get("source") {
            Some(source) => file.text(source)?,
            None => {
                let written = with_defaults(&file.text(node)?);
                written.split_once(':')?.0.to_owned()
            }
        };
        Some(Mount {
            is_named: source.starts_with(|c: char| c.is_ascii_alphanumeric()),
            source,
            place: file.at(node.span),
        })
    };
    items(body, &["volumes"]).iter().filter_map(mount).collect()
}

/// Adds what needs all services: volumes that several of them share, and whom Traefik serves.
pub(super) fn share(files: &[File], gathered: &mut Gathered) {
    let mut users: BTreeMap<String, BTreeMap<String, Place>> = BTreeMap::new();
    let mut routers = BTreeSet::new();
    for file in files {
        for (key, body) in entries(&file.root, &["services"]) {
            for mount in mounts(file, body)
                .into_iter()
                .filter(|mount| mount.is_named)
            {
                let users = users.entry(mount.source).or_default();
                users.entry(id_of(&key.text)).or_insert(mount.place);
            }
            let image = body.get("image").and_then(|image| file.text(image));
            if image.is_some_and(|image| {
                image
                    .rsplit('/')
                    .next()
                    .is_some_and(|it| it.starts_with("traefik"))
            }) {
                routers.insert(id_of(&key.text));
            }
        }
    }
    let router = routers.into_iter().next();
    gathered.mentions.retain_mut(|mention| match &router {
        Some(router) if mention.from == TRAEFIK => {
            mention.from.clone_from(router);
            true
        }
        _ => mention.from != TRAEFIK,
    });
    for (name, users) in users {
        if users.len() > 1 {
            volume(files, &name, &users, gathered);
        }
    }
}

/// A volume through which services give each other files.
fn volume(files: &[File], name: &str, users: &BTreeMap<String, Place>, gathered: &mut Gathered) {
    let declared = files.iter().find_map(|file| {
        let (key, _) = entry(&file.root, &["volumes", name])?;
        Some(file.key(key))
    });
    let Some(place) = declared else {
        return;
    };
    let id = format!("volume-{}", id_of(name));
    for (user, place) in users {
        let mention = Mention::new(user, To::Part(id.clone()), place);
        gathered
            .mentions
            .push(mention.with([Fact::word("protocol", "unix (mounted)", place)]));
    }
    gathered.parts.push(Found {
        id,
        name: format!("Volume {name}"),
        class: Class::Datastore,
        is_certain: true,
        class_place: place.clone(),
        zone: gathered
            .zones
            .first()
            .map(|zone| (zone.id.clone(), place.clone())),
        hosts: Vec::new(),
        facts: vec![
            Fact::word("kind", "FILES", &place),
            Fact::flag("isSQL", false, &place),
            Fact::new("isShared", Said::Flag(true), &place),
        ],
        place,
    });
}
