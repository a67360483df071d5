//! `csv.reader` and `csv.DictReader`: rows of text, one after another.

use super::interpreter::{Interpreter, R};
use super::value::dict::Dict;
use super::value::function::Args;
use super::value::iterator::{Gives, Iter, Rows, Walk};
use super::value::{At, V};
use super::walk::Next;
use crate::python::csv::{Dialect, Row};

impl<'a> Interpreter<'a> {
    /// `csv.reader(lines, delimiter=…, quotechar=…)`, `csv.DictReader(lines, names, …)`.
    pub(super) fn csv_reader(&mut self, args: &Args<'a>, by_name: bool) -> R<'a> {
        let at = args.at;
        let known = ["delimiter", "quotechar", "fieldnames"];
        let most = if by_name { 2 } else { 1 };
        let plain = args.positional.len() <= most
            && args
                .keywords
                .iter()
                .all(|(name, ..)| known.contains(&&**name));
        let character = |name, default| match args.keyword(name) {
            None => Some(default),
            Some(V::Str(text)) => {
                let mut all = text.text.chars();
                all.next().filter(|_| all.next().is_none())
            }
            Some(_) => None,
        };
        let (Some(lines), true, Some(delimiter), Some(quote)) = (
            args.get(0).cloned(),
            plain,
            character("delimiter", ','),
            character("quotechar", '"'),
        ) else {
            let what = "Which rows a CSV reader with these options gives is not read";
            return Ok(self.refuse(at, what, "leave the options out"));
        };
        let lines = self.iterate(&lines, at)?;
        let gives = match args.either(1, "fieldnames").cloned() {
            _ if !by_name => Gives::Lists,
            None | Some(V::None) => Gives::ByFirstRow,
            Some(names @ (V::List(_) | V::Tuple(_))) => Gives::ByNames(names),
            Some(_) => {
                let what = "Which rows a CSV reader with these names of columns gives is not read";
                return Ok(self.refuse(at, what, "give the names as a list"));
            }
        };
        Ok(V::Iter(Iter::new(Walk::Rows(Box::new(Rows {
            lines,
            dialect: Dialect { delimiter, quote },
            gives,
        })))))
    }

    /// The next row.
    pub(super) fn next_row(&mut self, rows: &mut Rows<'a>, at: At) -> R<'a, Next<'a>> {
        loop {
            let fields = match self.fields_of_row(rows, at)? {
                Ok(fields) => fields,
                Err(end) => return Ok(end),
            };
            match &rows.gives {
                Gives::Lists => return Ok(Next::Item(V::list(fields))),
                Gives::ByFirstRow => rows.gives = Gives::ByNames(V::list(fields)),
                Gives::ByNames(_) if fields.is_empty() => {}
                Gives::ByNames(names) => {
                    // A list may have changed since the row before.
                    let names = self.items(&names.clone(), at)?;
                    return Ok(Next::Item(named(&names, fields)));
                }
            }
        }
    }

    fn fields_of_row(&mut self, rows: &Rows<'a>, at: At) -> R<'a, Result<Vec<V<'a>>, Next<'a>>> {
        let mut row = Row::new(rows.dialect);
        loop {
            let line = match self.advance(&rows.lines, at)? {
                Next::Item(V::Str(line)) => line.text,
                Next::End if row.is_open() => break,
                Next::Item(V::Unread(unread)) => return Ok(Err(Next::Unread(unread))),
                Next::Item(_) => return self.raise("Error", "iterator should return strings", at),
                other => return Ok(Err(other)),
            };
            self.allot(line.len() * 4, at)?;
            match row.line(&line) {
                Some(true) => break,
                Some(false) => {}
                None => return self.raise("Error", "new-line character in unquoted field", at),
            }
        }
        Ok(Ok(row.fields().into_iter().map(V::str).collect()))
    }
}

/// A row as a dictionary: fields too many are a list under `None`, those that lack are `None`.
fn named<'a>(names: &[V<'a>], fields: Vec<V<'a>>) -> V<'a> {
    let mut dict = Dict::default();
    let mut fields = fields.into_iter();
    for name in names {
        dict.insert(name.clone(), fields.next().unwrap_or(V::None), None);
    }
    let rest: Vec<_> = fields.collect();
    if !rest.is_empty() {
        dict.insert(V::None, V::list(rest), None);
    }
    V::dict(dict)
}
