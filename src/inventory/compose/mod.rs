//! Layer `inventory`: Compose files, as the Compose Specification has them.

mod form;
mod networks;
mod ports;
mod service;

use super::Zone;
use super::file::{File, entries, entry};
use super::gathered::{Gathered, id_of};
use super::{Fact, Said};
use crate::notice::{Notice, code};
use crate::source::Place;
use networks::Networks;

pub(super) use form::hold;

/// Whether a document has services as Compose has them: a map of maps.
pub(super) fn is(file: &File) -> bool {
    let root = &file.root;
    let services = root.get("services").and_then(|services| services.as_map());
    let is_one = |body: &crate::syntax::tree::Node| {
        body.as_map().is_some_and(|body| {
            let said = |name: &str| body.iter().any(|(key, _)| &*key.text == name);
            [
                "image",
                "build",
                "ports",
                "environment",
                "depends_on",
                "command",
                "extends",
                "deploy",
            ]
            .into_iter()
            .any(said)
        })
    };
    services.is_some_and(|services| services.iter().any(|(_, body)| is_one(body)))
        && root.get("apiVersion").is_none()
}

/// Adds what the files of one system say: a file that overrides another is named beside it.
pub(super) fn gather(files: &[File], gathered: &mut Gathered) {
    let stack = stack(files);
    if let Some(stack) = &stack {
        gathered.zones.push(stack.clone());
        gathered
            .name
            .get_or_insert_with(|| (stack.name.clone(), stack.place.clone()));
    }
    let stack = stack.map(|zone| zone.id);
    let networks = Networks::of(files, stack.as_deref());
    gathered.zones.extend(networks.zones());
    for file in files {
        for (key, body) in entries(&file.root, &["services"]) {
            service::gather(file, (key, body), &networks, gathered);
        }
        if let Some((key, _)) = entry(&file.root, &["include"]) {
            let message = "what a Compose file includes is not followed";
            let notice = Notice::warning(code::UNEXPRESSED, file.key(key), message);
            let help = "name the included files with --from too";
            gathered.notices.push(notice.with_help(help));
        }
    }
    service::share(files, gathered);
    gathered.notices.append(&mut form::missing(files));
}

/// The zone around everything: only the services of these files act in it.
fn stack(files: &[File]) -> Option<Zone> {
    let named = files.iter().find_map(|file| {
        let (key, name) = entry(&file.root, &["name"])?;
        Some((file.text(name)?, file.key(key)))
    });
    let (name, place) = named.or_else(|| {
        let file = files.first()?;
        let (key, _) = file.root.entry("services")?;
        let folder = file.source.path().folder();
        let name = match folder.file_name() {
            "" => "compose",
            name => name,
        };
        Some((name.to_owned(), file.key(key)))
    })?;
    Some(Zone {
        id: id_of(&name),
        name,
        inside: None,
        facts: vec![own(&place)],
        place,
    })
}

/// Nobody but one's own programs acts in a network that the file itself makes.
fn own(place: &Place) -> Fact {
    Fact::new("trust", Said::Word("INTERNAL".into()), place)
}
