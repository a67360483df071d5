//! Layer `convert`: the schema of the OWASP Threat Model Library (TM-BOM), 1.0.
//!
//! Where the format has words they are used. What it has none for stands under `extensions`, by
//! section and name (`says`). So does what the schema demands and the model does not say
//! (`unsaid`), so that whoever reads the file again does not take it for said.

mod threats;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::body::Body;
use super::names::Ids;
use super::{Converted, json as json_text};
use crate::model::vocabulary::Class;
use crate::model::{DataId, ElementId, Model};
use threats::{ANYONE, Stated, Threats};
use words::{SORTS, STORES, holds, kind, thing};

/// Under this key of `extensions` stands what only tmrs understands.
const OWN: &str = "github.com/tmrs-dev/tmrs";

/// The schema that the file follows.
const SCHEMA: &str = "https://github.com/OWASP/www-project-threat-model-library/blob/v1.0.2/threat-model.schema.json";

/// The zone of what lies in none: the schema wants one.
const NOWHERE: &str = "nowhere";

/// As JSON.
pub(super) fn write(model: &Model) -> Converted {
    let mut ids = Ids::dashed();
    ids.of(NOWHERE);
    let mut bom = Bom {
        body: Body::new(model, ids),
        says: Beside::new(),
        unsaid: Beside::new(),
        threats: Threats::default(),
        is_anything_nowhere: false,
    };
    let root = bom.model();
    Converted {
        text: json_text::text(&root),
        lost: bom.body.lost,
    }
}

/// Entries by section and name.
type Beside = BTreeMap<&'static str, BTreeMap<String, Map<String, Json>>>;

struct Bom<'m> {
    body: Body<'m>,
    says: Beside,
    unsaid: Beside,
    threats: Threats,
    is_anything_nowhere: bool,
}

impl Bom<'_> {
    fn model(&mut self) -> Json {
        let mut head = self.body.head();
        let description = head.remove("description");
        self.say("scope", "scope", head);
        let scope = json!({
            "title": &*self.body.model.name,
            "description": "",
            "business_criticality": "moderate",
            "data_sensitivity": [],
            "exposure": "external",
            "tier": "important",
        });
        for name in ["business_criticality", "exposure", "tier"] {
            self.leave_open("scope", "scope", name, scope[name].clone());
        }
        let zones = self.of(|class| class == Class::Boundary);
        let mut zones: Vec<Json> = zones.into_iter().map(|id| self.zone(id)).collect();
        let actors = self.of(|class| kind(class) == "actor");
        let actors: Vec<Json> = actors.into_iter().map(|id| self.actor(id)).collect();
        let components = self.of(|class| kind(class) == "component");
        let components: Vec<Json> = components
            .into_iter()
            .map(|id| self.component(id))
            .collect();
        let stores = self.of(|class| kind(class) == "data_store");
        let stores: Vec<Json> = stores.into_iter().map(|id| self.store(id)).collect();
        let sets: Vec<Json> = self.body.pieces().map(|id| self.data(id)).collect();
        let flows = self.body.flows();
        let borders = self.borders(&flows);
        let flows: Vec<Json> = flows.into_iter().map(|id| self.flow(id)).collect();
        if self.is_anything_nowhere {
            zones.push(thing(NOWHERE, "Nowhere", None).into());
            self.leave_open("trust_zones", NOWHERE, "symbolic_name", NOWHERE.into());
        }
        let mut root = Map::new();
        root.insert("$schema".into(), SCHEMA.into());
        root.insert("version".into(), "1.0".into());
        root.insert("scope".into(), scope);
        root.extend(description.map(|said| ("description".to_owned(), said)));
        for (name, items) in [
            ("trust_zones", zones),
            ("trust_boundaries", borders),
            ("actors", actors),
            ("components", components),
            ("data_stores", stores),
            ("data_sets", sets),
            ("data_flows", flows),
        ] {
            root.insert(name.into(), items.into());
        }
        let threats = std::mem::take(&mut self.threats).into_sections();
        if !threats.is_empty() {
            self.leave_open("threat_personas", ANYONE, "symbolic_name", ANYONE.into());
        }
        for (name, items) in threats {
            root.insert(name.into(), items.into());
        }
        let own = json!({"says": self.says, "unsaid": self.unsaid});
        let extensions = Map::from_iter([(OWN.to_owned(), own)]);
        root.insert("extensions".into(), extensions.into());
        root.into()
    }

    fn of(&self, wanted: impl Fn(Class) -> bool) -> Vec<ElementId> {
        self.body.of(wanted)
    }

    /// Keeps what the format has no words for.
    fn say(&mut self, section: &'static str, name: &str, said: Map<String, Json>) {
        if !said.is_empty() {
            let section = self.says.entry(section).or_default();
            section.insert(name.to_owned(), said);
        }
    }

    /// Keeps that the model does not say what the schema demands.
    fn leave_open(&mut self, section: &'static str, name: &str, key: &str, written: Json) {
        let section = self.unsaid.entry(section).or_default();
        let entries = section.entry(name.to_owned()).or_default();
        entries.insert(key.to_owned(), written);
    }

    /// An element with its name and description, and what else it says.
    fn start(&mut self, id: ElementId) -> (Map<String, Json>, Map<String, Json>) {
        let mut said = self.body.element(id);
        let name = &self.body.model.element(id).name;
        let item = thing(self.body.id(id), name, said.remove("description"));
        (item, said)
    }

    fn zone(&mut self, id: ElementId) -> Json {
        let (item, said) = self.start(id);
        let name = self.body.id(id).to_owned();
        self.say("trust_zones", &name, said);
        item.into()
    }

    fn actor(&mut self, id: ElementId) -> Json {
        let (mut item, mut said) = self.start(id);
        let class = self.body.model.element(id).class;
        let is_admin = said.get("isAdmin") == Some(&true.into());
        let kind = match class {
            Class::ExternalEntity => "system",
            _ if is_admin => "administrator",
            _ => "user",
        };
        if kind == "administrator" {
            said.remove("isAdmin");
        }
        item.insert("type".into(), kind.into());
        self.finish("actors", id, item, said)
    }

    fn component(&mut self, id: ElementId) -> Json {
        let (item, mut said) = self.start(id);
        let class = self.body.model.element(id).class;
        said.insert("class".into(), class.name().into());
        self.finish("components", id, item, said)
    }

    fn store(&mut self, id: ElementId) -> Json {
        let (mut item, mut said) = self.start(id);
        let row = STORES.iter().find(|(_, facts)| holds(&said, facts));
        let kind = match row {
            Some((word, facts)) => {
                for (fact, _) in *facts {
                    said.remove(*fact);
                }
                *word
            }
            None => {
                let name = self.body.id(id).to_owned();
                self.leave_open("data_stores", &name, "type", "key_value".into());
                "key_value"
            }
        };
        item.insert("type".into(), kind.into());
        self.finish("data_stores", id, item, said)
    }

    /// Puts an element into its zone, and its threats among the others.
    fn finish(
        &mut self,
        section: &'static str,
        id: ElementId,
        mut item: Map<String, Json>,
        mut said: Map<String, Json>,
    ) -> Json {
        let name = self.body.id(id).to_owned();
        let around = match said.remove("inBoundary") {
            Some(Json::String(around)) => around,
            other => {
                said.extend(other.map(|other| ("inBoundary".to_owned(), other)));
                self.is_anything_nowhere = true;
                self.leave_open(section, &name, "trust_zone", NOWHERE.into());
                NOWHERE.to_owned()
            }
        };
        item.insert("trust_zone".into(), around.into());
        if let Some(threats) = said.remove("threats") {
            let all = threats.as_array().map_or(&[][..], Vec::as_slice);
            let stated: Option<Vec<_>> = all.iter().map(Stated::of).collect();
            match stated {
                Some(stated) => {
                    for threat in stated {
                        self.threats.add(&name, &threat);
                    }
                }
                None => _ = said.insert("threats".into(), threats),
            }
        }
        self.say(section, &name, said);
        item.into()
    }

    fn data(&mut self, id: DataId) -> Json {
        let mut said = self.body.datum(id);
        let name = self.body.data_id(id).to_owned();
        let title = &self.body.model.datum(id).name;
        let mut item = thing(&name, title, said.remove("description"));
        // A sort says how confidential it is, too: only where the model says so itself.
        let is_classed = said.contains_key("classification");
        let sort = SORTS
            .iter()
            .find(|(_, facts)| is_classed && holds(&said, facts));
        let sorts: Vec<&str> = sort.iter().map(|(word, _)| *word).collect();
        item.insert("placements".into(), json!([]));
        item.insert("data_sensitivity".into(), sorts.into());
        self.say("data_sets", &name, said);
        item.into()
    }

    fn flow(&mut self, id: ElementId) -> Json {
        let (mut item, mut said) = self.start(id);
        let name = self.body.id(id).to_owned();
        for (end, called) in [("source", "source"), ("sink", "destination")] {
            said.remove(end);
            let end = self.body.model.linked(id, end);
            item.extend(end.map(|end| {
                let kind = kind(self.body.model.element(end).class);
                let object = self.body.id(end);
                (called.to_owned(), json!({"type": kind, "object": object}))
            }));
        }
        let is_sensitive = said.contains_key("data");
        item.insert("has_sensitive_data".into(), is_sensitive.into());
        if is_sensitive {
            self.leave_open("data_flows", &name, "has_sensitive_data", true.into());
        }
        let encrypted = said.get_mut("controls").and_then(Json::as_object_mut);
        let encrypted = encrypted.and_then(|controls| controls.remove("isEncrypted"));
        if encrypted.is_none() {
            self.leave_open("data_flows", &name, "encrypted", false.into());
        }
        item.insert(
            "encrypted".into(),
            encrypted.unwrap_or_else(|| false.into()),
        );
        if said.get("controls") == Some(&json!({})) {
            said.remove("controls");
        }
        self.say("data_flows", &name, said);
        item.into()
    }

    /// The pairs of zones between which something flows.
    fn borders(&self, flows: &[ElementId]) -> Vec<Json> {
        let zone = |flow: ElementId, end: &str| {
            let end = self.body.model.linked(flow, end)?;
            self.body.model.linked(end, "inBoundary")
        };
        let pairs = flows.iter().filter_map(|flow| {
            let (a, b) = (zone(*flow, "source")?, zone(*flow, "sink")?);
            (a != b).then(|| (a.min(b), a.max(b)))
        });
        let pairs: BTreeSet<_> = pairs.collect();
        let pairs = pairs.into_iter().map(|(a, b)| {
            let [a, b] = [a, b].map(|zone| self.body.id(zone));
            json!({"trust_zone_a": a, "trust_zone_b": b})
        });
        pairs.collect()
    }
}
