//! What every picture must keep, held against random diagrams.

use proptest::prelude::*;

use super::super::changes::Mark;
use super::super::diagram::{Diagram, Flow, Node, Part, Shape, Tone, Zone};
use super::sketch::{Item, PAGE, Rect, Sketch};
use super::{element, file, lay_out};
use crate::report::Severity;

const SHAPES: [Shape; 7] = [
    Shape::Entity,
    Shape::Process,
    Shape::Processes,
    Shape::Store,
    Shape::Machine,
    Shape::Asset,
    Shape::Anchor,
];

fn node(id: u32, name: &str) -> Part {
    Part::Node(Node {
        id,
        name: name.into(),
        class: "Server".into(),
        shape: SHAPES[id as usize % SHAPES.len()],
        mark: [Mark::Same, Mark::New][usize::from(id % 11 == 3)],
        in_scope: id % 7 != 2,
        tone: [Tone::Plain, Tone::Calm, Tone::Worst(Severity::High)][id as usize % 3],
    })
}

fn zone(id: u32, name: &str) -> Part {
    Part::Open(Zone {
        id,
        name: name.into(),
        mark: Mark::Same,
        in_scope: true,
    })
}

fn flow(id: u32, source: u32, sink: u32, label: &str) -> Flow {
    Flow {
        id,
        source,
        sink,
        label: label.into(),
        detail: ["", "HTTPS · Order, Password"][id as usize % 2].into(),
        response: (id % 5 == 4).then(|| ("Answer".into(), String::new())),
        is_response: id % 4 == 3,
        mark: Mark::Same,
        in_scope: true,
        tone: Tone::Plain,
    }
}

/// A diagram of `nodes` nodes; each step opens, closes or adds a node.
fn diagram(steps: &[u8], flows: &[(u32, u32)], name: &str) -> Diagram {
    let mut parts = Vec::new();
    let (mut nodes, mut zones, mut depth) = (0, 0, 0);
    for step in steps {
        match step % 5 {
            0 if depth < 4 => {
                parts.push(zone(10_000 + zones, &format!("{name} zone {zones}")));
                zones += 1;
                depth += 1;
            }
            1 if depth > 0 => {
                parts.push(Part::Close);
                depth -= 1;
            }
            _ => {
                parts.push(node(nodes, &format!("{name} {nodes}")));
                nodes += 1;
            }
        }
    }
    parts.extend((0..depth).map(|_| Part::Close));
    let ends = flows
        .iter()
        .map(|(a, b)| (a % nodes.max(1), b % nodes.max(1)));
    let flows = if nodes == 0 {
        Vec::new()
    } else {
        let numbered = ends.zip(0..);
        numbered
            .map(|((a, b), id)| flow(20_000 + id, a, b, name))
            .collect()
    };
    Diagram {
        title: name.into(),
        parts,
        flows,
        prefix: String::new(),
    }
}

fn around(item: &Item) -> Rect {
    Rect {
        left: item.x - item.width / 2.0,
        right: item.x + item.width / 2.0,
        top: item.y - item.height / 2.0,
        bottom: item.y + item.height / 2.0,
    }
}

fn overlap(one: Rect, two: Rect) -> bool {
    let slack = 0.01;
    one.left + slack < two.right
        && two.left + slack < one.right
        && one.top + slack < two.bottom
        && two.top + slack < one.bottom
}

fn inside(inner: Rect, outer: Rect) -> bool {
    inner.left >= outer.left
        && inner.right <= outer.right
        && inner.top >= outer.top
        && inner.bottom <= outer.bottom
}

/// Boundaries hold what lies in them and nothing else; nodes and labels are apart.
fn is_tidy(sketch: &Sketch<'_>) -> Result<(), String> {
    let rects: Vec<Rect> = sketch.items.iter().map(around).collect();
    for zone in 1..sketch.zones.len() {
        let rect = sketch.rects[zone];
        let holders: Vec<usize> = sketch.around(zone).collect();
        if !inside(rect, sketch.rects[sketch.twigs[zone].parent]) && holders[0] != PAGE {
            return Err(format!("boundary {zone} leaves its own"));
        }
        for other in zone + 1..sketch.zones.len() {
            let nested = sketch.around(other).any(|z| z == zone);
            if !nested && overlap(rect, sketch.rects[other]) {
                return Err(format!("boundaries {zone} and {other} overlap"));
            }
        }
        for (item, at) in rects.iter().enumerate() {
            let belongs = sketch.around(sketch.items[item].twig).any(|z| z == zone);
            if belongs != overlap(*at, rect) && at.right > at.left {
                return Err(format!("item {item} and boundary {zone}: {belongs}"));
            }
        }
    }
    for one in 0..rects.len() {
        for two in one + 1..rects.len() {
            if overlap(rects[one], rects[two]) {
                return Err(format!("items {one} and {two} overlap"));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn boundaries_hold_their_own_and_nothing_lies_on_anything(
        steps in prop::collection::vec(any::<u8>(), 0..40),
        flows in prop::collection::vec((0..40_u32, 0..40_u32), 0..30),
    ) {
        let diagram = diagram(&steps, &flows, "Order desk");
        let sketch = lay_out(&diagram).unwrap();
        prop_assert_eq!(is_tidy(&sketch), Ok(()));
        let svg = element(&diagram).unwrap();
        prop_assert_eq!(&svg, &element(&diagram).unwrap());
        let count = |class: &str| svg.matches(&format!("<g class=\"{class}")).count();
        let parts = |wanted: fn(&Part) -> bool| diagram.parts.iter().filter(|p| wanted(p)).count();
        prop_assert_eq!(count("z"), parts(|p| matches!(p, Part::Open(_))));
        prop_assert_eq!(count("n"), parts(|p| matches!(p, Part::Node(_))));
        let own = |f: &&Flow| f.source == f.sink;
        let own: std::collections::BTreeSet<u32> = diagram.flows.iter().filter(own).map(|f| f.source).collect();
        let others = diagram.flows.iter().filter(|f| f.source != f.sink).count();
        prop_assert_eq!(count("w"), others + own.len());
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}

#[test]
fn names_are_text_whatever_stands_in_them() {
    let name = "<script>&\"'</svg>]]>\u{1b}\0@x";
    let diagram = diagram(&[2, 0, 2, 1], &[(0, 1)], name);
    let svg = file(&diagram).unwrap();
    assert!(!svg.contains("<script") && !svg.contains('\u{1b}') && !svg.contains('\0'));
    assert_eq!(svg.matches("</svg>").count(), 1);
    assert!(svg.contains("&lt;script&gt;"));
}

#[test]
fn what_nobody_could_read_is_not_drawn() {
    let steps = [2_u8; 251];
    assert!(element(&diagram(&steps, &[], "x")).is_none());
    assert!(element(&diagram(&steps[..250], &[], "x")).is_some());
    let many = vec![(0, 1); 501];
    assert!(element(&diagram(&steps[..9], &many, "x")).is_none());
    // A chain as long as there are nodes, and arrows over all of it.
    let mut chain: Vec<(u32, u32)> = (0..249).map(|n| (n, n + 1)).collect();
    chain.extend((0..200).map(|n| (n % 5, 249)));
    let mut long = diagram(&steps[..250], &chain, "x");
    for flow in &mut long.flows {
        flow.is_response = false;
    }
    assert!(element(&long).is_none());
}

#[test]
fn the_largest_that_is_drawn_takes_no_time_to_speak_of() {
    let steps: Vec<u8> = (0..250_u32)
        .map(|n| [2, 3, 2, 0, 3, 1][n as usize % 6])
        .collect();
    let flows: Vec<(u32, u32)> = (0..300).map(|n| (n * 7 % 40, n * 13 % 160)).collect();
    let start = std::time::Instant::now();
    let drawn = element(&diagram(&steps, &flows, "Node"));
    let took = start.elapsed();
    assert!(drawn.is_some());
    assert!(took.as_secs() < 60, "{took:?} in a debug build");
}
