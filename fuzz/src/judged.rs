//! From bytes to a report, as a run does it, on one thread with the stack that reading takes.

use std::sync::LazyLock;

use rayon::ThreadPool;
use tmrs::evaluate::Overrides;
use tmrs::pipeline::{self, Judged, Readings, Request};
use tmrs::read::{ReadOptions, pool};
use tmrs::report::build::{Detail, Frame};
use tmrs::report::{Evidence, Level, Levels, Measure, Report, Run, Severity};
use tmrs::rules::{self, Catalogue, CatalogueSettings, ThreatsFilePolicy};
use tmrs::source::Memory;

static POOL: LazyLock<ThreadPool> = LazyLock::new(|| pool(1).expect("a thread can be started"));

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let (catalogue, _) = rules::load(&CatalogueSettings::default()).expect("built-in rules load");
    catalogue
});

/// Does it where reading may nest deeply.
pub fn deeply<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    POOL.install(work)
}

/// The files in an input: the first is called `first`, a line `%%% NAME` begins another.
pub fn files(first: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![(first.to_owned(), Vec::new())];
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let name = line.strip_prefix(b"%%% ").map(<[u8]>::trim_ascii);
        match name.and_then(|name| std::str::from_utf8(name).ok()) {
            Some(name) if files.len() < 8 => files.push((name.to_owned(), Vec::new())),
            _ => {
                if let Some((_, text)) = files.last_mut() {
                    text.extend_from_slice(line);
                }
            }
        }
    }
    files
}

/// Finds and reads the models of a tree.
pub fn read(tree: &Memory) -> Readings {
    let request = Request {
        tree,
        filter: tmrs::discover::Filter::default(),
        read: ReadOptions::default(),
        per_model: Vec::new(),
    };
    pipeline::read(&request).expect("files in memory are listed")
}

/// Judges them by the catalogue.
pub fn judge(readings: Readings, tree: &Memory) -> Judged {
    pipeline::judge(
        readings,
        tree,
        &CATALOGUE,
        ThreatsFilePolicy::default(),
        Overrides::default(),
    )
}

/// Everything about what was judged.
pub fn report(judged: &Judged) -> Report {
    let frame = Frame {
        changes: Vec::new(),
        run: Run::default(),
        catalogue: env!("CARGO_PKG_VERSION").into(),
        levels: Levels::all(Level {
            by: Measure::default(),
            fail_on: Severity::High,
            evidence: Evidence::Assumed,
            report_only: false,
        }),
        detail: Detail::Everything,
        proposes: false,
        shows_first: true,
        fixed: Vec::new(),
        allow_no_models: true,
        failed_otherwise: false,
    };
    Report::of(judged, frame)
}
