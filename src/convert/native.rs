//! Layer `convert`: tmrs's own format, as YAML or JSON.

use serde_json::{Map, Value as Json};

use super::body::Body;
use super::names::Ids;
use super::{Converted, json as json_text, yaml as yaml_text};
use crate::model::Model;
use crate::model::vocabulary::Class;

/// As YAML.
pub(super) fn yaml(model: &Model) -> Converted {
    let (tree, lost) = tree(model);
    let text = yaml_text::text(&tree);
    Converted { text, lost }
}

/// As JSON.
pub(super) fn json(model: &Model) -> Converted {
    let (tree, lost) = tree(model);
    let text = json_text::text(&tree);
    Converted { text, lost }
}

fn tree(model: &Model) -> (Json, Vec<String>) {
    let mut body = Body::new(model, Ids::dashed());
    let mut root = Map::new();
    root.insert("tmrs".into(), 1.into());
    root.insert("name".into(), (&*model.name).into());
    root.extend(body.head());
    let boundaries = body.of(|class| class == Class::Boundary);
    let flows = body.flows();
    let elements = body.of(|class| !matches!(class, Class::Boundary | Class::Dataflow));
    for (section, ids) in [("boundaries", boundaries), ("elements", elements)] {
        let entries: Map<String, Json> = ids
            .into_iter()
            .map(|id| {
                let element = model.element(id);
                let mut said = Map::new();
                said.insert("name".into(), (&*element.name).into());
                if section == "elements" {
                    said.insert("class".into(), element.class.name().into());
                }
                said.extend(body.element(id));
                (body.id(id).to_owned(), said.into())
            })
            .collect();
        insert(&mut root, section, entries);
    }
    let data = body.pieces().map(|id| {
        let mut said = Map::new();
        said.insert("name".into(), (&*model.datum(id).name).into());
        said.extend(body.datum(id));
        (body.data_id(id).to_owned(), Json::from(said))
    });
    let data = data.collect();
    insert(&mut root, "data", data);
    let flows = flows.into_iter().map(|id| {
        let mut said = Map::new();
        said.insert("name".into(), (&*model.element(id).name).into());
        let mut rest = body.element(id);
        for end in ["source", "sink"] {
            if let Some(end_said) = rest.remove(end) {
                said.insert(end.into(), end_said);
            }
        }
        said.extend(rest);
        (body.id(id).to_owned(), Json::from(said))
    });
    let flows = flows.collect();
    insert(&mut root, "flows", flows);
    (root.into(), body.lost)
}

fn insert(root: &mut Map<String, Json>, section: &str, entries: Map<String, Json>) {
    if !entries.is_empty() {
        root.insert(section.into(), entries.into());
    }
}
