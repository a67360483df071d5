//! Layer `convert`: Python that pytm runs.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value as Json};

use super::Converted;
use super::body::Body;
use super::names::Ids;
use crate::model::vocabulary::{Class, Kind, Since};
use crate::model::{DataId, ElementId, Model};

/// Keys of a body that a comment says, or that Python has no words for.
const BESIDE: [&str; 4] = ["responses", "exclude", "evidence", "controls"];

/// A program that makes the model.
pub(super) fn write(model: &Model) -> Converted {
    let mut program = Program {
        body: Body::new(model, Ids::variables()),
        imports: BTreeSet::from(["TM"]),
        text: String::new(),
        later: String::new(),
    };
    program.head();
    for id in program.body.of(|class| class == Class::Boundary) {
        program.element(id);
    }
    for id in program.body.pieces() {
        program.datum(id);
    }
    for id in program
        .body
        .of(|class| !matches!(class, Class::Boundary | Class::Dataflow))
    {
        program.element(id);
    }
    for id in program.body.of(|class| class == Class::Dataflow) {
        program.element(id);
    }
    let imports: Vec<_> = program.imports.into_iter().collect();
    let mut text = format!("from pytm import {}\n\n", imports.join(", "));
    text.push_str(&program.text);
    if !program.later.is_empty() {
        text.push('\n');
        text.push_str(&program.later);
    }
    text.push_str("\nif __name__ == \"__main__\":\n    tm.process()\n");
    Converted {
        text,
        lost: program.body.lost,
    }
}

struct Program<'m> {
    body: Body<'m>,
    imports: BTreeSet<&'static str>,
    text: String,
    /// What names things that are made later.
    later: String,
}

impl Program<'_> {
    fn head(&mut self) {
        let name = literal(&(&*self.body.model.name).into());
        let _ = writeln!(self.text, "tm = TM({name})");
        for (attribute, value) in self.body.head() {
            let value = self.spelt(Class::TM, &attribute, &value);
            let _ = writeln!(self.text, "tm.{attribute} = {value}");
        }
    }

    fn datum(&mut self, id: DataId) {
        let said = self.body.datum(id);
        let name = literal(&(&*self.body.model.datum(id).name).into());
        let variable = self.body.data_id(id).to_owned();
        self.imports.insert("Data");
        let _ = writeln!(self.text, "\n{variable} = Data({name})");
        self.attributes(Class::Data, &variable, &said);
    }

    fn element(&mut self, id: ElementId) {
        let mut said = self.body.element(id);
        let element = self.body.model.element(id);
        let class = element.class;
        let name = literal(&(&*element.name).into());
        let who = format!("{} “{}”", element.class_name(), element.name);
        let variable = self.body.id(id).to_owned();
        self.imports.insert(class.name());
        self.text.push('\n');
        self.comments(&who, &mut said);
        if class == Class::Dataflow {
            let ends = [said.remove("source"), said.remove("sink")];
            let ends =
                ends.map(|end| end.map_or_else(|| "None".to_owned(), |end| variable_of(&end)));
            let [source, sink] = ends;
            let _ = writeln!(self.text, "{variable} = Dataflow({source}, {sink}, {name})");
        } else {
            let _ = writeln!(self.text, "{variable} = {}({name})", class.name());
        }
        self.attributes(class, &variable, &said);
        if let Some(Json::Object(controls)) = said.get("controls") {
            let variable = format!("{variable}.controls");
            self.attributes(Class::Controls, &variable, controls);
        }
    }

    /// Comments that speak to tmrs, above what they are about.
    fn comments(&mut self, who: &str, said: &mut Map<String, Json>) {
        for verb in ["exclude", "evidence"] {
            let Some(Json::Object(entries)) = said.remove(verb) else {
                continue;
            };
            for (name, text) in entries {
                let words = text.as_str().unwrap_or("").split_whitespace();
                let words: Vec<_> = words.collect();
                let line = format!("# tmrs: {verb}[{name}] {}", words.join(" "));
                let _ = writeln!(self.text, "{}", line.trim_end());
            }
        }
        if let Some(Json::Object(responses)) = said.remove("responses") {
            for rule in responses.keys() {
                let lost = format!(
                    "{who}: the answer to {rule}, because what pytm has for it, an override, would state the threat"
                );
                self.body.lost.push(lost);
            }
        }
    }

    fn attributes(&mut self, class: Class, variable: &str, said: &Map<String, Json>) {
        for (attribute, value) in said {
            if BESIDE.contains(&&**attribute) {
                continue;
            }
            if !is_a_name(attribute) {
                let lost = format!("{variable}: {attribute}, which is no name in Python");
                self.body.lost.push(lost);
                continue;
            }
            let spelt = self.spelt(class, attribute, value);
            let line = format!("{variable}.{attribute} = {spelt}\n");
            let kind = class.attribute(attribute).map(|known| known.kind);
            let names_others = match kind {
                Some(Kind::Flow | Kind::Flows | Kind::Elements) => true,
                Some(Kind::Boundary) => class == Class::Boundary,
                _ => false,
            };
            if names_others {
                self.later.push_str(&line);
            } else {
                self.text.push_str(&line);
            }
        }
    }

    /// A value in Python.
    fn spelt(&mut self, class: Class, attribute: &str, value: &Json) -> String {
        let kind = class.attribute(attribute).map(|known| known.kind);
        let listed = |value: &Json| {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            items.iter().map(variable_of).collect::<Vec<_>>().join(", ")
        };
        match (attribute, kind) {
            (_, Some(Kind::Enum(of))) if of.since == Since::Pytm => {
                self.imports.insert(of.name);
                format!("{}.{}", of.name, value.as_str().unwrap_or("UNKNOWN"))
            }
            (_, Some(Kind::Boundary | Kind::Flow | Kind::Element)) => variable_of(value),
            (_, Some(Kind::DataSet | Kind::Flows | Kind::Elements)) => {
                format!("[{}]", listed(value))
            }
            (_, Some(Kind::Ints)) => {
                let items = value.as_array().map_or(&[][..], Vec::as_slice);
                let items: Vec<_> = items.iter().map(literal).collect();
                if items.is_empty() {
                    "set()".to_owned()
                } else {
                    format!("{{{}}}", items.join(", "))
                }
            }
            ("assumptions", _) => self.called("Assumption", value),
            ("overrides", _) => self.called("Finding", value),
            _ => literal(value),
        }
    }

    /// A list of objects that are made on the spot.
    fn called(&mut self, class: &'static str, value: &Json) -> String {
        self.imports.insert(class);
        let items = value.as_array().map_or(&[][..], Vec::as_slice);
        let items = items.iter().map(|item| {
            let entries = item.as_object().into_iter().flatten();
            let entries = entries.map(|(name, value)| match &**name {
                // The first argument of an assumption.
                "name" => literal(value),
                name => format!("{name}={}", literal(value)),
            });
            format!("{class}({})", entries.collect::<Vec<_>>().join(", "))
        });
        format!("[{}]", items.collect::<Vec<_>>().join(", "))
    }
}

/// The variable that an id is.
fn variable_of(id: &Json) -> String {
    id.as_str().unwrap_or("None").to_owned()
}

fn is_a_name(attribute: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    attribute.chars().all(is_word) && attribute.starts_with(|c: char| !c.is_ascii_digit())
}

/// A plain value in Python.
fn literal(value: &Json) -> String {
    match value {
        Json::Null => "None".into(),
        Json::Bool(true) => "True".into(),
        Json::Bool(false) => "False".into(),
        // What JSON escapes in a text Python reads alike.
        Json::String(_) | Json::Number(_) => value.to_string(),
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let key = Json::from(&**key);
                format!("{key}: {}", literal(value))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}
