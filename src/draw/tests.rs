//! Diagrams of hand-made graphs.

use std::collections::BTreeMap;

use super::diagram::{Options, Part, Tone};
use super::{Changes, Diagram, Mark, Sequence, dot, mermaid, plantuml};
use crate::report::{DatumInfo, Edge, Graph, Location, Node, Severity};

fn here() -> Location {
    Location {
        path: "tm.py".into(),
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 2,
    }
}

fn node(id: u32, class: &str, name: &str, boundary: Option<u32>) -> Node {
    Node {
        id,
        class: class.into(),
        base: class.into(),
        name: name.into(),
        description: String::new(),
        boundary,
        in_scope: true,
        levels: vec![0],
        location: here(),
        attributes: BTreeMap::new(),
        assumptions: Vec::new(),
        claims: Vec::new(),
        proofs: Vec::new(),
    }
}

fn flow(id: u32, name: &str, source: u32, sink: u32) -> Edge {
    Edge {
        id,
        name: name.into(),
        description: String::new(),
        source,
        sink,
        order: -1,
        is_response: false,
        response: None,
        response_to: None,
        protocol: String::new(),
        port: -1,
        data: Vec::new(),
        note: String::new(),
        in_scope: true,
        duplicate: false,
        levels: vec![0],
        location: here(),
        attributes: BTreeMap::new(),
        assumptions: Vec::new(),
        claims: Vec::new(),
        proofs: Vec::new(),
    }
}

/// An actor outside, a server in a zone in a zone, a store beside it.
fn shop() -> Graph {
    let mut query = flow(7, "Query", 2, 3);
    query.order = 2;
    query.protocol = "SQL".into();
    query.data = vec![0];
    query.response = Some(8);
    query.note = "Prepared\nstatements".into();
    let mut rows = flow(8, "Rows", 3, 2);
    rows.is_response = true;
    rows.response_to = Some(7);
    Graph {
        merge_responses: false,
        elements: vec![
            node(0, "Actor", "User", None),
            node(2, "Server", "Web", Some(5)),
            node(3, "Datastore", "Orders", Some(4)),
        ],
        flows: vec![flow(6, "Order", 0, 2), query, rows],
        boundaries: vec![
            node(4, "Boundary", "Outer", None),
            node(5, "Boundary", "Inner", Some(4)),
        ],
        data: vec![DatumInfo {
            id: 0,
            name: "Card".into(),
            description: String::new(),
            classification: "SECRET".into(),
            location: here(),
            attributes: BTreeMap::new(),
        }],
    }
}

/// `[User Outer(Orders Inner(Web))]`: the nesting of a diagram's parts.
fn nesting(diagram: &Diagram) -> String {
    let words = diagram.parts.iter().map(|part| match part {
        Part::Open(zone) => format!("{}(", zone.name),
        Part::Node(node) => node.name.clone(),
        Part::Close => ")".into(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn draw(graph: &Graph, options: &Options) -> Diagram {
    Diagram::new("Shop", graph, options)
}

#[test]
fn boundaries_stand_around_what_lies_in_them() {
    let diagram = draw(&shop(), &Options::default());
    assert_eq!(nesting(&diagram), "User Outer( Orders Inner( Web ) )");
    assert_eq!(diagram.flows.len(), 3);
    assert_eq!(diagram.flows[1].label, "(2) Query");
    assert_eq!(diagram.flows[1].detail, "SQL · Card");
}

#[test]
fn boundaries_in_a_circle_are_drawn_once() {
    let mut graph = shop();
    graph.boundaries[0].boundary = Some(5);
    let diagram = draw(&graph, &Options::default());
    assert_eq!(nesting(&diagram), "User Outer( Orders Inner( Web ) )");
    graph.boundaries[1].boundary = Some(5);
    graph.boundaries[0].boundary = None;
    let diagram = draw(&graph, &Options::default());
    assert_eq!(nesting(&diagram), "User Outer( Orders ) Inner( Web )");
}

#[test]
fn ten_thousand_nested_boundaries_need_no_deep_stack() {
    let mut graph = Graph::default();
    for id in 0..10_000 {
        graph
            .boundaries
            .push(node(id, "Boundary", "b", id.checked_sub(1)));
    }
    let diagram = draw(&graph, &Options::default());
    assert_eq!(diagram.parts.len(), 20_000);
    assert!(dot::dfd(&diagram).ends_with("}\n}\n"));
    assert!(mermaid::dfd(&diagram).contains("end\n"));
}

#[test]
fn a_level_shows_its_nodes_their_boundaries_and_the_flows_between_them() {
    let mut graph = shop();
    graph.elements[2].levels = vec![1];
    graph.boundaries.push(node(9, "Boundary", "Empty", None));
    let options = |level| Options {
        levels: [level].into(),
        ..Options::default()
    };
    let diagram = draw(&graph, &options(0));
    assert_eq!(nesting(&diagram), "User Outer( Inner( Web ) )");
    assert_eq!(diagram.flows.len(), 1);
    assert_eq!(nesting(&draw(&graph, &options(1))), "Outer( Orders )");
    assert!(draw(&graph, &options(2)).parts.is_empty());
}

#[test]
fn a_merged_response_is_drawn_on_its_requests_arrow() {
    let mut graph = shop();
    graph.merge_responses = true;
    let diagram = draw(&graph, &Options::default());
    assert_eq!(diagram.flows.len(), 2);
    assert_eq!(
        diagram.flows[1].response,
        Some(("Rows".into(), String::new()))
    );
    assert!(dot::dfd(&diagram).contains("dir=both"));
    assert!(mermaid::dfd(&diagram).contains("n2 <-->|"));
    // A response to a flow that is left out stands alone.
    graph.flows[1].duplicate = true;
    assert_eq!(draw(&graph, &Options::default()).flows.len(), 2);
    // Two flows that answer each other: one of them is drawn.
    graph.flows[1].duplicate = false;
    graph.flows[2].response = Some(7);
    assert_eq!(draw(&graph, &Options::default()).flows.len(), 2);
}

#[test]
fn duplicates_are_left_out_of_the_data_flow_diagram_only() {
    let mut graph = shop();
    graph.flows[0].duplicate = true;
    assert_eq!(draw(&graph, &Options::default()).flows.len(), 2);
    // pytm hides ignored duplicates in the data-flow diagram only.
    assert_eq!(Sequence::new("Shop", &graph).messages.len(), 3);
}

#[test]
fn a_flow_to_a_boundary_ends_in_it() {
    let mut graph = shop();
    graph.flows.push(flow(10, "Scan", 0, 5));
    let diagram = draw(&graph, &Options::default());
    assert_eq!(nesting(&diagram), "User Outer( Orders Inner( Inner Web ) )");
    assert_eq!(Sequence::new("Shop", &graph).participants.len(), 4);
}

#[test]
fn colours_follow_the_worst_finding() {
    let mut graph = shop();
    graph.elements[0].in_scope = false;
    let options = Options {
        severities: Some([(2, Severity::Critical)].into()),
        ..Options::default()
    };
    let tones: Vec<Tone> = draw(&graph, &options)
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Node(node) => Some(node.tone),
            _ => None,
        })
        .collect();
    assert_eq!(
        tones,
        [Tone::Grey, Tone::Calm, Tone::Worst(Severity::Critical)]
    );
}

#[test]
fn new_and_changed_parts_are_marked_wherever_they_stand() {
    let base = shop();
    let mut head = shop();
    // Other ids and another order are no change.
    head.elements.reverse();
    head.elements[0].boundary = Some(5);
    head.flows.push(flow(11, "Order", 0, 2));
    head.flows[0].in_scope = false;
    let changes = Changes::between(&base, &head);
    for (id, mark) in [
        (0, Mark::Same),
        (2, Mark::Same),
        (3, Mark::Changed),
        (6, Mark::Changed),
        (7, Mark::Same),
        (11, Mark::New),
    ] {
        assert_eq!(changes.mark(id), mark, "{id}");
    }
    let options = Options {
        changes,
        ..Options::default()
    };
    assert!(dot::dfd(&draw(&head, &options)).contains("<b>changed</b>"));
    assert!(mermaid::dfd(&draw(&head, &options)).contains("(new)"));
}

#[test]
fn names_leave_no_language() {
    let hostile = "\"]; end\n--> `%%{init}%%` <script> [[x]] \\ & #quot; */ @enduml style:a#b;";
    let mut graph = shop();
    graph.elements[0].name = hostile.into();
    graph.boundaries[0].name = hostile.into();
    graph.flows[0].name = hostile.into();
    graph.flows[1].note = hostile.into();
    let diagram = Diagram::new(hostile, &graph, &Options::default());
    let sequence = Sequence::new(hostile, &graph);
    let texts = [dot::dfd(&diagram), mermaid::dfd(&diagram)];
    let more = [mermaid::sequence(&sequence), plantuml::sequence(&sequence)];
    for text in [&texts[1], &more[0], &more[1]] {
        assert!(!text.contains("<script>"), "{text}");
        assert!(!text.contains("%%{"), "{text}");
        assert!(!text.contains("@enduml style"), "{text}");
    }
    let plain = dot::dfd(&draw(&shop(), &Options::default()));
    assert_eq!(texts[0].lines().count(), plain.lines().count());
    assert!(texts[0].contains("label=\"\\\"]; end"), "{}", texts[0]);
    assert_eq!(more[1].matches("@enduml").count(), 1);
}

#[test]
fn a_sequence_holds_order_roles_and_notes() {
    let text = plantuml::sequence(&Sequence::new("Shop", &shop()));
    assert_eq!(
        text,
        "@startuml\ntitle Shop\n\nactor \"User\" as p0\nentity \"Web\" as p2\ndatabase \"Orders\" as p3\n\n\
         p0 -> p2 : Order\np2 -> p3 : (2) Query\nnote left : Prepared\\nstatements\np3 --> p2 : Rows\n@enduml\n"
    );
}

#[test]
fn a_file_holds_its_colours_and_no_variable() {
    for (root, style) in [
        ("dfd", super::svg::STYLE),
        ("seq", super::sequence_svg::STYLE),
    ] {
        let whole = super::svg::colours::of_file(root, style);
        assert!(!whole.contains("var(") && !whole.contains("--"), "{whole}");
        assert!(whole.contains("#ffffff") && whole.contains("#171e27"));
    }
}
