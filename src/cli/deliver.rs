//! A report → every output that was asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::args::Output;
use super::failure::Failure;
use super::output::{Screen, Target, append, link_base, print, write};
use crate::emit::Context;
use crate::report::Report;
use crate::source::{RepoPath, Source};

/// Writes every output; all are made before the first is written. `open` reads a
/// source for snippets.
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
    let mut made = Vec::new();
    for target in targets {
        let context = Context {
            color: screen.color && target.path.is_none(),
            width: screen.width,
            verbose: output.verbose,
            quiet: output.quiet,
            sarif_suppressions: output.sarif_suppressions,
            link_base: link_base(),
            sources: &sources,
        };
        let text = target.format.emit(report, &context);
        let text = text.map_err(|error| {
            Failure::usage(
                error.to_string(),
                "choose another format, and report this as a bug",
            )
        })?;
        made.push((target, text));
    }
    for (target, text) in &made {
        match &target.path {
            Some(path) if target.append => append(path, text)?,
            Some(path) => write(path, text)?,
            None => print(text)?,
        }
    }
    Ok(())
}
