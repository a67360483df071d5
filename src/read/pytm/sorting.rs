//! `sorted()` and `list.sort()`.

use std::rc::Rc;

use super::interpreter::{Interpreter, R};
use super::value::function::Args;
use super::value::{At, Unread, V};
use crate::syntax::python::ast::CmpOp;

impl<'a> Interpreter<'a> {
    /// Sorts values, by a key function if there is one; `None` if an unread one decides.
    pub(super) fn sorted(
        &mut self,
        items: Vec<V<'a>>,
        by: Option<&V<'a>>,
        reverse: bool,
        at: At,
    ) -> R<'a, Result<Vec<V<'a>>, Rc<Unread>>> {
        let mut pairs = Vec::with_capacity(items.len());
        for item in items {
            let by = match by {
                Some(V::None) | None => item.clone(),
                Some(by) => self.call(by, Args::of(at, [item.clone()]))?,
            };
            if let V::Unread(unread) = &by {
                return Ok(Err(Rc::clone(unread)));
            }
            pairs.push((by, item));
        }
        let pairs = self.merge_sorted(pairs, reverse, at)?;
        Ok(Ok(pairs.into_iter().map(|(_, item)| item).collect()))
    }

    /// A stable sort that bears comparisons which contradict each other.
    fn merge_sorted(
        &mut self,
        mut pairs: Vec<(V<'a>, V<'a>)>,
        reverse: bool,
        at: At,
    ) -> R<'a, Vec<(V<'a>, V<'a>)>> {
        if pairs.len() < 2 {
            return Ok(pairs);
        }
        let right = pairs.split_off(pairs.len() / 2);
        let mut left = self
            .merge_sorted(pairs, reverse, at)?
            .into_iter()
            .peekable();
        let mut right = self
            .merge_sorted(right, reverse, at)?
            .into_iter()
            .peekable();
        let mut merged = Vec::with_capacity(left.len() + right.len());
        let before = if reverse { CmpOp::Gt } else { CmpOp::Lt };
        while let (Some((a, _)), Some((b, _))) = (left.peek(), right.peek()) {
            self.step(|_| at)?;
            let (a, b) = (a.clone(), b.clone());
            let from_right = matches!(self.compare(before, &b, &a, at)?, V::Bool(true));
            merged.extend(if from_right {
                right.next()
            } else {
                left.next()
            });
        }
        merged.extend(left);
        merged.extend(right);
        Ok(merged)
    }
}
