//! Answers are the only lines that differ: comments, order and everything else stay.

use std::collections::BTreeSet;
use std::fs;

use rayon::prelude::*;
use serde_json::Value as Json;
use similar::{ChangeTag, TextDiff};
use tmrs::model::vocabulary::ENUMS;
use tmrs::report::Step;

use super::edits::{one_round, tree};
use super::files;
use crate::shared::root;

#[test]
fn only_lines_of_answers_differ_in_any_model() {
    let files = tree();
    let paths = self::files();
    let rounds: Vec<_> = paths
        .par_iter()
        .map(|path| (path, one_round(path, &files)))
        .collect();
    let mut wrong = Vec::new();
    let (mut written, mut refused) = (0, Vec::new());
    for (path, round) in &rounds {
        let words = words_of_answers(&round.said);
        for (file, after) in &round.texts {
            let before = fs::read_to_string(root().join(file.as_str())).unwrap();
            let before = before.trim_start_matches('\u{feff}');
            if comments(before) != comments(after) {
                wrong.push(format!("{path}: comments of {file} differ"));
            }
            let other = other_lines(before, after, &words);
            wrong.extend(other.iter().map(|line| format!("{path}: {file}: {line}")));
        }
        written += round.said.len();
        refused.extend(round.unsaid.iter().map(|why| format!("{path}: {why}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(written > 1_000, "{written} answers are too few to tell");
    for why in &refused {
        let is_known = REASONS.iter().any(|reason| why.contains(reason));
        assert!(is_known, "no reason that helps: {why}");
    }
    let asked = written + refused.len();
    assert!(
        refused.len() * MOST_REFUSED <= asked,
        "{} of {asked}: {refused:#?}",
        refused.len()
    );
}

/// At most one answer in so many cannot be written. This number may only become larger.
const MOST_REFUSED: usize = 10;
/// Why: what a loop or a class makes differs from one to the next, or has no name.
const REASONS: [&str; 8] = [
    "this model is written with another tool",
    "it would change “",
    "the model says otherwise later",
    "it would say something else of others",
    "no name stands for it where it is made",
    "a comprehension makes it",
    // What pytm makes by itself, such as data of flows that carry none.
    "the model has no entry for it",
    "the model could not be read with it",
];

/// What may stand in a line of an answer: attributes, values, and what leads to them.
pub(super) fn words_of_answers(said: &[Step]) -> BTreeSet<String> {
    let enums = ENUMS.iter().map(|of| of.name);
    let others = ["controls", "from", "pytm", "import"].into_iter();
    let mut words: BTreeSet<String> = others.chain(enums).map(str::to_owned).collect();
    for step in said {
        words.extend(step.attribute.split('.').map(str::to_owned));
        match &step.value {
            Json::Bool(true) => words.extend(["true".to_owned(), "True".to_owned()]),
            Json::Bool(false) => words.extend(["false".to_owned(), "False".to_owned()]),
            Json::String(text) => words.extend(self::words(text).map(str::to_owned)),
            other => words.extend([other.to_string()]),
        }
    }
    words
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    let parts = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    parts.filter(|word| !word.is_empty())
}

/// What follows the first `#` of each line that has one, in order: every comment, and the
/// end of a text now and then.
fn comments(text: &str) -> Vec<&str> {
    let lines = text.lines().filter_map(|line| line.split_once('#'));
    lines.map(|(_, comment)| comment).collect()
}

/// The changes that are no lines of answers.
pub(super) fn other_lines(before: &str, after: &str, words: &BTreeSet<String>) -> Vec<String> {
    let lines = TextDiff::from_lines(before, after);
    let mut gone: Vec<&str> = Vec::new();
    let mut other = Vec::new();
    for change in lines.iter_all_changes() {
        let line = change.value();
        match change.tag() {
            ChangeTag::Equal => other.extend(gone.drain(..).map(|line| format!("- {line}"))),
            ChangeTag::Delete => gone.push(line),
            ChangeTag::Insert => {
                let was = gone.iter().position(|was| only_grew(was, line, words));
                match was {
                    Some(at) => {
                        other.extend(gone.drain(..at).map(|line| format!("- {line}")));
                        gone.remove(0);
                    }
                    None if is_answer(line, words) => {}
                    None => other.push(format!("+ {line}")),
                }
            }
        }
    }
    other.extend(gone.into_iter().map(|line| format!("- {line}")));
    other
}

/// Whether a line says nothing but an answer; in Python something stands before the attribute.
fn is_answer(line: &str, words: &BTreeSet<String>) -> bool {
    let said = match line.split_once(" = ") {
        Some((target, value)) => {
            let attribute = target.rsplit('.').next().unwrap_or_default();
            format!("{attribute} {value}")
        }
        None => line.to_owned(),
    };
    self::words(&said).all(|word| words.contains(word))
}

/// Whether a line is another one with nothing but an answer put into it, or a name before it.
fn only_grew(was: &str, line: &str, words: &BTreeSet<String>) -> bool {
    if let Some((name, rest)) = line.split_once(" = ")
        && rest.trim_start() == was.trim_start()
    {
        return self::words(name).count() == 1;
    }
    let mut old = self::words(was).peekable();
    let grew =
        self::words(line).all(|word| old.next_if_eq(&word).is_some() || words.contains(word));
    grew && old.next().is_none()
}
