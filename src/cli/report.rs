//! `tmrs report`: the report of each model, as tmrs writes it or by a template.

use std::path::Path;

use super::args;
use super::drawing::{self, Page};
use super::failure::{Exit, Failure};
use super::output::{Screen, link_base};
use super::render;
use crate::draw::{self, Diagram, dot};
use crate::emit::document::{Document, html, markdown};
use crate::escape::terminal;
use crate::report::{ModelInfo, Report};
use crate::template::{Escape, pytm};
use crate::tools::{self, Picture};

const ENDINGS: &[(&str, &str)] = &[
    ("md", "markdown"),
    ("markdown", "markdown"),
    ("html", "html"),
    ("htm", "html"),
];

/// A template that a person brings.
struct Template {
    /// How messages call it.
    name: String,
    text: String,
    /// What its output is called.
    ending: String,
}

/// Runs the command.
pub fn run(arguments: &args::Report, screen: &Screen) -> Result<Exit, Failure> {
    let template = arguments
        .template
        .as_deref()
        .map(Template::read)
        .transpose()?;
    let report = match &arguments.from {
        Some(saved) => render::read(saved)?,
        None => drawing::report(&arguments.paths, &arguments.judging, true, screen)?,
    };
    let output = arguments.output.as_deref();
    let format = drawing::format(arguments.format.as_deref(), output, ENDINGS, "markdown");
    let mut pages = Vec::new();
    for model in &report.models {
        let text = match &template {
            Some(template) => template.render(&report, model)?,
            None => own(&report, model, format),
        };
        pages.push(Page {
            model: model.name.to_string(),
            bytes: text.into_bytes(),
        });
    }
    let ending = match (&template, format) {
        (Some(template), _) => &*template.ending,
        (None, "html") => "html",
        (None, _) => "md",
    };
    drawing::deliver(&pages, "report", ending, output)?;
    Ok(drawing::exit(&report))
}

/// The report as tmrs itself writes it.
fn own(report: &Report, model: &ModelInfo, format: &str) -> String {
    let mut document = Document {
        report,
        model,
        dfd: None,
        sequence: None,
        link_base: link_base(),
    };
    if format != "html" {
        return markdown(&document);
    }
    document.dfd = dfd(report, model);
    html(&document)
}

/// The data-flow diagram as a part of a page, where Graphviz can draw it.
fn dfd(report: &Report, model: &ModelInfo) -> Option<String> {
    let options = draw::Options {
        severities: Some(draw::severities(report, model)),
        ..draw::Options::default()
    };
    let diagram = Diagram::new(&model.name, &model.graph, &options);
    let drawn = tools::dot(&dot::dfd(&diagram), Picture::Svg).ok()?;
    draw::inline(&drawn)
}

impl Template {
    fn read(path: &Path) -> Result<Self, Failure> {
        let name = terminal(&path.to_string_lossy()).into_owned();
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::usage(
                format!("cannot read the template {name}: {error}"),
                "name a text file; without --template tmrs writes its own report",
            )
        })?;
        let ending = path.extension().map_or_else(
            || "txt".to_owned(),
            |ending| ending.to_string_lossy().into_owned(),
        );
        Ok(Self { name, text, ending })
    }

    fn render(&self, report: &Report, model: &ModelInfo) -> Result<String, Failure> {
        let escape = match &*self.ending {
            "md" | "markdown" | "html" | "htm" => Escape::Html,
            _ => Escape::Nothing,
        };
        pytm::render(&self.text, report, model, escape).map_err(|error| {
            Failure::usage(
                format!("the template {}, {error}", self.name),
                "mend the template; `tmrs describe` lists the attributes that models have",
            )
        })
    }
}
