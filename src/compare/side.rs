//! One side: a tree with its settings. Reads its models, judges them, and settles what
//! models, configuration and command line settle.

use std::collections::BTreeSet;

use super::error::Error;
use super::rules::Catalogues;
use super::settings::Settings;
use crate::config;
use crate::notice::{Notice, code};
use crate::pipeline::{self, Judged, Known, Readings, Request};
use crate::read::ReadOptions;
use crate::rules::built_in;
use crate::source::{RepoPath, Span, Tree};
use crate::triage::{self, Given};

/// A tree, and how it is read and judged.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The files.
    pub tree: &'a dyn Tree,
    /// What holds for them.
    pub settings: &'a Settings,
}

impl<'a> Side<'a> {
    /// Reads every model.
    pub fn read(&self) -> Result<Readings, Error> {
        self.read_only(None)
    }

    /// Reads every model; of files that bear the mark of one only these, if some are given.
    pub fn read_only(&self, only: Option<BTreeSet<RepoPath>>) -> Result<Readings, Error> {
        // Reading one model keeps one core busy; another can make the rules ready.
        let rules = &self.settings.rules.catalogue;
        if !rules.usual.no_default_rules {
            let packs = rules.all().flat_map(|rules| rules.packs.iter().copied());
            let packs: Vec<_> = packs.collect();
            rayon::spawn(move || built_in::prepare(&packs));
        }
        let mut request = self.request();
        request.filter.only = only;
        let mut readings = self.read_by(&request, &|_| None)?;
        let looked_at = readings.looked_at.iter().map(|(path, _)| path);
        let ignored = looked_at.filter(|path| {
            path.file_name() == config::FILE_NAME && path.as_str() != config::FILE_NAME
        });
        let notices: Vec<_> = ignored
            .filter_map(|path| ignored_below(path, self.tree))
            .collect();
        readings.notices.extend(notices);
        Ok(readings)
    }

    /// Reads every model, and the rules that would judge it, so that everything there is to say
    /// about either is said. Nothing is judged.
    pub fn read_with_rules(&self) -> Result<Readings, Error> {
        let mut readings = self.read()?;
        readings.leave_around();
        let rules = &self.settings.rules;
        let (catalogues, of_rules) = rules.load(&readings.models)?;
        for model in &mut readings.models {
            let notices = &mut readings.notices;
            let catalogue = catalogues.of(model.path());
            pipeline::rules_for(model, self.tree, catalogue, rules.threats_file, notices);
            if !model.complete {
                readings.incomplete = true;
                readings.broken.insert(model.path().clone());
            }
        }
        let by_place = |a: &Notice, b: &Notice| a.sort_key().cmp(&b.sort_key());
        readings.notices.sort_by(by_place);
        readings.notices.dedup();
        let first = self.settings.notices.iter().cloned().chain(of_rules);
        readings.notices.splice(0..0, first);
        Ok(readings)
    }

    /// Reads what was asked for, but what is known already.
    pub fn read_by(&self, request: &Request<'_>, known: &Known<'_>) -> Result<Readings, Error> {
        pipeline::read_unless(request, known).map_err(|error| Error::unlisted(&error))
    }

    /// What to read, and how.
    pub fn request(&self) -> Request<'a> {
        let reading = &self.settings.reading;
        Request {
            tree: self.tree,
            filter: reading.filter.clone(),
            read: ReadOptions {
                entry: reading.entry.clone(),
                lenient: reading.lenient,
                ..ReadOptions::default()
            },
            per_model: reading.per_model.clone(),
        }
    }

    /// Judges what was read, and settles what the models and the command line settle.
    /// `paths` are those that the run is about, none for everything.
    pub fn judge(&self, readings: Readings, paths: &[RepoPath]) -> Result<Judged, Error> {
        let (catalogues, notices) = self.settings.rules.load(&readings.models)?;
        let mut judged = self.judge_by(readings, &catalogues);
        let settings = self.settings;
        judged
            .notices
            .splice(0..0, settings.notices.iter().cloned().chain(notices));
        self.settle(&mut judged, paths);
        Ok(judged)
    }

    /// Judges what was read by these rules. Every finding is new.
    pub fn judge_by(&self, readings: Readings, catalogues: &Catalogues) -> Judged {
        let rules = &self.settings.rules;
        pipeline::judge_by(readings, rules.overrides, &|model, notices| {
            let catalogue = catalogues.of(model.path());
            pipeline::rules_for(model, self.tree, catalogue, rules.threats_file, notices)
        })
    }

    /// Sets statuses in the order of docs/semantics.md §4, all but those of the baseline and
    /// the base revision.
    pub fn settle(&self, judged: &mut Judged, paths: &[RepoPath]) {
        let settings = self.settings;
        let given = Given {
            config: &settings.config,
            exclude: &settings.exclude,
            paths,
            today: settings.today,
        };
        triage::settle_all(judged, &given);
    }

    /// A model that no rule judges has not passed: for commands that give a verdict.
    pub fn by_some_rule(&self, judged: &Judged) -> Result<(), Error> {
        if self.settings.rules.may_be_none {
            return Ok(());
        }
        let Some(model) = judged.asked().find(|judged| judged.rules.is_empty()) else {
            return Ok(());
        };
        let name = crate::escape::terminal(&model.model.name);
        Err(Error::usage(
            format!("no rule judges “{name}” ({})", model.model.path()),
            "name rules with --rules or `rules: {paths: …}`, let the built-in ones judge, or allow it with --allow-no-rules",
        ))
    }
}

/// What to say of a configuration that lies in a folder below the root.
fn ignored_below(path: &RepoPath, tree: &dyn Tree) -> Option<Notice> {
    let source = tree.open(path).ok()?;
    if !config::looks_like_one(&source) {
        return None;
    }
    let place = source.place(Span::default());
    let message = format!(
        "{path} is not read: only {} at the root is",
        config::FILE_NAME
    );
    let notice = Notice::warning(code::CONFIG, place, message);
    Some(notice.with_help("move its settings there, under `models` what is about some paths"))
}
