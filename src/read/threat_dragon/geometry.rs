//! Layer `read`: what is drawn inside what.

use super::super::translate::Fields;
use crate::syntax::tree::Node;

/// Where something is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rectangle {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Rectangle {
    /// The rectangle of a cell that has a position and a size.
    pub(super) fn of(cell: &Fields<'_>) -> Option<Self> {
        let (_, position) = cell.entry("position")?;
        let (_, size) = cell.entry("size")?;
        Some(Self {
            left: number(position.get("x")?)?,
            top: number(position.get("y")?)?,
            width: number(size.get("width")?)?,
            height: number(size.get("height")?)?,
        })
    }

    pub(super) fn area(&self) -> f64 {
        self.width * self.height
    }

    /// Whether the middle of something smaller lies inside.
    pub(super) fn holds(&self, other: &Self) -> bool {
        let x = other.left + other.width / 2.0;
        let y = other.top + other.height / 2.0;
        let across = self.left <= x && x <= self.left + self.width;
        let down = self.top <= y && y <= self.top + self.height;
        across && down && other.area() < self.area()
    }
}

fn number(node: &Node) -> Option<f64> {
    node.as_number().filter(|number| number.is_finite())
}
