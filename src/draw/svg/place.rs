//! Where exactly everything stands.

use super::sketch::{PAGE, Rect, Sketch};

/// Between two things above each other.
const GAP: f64 = 18.0;
/// Between a boundary and what lies in it.
const PAD: f64 = 14.0;
/// The same above, where its name stands.
const PAD_TOP: f64 = 34.0;
/// Between two ranks.
const RANK_GAP: f64 = 36.0;
/// Around the page.
const MARGIN: f64 = 12.0;
/// How often everything is moved to where its neighbours are.
const ROUNDS: usize = 80;

/// Gives every item its centre, every boundary its rectangle, the page its size.
pub(super) fn place(sketch: &mut Sketch<'_>) {
    across(sketch);
    down(sketch);
    frame(sketch);
}

/// Ranks beside each other; where boundaries begin or end there is room for their sides.
fn across(sketch: &mut Sketch<'_>) {
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

/// That something stands at least so far below something else, by their numbers.
struct Apart {
    upper: usize,
    lower: usize,
    distance: f64,
}

/// Things that move up and down, in the order from top to bottom.
struct Column {
    /// Which item each is; `None` for the upper and lower sides of boundaries.
    items: Vec<Option<usize>>,
    apart: Vec<Apart>,
    /// The sides of every boundary.
    sides: Vec<(usize, usize)>,
}

/// What was last met in a rank on the way down.
#[derive(Clone, Copy)]
struct Last {
    number: usize,
    below: f64,
    is_side: bool,
}

impl Column {
    fn new(sketch: &Sketch<'_>) -> Self {
        let mut column = Self {
            items: Vec::new(),
            apart: Vec::new(),
            sides: vec![(0, 0); sketch.zones.len()],
        };
        let mut pieces: Vec<Vec<usize>> = vec![Vec::new(); sketch.twigs.len()];
        for (at, item) in sketch.items.iter().enumerate() {
            pieces[item.twig].push(at);
        }
        let mut last: Vec<Option<Last>> = vec![None; sketch.ranks];
        // A boundary is met twice: at its upper and its lower side.
        let mut open = vec![(PAGE, false)];
        while let Some((twig, closing)) = open.pop() {
            if twig >= sketch.zones.len() {
                for item in &pieces[twig] {
                    let number = column.number(Some(*item));
                    let item = &sketch.items[*item];
                    let half = item.height / 2.0;
                    column.below(&mut last[item.rank], number, (half, half), false);
                }
                continue;
            }
            if twig != PAGE {
                let number = column.number(None);
                let (low, high) = sketch.twigs[twig].ranks;
                let pads = if closing { (PAD, 0.0) } else { (0.0, PAD_TOP) };
                for slot in last.iter_mut().take(high + 1).skip(low) {
                    column.below(slot, number, pads, true);
                }
                if closing {
                    column.sides[twig].1 = number;
                } else {
                    column.sides[twig].0 = number;
                }
            }
            if !closing {
                open.push((twig, true));
                open.extend(
                    sketch.twigs[twig]
                        .kids
                        .iter()
                        .rev()
                        .map(|kid| (*kid, false)),
                );
            }
        }
        column
    }

    fn number(&mut self, item: Option<usize>) -> usize {
        self.items.push(item);
        self.items.len() - 1
    }

    /// The next thing on the way down a rank; `room` above and below its position.
    fn below(&mut self, slot: &mut Option<Last>, number: usize, room: (f64, f64), is_side: bool) {
        if let Some(last) = *slot {
            // Two sides that follow one another are of two boundaries, or of one in another.
            let gap = match (last.is_side, is_side) {
                (true, true) if last.below > 0.0 || room.0 > 0.0 => 0.0,
                (true, false) if last.below > 0.0 => 0.0,
                (false, true) if room.0 > 0.0 => 0.0,
                _ => GAP,
            };
            self.apart.push(Apart {
                upper: last.number,
                lower: number,
                distance: last.below + gap + room.0,
            });
        }
        *slot = Some(Last {
            number,
            below: room.1,
            is_side,
        });
    }

    /// The positions nearest to the wanted ones that keep everything apart: the mean of
    /// moving only down and moving only up, which both do.
    fn settle(&self, wanted: &[f64]) -> Vec<f64> {
        let (mut down, mut up) = (wanted.to_vec(), wanted.to_vec());
        // `apart` is sorted by its lower end, and what is below has the greater number.
        for apart in &self.apart {
            down[apart.lower] = down[apart.lower].max(down[apart.upper] + apart.distance);
        }
        for apart in self.apart.iter().rev() {
            up[apart.upper] = up[apart.upper].min(up[apart.lower] - apart.distance);
        }
        down.iter()
            .zip(&up)
            .map(|(a, b)| f64::midpoint(*a, *b))
            .collect()
    }
}

/// Everything near its neighbours, and apart from what stands above and below.
fn down(sketch: &mut Sketch<'_>) {
    let column = Column::new(sketch);
    let mut number = vec![0; sketch.items.len()];
    for (at, item) in column.items.iter().enumerate() {
        if let Some(item) = item {
            number[*item] = at;
        }
    }
    let leaves = sketch.leaves.len();
    let mut links = Vec::new();
    for route in &sketch.routes {
        for pair in route.items.windows(2) {
            let weight = match (pair[0] < leaves, pair[1] < leaves) {
                (false, false) => 5.0,
                _ => 2.0,
            };
            links.push((number[pair[0]], number[pair[1]], weight));
        }
    }
    let offset = |at: usize| column.items[at].map_or(0.0, |item| anchor(sketch, item));
    let mut y = column.settle(&vec![0.0; column.items.len()]);
    for _ in 0..ROUNDS {
        let mut pull: Vec<(f64, f64)> = y.iter().map(|y| (y * 0.5, 0.5)).collect();
        for (a, b, weight) in &links {
            pull[*a].0 += weight * (y[*b] + offset(*b) - offset(*a));
            pull[*a].1 += weight;
            pull[*b].0 += weight * (y[*a] + offset(*a) - offset(*b));
            pull[*b].1 += weight;
        }
        let mut wanted: Vec<f64> = pull.iter().map(|(sum, weight)| sum / weight).collect();
        for sides in column.sides.iter().skip(1) {
            let inside = sides.0 + 1..sides.1;
            let middle =
                inside.clone().map(|at| wanted[at]).sum::<f64>() / inside.len().max(1) as f64;
            wanted[sides.0] = wanted[inside.clone()]
                .iter()
                .copied()
                .fold(middle, f64::min)
                - PAD_TOP;
            wanted[sides.1] = wanted[inside].iter().copied().fold(middle, f64::max) + PAD;
        }
        y = column.settle(&wanted);
    }
    for (at, item) in column.items.iter().enumerate() {
        if let Some(item) = item {
            sketch.items[*item].y = y[at];
        }
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
fn frame(sketch: &mut Sketch<'_>) {
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
