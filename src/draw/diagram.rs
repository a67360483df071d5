//! The data-flow diagram, whichever the language: boundaries opened and closed
//! around nodes, then flows between them.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::{Changes, Mark};
use super::label::line;
use crate::model::vocabulary::Class;
use crate::report::{Edge, Graph, Node as Element, Severity};

/// How many Data a flow's label names.
const MOST_DATA: usize = 3;

/// What is drawn, and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only what is on one of these levels; empty for everything.
    pub levels: BTreeSet<i64>,
    /// Only these nodes, with the boundaries around them and the flows between them; `None`
    /// for all.
    pub only: Option<BTreeSet<u32>>,
    /// Draw a response on its request's arrow; `None` leaves it to the model.
    pub merge_responses: Option<bool>,
    /// Colours by the worst finding of each element id; `None` for no colours.
    pub severities: Option<BTreeMap<u32, Severity>>,
    /// What is marked as new or changed.
    pub changes: Changes,
    /// Set before every id of the drawing, for several drawings on one page.
    pub prefix: String,
}

/// A data-flow diagram.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagram {
    /// The model's name, as a line.
    pub title: String,
    /// Nodes, and boundaries opened and closed around them. A list rather than
    /// a tree, so that no depth of nesting needs a deep stack.
    pub parts: Vec<Part>,
    /// Flows between nodes of `parts`, in their order.
    pub flows: Vec<Flow>,
    /// Set before every id.
    pub prefix: String,
}

/// A piece of the drawing, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A boundary begins.
    Open(Zone),
    /// A node in the innermost open boundary.
    Node(Node),
    /// The innermost open boundary ends.
    Close,
}

/// A boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Its id in the model.
    pub id: u32,
    /// Its name, as a line.
    pub name: String,
    /// What the change did to it.
    pub mark: Mark,
    /// Whether it is judged.
    pub in_scope: bool,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its id in the model.
    pub id: u32,
    /// Its name, as a line.
    pub name: String,
    /// Its class.
    pub class: String,
    /// Its outline.
    pub shape: Shape,
    /// What the change did to it.
    pub mark: Mark,
    /// Whether it is judged.
    pub in_scope: bool,
    /// Its colour.
    pub tone: Tone,
}

/// The outlines of the field, and pytm's own for what the field has none for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Somebody or something outside: a rectangle.
    Entity,
    /// Something that runs: a circle.
    Process,
    /// Several that run: a double circle.
    Processes,
    /// Something that keeps data: two lines.
    Store,
    /// A language model or agent: a hexagon.
    Machine,
    /// Anything else: a rounded rectangle.
    Asset,
    /// The end of a flow that names a boundary: a dot inside it.
    Anchor,
}

impl Shape {
    /// The outline of a class.
    fn of(class: &str) -> Self {
        match Class::named(class) {
            Some(Class::Actor | Class::ExternalEntity) => Self::Entity,
            Some(Class::SetOfProcesses) => Self::Processes,
            Some(Class::Server | Class::Process | Class::Lambda) => Self::Process,
            Some(Class::Datastore) => Self::Store,
            Some(Class::LLM | Class::Agent) => Self::Machine,
            _ => Self::Asset,
        }
    }
}

/// The colour of a node or flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Nobody asked for colours.
    Plain,
    /// Not judged.
    Grey,
    /// Nothing open.
    Calm,
    /// The worst that is open.
    Worst(Severity),
}

/// A flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Its id in the model.
    pub id: u32,
    /// Where it starts.
    pub source: u32,
    /// Where it ends.
    pub sink: u32,
    /// Order and name, as a line.
    pub label: String,
    /// Protocol and data, as a line; may be empty.
    pub detail: String,
    /// The response that is drawn on the same arrow: its label and detail.
    pub response: Option<(String, String)>,
    /// Whether it answers another flow.
    pub is_response: bool,
    /// What the change did to it.
    pub mark: Mark,
    /// Whether it is judged.
    pub in_scope: bool,
    /// Its colour.
    pub tone: Tone,
}

impl Diagram {
    /// The diagram of a model's graph.
    ///
    /// A node is drawn when it is on a wanted level, a boundary then when
    /// something in it is drawn, a flow when both its ends are drawn and it is
    /// no duplicate (docs/semantics.md §2.3).
    pub fn new(name: &str, graph: &Graph, options: &Options) -> Self {
        Drawing::new(graph, options).finish(name)
    }

    /// How many nodes are drawn.
    pub fn nodes(&self) -> usize {
        let is_node = |part: &&Part| matches!(part, Part::Node(_));
        self.parts.iter().filter(is_node).count()
    }
}

/// A boundary's or the page's content: ids, with whether each is a boundary.
type Content = BTreeMap<Option<u32>, Vec<(u32, bool)>>;

struct Drawing<'a> {
    graph: &'a Graph,
    options: &'a Options,
    elements: BTreeMap<u32, &'a Element>,
    boundaries: BTreeMap<u32, &'a Element>,
    drawn: BTreeSet<u32>,
}

impl<'a> Drawing<'a> {
    fn new(graph: &'a Graph, options: &'a Options) -> Self {
        let by_id = |nodes: &'a [Element]| nodes.iter().map(|node| (node.id, node)).collect();
        let mut drawing = Self {
            graph,
            options,
            elements: by_id(&graph.elements),
            boundaries: by_id(&graph.boundaries),
            drawn: BTreeSet::new(),
        };
        drawing.drawn = drawing.choose();
        drawing
    }

    /// Whether something on these levels is wanted.
    fn wanted(&self, levels: &[i64]) -> bool {
        self.options.levels.is_empty() || levels.iter().any(|l| self.options.levels.contains(l))
    }

    /// The ids of nodes and boundaries that are drawn.
    fn choose(&self) -> BTreeSet<u32> {
        let mut drawn: BTreeSet<u32> = self
            .elements
            .values()
            .filter(|element| self.wanted(&element.levels))
            .map(|element| element.id)
            .collect();
        if let Some(only) = &self.options.only {
            drawn.retain(|id| only.contains(id));
            drawn.extend(self.boundaries.keys().filter(|id| only.contains(id)));
        } else if self.options.levels.is_empty() {
            drawn.extend(self.boundaries.keys());
            return drawn;
        }
        let inner: Vec<u32> = drawn.iter().copied().collect();
        let node = |id: u32| self.elements.get(&id).or_else(|| self.boundaries.get(&id));
        for id in inner {
            let mut at = node(id).and_then(|node| node.boundary);
            while let Some(boundary) = at.filter(|id| drawn.insert(*id)) {
                at = node(boundary).and_then(|node| node.boundary);
            }
        }
        drawn
    }

    fn finish(&self, name: &str) -> Diagram {
        let flows = self.flows();
        let ends: BTreeSet<u32> = flows.iter().flat_map(|f| [f.source, f.sink]).collect();
        Diagram {
            title: line(name),
            parts: self.parts(&ends),
            flows,
            prefix: self.options.prefix.clone(),
        }
    }

    /// What lies directly in which boundary, in the order of declaration. A
    /// circle of boundaries is cut at its first one.
    fn content(&self) -> Content {
        let mut content = Content::new();
        let mut place = |node: &Element, parent: Option<u32>, is_boundary| {
            content
                .entry(parent)
                .or_default()
                .push((node.id, is_boundary));
        };
        for node in self.elements.values() {
            let parent = node.boundary.filter(|id| self.boundaries.contains_key(id));
            place(node, parent, false);
        }
        let roots = self.cut();
        for node in self.boundaries.values() {
            let parent = node
                .boundary
                .filter(|id| self.boundaries.contains_key(id) && !roots.contains(&node.id));
            place(node, parent, true);
        }
        for inside in content.values_mut() {
            inside.sort_unstable();
        }
        content
    }

    /// The first boundary of every circle.
    fn cut(&self) -> BTreeSet<u32> {
        let mut rooted: BTreeSet<u32> = BTreeSet::new();
        let mut cut = BTreeSet::new();
        for start in self.boundaries.keys() {
            let mut path = BTreeSet::new();
            let mut at = Some(*start);
            while let Some(id) = at.filter(|id| !rooted.contains(id)) {
                if !path.insert(id) {
                    cut.insert(id);
                    break;
                }
                at = self.boundaries.get(&id).and_then(|node| node.boundary);
            }
            rooted.extend(path);
        }
        cut
    }

    fn parts(&self, ends: &BTreeSet<u32>) -> Vec<Part> {
        let content = self.content();
        let inside = |of: Option<u32>| content.get(&of).map_or(&[][..], Vec::as_slice).iter();
        let mut parts = Vec::new();
        let mut open = vec![inside(None)];
        while let Some(level) = open.last_mut() {
            match level.next() {
                Some((id, _)) if !self.drawn.contains(id) => {}
                Some((id, true)) => {
                    if let Some(node) = self.boundaries.get(id) {
                        parts.push(Part::Open(self.zone(node)));
                        if ends.contains(id) {
                            parts.push(Part::Node(self.anchor(node)));
                        }
                        open.push(inside(Some(*id)));
                    }
                }
                Some((id, false)) => {
                    if let Some(node) = self.elements.get(id) {
                        parts.push(Part::Node(self.node(node)));
                    }
                }
                None => {
                    open.pop();
                    if !open.is_empty() {
                        parts.push(Part::Close);
                    }
                }
            }
        }
        parts
    }

    fn zone(&self, node: &Element) -> Zone {
        Zone {
            id: node.id,
            name: line(&node.name),
            mark: self.options.changes.mark(node.id),
            in_scope: node.in_scope,
        }
    }

    fn node(&self, node: &Element) -> Node {
        Node {
            id: node.id,
            name: line(&node.name),
            class: node.class.clone(),
            shape: Shape::of(&node.base),
            mark: self.options.changes.mark(node.id),
            in_scope: node.in_scope,
            tone: self.tone(node.id, node.in_scope),
        }
    }

    fn anchor(&self, node: &Element) -> Node {
        Node {
            shape: Shape::Anchor,
            ..self.node(node)
        }
    }

    fn tone(&self, id: u32, in_scope: bool) -> Tone {
        match &self.options.severities {
            None => Tone::Plain,
            Some(_) if !in_scope => Tone::Grey,
            Some(worst) => worst.get(&id).map_or(Tone::Calm, |s| Tone::Worst(*s)),
        }
    }

    fn flows(&self) -> Vec<Flow> {
        let merge = self
            .options
            .merge_responses
            .unwrap_or(self.graph.merge_responses);
        let shown: Vec<&Edge> = self.graph.flows.iter().filter(|f| self.shows(f)).collect();
        let by_id: BTreeMap<u32, &Edge> = shown.iter().map(|flow| (flow.id, *flow)).collect();
        let mut merged = BTreeMap::new();
        let mut absorbed = BTreeSet::new();
        if merge {
            for flow in &shown {
                let response = flow.response.and_then(|id| by_id.get(&id));
                if let Some(response) = response.filter(|r| r.id != flow.id)
                    && !absorbed.contains(&flow.id)
                    && absorbed.insert(response.id)
                {
                    merged.insert(flow.id, *response);
                }
            }
        }
        shown
            .into_iter()
            .filter(|flow| !absorbed.contains(&flow.id))
            .map(|flow| self.flow(flow, merged.get(&flow.id).copied()))
            .collect()
    }

    fn shows(&self, flow: &Edge) -> bool {
        let both = self.drawn.contains(&flow.source) && self.drawn.contains(&flow.sink);
        both && !flow.duplicate
    }

    fn flow(&self, flow: &Edge, response: Option<&Edge>) -> Flow {
        let tone = |flow: &Edge| self.tone(flow.id, flow.in_scope);
        let mark = |flow: &Edge| self.options.changes.mark(flow.id);
        Flow {
            id: flow.id,
            source: flow.source,
            sink: flow.sink,
            label: flow_label(flow),
            detail: self.detail(flow),
            response: response.map(|r| (flow_label(r), self.detail(r))),
            is_response: flow.is_response,
            mark: response.map_or(mark(flow), |r| mark(flow).max(mark(r))),
            in_scope: flow.in_scope,
            tone: response.map_or(tone(flow), |r| tone(flow).max(tone(r))),
        }
    }

    /// `HTTPS · Comment, Password`.
    fn detail(&self, flow: &Edge) -> String {
        let mut names: Vec<String> = flow
            .data
            .iter()
            .filter_map(|id| self.graph.data.iter().find(|datum| datum.id == *id))
            .map(|datum| match &*datum.name {
                "undefined" if !datum.description.is_empty() => line(&datum.description),
                name => line(name),
            })
            .collect();
        let more = names.len().saturating_sub(MOST_DATA);
        names.truncate(MOST_DATA);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        let protocol = (!flow.protocol.trim().is_empty()).then(|| line(&flow.protocol));
        let data = (!names.is_empty()).then(|| names.join(", "));
        protocol
            .into_iter()
            .chain(data)
            .collect::<Vec<_>>()
            .join(" · ")
    }
}

/// `(3) Query`, or the name alone for a flow without an order.
pub(super) fn flow_label(flow: &Edge) -> String {
    if flow.order == -1 {
        return line(&flow.name);
    }
    format!("({}) {}", flow.order, line(&flow.name))
}
