//! Built-in functions over collections: `zip`, `map`, `sorted`, `min`, ….

use super::function::Args;
use super::interpreter::{Interpreter, R};
use super::value::V;

impl<'a> Interpreter<'a> {
    pub(super) fn iteration(&mut self, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        let Some(first) = args.get(0).cloned() else {
            return match name {
                "zip" => Ok(V::iter(Vec::new())),
                _ => self.raise("TypeError", format!("{name}() wants an argument"), at),
            };
        };
        match name {
            "next" => {
                let next = match &first {
                    V::Iter(items) => {
                        let at = items.next.get();
                        items.next.set(at + 1);
                        items.items.get(at).cloned()
                    }
                    _ => return Ok(V::unread(at, "next() of this object")),
                };
                match next.or_else(|| args.get(1).cloned()) {
                    Some(next) => Ok(next),
                    None => self.raise("StopIteration", "", at),
                }
            }
            "iter" => match first {
                V::Iter(_) => Ok(first),
                other => Ok(V::iter(self.items(&other, at)?)),
            },
            "sorted" => {
                let items = self.items(&first, at)?;
                let reverse = self.flag(args.keyword("reverse"), at)?;
                Ok(
                    match self.sorted(items, args.keyword("key"), reverse, at)? {
                        Ok(sorted) => V::list(sorted),
                        Err(unread) => V::Unread(unread),
                    },
                )
            }
            "reversed" => {
                let mut items = self.items(&first, at)?;
                items.reverse();
                Ok(V::iter(items))
            }
            "enumerate" => {
                let from = args.either(1, "start").and_then(V::as_int).unwrap_or(0);
                let items = self.items(&first, at)?;
                self.allot(items.len() * 48, at)?;
                let pairs = items.into_iter().enumerate();
                Ok(V::iter(
                    pairs
                        .map(|(i, v)| V::tuple(vec![V::Int(from.wrapping_add(i as i64)), v]))
                        .collect(),
                ))
            }
            "zip" => {
                let mut columns = Vec::new();
                for (column, _) in &args.positional {
                    columns.push(self.items(column, at)?);
                }
                let rows = columns.iter().map(Vec::len).min().unwrap_or(0);
                self.allot(rows * columns.len() * 32, at)?;
                let row =
                    |i: usize| V::tuple(columns.iter().filter_map(|c| c.get(i).cloned()).collect());
                Ok(V::iter((0..rows).map(row).collect()))
            }
            "map" => {
                let mut columns = Vec::new();
                for (column, _) in args.positional.iter().skip(1) {
                    columns.push(self.items(column, at)?);
                }
                let rows = columns.iter().map(Vec::len).min().unwrap_or(0);
                let mut results = Vec::new();
                for row in 0..rows {
                    let values = columns.iter().filter_map(|c| c.get(row).cloned());
                    let values: Vec<_> = values.collect();
                    results.push(self.call(&first, Args::of(at, values))?);
                }
                Ok(V::iter(results))
            }
            _ => {
                let items = args.get(1).cloned().unwrap_or(V::None);
                let mut kept = Vec::new();
                for item in self.items(&items, at)? {
                    let test = match &first {
                        V::None => item.clone(),
                        test => self.call(test, Args::of(at, [item.clone()]))?,
                    };
                    match self.truth(&test, at)? {
                        Ok(true) => kept.push(item),
                        Ok(false) => {}
                        Err(unread) => return Ok(V::Unread(unread)),
                    }
                }
                Ok(V::iter(kept))
            }
        }
    }

    pub(super) fn reduction(&mut self, name: &str, args: &Args<'a>) -> R<'a> {
        let at = args.at;
        let items = match args.positional.as_slice() {
            [(one, _)] => self.items(one, at)?,
            [(first, _), _] if name == "sum" => self.items(first, at)?,
            many => many.iter().map(|(v, _)| v.clone()).collect(),
        };
        match name {
            "sum" => {
                let mut total = args.either(1, "start").cloned().unwrap_or(V::Int(0));
                for item in items {
                    let add = crate::syntax::python::ast::Operator::Add;
                    total = self.binary(add, total, item, at)?;
                }
                Ok(total)
            }
            "any" | "all" => {
                let mut doubt = None;
                for item in items {
                    match self.truth(&item, at)? {
                        Ok(truth) if truth == (name == "any") => return Ok(V::Bool(truth)),
                        Ok(_) => {}
                        Err(unread) => doubt = Some(unread),
                    }
                }
                Ok(doubt.map_or(V::Bool(name == "all"), V::Unread))
            }
            _ => {
                if items.is_empty() {
                    return match args.keyword("default") {
                        Some(default) => Ok(default.clone()),
                        None => self.raise("ValueError", format!("{name}() of nothing"), at),
                    };
                }
                match self.sorted(items, args.keyword("key"), name == "max", at)? {
                    Ok(sorted) => Ok(sorted.into_iter().next().unwrap_or(V::None)),
                    Err(unread) => Ok(V::Unread(unread)),
                }
            }
        }
    }
}
