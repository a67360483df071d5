//! A model as data: what each part says, taken from any model that tmrs reads and
//! written in any format that it reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value as Json;
use tmrs::model::vocabulary::{Class, Kind, Since};
use tmrs::model::{Attr, Model, Origin, Slots, Value};

/// The formats in which a sketch is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Yaml,
    Json,
    Python,
}

/// What an attribute is made to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Flag(bool),
    Whole(i64),
    Text(String),
    /// A member of an enum, by the enum's name and its own.
    Member(&'static str, &'static str),
    /// Another part, by id.
    Part(String),
    /// Other parts, by id.
    Parts(Vec<String>),
    Texts(Vec<String>),
}

/// A boundary, an element, a piece of data or a flow.
#[derive(Clone, Debug)]
pub struct Part {
    pub id: String,
    pub class: Class,
    pub name: String,
    /// By attribute; controls as `controls.NAME`.
    pub says: BTreeMap<String, Said>,
}

impl Part {
    /// The section of a native model in which it stands.
    pub fn section(&self) -> &'static str {
        match self.class {
            Class::Boundary => "boundaries",
            Class::Data => "data",
            Class::Dataflow => "flows",
            _ => "elements",
        }
    }

    /// Every attribute that may be said of it, by the vocabulary.
    pub fn attributes(&self) -> Vec<(String, Kind)> {
        let own = self.class.attributes().into_iter();
        let own = own.map(|a| (a.name.to_owned(), a.kind));
        let controls = Class::Controls.attributes().into_iter();
        let controls = controls.map(|a| (format!("controls.{}", a.name), a.kind));
        let has_controls = self.section() == "elements" || self.section() == "flows";
        let all = own.chain(controls.filter(|_| has_controls));
        all.filter(|(name, kind)| {
            name != "name"
                && !matches!(
                    kind,
                    Kind::Controls | Kind::Assumptions | Kind::Findings | Kind::Internal
                )
                && !(*kind == Kind::Flows && self.class.is_element())
        })
        .collect()
    }
}

/// The sections in the order in which they are written.
const SECTIONS: [&str; 4] = ["boundaries", "elements", "data", "flows"];

/// A text, and which part each line of it is about.
pub struct Written {
    pub text: String,
    pub lines: Vec<Option<usize>>,
}

impl Written {
    fn new(head: &str) -> Self {
        Self {
            text: head.to_owned(),
            lines: vec![None; head.lines().count()],
        }
    }

    fn line(&mut self, part: Option<usize>, line: &str) {
        let _ = writeln!(self.text, "{line}");
        self.lines.push(part);
    }

    /// The part that stands at a line, counted from 1.
    pub fn part_at(&self, line: u64) -> Option<usize> {
        *self
            .lines
            .get(usize::try_from(line).ok()?.checked_sub(1)?)?
    }
}

/// The parts of a model with what it declares about them.
pub fn of(model: &Model) -> Vec<Part> {
    let element_id = |at: u32| match model.elements[at as usize].class {
        Class::Boundary => format!("zone{at}"),
        Class::Dataflow => format!("flow{at}"),
        _ => format!("part{at}"),
    };
    let said = |value: &Value| said(value, &element_id);
    let says = |part: &mut Part, slots: &Slots, around: &str| {
        let known: BTreeMap<String, Kind> = part.attributes().into_iter().collect();
        for (attr, slot) in slots.iter() {
            let name = format!("{around}{}", attr.name());
            let is_known = matches!(attr, Attr::Known(_)) && known.contains_key(&name);
            let is_said = is_known && slot.origin == Origin::Declared;
            if let Some(said) = said(&slot.value).filter(|_| is_said) {
                part.says.insert(name, said);
            }
        }
    };
    let part = |id: String, class, name: &str| Part {
        id,
        class,
        name: name.to_owned(),
        says: BTreeMap::new(),
    };
    let elements = model.elements.iter().enumerate().map(|(at, element)| {
        let mut part = part(element_id(at as u32), element.class, &element.name);
        says(&mut part, &element.slots, "");
        if ["elements", "flows"].contains(&part.section()) {
            says(&mut part, &element.controls, "controls.");
        }
        part
    });
    let data = model.data.iter().enumerate().map(|(at, datum)| {
        let mut part = part(format!("data{at}"), Class::Data, &datum.name);
        says(&mut part, &datum.slots, "");
        // It follows from the flows.
        part.says
            .retain(|key, _| !["carriedBy", "processedBy", "traverses"].contains(&&**key));
        part
    });
    let mut parts: Vec<Part> = elements.chain(data).collect();
    // A flow's answer is told by one of both.
    for part in &mut parts {
        part.says.remove("response");
    }
    parts
}

fn said(value: &Value, element_id: &impl Fn(u32) -> String) -> Option<Said> {
    Some(match value {
        Value::Bool(flag) => Said::Flag(*flag),
        Value::Int(whole) => Said::Whole(*whole),
        Value::Text(text) => Said::Text(text.to_string()),
        Value::Member(of, at) => Said::Member(of.name, of.members[*at as usize].0),
        Value::Element(id) => Said::Part(element_id(id.0)),
        Value::List(items) | Value::Set(items) => {
            let texts: Option<Vec<String>> = items
                .iter()
                .map(|item| item.as_text().map(str::to_owned))
                .collect();
            let parts = items.iter().map(|item| match item {
                Value::Element(id) => Some(element_id(id.0)),
                Value::Data(id) => Some(format!("data{}", id.0)),
                _ => None,
            });
            match (parts.collect::<Option<Vec<_>>>(), texts) {
                (Some(parts), _) => Said::Parts(parts),
                (None, Some(texts)) => Said::Texts(texts),
                (None, None) => return None,
            }
        }
        _ => return None,
    })
}

/// Writes the parts as a model of that name.
pub fn write(name: &str, parts: &[Part], format: Format) -> Written {
    match format {
        Format::Yaml => yaml(name, parts),
        Format::Json => json(name, parts),
        Format::Python => python(name, parts),
    }
}

/// What an entry says in a native model; JSON is YAML too.
fn native(said: &Said) -> String {
    match said {
        Said::Flag(flag) => flag.to_string(),
        Said::Whole(whole) => whole.to_string(),
        Said::Text(text) | Said::Part(text) => Json::from(text.as_str()).to_string(),
        Said::Member(_, member) => Json::from(*member).to_string(),
        Said::Parts(all) | Said::Texts(all) => Json::from(all.clone()).to_string(),
    }
}

/// The entries of a part, its controls as a map of their own.
fn entries(part: &Part) -> (Vec<(String, String)>, Vec<(String, String)>) {
    let quoted = |text: &str| Json::from(text).to_string();
    let mut own = Vec::new();
    if part.section() == "elements" {
        own.push(("class".to_owned(), quoted(part.class.name())));
    }
    own.push(("name".to_owned(), quoted(&part.name)));
    let mut controls = Vec::new();
    for (key, said) in &part.says {
        match key.strip_prefix("controls.") {
            Some(control) => controls.push((control.to_owned(), native(said))),
            None => own.push((key.clone(), native(said))),
        }
    }
    (own, controls)
}

fn of_section<'a>(
    parts: &'a [Part],
    section: &'a str,
) -> impl Iterator<Item = (usize, &'a Part)> + Clone {
    let parts = parts.iter().enumerate();
    parts.filter(move |(_, part)| part.section() == section)
}

fn yaml(name: &str, parts: &[Part]) -> Written {
    let mut to = Written::new(&format!("tmrs: 1\nname: {}\n", Json::from(name)));
    for section in SECTIONS {
        let mut all = of_section(parts, section).peekable();
        if all.peek().is_some() {
            to.line(None, &format!("{section}:"));
        }
        for (at, part) in all {
            to.line(Some(at), &format!("  {}:", part.id));
            let (own, controls) = entries(part);
            for (key, value) in own {
                to.line(Some(at), &format!("    {key}: {value}"));
            }
            if !controls.is_empty() {
                to.line(Some(at), "    controls:");
            }
            for (key, value) in controls {
                to.line(Some(at), &format!("      {key}: {value}"));
            }
        }
    }
    to
}

fn json(name: &str, parts: &[Part]) -> Written {
    let mut to = Written::new(&format!("{{\"tmrs\": 1,\n\"name\": {}\n", Json::from(name)));
    for section in SECTIONS {
        let all = of_section(parts, section);
        if all.clone().next().is_none() {
            continue;
        }
        to.line(None, &format!(", \"{section}\": {{"));
        for (nth, (at, part)) in all.enumerate() {
            let comma = if nth == 0 { "" } else { ", " };
            to.line(Some(at), &format!("  {comma}\"{}\": {{", part.id));
            let (own, controls) = entries(part);
            let entry = |(nth, (key, value)): (usize, &(String, String))| {
                format!("    {}\"{key}\": {value}", if nth == 0 { "" } else { ", " })
            };
            for line in own.iter().enumerate().map(entry) {
                to.line(Some(at), &line);
            }
            if !controls.is_empty() {
                to.line(Some(at), "    , \"controls\": {");
                for line in controls.iter().enumerate().map(entry) {
                    to.line(Some(at), &line);
                }
                to.line(Some(at), "    }");
            }
            to.line(Some(at), "  }");
        }
        to.line(None, "}");
    }
    to.line(None, "}");
    to
}

fn python(name: &str, parts: &[Part]) -> Written {
    let value = |said: &Said| match said {
        Said::Flag(true) => "True".to_owned(),
        Said::Flag(false) => "False".to_owned(),
        Said::Member(of, member) => {
            let of = tmrs::model::vocabulary::Enumeration::named(of).unwrap();
            match of.since {
                Since::Pytm => format!("{}.{member}", of.name),
                Since::Tmrs(_) => format!("'{member}'"),
            }
        }
        Said::Part(id) => id.clone(),
        Said::Parts(ids) => format!("[{}]", ids.join(", ")),
        Said::Whole(_) | Said::Text(_) | Said::Texts(_) => native(said),
    };
    let mut to = Written::new(&format!(
        "from pytm import *\n\ntm = TM({})\n",
        Json::from(name)
    ));
    for section in SECTIONS {
        for (at, part) in of_section(parts, section) {
            let ends = ["source", "sink"].map(|end| part.says.get(end).map(value));
            let ends: String = match ends {
                [Some(source), Some(sink)] => format!("{source}, {sink}, "),
                _ => String::new(),
            };
            let line = format!(
                "{} = {}({ends}{})",
                part.id,
                part.class.name(),
                Json::from(part.name.as_str())
            );
            to.line(Some(at), &line);
        }
    }
    for (at, part) in parts.iter().enumerate() {
        let all = part.says.iter();
        for (key, said) in all.filter(|(key, _)| !["source", "sink"].contains(&&***key)) {
            to.line(Some(at), &format!("{}.{key} = {}", part.id, value(said)));
        }
    }
    to.line(None, "tm.process()");
    to
}
