//! `tmrs dfd`: draw the data-flow diagram.

use std::collections::BTreeSet;
use std::path::Path;
use std::slice;

use super::args;
use super::drawing::{self, Named, Page};
use super::failure::{Exit, Failure};
use super::output::Screen;
use crate::draw::{Changes, Diagram, Options, dot, mermaid, near, parts, severities};
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
        for (name, only) in wanted(dfd, model) {
            let options = Options {
                only,
                changes: changes.clone(),
                ..options(dfd, &report, model)
            };
            let diagram = Diagram::new(&name, &model.graph, &options);
            let bytes = draw(&diagram, format)?;
            pages.push(Page { model: name, bytes });
        }
    }
    if dfd.split && pages.len() > 1 && output.is_none_or(|path| path == Path::new("-")) {
        return Err(Failure::usage(
            format!("--split draws {} pictures", pages.len()),
            "give a folder with --output FOLDER",
        ));
    }
    let ending = if format == "mermaid" { "mmd" } else { format };
    drawing::deliver(&pages, "dfd", ending, output)?;
    Ok(drawing::exit(&report))
}

/// The pictures of a model, each with its name and its nodes, `None` for all.
fn wanted(dfd: &args::Dfd, model: &ModelInfo) -> Vec<(String, Option<BTreeSet<u32>>)> {
    let name = model.name.to_string();
    if dfd.split {
        let named = |part: Option<&str>| match part {
            Some(boundary) => format!("{name}: {boundary}"),
            None => name.clone(),
        };
        let parts = parts(&model.graph).into_iter();
        return parts
            .map(|(part, nodes)| (named(part), Some(nodes)))
            .collect();
    }
    if dfd.around.is_empty() && dfd.boundary.is_empty() {
        return vec![(name, None)];
    }
    // Where it is not, another model has it.
    let only = near(&model.graph, &dfd.around, &dfd.boundary);
    only.map(|only| (name, Some(only))).into_iter().collect()
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
