//! How far right everything stands, and how large the boundaries and the page are.

use super::sketch::{PAGE, Rect, Sketch};

/// Between a boundary and what lies in it.
pub(super) const PAD: f64 = 14.0;
/// The same above, where its name stands.
pub(super) const PAD_TOP: f64 = 34.0;
/// Between two ranks.
const RANK_GAP: f64 = 36.0;
/// Around the page.
const MARGIN: f64 = 12.0;

/// Ranks beside each other; where boundaries begin or end there is room for their sides.
pub(super) fn across(sketch: &mut Sketch<'_>) {
    let mut widths = vec![0.0_f64; sketch.ranks];
    for item in &sketch.items {
        widths[item.rank] = widths[item.rank].max(item.width);
    }
    // How many boundaries begin, and end, one in another at a rank.
    let (mut begin, mut end) = (vec![0; sketch.ranks], vec![0; sketch.ranks]);
    for leaf in 0..sketch.leaves.len() {
        let item = &sketch.items[leaf];
        let counts = |side: fn((usize, usize)) -> usize| {
            let zones = sketch.around(item.twig).filter(|zone| *zone != PAGE);
            zones
                .filter(|zone| side(sketch.twigs[*zone].ranks) == item.rank)
                .count()
        };
        begin[item.rank] = counts(|ranks| ranks.0).max(begin[item.rank]);
        end[item.rank] = counts(|ranks| ranks.1).max(end[item.rank]);
    }
    for zone in 1..sketch.zones.len() {
        let (low, high) = sketch.twigs[zone].ranks;
        if low == high {
            widths[low] = widths[low].max(sketch.title_width(zone) - 2.0 * PAD);
        }
    }
    let mut x = MARGIN;
    for rank in 0..sketch.ranks {
        x += PAD * begin[rank] as f64;
        sketch.columns.push((x, x + widths[rank]));
        x += widths[rank] + RANK_GAP + PAD * end[rank] as f64;
    }
    for item in &mut sketch.items {
        let (left, right) = sketch.columns[item.rank];
        item.x = f64::midpoint(left, right);
    }
}

/// How far below an item's centre its arrows are: under a label, at a shape's middle.
pub(super) fn anchor(sketch: &Sketch<'_>, item: usize) -> f64 {
    let leaves = sketch.leaves.len();
    let item_ = &sketch.items[item];
    if item < leaves {
        item_.above / 2.0
    } else {
        (item_.height / 2.0 - 2.0).max(0.0)
    }
}

/// Boundaries as narrow as their contents let them be, and everything from the margin on.
pub(super) fn frame(sketch: &mut Sketch<'_>) {
    const NONE: Rect = Rect {
        left: f64::MAX,
        right: f64::MIN,
        top: f64::MAX,
        bottom: f64::MIN,
    };
    sketch.rects.fill(NONE);
    for item in 0..sketch.items.len() {
        let zone = sketch.zone(item);
        let it = &sketch.items[item];
        let (w, h) = (it.width / 2.0, it.height / 2.0);
        let around = Rect {
            left: it.x - w,
            right: it.x + w,
            top: it.y - h,
            bottom: it.y + h,
        };
        sketch.rects[zone].hold(around);
    }
    for zone in (1..sketch.zones.len()).rev() {
        let mut rect = sketch.rects[zone];
        rect.left -= PAD;
        rect.right += PAD;
        rect.top -= PAD_TOP;
        rect.bottom += PAD;
        let (low, high) = sketch.twigs[zone].ranks;
        let lacking = sketch.title_width(zone) - (rect.right - rect.left);
        if low == high && lacking > 0.0 {
            rect.left -= lacking / 2.0;
            rect.right += lacking / 2.0;
        }
        sketch.rects[zone] = rect;
        let parent = sketch.twigs[zone].parent;
        sketch.rects[parent].hold(rect);
    }
    let page = sketch.rects[PAGE];
    let (x, y) = (MARGIN - page.left, MARGIN - page.top);
    if sketch.items.is_empty() {
        sketch.size = (240.0, 60.0);
        return;
    }
    for item in &mut sketch.items {
        item.x += x;
        item.y += y;
    }
    for column in &mut sketch.columns {
        column.0 += x;
        column.1 += x;
    }
    for rect in &mut sketch.rects {
        rect.left += x;
        rect.right += x;
        rect.top += y;
        rect.bottom += y;
    }
    sketch.size = (
        page.right - page.left + 2.0 * MARGIN,
        page.bottom - page.top + 2.0 * MARGIN,
    );
}

impl Rect {
    /// Grows around another.
    fn hold(&mut self, other: Self) {
        self.left = self.left.min(other.left);
        self.right = self.right.max(other.right);
        self.top = self.top.min(other.top);
        self.bottom = self.bottom.max(other.bottom);
    }
}
