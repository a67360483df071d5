//! Indices and slices as positions.

use super::{Outcome, raises, unread};

/// The position that an index means; negative ones count from the end.
pub fn position(index: i64, len: usize) -> Option<usize> {
    if index >= 0 {
        return usize::try_from(index).ok().filter(|at| *at < len);
    }
    let back = usize::try_from(index.unsigned_abs()).ok()?;
    len.checked_sub(back)
}

/// A slice of a sequence of a known length: where it begins, and the position before
/// which it ends, as `slice.indices` gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub start: i64,
    pub end: i64,
    pub step: i64,
}

/// `[lower:upper:step]` of a sequence of `len`.
pub fn bounds(
    len: usize,
    lower: Option<i64>,
    upper: Option<i64>,
    step: Option<i64>,
) -> Outcome<Bounds> {
    let step = step.unwrap_or(1);
    if step == 0 {
        return raises("ValueError", "slice step cannot be zero");
    }
    let Ok(len) = i64::try_from(len) else {
        return unread("a slice of so long a sequence");
    };
    let (first, last) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |bound: i64| {
        let bound = if bound < 0 {
            bound.saturating_add(len)
        } else {
            bound
        };
        bound.clamp(first, last)
    };
    let (start, end) = if step > 0 {
        (lower.map_or(0, clamp), upper.map_or(len, clamp))
    } else {
        (lower.map_or(len - 1, clamp), upper.map_or(-1, clamp))
    };
    Ok(Bounds { start, end, step })
}

impl Bounds {
    /// The positions, in the order of the slice.
    pub fn positions(self) -> impl Iterator<Item = usize> {
        let mut at = self.start;
        std::iter::from_fn(move || {
            let inside = if self.step > 0 {
                at < self.end
            } else {
                at > self.end
            };
            let position = usize::try_from(at).ok().filter(|_| inside)?;
            at = at.saturating_add(self.step);
            Some(position)
        })
    }

    /// How many positions there are.
    pub fn len(self) -> usize {
        let (low, high) = if self.step > 0 {
            (self.start, self.end)
        } else {
            (self.end, self.start)
        };
        if low >= high {
            return 0;
        }
        let steps = (high.abs_diff(low) - 1) / self.step.unsigned_abs() + 1;
        usize::try_from(steps).unwrap_or(usize::MAX)
    }
}
