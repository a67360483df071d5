//! `tmrs dfd`: draw the data-flow diagram.

use std::slice;

use super::args;
use super::drawing::{self, Named, Page};
use super::failure::{Exit, Failure};
use super::output::Screen;
use crate::draw::{Changes, Diagram, Options, dot, mermaid, near, severities};
use crate::escape::terminal;
use crate::notice::nearest;
use crate::report::{Graph, ModelInfo, Node, Report};

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
    are_there(dfd, &report)?;
    let mut pages = Vec::new();
    for (model, changes) in report.models.iter().zip(changes) {
        let only = if dfd.around.is_empty() && dfd.boundary.is_empty() {
            None
        } else {
            // Another model has it.
            match near(&model.graph, &dfd.around, &dfd.boundary) {
                None => continue,
                only => only,
            }
        };
        let options = Options {
            only,
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

/// Every element and boundary that is asked for must be in one of the models.
fn are_there(dfd: &args::Dfd, report: &Report) -> Result<(), Failure> {
    let graphs = || report.models.iter().map(|model| &model.graph);
    if graphs().next().is_none() {
        return Ok(());
    }
    let names = |nodes: fn(&Graph) -> &Vec<Node>| graphs().flat_map(nodes).map(|node| &*node.name);
    for asked in &dfd.around {
        if !graphs().any(|graph| near(graph, slice::from_ref(asked), &[]).is_some()) {
            return Err(nothing_called(
                "element",
                asked,
                names(|graph| &graph.elements),
            ));
        }
    }
    for asked in &dfd.boundary {
        if !graphs().any(|graph| near(graph, &[], slice::from_ref(asked)).is_some()) {
            return Err(nothing_called(
                "boundary",
                asked,
                names(|graph| &graph.boundaries),
            ));
        }
    }
    Ok(())
}

fn nothing_called<'n>(what: &str, asked: &str, names: impl Iterator<Item = &'n str>) -> Failure {
    Failure::usage(
        format!("no {what} is called “{}”", terminal(asked)),
        match nearest(asked, names) {
            Some(name) => format!("did you mean “{}”?", terminal(name)),
            None => "`tmrs dfd MODEL` draws everything with its name".to_owned(),
        },
    )
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
    match format {
        "mermaid" => Ok(mermaid::dfd(diagram).into_bytes()),
        "svg" => drawing::svg(diagram),
        "png" => drawing::png(diagram),
        _ => Ok(dot::dfd(diagram).into_bytes()),
    }
}
