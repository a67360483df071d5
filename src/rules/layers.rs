//! Layer `rules`: rules laid one over the other, by id (docs/semantics.md §3).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draft::{Draft, Form};
use super::packs::OwnPack;
use super::{CatalogueSettings, CompiledRule, Text, built_in, file, threats_json, threats_py};
use crate::notice::{Notice, code};
use crate::source::{Place, Source, Span};
use crate::syntax;
use crate::syntax::tree::Node;

/// The rules that are there so far, by id.
#[derive(Default)]
pub(super) struct Layers {
    pub(super) rules: BTreeMap<Text, CompiledRule>,
}

impl Layers {
    /// Adds the built-in rules. What does not judge is there too, so that its id
    /// counts as taken.
    pub(super) fn add_built_in(&mut self) {
        let named = |rule: &CompiledRule| (rule.rule.id.clone(), rule.clone());
        self.rules.extend(built_in::rules().iter().map(named));
    }

    /// Adds the rules of one file of one's own.
    pub(super) fn add_file(
        &mut self,
        source: &Arc<Source>,
        settings: &CatalogueSettings,
        own_packs: &[OwnPack],
        notices: &mut Vec<Notice>,
    ) {
        let (form, drafts) = read_drafts(source, notices);
        let tags: Vec<Text> = own_packs
            .iter()
            .filter(|pack| pack.holds(source.path()))
            .map(|pack| Text::from(&*format!("pack:{}", pack.id)))
            .collect();
        let mut replaced = Vec::new();
        for mut draft in drafts {
            draft.rule.tags.extend(tags.iter().cloned());
            let (overrides, id_place) = (draft.overrides, draft.id_place.clone());
            let Some(rule) = draft.compile(form, &settings.names, notices) else {
                continue;
            };
            let id = rule.rule.id.clone();
            match self.rules.get(&id) {
                Some(other) if same_file(other, source) || (form == Form::Yaml && !overrides) => {
                    notices.push(duplicate(&rule, id_place, other).with_help(OWN_ID));
                    continue;
                }
                Some(other) if form == Form::Pytm && !settings.pytm_replaces => {
                    notices.push(duplicate(&rule, id_place, other).with_help(PYTM_ID));
                    continue;
                }
                Some(_) if form == Form::Pytm => replaced.push(id.to_string()),
                None if overrides => notices.push(
                    Notice::warning(
                        code::RULE_FIELD,
                        id_place,
                        format!("rule {id} has `override: true`, but no earlier rule has that id"),
                    )
                    .with_help("drop `override`, or correct the id"),
                ),
                _ => {}
            }
            self.rules.insert(id, rule);
        }
        if !replaced.is_empty() {
            let message = format!(
                "this pytm threat file takes the place of {} rules of the same ids: {}",
                replaced.len(),
                shortened(&replaced)
            );
            let place = source.place(Span::default());
            notices.push(Notice::note(code::RULE_OVERRIDDEN, place, message));
        }
    }
}

/// What a file of rules holds, whichever its form, and how strict to be with it.
pub(super) fn read_drafts(source: &Arc<Source>, notices: &mut Vec<Notice>) -> (Form, Vec<Draft>) {
    if source.path().extension() == Some("py") {
        return (Form::Pytm, threats_py::drafts(source, notices));
    }
    let document = syntax::parse(source);
    notices.extend(document.notices);
    match document.root {
        None => (Form::Yaml, Vec::new()),
        Some(root) if threats_json::is_threats(&root) => {
            (Form::Pytm, threats_json::drafts(source, &root, notices))
        }
        Some(root) => (Form::Yaml, file::drafts(source, &root, notices)),
    }
}

/// Whether a file is meant to hold rules, right or wrong: a pack, pytm's threats in JSON or
/// Python, or at least one map that has an id and something else that rules have.
///
/// # Errors
/// Where it shows that it isn't.
pub fn is_rule_file(source: &Arc<Source>) -> Result<(), Span> {
    if source.path().extension() == Some("py") {
        let mut notices = Vec::new();
        let holds_some = !threats_py::drafts(source, &mut notices).is_empty();
        let first = notices.iter().find_map(|notice| notice.place.as_ref());
        let place = first.map_or_else(Span::default, |place| place.span);
        return holds_some.then_some(()).ok_or(place);
    }
    let document = syntax::parse(source);
    let is_rule = |node: &&Node| {
        let has = |key: &&str| node.get(key).is_some();
        has(&"id") && ["title", "target", "when", "version"].iter().any(has)
    };
    match &document.root {
        Some(root) if threats_json::is_threats(root) => Ok(()),
        Some(root) if file::rule_nodes(root).iter().any(is_rule) => Ok(()),
        _ => Err(document.first_mistake()),
    }
}

fn same_file(rule: &CompiledRule, source: &Arc<Source>) -> bool {
    let place = rule.rule.place.as_ref();
    place.is_some_and(|place| place.source.path() == source.path())
}

/// What to do about a rule of one's own whose id is taken.
pub(super) const OWN_ID: &str =
    "give it an id of its own, or say `override: true` to take the other's place";

/// The same in a threat file of pytm's form, which has no such word.
const PYTM_ID: &str = "give it an id of its own, leave the built-in rules out (--no-default-rules), \
                       or set `rules: {pytm-ids: replace}` in tmrs.yaml";

/// Two rules with one id.
pub(super) fn duplicate(rule: &CompiledRule, id_place: Place, other: &CompiledRule) -> Notice {
    let id = &rule.rule.id;
    let message = if other.rule.place.is_some() {
        format!("two rules have the id {id}")
    } else {
        format!("a built-in rule has the id {id} already")
    };
    let mut notice = Notice::error(code::RULE_DUPLICATE, id_place, message);
    if let Some(place) = &other.rule.place {
        notice = notice.with_label(place.clone(), "the other one");
    }
    notice
}

/// The first ids of a list, and how many more there are.
fn shortened(ids: &[String]) -> String {
    const SHOWN: usize = 8;
    let first = ids
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match ids.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{first} and {more} more"),
        _ => first,
    }
}
