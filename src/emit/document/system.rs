//! What the system is: its diagrams, its parts, its data, what is assumed of it.

use std::collections::BTreeMap;

use super::Document;
use super::parts::{Block, Column, Inline, Line, Picture, Section, Table, joined, plain, text};
use crate::draw;
use crate::emit::words;
use crate::escape::shorten;
use crate::report::{AssumptionInfo, AttributeInfo, DatumInfo, Edge, Location, Node, ProofInfo};

/// The sections about the system.
pub(super) fn sections(document: &Document<'_>) -> Vec<Section> {
    let facts = Facts::of(document);
    [
        diagrams(document),
        facts.parts(),
        facts.dictionary(),
        facts.assumptions(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Both diagrams; none for a model without elements.
fn diagrams(document: &Document<'_>) -> Option<Section> {
    let (report, model) = (document.report, document.model);
    if model.graph.elements.is_empty() {
        return None;
    }
    let name = shorten(&model.name, words::LONGEST_NAME);
    let options = draw::Options {
        severities: Some(draw::severities(report, model)),
        ..draw::Options::default()
    };
    let diagram = draw::Diagram::new(&model.name, &model.graph, &options);
    let mut blocks = vec![
        Block::Heading {
            id: "dfd".into(),
            line: plain("Data-flow diagram"),
        },
        Block::Picture(Picture {
            about: format!("Data-flow diagram of {name}"),
            svg: draw::svg::element(&diagram),
            mermaid: draw::mermaid::dfd(&diagram),
            otherwise: "The data-flow diagram is too large to be drawn here. The tables below hold the same elements, boundaries and flows.",
        }),
        Block::Line(vec![Inline::Soft(
            "Circles are processes, two lines are stores, rectangles are outside, dashed lines are trust boundaries. \
             Colours show the worst finding that is open or stays as residual risk; what is grey is out of scope."
                .into(),
        )]),
    ];
    if model.graph.flows.iter().any(|flow| flow.order != -1) {
        let sequence = draw::Sequence::new(&model.name, &model.graph);
        blocks.push(Block::Heading {
            id: "sequence".into(),
            line: plain("Sequence diagram"),
        });
        blocks.push(Block::Picture(Picture {
            about: format!("Sequence diagram of {name}"),
            svg: Some(draw::sequence_svg::element(&sequence)),
            mermaid: draw::mermaid::sequence(&sequence),
            otherwise: "",
        }));
    }
    Some(Section {
        id: "diagrams",
        title: "Diagrams",
        blocks,
    })
}

/// Names by id, and what is open.
struct Facts<'a> {
    document: &'a Document<'a>,
    names: BTreeMap<u32, &'a str>,
    boundaries: BTreeMap<u32, &'a Node>,
    open: BTreeMap<u32, usize>,
}

impl<'a> Facts<'a> {
    fn of(document: &'a Document<'a>) -> Self {
        let graph = &document.model.graph;
        let nodes = graph.elements.iter().chain(&graph.boundaries);
        Self {
            document,
            names: nodes.map(|node| (node.id, &*node.name)).collect(),
            boundaries: graph
                .boundaries
                .iter()
                .map(|node| (node.id, node))
                .collect(),
            open: document.open_by_element(),
        }
    }

    fn name(&self, id: u32) -> String {
        shorten(self.names.get(&id).unwrap_or(&""), words::LONGEST_NAME).into_owned()
    }

    /// A name, linked to what was found there.
    fn linked(&self, id: u32, name: &str) -> Line {
        let text = shorten(name, words::LONGEST_NAME).into_owned();
        if self.open.contains_key(&id) {
            let to = format!("element-{id}");
            vec![Inline::Link { to, text }]
        } else {
            plain(text)
        }
    }

    fn count(&self, id: u32) -> Line {
        plain(self.open.get(&id).copied().unwrap_or(0).to_string())
    }

    /// `Internet / Office`, the outermost first; a circle is cut.
    fn around(&self, node: &Node) -> String {
        let mut path = Vec::new();
        let mut at = node.boundary;
        while let Some(boundary) = at.and_then(|id| self.boundaries.get(&id)) {
            if boundary.id == node.id || path.contains(&boundary.id) {
                break;
            }
            path.push(boundary.id);
            at = boundary.boundary;
        }
        let names: Vec<String> = path.iter().rev().map(|id| self.name(*id)).collect();
        names.join(" / ")
    }

    fn parts(&self) -> Option<Section> {
        let graph = &self.document.model.graph;
        let mut blocks = Vec::new();
        let mut add = |id: &str, title: &str, table: Table| {
            if !table.rows.is_empty() {
                let (id, line) = (id.to_owned(), plain(title));
                blocks.push(Block::Heading { id, line });
                blocks.push(Block::Table(table));
            }
        };
        add("elements", "Elements", self.elements(&graph.elements));
        add("boundaries", "Trust boundaries", self.zones());
        add("flows", "Data flows", self.flows());
        add("controls", "Controls in place", self.controls());
        (!blocks.is_empty()).then_some(Section {
            id: "system",
            title: "Parts of the system",
            blocks,
        })
    }

    fn elements(&self, nodes: &[Node]) -> Table {
        let rows = nodes.iter().map(|node| {
            vec![
                self.linked(node.id, &node.name),
                plain(&*node.class),
                plain(self.around(node)),
                scope(node.in_scope),
                self.count(node.id),
                described(&node.description),
            ]
        });
        Table {
            name: "Elements",
            columns: vec![
                Column::Text("Name"),
                Column::Text("Class"),
                Column::Text("Boundary"),
                Column::Text("Scope"),
                Column::Number("Open"),
                Column::Text("Description"),
            ],
            rows: rows.collect(),
        }
    }

    fn zones(&self) -> Table {
        let graph = &self.document.model.graph;
        let rows = graph.boundaries.iter().map(|zone| {
            let inside = graph.elements.iter().chain(&graph.boundaries);
            let inside = inside
                .filter(|node| node.boundary == Some(zone.id) && node.id != zone.id)
                .map(|node| plain(self.name(node.id)));
            vec![
                self.linked(zone.id, &zone.name),
                plain(self.around(zone)),
                joined(inside, ", "),
                self.count(zone.id),
                described(&zone.description),
            ]
        });
        Table {
            name: "Trust boundaries",
            columns: vec![
                Column::Text("Name"),
                Column::Text("Inside"),
                Column::Text("Holds"),
                Column::Number("Open"),
                Column::Text("Description"),
            ],
            rows: rows.collect(),
        }
    }

    fn flows(&self) -> Table {
        let graph = &self.document.model.graph;
        let data: BTreeMap<u32, &DatumInfo> = graph.data.iter().map(|d| (d.id, d)).collect();
        let row = |flow: &Edge| {
            let order = if flow.order == -1 {
                String::new()
            } else {
                flow.order.to_string()
            };
            let port = if flow.port == -1 {
                String::new()
            } else {
                format!(":{}", flow.port)
            };
            let carried = flow.data.iter().filter_map(|id| data.get(id));
            let carried = carried.map(|datum| plain(called(datum)));
            vec![
                plain(order),
                self.linked(flow.id, &flow.name),
                plain(self.name(flow.source)),
                plain(self.name(flow.sink)),
                plain(format!(
                    "{}{port}",
                    shorten(&flow.protocol, words::LONGEST_NAME)
                )),
                joined(carried, ", "),
                self.count(flow.id),
            ]
        };
        Table {
            name: "Data flows",
            columns: vec![
                Column::Number("#"),
                Column::Text("Flow"),
                Column::Text("From"),
                Column::Text("To"),
                Column::Text("Protocol"),
                Column::Text("Data"),
                Column::Number("Open"),
            ],
            rows: graph.flows.iter().map(row).collect(),
        }
    }

    /// What protects what, as the model declares it.
    fn controls(&self) -> Table {
        let graph = &self.document.model.graph;
        let nodes = graph.elements.iter().chain(&graph.boundaries);
        let nodes = nodes.map(|n| (&*n.class, &*n.name, &n.attributes, &n.claims, &n.proofs));
        let flows = graph.flows.iter();
        let flows = flows.map(|f| ("Dataflow", &*f.name, &f.attributes, &f.claims, &f.proofs));
        let rows = nodes
            .chain(flows)
            .filter_map(|(class, name, said, claims, proofs)| {
                let declared = said.iter().filter_map(|(name, info)| {
                    let control = name.strip_prefix("controls.")?;
                    let holds = info.origin == "declared" && *info.value.as_bool().as_ref()?;
                    let mut line = vec![Inline::Code(control.to_owned())];
                    line.extend(proved(control, proofs).map(Inline::Text));
                    holds.then_some(line)
                });
                let claimed = claims
                    .iter()
                    .map(|claim| plain(format!("“{}”", shorten(claim, words::LONGEST_NAME))));
                let line = joined(declared.chain(claimed), ", ");
                (!line.is_empty()).then(|| vec![plain(words::named(class, name)), line])
            });
        Table {
            name: "Controls in place",
            rows: rows.collect(),
            columns: vec![Column::Text("Element"), Column::Text("Controls")],
        }
    }

    fn dictionary(&self) -> Option<Section> {
        let graph = &self.document.model.graph;
        let rows: Vec<Vec<Line>> = graph
            .data
            .iter()
            .map(|datum| {
                let carriers = || graph.flows.iter().filter(|f| f.data.contains(&datum.id));
                let flows = carriers().map(|flow| plain(shorten(&flow.name, words::LONGEST_NAME)));
                let mut ends: Vec<u32> = carriers().flat_map(|f| [f.source, f.sink]).collect();
                ends.sort_unstable();
                ends.dedup();
                let ends = ends.into_iter().map(|id| plain(self.name(id)));
                vec![
                    vec![Inline::Strong(called(datum))],
                    plain(&*datum.classification),
                    plain(traits(&datum.attributes).join(", ")),
                    joined(flows, ", "),
                    joined(ends, ", "),
                    described(&datum.description),
                ]
            })
            .collect();
        (!rows.is_empty()).then(|| Section {
            id: "data",
            title: "Data dictionary",
            blocks: vec![Block::Table(Table {
                name: "Data dictionary",
                columns: vec![
                    Column::Text("Data"),
                    Column::Text("Classification"),
                    Column::Text("Traits"),
                    Column::Text("Carried by"),
                    Column::Text("Reaches"),
                    Column::Text("Description"),
                ],
                rows,
            })],
        })
    }

    fn assumptions(&self) -> Option<Section> {
        let model = self.document.model;
        let graph = &model.graph;
        let of_model = model
            .assumptions
            .iter()
            .map(|a| ("The whole model".to_owned(), a));
        let nodes = graph.elements.iter().chain(&graph.boundaries);
        let of_nodes = nodes.flat_map(|node| {
            let about = words::named(&node.class, &node.name);
            node.assumptions.iter().map(move |a| (about.clone(), a))
        });
        let of_flows = graph.flows.iter().flat_map(|flow| {
            let about = words::named("Dataflow", &flow.name);
            flow.assumptions.iter().map(move |a| (about.clone(), a))
        });
        let all = of_model.chain(of_nodes).chain(of_flows);
        let rows: Vec<Vec<Line>> = all.map(|(about, a)| assumption(about, a)).collect();
        (!rows.is_empty()).then(|| Section {
            id: "assumptions",
            title: "Assumptions",
            blocks: vec![Block::Table(Table {
                name: "Assumptions",
                columns: vec![
                    Column::Text("What is assumed"),
                    Column::Text("About"),
                    Column::Text("Rules out"),
                    Column::Text("Where"),
                ],
                rows,
            })],
        })
    }
}

fn assumption(about: String, assumption: &AssumptionInfo) -> Vec<Line> {
    let mut said = vec![Inline::Strong(
        shorten(&assumption.name, words::LONGEST_TEXT).into_owned(),
    )];
    if !assumption.description.trim().is_empty() && assumption.description != assumption.name {
        let more = shorten(&assumption.description, words::LONGEST_TEXT);
        said.push(text(format!(" {more}")));
    }
    let excluded = assumption
        .exclude
        .iter()
        .map(|id| vec![Inline::Code(shorten(id, words::LONGEST_NAME).into_owned())]);
    vec![
        said,
        plain(about),
        joined(excluded, ", "),
        place(&assumption.location),
    ]
}

fn place(location: &Location) -> Line {
    vec![Inline::Place(location.clone())]
}

fn scope(in_scope: bool) -> Line {
    plain(if in_scope { "in" } else { "out" })
}

fn described(description: &str) -> Line {
    let words: Vec<&str> = description.split_whitespace().collect();
    plain(shorten(&words.join(" "), self::words::LONGEST_TEXT))
}

/// Data without a name are called by what they are.
fn called(datum: &DatumInfo) -> String {
    let name = match &*datum.name {
        "undefined" if !datum.description.is_empty() => &datum.description,
        name => name,
    };
    shorten(name, words::LONGEST_NAME).into_owned()
}

/// What makes a Data worth protecting, and how it is kept.
fn traits(attributes: &BTreeMap<String, AttributeInfo>) -> Vec<&'static str> {
    const TRAITS: [(&str, &str); 5] = [
        ("isPII", "personal"),
        ("isCredentials", "credentials"),
        ("isStored", "stored"),
        ("isSourceEncryptedAtRest", "encrypted at its source"),
        ("isDestEncryptedAtRest", "encrypted at its destination"),
    ];
    let holds = |name: &str| attributes.get(name).is_some_and(|a| a.value == true);
    let traits = TRAITS.iter().filter(|(name, _)| holds(name));
    traits.map(|(_, word)| *word).collect()
}

/// ` (shown by docs/scan.md)`, where something proves a control.
fn proved(control: &str, proofs: &[ProofInfo]) -> Option<String> {
    let of_it = |proof: &&ProofInfo| proof.controls.iter().any(|name| name == control);
    let texts = proofs.iter().filter(of_it).map(|proof| &*proof.text);
    let texts: Vec<&str> = texts.filter(|text| !text.trim().is_empty()).collect();
    let told = shorten(&texts.join(", "), words::LONGEST_TEXT).into_owned();
    (!texts.is_empty()).then(|| format!(" (shown by {told})"))
}
