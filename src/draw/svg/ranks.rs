//! How far right everything stands: requests go from left to right, boundary by boundary.

use super::sketch::{PAGE, Sketch};

/// The ranks of the sketch's nodes, boundaries and labels. Nodes stand on even ranks
/// first, labels between them; ranks that hold neither are taken out at the end.
pub(super) fn rank(sketch: &mut Sketch<'_>) {
    let sequence = turn(sketch);
    let mut flows = Flows::new(sketch);
    for leaf in &sequence {
        let (low, _) = flows.room(*leaf);
        flows.rank[*leaf] = low;
    }
    shift_zones(sketch, &mut flows);
    for _ in 0..4 {
        for leaf in sequence.iter().chain(sequence.iter().rev()) {
            gather(sketch, &mut flows, *leaf);
        }
    }
    spread(sketch, &mut flows);
    label_ranks(sketch, &flows);
    compact(sketch, flows.rank);
    zone_ranks(sketch);
}

/// Turns flows so that all between two things of a boundary run one way, most of them
/// forward, and gives the nodes in an order in which every flow runs forward.
fn turn(sketch: &mut Sketch<'_>) -> Vec<usize> {
    let mut between: Vec<Vec<(usize, usize)>> = vec![Vec::new(); sketch.zones.len()];
    for route in &sketch.routes {
        let (one, two) = asked(sketch, route.flow, route.ends);
        let pair = sketch.siblings(sketch.items[one].twig, sketch.items[two].twig);
        between[sketch.twigs[pair.0].parent].push(pair);
    }
    let mut position = vec![0; sketch.twigs.len()];
    let mut sequences = Vec::with_capacity(between.len());
    for (zone, flows) in between.iter().enumerate() {
        let sequence = forward(&sketch.twigs[zone].kids, flows);
        for (at, twig) in sequence.iter().enumerate() {
            position[*twig] = at;
        }
        sequences.push(sequence);
    }
    for at in 0..sketch.routes.len() {
        let (one, two) = sketch.routes[at].ends;
        let pair = sketch.siblings(sketch.items[one].twig, sketch.items[two].twig);
        if position[pair.0] > position[pair.1] {
            sketch.routes[at].ends = (two, one);
            sketch.routes[at].turned = true;
        }
    }
    let zones = sketch.zones.len();
    let mut leaves = Vec::new();
    let mut open = vec![PAGE];
    while let Some(twig) = open.pop() {
        match sequences.get(twig) {
            Some(inside) => open.extend(inside.iter().rev()),
            None => leaves.push(twig - zones),
        }
    }
    leaves
}

/// The ends of a flow, who asks first: an answer runs beside its request.
fn asked(sketch: &Sketch<'_>, flow: usize, ends: (usize, usize)) -> (usize, usize) {
    if sketch.diagram.flows[flow].is_response {
        (ends.1, ends.0)
    } else {
        ends
    }
}

/// An order of these twigs in which few flows run backward: again and again the first that
/// nothing leads to, else the one that more leads away from than to.
fn forward(twigs: &[usize], flows: &[(usize, usize)]) -> Vec<usize> {
    let mut left: Vec<usize> = twigs.to_vec();
    let mut flows: Vec<(usize, usize)> = flows.to_vec();
    let mut sequence = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let best = (0..left.len())
            .max_by_key(|at| {
                let count = |end: fn(&(usize, usize)) -> usize| {
                    flows.iter().filter(|flow| end(flow) == left[*at]).count() as i64
                };
                let (outward, inward) = (count(|f| f.0), count(|f| f.1));
                let free = inward == 0;
                (free, outward - inward, std::cmp::Reverse(*at))
            })
            .unwrap_or(0);
        let twig = left.remove(best);
        flows.retain(|(from, to)| *from != twig && *to != twig);
        sequence.push(twig);
    }
    sequence
}

/// Ranks while they are found, with the flows from left to right.
struct Flows {
    rank: Vec<usize>,
    ends: Vec<(usize, usize)>,
    /// The outermost boundary around each node, or the node itself.
    top: Vec<usize>,
}

impl Flows {
    fn new(sketch: &Sketch<'_>) -> Self {
        let top = (0..sketch.leaves.len()).map(|leaf| {
            let twig = sketch.items[leaf].twig;
            let zones = sketch.around(twig).filter(|zone| *zone != PAGE);
            zones.last().unwrap_or(twig)
        });
        Self {
            rank: vec![0; sketch.leaves.len()],
            ends: sketch.routes.iter().map(|route| route.ends).collect(),
            top: top.collect(),
        }
    }

    /// The first and last rank that a node may have: behind all that leads to it, before all
    /// that it leads to; and the outermost boundaries one behind the other in the same way.
    fn room(&self, leaf: usize) -> (usize, Option<usize>) {
        let top = self.top[leaf];
        let before = |(from, to): &(usize, usize)| match (self.top[*from], self.top[*to]) {
            (one, two) if two == top && one != top => Some(self.extent(one).1 + 2),
            _ => (*to == leaf).then(|| self.rank[*from] + 2),
        };
        let behind = |(from, to): &(usize, usize)| match (self.top[*from], self.top[*to]) {
            (one, two) if one == top && two != top => Some(self.extent(two).0.saturating_sub(2)),
            _ => (*from == leaf).then(|| self.rank[*to].saturating_sub(2)),
        };
        let low = self.ends.iter().filter_map(before).max();
        (low.unwrap_or(0), self.ends.iter().filter_map(behind).min())
    }

    /// The first and last rank in an outermost boundary, or of a node in none.
    fn extent(&self, top: usize) -> (usize, usize) {
        let inside = || (0..self.rank.len()).filter(|leaf| self.top[*leaf] == top);
        let ranks = || inside().map(|leaf| self.rank[leaf]);
        (ranks().min().unwrap_or(0), ranks().max().unwrap_or(0))
    }

    fn has_flows(&self, leaf: usize) -> bool {
        self.ends
            .iter()
            .any(|(from, to)| *from == leaf || *to == leaf)
    }
}

/// Moves boundaries that nothing leads into as far right as what they lead to.
fn shift_zones(sketch: &Sketch<'_>, flows: &mut Flows) {
    for zone in (1..sketch.zones.len()).rev() {
        let inside: Vec<bool> = (0..sketch.leaves.len())
            .map(|leaf| sketch.around(sketch.items[leaf].twig).any(|z| z == zone))
            .collect();
        let Some(slack) = slack(flows, &inside) else {
            continue;
        };
        for (rank, inside) in flows.rank.iter_mut().zip(inside) {
            *rank += if inside { slack } else { 0 };
        }
    }
}

/// How far right a boundary's nodes can move; `None` if something leads in, or nothing out.
fn slack(flows: &Flows, inside: &[bool]) -> Option<usize> {
    let members = || (0..inside.len()).filter(|leaf| inside[*leaf]);
    let top = flows.top[members().next()?];
    let last = members().map(|leaf| flows.rank[leaf]).max()?;
    let mut slack: Option<usize> = None;
    for (from, to) in &flows.ends {
        let room = match (flows.top[*from] == top, flows.top[*to] == top) {
            (_, true) if inside[*to] && !inside[*from] => return None,
            (true, true) if inside[*from] && !inside[*to] => {
                flows.rank[*to].saturating_sub(flows.rank[*from])
            }
            // Whatever leads out of the outermost boundary keeps all of it before its end.
            (true, false) => flows.extent(flows.top[*to]).0.saturating_sub(last),
            _ => continue,
        };
        let room = room.saturating_sub(2);
        slack = Some(slack.map_or(room, |slack| slack.min(room)));
    }
    slack
}

/// Moves a node to where most of its flows are short, but not away from those that lie in
/// one boundary with it.
fn gather(sketch: &Sketch<'_>, flows: &mut Flows, leaf: usize) {
    let (low, high) = flows.room(leaf);
    let outward = flows.ends.iter().filter(|(from, _)| *from == leaf).count();
    let inward = flows.ends.iter().filter(|(_, to)| *to == leaf).count();
    let mut wanted = match high {
        Some(high) if outward > inward => high,
        Some(_) | None => low,
    };
    if let Some((first, last)) = mates(sketch, flows, leaf) {
        wanted = wanted.clamp(first, last);
    }
    flows.rank[leaf] = wanted.max(low).min(high.unwrap_or(usize::MAX));
}

/// The ranks of the other nodes with flows that lie directly in the same boundary.
fn mates(sketch: &Sketch<'_>, flows: &Flows, leaf: usize) -> Option<(usize, usize)> {
    let zone = sketch.zone(leaf);
    if zone == PAGE {
        return None;
    }
    let ranks = || {
        (0..sketch.leaves.len())
            .filter(|other| *other != leaf && sketch.zone(*other) == zone)
            .filter(|other| flows.has_flows(*other))
            .map(|other| flows.rank[other])
    };
    Some((ranks().min()?, ranks().max()?))
}

/// Nodes without flows stand beside each other, from the first rank of their boundary on.
fn spread(sketch: &Sketch<'_>, flows: &mut Flows) {
    for zone in 0..sketch.zones.len() {
        let lonely: Vec<usize> = (0..sketch.leaves.len())
            .filter(|leaf| sketch.zone(*leaf) == zone)
            .filter(|leaf| !flows.has_flows(*leaf))
            .collect();
        let Some(one) = lonely.first() else { continue };
        let (first, last) = mates(sketch, flows, *one).unwrap_or((0, 0));
        let square = (lonely.len() as f64).sqrt().ceil() as usize;
        let columns = square.max((last - first) / 2 + 1);
        for (at, leaf) in lonely.iter().enumerate() {
            flows.rank[*leaf] = first + 2 * (at % columns);
        }
    }
}

/// A label stands in the middle of its arrow, between the nodes' ranks.
fn label_ranks(sketch: &mut Sketch<'_>, flows: &Flows) {
    for route in &mut sketch.routes {
        let middle = usize::midpoint(flows.rank[route.ends.0], flows.rank[route.ends.1]);
        route.label_rank = if middle % 2 == 1 { middle } else { middle - 1 };
    }
}

/// Takes out ranks in which nothing stands but passing arrows.
fn compact(sketch: &mut Sketch<'_>, ranks: Vec<usize>) {
    let labels = sketch.routes.iter().map(|route| route.label_rank);
    let mut used: Vec<usize> = ranks.iter().copied().chain(labels).collect();
    used.sort_unstable();
    used.dedup();
    let new = |rank: usize| used.partition_point(|other| *other < rank);
    for (leaf, rank) in ranks.into_iter().enumerate() {
        sketch.items[leaf].rank = new(rank);
    }
    for route in &mut sketch.routes {
        route.label_rank = new(route.label_rank);
    }
    sketch.ranks = used.len();
}

/// The first and last rank of every boundary.
fn zone_ranks(sketch: &mut Sketch<'_>) {
    for zone in 0..sketch.zones.len() {
        sketch.twigs[zone].ranks = (usize::MAX, 0);
    }
    for leaf in 0..sketch.leaves.len() {
        let item = &sketch.items[leaf];
        let (rank, twig) = (item.rank, item.twig);
        let around: Vec<usize> = sketch.around(twig).collect();
        for zone in around {
            let (low, high) = &mut sketch.twigs[zone].ranks;
            *low = rank.min(*low);
            *high = rank.max(*high);
        }
    }
}
