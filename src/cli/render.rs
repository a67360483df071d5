//! Layer `cli`: `tmrs render`, any output from saved JSON reports, without the models.

use std::io::Read as _;
use std::path::Path;

use super::args::Render;
use super::deliver::deliver;
use super::failure::{Exit, Failure};
use super::links;
use super::output::Screen;
use super::targets::targets;
use crate::escape::terminal;
use crate::report::Report;
use crate::report::join::{join, load};

/// Larger reports are refused: a hundred thousand findings are half of that.
pub const LARGEST: u64 = 256 * 1024 * 1024;

/// Runs the command; the exit status is that of the run, or of all runs together.
pub fn run(render: &Render, screen: &Screen) -> Result<Exit, Failure> {
    let targets = targets(&render.output)?;
    let reports = render
        .reports
        .iter()
        .map(|path| read(path))
        .collect::<Result<Vec<_>, _>>()?;
    let mut report = join(reports).map_err(|error| {
        Failure::usage(
            error.to_string(),
            "join only reports of one revision, made by one version of tmrs with one gate",
        )
    })?;
    if let Some(category) = &render.output.category {
        report.run.category = Some(category.clone());
    }
    deliver(&report, &targets, &render.output, screen, &|_| None)?;
    Ok(Exit::of(report.summary.exit))
}

/// Reads a saved report.
pub fn read(path: &Path) -> Result<Report, Failure> {
    let shown = path.to_string_lossy();
    let shown = terminal(&shown);
    let text = text(path).map_err(|error| {
        Failure::usage(
            format!("cannot read {shown}: {error}"),
            "every part must be there: the whole would look better than it is without one",
        )
    })?;
    load(&text).map_err(|error| {
        Failure::usage(
            format!("{shown}: {}", terminal(&error.to_string())),
            "write reports with `tmrs check --output json=FILE`, with this version of tmrs",
        )
    })
}

/// A file's text; no more of it is read than a report can have, whatever it is.
fn text(path: &Path) -> std::io::Result<String> {
    if let Some(link) = links::link_out(path) {
        return Err(std::io::Error::other(links::leads_out(&link)));
    }
    let file = std::fs::File::open(path)?;
    let too_large = || std::io::Error::other("it is larger than 256 MiB");
    if file.metadata()?.len() > LARGEST {
        return Err(too_large());
    }
    let mut text = String::new();
    if file.take(LARGEST + 1).read_to_string(&mut text)? as u64 > LARGEST {
        return Err(too_large());
    }
    Ok(text)
}
