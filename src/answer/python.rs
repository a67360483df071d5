//! Layer `answer`: an answer in a pytm model, as an assignment after what makes the element.

use super::edit::{Edit, indent, line_start};
use super::spelling::in_python;
use super::statements::{in_comprehension, innermost};
use super::{Answer, Files, Unwritten, Written};
use crate::model::vocabulary::Since;
use crate::model::{Owner, Value};
use crate::source::{Place, Span};
use crate::syntax::python::ast::{self, Expr, Stmt};
use crate::syntax::python::{Module, span};

/// The ways to say it: where a value stands already, after the statement that makes the
/// element, and after the calls that led there, the innermost first. Which of them is right
/// shows when the model is read.
pub(super) fn ways(
    owner: Owner,
    answer: &Answer,
    place: &Place,
    related: &[Place],
    said: Option<&Place>,
    files: &mut Files,
) -> Result<Vec<Written>, Unwritten> {
    let mut written = Vec::new();
    let mut add = |place: &Place, how: How| {
        let Some(module) = files.module(&place.source) else {
            return;
        };
        let file = File {
            text: place.source.text(),
            module,
            value: &answer.value,
        };
        let of = if matches!(owner, Owner::Controls(_)) {
            ".controls"
        } else {
            ""
        };
        let attribute = format!("{of}.{}", answer.attribute.name());
        let ways = file.with(place.span, &attribute, how).into_iter();
        written.extend(ways.map(|edits| Written::new(&place.source, edits)));
    };
    if let Some(said) = said {
        add(said, How::Instead);
    }
    for place in std::iter::once(place).chain(related) {
        add(place, How::After);
    }
    for place in std::iter::once(place).chain(related) {
        add(place, How::Named);
    }
    if written.is_empty() {
        let module = files.module(&place.source);
        if module.is_some_and(|module| in_comprehension(module, place.span)) {
            return Err(Unwritten::NoPlace(
                "a comprehension makes it, and maybe others; make it by a statement of its own, such as `web = Server(…)`",
            ));
        }
        return Err(Unwritten::NoPlace(
            "no name stands for it where it is made; give it one, such as `web = Server(…)`",
        ));
    }
    Ok(written)
}

/// How an assignment comes about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// In the place of a value that says nothing.
    Instead,
    /// After the statement that gives the element its name.
    After,
    /// After the statement that makes it, which gives it a name from now on.
    Named,
}

/// Whether a statement imports from pytm, or from a module of it.
fn is_of_pytm(from: &ast::StmtImportFrom) -> bool {
    let module = from.module.as_ref();
    from.level == 0 && module.is_some_and(|module| module.split('.').next() == Some("pytm"))
}

struct File<'a> {
    text: &'a str,
    module: &'a Module,
    value: &'a Value,
}

impl File<'_> {
    /// The edits that may say the answer about what is made or said at `place`, the plainest
    /// way first.
    fn with(&self, place: Span, attribute: &str, how: How) -> Vec<Vec<Edit>> {
        self.try_with(place, attribute, how).unwrap_or_default()
    }

    fn try_with(&self, place: Span, attribute: &str, how: How) -> Option<Vec<Vec<Edit>>> {
        let statement = innermost(&self.module.body, place)?;
        let range = span(statement);
        let (value, import) = self.value()?;
        let indent = indent(self.text, range.start as usize);
        let after = |name: &str| {
            let line = format!("{indent}{name}{attribute} = {value}");
            Edit::lines_after(self.text, range.end as usize, &[line])
        };
        let all = |edits: Vec<Edit>| import.iter().cloned().chain(edits).collect();
        Some(match how {
            How::Instead => {
                let Stmt::Assign(assign) = statement else {
                    return None;
                };
                let target = self.text.get(span(assign.targets.first()?).range())?;
                if !target.ends_with(attribute) {
                    return None;
                }
                vec![all(vec![Edit::new(span(&*assign.value).range(), &*value)])]
            }
            How::After => {
                let names = named(self.text, statement, place).into_iter();
                names.map(|name| all(vec![after(&name)])).collect()
            }
            How::Named => {
                let Stmt::Expr(expression) = statement else {
                    return None;
                };
                if span(&*expression.value) != place {
                    return None;
                }
                let name = self.new_name(&expression.value)?;
                let at = range.start as usize;
                let begins = Edit::new(at..at, format!("{name} = "));
                let names = either(&name, &expression.value).into_iter();
                let ways = names.map(|name| all(vec![begins.clone(), after(&name)]));
                ways.collect()
            }
        })
    }

    /// The value as this file names its enum, and the edit that imports it where no name does.
    fn value(&self) -> Option<(String, Option<Edit>)> {
        let plain = in_python(self.value, "")?;
        let Value::Member(of, _) = self.value else {
            return Some((plain, None));
        };
        if matches!(of.since, Since::Tmrs(_)) {
            return Some((plain, None));
        }
        let mut last = None;
        for statement in &self.module.body {
            match statement {
                Stmt::ImportFrom(from) if is_of_pytm(from) => {
                    let bound = from.names.iter().find(|alias| alias.name == *of.name);
                    if let Some(alias) = bound {
                        let name = alias
                            .asname
                            .as_ref()
                            .map_or(of.name, ast::Identifier::as_str);
                        let member = plain.strip_prefix(of.name)?;
                        return Some((format!("{name}{member}"), None));
                    }
                    if from.names.iter().any(|alias| &*alias.name == "*") {
                        return Some((plain, None));
                    }
                    let is_whole = from.module.as_deref() == Some("pytm");
                    if is_whole || last.is_none() {
                        last = Some(from);
                    }
                }
                Stmt::Import(import) => {
                    let pytm = import.names.iter().find(|alias| &*alias.name == "pytm");
                    if let Some(alias) = pytm {
                        let name = alias.asname.as_ref().unwrap_or(&alias.name);
                        return Some((in_python(self.value, &format!("{name}."))?, None));
                    }
                }
                _ => {}
            }
        }
        Some((plain, Some(self.import(last?, of.name))))
    }

    /// Imports one name more: on a line of a list that has a line for each name, else by a
    /// statement of its own after the last one.
    fn import(&self, from: &ast::StmtImportFrom, name: &str) -> Edit {
        let whole = span(from);
        if from.module.as_deref() == Some("pytm")
            && let Some(alias) = from.names.last()
        {
            let own = span(alias);
            let (start, end) = (own.start as usize, own.end as usize);
            let before = &self.text[line_start(self.text, start)..start];
            let is_alone = !before.is_empty() && before.trim().is_empty();
            if is_alone && self.text[end..].starts_with(',') {
                return Edit::lines_after(self.text, end, &[format!("{before}{name},")]);
            }
        }
        let lead = indent(self.text, whole.start as usize);
        let line = format!("{lead}from pytm import {name}");
        Edit::lines_after(self.text, whole.end as usize, &[line])
    }

    /// A name that the file does not have, after the last text among the arguments.
    fn new_name(&self, call: &Expr) -> Option<String> {
        let Expr::Call(call) = call else { return None };
        let texts = call.arguments.args.iter().filter_map(|argument| {
            let Expr::StringLiteral(text) = argument else {
                return None;
            };
            Some(text.value.to_str().to_lowercase())
        });
        let said = texts.last().unwrap_or_default();
        let mut name = String::new();
        for c in said.chars().take(40) {
            if c.is_ascii_alphanumeric() {
                name.push(c);
            } else if !name.is_empty() && !name.ends_with('_') {
                name.push('_');
            }
        }
        let name = name.trim_matches('_');
        let name = match name.chars().next() {
            Some(first) if !first.is_ascii_digit() => name.to_owned(),
            _ => format!("element_{name}").trim_end_matches('_').to_owned(),
        };
        let words = |text: &str| {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            self.text.split(|c| !is_word(c)).any(|word| word == text)
        };
        let mut numbered = std::iter::once(format!("{name}_flow"))
            .chain((2..100).map(|number| format!("{name}_{number}")));
        if words(&name) || KEYWORDS.contains(&&*name) {
            return numbered.find(|name| !words(name));
        }
        Some(name)
    }
}

/// Names that Python keeps for itself and builtins that a model may need.
const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "list", "match", "nonlocal", "not", "open", "or", "pass", "print", "raise", "return",
    "set", "str", "try", "type", "while", "with", "yield",
];

/// The expressions that may stand for what is made at `place` after the statement, the
/// plainest first: the target of an assignment, or an item of it.
pub(super) fn named(text: &str, statement: &Stmt, place: Span) -> Vec<String> {
    let (target, value) = match statement {
        Stmt::Assign(it) => (it.targets.first(), Some(&*it.value)),
        Stmt::AnnAssign(it) => (Some(&*it.target), it.value.as_deref()),
        _ => (None, None),
    };
    let (Some(target), Some(value)) = (target, value) else {
        return Vec::new();
    };
    let names = match target {
        Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => elts,
        // pytm gives a set of data there, whatever was assigned.
        Expr::Attribute(it) if &*it.attr == "data" => return Vec::new(),
        _ => {
            return written(text, target)
                .map_or_else(Vec::new, |it| items(text, &it, value, place));
        }
    };
    if let Expr::Tuple(ast::ExprTuple { elts: values, .. }) = value {
        let mut pairs = names.iter().zip(values);
        let pair = pairs.find(|(_, value)| span(*value).contains(place));
        let pair = pair.filter(|_| names.len() == values.len());
        let pair = pair.and_then(|(name, value)| Some((written(text, name)?, value)));
        return pair.map_or_else(Vec::new, |(name, value)| items(text, &name, value, place));
    }
    if span(value) != place {
        return Vec::new();
    }
    // A call that gives several: which of them it is shows when the model is read.
    let names = names.iter().filter(|name| matches!(name, Expr::Name(_)));
    let names = names.filter_map(|name| written(text, name));
    names
        .filter(|name| !name.trim_matches('_').is_empty())
        .collect()
}

fn written(text: &str, expression: &Expr) -> Option<String> {
    text.get(span(expression).range()).map(str::to_owned)
}

/// What `base`, which is `value`, may have at `place`.
fn items(text: &str, base: &str, value: &Expr, place: Span) -> Vec<String> {
    if span(value) == place {
        return either(base, value);
    }
    let held = |value: &&Expr| span(*value).contains(place);
    match value {
        Expr::List(ast::ExprList { elts, .. }) | Expr::Tuple(ast::ExprTuple { elts, .. }) => {
            let Some(at) = elts.iter().position(|value| held(&value)) else {
                return Vec::new();
            };
            items(text, &format!("{base}[{at}]"), &elts[at], place)
        }
        Expr::Dict(dict) => {
            let entry = dict.items.iter().find(|entry| held(&&entry.value));
            let key = entry.and_then(|entry| Some((written(text, entry.key.as_ref()?)?, entry)));
            key.map_or_else(Vec::new, |(key, entry)| {
                items(text, &format!("{base}[{key}]"), &entry.value, place)
            })
        }
        _ => Vec::new(),
    }
}

/// A name for what a call gives: itself, or one of a pair, as pytm's `req_reply` has it.
fn either(name: &str, value: &Expr) -> Vec<String> {
    let mut names = vec![name.to_owned()];
    if matches!(value, Expr::Call(_)) {
        names.extend([format!("{name}[0]"), format!("{name}[1]")]);
    }
    names
}
