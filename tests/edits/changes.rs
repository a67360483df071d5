//! Every change of a sketch that the vocabulary allows.

use std::fmt;

use tmrs::model::vocabulary::{Class, Kind};

use super::sketch::{Part, Said};

/// What happens to one part, or to the whole.
#[derive(Clone, Debug)]
pub enum Change {
    /// An attribute says something else, or something at all.
    Set(String, Said),
    /// An attribute is no longer said.
    Withdraw(String),
    Rename,
    Class(Class),
    Remove,
    /// Another of its name stands before it, and is out of scope.
    Twin,
    /// Nothing is left.
    Empty,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(key, said) => write!(f, "{key} is {said:?}"),
            Self::Withdraw(key) => write!(f, "{key} withdrawn"),
            Self::Rename => f.write_str("renamed"),
            Self::Class(class) => write!(f, "of class {}", class.name()),
            Self::Remove => f.write_str("removed"),
            Self::Twin => f.write_str("cloned, and the twin out of scope"),
            Self::Empty => f.write_str("emptied"),
        }
    }
}

impl Change {
    /// The attribute that it is about, without `controls.`.
    pub fn attribute(&self) -> Option<&str> {
        match self {
            Self::Set(key, _) | Self::Withdraw(key) => {
                Some(key.strip_prefix("controls.").unwrap_or(key))
            }
            Self::Twin => Some("scope"),
            _ => None,
        }
    }
}

/// Every change of these parts, each with the part that it is about.
pub fn all(parts: &[Part]) -> Vec<(usize, Change)> {
    let mut all = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        for (key, kind) in part.attributes() {
            let now = part.says.get(&key);
            let is_end = part.class == Class::Dataflow && ["source", "sink"].contains(&&*key);
            if now.is_some() && !is_end {
                all.push((at, Change::Withdraw(key.clone())));
            }
            for said in values(kind, part, parts) {
                if now != Some(&said) {
                    all.push((at, Change::Set(key.clone(), said)));
                }
            }
        }
        all.push((at, Change::Rename));
        all.push((at, Change::Remove));
        if part.section() == "elements" {
            for class in CLASSES.iter().filter(|class| **class != part.class) {
                all.push((at, Change::Class(*class)));
            }
        }
        if part.class.is_element() && part.class != Class::Boundary {
            all.push((at, Change::Twin));
        }
    }
    all.push((0, Change::Empty));
    all
}

const CLASSES: [Class; 8] = [
    Class::Actor,
    Class::Asset,
    Class::Datastore,
    Class::ExternalEntity,
    Class::LLM,
    Class::Lambda,
    Class::Process,
    Class::Server,
];

/// What an attribute can be made to say.
fn values(kind: Kind, of: &Part, parts: &[Part]) -> Vec<Said> {
    let others = |is: &dyn Fn(&Part) -> bool| -> Vec<Said> {
        let others = parts.iter().filter(|part| part.id != of.id && is(part));
        others.map(|part| Said::Part(part.id.clone())).collect()
    };
    match kind {
        Kind::Bool => vec![Said::Flag(true), Said::Flag(false)],
        Kind::Text => vec![Said::Text("Something".into()), Said::Text(String::new())],
        Kind::Int => vec![Said::Whole(7), Said::Whole(0)],
        Kind::Ints => vec![Said::Whole(2)],
        Kind::Texts => vec![
            Said::Texts(Vec::new()),
            Said::Texts(vec!["Something".into()]),
        ],
        Kind::Enum(of) => {
            let members = of.members.iter();
            members
                .map(|(name, _)| Said::Member(of.name, name))
                .collect()
        }
        Kind::Boundary => others(&|part| part.class == Class::Boundary),
        Kind::Element => others(&|part| part.section() == "elements"),
        Kind::DataSet => {
            let data = parts.iter().filter(|part| part.class == Class::Data);
            let one = data.map(|part| Said::Parts(vec![part.id.clone()]));
            one.chain([Said::Parts(Vec::new())]).collect()
        }
        // What flows answer each other, and what follows from flows.
        _ => Vec::new(),
    }
}

/// The parts after a change of one of them.
pub fn apply(change: &Change, at: usize, before: &[Part]) -> Vec<Part> {
    let mut parts = before.to_vec();
    let part = &mut parts[at];
    match change {
        Change::Set(key, said) => {
            part.says.insert(key.clone(), said.clone());
        }
        Change::Withdraw(key) => {
            part.says.remove(key);
        }
        Change::Rename => part.name = format!("{} Renamed", part.name),
        Change::Class(class) => {
            part.class = *class;
            let known: Vec<String> = part.attributes().into_iter().map(|(key, _)| key).collect();
            part.says.retain(|key, _| known.contains(key));
        }
        Change::Remove => remove(&mut parts, at),
        Change::Twin => {
            let mut twin = part.clone();
            twin.id = "twin".into();
            twin.says.insert("inScope".into(), Said::Flag(false));
            parts.insert(at, twin);
        }
        Change::Empty => parts.clear(),
    }
    parts
}

/// Removes a part, the flows that begin or end there, and whatever names them.
fn remove(parts: &mut Vec<Part>, at: usize) {
    let mut gone = vec![parts[at].id.clone()];
    let names = |part: &Part, key: &str, gone: &[String]| match part.says.get(key) {
        Some(Said::Part(id)) => gone.contains(id),
        _ => false,
    };
    let with: Vec<String> = parts
        .iter()
        .filter(|part| names(part, "source", &gone) || names(part, "sink", &gone))
        .map(|part| part.id.clone())
        .collect();
    gone.extend(with);
    parts.retain(|part| !gone.contains(&part.id));
    for part in parts {
        part.says
            .retain(|_, said| !matches!(said, Said::Part(id) if gone.contains(id)));
        for said in part.says.values_mut() {
            if let Said::Parts(ids) = said {
                ids.retain(|id| !gone.contains(id));
            }
        }
    }
}
