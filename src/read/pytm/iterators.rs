//! `itertools`.

use super::interpreter::{Interpreter, R};
use super::value::function::Args;
use super::value::iterator::{Iter, Slice, Walk};
use super::value::{At, V};

/// Those of which all items are made at once.
const EAGER: &[&str] = &[
    "combinations",
    "pairwise",
    "permutations",
    "product",
    "zip_longest",
];

impl<'a> Interpreter<'a> {
    pub(super) fn itertools(&mut self, name: &str, args: Args<'a>) -> R<'a> {
        let at = args.at;
        if let Some(unread) = args.unread() {
            return self.unread_arguments(&unread, &args);
        }
        if let Some(lazy) = self.lazy_itertools(name, &args)? {
            return Ok(lazy);
        }
        if !EAGER.contains(&name) && name != "tee" {
            return self.library_call(&format!("itertools.{name}"), &args);
        }
        if name == "tee" {
            let what = format!("`itertools.{name}()` is not read");
            return Ok(self.refuse(at, what, "write it as a loop"));
        }
        let at_once = matches!(name, "product" | "combinations" | "permutations");
        let mut lists = Vec::new();
        for (value, _) in &args.positional {
            if let (V::Iter(iter), false) = (value, at_once)
                && !iter.is_made()
            {
                let what = format!(
                    "`itertools.{name}()` of something that is made step by step is not read"
                );
                return Ok(self.refuse(at, what, "make a list of it first"));
            }
            lists.push(match value {
                V::Int(_) | V::Bool(_) | V::None => vec![value.clone()],
                value => self.items(value, at)?,
            });
        }
        let items: Vec<V<'a>> = match (name, lists.as_slice()) {
            ("product", lists) => match args.keyword("repeat").map_or(Some(1), V::as_int) {
                Some(times @ 0..=8) => self.cartesian(lists, times, at)?,
                _ => return Ok(V::not_read(at, "so many repetitions")),
            },
            ("combinations" | "permutations", [list, ..]) => {
                let size = match args.either(1, "r") {
                    None | Some(V::None) if name == "permutations" => Some(list.len()),
                    size => size
                        .and_then(V::as_int)
                        .and_then(|r| usize::try_from(r).ok()),
                };
                let Some(size) = size else {
                    return Ok(V::not_read(at, format!("itertools.{name}() with this")));
                };
                self.choices(list, size, name == "permutations", at)?
            }
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

    /// Those that make one item after another.
    fn lazy_itertools(&mut self, name: &str, args: &Args<'a>) -> R<'a, Option<V<'a>>> {
        let at = args.at;
        let walk = match (name, args.positional.as_slice()) {
            ("groupby", _) => return self.groupby(args).map(Some),
            ("cycle", [(items, _)]) => Walk::Cycle(self.iterate(items, at)?, Vec::new(), None),
            ("takewhile" | "dropwhile", [(test, _), (items, _)]) => {
                let items = self.iterate(items, at)?;
                Walk::While(test.clone(), items, name == "takewhile")
            }
            ("filterfalse", [(test, _), (items, _)]) => {
                Walk::Without(test.clone(), self.iterate(items, at)?)
            }
            ("starmap", [(function, _), (rows, _)]) => {
                Walk::Spread(function.clone(), self.iterate(rows, at)?)
            }
            ("chain", _) => {
                let all: Vec<_> = args.positional.iter().map(|(v, _)| v.clone()).collect();
                Walk::Chain(all.into_iter(), None)
            }
            ("from_iterable", _) => {
                let Some(all) = args.get(0) else {
                    return self.raise("TypeError", "from_iterable() wants an argument", at);
                };
                if matches!(all, V::Iter(iter) if !iter.is_made()) {
                    return Ok(None);
                }
                let all = self.items(&all.clone(), at)?;
                Walk::Chain(all.into_iter(), None)
            }
            ("repeat", _) => match (args.get(0), args.either(1, "times"), args.positional.len()) {
                (Some(one), Some(V::Int(times)), _) if *times <= 10_000 => {
                    let times = usize::try_from(*times).unwrap_or(0);
                    self.allot(times * 16, at)?;
                    let items: Vec<_> = std::iter::repeat_n(one.clone(), times).collect();
                    Walk::Items(items.into_iter())
                }
                _ => {
                    let what = "`itertools.repeat()` without an end is not read";
                    return Ok(Some(self.refuse(at, what, "say how often")));
                }
            },
            ("count", _) => {
                let number = |position, name, default| match args.either(position, name) {
                    None => Some(default),
                    Some(V::Int(number)) => Some(*number),
                    Some(_) => None,
                };
                match (number(0, "start", 0), number(1, "step", 1)) {
                    (Some(from), Some(step)) => Walk::Count(from, step),
                    _ => {
                        let what = "`itertools.count()` of this is not read";
                        return Ok(Some(self.refuse(at, what, "count whole numbers")));
                    }
                }
            }
            ("islice", _) => {
                let numbers: Vec<Option<usize>> = args
                    .positional
                    .iter()
                    .skip(1)
                    .map(|(value, _)| value.as_int().and_then(|i| usize::try_from(i).ok()))
                    .collect();
                let (from, to, step) = match numbers.as_slice() {
                    [to] => (Some(0), *to, Some(1)),
                    [from, to] => (Some(from.unwrap_or(0)), *to, Some(1)),
                    [from, to, step] => (Some(from.unwrap_or(0)), *to, Some(step.unwrap_or(1))),
                    _ => (None, None, None),
                };
                let (Some(items), Some(from), Some(step)) = (args.get(0), from, step) else {
                    return self.raise("TypeError", "islice() wants a stop", at);
                };
                let none =
                    |position| matches!(args.get(position), None | Some(V::None | V::Int(_)));
                if step == 0 || !(none(1) && none(2) && none(3)) {
                    return self.raise("ValueError", "islice() wants whole numbers", at);
                }
                let items = self.iterate(&items.clone(), at)?;
                let left = to.map(|to| to.saturating_sub(from).div_ceil(step));
                Walk::Slice(
                    items,
                    Slice {
                        skip: from,
                        left,
                        step,
                    },
                )
            }
            _ => return Ok(None),
        };
        Ok(Some(V::Iter(Iter::new(walk))))
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
