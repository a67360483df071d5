//! `tmrs report`: the report of each model, as tmrs writes it or by a template.

mod all;
#[cfg(feature = "jinja")]
pub mod apart;
mod template;

use std::collections::BTreeMap;
use std::path::Path;

use super::args;
use super::drawing::{self, Named, Page, stem};
use super::failure::{Exit, Failure};
use super::files::Prepared;
use super::output::{Screen, link_base};
use super::render;
use crate::draw::{self, Diagram, Sequence};
use crate::emit::document::{Document, html, markdown};
use crate::report::{ModelInfo, Report};
use all::{Diagrams, prepare_all, wanted};
use template::{Kind, Template};

const ENDINGS: &[(&str, &str)] = &[
    ("md", "markdown"),
    ("markdown", "markdown"),
    ("html", "html"),
    ("htm", "html"),
];

/// Runs the command.
pub fn run(arguments: &args::Report, screen: &Screen) -> Result<Exit, Failure> {
    let template = arguments.template.as_deref();
    let template = template.map(Template::read).transpose()?;
    let report = match &arguments.from {
        Some(saved) => render::read(saved)?,
        None => {
            let named = Named {
                paths: &arguments.paths,
                stdin: Some(&arguments.stdin),
            };
            drawing::report(named, &arguments.judging, true, screen)?
        }
    };
    let output = arguments.output.as_deref();
    let default = match template.as_ref().map(Template::kind) {
        Some(Kind::Html) => "html",
        _ => "markdown",
    };
    let asked = arguments.format.as_deref();
    let own_ending = template.as_ref().map(|template| template.ending(default));
    let is_of_template = output.and_then(drawing::ending).as_deref() == own_ending;
    let named = output.filter(|_| own_ending.is_none() || !is_of_template);
    let format = drawing::format(asked, named, ENDINGS, default)?;
    let mut pages = Vec::new();
    for model in &report.models {
        let text = match &template {
            Some(template) => template.render(&report, model, format)?,
            None => own(&report, model, format),
        };
        pages.push(Page {
            model: model.name.to_string(),
            bytes: text.into_bytes(),
        });
    }
    let own_ending = if format == "html" { "html" } else { "md" };
    let ending = template.as_ref().map_or(own_ending, |t| t.ending(format));
    match &arguments.all {
        Some(folder) => all(folder, &report, &pages, ending, template.as_ref())?,
        None => drawing::deliver(&pages, "report", ending, output)?,
    }
    Ok(drawing::exit(&report))
}

/// Everything of every model; several models have a folder each.
fn all(
    folder: &Path,
    report: &Report,
    pages: &[Page],
    ending: &str,
    template: Option<&Template>,
) -> Result<(), Failure> {
    let wanted = template.map_or_else(Vec::new, |template| wanted(&template.text));
    let mut taken = BTreeMap::new();
    let mut files = Vec::new();
    for (model, page) in report.models.iter().zip(pages) {
        let folder = match pages.len() {
            1 => folder.to_owned(),
            _ => folder.join(stem(&model.name, &mut taken)),
        };
        let diagrams = Diagrams {
            dfd: diagram(report, model),
            sequence: Sequence::new(&model.name, &model.graph),
        };
        let own = prepare_all(&folder, &page.bytes, ending, &wanted, &diagrams)?;
        files.extend(own);
    }
    files.into_iter().try_for_each(Prepared::put)
}

/// The data-flow diagram, coloured by what is open.
fn diagram(report: &Report, model: &ModelInfo) -> Diagram {
    let options = draw::Options {
        severities: Some(draw::severities(report, model)),
        ..draw::Options::default()
    };
    Diagram::new(&model.name, &model.graph, &options)
}

/// The report as tmrs itself writes it.
fn own(report: &Report, model: &ModelInfo, format: &str) -> String {
    let document = Document {
        report,
        model,
        link_base: link_base(report.run.revision.as_deref()),
    };
    match format {
        "html" => html(&document),
        _ => markdown(&document),
    }
}
