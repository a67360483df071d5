//! `tmrs describe`: the vocabulary, for people who write models.

use std::fmt::Write as _;

use super::args::Describe;
use super::failure::{Exit, Failure};
use super::output::{Screen, print};
use super::rules::Readers;
use crate::escape::terminal;
use crate::model::vocabulary::{
    Attribute, Class, ENUMS, Enumeration, Fallback, Kind, Since, names, respelled,
};

/// Runs the command.
pub fn run(describe: &Describe, _: &Screen) -> Result<Exit, Failure> {
    let mut text = String::new();
    if describe.names.is_empty() {
        overview(&mut text);
    }
    for (at, name) in describe.names.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        one(name, &mut text)?;
    }
    print(&text)?;
    Ok(Exit::Success)
}

/// Every class and enum with its line.
fn overview(text: &mut String) {
    let (elements, others): (Vec<_>, Vec<_>) = Class::ALL.into_iter().partition(|c| c.is_element());
    for (title, classes) in [("Elements", elements), ("Others", others)] {
        let _ = writeln!(text, "{title}:");
        for class in classes {
            let parent = class
                .parent()
                .map(|p| format!(" (is a {})", p.name()))
                .unwrap_or_default();
            let _ = writeln!(
                text,
                "  {:<16}{}{parent}",
                class.name(),
                class.spec().description
            );
        }
        text.push('\n');
    }
    text.push_str("Enums:\n");
    for e in ENUMS {
        let _ = writeln!(text, "  {:<16}{}", e.name, e.description);
    }
    text.push_str(
        "\n`tmrs describe NAME` shows the attributes of a class, the members of an enum,\n",
    );
    text.push_str("or the classes that have an attribute.\n");
}

fn one(name: &str, text: &mut String) -> Result<(), Failure> {
    if let Some(class) = Class::named(name) {
        describe_class(class, text);
    } else if let Some(e) = Enumeration::named(name) {
        describe_enum(e, text);
    } else if !describe_attribute(name, text) {
        return Err(unknown(name));
    }
    Ok(())
}

fn describe_class(class: Class, text: &mut String) {
    let parent = class
        .parent()
        .map(|p| format!(" (is a {})", p.name()))
        .unwrap_or_default();
    let _ = writeln!(
        text,
        "{}{parent}\n{}\n",
        class.name(),
        class.spec().description
    );
    let attributes: Vec<_> = class
        .attributes()
        .into_iter()
        .filter(|a| a.kind != Kind::Internal)
        .collect();
    let readers = Readers::new();
    let width = attributes.iter().map(|a| a.name.len()).max().unwrap_or(0) + 2;
    for a in attributes {
        let _ = writeln!(text, "  {:<width$}{}", a.name, a.description);
        let _ = writeln!(text, "  {:<width$}{}", "", facts(a));
        if let Some(read_by) = readers.in_words(class, a.name) {
            let _ = writeln!(text, "  {:<width$}{read_by}", "");
        }
    }
}

fn facts(a: &Attribute) -> String {
    let mut facts = kind(a.kind);
    if a.required {
        facts.push_str(", required");
    } else {
        let _ = write!(facts, ", default {}", fallback(a.default));
    }
    if let Since::Tmrs(version) = a.since {
        let _ = write!(facts, ", since tmrs {version}");
    }
    facts
}

fn kind(kind: Kind) -> String {
    match kind {
        Kind::Bool => "true or false".into(),
        Kind::Int => "number".into(),
        Kind::Text => "text".into(),
        Kind::Texts => "texts".into(),
        Kind::Ints => "numbers".into(),
        Kind::Enum(e) => e.name.into(),
        Kind::Boundary => "a Boundary".into(),
        Kind::Element => "an element".into(),
        Kind::Elements => "elements".into(),
        Kind::Flow => "a Dataflow".into(),
        Kind::Flows => "Dataflows".into(),
        Kind::DataSet => "Data".into(),
        Kind::Controls => "Controls".into(),
        Kind::Assumptions => "Assumptions".into(),
        Kind::Findings => "Findings".into(),
        Kind::Internal => "internal".into(),
    }
}

fn fallback(default: Fallback) -> String {
    match default {
        Fallback::Bool(b) => b.to_string(),
        Fallback::Int(i) => i.to_string(),
        Fallback::Text("") | Fallback::Empty => "empty".into(),
        Fallback::Text(text) | Fallback::Member(text) => text.into(),
        Fallback::Nothing => "none".into(),
        Fallback::LevelZero => "0".into(),
    }
}

fn describe_enum(e: &Enumeration, text: &mut String) {
    let order = if e.ordered {
        ", from lowest to highest"
    } else {
        ""
    };
    let _ = writeln!(text, "{}\n{}{order}\n", e.name, e.description);
    for (member, meaning) in e.members {
        let _ = writeln!(text, "  {member:<14}{meaning}");
    }
}

/// The classes that have an attribute of that name; false if none has.
fn describe_attribute(name: &str, text: &mut String) -> bool {
    let having = Class::ALL.into_iter().filter_map(|class| {
        let own = class.spec().attributes.iter().find(|a| a.name == name)?;
        Some((class, own))
    });
    let having: Vec<_> = having.collect();
    let readers = (!having.is_empty()).then(Readers::new);
    for (class, a) in &having {
        let _ = writeln!(
            text,
            "{}.{}\n  {}\n  {}",
            class.name(),
            a.name,
            a.description,
            facts(a)
        );
        let ids = readers.as_ref().map(|readers| readers.of(*class, a.name));
        if let Some(ids) = ids.filter(|ids| !ids.is_empty()) {
            let _ = writeln!(text, "  read by {}", ids.join(", "));
        }
    }
    !having.is_empty()
}

fn unknown(name: &str) -> Failure {
    let shown = terminal(name);
    let message = format!("there is no class, enum or attribute “{shown}”");
    let known = Class::ALL
        .into_iter()
        .map(Class::name)
        .chain(ENUMS.iter().map(|e| e.name))
        .chain(names().iter().copied());
    let respelt = Class::ALL
        .into_iter()
        .find_map(|class| respelled(class, name))
        .map(|a| a.name);
    let nearest = respelt.or_else(|| {
        known
            .map(|known| {
                (
                    strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase()),
                    known,
                )
            })
            .filter(|(distance, _)| *distance <= 3)
            .min()
            .map(|(_, known)| known)
    });
    let help = match nearest {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => "`tmrs describe` lists all classes and enums".into(),
    };
    Failure::usage(message, help)
}
