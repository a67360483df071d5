//! Layer `cli`: a report → every output that was asked for.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::args::Output;
use super::failure::Failure;
use super::files::{Prepared, prepare, prepare_addition, prepare_by};
use super::output::{Screen, job_started, link_base, print_as_it_is, print_by};
use super::targets::Target;
use crate::emit::{Context, Stream};
use crate::report::Parts;
use crate::source::{RepoPath, Source};

/// Writes every output, files first: all are made, and all files are on the disk, before
/// the first of them takes its name. `open` reads a source for snippets.
pub fn deliver(
    parts: &dyn Parts,
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
        link_base: link_base(parts.head().run.revision.as_deref()),
        sources: &sources,
    };
    if targets
        .iter()
        .any(|target| target.format.stream().is_none())
    {
        // What one output needs as a whole is not told part by part to the others again.
        parts.whole();
    }
    let made = targets
        .par_iter()
        .map(|target| make(parts, target, &context(target)));
    let made: Vec<_> = made.collect();
    let mut files = Vec::new();
    let mut on_screen: Vec<(&Target, Shown)> = Vec::new();
    for (target, made) in targets.iter().zip(made) {
        match made? {
            Made::File(file) => files.push(file),
            Made::Addition(path, text) => files.push(prepare_addition(path, text.as_bytes())?),
            Made::Shown(shown) => on_screen.push((target, shown)),
        }
    }
    files.into_iter().try_for_each(Prepared::put)?;
    for (target, shown) in on_screen {
        let printed = match shown {
            Shown::Text(text) => print_as_it_is(text),
            Shown::Later(stream) => print_by(|out| stream.write(parts, &context(target), out)),
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
    Shown(Shown),
}

/// What goes to the screen.
enum Shown {
    /// It is made.
    Text(String),
    /// It is written part by part when it is its turn.
    Later(&'static dyn Stream),
}

fn make<'t>(
    parts: &dyn Parts,
    target: &'t Target,
    context: &Context<'_>,
) -> Result<Made<'t>, Failure> {
    let format = target.format;
    let whole = || {
        format.emit(parts.whole(), context).map_err(|error| {
            Failure::usage(
                error.to_string(),
                "choose another format, and report this as a bug",
            )
        })
    };
    let file = |made| Ok(Made::File(made));
    match (&target.path, format.stream()) {
        (Some(path), _) if target.append => Ok(Made::Addition(path, whole()?)),
        (Some(path), Some(stream)) => {
            file(prepare_by(path, |out| stream.write(parts, context, out))?)
        }
        (Some(path), None) => file(prepare(path, whole()?.as_bytes())?),
        (None, Some(stream)) => Ok(Made::Shown(Shown::Later(stream))),
        (None, None) => Ok(Made::Shown(Shown::Text(whole()?))),
    }
}
