//! `tmrs seq`: draw the sequence diagram.

use super::args;
use super::drawing::{self, Named, Page};
use super::failure::{Exit, Failure};
use super::output::Screen;
use crate::draw::{Sequence, mermaid, plantuml, sequence_svg};

const ENDINGS: &[(&str, &str)] = &[
    ("puml", "plantuml"),
    ("plantuml", "plantuml"),
    ("mmd", "mermaid"),
    ("mermaid", "mermaid"),
    ("svg", "svg"),
    ("png", "png"),
];

/// Runs the command.
pub fn run(seq: &args::Seq, screen: &Screen) -> Result<Exit, Failure> {
    let output = seq.output.as_deref();
    let format = drawing::format(seq.format.as_deref(), output, ENDINGS, "plantuml")?;
    let named = Named {
        paths: &seq.paths,
        stdin: Some(&seq.stdin),
    };
    let report = drawing::report(named, &seq.judging, false, screen)?;
    let mut pages = Vec::new();
    for model in &report.models {
        let sequence = Sequence::new(&model.name, &model.graph);
        pages.push(Page {
            model: model.name.to_string(),
            bytes: draw(&sequence, format)?,
        });
    }
    let ending = match format {
        "mermaid" => "mmd",
        "plantuml" => "puml",
        picture => picture,
    };
    drawing::deliver(&pages, "seq", ending, output)?;
    Ok(drawing::exit(&report))
}

/// A sequence in a language or as a picture.
fn draw(sequence: &Sequence, format: &str) -> Result<Vec<u8>, Failure> {
    match format {
        "mermaid" => Ok(mermaid::sequence(sequence).into_bytes()),
        "svg" => Ok(sequence_svg::file(sequence).into_bytes()),
        "png" => drawing::sequence_png(sequence),
        _ => Ok(plantuml::sequence(sequence).into_bytes()),
    }
}
