//! What stands how far down: near its neighbours, in boundaries that hold it tightly.

use super::place::{PAD, PAD_TOP, anchor};
use super::sketch::{PAGE, Sketch};

/// Between two things above each other.
const GAP: f64 = 18.0;
/// The same between two arrows that only pass.
const PASSING: f64 = 10.0;
/// From about this distance on a neighbour pulls no harder.
const FAR: f64 = 60.0;
/// How hard everything is pulled to the middle of each boundary around it, which keeps them
/// from being mostly empty.
const TOGETHER: f64 = 1.0;
/// How often everything is moved to where its neighbours are.
const ROUNDS: usize = 80;

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
    kind: Kind,
}

/// What stands at a position on the way down.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// The upper or lower side of a boundary.
    Side,
    /// An arrow without its label.
    Passing,
    /// A node or a label.
    Thing,
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
                    let kind = if half > 0.0 {
                        Kind::Thing
                    } else {
                        Kind::Passing
                    };
                    column.below(&mut last[item.rank], number, (half, half), kind);
                }
                continue;
            }
            if twig != PAGE {
                let number = column.number(None);
                let (low, high) = sketch.twigs[twig].ranks;
                let pads = if closing { (PAD, 0.0) } else { (0.0, PAD_TOP) };
                for slot in last.iter_mut().take(high + 1).skip(low) {
                    column.below(slot, number, pads, Kind::Side);
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
    fn below(&mut self, slot: &mut Option<Last>, number: usize, room: (f64, f64), kind: Kind) {
        if let Some(last) = *slot {
            // Two sides that follow one another are of two boundaries, or of one in another.
            let gap = match (last.kind, kind) {
                (Kind::Side, Kind::Side) if last.below > 0.0 || room.0 > 0.0 => 0.0,
                (Kind::Side, other) if other != Kind::Side && last.below > 0.0 => 0.0,
                (other, Kind::Side) if other != Kind::Side && room.0 > 0.0 => 0.0,
                (Kind::Passing, Kind::Passing) => PASSING,
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
            kind,
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

    /// Puts the sides of every boundary around what wants to be in it, from the innermost on.
    fn enclose(&self, wanted: &mut [f64], half: &[f64]) {
        for (upper, lower) in self.sides.iter().skip(1).rev() {
            let inside = || upper + 1..*lower;
            let top = inside()
                .map(|at| wanted[at] - half[at])
                .fold(f64::MAX, f64::min);
            let bottom = inside()
                .map(|at| wanted[at] + half[at])
                .fold(f64::MIN, f64::max);
            (wanted[*upper], wanted[*lower]) = (top - PAD_TOP, bottom + PAD);
        }
    }
}

/// Everything near its neighbours, and apart from what stands above and below.
pub(super) fn down(sketch: &mut Sketch<'_>) {
    let column = Column::new(sketch);
    let forces = Forces::new(sketch, &column);
    let mut y = column.settle(&vec![0.0; column.items.len()]);
    for round in 0..ROUNDS {
        // Less and less, so that it comes to rest.
        let share = 1.0 - round as f64 / ROUNDS as f64;
        let mut wanted = forces.wanted(&y, share);
        column.enclose(&mut wanted, &forces.half);
        y = column.settle(&wanted);
    }
    for (at, item) in column.items.iter().enumerate() {
        if let Some(item) = item {
            sketch.items[*item].y = y[at];
        }
    }
}

/// What draws a thing to another place, all by their numbers in the column.
struct Forces {
    links: Vec<Link>,
    /// What lies in each boundary, at any depth.
    members: Vec<Vec<usize>>,
    /// Half the height of each.
    half: Vec<f64>,
}

/// Two neighbours on the way of an arrow.
struct Link {
    ends: (usize, usize),
    /// How far above the second one the first one wants to be.
    offset: f64,
    weight: f64,
    /// The boundaries around the first and not the second, and the other way round.
    parted: (Vec<usize>, Vec<usize>),
}

impl Forces {
    fn new(sketch: &Sketch<'_>, column: &Column) -> Self {
        let mut number = vec![0; sketch.items.len()];
        for (at, item) in column.items.iter().enumerate() {
            if let Some(item) = item {
                number[*item] = at;
            }
        }
        let mut members = vec![Vec::new(); sketch.zones.len()];
        for (item, at) in number.iter().enumerate() {
            for zone in sketch.around(sketch.items[item].twig) {
                members[zone].push(*at);
            }
        }
        let leaves = sketch.leaves.len();
        let pairs = sketch
            .routes
            .iter()
            .flat_map(|route| route.items.windows(2));
        let links = pairs.map(|pair| Link {
            ends: (number[pair[0]], number[pair[1]]),
            offset: anchor(sketch, pair[1]) - anchor(sketch, pair[0]),
            weight: match (pair[0] < leaves, pair[1] < leaves) {
                (false, false) => 5.0,
                _ => 2.0,
            },
            parted: parted(sketch, pair[0], pair[1]),
        });
        let half = |at: &Option<usize>| at.map_or(0.0, |item| sketch.items[item].height / 2.0);
        Self {
            links: links.collect(),
            members,
            half: column.items.iter().map(half).collect(),
        }
    }

    /// Where everything that stands at `y` would be: at the level of its neighbours, near the
    /// middle of its boundaries, and by its `share` where those move as a whole.
    fn wanted(&self, y: &[f64], share: f64) -> Vec<f64> {
        let mut pull: Vec<(f64, f64)> = y.iter().map(|y| (y * 0.5, 0.5)).collect();
        let mut whole = vec![(0.0, 0.5); self.members.len()];
        for link in &self.links {
            let (one, two) = link.ends;
            let way = y[two] + link.offset - y[one];
            let weight = fading(link.weight, way);
            pull[one].0 += weight * (y[one] + way);
            pull[one].1 += weight;
            pull[two].0 += weight * (y[two] - way);
            pull[two].1 += weight;
            for (zones, way) in [(&link.parted.0, way), (&link.parted.1, -way)] {
                for zone in zones {
                    whole[*zone].0 += weight * way;
                    whole[*zone].1 += weight;
                }
            }
        }
        for members in &self.members {
            let middle = members.iter().map(|at| y[*at]).sum::<f64>() / members.len().max(1) as f64;
            for at in members {
                let weight = fading(TOGETHER, middle - y[*at]);
                pull[*at].0 += weight * middle;
                pull[*at].1 += weight;
            }
        }
        let mut wanted: Vec<f64> = pull.iter().map(|(sum, weight)| sum / weight).collect();
        // One by one what lies in a boundary would follow its neighbours too slowly.
        for (members, (sum, weight)) in self.members.iter().zip(&whole).skip(1) {
            for at in members {
                wanted[*at] += (sum / weight).clamp(-FAR, FAR) * share;
            }
        }
        wanted
    }
}

/// A weight at a distance: what is far away pulls about as hard as what is near, or else one
/// long arrow would tear a boundary open.
fn fading(weight: f64, way: f64) -> f64 {
    weight / (1.0 + way.abs() / FAR)
}

/// The boundaries around one item, and those around the other, that are not around both.
fn parted(sketch: &Sketch<'_>, one: usize, two: usize) -> (Vec<usize>, Vec<usize>) {
    let around = |item: usize| sketch.around(sketch.items[item].twig);
    let only = |one, two| {
        let other: Vec<usize> = around(two).collect();
        around(one).filter(|zone| !other.contains(zone)).collect()
    };
    (only(one, two), only(two, one))
}
