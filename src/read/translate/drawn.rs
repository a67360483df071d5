//! Layer `read`: what is drawn inside what.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::Span;

/// Where something is drawn.
#[derive(Clone, Copy, Debug)]
pub(in crate::read) struct Rectangle {
    pub(in crate::read) left: f64,
    pub(in crate::read) top: f64,
    pub(in crate::read) width: f64,
    pub(in crate::read) height: f64,
}

impl Rectangle {
    fn area(&self) -> f64 {
        self.width * self.height
    }

    /// Whether the middle of something lies inside.
    fn holds(&self, other: &Self) -> bool {
        let x = other.left + other.width / 2.0;
        let y = other.top + other.height / 2.0;
        let across = self.left <= x && x <= self.left + self.width;
        let down = self.top <= y && y <= self.top + self.height;
        across && down
    }
}

/// A diagram: everything with its rectangle, and where that stands in the file.
#[derive(Default)]
pub(in crate::read) struct Drawing {
    drawn: BTreeMap<Arc<str>, (Rectangle, Span)>,
    boundaries: Vec<(Arc<str>, Rectangle)>,
}

impl Drawing {
    /// Draws an element.
    pub(in crate::read) fn element(&mut self, id: &Arc<str>, rectangle: Rectangle, at: Span) {
        self.drawn.insert(Arc::clone(id), (rectangle, at));
    }

    /// Draws the box of a boundary.
    pub(in crate::read) fn boundary(&mut self, id: &Arc<str>, around: Rectangle, at: Span) {
        self.drawn.insert(Arc::clone(id), (around, at));
        self.boundaries.push((Arc::clone(id), around));
    }

    /// Everything that lies in a larger box: its id, that of the smallest box around it, and
    /// where it is said where it is drawn.
    pub(super) fn inside(&self) -> Vec<(&Arc<str>, &Arc<str>, Span)> {
        // By area, so that the first one around something is the smallest.
        let boxes = self.boundaries.iter();
        let mut boxes: Vec<_> = boxes.map(|(id, own)| (own.area(), own, id)).collect();
        boxes.sort_by(|(a, ..), (b, ..)| a.total_cmp(b));
        let drawn = self.drawn.iter().filter_map(|(id, (rectangle, at))| {
            let area = rectangle.area();
            let larger = boxes.partition_point(|(other, ..)| *other <= area);
            let mut larger = boxes.iter().skip(larger);
            let (.., around) = larger.find(|(_, around, _)| around.holds(rectangle))?;
            Some((id, *around, *at))
        });
        drawn.collect()
    }
}
