//! Layer `answer`: a name that was understood is written as it is meant.

use super::edit::{Edit, indent, line_start};
use super::python::named;
use super::statements::innermost;
use super::{Reading, Store, Unwritten, Written, confirm, native};
use crate::notice::{Meant, Notice};
use crate::source::{Place, Span};
use crate::syntax::python::ast::visitor::{Visitor, walk_expr};
use crate::syntax::python::ast::{self, Expr, Stmt};
use crate::syntax::python::{parse_module, span};

/// Writes the name that a notice says was understood, if the models then say just the same.
///
/// # Errors
/// Why not, in a sentence.
pub fn respell(
    notice: &Notice,
    reading: &mut Reading,
    store: &mut dyn Store,
) -> Result<(), Unwritten> {
    let (Some(meant), Some(place)) = (&notice.meant, &notice.place) else {
        return Err(Unwritten::NoPlace("nothing was understood there"));
    };
    let ending = place.path().extension().unwrap_or_default();
    let is_native = ["yaml", "yml", "json"].contains(&&*ending.to_lowercase());
    let edits = if !is_native {
        in_python(place, meant)
    } else if meant.is_flat {
        native::with_control(&place.source, place.span, meant.attribute)
    } else {
        let text = place.source.text();
        let quote = text[place.span.range()].chars().next();
        let quote = quote.filter(|c| ['"', '\''].contains(c));
        let quote = quote.map(String::from).unwrap_or_default();
        let name = format!("{quote}{}{quote}", meant.attribute);
        Ok(vec![Edit::new(place.span.range(), name)])
    }?;
    let written = Written::new(&place.source, edits);
    let after = store
        .read(place.path(), &written.text())
        .map_err(Unwritten::File)?;
    confirm::unchanged(reading, &after).map_err(Unwritten::Misread)?;
    store.write(&written).map_err(Unwritten::File)?;
    *reading = after;
    Ok(())
}

/// The edits that write the name as it is meant: an attribute that is assigned, or a keyword.
fn in_python(place: &Place, meant: &Meant) -> Result<Vec<Edit>, Unwritten> {
    const NO_NAME: Unwritten =
        Unwritten::NoPlace("no name of its own stands where it is said; write it by hand");
    let text = place.source.text();
    let module = parse_module(text).map_err(|_| NO_NAME)?;
    let statement = innermost(&module.body, place.span).ok_or(NO_NAME)?;
    if let Stmt::Assign(assign) = statement
        && let [Expr::Attribute(target)] = &*assign.targets
        && *target.attr == *meant.written
    {
        let group = if meant.is_flat { "controls." } else { "" };
        let name = format!("{group}{}", meant.attribute);
        return Ok(vec![Edit::new(span(&target.attr).range(), name)]);
    }
    let mut search = Keywords {
        name: &meant.written,
        place: place.span,
        found: None,
    };
    search.visit_stmt(statement);
    let (call, keyword) = search.found.ok_or(NO_NAME)?;
    let argument = keyword.arg.as_ref().ok_or(NO_NAME)?;
    if !meant.is_flat {
        return Ok(vec![Edit::new(span(argument).range(), meant.attribute)]);
    }
    // pytm takes controls of an element that is made already.
    let names = named(text, statement, span(call));
    let name = names.first().ok_or(NO_NAME)?;
    let value = text.get(span(&keyword.value).range()).ok_or(NO_NAME)?;
    let whole = span(statement);
    let lead = indent(text, whole.start as usize);
    let line = format!("{lead}{name}.controls.{} = {value}", meant.attribute);
    Ok(vec![
        Edit::lines_after(text, whole.end as usize, &[line]),
        without(text, span(keyword)),
    ])
}

/// Takes out an argument, its comma, and its line where nothing else stands on it.
fn without(text: &str, argument: Span) -> Edit {
    let (start, end) = (argument.start as usize, argument.end as usize);
    let line = line_start(text, start);
    let comma = usize::from(text[end..].starts_with(','));
    let rest = &text[end + comma..];
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let ends = rest[blank..].starts_with(['\n', '\r']);
    if text[line..start].trim().is_empty() && ends {
        let next = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        return Edit::new(line..next, "");
    }
    let before = text[..start].trim_end_matches([' ', '\t']);
    if comma == 0 && before.ends_with(',') {
        return Edit::new(before.len() - 1..end, "");
    }
    Edit::new(start..end + comma + if ends { 0 } else { blank }, "")
}

/// Looks for a keyword argument.
struct Keywords<'a> {
    name: &'a str,
    place: Span,
    found: Option<(&'a Expr, &'a ast::Keyword)>,
}

impl<'a> Visitor<'a> for Keywords<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression {
            let mut keywords = call.arguments.keywords.iter();
            let wanted = |keyword: &&ast::Keyword| {
                let is_named = keyword.arg.as_ref().is_some_and(|arg| *arg == *self.name);
                let whole = span(*keyword);
                is_named && (whole.contains(self.place) || self.place.contains(whole))
            };
            if let Some(keyword) = keywords.find(wanted) {
                self.found = Some((expression, keyword));
            }
        }
        walk_expr(self, expression);
    }
}
