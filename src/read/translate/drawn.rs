//! Layer `read`: what is drawn inside what.

use std::collections::BTreeMap;
use std::sync::Arc;

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

/// A diagram: everything with its rectangle.
#[derive(Default)]
pub(in crate::read) struct Drawing {
    drawn: BTreeMap<Arc<str>, Rectangle>,
    boundaries: Vec<(Arc<str>, Rectangle)>,
}

impl Drawing {
    /// Draws an element.
    pub(in crate::read) fn element(&mut self, id: &Arc<str>, at: Rectangle) {
        self.drawn.insert(Arc::clone(id), at);
    }

    /// Draws the box of a boundary.
    pub(in crate::read) fn boundary(&mut self, id: &Arc<str>, around: Rectangle) {
        self.drawn.insert(Arc::clone(id), around);
        self.boundaries.push((Arc::clone(id), around));
    }

    /// Everything that lies in a larger box, with the smallest one around it.
    pub(in crate::read) fn inside(&self) -> BTreeMap<Arc<str>, Arc<str>> {
        // By area, so that the first one around something is the smallest.
        let boxes = self.boundaries.iter();
        let mut boxes: Vec<_> = boxes.map(|(id, own)| (own.area(), own, id)).collect();
        boxes.sort_by(|(a, ..), (b, ..)| a.total_cmp(b));
        let mut inside = BTreeMap::new();
        for (id, rectangle) in &self.drawn {
            let area = rectangle.area();
            let larger = boxes.partition_point(|(other, ..)| *other <= area);
            let mut larger = boxes.iter().skip(larger);
            if let Some((.., around)) = larger.find(|(_, around, _)| around.holds(rectangle)) {
                inside.insert(Arc::clone(id), Arc::clone(around));
            }
        }
        inside
    }
}
