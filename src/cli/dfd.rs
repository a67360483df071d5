//! `tmrs dfd`: draw the data-flow diagram.

use super::args;
use super::drawing::{self, Named, Page};
use super::failure::{Exit, Failure};
use super::output::Screen;
use crate::draw::{Changes, Diagram, Options, dot, mermaid, severities};
use crate::report::{ModelInfo, Report};
use crate::tools::Picture;

const ENDINGS: &[(&str, &str)] = &[
    ("dot", "dot"),
    ("gv", "dot"),
    ("mmd", "mermaid"),
    ("mermaid", "mermaid"),
    ("svg", "svg"),
    ("png", "png"),
];

/// Runs the command.
pub fn run(dfd: &args::Dfd, screen: &Screen) -> Result<Exit, Failure> {
    let output = dfd.output.as_deref();
    let format = drawing::format(dfd.format.as_deref(), output, ENDINGS, "dot")?;
    let (report, before) = drawing::report_since(
        Named {
            paths: &dfd.paths,
            stdin: Some(&dfd.stdin),
        },
        &dfd.judging,
        dfd.colormap,
        dfd.since.as_deref(),
        screen,
    )?;
    let mut changes = before.map_or_else(Vec::new, |before| before.changes(&report));
    changes.resize_with(report.models.len(), Changes::default);
    let mut pages = Vec::new();
    for (model, changes) in report.models.iter().zip(changes) {
        let options = Options {
            changes,
            ..options(dfd, &report, model)
        };
        let diagram = Diagram::new(&model.name, &model.graph, &options);
        pages.push(Page {
            model: model.name.to_string(),
            bytes: draw(&diagram, format)?,
        });
    }
    let ending = if format == "mermaid" { "mmd" } else { format };
    drawing::deliver(&pages, "dfd", ending, output)?;
    Ok(drawing::exit(&report))
}

fn options(dfd: &args::Dfd, report: &Report, model: &ModelInfo) -> Options {
    Options {
        levels: dfd.levels.iter().copied().collect(),
        merge_responses: dfd.merge_responses.then_some(true),
        severities: dfd.colormap.then(|| severities(report, model)),
        ..Options::default()
    }
}

/// A diagram in a language or as a picture.
fn draw(diagram: &Diagram, format: &str) -> Result<Vec<u8>, Failure> {
    let picture = match format {
        "mermaid" => return Ok(mermaid::dfd(diagram).into_bytes()),
        "svg" => Picture::Svg,
        "png" => Picture::Png,
        _ => return Ok(dot::dfd(diagram).into_bytes()),
    };
    drawing::picture(diagram, picture).map_err(|error| drawing::no_picture(&error, "graphviz"))
}
