//! Layer `convert`: a model of OWASP Threat Dragon 2, drawn as a row of boxes in boxes.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::body::Body;
use super::names::Ids;
use super::{Converted, json as json_text};
use crate::model::vocabulary::Class;
use crate::model::{ElementId, Model};

/// The size of an element, and the space around it.
const WIDTH: i64 = 160;
const HEIGHT: i64 = 80;
const SPACE: i64 = 40;

/// As JSON.
pub(super) fn write(model: &Model) -> Converted {
    let mut dragon = Dragon {
        body: Body::new(model, Ids::dashed()),
        inside: BTreeMap::new(),
        cells: Vec::new(),
        threats: 0,
    };
    for id in dragon.body.of(|class| class != Class::Dataflow) {
        // What lies in a circle of boundaries lies nowhere.
        let around = model.boundaries(id).first().copied();
        let circles = model.boundaries(id).contains(&id);
        let around = around.filter(|_| !circles);
        dragon.inside.entry(around).or_default().push(id);
    }
    dragon.row(None, 0, 0);
    for id in dragon.body.flows() {
        dragon.flow(id);
    }
    let head = dragon.body.head();
    for name in head.keys().filter(|name| *name != "description") {
        dragon.body.lost.push(format!("the model: {name}"));
    }
    if !model.data.is_empty() {
        let count = model.data.len();
        dragon.body.lost.push(format!(
            "{count} pieces of data, and which flow carries them"
        ));
    }
    let description = head
        .get("description")
        .cloned()
        .unwrap_or_else(|| "".into());
    let diagram = json!({
        "id": 0,
        "title": &*model.name,
        "diagramType": "STRIDE",
        "placeholder": "",
        "thumbnail": "./public/content/images/thumbnail.stride.jpg",
        "version": "2.4.0",
        "cells": dragon.cells,
    });
    let root = json!({
        "version": "2.4.0",
        "summary": {"title": &*model.name, "owner": "", "description": description, "id": 0},
        "detail": {
            "contributors": [],
            "diagrams": [diagram],
            "diagramTop": 1,
            "reviewer": "",
            "threatTop": dragon.threats,
        },
    });
    Converted {
        text: json_text::text(&root),
        lost: dragon.body.lost,
    }
}

struct Dragon<'m> {
    body: Body<'m>,
    /// What lies in each boundary, and in none.
    inside: BTreeMap<Option<ElementId>, Vec<ElementId>>,
    cells: Vec<Json>,
    threats: usize,
}

impl Dragon<'_> {
    /// Draws everything that lies in a boundary, beside each other; gives how much room it takes.
    fn row(&mut self, around: Option<ElementId>, left: i64, top: i64) -> (i64, i64) {
        let inside = self.inside.remove(&around).unwrap_or_default();
        let (mut x, mut height) = (left + SPACE, HEIGHT);
        for id in inside {
            let (width, tall) = if self.body.model.element(id).class == Class::Boundary {
                let at = self.cells.len();
                self.cells.push(Json::Null);
                let (width, tall) = self.row(Some(id), x, top + SPACE);
                self.cells[at] = self.boundary(id, (x, top + SPACE), (width, tall));
                (width, tall)
            } else {
                let cell = self.element(id, (x, top + SPACE));
                self.cells.push(cell);
                (WIDTH, HEIGHT)
            };
            x += width + SPACE;
            height = height.max(tall);
        }
        (x - left, height + 2 * SPACE)
    }

    fn boundary(&mut self, id: ElementId, at: (i64, i64), size: (i64, i64)) -> Json {
        let mut said = self.body.element(id);
        said.remove("inBoundary");
        let data = self.data(id, "tm.BoundaryBox", &mut said);
        json!({
            "id": self.body.id(id),
            "shape": "trust-boundary-box",
            "zIndex": -1,
            "position": {"x": at.0, "y": at.1},
            "size": {"width": size.0, "height": size.1},
            "data": data,
        })
    }

    fn element(&mut self, id: ElementId, at: (i64, i64)) -> Json {
        let mut said = self.body.element(id);
        said.remove("inBoundary");
        let class = self.body.model.element(id).class;
        let (shape, kind) = match class {
            Class::Actor => ("actor", "tm.Actor"),
            Class::Datastore => ("store", "tm.Store"),
            _ => ("process", "tm.Process"),
        };
        let is_web = said.get("allowsClientSideScripting") == Some(&true.into());
        let mut data = self.data(id, kind, &mut said);
        if class == Class::Server && is_web {
            data.insert("isWebApplication".into(), true.into());
            self.found(id, "allowsClientSideScripting");
        } else if !matches!(class, Class::Actor | Class::Datastore | Class::Process) {
            let who = self.who(id);
            self.body
                .lost
                .push(format!("{who}: its class, it becomes a process"));
        }
        json!({
            "id": self.body.id(id),
            "shape": shape,
            "zIndex": 1,
            "visible": true,
            "position": {"x": at.0, "y": at.1},
            "size": {"width": WIDTH, "height": HEIGHT},
            "data": data,
        })
    }

    fn flow(&mut self, id: ElementId) {
        let mut said = self.body.element(id);
        let ends = ["source", "sink"].map(|end| said.remove(end));
        let [Some(source), Some(sink)] = ends else {
            return;
        };
        said.remove("data");
        let protocol = said.remove("protocol");
        let mut data = self.data(id, "tm.Flow", &mut said);
        data.insert("protocol".into(), protocol.unwrap_or_else(|| "".into()));
        self.cells.push(json!({
            "id": self.body.id(id),
            "shape": "flow",
            "zIndex": 10,
            "connector": "smooth",
            "source": {"cell": source},
            "target": {"cell": sink},
            "data": data,
        }));
    }

    fn who(&self, id: ElementId) -> String {
        let element = self.body.model.element(id);
        format!("{} “{}”", element.class_name(), element.name)
    }

    /// Takes back that an attribute is lost.
    fn found(&mut self, id: ElementId, attribute: &str) {
        let lost = format!("{}: {attribute}", self.who(id));
        self.body.lost.retain(|known| *known != lost);
    }

    /// What a cell says; what it cannot say is lost.
    fn data(
        &mut self,
        id: ElementId,
        kind: &str,
        said: &mut Map<String, Json>,
    ) -> Map<String, Json> {
        let element = self.body.model.element(id);
        let who = self.who(id);
        let mut data = Map::new();
        data.insert("type".into(), kind.into());
        data.insert("name".into(), (&*element.name).into());
        let description = said.remove("description");
        data.insert(
            "description".into(),
            description.unwrap_or_else(|| "".into()),
        );
        data.insert("isTrustBoundary".into(), (kind == "tm.BoundaryBox").into());
        let out = said.remove("inScope") == Some(false.into());
        data.insert("outOfScope".into(), out.into());
        data.insert("reasonOutOfScope".into(), "".into());
        let mut controls = match said.remove("controls") {
            Some(Json::Object(controls)) => controls,
            _ => Map::new(),
        };
        let control = match kind {
            "tm.Store" => Some("isEncryptedAtRest"),
            "tm.Flow" => Some("isEncrypted"),
            _ => None,
        };
        let encrypted = control.and_then(|control| take(&mut controls, control));
        if control.is_some() {
            data.insert("isEncrypted".into(), encrypted.is_some().into());
        }
        if kind == "tm.Store" {
            data.insert(
                "isSigned".into(),
                take(&mut controls, "providesIntegrity").is_some().into(),
            );
            data.insert(
                "storesCredentials".into(),
                take(said, "holdsSecrets").is_some().into(),
            );
            let is_log = said.get("kind") == Some(&"LOGS".into());
            let is_log = is_log && take(said, "storesLogData").is_some();
            if is_log {
                said.remove("kind");
            }
            data.insert("isALog".into(), is_log.into());
        }
        if kind == "tm.Process" {
            data.insert(
                "handlesCardPayment".into(),
                take(said, "takesPayments").is_some().into(),
            );
            let scarce = take(said, "sellsScarceGoods").is_some();
            data.insert("handlesGoodsOrServices".into(), scarce.into());
        }
        let threats = match said.remove("threats") {
            Some(Json::Array(threats)) => threats,
            _ => Vec::new(),
        };
        let threats: Vec<Json> = threats.iter().map(|it| self.threat(it)).collect();
        let is_open = |threat: &Json| threat["status"] == "Open";
        data.insert("hasOpenThreats".into(), threats.iter().any(is_open).into());
        if kind != "tm.BoundaryBox" {
            data.insert("threats".into(), threats.into());
        }
        for name in said.keys() {
            self.body.lost.push(format!("{who}: {name}"));
        }
        for name in controls.keys() {
            self.body.lost.push(format!("{who}: controls.{name}"));
        }
        data
    }

    fn threat(&mut self, said: &Json) -> Json {
        self.threats += 1;
        let text = |name: &str| said.get(name).and_then(Json::as_str).unwrap_or("");
        let title = said.as_str().unwrap_or_else(|| text("title"));
        let response = text("response").to_lowercase();
        let status = match response.split([':', ' ', ',']).next() {
            Some("mitigated") => "Mitigated",
            Some("false-positive" | "avoided") => "Not Applicable",
            _ => "Open",
        };
        let why = text("response")
            .split_once(':')
            .map_or("", |(_, why)| why.trim());
        let severity = match text("severity").to_lowercase().as_str() {
            "critical" | "very high" => "Critical",
            "high" => "High",
            "low" | "very low" | "info" => "Low",
            _ => "Medium",
        };
        json!({
            "id": format!("threat-{}", self.threats),
            "number": self.threats,
            "title": title,
            "status": status,
            "severity": severity,
            "type": "",
            "description": "",
            "mitigation": why,
            "modelType": "STRIDE",
            "score": "",
        })
    }
}

/// Takes what is said to be so.
fn take(said: &mut Map<String, Json>, name: &str) -> Option<Json> {
    let held = said.get(name) == Some(&true.into());
    held.then(|| said.remove(name)).flatten()
}
