//! What stands above what: the order of everything in a boundary, the same in each of its
//! ranks, chosen so that few arrows cross.

use super::sketch::{PAGE, Sketch};

/// How often everything is moved to where its neighbours are.
const SWEEPS: usize = 24;
/// How many pairs of pieces are compared at most before the order is good enough.
const BUDGET: usize = 2_000_000;

/// Orders the contents of every boundary.
pub(super) fn order(sketch: &mut Sketch<'_>) {
    let links = Links::new(sketch);
    let mut best = (links.cost(sketch), kids(sketch));
    for sweep in 0..SWEEPS {
        sort(
            sketch,
            &links,
            [Side::Left, Side::Right, Side::Both][sweep % 3],
        );
        let cost = links.cost(sketch);
        if cost < best.0 {
            best = (cost, kids(sketch));
        }
    }
    for (twig, kids) in sketch.twigs.iter_mut().zip(best.1) {
        twig.kids = kids;
    }
    swap(sketch, &links, best.0);
}

fn kids(sketch: &Sketch<'_>) -> Vec<Vec<usize>> {
    sketch.twigs.iter().map(|twig| twig.kids.clone()).collect()
}

/// Which neighbours count.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
    Both,
}

/// The pieces between neighbouring ranks, and the items of every rank.
struct Links {
    /// By the rank of the left item.
    between: Vec<Vec<(usize, usize)>>,
    ranks: Vec<Vec<usize>>,
    /// How many pairs one look at the cost compares.
    effort: usize,
}

impl Links {
    fn new(sketch: &Sketch<'_>) -> Self {
        let mut between = vec![Vec::new(); sketch.ranks];
        for route in &sketch.routes {
            for pair in route.items.windows(2) {
                between[sketch.items[pair[0]].rank].push((pair[0], pair[1]));
            }
        }
        let mut ranks = vec![Vec::new(); sketch.ranks];
        for (at, item) in sketch.items.iter().enumerate() {
            ranks[item.rank].push(at);
        }
        let effort = between.iter().map(|links| links.len() * links.len()).sum();
        Self {
            between,
            ranks,
            effort,
        }
    }

    /// Where each item stands in its rank, counted from the rank's middle.
    fn positions(&self, sketch: &Sketch<'_>) -> Vec<f64> {
        let number = numbers(sketch);
        let mut positions = vec![0.0; sketch.items.len()];
        for rank in &self.ranks {
            let mut sorted = rank.clone();
            sorted.sort_by_key(|item| number[sketch.items[*item].twig]);
            let middle = (sorted.len() as f64 - 1.0) / 2.0;
            for (at, item) in sorted.iter().enumerate() {
                positions[*item] = at as f64 - middle;
            }
        }
        positions
    }

    /// Crossings first, then how far arrows lead up and down.
    fn cost(&self, sketch: &Sketch<'_>) -> f64 {
        let at = self.positions(sketch);
        let mut cost = 0.0;
        for links in &self.between {
            for (i, (a, b)) in links.iter().enumerate() {
                cost += (at[*a] - at[*b]).abs() * 0.05;
                let crossed = links[..i]
                    .iter()
                    .filter(|(c, d)| (at[*a] - at[*c]) * (at[*b] - at[*d]) < 0.0);
                cost += crossed.count() as f64;
            }
        }
        cost
    }
}

/// The position of every twig when the tree is read from top to bottom.
fn numbers(sketch: &Sketch<'_>) -> Vec<usize> {
    let mut numbers = vec![0; sketch.twigs.len()];
    let mut open = vec![PAGE];
    let mut next = 0;
    while let Some(twig) = open.pop() {
        numbers[twig] = next;
        next += 1;
        open.extend(sketch.twigs[twig].kids.iter().rev());
    }
    numbers
}

/// Sorts every boundary's contents by where their neighbours outside them stand.
fn sort(sketch: &mut Sketch<'_>, links: &Links, side: Side) {
    let at = links.positions(sketch);
    let count = sketch.twigs.len();
    let (mut pulled, mut own) = (vec![(0.0, 0_u32); count], vec![(0.0, 0_u32); count]);
    for (item, position) in at.iter().enumerate() {
        let twig = sketch.items[item].twig;
        for twig in std::iter::once(twig).chain(sketch.around(twig)) {
            own[twig].0 += position;
            own[twig].1 += 1;
        }
    }
    for (a, b) in links.between.iter().flatten() {
        let ends = (sketch.items[*a].twig, sketch.items[*b].twig);
        if ends.0 == ends.1 {
            continue;
        }
        let tops = sketch.siblings(ends.0, ends.1);
        let mut pull = |from: usize, top: usize, position: f64| {
            let mut twig = from;
            loop {
                pulled[twig].0 += position;
                pulled[twig].1 += 1;
                if twig == top {
                    break;
                }
                twig = sketch.twigs[twig].parent;
            }
        };
        if side != Side::Left {
            pull(ends.0, tops.0, at[*b]);
        }
        if side != Side::Right {
            pull(ends.1, tops.1, at[*a]);
        }
    }
    let mean = |(sum, count): (f64, u32)| (count > 0).then(|| sum / f64::from(count));
    let key = |twig: usize| {
        mean(pulled[twig])
            .or_else(|| mean(own[twig]))
            .unwrap_or(0.0)
    };
    for zone in 0..sketch.zones.len() {
        sketch.twigs[zone]
            .kids
            .sort_by(|a, b| key(*a).total_cmp(&key(*b)));
    }
}

/// Swaps neighbours as long as that helps.
fn swap(sketch: &mut Sketch<'_>, links: &Links, mut cost: f64) {
    let mut budget = BUDGET;
    let mut better = true;
    while better {
        better = false;
        for zone in 0..sketch.zones.len() {
            for at in 1..sketch.twigs[zone].kids.len() {
                let Some(left) = budget.checked_sub(links.effort + sketch.items.len() * 8) else {
                    return;
                };
                budget = left;
                sketch.twigs[zone].kids.swap(at - 1, at);
                let new = links.cost(sketch);
                if new < cost {
                    cost = new;
                    better = true;
                } else {
                    sketch.twigs[zone].kids.swap(at - 1, at);
                }
            }
        }
    }
}
