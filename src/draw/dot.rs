//! Graphviz's DOT: the data-flow diagram as the field draws it.

use std::fmt::Write as _;

use super::changes::Mark;
use super::diagram::{Diagram, Flow, Node, Part, Shape, Tone, Zone};
use super::label::wrap;
use crate::escape;
use crate::report::Severity;

/// How many characters a line of a node's label has.
const NODE_WIDTH: usize = 18;
/// The same in a circle, which grows with its widest line.
const CIRCLE_WIDTH: usize = 12;
/// How many characters a line of a flow's label has.
const FLOW_WIDTH: usize = 26;
/// What marks new and changed parts.
const MARK: &str = "#0b5cad";

/// A data-flow diagram in DOT.
pub fn dfd(diagram: &Diagram) -> String {
    let mut out = head(diagram);
    let mut depth = 1;
    for (at, part) in diagram.parts.iter().enumerate() {
        match part {
            Part::Open(zone) => {
                open(&mut out, &diagram.prefix, zone, depth);
                depth += 1;
                if diagram.parts.get(at + 1) == Some(&Part::Close) {
                    // Graphviz leaves a cluster without nodes out.
                    let id = format!("{}e{}", diagram.prefix, zone.id);
                    let pad = indent(depth);
                    let _ = writeln!(out, "{pad}\"{id}\" [shape=point, style=invis];");
                }
            }
            Part::Node(node) => {
                let _ = writeln!(out, "{}{}", indent(depth), shape(&diagram.prefix, node));
            }
            Part::Close => {
                depth -= 1;
                let _ = writeln!(out, "{}}}", indent(depth));
            }
        }
    }
    for flow in &diagram.flows {
        let _ = writeln!(out, "  {}", arrow(&diagram.prefix, flow));
    }
    out.push_str("}\n");
    out
}

fn head(diagram: &Diagram) -> String {
    const FONT: &str = "fontname=\"Helvetica,Arial,sans-serif\"";
    let title = escape::dot(&diagram.title);
    let prefix = &diagram.prefix;
    format!(
        "digraph tmrs {{\n  \
         graph [id=\"{prefix}dfd\", label=\"{title}\", labelloc=t, {FONT}, fontsize=18, rankdir=LR, nodesep=0.6, ranksep=1.1, pad=0.2];\n  \
         node [{FONT}, fontsize=12, margin=0.06, color=\"#333333\"];\n  \
         edge [{FONT}, fontsize=10, color=\"#333333\", arrowsize=0.8];\n"
    )
}

/// Deeper boundaries are not indented further: the text would grow with the square.
fn indent(depth: usize) -> String {
    "  ".repeat(depth.min(12))
}

fn open(out: &mut String, prefix: &str, zone: &Zone, depth: usize) {
    let (line, width) = match zone.mark {
        Mark::Same if zone.in_scope => ("#b22222", 1.2),
        Mark::Same => ("#888888", 1.2),
        Mark::Changed | Mark::New => (MARK, 2.4),
    };
    let label = lines(&wrap(&zone.name, 40));
    let mark = mark_line(zone.mark);
    let pad = indent(depth);
    let _ = write!(
        out,
        "{pad}subgraph \"cluster_{prefix}b{id}\" {{\n\
         {pad}  graph [id=\"{prefix}b{id}\", label=<<i>{label}</i>{mark}>, labelloc=t, labeljust=l, fontsize=11, fontcolor=\"{line}\", \
         style=dashed, color=\"{line}\", penwidth={width}, margin=14];\n",
        id = zone.id,
    );
}

fn shape(prefix: &str, node: &Node) -> String {
    let id = node.id;
    if node.shape == Shape::Anchor {
        return format!(
            "\"{prefix}n{id}\" [id=\"{prefix}n{id}\", shape=point, width=0.09, color=\"#b22222\"];"
        );
    }
    let outline = match node.shape {
        Shape::Entity => "shape=box",
        Shape::Process => "shape=circle",
        Shape::Processes => "shape=doublecircle",
        Shape::Machine => "shape=hexagon",
        Shape::Store => "shape=plain",
        Shape::Asset | Shape::Anchor => "shape=box",
    };
    let (line, fill) = tone(node.tone);
    let (line, width) = match node.mark {
        Mark::Same => (line, 1),
        Mark::Changed | Mark::New => (MARK, 3),
    };
    let mut style = vec!["filled"];
    if node.shape == Shape::Asset {
        style.push("rounded");
    }
    if !node.in_scope {
        style.push("dotted");
    }
    let text = if node.in_scope { "#000000" } else { "#666666" };
    let label = node_label(node, line, fill, width);
    if node.shape == Shape::Store {
        return format!(
            "\"{prefix}n{id}\" [id=\"{prefix}n{id}\", {outline}, fontcolor=\"{text}\", label=<{label}>];"
        );
    }
    format!(
        "\"{prefix}n{id}\" [id=\"{prefix}n{id}\", {outline}, style=\"{}\", color=\"{line}\", fillcolor=\"{fill}\", \
         penwidth={width}, fontcolor=\"{text}\", label=<{label}>];",
        style.join(",")
    )
}

/// Name, class and mark. A store's outline is part of its label: two lines.
fn node_label(node: &Node, line: &str, fill: &str, width: u32) -> String {
    let most = match node.shape {
        Shape::Process | Shape::Processes => CIRCLE_WIDTH,
        _ => NODE_WIDTH,
    };
    let name = lines(&wrap(&node.name, most));
    let dotted = if node.in_scope {
        ""
    } else {
        " style=\"dotted\""
    };
    let class = escape::dot_label(&node.class);
    let mark = mark_line(node.mark);
    let inner =
        format!("<b>{name}</b><br/><font point-size=\"9\" color=\"#666666\">{class}</font>{mark}");
    if node.shape != Shape::Store {
        return inner;
    }
    format!(
        "<table border=\"{width}\" sides=\"tb\"{dotted} color=\"{line}\" bgcolor=\"{fill}\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"7\">\
         <tr><td>{inner}</td></tr></table>"
    )
}

fn arrow(prefix: &str, flow: &Flow) -> String {
    let mut label = flow_text(&flow.label, &flow.detail);
    if let Some((name, detail)) = &flow.response {
        let _ = write!(label, "<br/>↩ {}", flow_text(name, detail));
    }
    label.push_str(mark_line(flow.mark));
    let (line, width) = match (flow.mark, tone(flow.tone).0) {
        (Mark::Same, line) => (line, 1),
        (Mark::Changed | Mark::New, _) => (MARK, 2),
    };
    let mut style = String::new();
    if flow.response.is_some() {
        style.push_str(", dir=both");
    }
    if !flow.in_scope {
        style.push_str(", style=dotted");
    } else if flow.is_response {
        style.push_str(", style=dashed");
    }
    // A response is laid out as what it answers, so that ranks follow requests
    // and the two run side by side; only its arrowhead tells the way.
    let (mut tail, mut head) = (flow.source, flow.sink);
    if flow.is_response && flow.response.is_none() && tail != head {
        std::mem::swap(&mut tail, &mut head);
        style.push_str(", dir=back");
    }
    format!(
        "\"{prefix}n{}\" -> \"{prefix}n{}\" [id=\"{prefix}f{}\", label=<<table border=\"0\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"1\" bgcolor=\"#ffffffcc\"><tr><td>{label}</td></tr></table>>, \
         color=\"{line}\", fontcolor=\"{line}\", penwidth={width}{style}];",
        tail, head, flow.id
    )
}

fn flow_text(label: &str, detail: &str) -> String {
    let label = lines(&wrap(label, FLOW_WIDTH));
    if detail.is_empty() {
        return label;
    }
    let detail = lines(&wrap(detail, FLOW_WIDTH + 4));
    format!("{label}<br/><font point-size=\"8\" color=\"#666666\">{detail}</font>")
}

fn lines(lines: &[String]) -> String {
    let escaped: Vec<_> = lines.iter().map(|line| escape::dot_label(line)).collect();
    escaped.join("<br/>")
}

fn mark_line(mark: Mark) -> &'static str {
    match mark {
        Mark::Same => "",
        Mark::Changed => "<br/><font point-size=\"9\" color=\"#0b5cad\"><b>changed</b></font>",
        Mark::New => "<br/><font point-size=\"9\" color=\"#0b5cad\"><b>new</b></font>",
    }
}

/// The colours of line and filling.
fn tone(tone: Tone) -> (&'static str, &'static str) {
    match tone {
        Tone::Plain => ("#333333", "#ffffff"),
        Tone::Grey => ("#888888", "#f4f4f4"),
        Tone::Calm => ("#006300", "#eaf4ea"),
        Tone::Worst(Severity::Critical) => ("#b22222", "#f9dede"),
        Tone::Worst(Severity::High) => ("#c2570c", "#fde8d7"),
        Tone::Worst(Severity::Medium) => ("#8a6d00", "#fff6cc"),
        Tone::Worst(Severity::Low | Severity::Info) => ("#4d6b00", "#f5f9dc"),
    }
}
