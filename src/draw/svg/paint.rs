//! What was laid out, written as SVG. Looks are classes: pages forbid style attributes.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::super::changes::Mark;
use super::super::diagram::{Flow, Node, Part, Shape, Tone};
use super::place::anchor;
use super::sketch::{FLOW_LINE, LOOP, NODE_LINE, Route, Sketch, ZONE_FONT};
use super::text::width;
use crate::escape::{html, shorten};
use crate::report::Severity;

/// How long and half as wide the head of an arrow is.
const HEAD: (f64, f64) = (8.0, 3.6);
/// From this width on a page should rather be scrolled than make names too small to read.
const WIDE: f64 = 1_400.0;
/// How far the corners of a hexagon are cut.
const CUT: f64 = 14.0;

/// The `<svg>` element, with `style` inside.
pub(super) fn paint(sketch: &Sketch<'_>, style: &str) -> String {
    let (w, h) = sketch.size;
    let diagram = sketch.diagram;
    let wide = if w > WIDE { " wide" } else { "" };
    let zones = diagram.parts.iter().filter(|p| matches!(p, Part::Open(_)));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dfd{wide}\" role=\"img\" width=\"{w:.0}\" height=\"{h:.0}\" \
         viewBox=\"0 0 {w:.0} {h:.0}\" aria-label=\"Data-flow diagram of {}: {} elements, {} flows, {} boundaries\">{style}\n",
        html(&diagram.title),
        sketch
            .leaves
            .iter()
            .filter(|leaf| leaf.node.is_some())
            .count(),
        diagram.flows.len(),
        zones.count(),
    );
    for zone in 1..sketch.zones.len() {
        boundary(sketch, zone, &mut out);
    }
    let ports = Ports::new(sketch);
    for at in 0..sketch.routes.len() {
        arrow(sketch, &ports, at, &mut out);
    }
    for leaf in 0..sketch.leaves.len() {
        loops(sketch, leaf, &mut out);
        node(sketch, leaf, &mut out);
    }
    for route in &sketch.routes {
        label(sketch, route, &mut out);
    }
    out.push_str("</svg>");
    out
}

fn boundary(sketch: &Sketch<'_>, zone: usize, out: &mut String) {
    let Some((name, said)) = sketch.title(zone) else {
        return;
    };
    let rect = sketch.rects[zone];
    let (w, h) = (rect.right - rect.left, rect.bottom - rect.top);
    let fits = |text: &str| width(text, ZONE_FONT) <= w - 20.0;
    let mut shown = Cow::Borrowed(name.as_str());
    let mut most = name.chars().count();
    while !fits(&shown) && most > 4 {
        most -= 1;
        shown = shorten(&name, most);
    }
    let scope = if said.in_scope { "" } else { " out" };
    let _ = writeln!(
        out,
        "<g class=\"z{scope}{}\"><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"8\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
        marked(said.mark),
        rect.left,
        rect.top,
        rect.left + 10.0,
        rect.top + 18.0,
        html(&shown)
    );
}

fn node(sketch: &Sketch<'_>, leaf: usize, out: &mut String) {
    let Some(node) = sketch.leaves[leaf].node else {
        return;
    };
    let shape = Body::new(sketch, leaf);
    let class = format!(
        "n{}{}{}",
        tone(node.tone),
        scope(node.in_scope),
        marked(node.mark)
    );
    let _ = write!(out, "<g class=\"{class}\">");
    outline(node, &shape, out);
    let lines = &sketch.leaves[leaf].lines;
    if node.shape != Shape::Anchor {
        let top = shape.y - lines.len() as f64 * NODE_LINE.0 / 2.0 + 11.5;
        text_lines(lines, (shape.x, top), NODE_LINE.0, lines.len(), out);
    }
    out.push_str("</g>\n");
}

/// Where a node's shape is, without the room for arrows to itself.
struct Body {
    x: f64,
    y: f64,
    /// Half its width and height.
    w: f64,
    h: f64,
    shape: Shape,
}

impl Body {
    fn new(sketch: &Sketch<'_>, leaf: usize) -> Self {
        let item = &sketch.items[leaf];
        let shape = sketch.leaves[leaf].node.map_or(Shape::Asset, |n| n.shape);
        let h = (item.height - item.above) / 2.0;
        let w = match shape {
            Shape::Process | Shape::Processes | Shape::Anchor => h,
            _ => item.width / 2.0,
        };
        Self {
            x: item.x,
            y: item.y + item.above / 2.0,
            w,
            h,
            shape,
        }
    }

    /// How far its outline is from its middle, that far below the middle.
    fn reach(&self, below: f64) -> f64 {
        let part = (below / self.h).abs().min(1.0);
        match self.shape {
            Shape::Process | Shape::Processes | Shape::Anchor => {
                self.w * (1.0 - part * part).sqrt()
            }
            Shape::Machine => self.w - CUT * part,
            _ => self.w,
        }
    }
}

fn outline(node: &Node, body: &Body, out: &mut String) {
    let Body { x, y, w, h, .. } = body;
    let rect = |out: &mut String, rx: f64| {
        let _ = write!(
            out,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{rx}\"/>",
            x - w,
            y - h,
            w * 2.0,
            h * 2.0
        );
    };
    let circle = |out: &mut String, r: f64| {
        let _ = write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\"/>");
    };
    match node.shape {
        Shape::Entity => rect(out, 0.0),
        Shape::Asset => rect(out, 9.0),
        Shape::Process => circle(out, *h),
        Shape::Anchor => circle(out, 4.0),
        Shape::Processes => {
            circle(out, *h);
            circle(out, h - 4.0);
        }
        Shape::Machine => {
            let _ = write!(
                out,
                "<path class=\"s\" d=\"M{:.1} {y:.1}L{:.1} {:.1}H{:.1}L{:.1} {y:.1}L{:.1} {:.1}H{:.1}Z\"/>",
                x - w,
                x - w + CUT,
                y - h,
                x + w - CUT,
                x + w,
                x + w - CUT,
                y + h,
                x - w + CUT
            );
        }
        Shape::Store => {
            // Two lines, and a ground that hides what passes behind.
            let _ = write!(
                out,
                "<rect class=\"g\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\
                 <path d=\"M{:.1} {:.1}h{:.1}M{:.1} {:.1}h{:.1}\"/>",
                x - w,
                y - h,
                w * 2.0,
                h * 2.0,
                x - w,
                y - h,
                w * 2.0,
                x - w,
                y + h,
                w * 2.0
            );
        }
    }
}

/// At which height arrows meet their nodes, so that those of one side are told apart.
struct Ports {
    /// Of each route, at its left and its right node.
    at: Vec<(f64, f64)>,
}

impl Ports {
    fn new(sketch: &Sketch<'_>) -> Self {
        let mut at = vec![(0.0, 0.0); sketch.routes.len()];
        for leaf in 0..sketch.leaves.len() {
            let body = Body::new(sketch, leaf);
            for rightward in [true, false] {
                // The next item on the way tells who is above whom.
                let mut here: Vec<(f64, usize)> = sketch
                    .routes
                    .iter()
                    .enumerate()
                    .filter_map(|(at, route)| {
                        let (end, next) = if rightward {
                            (route.ends.0, route.items.get(1))
                        } else {
                            (route.ends.1, route.items.iter().rev().nth(1))
                        };
                        let next = *next.filter(|_| end == leaf)?;
                        Some((sketch.items[next].y + anchor(sketch, next), at))
                    })
                    .collect();
                here.sort_by(|a, b| a.0.total_cmp(&b.0));
                let room = body.h * 1.3;
                let step = (room / here.len() as f64).min(16.0);
                let first = -step * (here.len() as f64 - 1.0) / 2.0;
                for (place, (_, route)) in here.into_iter().enumerate() {
                    let below = first + step * place as f64;
                    if rightward {
                        at[route].0 = below;
                    } else {
                        at[route].1 = below;
                    }
                }
            }
        }
        Self { at }
    }
}

fn arrow(sketch: &Sketch<'_>, ports: &Ports, at: usize, out: &mut String) {
    let route = &sketch.routes[at];
    let flow = &sketch.diagram.flows[route.flow];
    let (left, right) = (
        Body::new(sketch, route.ends.0),
        Body::new(sketch, route.ends.1),
    );
    let (below_left, below_right) = ports.at[at];
    let start = (left.x + left.reach(below_left), left.y + below_left);
    let end = (right.x - right.reach(below_right), right.y + below_right);
    let both = flow.response.is_some();
    let (head_left, head_right) = (route.turned || both, !route.turned || both);
    let indent = |has: bool| if has { HEAD.0 - 1.0 } else { 0.0 };
    let (mut x, mut y) = (start.0 + indent(head_left), start.1);
    let mut path = format!("M{x:.1} {y:.1}");
    let mut curve = |to: (f64, f64), path: &mut String| {
        let middle = f64::midpoint(x, to.0);
        if (to.1 - y).abs() < 0.3 {
            let _ = write!(path, "H{:.1}", to.0);
        } else {
            let _ = write!(
                path,
                "C{middle:.1} {y:.1} {middle:.1} {:.1} {:.1} {:.1}",
                to.1, to.0, to.1
            );
        }
        (x, y) = to;
    };
    // Arrows are level within a rank and bend between ranks, so that they pass beside what
    // stands in one.
    let rank = |item: usize| sketch.items[item].rank;
    curve((sketch.columns[rank(route.ends.0)].1, start.1), &mut path);
    let pieces = route.items.get(1..route.items.len() - 1);
    for item in pieces.unwrap_or_default() {
        let line = sketch.items[*item].y + anchor(sketch, *item);
        let (left, right) = sketch.columns[rank(*item)];
        curve((left, line), &mut path);
        curve((right, line), &mut path);
    }
    curve((sketch.columns[rank(route.ends.1)].0, end.1), &mut path);
    curve((end.0 - indent(head_right), end.1), &mut path);
    let _ = write!(
        out,
        "<g class=\"{}\"><path d=\"{path}\"/>",
        flow_class(flow)
    );
    for (has, (x, y), way) in [(head_left, start, 1.0), (head_right, end, -1.0)] {
        if has {
            head((x, y), (way * HEAD.0, HEAD.1), out);
        }
    }
    out.push_str("</g>\n");
}

/// The head of an arrow that lies on its side.
fn head(tip: (f64, f64), back: (f64, f64), out: &mut String) {
    let _ = write!(
        out,
        "<path class=\"h\" d=\"M{:.1} {:.1}l{:.1} {:.1}v{:.1}Z\"/>",
        tip.0,
        tip.1,
        back.0,
        -back.1,
        back.1 * 2.0
    );
}

/// Arrows from a node to itself, as one, above it.
fn loops(sketch: &Sketch<'_>, leaf: usize, out: &mut String) {
    let own = &sketch.leaves[leaf].loops;
    let Some((first, _)) = own.first() else {
        return;
    };
    let body = Body::new(sketch, leaf);
    let (x, top) = (body.x, body.y - body.h);
    let side = (body.h * 0.35).min(12.0);
    let y = match body.shape {
        Shape::Process | Shape::Processes => body.y - (body.h * body.h - side * side).sqrt(),
        _ => top,
    };
    let _ = writeln!(
        out,
        "<g class=\"{}\"><path d=\"M{:.1} {y:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}\"/>\
         <path class=\"h\" d=\"M{:.1} {y:.1}l-3.6 -8h7.2Z\"/></g>",
        flow_class(&sketch.diagram.flows[*first]),
        x - side,
        x - side - 8.0,
        top - LOOP,
        x + side + 8.0,
        top - LOOP,
        x + side,
        y - 7.0,
        x + side
    );
    let lines: Vec<String> = own.iter().flat_map(|(_, lines)| lines.clone()).collect();
    let first = top - LOOP + 4.0 - (lines.len() as f64 - 1.0) * FLOW_LINE.0;
    out.push_str("<g class=\"l\">");
    text_lines(&lines, (x, first), FLOW_LINE.0, lines.len(), out);
    out.push_str("</g>\n");
}

fn label(sketch: &Sketch<'_>, route: &Route, out: &mut String) {
    let Some(item) = route.items.get(route.label_at) else {
        return;
    };
    let piece = &sketch.items[*item];
    let flow = &sketch.diagram.flows[route.flow];
    let top = piece.y - piece.height / 2.0 + FLOW_LINE.1;
    let _ = write!(out, "<g class=\"l{}\">", scope(flow.in_scope));
    text_lines(&route.lines, (piece.x, top), FLOW_LINE.0, route.named, out);
    out.push_str("</g>\n");
}

/// Lines under one another around `x`; those after the first `plain` are softer.
fn text_lines(lines: &[String], at: (f64, f64), height: f64, plain: usize, out: &mut String) {
    for (number, line) in lines.iter().enumerate() {
        let class = if number < plain { "" } else { " class=\"d\"" };
        let y = at.1 + number as f64 * height;
        let _ = write!(
            out,
            "<text{class} x=\"{:.1}\" y=\"{y:.1}\">{}</text>",
            at.0,
            html(line)
        );
    }
}

fn flow_class(flow: &Flow) -> String {
    let answer = if flow.is_response { " r" } else { "" };
    format!(
        "w{}{answer}{}{}",
        tone(flow.tone),
        scope(flow.in_scope),
        marked(flow.mark)
    )
}

fn scope(in_scope: bool) -> &'static str {
    if in_scope { "" } else { " out" }
}

fn marked(mark: Mark) -> &'static str {
    match mark {
        Mark::Same => "",
        Mark::Changed | Mark::New => " m",
    }
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain | Tone::Grey => "",
        Tone::Calm => " calm",
        Tone::Worst(Severity::Critical) => " critical",
        Tone::Worst(Severity::High) => " high",
        Tone::Worst(Severity::Medium) => " medium",
        Tone::Worst(Severity::Low | Severity::Info) => " low",
    }
}
