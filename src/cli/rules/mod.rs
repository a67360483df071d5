//! `tmrs rules`: the catalogue and rule files of one's own, for people who read
//! or write rules.

pub(super) mod args;
mod explain;
mod lint;
mod list;
mod new;
mod readers;
mod reference;
mod test;

use std::path::PathBuf;
use std::sync::Arc;

use super::failure::{Exit, Failure};
use super::output::Screen;
use super::repository::Repository;
use super::settings;
use crate::rules::{self, Catalogue, CatalogueSettings, Pack};
use crate::source::Source;

pub(super) use readers::Readers;

pub use args::Rules;
pub use reference::{differences, reference};

/// Runs the command.
pub fn run(command: &Rules, screen: &Screen) -> Result<Exit, Failure> {
    match command {
        Rules::List(list) => list::run(list, screen),
        Rules::Explain(explain) => explain::run(explain, screen),
        Rules::Test(test) => test::run(test),
        Rules::New(new) => new::run(new),
        Rules::Lint(lint) => lint::run(lint),
    }
}

/// Shows one rule of the catalogue with these rule files over it.
pub fn explain_one(
    id: &str,
    files: &[PathBuf],
    no_default_rules: bool,
    screen: &Screen,
) -> Result<Exit, Failure> {
    explain::one(&catalogue(sources(files)?, no_default_rules)?, id, screen)
}

/// Opens the rule files of these paths; folders give theirs.
fn sources(paths: &[PathBuf]) -> Result<Vec<Arc<Source>>, Failure> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    settings::rule_sources(paths, &Repository::find(&[])?)
}

/// The whole built-in catalogue (unless it is left out) with these files over it.
fn catalogue(sources: Vec<Arc<Source>>, no_default_rules: bool) -> Result<Catalogue, Failure> {
    let settings = CatalogueSettings {
        no_default_rules,
        packs: Pack::ALL.to_vec(),
        sources,
        ..CatalogueSettings::default()
    };
    let (catalogue, _) = rules::load(&settings).map_err(Failure::Notices)?;
    Ok(catalogue)
}

/// The whole built-in catalogue.
fn built_in() -> Option<Catalogue> {
    catalogue(Vec::new(), false).ok()
}
