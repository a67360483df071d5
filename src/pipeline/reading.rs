//! From a tree to models.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use globset::GlobSet;
use rayon::prelude::*;

use super::imports::follow;
use super::naming::may_include;
use super::readings::{Behind, Readings};
use super::unread::{unopened, unread};
use crate::config::Phrase;
use crate::discover::{Candidate, Filter, discover};
use crate::model::Model;
use crate::model::size::MOST_TEXT;
use crate::notice::{Notice, Severity, code};
use crate::read::native::Native;
use crate::read::pytm;
use crate::read::{
    LEAST_STEPS, MODELS, MOST_STEPS_OF_FILE, MOST_STEPS_OF_RUN, READERS, ReadOptions, Reader,
    Reading, Sniff,
};
use crate::source::{RepoPath, Source, Span, Tree, TreeError, Watched};

/// What to read, and how.
pub struct Request<'a> {
    /// The repository.
    pub tree: &'a dyn Tree,
    /// Which files to look at.
    pub filter: Filter,
    /// `--entry` and `--lenient`, for every model.
    pub read: ReadOptions,
    /// What the configuration says about single models, first match first.
    pub per_model: Vec<PerModel>,
}

/// What the configuration says about the models that a pattern matches.
#[derive(Clone, Debug)]
pub struct PerModel {
    /// The pattern.
    pub paths: GlobSet,
    /// What cannot be read is a warning there.
    pub lenient: bool,
    /// Why.
    pub reason: Option<Phrase>,
    /// The function to enter.
    pub entry: Option<String>,
}

/// A reading of one candidate.
pub struct Read {
    /// What it gave.
    pub reading: Reading,
    /// What it rests on.
    pub behind: Behind,
}

impl Read {
    /// `asked` is what the tree was asked for on the way.
    fn of(mut reading: Reading, asked: BTreeSet<RepoPath>) -> Self {
        let mut notices = reading.notices.iter();
        let failed = notices.any(|notice| notice.severity == Severity::Error);
        let behind = Behind {
            asked,
            parts: std::mem::take(&mut reading.parts),
            is_broken: failed || reading.models.iter().any(|model| !model.complete),
        };
        Self { reading, behind }
    }
}

/// What is known of a candidate already, so that it need not be read again.
pub type Known<'a> = dyn Fn(&Arc<Source>) -> Option<Read> + Sync + 'a;

/// Finds and reads every model. Errors in single files become notices.
pub fn read(request: &Request<'_>) -> Result<Readings, TreeError> {
    read_unless(request, &|_| None)
}

/// As [`read`], but candidates that are known are not read again: what a base
/// revision shares with the working tree is read once.
pub fn read_unless(request: &Request<'_>, known: &Known<'_>) -> Result<Readings, TreeError> {
    let sniff = |path: &RepoPath, text: &str| sniff(path, text, request.tree);
    let hides = |path: &RepoPath, text: &str| {
        let mut readers = READERS.iter();
        readers.find_map(|reader| reader.hides_in(path, text))
    };
    let found = discover(request.tree, &request.filter, sniff, follow, hides)?;
    let mut readings = Readings::default();
    unopened(&found, &mut readings);
    let read = read_each(found.candidates, request, known);
    let helpers: BTreeSet<RepoPath> = read
        .iter()
        .flat_map(|(path, r, _)| r.behind.parts.iter().filter(move |part| *part != path))
        .cloned()
        .collect();
    let named = &request.filter.paths;
    for (path, mut read, may_help) in read {
        if may_help && helpers.contains(&path) && !named.contains(&path) {
            let why = "left: it only helps other models".to_owned();
            readings.looked_at.push((path, why));
            continue;
        }
        if take(&path, &mut read, named, &helpers, &mut readings) {
            readings.add(path, read.behind);
        }
    }
    read_included(request, known, &mut readings);
    read_around(request, known, &mut readings)?;
    unread(&found.left, &mut readings);
    readings.looked_at.extend(found.left);
    readings.looked_at.sort();
    readings.lacks_a_whole = lacks_a_whole(&readings, request.tree);
    readings.models.sort_by(|a, b| a.path().cmp(b.path()));
    number_equal_names(&mut readings.models);
    Ok(readings)
}

/// Reads what models include and nobody asked for: what is found there is that model's.
fn read_included(request: &Request<'_>, known: &Known<'_>, readings: &mut Readings) {
    let have: BTreeSet<RepoPath> = readings.candidates.iter().cloned().collect();
    let included = readings.models.iter().flat_map(|model| &model.included);
    let missing: BTreeSet<RepoPath> = included
        .map(|part| part.path.clone())
        .filter(|path| !have.contains(path))
        .collect();
    let reader: &'static dyn Reader = &Native;
    let sources = missing
        .iter()
        .filter_map(|path| request.tree.open(path).ok());
    let candidates = sources.map(|source| Candidate { source, reader }).collect();
    for (path, mut read, _) in read_each(candidates, request, known) {
        take(&path, &mut read, &[], &BTreeSet::new(), readings);
        readings.brought.insert(path.clone());
        readings.add(path, read.behind);
    }
}

/// Reads the models outside of the PATHs that include one inside: what they find there is that
/// model's. Their own findings nobody asked for.
fn read_around(
    request: &Request<'_>,
    known: &Known<'_>,
    readings: &mut Readings,
) -> Result<(), TreeError> {
    let inside: BTreeSet<&RepoPath> = readings.native().collect();
    if request.filter.paths.is_empty() || inside.is_empty() {
        return Ok(());
    }
    let is_new = |path: &RepoPath| !readings.behind.contains_key(path);
    let wanted = |path: &RepoPath| {
        let only = request.filter.only.as_ref();
        is_new(path) && only.is_none_or(|only| only.contains(path))
    };
    let paths = request.tree.entries()?.into_iter().map(|entry| entry.path);
    let filter = Filter {
        paths: Vec::new(),
        only: Some(paths.filter(wanted).collect()),
        others: false,
        ..request.filter.clone()
    };
    let sniff = |path: &RepoPath, text: &str| {
        let is_whole = may_be_a_whole(path, text);
        let reader: &'static dyn Reader = &Native;
        is_whole.then_some(reader).ok_or("it includes nothing")
    };
    let found = discover(request.tree, &filter, sniff, |_, _| Vec::new(), |_, _| None)?;
    let texts: BTreeMap<RepoPath, Arc<Source>> = (found.candidates.iter())
        .map(|it| (it.source.path().clone(), Arc::clone(&it.source)))
        .collect();
    let mut around = Vec::new();
    for (path, mut read, _) in read_each(found.candidates, request, known) {
        let mut models = read.reading.models.iter().flat_map(|model| &model.included);
        let is_whole = models.any(|part| inside.contains(&part.path));
        let notices = &mut read.reading.notices;
        notices.retain(|it| it.severity == Severity::Error);
        let source = &texts[&path];
        let named = |part: &&&RepoPath| may_include(source, part);
        if read.behind.is_broken
            && let Some(part) = inside.iter().find(named)
        {
            notices.push(why_around(source, part));
        } else if !is_whole {
            continue;
        }
        around.push((path, read));
    }
    for (path, mut read) in around {
        take(&path, &mut read, &[], &BTreeSet::new(), readings);
        readings.around.insert(path.clone());
        readings.add(path, read.behind);
    }
    Ok(())
}

/// Why errors of a file are shown that nobody asked for.
fn why_around(source: &Arc<Source>, part: &RepoPath) -> Notice {
    let path = source.path();
    let message =
        format!("{path} is outside of what is checked, and read because it may include {part}");
    let help = "what is found there depends on both: mend what could not be read";
    Notice::warning(code::INCOMPLETE, source.place(Span::default()), message).with_help(help)
}

/// Whether a file may be a model that includes others.
fn may_be_a_whole(path: &RepoPath, text: &str) -> bool {
    Native.may_include(text) && matches!(Native.sniff(path, text), Sniff::Candidate)
}

/// Whether one of the files that could not be read completely may include others, where there
/// are any that can be included.
fn lacks_a_whole(readings: &Readings, tree: &dyn Tree) -> bool {
    let models = readings.models.iter();
    let wholes = models.filter(|model| !model.included.is_empty());
    let wholes: BTreeSet<&RepoPath> = wholes.map(Model::path).collect();
    let is_one = |path: &RepoPath| {
        wholes.contains(path)
            || tree
                .open(path)
                .map_or(true, |source| may_be_a_whole(path, source.text()))
    };
    readings.native().next().is_some() && readings.broken.iter().any(is_one)
}

/// Which reader takes a file, or why none does.
fn sniff(
    path: &RepoPath,
    text: &str,
    tree: &dyn Tree,
) -> Result<&'static dyn Reader, &'static str> {
    let mut why = "it is no Python, YAML or JSON file";
    for reader in READERS.iter().copied() {
        match reader.sniff(path, text) {
            Sniff::Candidate => return Ok(reader),
            Sniff::No(reason) | Sniff::Unread(reason) => why = reason,
            Sniff::Foreign => {}
        }
    }
    if pytm::runs_a_model(path, text, tree) {
        why = pytm::RUNS_A_MODEL;
    }
    Err(why)
}

/// Reads candidates, or takes what is known of them; says of each whether it may only help
/// others.
fn read_each(
    candidates: Vec<Candidate<&'static dyn Reader>>,
    request: &Request<'_>,
    known: &Known<'_>,
) -> Vec<(RepoPath, Read, bool)> {
    let share = share(&candidates);
    let (wholes, others): (Vec<_>, Vec<_>) = (candidates.into_iter().enumerate())
        .partition(|(_, it)| it.reader.may_include(it.source.text()));
    let read = |(at, candidate): (usize, Candidate<&'static dyn Reader>)| {
        let read = known(&candidate.source);
        let read = read.unwrap_or_else(|| read_candidate(&candidate, request, share));
        (at, candidate, read)
    };
    let mut each: Vec<_> = others.into_par_iter().map(read).collect();
    each.extend(wholes.into_iter().map(read));
    each.sort_by_key(|(at, _, _)| *at);
    if let Some(share) = share {
        read_to_the_end(&mut each, share, request);
    }
    let named = each.into_iter().map(|(_, candidate, read)| {
        let may_help = candidate.reader.is_read_by_others();
        (candidate.source.path().clone(), read, may_help)
    });
    named.collect()
}

/// What reading each file may take at first of what is given to a run; nothing where there are
/// so few that the limits of a file are enough.
fn share(candidates: &[Candidate<&'static dyn Reader>]) -> Option<usize> {
    let share = MOST_STEPS_OF_RUN / candidates.len().max(1);
    (share < MOST_STEPS_OF_FILE).then_some(share.max(LEAST_STEPS))
}

/// So many files are read to their end at once, as long as what is left is enough for all.
const AT_ONCE: usize = 8;

/// Files that take more than their share are read again in the order of their paths, so that
/// it is always the same that find nothing left, on whatever machine.
fn read_to_the_end(
    each: &mut [(usize, Candidate<&'static dyn Reader>, Read)],
    share: usize,
    request: &Request<'_>,
) {
    let taken: usize = each.iter().map(|(_, _, read)| read.reading.taken).sum();
    let mut left = MOST_STEPS_OF_RUN.saturating_sub(taken);
    let mut short: Vec<_> = each
        .iter_mut()
        .filter(|it| it.2.reading.ran_short)
        .collect();
    let mut short = short.as_mut_slice();
    while left > share && !short.is_empty() {
        let most = (left / MOST_STEPS_OF_FILE).clamp(1, AT_ONCE);
        let (now, later) = short.split_at_mut(most.min(short.len()));
        let share = Some(left.min(MOST_STEPS_OF_FILE));
        now.par_iter_mut().for_each(|(_, candidate, read)| {
            *read = read_candidate(candidate, request, share);
        });
        let taken: usize = now.iter().map(|it| it.2.reading.taken).sum();
        left = left.saturating_sub(taken);
        short = later;
    }
}

/// Reads one candidate, as the configuration wants it, with a share of what a run is given.
fn read_candidate(
    candidate: &Candidate<&'static dyn Reader>,
    request: &Request<'_>,
    share: Option<usize>,
) -> Read {
    let path = candidate.source.path();
    let mut options = request.read.clone();
    options.share = share;
    let mut per_model = request.per_model.iter();
    let said = per_model.find(|p| p.paths.is_match(path.as_str()));
    if let Some(said) = said {
        options.lenient |= said.lenient;
        options.entry = options.entry.or_else(|| said.entry.clone());
    }
    let tree = Watched::new(request.tree);
    let mut reading = candidate.reader.read(&candidate.source, &tree, &options);
    let reason = said
        .filter(|said| said.lenient)
        .and_then(|said| said.reason.as_ref());
    let mut notices = reading.notices.iter();
    if let Some(reason) = reason
        && notices.any(|notice| notice.severity == Severity::Warning)
    {
        let message = format!("{path} is read leniently: {}", reason.value);
        let help = "what could not be read there stands beside this; make it an error again once it is mended";
        let notice = Notice::note(code::INCOMPLETE, reason.place.clone(), message);
        reading.notices.push(notice.with_help(help));
    }
    Read::of(reading, tree.asked())
}

/// Adds what one candidate gave; whether it is or may be a model.
fn take(
    path: &RepoPath,
    read: &mut Read,
    named: &[RepoPath],
    helpers: &BTreeSet<RepoPath>,
    readings: &mut Readings,
) -> bool {
    let mut reading = std::mem::take(&mut read.reading);
    let is_broken = &mut read.behind.is_broken;
    if let Some(reason) = reading
        .no_model
        .filter(|_| reading.models.is_empty() && !*is_broken)
    {
        if let Some(unreached) = reading.unreached.filter(|_| !helpers.contains(path)) {
            *is_broken = true;
            readings.incomplete = true;
            readings.broken.insert(path.clone());
            readings
                .looked_at
                .push((path.clone(), format!("left: {reason}")));
            readings.notices.push(unreached);
            return true;
        }
        let reason = if helpers.contains(path) {
            "it only helps other models".into()
        } else {
            reason
        };
        if named.contains(path) {
            readings.incomplete = true;
            readings.notices.push(
                Notice::general(
                    code::NOT_A_MODEL,
                    Severity::Error,
                    format!("{path} is no threat model: {reason}"),
                )
                .with_help(MODELS),
            );
        }
        readings
            .looked_at
            .push((path.clone(), format!("left: {reason}")));
        return false;
    }
    for large in reading
        .models
        .extract_if(.., |model| model.text() > MOST_TEXT)
    {
        let message = format!(
            "this model is not judged: its elements hold more than {} MiB of text together",
            MOST_TEXT >> 20
        );
        let notice = Notice::error(code::LIMIT, large.place.clone(), message);
        let help = "split the model into several, or shorten its names and descriptions";
        reading.notices.push(notice.with_help(help));
        *is_broken = true;
    }
    let models = reading.models.len();
    let word = if models == 1 {
        "1 model".to_owned()
    } else {
        format!("{models} models")
    };
    readings
        .looked_at
        .push((path.clone(), format!("taken: {word}")));
    if *is_broken {
        readings.incomplete = true;
        readings.broken.insert(path.clone());
    }
    readings.notices.extend(reading.notices);
    readings.models.extend(reading.models);
    true
}

/// Models of one file that share a name get an ordinal (docs/semantics.md §4).
fn number_equal_names(models: &mut [Model]) {
    let mut seen: BTreeMap<(RepoPath, String), u32> = BTreeMap::new();
    for model in models {
        let name = crate::finding::canonical(&model.name);
        let count = seen.entry((model.path().clone(), name)).or_insert(0);
        model.ordinal = *count;
        *count += 1;
    }
}
