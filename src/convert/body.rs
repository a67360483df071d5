//! Layer `convert`: what a model says itself, as a native model says it.

use serde_json::{Map, Value as Json};

use super::names::Ids;
use crate::model::vocabulary::{Attribute, Class, Fallback, Kind};
use crate::model::{
    Assumption, Attr, DataId, DeclaredThreat, Element, ElementId, Model, Origin, Override, Slot,
    Slots, Value,
};
use crate::notice::nearest;

/// A model on its way into another format.
pub(super) struct Body<'m> {
    pub(super) model: &'m Model,
    elements: Vec<String>,
    data: Vec<String>,
    /// What cannot be said.
    pub(super) lost: Vec<String>,
}

impl<'m> Body<'m> {
    /// With an id for each thing of the model.
    pub(super) fn new(model: &'m Model, mut ids: Ids) -> Self {
        let elements = model.elements.iter().map(|element| ids.of(&element.name));
        let elements = elements.collect();
        let data = model.data.iter().map(|datum| ids.of(&datum.name)).collect();
        Self::with(model, elements, data)
    }

    /// The same, with ids that are given.
    pub(super) fn with(model: &'m Model, elements: Vec<String>, data: Vec<String>) -> Self {
        Self {
            model,
            elements,
            data,
            lost: included(model).into_iter().collect(),
        }
    }

    /// The id of an element.
    pub(super) fn id(&self, id: ElementId) -> &str {
        &self.elements[id.0 as usize]
    }

    /// The id of a piece of data.
    pub(super) fn data_id(&self, id: DataId) -> &str {
        &self.data[id.0 as usize]
    }

    /// The elements of one section, in the order of the model.
    pub(super) fn of(&self, wanted: impl Fn(Class) -> bool) -> Vec<ElementId> {
        let ids = self.model.ids();
        ids.filter(|id| wanted(self.model.element(*id).class))
            .collect()
    }

    /// The flows between elements. Of formats only pytm has flows that end at a boundary or at
    /// another flow.
    pub(super) fn flows(&mut self) -> Vec<ElementId> {
        let is_element = |id: ElementId, end: &str| {
            let end = self
                .model
                .linked(id, end)
                .map(|end| self.model.element(end).class);
            end.is_some_and(|class| !matches!(class, Class::Boundary | Class::Dataflow))
        };
        let flows = self.of(|class| class == Class::Dataflow);
        let (kept, left): (Vec<_>, Vec<_>) = flows
            .into_iter()
            .partition(|id| is_element(*id, "source") && is_element(*id, "sink"));
        for id in left {
            let name = &self.model.element(id).name;
            self.lost.push(format!(
                "Dataflow “{name}”: it does not run between two elements"
            ));
        }
        kept
    }

    /// Every piece of data.
    pub(super) fn pieces(&self) -> impl Iterator<Item = DataId> + use<> {
        (0..self.model.data.len() as u32).map(DataId)
    }

    /// What the model says about itself, beside its name.
    pub(super) fn head(&mut self) -> Map<String, Json> {
        let mut head = Map::new();
        self.slots("the model", Class::TM, &self.model.slots, &mut head);
        if let Some(file) = &self.model.threats_file {
            match &file.path {
                Some(path) => {
                    let path = relative(self.model.path().as_str(), path.as_str());
                    head.insert("threatsFile".into(), path.into());
                }
                None => {
                    head.remove("threatsFile");
                    let lost = format!("the model: its own threats in {}", file.written);
                    self.lost.push(lost);
                }
            }
        }
        if !self.model.assumptions.is_empty() {
            head.insert("assumptions".into(), assumptions(&self.model.assumptions));
        }
        head
    }

    /// What the model says about one element, beside its class and name.
    pub(super) fn element(&mut self, id: ElementId) -> Map<String, Json> {
        let model = self.model;
        let element = model.element(id);
        let who = format!("{} “{}”", element.class_name(), element.name);
        if let Some(own) = &element.own_class {
            let base = element.class.name();
            self.lost
                .push(format!("{who}: that its class {own} extends {base}"));
        }
        let mut body = Map::new();
        self.slots(&who, element.class, &element.slots, &mut body);
        let mut controls = Map::new();
        self.slots(&who, Class::Controls, &element.controls, &mut controls);
        if !controls.is_empty() {
            body.insert("controls".into(), controls.into());
        }
        self.beside(&who, element, &mut body);
        body
    }

    /// What the model says about one piece of data, beside its name.
    pub(super) fn datum(&mut self, id: DataId) -> Map<String, Json> {
        let datum = self.model.datum(id);
        let mut body = Map::new();
        let who = format!("Data “{}”", datum.name);
        self.slots(&who, Class::Data, &datum.slots, &mut body);
        body
    }

    fn slots(&mut self, who: &str, class: Class, slots: &Slots, body: &mut Map<String, Json>) {
        for (attr, slot) in slots.iter() {
            let name = attr.name();
            let known = class.attribute(name);
            let written = match slot.origin {
                Origin::Declared => self.fitting(class, attr, known, &slot.value),
                // That nobody knows it, where something else holds when nothing is said.
                Origin::Default if is_unknown(known, slot) => {
                    self.fitting(class, attr, known, &slot.value)
                }
                Origin::Unread => Err("its value is not decidable without running code"),
                Origin::Default | Origin::Assumed | Origin::Derived => continue,
            };
            match written {
                Ok(Some(value)) => {
                    body.insert(name.to_owned(), value);
                }
                Ok(None) => {}
                Err(why) => self.lost.push(format!("{who}: {name}, because {why}")),
            }
        }
    }

    /// A value, if a native model may say it.
    fn fitting(
        &self,
        class: Class,
        attr: &Attr,
        known: Option<&'static Attribute>,
        value: &Value,
    ) -> Result<Option<Json>, &'static str> {
        let Some(known) = known else {
            let names = class.attributes().into_iter().map(|known| known.name);
            let controls = Class::Controls.attributes();
            let controls = controls.into_iter().map(|known| known.name);
            if nearest(attr.name(), names.chain(controls)).is_some() {
                return Err("its name is too near to another one");
            }
            return self
                .value(value)
                .map(Some)
                .ok_or("it holds what has no text");
        };
        let follows = class.is_element() && matches!(known.name, "inputs" | "outputs");
        if follows || known.name == "name" || known.kind == Kind::Internal {
            return Ok(None);
        }
        let fits = match (known.kind, value) {
            (Kind::Controls | Kind::Assumptions | Kind::Findings, _) => return Ok(None),
            (Kind::Bool, Value::Bool(_))
            | (Kind::Int, Value::Int(_))
            | (Kind::Text, Value::Text(_))
            | (Kind::Enum(_), Value::Member(..))
            | (Kind::Boundary | Kind::Flow, Value::Nothing)
            | (Kind::Boundary | Kind::Element | Kind::Flow, Value::Element(_)) => true,
            (Kind::Texts | Kind::Ints | Kind::Elements | Kind::Flows | Kind::DataSet, value) => {
                let items = value.items().ok_or("it is no list")?;
                items.iter().all(|item| match known.kind {
                    Kind::Texts => item.as_text().is_some_and(|text| !text.trim().is_empty()),
                    Kind::Ints => matches!(item, Value::Int(_)),
                    Kind::DataSet => matches!(item, Value::Data(_)),
                    _ => matches!(item, Value::Element(_)),
                })
            }
            _ => false,
        };
        if fits {
            Ok(self.value(value))
        } else {
            Err("its value is of another type")
        }
    }

    fn value(&self, value: &Value) -> Option<Json> {
        Some(match value {
            Value::Nothing => Json::Null,
            Value::Bool(held) => (*held).into(),
            Value::Int(int) => (*int).into(),
            Value::Float(float) => serde_json::Number::from_f64(*float)?.into(),
            Value::Text(text) => (&**text).into(),
            Value::Member(of, at) => of.members.get(usize::from(*at))?.0.into(),
            Value::Element(id) => self.id(*id).into(),
            Value::Data(id) => self.data_id(*id).into(),
            Value::List(items) | Value::Set(items) => {
                let items: Option<Vec<_>> = items.iter().map(|item| self.value(item)).collect();
                items?.into()
            }
            Value::Map(entries) => {
                let mut map = Map::new();
                for (key, value) in entries.iter() {
                    map.insert(key.as_text()?.to_owned(), self.value(value)?);
                }
                map.into()
            }
        })
    }

    /// Threats, answers, assumptions, exclusions and proofs.
    fn beside(&mut self, who: &str, element: &Element, body: &mut Map<String, Json>) {
        let threats: Vec<_> = element.threats.iter().map(threat).collect();
        let own: Vec<_> = element
            .overrides
            .iter()
            .filter(|it| !it.inherited)
            .collect();
        let overrides: Vec<_> = own.into_iter().map(overriding).collect();
        let mut responses = Map::new();
        for response in &element.responses {
            let details = [
                ("severity", response.severity.as_ref()),
                ("cvss", response.cvss.as_ref()),
                ("expires", response.expires.as_ref()),
            ];
            let text = &*response.text.text;
            let said = if details.iter().all(|(_, said)| said.is_none()) {
                text.into()
            } else {
                let mut said = Map::new();
                said.insert("response".into(), text.into());
                for (name, detail) in details {
                    if let Some(detail) = detail {
                        said.insert(name.into(), (&*detail.text).into());
                    }
                }
                said.into()
            };
            responses.insert(response.rule.text.to_string(), said);
        }
        let mut exclude = Map::new();
        for exclusion in &element.exclusions {
            for rule in &exclusion.rules {
                let reason = (&*exclusion.reason).into();
                exclude.entry(&*rule.text).or_insert(reason);
            }
        }
        let mut evidence = Map::new();
        for proof in &element.proofs {
            for control in &proof.controls {
                let text = (&*proof.text).into();
                evidence.entry(&*control.text).or_insert(text);
            }
        }
        for claim in element.claims.iter().filter(|claim| !claim.understood) {
            self.lost.push(format!(
                "{who}: the control “{}” in words",
                claim.words.text
            ));
        }
        if !element.assumptions.is_empty() {
            body.insert("assumptions".into(), assumptions(&element.assumptions));
        }
        for (name, said) in [
            ("threats", Json::from(threats)),
            ("overrides", overrides.into()),
            ("responses", responses.into()),
            ("exclude", exclude.into()),
            ("evidence", evidence.into()),
        ] {
            let is_empty = match &said {
                Json::Array(items) => items.is_empty(),
                Json::Object(entries) => entries.is_empty(),
                _ => true,
            };
            if !is_empty {
                body.insert(name.into(), said);
            }
        }
    }
}

/// Whether an attribute is said to be UNKNOWN, and holds something else unless it is.
fn is_unknown(known: Option<&'static Attribute>, slot: &Slot) -> bool {
    let default = known.map(|known| known.default);
    let unknown = matches!(&slot.value, Value::Member(of, at)
        if of.members.get(usize::from(*at)).is_some_and(|(name, _)| *name == "UNKNOWN"));
    slot.place.is_some() && unknown && default != Some(Fallback::Member("UNKNOWN"))
}

/// The path of a file as another file names it.
fn relative(from: &str, to: &str) -> String {
    let mut from: Vec<&str> = from.split('/').collect();
    from.pop();
    let to: Vec<&str> = to.split('/').collect();
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(same).map(|_| "..");
    let down = to.iter().skip(same).copied();
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// A severity that a native model takes.
fn severity(said: &str) -> Option<Json> {
    let known = DeclaredThreat::knows_severity(said);
    known.then(|| said.into())
}

fn threat(threat: &DeclaredThreat) -> Json {
    let mut said = Map::new();
    said.insert("title".into(), (&*threat.title.text).into());
    if let Some(severity) = threat.severity.as_ref().and_then(|it| severity(&it.text)) {
        said.insert("severity".into(), severity);
    }
    let controls: Vec<&str> = threat.mitigated_by.iter().map(|it| &*it.text).collect();
    if !controls.is_empty() {
        said.insert("mitigatedBy".into(), controls.into());
    }
    if let Some(response) = &threat.response {
        said.insert("response".into(), (&*response.text).into());
    }
    if said.len() == 1 {
        return (&*threat.title.text).into();
    }
    said.into()
}

fn overriding(said: &Override) -> Json {
    let mut fields = Map::new();
    fields.insert("threat_id".into(), (&*said.rule.text).into());
    if let Some(response) = &said.response {
        fields.insert("response".into(), (&*response.text).into());
    }
    if let Some(severity) = said.severity.as_ref().and_then(|it| severity(&it.text)) {
        fields.insert("severity".into(), severity);
    }
    if let Some(cvss) = &said.cvss {
        fields.insert("cvss".into(), (&*cvss.text).into());
    }
    for (name, text) in &said.fields {
        if !text.text.trim().is_empty() {
            fields.insert(name.to_string(), (&*text.text).into());
        }
    }
    fields.into()
}

fn assumptions(assumptions: &[Assumption]) -> Json {
    let all = assumptions
        .iter()
        .filter(|it| !it.name.text.trim().is_empty());
    let all = all.map(|assumption| {
        let mut said = Map::new();
        said.insert("name".into(), (&*assumption.name.text).into());
        let exclude: Vec<&str> = assumption.exclude.iter().map(|it| &*it.text).collect();
        if !exclude.is_empty() {
            said.insert("exclude".into(), exclude.into());
        }
        if !assumption.description.trim().is_empty() {
            said.insert("description".into(), (&*assumption.description).into());
        }
        Json::from(said)
    });
    all.collect()
}

/// That what other files declare stands in one file afterwards.
fn included(model: &Model) -> Option<String> {
    let paths: Vec<String> = model.parts.iter().map(ToString::to_string).collect();
    (!model.included.is_empty()).then(|| {
        format!(
            "the files that it includes ({}) become part of this one; what each says of itself alone, such as its assumptions, is left out",
            paths.join(", ")
        )
    })
}
