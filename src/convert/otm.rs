//! Layer `convert`: the Open Threat Model format, 0.2.
//!
//! Where the format has words they are used, so that other tools understand the file; all that
//! the model says stands beside them under `attributes: {tmrs: …}`, which reading it again takes.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::body::Body;
use super::names::Ids;
use super::{Converted, yaml};
use crate::model::vocabulary::Class;
use crate::model::{DataId, ElementId, Model};

/// As YAML.
pub(super) fn write(model: &Model) -> Converted {
    let mut ids = Ids::dashed();
    ids.of(NOWHERE);
    let mut otm = Otm {
        body: Body::new(model, ids),
        is_anything_nowhere: false,
    };
    let mut root = Map::new();
    root.insert("otmVersion".into(), "0.2.0".into());
    let mut project = Map::new();
    project.insert("name".into(), (&*model.name).into());
    project.insert("id".into(), Ids::dashed().of(&model.name).into());
    let mut head = otm.body.head();
    if let Some(said) = head.remove("description") {
        project.insert("description".into(), said);
    }
    own(&mut project, head);
    root.insert("project".into(), project.into());
    let assets: Vec<Json> = otm.body.pieces().map(|id| otm.asset(id)).collect();
    root.insert("assets".into(), assets.into());
    let zones = otm.body.of(|class| class == Class::Boundary);
    let mut zones: Vec<Json> = zones.into_iter().map(|id| otm.zone(id)).collect();
    let components = otm
        .body
        .of(|class| !matches!(class, Class::Boundary | Class::Dataflow));
    let components: Vec<Json> = components.into_iter().map(|id| otm.component(id)).collect();
    if otm.is_anything_nowhere {
        zones.push(json!({
            "name": "Nowhere",
            "id": NOWHERE,
            "type": NOWHERE,
            "risk": {"trustRating": 50},
        }));
    }
    root.insert("trustZones".into(), zones.into());
    root.insert("components".into(), components.into());
    let flows = otm.body.flows();
    let flows: Vec<Json> = flows.into_iter().map(|id| otm.flow(id)).collect();
    root.insert("dataflows".into(), flows.into());
    Converted {
        text: yaml::text(&root.into()),
        lost: otm.body.lost,
    }
}

/// The id and type of the zone around components that lie in none: the format wants one.
const NOWHERE: &str = "nowhere";

struct Otm<'m> {
    body: Body<'m>,
    is_anything_nowhere: bool,
}

impl Otm<'_> {
    fn asset(&mut self, id: DataId) -> Json {
        let mut said = self.body.datum(id);
        let name = &self.body.model.datum(id).name;
        let mut item = start(self.body.data_id(id), name, &mut said);
        let classes = [
            ("PUBLIC", 0),
            ("RESTRICTED", 30),
            ("SENSITIVE", 60),
            ("SECRET", 85),
            ("TOP_SECRET", 100),
        ];
        let class = said
            .get("classification")
            .and_then(Json::as_str)
            .unwrap_or("");
        let worth = classes.iter().find(|(known, _)| *known == class);
        let worth = worth.map_or(0, |(_, worth)| *worth);
        let critical = said.get("isIntegrityCritical") == Some(&true.into());
        let integrity = if critical { 100 } else { 0 };
        let risk = json!({"confidentiality": worth, "integrity": integrity, "availability": 0});
        item.insert("risk".into(), risk);
        if class.is_empty() {
            // The format must have a number; ours says that nobody gave one.
            said.insert("classification".into(), "UNKNOWN".into());
        }
        own(&mut item, said);
        item.into()
    }

    fn zone(&mut self, id: ElementId) -> Json {
        let mut said = self.body.element(id);
        let name = &self.body.model.element(id).name;
        let mut item = start(self.body.id(id), name, &mut said);
        let trust = said.get("trust").and_then(Json::as_str);
        let trust = trust.unwrap_or("").to_owned();
        let ratings = [
            ("UNTRUSTED", 0),
            ("PARTNER", 30),
            ("INTERNAL", 60),
            ("RESTRICTED", 90),
        ];
        let rating = ratings.iter().find(|(known, _)| **known == *trust);
        let rating = rating.map_or(50, |(_, rating)| *rating);
        item.insert("type".into(), "zone".into());
        item.insert("risk".into(), json!({"trustRating": rating}));
        if let Some(Json::String(around)) = said.remove("inBoundary") {
            item.insert("parent".into(), json!({"trustZone": around}));
        }
        if trust.is_empty() {
            said.insert("trust".into(), "UNKNOWN".into());
        }
        own(&mut item, said);
        item.into()
    }

    fn component(&mut self, id: ElementId) -> Json {
        let mut said = self.body.element(id);
        let element = self.body.model.element(id);
        let mut item = start(self.body.id(id), &element.name, &mut said);
        let types: BTreeMap<Class, &str> = BTreeMap::from([
            (Class::Actor, "user"),
            (Class::Datastore, "datastore"),
            (Class::ExternalEntity, "external-entity"),
            (Class::LLM, "llm"),
            (Class::Lambda, "function"),
            (Class::Process, "process"),
            (Class::Agent, "ai-agent"),
        ]);
        let kind = types.get(&element.class).copied().unwrap_or("server");
        item.insert("type".into(), kind.into());
        let around = match said.remove("inBoundary") {
            Some(Json::String(around)) => around,
            _ => {
                self.is_anything_nowhere = true;
                NOWHERE.to_owned()
            }
        };
        item.insert("parent".into(), json!({"trustZone": around}));
        let mut all = Map::new();
        all.insert("class".into(), element.class.name().into());
        all.extend(said);
        own(&mut item, all);
        item.into()
    }

    fn flow(&mut self, id: ElementId) -> Json {
        let mut said = self.body.element(id);
        let name = &self.body.model.element(id).name;
        let mut item = start(self.body.id(id), name, &mut said);
        for (ours, theirs) in [
            ("source", "source"),
            ("sink", "destination"),
            ("data", "assets"),
        ] {
            if let Some(value) = said.remove(ours) {
                item.insert(theirs.into(), value);
            }
        }
        own(&mut item, said);
        item.into()
    }
}

/// What every thing of the format has.
fn start(id: &str, name: &str, said: &mut Map<String, Json>) -> Map<String, Json> {
    let mut item = Map::new();
    item.insert("name".into(), name.into());
    item.insert("id".into(), id.into());
    if let Some(text) = said.remove("description") {
        item.insert("description".into(), text);
    }
    item
}

/// Puts what only tmrs understands where other tools leave it alone.
fn own(item: &mut Map<String, Json>, said: Map<String, Json>) {
    if !said.is_empty() {
        item.insert("attributes".into(), json!({"tmrs": said}));
    }
}
