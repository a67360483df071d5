//! `itertools`.

use super::function::Args;
use super::interpreter::{Interpreter, R};
use super::value::{At, V};

impl<'a> Interpreter<'a> {
    pub(super) fn itertools(&mut self, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if let Some(unread) = args.unread() {
            return self.unread_arguments(&unread, &args);
        }
        if matches!(name, "count" | "cycle" | "groupby") {
            return Ok(V::unread(
                at,
                format!("itertools.{name}() is outside what tmrs reads"),
            ));
        }
        let mut lists = Vec::new();
        for (value, _) in &args.positional {
            lists.push(match value {
                V::Int(_) | V::None | V::Function(_) => vec![value.clone()],
                value => self.items(value, at)?,
            });
        }
        let items: Vec<V<'a>> = match (name, lists.as_slice()) {
            ("chain", lists) => lists.iter().flatten().cloned().collect(),
            ("from_iterable", [inner]) => {
                let mut all = Vec::new();
                for list in inner {
                    all.extend(self.items(list, at)?);
                    self.allot(32, at)?;
                }
                all
            }
            ("product", lists) => {
                let times = args.keyword("repeat").and_then(V::as_int).unwrap_or(1);
                self.cartesian(lists, times.clamp(0, 8), at)?
            }
            ("combinations" | "permutations", [list, ..]) => {
                let size = args
                    .either(1, "r")
                    .and_then(V::as_int)
                    .unwrap_or(list.len() as i64);
                self.choices(list, size.max(0) as usize, name == "permutations", at)?
            }
            ("repeat", [what, ..]) => {
                let times = args
                    .get(1)
                    .and_then(V::as_int)
                    .unwrap_or(0)
                    .clamp(0, 100_000);
                let one = args.get(0).cloned().or_else(|| what.first().cloned());
                std::iter::repeat_n(one.unwrap_or(V::None), times as usize).collect()
            }
            ("islice", [list, ..]) => islice(list, &args),
            ("pairwise", [list]) => list
                .windows(2)
                .map(|pair| V::tuple(pair.to_vec()))
                .collect(),
            ("zip_longest", lists) => {
                let rows = lists.iter().map(Vec::len).max().unwrap_or(0);
                let fill = args.keyword("fillvalue").cloned().unwrap_or(V::None);
                (0..rows)
                    .map(|row| {
                        V::tuple(
                            lists
                                .iter()
                                .map(|list| list.get(row).cloned().unwrap_or_else(|| fill.clone()))
                                .collect(),
                        )
                    })
                    .collect()
            }
            ("starmap", [function, rows]) => {
                let function = function.first().cloned().unwrap_or(V::None);
                let mut results = Vec::new();
                for row in rows {
                    let row = self.items(row, at)?;
                    results.push(self.call(&function, Args::of(at, row))?);
                }
                results
            }
            _ => {
                return Ok(V::unread(
                    at,
                    format!("itertools.{name}() is outside what tmrs reads"),
                ));
            }
        };
        self.allot(items.len() * 32, at)?;
        Ok(V::iter(items))
    }

    fn cartesian(&mut self, lists: &[Vec<V<'a>>], times: i64, at: At) -> R<'a, Vec<V<'a>>> {
        let mut rows: Vec<Vec<V<'a>>> = vec![Vec::new()];
        for _ in 0..times {
            for list in lists {
                self.allot(rows.len().saturating_mul(list.len()) * 64, at)?;
                let mut longer = Vec::with_capacity(rows.len() * list.len());
                for row in &rows {
                    for item in list {
                        let mut row = row.clone();
                        row.push(item.clone());
                        longer.push(row);
                    }
                }
                rows = longer;
            }
        }
        Ok(rows.into_iter().map(V::tuple).collect())
    }

    fn choices(&mut self, list: &[V<'a>], size: usize, ordered: bool, at: At) -> R<'a, Vec<V<'a>>> {
        let mut rows: Vec<Vec<usize>> = vec![Vec::new()];
        for _ in 0..size.min(list.len() + 1) {
            let mut longer = Vec::new();
            for row in &rows {
                let from = if ordered {
                    0
                } else {
                    row.last().map_or(0, |last| last + 1)
                };
                for next in from..list.len() {
                    if !row.contains(&next) {
                        let mut row = row.clone();
                        row.push(next);
                        longer.push(row);
                    }
                }
                self.allot(64 * list.len(), at)?;
            }
            rows = longer;
        }
        Ok(rows
            .into_iter()
            .map(|row| {
                V::tuple(
                    row.into_iter()
                        .filter_map(|i| list.get(i).cloned())
                        .collect(),
                )
            })
            .collect())
    }
}

fn islice<'a>(list: &[V<'a>], args: &Args<'a>) -> Vec<V<'a>> {
    let numbers = args.positional.iter().skip(1).map(|(v, _)| v.as_int());
    let numbers: Vec<_> = numbers.collect();
    let (from, to) = match numbers.as_slice() {
        [to] => (Some(0), *to),
        [from, to, ..] => (*from, *to),
        [] => (None, None),
    };
    let to = to
        .map_or(list.len(), |to| to.max(0) as usize)
        .min(list.len());
    let from = (from.unwrap_or(0).max(0) as usize).min(to);
    list.get(from..to).unwrap_or(&[]).to_vec()
}
