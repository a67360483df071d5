//! Layer `cli`: a report → every output that was asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::args::Output;
use super::failure::Failure;
use super::files::{Prepared, prepare, prepare_addition};
use super::output::{Screen, link_base, print};
use super::targets::Target;
use crate::emit::Context;
use crate::report::Report;
use crate::source::{RepoPath, Source};

/// Writes every output, files first: all are made, and all files are on the disk, before
/// the first of them takes its name. `open` reads a source for snippets.
pub fn deliver(
    report: &Report,
    targets: &[Target],
    output: &Output,
    screen: &Screen,
    open: &(dyn Fn(&RepoPath) -> Option<Arc<Source>> + Sync),
) -> Result<(), Failure> {
    // One source is asked for many times, once a finding in it.
    let opened: Mutex<BTreeMap<String, Option<Arc<Source>>>> = Mutex::default();
    let sources = |path: &str| -> Option<Arc<Source>> {
        let mut opened = opened.lock().ok()?;
        let source = opened
            .entry(path.to_owned())
            .or_insert_with(|| RepoPath::new(path).and_then(|path| open(&path)));
        source.clone()
    };
    let make = |target: &Target| {
        let context = Context {
            color: screen.color && target.path.is_none(),
            width: screen.width,
            verbose: output.verbose,
            quiet: output.quiet,
            sarif_suppressions: output.sarif_suppressions,
            link_base: link_base(report.run.revision.as_deref()),
            sources: &sources,
        };
        target.format.emit(report, &context).map_err(|error| {
            Failure::usage(
                error.to_string(),
                "choose another format, and report this as a bug",
            )
        })
    };
    let texts: Vec<_> = targets.par_iter().map(make).collect();
    let mut files = Vec::new();
    let mut on_screen = Vec::new();
    for (target, text) in targets.iter().zip(texts) {
        let text = text?;
        match &target.path {
            Some(path) if target.append => files.push(prepare_addition(path, text.as_bytes())?),
            Some(path) => files.push(prepare(path, text.as_bytes())?),
            None => on_screen.push(text),
        }
    }
    files.into_iter().try_for_each(Prepared::put)?;
    for text in on_screen {
        match print(text) {
            // Whoever reads only the first lines changes nothing about the gate.
            Err(Failure::ClosedPipe) => {}
            other => other?,
        }
    }
    Ok(())
}
