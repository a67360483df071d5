//! Layer `answer`: an answer in a pytm model, as an assignment after what makes the element.

use std::sync::Arc;

use super::edit::{indent, replaced, with_lines_after};
use super::spelling::in_python;
use super::{Answer, Unwritten, Written};
use crate::model::vocabulary::Since;
use crate::model::{Owner, Value};
use crate::source::{Place, Span};
use crate::syntax::python::ast::{self, Expr, Stmt};
use crate::syntax::python::{Module, parse_module, span};

/// The ways to say it: where a value stands already, after the statement that makes the
/// element, and after the calls that led there, the innermost first. Which of them is right
/// shows when the model is read.
pub(super) fn ways(
    owner: Owner,
    answer: &Answer,
    place: &Place,
    related: &[Place],
    said: Option<&Place>,
) -> Result<Vec<Written>, Unwritten> {
    let mut written = Vec::new();
    let mut add = |place: &Place, how: How| {
        let text = place.source.text();
        let Ok(module) = parse_module(text) else {
            return;
        };
        let file = File {
            text,
            module: &module,
            value: &answer.value,
        };
        let of = if matches!(owner, Owner::Controls(_)) {
            ".controls"
        } else {
            ""
        };
        let attribute = format!("{of}.{}", answer.attribute.name());
        if let Some(text) = file.with(place.span, &attribute, how) {
            written.push(Written {
                before: Arc::clone(&place.source),
                text,
            });
        }
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

struct File<'a> {
    text: &'a str,
    module: &'a Module,
    value: &'a Value,
}

impl File<'_> {
    /// The text with the answer, about what is made or said at `place`.
    fn with(&self, place: Span, attribute: &str, how: How) -> Option<String> {
        let statement = innermost(&self.module.body, place)?;
        let range = span(statement);
        let (value, import) = self.value()?;
        let (end, indent) = (range.end as usize, indent(self.text, range.start as usize));
        let text = match how {
            How::Instead => {
                let Stmt::Assign(assign) = statement else {
                    return None;
                };
                let target = self.text.get(span(assign.targets.first()?).range())?;
                if !target.ends_with(attribute) {
                    return None;
                }
                replaced(self.text, span(&*assign.value).range(), &value)
            }
            How::After => {
                let name = named(self.text, statement, place)?;
                let line = format!("{indent}{name}{attribute} = {value}");
                with_lines_after(self.text, end, &[line])
            }
            How::Named => {
                let Stmt::Expr(expression) = statement else {
                    return None;
                };
                if span(&*expression.value) != place {
                    return None;
                }
                let name = self.new_name(&expression.value)?;
                let line = format!("{indent}{name}{attribute} = {value}");
                let text = with_lines_after(self.text, end, &[line]);
                let at = range.start as usize;
                replaced(&text, at..at, &format!("{name} = "))
            }
        };
        match import {
            Some(import) => self.with_import(&text, &import),
            None => Some(text),
        }
    }

    /// The value, and the enum that is to be imported for it.
    fn value(&self) -> Option<(String, Option<String>)> {
        let plain = in_python(self.value, "")?;
        let Value::Member(of, _) = self.value else {
            return Some((plain, None));
        };
        if matches!(of.since, Since::Tmrs(_)) {
            return Some((plain, None));
        }
        for statement in &self.module.body {
            match statement {
                Stmt::ImportFrom(from) => {
                    let names = from.names.iter();
                    let of_pytm = from.module.as_deref() == Some("pytm");
                    let bound = names.map(|alias| alias.asname.as_ref().unwrap_or(&alias.name));
                    let mut bound = bound.map(ast::Identifier::as_str);
                    if bound.any(|name| name == of.name || name == "*" && of_pytm) {
                        return Some((plain, None));
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
        Some((plain, Some(format!("from pytm import {}", of.name))))
    }

    /// An import after the last one of pytm at the top of the file. What was written before
    /// stands below it. `None` where none stands there.
    fn with_import(&self, text: &str, import: &str) -> Option<String> {
        let of_pytm = self.module.body.iter().filter(|statement| {
            matches!(statement, Stmt::ImportFrom(from)
                if from.module.as_ref().is_some_and(|module| module.split('.').next() == Some("pytm")))
        });
        let last = of_pytm.last()?;
        let lines = [format!(
            "{}{import}",
            indent(text, span(last).start as usize)
        )];
        Some(with_lines_after(text, span(last).end as usize, &lines))
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

/// The innermost statement that holds a place.
pub(super) fn innermost(body: &[Stmt], place: Span) -> Option<&Stmt> {
    let statement = body.iter().find(|s| span(*s).contains(place))?;
    let inner = suites(statement)
        .into_iter()
        .find_map(|body| innermost(body, place));
    inner.or(Some(statement))
}

/// The statements within a statement.
fn suites(statement: &Stmt) -> Vec<&[Stmt]> {
    match statement {
        Stmt::FunctionDef(it) => vec![&*it.body],
        Stmt::ClassDef(it) => vec![&*it.body],
        Stmt::For(it) => vec![&*it.body, &*it.orelse],
        Stmt::While(it) => vec![&*it.body, &*it.orelse],
        Stmt::With(it) => vec![&*it.body],
        Stmt::If(it) => {
            let more = it.elif_else_clauses.iter().map(|clause| &*clause.body);
            std::iter::once(&*it.body).chain(more).collect()
        }
        Stmt::Try(it) => {
            let handlers = it.handlers.iter().map(|handler| {
                let ast::ExceptHandler::ExceptHandler(handler) = handler;
                &*handler.body
            });
            let rest = [&*it.orelse, &*it.finalbody];
            std::iter::once(&*it.body)
                .chain(handlers)
                .chain(rest)
                .collect()
        }
        Stmt::Match(it) => it.cases.iter().map(|case| &*case.body).collect(),
        _ => Vec::new(),
    }
}

/// The expression that stands for what is made at `place` after the statement: the target
/// of an assignment, or an item of it.
pub(super) fn named(text: &str, statement: &Stmt, place: Span) -> Option<String> {
    let written = |expression: &Expr| text.get(span(expression).range()).map(str::to_owned);
    match statement {
        Stmt::Assign(assign) => {
            let target = assign.targets.first()?;
            if let (Expr::Tuple(names), Expr::Tuple(values)) = (target, &*assign.value)
                && names.elts.len() == values.elts.len()
            {
                let mut pairs = names.elts.iter().zip(&values.elts);
                let (name, value) = pairs.find(|(_, value)| span(*value).contains(place))?;
                return item(text, written(name)?, value, place);
            }
            item(text, written(target)?, &assign.value, place)
        }
        Stmt::AnnAssign(assign) => item(
            text,
            written(&assign.target)?,
            assign.value.as_deref()?,
            place,
        ),
        _ => None,
    }
}

/// What `base`, which is `value`, has at `place`.
fn item(text: &str, base: String, value: &Expr, place: Span) -> Option<String> {
    if span(value) == place {
        return Some(base);
    }
    let held = |value: &&Expr| span(*value).contains(place);
    match value {
        Expr::List(ast::ExprList { elts, .. }) | Expr::Tuple(ast::ExprTuple { elts, .. }) => {
            let at = elts.iter().position(|value| held(&value))?;
            item(text, format!("{base}[{at}]"), &elts[at], place)
        }
        Expr::Dict(dict) => {
            let entry = dict.items.iter().find(|entry| held(&&entry.value))?;
            let key = text.get(span(entry.key.as_ref()?).range())?;
            item(text, format!("{base}[{key}]"), &entry.value, place)
        }
        _ => None,
    }
}
