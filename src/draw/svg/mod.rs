//! Layer `draw`: a data-flow diagram as SVG, drawn here, so that terminal, report and file
//! show the same picture on every machine.
//!
//! Left to right in ranks, as requests go. `sketch` holds what is laid out and how it is
//! nested, `ranks` says which rank everything stands in, `order` what stands above what,
//! `place` and `down` where exactly, `paint` writes it. Each decision keeps the boundaries
//! apart: their contents have neighbouring ranks and stay together in every one of them, and
//! an arrow between two boundaries goes around all others. Everything is bounded, nothing is
//! random.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of what is drawn, a few thousand at most"
)]

pub(super) mod colours;
mod down;
mod order;
mod paint;
mod place;
mod ranks;
mod sketch;
mod text;

use super::diagram::{Diagram, Part};

/// The look of [`element`], for the page around it, which gives the colours.
pub const STYLE: &str = include_str!("style.css");

/// More nodes than this are not drawn: nobody could read them.
const MOST_NODES: usize = 250;
/// The same for flows.
const MOST_FLOWS: usize = 500;
/// The same for boundaries.
const MOST_ZONES: usize = 150;
/// Pieces of arrows: one for each rank that a flow crosses.
const MOST_PIECES: usize = 6_000;

/// The `<svg>` element alone, without style; `None` when the diagram is too large.
pub fn element(diagram: &Diagram) -> Option<String> {
    draw(diagram, "")
}

/// A file of its own; `None` when the diagram is too large.
pub fn file(diagram: &Diagram) -> Option<String> {
    draw(diagram, &colours::of_file("dfd", STYLE)).map(|svg| svg + "\n")
}

fn draw(diagram: &Diagram, style: &str) -> Option<String> {
    Some(paint::paint(&lay_out(diagram)?, style))
}

/// Everything in its place; `None` when the diagram is too large.
fn lay_out(diagram: &Diagram) -> Option<sketch::Sketch<'_>> {
    let is_zone = |part: &&Part| matches!(part, Part::Open(_));
    let zones = diagram.parts.iter().filter(is_zone).count();
    if diagram.nodes() > MOST_NODES || zones > MOST_ZONES || diagram.flows.len() > MOST_FLOWS {
        return None;
    }
    let mut sketch = sketch::Sketch::new(diagram);
    ranks::rank(&mut sketch);
    if sketch.pieces() > MOST_PIECES {
        return None;
    }
    sketch.lay_chains();
    order::order(&mut sketch);
    place::across(&mut sketch);
    down::down(&mut sketch);
    place::frame(&mut sketch);
    Some(sketch)
}

#[cfg(test)]
mod tests;
