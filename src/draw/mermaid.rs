//! Mermaid, as GitHub and GitLab render it in Markdown. Only what Mermaid 10
//! has already: a store is a cylinder, because the shapes with two lines are
//! younger than the renderers that people meet.

use std::fmt::Write as _;

use super::changes::Mark;
use super::diagram::{Diagram, Flow, Node, Part, Shape, Tone};
use super::label::wrap;
use super::sequence::{Role, Sequence};
use crate::escape;
use crate::report::Severity;

/// How many characters a line of a node's label has.
const NODE_WIDTH: usize = 20;
/// How many characters a line of a flow's label has: Mermaid itself breaks lines
/// of more than 200 pixels, and two ways of breaking leave words alone.
const FLOW_WIDTH: usize = 22;

/// A data-flow diagram in Mermaid.
pub fn dfd(diagram: &Diagram) -> String {
    let mut out = String::from("flowchart LR\n");
    let mut classes = Classes::default();
    let mut depth = 1;
    for part in &diagram.parts {
        let pad = "  ".repeat(depth.min(12));
        match part {
            Part::Open(zone) => {
                let id = format!("{}b{}", diagram.prefix, zone.id);
                let label = text(&zone.name, 40, zone.mark);
                let _ = writeln!(out, "{pad}subgraph {id}[\"{label}\"]");
                classes.zone(&id, zone.mark, zone.in_scope);
                depth += 1;
            }
            Part::Node(node) => {
                let id = format!("{}n{}", diagram.prefix, node.id);
                let _ = writeln!(out, "{pad}{id}{}", shape(node));
                classes.node(&id, node);
            }
            Part::Close => {
                depth -= 1;
                let _ = writeln!(out, "{}end", "  ".repeat(depth.min(12)));
            }
        }
    }
    for (at, flow) in diagram.flows.iter().enumerate() {
        let _ = writeln!(out, "  {}", arrow(&diagram.prefix, flow));
        classes.flow(at, flow);
    }
    out.push_str(&classes.finish());
    out
}

/// A sequence diagram in Mermaid.
pub fn sequence(sequence: &Sequence) -> String {
    let mut out = String::from("sequenceDiagram\n");
    for participant in &sequence.participants {
        let word = match participant.role {
            Role::Actor => "actor",
            Role::Store | Role::Entity => "participant",
        };
        let label = broken(&participant.name, NODE_WIDTH);
        let _ = writeln!(out, "  {word} p{} as {label}", participant.id);
    }
    for message in &sequence.messages {
        let arrow = if message.is_response { "-->>" } else { "->>" };
        let label = broken(&message.label, 40);
        let _ = writeln!(
            out,
            "  p{}{arrow}p{}: {label}",
            message.source, message.sink
        );
        if !message.note.is_empty() {
            let note: Vec<String> = message.note.iter().map(|l| escape::mermaid(l)).collect();
            let _ = writeln!(
                out,
                "  Note left of p{}: {}",
                message.source,
                note.join("<br/>")
            );
        }
    }
    out
}

fn shape(node: &Node) -> String {
    if node.shape == Shape::Anchor {
        return "((\" \"))".to_owned();
    }
    let label = text(&node.name, NODE_WIDTH, node.mark);
    match node.shape {
        Shape::Entity => format!("[\"{label}\"]"),
        Shape::Process => format!("((\"{label}\"))"),
        Shape::Processes => format!("(((\"{label}\")))"),
        Shape::Machine => format!("{{{{\"{label}\"}}}}"),
        Shape::Store => format!("[(\"{label}\")]"),
        Shape::Asset | Shape::Anchor => format!("(\"{label}\")"),
    }
}

fn arrow(prefix: &str, flow: &Flow) -> String {
    let mut label = broken(&flow.label, FLOW_WIDTH);
    let detail = |detail: &str| match detail {
        "" => String::new(),
        detail => format!("<br/>{}", broken(detail, FLOW_WIDTH)),
    };
    label.push_str(&detail(&flow.detail));
    if let Some((name, more)) = &flow.response {
        let _ = write!(label, "<br/>↩ {}{}", broken(name, FLOW_WIDTH), detail(more));
    }
    label.push_str(mark_line(flow.mark));
    let arrow = match (flow.response.is_some(), flow.is_response) {
        (true, _) => "<-->",
        (false, true) => "-.->",
        (false, false) => "-->",
    };
    let (source, sink) = (flow.source, flow.sink);
    format!("{prefix}n{source} {arrow}|\"{label}\"| {prefix}n{sink}")
}

fn text(name: &str, width: usize, mark: Mark) -> String {
    format!("{}{}", broken(name, width), mark_line(mark))
}

fn broken(text: &str, width: usize) -> String {
    let lines: Vec<String> = wrap(text, width)
        .iter()
        .map(|line| escape::mermaid(line))
        .collect();
    lines.join("<br/>")
}

fn mark_line(mark: Mark) -> &'static str {
    match mark {
        Mark::Same => "",
        Mark::Changed => "<br/>(changed)",
        Mark::New => "<br/>(new)",
    }
}

/// Classes and their members. They stand on lines of their own at the end,
/// without a name beside them: Mermaid reads names on such lines wrongly.
#[derive(Default)]
struct Classes {
    members: Vec<(&'static str, &'static str, Vec<String>)>,
    links: String,
}

impl Classes {
    fn add(&mut self, class: &'static str, style: &'static str, id: &str) {
        match self.members.iter_mut().find(|(name, ..)| *name == class) {
            Some((.., ids)) => ids.push(id.to_owned()),
            None => self.members.push((class, style, vec![id.to_owned()])),
        }
    }

    fn zone(&mut self, id: &str, mark: Mark, in_scope: bool) {
        match mark {
            Mark::Same if in_scope => self.add(
                "boundary",
                "fill:none,stroke:#b22222,stroke-dasharray:6 4,color:#b22222",
                id,
            ),
            Mark::Same => self.add(
                "boundaryOut",
                "fill:none,stroke:#888888,stroke-dasharray:6 4,color:#888888",
                id,
            ),
            Mark::Changed | Mark::New => self.add(
                "boundaryMarked",
                "fill:none,stroke:#0b5cad,stroke-width:3px,stroke-dasharray:6 4,color:#0b5cad",
                id,
            ),
        }
    }

    fn node(&mut self, id: &str, node: &Node) {
        let (class, style) = match node.tone {
            Tone::Plain => ("plain", "fill:#ffffff,stroke:#333333,color:#000000"),
            Tone::Grey => (
                "outOfScope",
                "fill:#f4f4f4,stroke:#888888,color:#666666,stroke-dasharray:2 2",
            ),
            Tone::Calm => ("calm", "fill:#eaf4ea,stroke:#006300,color:#000000"),
            Tone::Worst(Severity::Critical) => {
                ("critical", "fill:#f9dede,stroke:#b22222,color:#000000")
            }
            Tone::Worst(Severity::High) => ("high", "fill:#fde8d7,stroke:#c2570c,color:#000000"),
            Tone::Worst(Severity::Medium) => {
                ("medium", "fill:#fff6cc,stroke:#8a6d00,color:#000000")
            }
            Tone::Worst(Severity::Low | Severity::Info) => {
                ("low", "fill:#f5f9dc,stroke:#4d6b00,color:#000000")
            }
        };
        self.add(class, style, id);
        if !node.in_scope && node.tone == Tone::Plain {
            self.add(
                "unjudged",
                "stroke:#888888,color:#666666,stroke-dasharray:2 2",
                id,
            );
        }
        if node.mark != Mark::Same {
            self.add("marked", "stroke:#0b5cad,stroke-width:4px", id);
        }
    }

    fn flow(&mut self, at: usize, flow: &Flow) {
        let style = match (flow.mark, flow.tone) {
            (Mark::Changed | Mark::New, _) => "stroke:#0b5cad,stroke-width:3px",
            (Mark::Same, Tone::Plain) => return,
            (Mark::Same, Tone::Grey) => "stroke:#888888",
            (Mark::Same, Tone::Calm) => "stroke:#006300",
            (Mark::Same, Tone::Worst(Severity::Critical)) => "stroke:#b22222",
            (Mark::Same, Tone::Worst(Severity::High)) => "stroke:#c2570c",
            (Mark::Same, Tone::Worst(Severity::Medium)) => "stroke:#8a6d00",
            (Mark::Same, Tone::Worst(Severity::Low | Severity::Info)) => "stroke:#4d6b00",
        };
        let _ = writeln!(self.links, "  linkStyle {at} {style}");
    }

    fn finish(self) -> String {
        let mut out = String::new();
        for (class, style, ids) in &self.members {
            let _ = writeln!(out, "  classDef {class} {style}");
            let _ = writeln!(out, "  class {} {class}", ids.join(","));
        }
        out.push_str(&self.links);
        out
    }
}
