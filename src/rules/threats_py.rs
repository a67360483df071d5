//! Layer `rules`: the early Python form of a threat file, a dict named
//! `Threats`, read statically (docs/semantics.md §3).
//!
//! Its conditions use pytm's old flat spellings, which conditions understand.

use std::sync::Arc;

use super::draft::{Draft, Phrase, Piece, Written};
use super::threats::{Field, Threat};
use crate::notice::{Notice, code};
use crate::source::{Source, Span};
use crate::syntax::python::{self, Ranged, ast};

/// The name that early pytm looked for.
const NAME: &str = "Threats";

/// The threats of every dict named `Threats` at the top level; where there is
/// none, of the only dict that stands there by itself. Complaints go to `notices`.
pub(super) fn drafts(source: &Arc<Source>, notices: &mut Vec<Notice>) -> Vec<Draft> {
    let module = match python::parse_module(source.text()) {
        Ok(module) => module,
        Err(errors) => {
            notices.extend(errors.into_iter().map(|error| {
                let code = if error.limit {
                    code::LIMIT
                } else {
                    code::SYNTAX
                };
                let message = format!("this is no Python that can be read: {}", error.message);
                Notice::error(code, source.place(error.span), message)
            }));
            return Vec::new();
        }
    };
    let mut named: Vec<&ast::ExprDict> = module.body.iter().filter_map(named_dict).collect();
    if named.is_empty() {
        named = module.body.iter().filter_map(lone_dict).take(1).collect();
    }
    if named.is_empty() {
        let message = format!("this Python file holds no dict named `{NAME}`");
        let place = source.place(Span::default());
        notices.push(
            Notice::error(code::RULE_EMPTY, place, message)
                .with_help("a threat file in Python assigns one: Threats = {\"ID\": {…}}"),
        );
    }
    let items = named.into_iter().flat_map(|dict| &dict.items);
    items
        .filter_map(|item| threat(source, item, notices)?.draft(notices))
        .collect()
}

/// The dict that a statement gives the name `Threats`.
fn named_dict(statement: &ast::Stmt) -> Option<&ast::ExprDict> {
    let is_named = |target: &ast::Expr| matches!(target, ast::Expr::Name(name) if name.id == NAME);
    let value = match statement {
        ast::Stmt::Assign(assign) if assign.targets.iter().any(is_named) => &*assign.value,
        ast::Stmt::AnnAssign(assign) if is_named(&assign.target) => assign.value.as_deref()?,
        _ => return None,
    };
    match value {
        ast::Expr::Dict(dict) => Some(dict),
        _ => None,
    }
}

fn lone_dict(statement: &ast::Stmt) -> Option<&ast::ExprDict> {
    match statement {
        ast::Stmt::Expr(expression) => match &*expression.value {
            ast::Expr::Dict(dict) => Some(dict),
            _ => None,
        },
        _ => None,
    }
}

fn threat(source: &Arc<Source>, item: &ast::DictItem, notices: &mut Vec<Notice>) -> Option<Threat> {
    let place = source.place(item.key.as_ref().map_or_else(
        || python::span(&item.value),
        |key| python::span(key).to(python::span(&item.value)),
    ));
    let mut complain = |message: &str| {
        notices.push(Notice::error(code::RULE_FIELD, place.clone(), message));
        None
    };
    let Some(id) = item.key.as_ref().and_then(|key| phrase(source, key)) else {
        return complain("the id of a threat must be a text that stands here");
    };
    let ast::Expr::Dict(body) = &item.value else {
        return complain("a threat must be a dict that stands here");
    };
    let mut fields = Vec::with_capacity(body.items.len());
    for entry in &body.items {
        let key = entry.key.as_ref().and_then(|key| phrase(source, key));
        let Some(key) = key else {
            return complain("the keys of a threat must be texts that stand here");
        };
        fields.push((key.text, field(source, &entry.value)));
    }
    if fields.iter().any(|(key, _)| &**key == "DEPRECATED") {
        return None;
    }
    Some(Threat { id, place, fields })
}

fn field(source: &Arc<Source>, value: &ast::Expr) -> Field {
    let several = |items: &[ast::Expr]| {
        items
            .iter()
            .map(|item| phrase(source, item))
            .collect::<Option<Vec<_>>>()
            .map(Field::Texts)
    };
    let read = match value {
        ast::Expr::Tuple(tuple) => several(&tuple.elts),
        ast::Expr::List(list) => several(&list.elts),
        ast::Expr::Set(set) => several(&set.elts),
        _ => phrase(source, value).map(Field::Text),
    };
    read.unwrap_or_else(|| {
        let place = source.place(python::span(value));
        Field::Other(place, "an expression that would have to be run".into())
    })
}

/// A string; or a class by its name (`Server`, `pytm.Server`).
fn phrase(source: &Arc<Source>, value: &ast::Expr) -> Option<Phrase> {
    let (text, pieces): (Arc<str>, _) = match value {
        ast::Expr::StringLiteral(string) => (
            string.value.to_str().into(),
            string
                .value
                .iter()
                .map(|part| piece(source, part))
                .collect(),
        ),
        ast::Expr::Name(name) => (name.id.as_str().into(), vec![word(&name.id, name)]),
        ast::Expr::Attribute(path) => {
            let last = path.attr.as_str();
            (last.into(), vec![word(last, &path.attr)])
        }
        _ => return None,
    };
    Some(Phrase {
        text,
        source: Arc::clone(source),
        written: Written::Pieces(pieces),
    })
}

fn word(text: &str, node: &impl Ranged) -> Piece {
    Piece {
        length: text.len(),
        span: python::span(node),
        verbatim: true,
    }
}

fn piece(source: &Arc<Source>, part: &ast::StringLiteral) -> Piece {
    let inside = part.content_range();
    let inside = Span::new(inside.start().to_usize(), inside.end().to_usize());
    let verbatim = source.slice(inside) == part.as_str();
    Piece {
        length: part.as_str().len(),
        span: if verbatim { inside } else { python::span(part) },
        verbatim,
    }
}
