//! Layer `inventory`: descriptions of APIs, as the OpenAPI Specification has them (3.x and 2.0,
//! which was called Swagger).
//!
//! A document is one part, the program that serves the API.

mod form;
mod security;
mod server;

use super::Fact;
use super::file::{File, below, entries, entry, items};
use super::gathered::{Found, Gathered, INTERNET, Mention, To, id_of};
use crate::model::vocabulary::Class;
use crate::source::Place;
use crate::syntax::tree::{Key, Node};
use server::Served;

pub(super) use form::hold;

/// What a path item has for each thing that can be done there.
const METHODS: [&str; 8] = [
    "delete", "get", "head", "options", "patch", "post", "put", "trace",
];

/// Whether a document describes an API.
pub(super) fn is(file: &File) -> bool {
    let root = &file.root;
    version(file).is_some()
        && ["info", "paths"]
            .iter()
            .all(|key| root.entry(key).is_some())
}

/// Where the version of the specification stands.
fn version(file: &File) -> Option<Place> {
    let said = |name: &str, start: &str| {
        let (key, version) = file.root.entry(name)?;
        let version = file.text(version)?;
        version.starts_with(start).then(|| file.key(key))
    };
    said("openapi", "3.").or_else(|| said("swagger", "2."))
}

/// Adds each API.
pub(super) fn gather(files: &[File], gathered: &mut Gathered) {
    for file in files {
        api(file, gathered);
    }
}

fn api(file: &File, gathered: &mut Gathered) {
    let Some(place) = version(file) else {
        return;
    };
    let title = entry(&file.root, &["info", "title"]);
    let title = title.and_then(|(key, title)| Some((file.text(title)?, file.key(key))));
    let title = title.filter(|(title, _)| !title.trim().is_empty());
    if let Some(title) = &title {
        gathered.name.get_or_insert_with(|| title.clone());
    }
    let (name, named) = title.unwrap_or_else(|| ("API".to_owned(), place.clone()));
    let served = server::all(file);
    let id = known(gathered, &name, &served).unwrap_or_else(|| id_of(&name.to_lowercase()));
    let mut facts = Vec::new();
    if let Some((key, _)) = file.root.entry("paths") {
        facts.push(Fact::flag("implementsAPI", true, &file.key(key)));
    }
    facts.extend(taken(file));
    let secured = security::of(file);
    facts.extend(secured.facts);
    gathered.notices.extend(secured.notice);
    let public = server::public(&served);
    if let Some(public) = public {
        facts.push(Fact::flag("isInternetFacing", true, &public.place));
    }
    gathered.parts.push(Found {
        id: id.clone(),
        name,
        class: Class::Server,
        is_certain: true,
        class_place: place.clone(),
        zone: None,
        hosts: served
            .iter()
            .map(|served| served.target.host.clone())
            .collect(),
        facts,
        place: named,
    });
    if let Some(public) = public {
        let mention = Mention::new(INTERNET, To::Part(id.clone()), &public.place);
        gathered.mention(mention.with(public.target.facts(&public.place)));
    }
    // Whoever hands out the tokens that the API takes.
    for mut mention in secured.issuers {
        mention.from.clone_from(&id);
        gathered.mention(mention);
    }
}

/// The part that another source has of the same program: it bears a name of one of the
/// servers, or that of the API.
fn known(gathered: &Gathered, name: &str, served: &[Served]) -> Option<String> {
    let name = id_of(&name.to_lowercase());
    let mut short = ["-api", "-service"].iter();
    let short = short
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(&name);
    let is_it = |part: &&Found| {
        let by_host = part.hosts.iter().any(|host| {
            let is_host = |served: &Served| served.target.host.eq_ignore_ascii_case(host);
            served.iter().any(is_host)
        });
        let id = part.id.to_lowercase();
        by_host || id == name || id == short
    };
    Some(gathered.parts.iter().find(is_it)?.id.clone())
}

/// Everything that can be done, each with the path item that it is in.
fn operations(file: &File) -> impl Iterator<Item = (&Key, &Node)> {
    let paths = entries(&file.root, &["paths"]).iter();
    let all = paths.flat_map(|(_, item)| entries(item, &[]));
    let is_one = |(method, _): &&(Key, Node)| METHODS.contains(&&*method.text);
    all.filter(is_one)
        .map(|(method, operation)| (method, operation))
}

/// What requests hold, as far as it matters how that is read.
fn taken(file: &File) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut say = |attribute: &'static str, place: Place| {
        if !facts.iter().any(|fact| fact.attribute == attribute) {
            facts.push(Fact::flag(attribute, true, &place));
        }
    };
    for (_, operation) in operations(file) {
        let body = operation.get("requestBody").map(|body| led(file, body));
        for (kind, content) in body.map_or(&[][..], |body| entries(body, &["content"])) {
            let schema = content.get("schema").map(|schema| led(file, schema));
            let properties = schema.map_or(&[][..], |schema| entries(schema, &["properties"]));
            let is_file = |(_, property): &(Key, Node)| {
                let is = |node: &Node| text(node, "format") == Some("binary");
                let of = property.get("items").is_some_and(is);
                is(property) || of || property.get("contentMediaType").is_some()
            };
            if let Some((key, _)) = properties.iter().find(|one| is_file(one))
                && &*kind.text == "multipart/form-data"
            {
                say("acceptsFileUploads", file.key(key));
            }
            if is_xml(&kind.text) {
                say("usesXMLParser", file.key(kind));
            }
        }
        for parameter in items(operation, &["parameters"]) {
            if text(parameter, "type") == Some("file")
                && let Some((key, _)) = parameter.entry("type")
            {
                say("acceptsFileUploads", file.key(key));
            }
        }
    }
    let consumed = entry(&file.root, &["consumes"]).map(|(_, said)| file.texts(said));
    for (kind, place) in consumed.into_iter().flatten() {
        if is_xml(&kind) {
            say("usesXMLParser", place);
        }
    }
    facts
}

fn is_xml(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind == "application/xml" || kind == "text/xml" || kind.ends_with("+xml")
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key)?.as_text().map(|text| &**text)
}

/// What a reference within the document leads to; one that leads on is not followed.
fn led<'n>(file: &'n File, node: &'n Node) -> &'n Node {
    let path = text(node, "$ref").and_then(|target| target.strip_prefix("#/"));
    let path: Option<Vec<&str>> = path.map(|path| path.split('/').collect());
    path.and_then(|path| below(&file.root, &path))
        .unwrap_or(node)
}
