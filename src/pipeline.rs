//! Layer `pipeline`: from a tree to findings, the whole way.
//!
//! [`read`] finds and reads the models of a tree, [`judge`] judges them. cli
//! calls them once, or twice when there is a base revision.

pub mod shared;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use globset::GlobSet;
use rayon::prelude::*;

use crate::config::Phrase;
use crate::discover::{Candidate, Discovery, Filter, SUBMODULE, discover};
use crate::evaluate::{Overrides, evaluate};
use crate::finding::{Finding, Weakening};
use crate::model::effort::OfRun;
use crate::model::size::MOST_TEXT;
use crate::model::{Attr, Model};
use crate::notice::{Notice, Severity, code};
use crate::read::native::{self, UNMARKED};
use crate::read::pytm;
use crate::read::{MODELS, READERS, ReadOptions, Reader, Reading, Sniff};
use crate::rules::{Catalogue, CompiledRule, ThreatsFilePolicy};
use crate::source::{OpenError, RepoPath, Source, Span, Tree, TreeError, Watched};

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

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Readings {
    /// Models by path, those of one file in the order of processing.
    pub models: Vec<Model>,
    /// What a person should know or mend.
    pub notices: Vec<Notice>,
    /// Whether something that is or may be a model could not be read completely.
    pub incomplete: bool,
    /// The files that are or may be models and could not be read completely: what
    /// was known of them before is neither stale nor to be removed (docs/semantics.md §5).
    pub broken: BTreeSet<RepoPath>,
    /// Why each file that was looked at was taken or left, by path (`-v`).
    pub looked_at: Vec<(RepoPath, String)>,
    /// The files that bear the mark of a model, by path.
    pub candidates: Vec<RepoPath>,
    /// Every path that the tree was asked for to read each candidate, whether or not
    /// there is such a file: the reading depends on these and on nothing else.
    pub asked: BTreeMap<RepoPath, BTreeSet<RepoPath>>,
}

/// A model with what judged it.
#[derive(Debug)]
pub struct JudgedModel {
    /// The model.
    pub model: Model,
    /// The rules that judged it, by id.
    pub rules: Vec<CompiledRule>,
    /// Whether it was given up, because it or the run came to too much.
    pub given_up: bool,
}

/// Everything that was judged.
#[derive(Debug, Default)]
pub struct Judged {
    /// Models by path.
    pub models: Vec<JudgedModel>,
    /// Findings by model, rule, element. Every status is `new` until triage.
    pub findings: Vec<Finding>,
    /// What a person should know or mend, by place.
    pub notices: Vec<Notice>,
    /// Whether something could not be read or judged completely.
    pub incomplete: bool,
    /// The files of which that is so.
    pub broken: BTreeSet<RepoPath>,
    /// What weakens the check itself, compared with a base revision.
    pub weakenings: Vec<Weakening>,
}

impl Judged {
    /// Whether something could not be read or judged completely: any error says so.
    pub fn is_incomplete(&self) -> bool {
        let is_error = |notice: &Notice| notice.severity == Severity::Error;
        self.incomplete || self.notices.iter().any(is_error)
    }

    /// The model of a finding.
    pub fn model_of(&self, finding: &Finding) -> &Model {
        &self.models[finding.model as usize].model
    }

    /// The rule of a finding, ready to explain it; `None` for a threat in words.
    pub fn rule_of(&self, finding: &Finding) -> Option<&CompiledRule> {
        let judged = &self.models[finding.model as usize];
        let at = judged.position_of(&finding.rule.id)?;
        Some(&judged.rules[at])
    }
}

impl JudgedModel {
    /// Where the rule of that id stands among those that judged it.
    pub fn position_of(&self, rule: &str) -> Option<usize> {
        let rules = &self.rules;
        rules
            .binary_search_by(|known| (*known.rule.id).cmp(rule))
            .ok()
    }
}

/// A reading of one candidate.
pub struct Read {
    /// What it gave.
    pub reading: Reading,
    /// What the tree was asked for on the way.
    pub asked: BTreeSet<RepoPath>,
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
    let sniff = |path: &RepoPath, text: &str| {
        let mut why = "it is no Python, YAML or JSON file";
        for reader in READERS.iter().copied() {
            match reader.sniff(path, text) {
                Sniff::Candidate => return Ok(reader),
                Sniff::No(reason) | Sniff::Unread(reason) => why = reason,
                Sniff::Foreign => {}
            }
        }
        if pytm::runs_a_model(path, text, request.tree) {
            why = pytm::RUNS_A_MODEL;
        }
        Err(why)
    };
    let hides = |path: &RepoPath, text: &str| {
        let mut readers = READERS.iter();
        readers.find_map(|reader| reader.hides_in(path, text))
    };
    let found = discover(request.tree, &request.filter, sniff, follow, hides)?;
    let mut readings = Readings::default();
    unopened(&found, &mut readings);
    let read: Vec<(RepoPath, Read, bool)> = found
        .candidates
        .into_par_iter()
        .map(|candidate| {
            let read = known(&candidate.source);
            let read = read.unwrap_or_else(|| read_candidate(&candidate, request));
            let may_help = candidate.reader.is_read_by_others();
            (candidate.source.path().clone(), read, may_help)
        })
        .collect();
    let helpers: BTreeSet<RepoPath> = read
        .iter()
        .flat_map(|(path, r, _)| r.reading.parts.iter().filter(move |part| *part != path))
        .cloned()
        .collect();
    let named = &request.filter.paths;
    for (path, Read { reading, asked }, may_help) in read {
        if may_help && helpers.contains(&path) && !named.contains(&path) {
            let why = "left: it only helps other models".to_owned();
            readings.looked_at.push((path, why));
            continue;
        }
        if take(&path, reading, named, &helpers, &mut readings) {
            readings.asked.insert(path.clone(), asked);
            readings.candidates.push(path);
        }
    }
    unread(&found.left, &mut readings);
    for (path, _) in found.left.iter().filter(|(_, why)| why == UNMARKED) {
        let place = Source::new(path.clone(), "").place(Span::default());
        let notice = Notice::warning(code::NOT_A_MODEL, place, format!("left out: {UNMARKED}"));
        let help = "add the line `tmrs: 1`, or exclude the file under `paths: exclude`";
        readings.notices.push(notice.with_help(help));
    }
    readings.looked_at.extend(found.left);
    readings.looked_at.sort();
    readings.models.sort_by(|a, b| a.path().cmp(b.path()));
    number_equal_names(&mut readings.models);
    Ok(readings)
}

/// Which files take the mark of a model from others: those that import a module that leads to
/// pytm, over as many modules as it takes, and may build a model; and those that look like a
/// model, and import, or take from one that imports, what only running it tells.
fn follow(files: &[(&RepoPath, &str)], marked: &[&RepoPath]) -> Vec<(usize, &'static dyn Reader)> {
    let mut found = led_on(files, BTreeMap::new(), marked.to_vec());
    found.retain(|at, reader| reader.may_build_one(files[*at].1));
    let anywhere: Found = files
        .par_iter()
        .enumerate()
        .filter_map(|(at, (path, text))| {
            let mut readers = READERS.iter().copied();
            let reader = readers.find(|reader| reader.may_lead_anywhere(path, text))?;
            Some((at, reader))
        })
        .collect();
    let first = anywhere.keys().map(|at| files[*at].0).collect();
    let mut perhaps = led_on(files, anywhere, first);
    perhaps.retain(|at, reader| reader.looks_like_one(files[*at].1));
    found.extend(perhaps);
    found.into_iter().collect()
}

/// Files by position, each with its reader.
type Found = BTreeMap<usize, &'static dyn Reader>;

/// What was found, with the files that import from there on.
fn led_on<'a>(
    files: &[(&'a RepoPath, &str)],
    mut found: Found,
    mut marked: Vec<&'a RepoPath>,
) -> Found {
    while !marked.is_empty() {
        let more: Vec<(usize, &'static dyn Reader)> = files
            .par_iter()
            .enumerate()
            .filter(|(at, _)| !found.contains_key(at))
            .filter_map(|(at, (path, text))| {
                let mut readers = READERS.iter().copied();
                let reader = readers.find(|reader| reader.leads_on(path, text, &marked))?;
                Some((at, reader))
            })
            .collect();
        // What was looked for already leads to nothing new.
        marked = more.iter().map(|(at, _)| files[*at].0).collect();
        found.extend(more);
    }
    found
}

/// Why a file that may be a model is not read, and what to do about it.
const UNREAD: [(&str, &str); 4] = [
    (
        pytm::NOTEBOOK,
        "export it as a Python script, or exclude it under `paths: exclude`",
    ),
    (
        pytm::RUNS_A_MODEL,
        "import the model, or give its file the ending `.py`; `paths: exclude` leaves this file out",
    ),
    (
        pytm::NAMED_OTHERWISE,
        "give it the ending `.py`, or exclude it under `paths: exclude`",
    ),
    (
        native::NAMED_OTHERWISE,
        "give it the ending `.yaml` or `.json`, or exclude it under `paths: exclude`",
    ),
];

/// Files that bear the mark and are not read, and submodules: both are said.
fn unread(left: &[(RepoPath, String)], readings: &mut Readings) {
    for (path, why) in left {
        let place = Source::new(path.clone(), "").place(Span::default());
        if why == SUBMODULE {
            let message = format!("{path} is a submodule: models in it are not judged here");
            let help = "run tmrs in the submodule's own repository";
            readings
                .notices
                .push(Notice::note(code::UNREADABLE, place, message).with_help(help));
        } else if let Some((_, help)) = UNREAD.iter().find(|(known, _)| known == why) {
            let message = format!("{path} may be a model, but {why}");
            readings
                .notices
                .push(Notice::error(code::UNREADABLE, place, message).with_help(*help));
            readings.incomplete = true;
            readings.broken.insert(path.clone());
        }
    }
}

/// Reads one candidate, as the configuration wants it.
fn read_candidate(candidate: &Candidate<&'static dyn Reader>, request: &Request<'_>) -> Read {
    let path = candidate.source.path();
    let mut options = ReadOptions {
        ..request.read.clone()
    };
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
    Read {
        reading,
        asked: tree.asked(),
    }
}

/// Adds what one candidate gave; whether it is or may be a model.
fn take(
    path: &RepoPath,
    mut reading: Reading,
    named: &[RepoPath],
    helpers: &BTreeSet<RepoPath>,
    readings: &mut Readings,
) -> bool {
    let mut failed = reading
        .notices
        .iter()
        .any(|notice| notice.severity == Severity::Error);
    if let Some(reason) = reading
        .no_model
        .filter(|_| reading.models.is_empty() && !failed)
    {
        if let Some(unreached) = reading.unreached.filter(|_| !helpers.contains(path)) {
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
        failed = true;
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
    if failed || reading.models.iter().any(|m| !m.complete) {
        readings.incomplete = true;
        readings.broken.insert(path.clone());
    }
    readings.notices.extend(reading.notices);
    readings.models.extend(reading.models);
    true
}

/// Files that could not be opened, and files that were named and are no models.
fn unopened<R>(found: &Discovery<R>, readings: &mut Readings) {
    for (path, error) in &found.unreadable {
        let help = match error {
            OpenError::TooLarge { .. } => {
                "split the model, or exclude the file under `paths: exclude`"
            }
            OpenError::NotUtf8 { .. } | OpenError::Encoding(_) => "save the file as UTF-8",
            OpenError::LfsPointer(_) => "run `git lfs pull` first",
            OpenError::LeadsOut(_) => {
                "put the model itself there, or exclude the link under `paths: exclude`"
            }
            OpenError::Unlisted(_) => "let it be read, or exclude it under `paths: exclude`",
            _ => "name a file of this repository",
        };
        let source = Source::new(path.clone(), "");
        let place = source.place(Span::default());
        readings
            .notices
            .push(Notice::error(code::UNREADABLE, place, error.to_string()).with_help(help));
        readings
            .looked_at
            .push((path.clone(), format!("left: {error}")));
        readings.incomplete = true;
        readings.broken.insert(path.clone());
    }
    for (source, reason) in &found.unmarked {
        let notice = Notice::error(
            code::NOT_A_MODEL,
            source.place(Span::default()),
            format!("{} is no threat model: {reason}", source.path()),
        );
        readings.notices.push(notice.with_help(MODELS));
        readings
            .looked_at
            .push((source.path().clone(), format!("left: {reason}")));
        readings.incomplete = true;
    }
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

/// The names of attributes that only these models use (docs/semantics.md §3, known names).
pub fn custom_names<'m>(models: impl IntoIterator<Item = &'m Model>) -> BTreeSet<Arc<str>> {
    let custom = |attr: &Attr| match attr {
        Attr::Custom(name) => Some(Arc::clone(name)),
        Attr::Known(_) => None,
    };
    let mut names = BTreeSet::new();
    for model in models {
        for element in &model.elements {
            names.extend(element.slots.iter().filter_map(|(attr, _)| custom(attr)));
            names.extend(element.controls.iter().filter_map(|(attr, _)| custom(attr)));
        }
        for datum in &model.data {
            names.extend(datum.slots.iter().filter_map(|(attr, _)| custom(attr)));
        }
    }
    names
}

/// Judges what was read. `tree` opens the threat files that models name.
pub fn judge(
    readings: Readings,
    tree: &dyn Tree,
    catalogue: &Catalogue,
    threats_file: ThreatsFilePolicy,
    overrides: Overrides,
) -> Judged {
    judge_by(readings, overrides, &|model, notices| {
        rules_for(model, tree, catalogue, threats_file, notices)
    })
}

/// Which rules judge a model, with what there is to say about them.
pub type RulesFor<'a> = dyn Fn(&mut Model, &mut Vec<Notice>) -> Vec<CompiledRule> + Sync + 'a;

/// As [`judge`], by the rules that `rules_of` gives for each model.
pub fn judge_by(readings: Readings, overrides: Overrides, rules_of: &RulesFor<'_>) -> Judged {
    let mut judged = Judged {
        notices: readings.notices,
        incomplete: readings.incomplete,
        broken: readings.broken,
        ..Judged::default()
    };
    let of_run = OfRun::default();
    let parts: Vec<_> = readings
        .models
        .into_par_iter()
        .enumerate()
        .map(|(number, mut model)| {
            let mut notices = Vec::new();
            model.effort = of_run.of_model();
            let rules = rules_of(&mut model, &mut notices);
            let judgement = evaluate(&model, number as u32, &rules, overrides);
            notices.extend(judgement.notices);
            model.complete &= !judgement.undecided;
            (
                JudgedModel {
                    model,
                    rules,
                    given_up: judgement.given_up,
                },
                judgement.findings,
                notices,
            )
        })
        .collect();
    let excess = of_run.excess();
    for (mut model, mut findings, mut notices) in parts {
        if excess.is_some() {
            // Which models were judged before it came to too much is left to chance.
            model.model.complete = false;
            model.given_up = true;
            findings.clear();
            notices.clear();
        }
        if !model.model.complete {
            judged.incomplete = true;
            judged.broken.insert(model.model.path().clone());
        }
        judged.findings.extend(findings);
        judged.notices.extend(notices);
        judged.models.push(model);
    }
    judged
        .notices
        .extend(excess.map(|excess| too_much(&excess)));
    judged
        .notices
        .sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    judged.notices.dedup();
    judged
}

/// The error of a run that comes to more findings than a report holds.
fn too_much(excess: &str) -> Notice {
    let message = format!("nothing is judged: the models of this run come to {excess} together");
    Notice::general(code::LIMIT, Severity::Error, message)
        .with_help("run tmrs for some folders at a time, each with its own `--category`")
}

/// The rules that judge one model (docs/semantics.md §3): its own `threatsFile` may take
/// the place of the built-in ones.
pub fn rules_for(
    model: &mut Model,
    tree: &dyn Tree,
    catalogue: &Catalogue,
    policy: ThreatsFilePolicy,
    notices: &mut Vec<Notice>,
) -> Vec<CompiledRule> {
    let Some(own) = model.threats_file.clone() else {
        return catalogue.for_model(None, policy);
    };
    if policy == ThreatsFilePolicy::Ignore {
        notices.push(Notice::note(
            code::THREATS_FILE,
            own.place,
            format!(
                "the rules of {} are ignored, as the configuration says",
                own.written
            ),
        ));
        return catalogue.for_model(None, policy);
    }
    let opened = match &own.path {
        Some(path) if tree.may_be_named(path) => tree.open(path).map_err(|error| error.to_string()),
        Some(path) => Err(format!("{path} is not tracked by git")),
        None => Err(format!(
            "“{}” is not a file of this repository",
            own.written
        )),
    };
    let loaded = opened.and_then(|source| {
        let path = source.path().clone();
        catalogue.load_threats_file(&source).map_err(|complaints| {
            let count = complaints.len();
            notices.extend(complaints);
            format!("{path} is no readable threat file ({count} complaints)")
        })
    });
    match loaded {
        Ok((rules, complaints)) if !rules.is_empty() => {
            notices.extend(complaints);
            notices.push(Notice::warning(
                code::THREATS_FILE,
                own.place,
                format!(
                    "this model is judged by the {} rules of {} {} the built-in ones",
                    rules.len(),
                    own.written,
                    if policy == ThreatsFilePolicy::Add {
                        "beside"
                    } else {
                        "instead of"
                    },
                ),
            ));
            catalogue.for_model(Some(rules), policy)
        }
        outcome => {
            let reason = match outcome {
                Ok(_) => format!("{} holds no live rule", own.written),
                Err(reason) => reason,
            };
            model.complete = false;
            notices.push(
                Notice::error(
                    code::THREATS_FILE,
                    own.place,
                    format!("the model's own rules cannot be used: {reason}"),
                )
                .with_help("mend the file, or set `rules: {threats-file: ignore}` in tmrs.yaml"),
            );
            catalogue.for_model(None, ThreatsFilePolicy::Ignore)
        }
    }
}
