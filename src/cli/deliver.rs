//! Layer `cli`: a report → every output that was asked for.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::args::Output;
use super::failure::Failure;
use super::files::{Prepared, prepare_addition, prepare_by};
use super::output::{Screen, job_started, link_base, print_as_it_is, print_by};
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
    let context = |target: &Target| Context {
        color: screen.color && target.path.is_none(),
        width: screen.width,
        verbose: output.verbose,
        quiet: output.quiet,
        sarif_suppressions: output.sarif_suppressions,
        sarif_assumed: output.assumed(),
        started: job_started(),
        link_base: link_base(report.run.revision.as_deref()),
        sources: &sources,
    };
    let made = targets
        .par_iter()
        .map(|target| make(report, target, &context(target)));
    let made: Vec<_> = made.collect();
    let mut files = Vec::new();
    let mut on_screen = Vec::new();
    for (target, made) in targets.iter().zip(made) {
        match made? {
            Made::File(file) => files.push(file),
            Made::Addition(path, text) => files.push(prepare_addition(path, text.as_bytes())?),
            Made::Text(text) => on_screen.push((target, Some(text))),
            Made::Later => on_screen.push((target, None)),
        }
    }
    files.into_iter().try_for_each(Prepared::put)?;
    for (target, text) in on_screen {
        let printed = match text {
            Some(text) => print_as_it_is(text),
            None => print_by(|out| target.format.write(report, &context(target), out)),
        };
        match printed {
            // Whoever reads only the first lines changes nothing about the gate.
            Err(Failure::ClosedPipe) => {}
            other => other?,
        }
    }
    Ok(())
}

/// What became of an output before any is seen.
enum Made<'t> {
    /// On the disk under another name.
    File(Prepared),
    /// What is added to a file, one after another.
    Addition(&'t Path, String),
    /// For the screen.
    Text(String),
    /// For the screen, and written piece by piece when it is its turn.
    Later,
}

fn make<'t>(
    report: &Report,
    target: &'t Target,
    context: &Context<'_>,
) -> Result<Made<'t>, Failure> {
    let whole = || {
        target.format.emit(report, context).map_err(|error| {
            Failure::usage(
                error.to_string(),
                "choose another format, and report this as a bug",
            )
        })
    };
    Ok(match &target.path {
        Some(path) if target.append => Made::Addition(path, whole()?),
        Some(path) => Made::File(prepare_by(path, |out| {
            target.format.write(report, context, out)
        })?),
        None if target.format.streams() => Made::Later,
        None => Made::Text(whole()?),
    })
}
