//! Layer `rules`: rule files of one's own, in YAML or JSON (docs/semantics.md §3).
//!
//! A file holds one rule, a list of rules, or `rules:` with a list. Every
//! complaint has its place; a file with an error gives no run at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draft::Draft;
use super::fields::{Fields, nearest_class};
use super::{Likelihood, Pack, Rule, Severity, Text};
use crate::model::Value;
use crate::model::vocabulary::Class;
use crate::notice::{Notice, code};
use crate::source::{Source, Span};
use crate::syntax::SCHEMA_KEY;
use crate::syntax::tree::{Node, NodeKind};

/// What may be said of a rule's own attribute.
const OF_ATTRIBUTE: [&str; 3] = ["type", "default", "description"];

/// The types of a rule's own attributes.
const TYPES: [&str; 5] = ["bool", "int", "float", "text", "str"];

/// The keys of a rule.
pub const KEYS: [&str; 18] = [
    "id",
    "title",
    "pack",
    "target",
    "severity",
    "likelihood",
    "when",
    "description",
    "mitigation",
    "example",
    "references",
    "tags",
    "aliases",
    "group",
    "differs-from-pytm",
    "since",
    "attributes",
    "override",
];

/// The rules of a parsed file. Complaints go to `notices`.
pub(super) fn drafts(source: &Arc<Source>, root: &Node, notices: &mut Vec<Notice>) -> Vec<Draft> {
    let nodes = rule_nodes(root);
    if nodes.is_empty() {
        let message = format!("this file holds no rule: it is {}", root.described());
        let help = "a rule is a map with the keys id, title, target, when, …; `tmrs rules new ID` writes one";
        notices.push(
            Notice::error(code::RULE_EMPTY, source.place(root.span), message).with_help(help),
        );
    }
    nodes
        .into_iter()
        .filter_map(|node| draft(source, node, notices))
        .collect()
}

/// The maps that stand for rules in a file.
pub(super) fn rule_nodes(root: &Node) -> Vec<&Node> {
    if let Some(list) = root.get("rules").and_then(Node::as_list) {
        return list.iter().collect();
    }
    match &root.kind {
        NodeKind::Map(entries) if !entries.is_empty() => vec![root],
        NodeKind::List(items) => items.iter().collect(),
        _ => Vec::new(),
    }
}

fn draft(source: &Arc<Source>, node: &Node, notices: &mut Vec<Notice>) -> Option<Draft> {
    let mut fields = Fields::new(source, node, notices);
    if node.as_map().is_none() {
        let message = format!("a rule is a map, this is {}", node.described());
        fields.complain(code::RULE_FIELD, node.span, message);
        return None;
    }
    let mut known = KEYS.to_vec();
    known.extend(["tests", SCHEMA_KEY]);
    fields.only(&known);
    let id = fields.required("id");
    let title = fields.required("title");
    let (id, title) = id.zip(title)?;
    let id_span = node.get("id").map_or(node.span, |id| id.span);
    check_id(&mut fields, &id, id_span);
    let mut draft = Draft::new(&id, source.place(id_span), source.place(node.span));
    draft.rule.title = Text::Shared(title);
    words(&mut fields, &mut draft.rule);
    texts(&mut fields, &mut draft.rule);
    if let Some(classes) = target(&mut fields) {
        draft.rule.target = classes;
    }
    if let Some(phrase) = fields.phrase("when") {
        draft.set_when(phrase);
    }
    draft.attributes = attributes(&mut fields);
    draft.overrides = fields.flag("override");
    (!fields.broken).then_some(draft)
}

/// An id is one word, so that it can stand in exclusions, globs and URLs.
fn check_id(fields: &mut Fields<'_>, id: &str, span: Span) {
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !id.chars().all(sound) {
        let message = format!("the id `{id}` holds more than letters, digits, `-`, `_` and `.`");
        fields.complain(code::RULE_FIELD, span, message);
    }
}

fn words(fields: &mut Fields<'_>, rule: &mut Rule) {
    let severities = "critical, high, medium, low, info";
    if let Some(severity) = fields.word("severity", severities, Severity::parse) {
        rule.severity = severity;
    }
    let likelihood = |word: &str| match Likelihood::parse(word) {
        Likelihood::Unknown if !word.eq_ignore_ascii_case("unknown") => None,
        likelihood => Some(likelihood),
    };
    if let Some(likelihood) = fields.word("likelihood", "high, medium, low, unknown", likelihood) {
        rule.likelihood = likelihood;
    }
    if let Some(pack) = fields.word("pack", "core, extended, model", Pack::parse) {
        rule.pack = pack;
    }
}

fn texts(fields: &mut Fields<'_>, rule: &mut Rule) {
    let trimmed = |text: Arc<str>| Text::from(text.trim_end());
    for (key, slot) in [
        ("description", &mut rule.description),
        ("mitigation", &mut rule.mitigation),
        ("example", &mut rule.example),
        ("since", &mut rule.since),
    ] {
        if let Some(text) = fields.text(key) {
            *slot = trimmed(text);
        }
    }
    rule.group = fields.text("group").map(trimmed);
    rule.differs_from_pytm = fields.text("differs-from-pytm").map(trimmed);
    let mut list = |key: &str| {
        let texts = fields.texts(key);
        texts
            .into_iter()
            .map(|(text, _)| Text::Shared(text))
            .collect()
    };
    rule.references = list("references");
    rule.tags = list("tags");
    rule.aliases = list("aliases");
}

/// The classes that the rule judges; `None` means Element.
fn target(fields: &mut Fields<'_>) -> Option<Vec<Class>> {
    let node = fields.value("target")?;
    let names = fields.texts("target");
    if names.is_empty() {
        fields.complain(
            code::RULE_TARGET,
            node.span,
            "`target` names no class".into(),
        );
        return None;
    }
    let mut classes = Vec::with_capacity(names.len());
    for (name, span) in names {
        if let Some(class) = Class::named(&name).filter(|class| class.is_element()) {
            classes.push(class);
            continue;
        }
        let help = nearest_class(&name).map_or_else(
            || "`tmrs describe` lists the classes".to_owned(),
            |class| format!("did you mean `{class}`?"),
        );
        let message = format!("`{name}` is no class of elements");
        fields.complain_with(code::RULE_TARGET, span, message, Some(help));
    }
    Some(classes)
}

/// The attributes that the rule brings: a list of names, or a map from name to what it
/// means, in words or as `{type, default}`. Without a default, the rule cannot judge an
/// element that does not state the attribute.
fn attributes(fields: &mut Fields<'_>) -> BTreeMap<Arc<str>, Option<Value>> {
    let Some(node) = fields.value("attributes") else {
        return BTreeMap::new();
    };
    let NodeKind::Map(entries) = &node.kind else {
        let names = fields.texts("attributes").into_iter();
        return names.map(|(name, _)| (name, None)).collect();
    };
    let mut attributes = BTreeMap::new();
    for (key, meaning) in entries {
        attributes.insert(Arc::clone(&key.text), default(fields, &key.text, meaning));
    }
    attributes
}

/// The default of a rule's own attribute, if one is said.
fn default(fields: &mut Fields<'_>, name: &str, meaning: &Node) -> Option<Value> {
    let entries = meaning.as_map()?;
    for (key, _) in entries {
        if !OF_ATTRIBUTE.contains(&&*key.text) {
            let help = format!("known here are {}", OF_ATTRIBUTE.join(", "));
            let message = format!("no key `{}` is known here", key.text);
            fields.complain_with(code::UNKNOWN_KEY, key.span, message, Some(help));
        }
    }
    let kind = meaning.get("type").filter(|node| !node.is_null());
    let named = kind.and_then(Node::as_text).map(|text| &**text);
    if let Some(kind) = kind
        && !named.is_some_and(|named| TYPES.contains(&named))
    {
        let help = format!("write one of {}", TYPES.join(", "));
        let message = format!("`{name}` is of no type that a rule can declare");
        fields.complain_with(code::RULE_FIELD, kind.span, message, Some(help));
        return None;
    }
    let node = meaning.get("default").filter(|node| !node.is_null())?;
    let (value, is) = match &node.kind {
        NodeKind::Bool(value) => (Value::Bool(*value), "bool"),
        NodeKind::Int(value) => (Value::Int(*value), "int"),
        NodeKind::Float(value) => (Value::Float(*value), "float"),
        NodeKind::Text(text) => (Value::Text(Arc::clone(text)), "text"),
        _ => {
            let message = format!(
                "the default of `{name}` is a single value, this is {}",
                node.described()
            );
            fields.complain(code::RULE_FIELD, node.span, message);
            return None;
        }
    };
    let fits = named.is_none_or(|named| {
        named == is || (named, is) == ("float", "int") || (named, is) == ("str", "text")
    });
    if !fits {
        let message = format!(
            "the default of `{name}` is {}, not of its type",
            node.described()
        );
        fields.complain(code::RULE_FIELD, node.span, message);
        return None;
    }
    Some(value)
}
