//! Layer `convert`: JSON that `pytm.load` reads.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::body::Body;
use super::{Converted, json};
use crate::model::Model;
use crate::model::vocabulary::{Class, Kind, LIFETIMES, Since};

/// What pytm.load has no words for.
const UNSAID: [&str; 3] = ["responses", "exclude", "evidence"];

/// What pytm.load takes for nothing that it could be, in a flow.
const UNSAID_OF_FLOWS: &[&str] = &["inBoundary", "response", "responseTo"];

/// As JSON, in which things name each other by name.
pub(super) fn write(model: &Model) -> Converted {
    let elements = model.elements.iter().map(|it| it.name.to_string());
    let data = model.data.iter().map(|it| it.name.to_string());
    let mut body = Body::with(model, elements.collect(), data.collect());
    alike(&mut body);
    let mut root = Map::new();
    root.insert("name".into(), (&*model.name).into());
    root.extend(body.head());
    let sections: [(&str, fn(Class) -> bool); 3] = [
        ("boundaries", |class| class == Class::Boundary),
        ("elements", |class| {
            !matches!(class, Class::Boundary | Class::Dataflow)
        }),
        ("flows", |class| class == Class::Dataflow),
    ];
    let mut written: BTreeMap<&str, Json> = BTreeMap::new();
    for (section, wanted) in sections {
        let ids = match section {
            "flows" => body.flows(),
            _ => body.of(wanted),
        };
        let items = ids.into_iter().map(|id| {
            let element = model.element(id);
            let mut said = Map::new();
            if section == "elements" {
                said.insert("__class__".into(), element.class.name().into());
            }
            said.insert("name".into(), (&*element.name).into());
            said.extend(loadable(element.class, body.element(id)));
            let unsaid = UNSAID.iter().chain(match element.class {
                Class::Dataflow => UNSAID_OF_FLOWS,
                _ => &[],
            });
            for unsaid in unsaid {
                if said.remove(*unsaid).is_some() {
                    let who = format!("{} “{}”", element.class_name(), element.name);
                    body.lost.push(format!("{who}: {unsaid}"));
                }
            }
            Json::from(said)
        });
        written.insert(section, items.collect());
    }
    let data = body.pieces().map(|id| {
        let mut said = Map::new();
        said.insert("name".into(), (&*model.datum(id).name).into());
        said.extend(loadable(Class::Data, body.datum(id)));
        for unsaid in ["carriedBy", "processedBy"] {
            if said.remove(unsaid).is_some() {
                let name = &model.datum(id).name;
                body.lost.push(format!("Data “{name}”: {unsaid}"));
            }
        }
        Json::from(said)
    });
    written.insert("data", data.collect());
    for section in ["boundaries", "data", "elements", "flows"] {
        if let Some(items) = written.remove(section) {
            root.insert(section.into(), items);
        }
    }
    Converted {
        text: json::text(&root.into()),
        lost: body.lost,
    }
}

/// Tells of names that two things of a section share: pytm.load knows one of them.
fn alike(body: &mut Body<'_>) {
    let model = body.model;
    let mut names: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    let elements = model
        .elements
        .iter()
        .filter(|it| it.class != Class::Dataflow);
    for element in elements {
        let section = element.class == Class::Boundary;
        *names.entry((section, &element.name)).or_default() += 1;
    }
    for ((_, name), count) in names {
        if count > 1 {
            let lost = format!("which of {count} things is meant that are called “{name}”");
            body.lost.push(lost);
        }
    }
}

/// Members of enums as pytm.load takes them: mostly by value, not by name.
fn loadable(class: Class, said: Map<String, Json>) -> Map<String, Json> {
    let mut loadable = Map::new();
    for (name, value) in said {
        let kind = class.attribute(&name).map(|known| known.kind);
        let value = match (kind, value) {
            (Some(Kind::Boundary), Json::Null) => continue,
            (Some(Kind::Enum(of)), Json::String(member)) => {
                let by_name = name == "classification" || matches!(of.since, Since::Tmrs(_));
                let position = of.position(&member).filter(|_| of.ordered && !by_name);
                let value = LIFETIMES.iter().find(|(name, _)| *name == member);
                match (position, value) {
                    (Some(at), _) => at.into(),
                    (None, Some((_, value))) if of.name == "Lifetime" => (*value).into(),
                    (None, _) => member.into(),
                }
            }
            (_, value) => value,
        };
        loadable.insert(name, value);
    }
    loadable
}
