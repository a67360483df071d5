//! The fixes of SARIF: applied to the bytes of the file, each says its answer and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::Value as Json;
use tmrs::answer;
use tmrs::model::{Attr, Owner, Slots, Value};
use tmrs::report::build::Detail;
use tmrs::report::{Report, Step};
use tmrs::source::RepoPath;

use super::edits::{Edits, tree};
use super::files;
use super::lines::{other_lines, words_of_answers};
use crate::outputs;

#[test]
fn every_fix_says_its_answer_and_nothing_else() {
    let files = tree();
    let paths = self::files();
    let tried: Vec<(usize, Vec<String>)> = paths
        .par_iter()
        .map(|path| {
            let edits = Edits::of(path, &files);
            let report = edits.report(Detail::Everything);
            let fixes = written(&report);
            let mut wrong = Vec::new();
            for fix in &fixes {
                let why = fails(&edits, &report, fix);
                wrong.extend(why.map(|why| format!("{path}: {fix}: {why}")));
            }
            (fixes.len(), wrong)
        })
        .collect();
    let wrong: Vec<&String> = tried.iter().flat_map(|(_, wrong)| wrong).collect();
    let fixes: usize = tried.iter().map(|(count, _)| count).sum();
    assert!(wrong.is_empty(), "{} of {fixes}: {wrong:#?}", wrong.len());
    assert!(fixes > 500, "{fixes} fixes are too few to tell");
}

/// Every fix that SARIF holds, each once.
fn written(report: &Report) -> Vec<Json> {
    let sarif: Json = serde_json::from_str(&outputs::emit_each("sarif", report)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let fixes = results
        .iter()
        .filter_map(|result| result["fixes"].as_array());
    let mut seen = BTreeSet::new();
    let once = fixes.flatten().filter(|fix| seen.insert(fix.to_string()));
    once.cloned().collect()
}

/// What is wrong with a fix; nothing where it is right.
fn fails(edits: &Edits<'_>, report: &Report, fix: &Json) -> Option<String> {
    let changes = fix["artifactChanges"].as_array().unwrap();
    let [change] = &**changes else {
        return Some("several files".into());
    };
    let path = change["artifactLocation"]["uri"].as_str().unwrap();
    let path = RepoPath::new(&path.replace("%20", " ")).unwrap();
    let before = edits.text(&path);
    let replacements = change["replacements"].as_array().unwrap();
    let after = applied(&before, replacements);
    let mut questions = report.fixes.iter();
    // The report knows of which objects the words of the fix are.
    let proposed = questions.find(|proposed| {
        let edits = proposed.edits.iter();
        let is_here = edits
            .clone()
            .all(|edit| *edit.location.path == *path.as_str());
        let edits = edits.map(|edit| (&*edit.text, u64::from(edit.location.line)));
        is_here
            && edits.eq(replacements.iter().map(|it| {
                let text = it["insertedContent"]["text"].as_str().unwrap();
                (text, it["deletedRegion"]["startLine"].as_u64().unwrap())
            }))
    });
    let Some(proposed) = proposed else {
        return Some("no question proposes it".into());
    };
    let steps = &proposed.todo.steps;
    let words = words_of_answers(steps);
    let other = other_lines(&before, &after, &words);
    if !other.is_empty() {
        return Some(format!("other lines: {other:?}"));
    }
    let (was, now) = (edits.reading(), edits.reading_with(&path, &after));
    if now.errors > was.errors || now.models.len() != was.models.len() {
        return Some("it does not parse".into());
    }
    for step in steps {
        let whose = step.whose.unwrap();
        let model = &now.models[whose.model as usize];
        let attribute = attribute(step);
        let wanted = answer::value(model, whose.owner, &attribute, &step.value);
        let slot = model.slot(whose.owner, &attribute);
        let held = slot.map(|slot| shown(&slot.value));
        if held != wanted.as_ref().map(shown) {
            return Some(format!(
                "{} of {} is {held:?}",
                step.attribute, step.element
            ));
        }
    }
    let answered: BTreeSet<(u32, Owner, String)> = steps
        .iter()
        .map(|step| {
            let whose = step.whose.unwrap();
            (whose.model, whose.owner, attribute(step).name().to_owned())
        })
        .collect();
    for (number, (a, b)) in was.models.iter().zip(&now.models).enumerate() {
        let said = |model, rest: &dyn Fn(Owner, &str) -> bool| said(model, rest);
        let rest = |owner: Owner, attribute: &str| {
            // What two models share is answered in both.
            !answered.iter().any(|(of, whose, name)| {
                name == attribute && (*whose == owner || *of as usize != number)
            })
        };
        if said(a, &rest) != said(b, &rest) {
            return Some("something else is said".into());
        }
    }
    None
}

fn attribute(step: &Step) -> Attr {
    Attr::named(step.attribute.trim_start_matches("controls."))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Member(of, at) => format!("{}.{at}", of.name),
        other => format!("{other:?}"),
    }
}

/// Everything that a model says, by name.
fn said(
    model: &tmrs::model::Model,
    rest: &dyn Fn(Owner, &str) -> bool,
) -> BTreeMap<(usize, &'static str, String), String> {
    let mut said = BTreeMap::new();
    let mut add = |at: usize, group: &'static str, owner: Owner, slots: &Slots| {
        for (attribute, slot) in slots.iter() {
            let is_said = slot.origin == tmrs::model::Origin::Declared;
            if is_said && rest(owner, attribute.name()) {
                let key = (at, group, attribute.name().to_owned());
                said.insert(key, shown(&slot.value));
            }
        }
    };
    for (at, id) in model.ids().enumerate() {
        let element = model.element(id);
        add(at, "element", Owner::Element(id), &element.slots);
        add(at, "controls", Owner::Controls(id), &element.controls);
    }
    for (at, datum) in model.data.iter().enumerate() {
        let owner = Owner::Data(tmrs::model::DataId(at as u32));
        add(at, "data", owner, &datum.slots);
    }
    said
}

/// The text after replacements, each at its lines and columns in the text before.
fn applied(text: &str, replacements: &[Json]) -> String {
    let offset = |line: &Json, column: &Json| {
        let (line, column) = (line.as_u64().unwrap(), column.as_u64().unwrap());
        let mut start = 0;
        for _ in 1..line {
            start += text[start..]
                .find('\n')
                .map_or(text.len() - start, |at| at + 1);
        }
        let before = text[start..].chars().take(column as usize - 1);
        start + before.map(char::len_utf8).sum::<usize>()
    };
    let mut after = text.to_owned();
    for replacement in replacements.iter().rev() {
        let region = &replacement["deletedRegion"];
        let from = offset(&region["startLine"], &region["startColumn"]);
        let to = offset(&region["endLine"], &region["endColumn"]);
        let new = replacement["insertedContent"]["text"].as_str().unwrap();
        after.replace_range(from..to, new);
    }
    after
}
