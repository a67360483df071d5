//! What is laid out: boundaries and nodes as a tree, flows as chains of pieces.

use std::collections::BTreeMap;

use super::super::changes::Mark;
use super::super::diagram::{Diagram, Flow, Node, Part, Shape};
use super::super::label::wrap;
use super::text::{widest, width};

/// The page itself, as the outermost boundary.
pub(super) const PAGE: usize = 0;
/// The height of a line of a node's name, and its font's size.
pub(super) const NODE_LINE: (f64, f64) = (15.0, 12.0);
/// The same of a flow's label.
pub(super) const FLOW_LINE: (f64, f64) = (13.5, 11.0);
/// The size of a boundary's name, which is bold and so wider than it is high.
pub(super) const ZONE_FONT: f64 = 13.0;
/// Room above a node for arrows from it to itself.
pub(super) const LOOP: f64 = 30.0;

/// A thing in the tree: a boundary, a node, or a run of an arrow's pieces in one boundary.
#[derive(Clone, Debug, Default)]
pub(super) struct Twig {
    /// The boundary it lies in; the page lies in itself.
    pub parent: usize,
    pub depth: usize,
    /// What lies in it, from top to bottom.
    pub kids: Vec<usize>,
    /// First and last rank of its nodes.
    pub ranks: (usize, usize),
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rect {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

/// A node, or the piece of an arrow in one rank.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    /// Its place in the tree.
    pub twig: usize,
    pub rank: usize,
    pub width: f64,
    pub height: f64,
    /// Room above the shape, part of `height`.
    pub above: f64,
    /// Its centre.
    pub x: f64,
    pub y: f64,
}

/// A node as it is drawn.
pub(super) struct Leaf<'d> {
    /// `None` keeps an empty boundary open.
    pub node: Option<&'d Node>,
    pub lines: Vec<String>,
    /// Labels of flows to itself.
    pub loops: Vec<(usize, Vec<String>)>,
}

/// A flow on its way from left to right.
pub(super) struct Route {
    /// Which of the diagram's flows.
    pub flow: usize,
    /// The nodes at its left and right.
    pub ends: (usize, usize),
    /// Whether the flow runs from right to left.
    pub turned: bool,
    /// Its items from left to right, ends included.
    pub items: Vec<usize>,
    /// The rank of its label, and which of `items` that is.
    pub label_rank: usize,
    pub label_at: usize,
    /// What its label says: lines, and how many of them are its name.
    pub lines: Vec<String>,
    pub named: usize,
}

/// Everything that is laid out.
pub(super) struct Sketch<'d> {
    pub diagram: &'d Diagram,
    /// Boundaries first, the page before all; then nodes; then runs of pieces.
    pub twigs: Vec<Twig>,
    /// The part of the diagram that a boundary is.
    pub zones: Vec<Option<usize>>,
    pub rects: Vec<Rect>,
    pub leaves: Vec<Leaf<'d>>,
    /// Nodes first, as in `leaves`; then pieces.
    pub items: Vec<Item>,
    pub routes: Vec<Route>,
    /// How many ranks there are.
    pub ranks: usize,
    /// The left and right side of every rank.
    pub columns: Vec<(f64, f64)>,
    pub size: (f64, f64),
}

impl<'d> Sketch<'d> {
    pub(super) fn new(diagram: &'d Diagram) -> Self {
        let mut sketch = Self {
            diagram,
            twigs: vec![Twig::default()],
            zones: vec![None],
            rects: Vec::new(),
            leaves: Vec::new(),
            items: Vec::new(),
            routes: Vec::new(),
            ranks: 0,
            columns: Vec::new(),
            size: (0.0, 0.0),
        };
        let nodes = sketch.nest();
        let ids: BTreeMap<u32, usize> = nodes
            .iter()
            .enumerate()
            .filter_map(|(leaf, (node, _))| Some((node.as_ref()?.id, leaf)))
            .collect();
        for (node, zone) in &nodes {
            sketch.leaf(*node, *zone);
        }
        for (at, flow) in diagram.flows.iter().enumerate() {
            if let (Some(source), Some(sink)) = (ids.get(&flow.source), ids.get(&flow.sink)) {
                sketch.flow(at, flow, *source, *sink);
            }
        }
        for at in 0..sketch.leaves.len() {
            sketch.measure(at);
        }
        sketch
    }

    /// Boundaries as twigs; gives the nodes, each with its boundary.
    fn nest(&mut self) -> Vec<(Option<&'d Node>, usize)> {
        let diagram = self.diagram;
        let mut nodes = Vec::new();
        let mut open = vec![PAGE];
        for (at, part) in diagram.parts.iter().enumerate() {
            let zone = open.last().copied().unwrap_or(PAGE);
            match part {
                Part::Open(_) => {
                    let id = self.twig(zone);
                    self.zones.push(Some(at));
                    open.push(id);
                    if diagram.parts.get(at + 1) == Some(&Part::Close) {
                        nodes.push((None, id));
                    }
                }
                Part::Node(node) => nodes.push((Some(node), zone)),
                Part::Close => {
                    open.pop();
                }
            }
        }
        self.rects = vec![Rect::default(); self.zones.len()];
        nodes
    }

    fn twig(&mut self, parent: usize) -> usize {
        let id = self.twigs.len();
        self.twigs.push(Twig {
            parent,
            depth: self.twigs[parent].depth + 1,
            ..Twig::default()
        });
        self.twigs[parent].kids.push(id);
        id
    }

    fn leaf(&mut self, node: Option<&'d Node>, zone: usize) {
        let twig = self.twig(zone);
        let lines = node.map_or_else(Vec::new, |node| {
            let most = match node.shape {
                Shape::Process | Shape::Processes => 13,
                _ => 18,
            };
            let mut lines = wrap(&node.name, most);
            lines.extend(marked(node.mark));
            lines
        });
        self.leaves.push(Leaf {
            node,
            lines,
            loops: Vec::new(),
        });
        self.items.push(Item {
            twig,
            ..Item::default()
        });
    }

    fn flow(&mut self, at: usize, flow: &Flow, source: usize, sink: usize) {
        let lines = said(flow);
        if source == sink {
            let all = lines.0.into_iter().chain(lines.1).collect();
            self.leaves[source].loops.push((at, all));
            return;
        }
        let named = lines.0.len();
        self.routes.push(Route {
            flow: at,
            ends: (source, sink),
            turned: false,
            items: Vec::new(),
            label_rank: 0,
            label_at: 0,
            lines: lines.0.into_iter().chain(lines.1).collect(),
            named,
        });
    }

    /// The size of a node, with room for arrows to itself.
    fn measure(&mut self, at: usize) {
        let leaf = &self.leaves[at];
        let text = (
            widest(&leaf.lines, NODE_LINE.1),
            leaf.lines.len() as f64 * NODE_LINE.0,
        );
        let (width, height) = match leaf.node.map(|node| node.shape) {
            None => (70.0, 24.0),
            Some(Shape::Anchor) => (10.0, 10.0),
            Some(Shape::Process | Shape::Processes) => {
                let across = (text.0 * text.0 + text.1 * text.1).sqrt() + 14.0;
                (across.max(64.0), across.max(64.0))
            }
            Some(Shape::Machine) => ((text.0 + 44.0).max(96.0), (text.1 + 24.0).max(48.0)),
            Some(_) => ((text.0 + 28.0).max(92.0), (text.1 + 22.0).max(44.0)),
        };
        let mut item = Item {
            width,
            height,
            ..self.items[at].clone()
        };
        if !leaf.loops.is_empty() {
            let lines = || leaf.loops.iter().flat_map(|(_, lines)| lines);
            item.above = LOOP + lines().count() as f64 * FLOW_LINE.0;
            item.height += item.above;
            let widest = lines().map(|line| super::text::width(line, FLOW_LINE.1));
            item.width = widest.fold(item.width, f64::max);
        }
        self.items[at] = item;
    }

    /// The boundary that an item lies in.
    pub(super) fn zone(&self, item: usize) -> usize {
        self.twigs[self.items[item].twig].parent
    }

    /// The boundaries around a twig, from the innermost, the page last.
    pub(super) fn around(&self, twig: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = twig;
        std::iter::from_fn(move || {
            if at == PAGE {
                return None;
            }
            at = self.twigs[at].parent;
            Some(at)
        })
    }

    /// The two twigs in one boundary that hold, or are, these two.
    pub(super) fn siblings(&self, mut one: usize, mut two: usize) -> (usize, usize) {
        while self.twigs[one].parent != self.twigs[two].parent {
            let (left, right) = (self.twigs[one].depth, self.twigs[two].depth);
            if left >= right {
                one = self.twigs[one].parent;
            }
            if right >= left {
                two = self.twigs[two].parent;
            }
        }
        (one, two)
    }

    /// How many pieces all arrows have together.
    pub(super) fn pieces(&self) -> usize {
        let ranks = |route: &Route| self.items[route.ends.1].rank - self.items[route.ends.0].rank;
        self.routes.iter().map(ranks).sum()
    }

    /// Gives every arrow a piece in each rank that it crosses. A piece lies in the innermost
    /// boundary around one of the ends that has that rank, so that an arrow leaves and
    /// enters boundaries at their sides.
    pub(super) fn lay_chains(&mut self) {
        for at in 0..self.routes.len() {
            let (left, right) = self.routes[at].ends;
            let (from, to) = (self.items[left].rank, self.items[right].rank);
            let mut items = vec![left];
            let mut run: Option<usize> = None;
            for rank in from + 1..to {
                let zone = self.zone_of_piece(left, right, rank);
                let twig = match run.filter(|run| self.twigs[*run].parent == zone) {
                    Some(run) => run,
                    None => self.twig(zone),
                };
                run = Some(twig);
                if rank == self.routes[at].label_rank {
                    self.routes[at].label_at = items.len();
                }
                items.push(self.items.len());
                let piece = self.piece(at, twig, rank);
                self.items.push(piece);
            }
            items.push(right);
            self.routes[at].items = items;
        }
    }

    fn zone_of_piece(&self, left: usize, right: usize, rank: usize) -> usize {
        let has = |zone: &usize| {
            let (low, high) = self.twigs[*zone].ranks;
            *zone == PAGE || (low <= rank && rank <= high)
        };
        let innermost = |leaf: usize| self.around(self.items[leaf].twig).find(has).unwrap_or(PAGE);
        let (one, two) = (innermost(left), innermost(right));
        let deeper = self.twigs[two].depth.cmp(&self.twigs[one].depth);
        let nearer = (rank - self.items[left].rank).cmp(&(self.items[right].rank - rank));
        if deeper.then(nearer).is_gt() {
            two
        } else {
            one
        }
    }

    fn piece(&self, route: usize, twig: usize, rank: usize) -> Item {
        let route = &self.routes[route];
        let item = Item {
            twig,
            rank,
            ..Item::default()
        };
        if rank != route.label_rank {
            return item;
        }
        Item {
            width: widest(&route.lines, FLOW_LINE.1) + 12.0,
            height: route.lines.len() as f64 * FLOW_LINE.0 + 5.0,
            ..item
        }
    }

    /// The name of a boundary, no wider than it is drawn.
    pub(super) fn title(&self, zone: usize) -> Option<(String, &'d super::super::diagram::Zone)> {
        let Some(Part::Open(said)) = self.diagram.parts.get(self.zones[zone]?) else {
            return None;
        };
        let mut name = said.name.clone();
        if let Some(mark) = marked(said.mark) {
            name = format!("{name} {mark}");
        }
        Some((name, said))
    }

    /// How wide a boundary must be for its name.
    pub(super) fn title_width(&self, zone: usize) -> f64 {
        let title = self.title(zone);
        title.map_or(0.0, |(name, _)| width(&name, ZONE_FONT).min(240.0) + 24.0)
    }
}

/// What a label says: the lines of the name, and those of what is carried.
fn said(flow: &Flow) -> (Vec<String>, Vec<String>) {
    const MOST: usize = 24;
    let detail = |text: &str| match text {
        "" => Vec::new(),
        text => wrap(text, MOST + 2),
    };
    let mut more = detail(&flow.detail);
    if let Some((name, carried)) = &flow.response {
        more.extend(wrap(&format!("↩ {name}"), MOST));
        more.extend(detail(carried));
    }
    more.extend(marked(flow.mark));
    (wrap(&flow.label, MOST), more)
}

fn marked(mark: Mark) -> Option<String> {
    match mark {
        Mark::Same => None,
        Mark::Changed => Some("(changed)".to_owned()),
        Mark::New => Some("(new)".to_owned()),
    }
}
