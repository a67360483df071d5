//! `--since`: the base revision, read and judged as the working tree is.

use std::collections::{BTreeMap, BTreeSet};

use super::args::Knowing;
use super::changes::{self, Sides};
use super::failure::Failure;
use super::judging::{self, catalogue, request, settle};
use super::repository::Repository;
use super::revision::{Revision, short};
use super::settings::Settings;
use crate::config::{self, Config};
use crate::finding::Fingerprint;
use crate::model::Model;
use crate::notice::{Notice, Severity, code};
use crate::pipeline::shared::{Shared, Side};
use crate::pipeline::{self, Judged, Readings, judge_by, read_unless, rules_for};
use crate::report::{Fixed, Measure};
use crate::rules::Catalogue;
use crate::source::{OpenError, RepoPath, Tree};
use crate::triage::baseline::{self, Baseline, Extent};
use crate::triage::{pairs, revision};

/// The base revision, and how it is held against the working tree.
pub struct Base<'a> {
    /// Its files.
    pub revision: Revision,
    /// The working tree.
    pub repository: &'a Repository,
    /// How the working tree is judged.
    pub head: &'a Settings,
    /// The settings as they stood there; the rules are those of the working tree.
    pub settings: Settings,
    /// Whether its configuration could be read: else nothing is known there.
    readable: bool,
}

/// What holding against the base needs to know about the working tree.
pub struct Now<'a> {
    /// Every file that is or may be a model.
    pub candidates: BTreeSet<RepoPath>,
    /// Why each file that was looked at was taken or left.
    pub looked_at: &'a [(RepoPath, String)],
    /// The baseline, if one is used.
    pub baseline: Option<&'a Baseline>,
    /// What the command line says of it.
    pub knowing: &'a Knowing,
    /// The PATHs that were judged; none for everything.
    pub scope: &'a [RepoPath],
}

impl<'a> Base<'a> {
    /// The merge base of `name` and the checked-out commit.
    pub fn find(
        name: &str,
        repository: &'a Repository,
        head: &'a Settings,
    ) -> Result<Self, Failure> {
        let revision = Revision::merge_base(repository, name)?;
        let config = configuration(&revision, head)?;
        Ok(Self {
            settings: head.at_base(config.clone().unwrap_or_default()),
            readable: config.is_some(),
            revision,
            repository,
            head,
        })
    }

    /// How people read its hash.
    pub fn commit(&self) -> &str {
        short(&self.revision.commit)
    }

    /// Whether the configuration or a rule is another one than it was.
    pub fn rules_differ(&self) -> bool {
        let config = self.head.config_path.as_ref();
        let rules = self.head.catalogue.sources.iter().map(|rule| rule.path());
        let mut all = config.into_iter().chain(rules);
        all.any(|path| !self.has_same(path))
    }

    /// The models whose own text, imports, rules or configuration changed since,
    /// out of those that were read.
    pub fn changed(&self, readings: &Readings) -> Vec<RepoPath> {
        let everything = self.rules_differ();
        let shared = self.shared(readings);
        let changed = |path: &RepoPath| {
            let mut own_rules = readings
                .models
                .iter()
                .filter(|model| model.path() == path)
                .filter_map(|model| model.threats_file.as_ref()?.path.as_ref());
            everything || !shared.is_unchanged(path) || own_rules.any(|path| !self.has_same(path))
        };
        let broken = readings
            .broken
            .iter()
            .filter(|path| !readings.candidates.contains(path));
        let candidates = readings.candidates.iter().chain(broken);
        candidates.filter(|path| changed(path)).cloned().collect()
    }

    /// Whether a file has the same text on both sides, or is on neither.
    pub fn has_same(&self, path: &RepoPath) -> bool {
        let here = self.repository.tree.open(path);
        match (here, self.revision.tree.open(path)) {
            (Ok(here), Ok(there)) => here.is_same_text(&there),
            (Err(here), Err(there)) => here == there,
            _ => false,
        }
    }

    fn shared<'r>(&'r self, readings: &'r Readings) -> Shared<'r> {
        let side = |tree, per_model| Side { tree, per_model };
        Shared::new(
            readings,
            side(&self.repository.tree, &self.head.per_model),
            side(&self.revision.tree, &self.settings.per_model),
        )
    }

    /// Reads its models: those of the scope, and what is gone since. What both
    /// sides share is taken from `head`.
    pub fn read(&self, head: &Readings, scope: &[RepoPath]) -> Result<Readings, Failure> {
        if !self.readable {
            return Ok(Readings::default());
        }
        let mut request = request(&self.revision.tree, &self.settings);
        request.filter.paths = self.paths(head, scope)?;
        let shared = self.shared(head);
        let readings = read_unless(&request, &|source| shared.reading(source))
            .map_err(|error| judging::unlisted(&error))?;
        self.has_large_files(&readings, head)?;
        self.revision.is_whole()?;
        Ok(readings)
    }

    /// What to look at in the base: the scope, and what is gone since, for it may
    /// have moved into the scope.
    fn paths(&self, head: &Readings, scope: &[RepoPath]) -> Result<Vec<RepoPath>, Failure> {
        let tree = &self.revision.tree;
        let mut paths = scope.to_vec();
        // What was a link there led to what it led to there.
        let led = scope.iter().filter_map(|path| tree.real(path));
        paths.extend(led.filter(|path| !scope.contains(path)));
        if paths.is_empty() || head.candidates.iter().all(|path| tree.id(path).is_some()) {
            return Ok(paths);
        }
        let entries = tree.entries().map_err(|error| judging::unlisted(&error))?;
        let gone = entries.into_iter().map(|entry| entry.path).filter(|path| {
            crate::discover::may_hold_a_model(path)
                && matches!(self.repository.tree.open(path), Err(OpenError::Missing(_)))
        });
        paths.extend(gone);
        Ok(paths)
    }

    /// A model that Git LFS keeps elsewhere cannot be compared with.
    fn has_large_files(&self, readings: &Readings, head: &Readings) -> Result<(), Failure> {
        for path in &readings.broken {
            let opened = self.revision.tree.open(path);
            let is_gone = || matches!(self.repository.tree.open(path), Err(OpenError::Missing(_)));
            let matters = head.candidates.contains(path) || head.broken.contains(path) || is_gone();
            if matches!(opened, Err(OpenError::LfsPointer(_))) && matters {
                return Err(Failure::usage(
                    format!(
                        "{path} is a Git LFS pointer in the commit {}, and its content is not here",
                        self.commit()
                    ),
                    format!(
                        "run `git lfs fetch origin {}`, or keep models out of LFS",
                        self.revision.commit
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Judges the base by the rules of the working tree, sets the statuses of what
    /// is judged there, and reports what weakens the check. Gives what the base
    /// had and the working tree has not.
    pub fn hold_against(
        &self,
        readings: Readings,
        head: &mut Judged,
        now: &Now<'_>,
    ) -> Result<Vec<Fixed>, Failure> {
        let unread = self.unread(&readings);
        let candidates = readings.candidates.clone();
        let pairs = {
            let here: Vec<_> = head.models.iter().map(|subject| &subject.model).collect();
            let there: Vec<_> = readings.models.iter().collect();
            pairs::models(&here, &there)
        };
        let (mut base, rules) = self.judge(readings, head, &pairs)?;
        settle(&mut base, &self.settings);
        let known = match self.settings.measure {
            Measure::Risk => revision::known_at(&base),
            Measure::Severity => revision::known_at(&base).at_any_risk(),
        };
        let extent = Extent {
            tree: &self.repository.tree,
            paths: now.scope,
        };
        let comparison = baseline::compare(&known, head, &extent);
        revision::apply(head, &base, &pairs, (&comparison, &known), self.commit());
        let mut fixed = baseline::fixed(&known, &comparison);
        if self.readable {
            let sides = Sides {
                base: self,
                judged: &base,
                candidates: &candidates,
                pairs: &pairs,
                rules: rules.as_ref(),
            };
            let causes = changes::find(&sides, head, now)?;
            for fixed in &mut fixed {
                let who = RepoPath::new(&fixed.model).zip(Fingerprint::parse(&fixed.fingerprint));
                fixed.because = who.and_then(|who| causes.get(&who).cloned());
            }
        }
        head.notices.extend(unread);
        Ok(fixed)
    }

    /// What could not be read there: nothing is known of it.
    fn unread(&self, readings: &Readings) -> Vec<Notice> {
        let commit = self.commit();
        let warning = |message: String| Notice::general(code::BASE, Severity::Warning, message);
        if !self.readable {
            return vec![warning(format!(
                "the configuration could not be read at the base ({commit}): nothing is known there, all open findings are new"
            ))];
        }
        let broken = readings.broken.iter().map(|path| {
            warning(format!(
                "{path} could not be read completely at the base ({commit}): nothing is known there, all its open findings are new"
            ))
        });
        broken.collect()
    }

    /// Judges by the rules of the same model in the working tree; models that are
    /// gone by the catalogue, which comes along where it was needed.
    fn judge(
        &self,
        readings: Readings,
        head: &Judged,
        pairs: &[Option<usize>],
    ) -> Result<(Judged, Option<Catalogue>), Failure> {
        let own_rules = |model: &crate::model::Model| model.threats_file.is_some();
        let is_needed = pairs.iter().any(Option::is_none) || readings.models.iter().any(own_rules);
        let rules = if is_needed {
            let models = head.models.iter().map(|subject| &subject.model);
            let names = pipeline::custom_names(models.chain(&readings.models));
            Some(catalogue(names, self.head)?.0)
        } else {
            None
        };
        let by_model: BTreeMap<_, usize> = readings
            .models
            .iter()
            .zip(pairs)
            .filter_map(|(model, pair)| Some((key(model), (*pair)?)))
            .collect();
        let judged = judge_by(readings, self.head.overrides, &|model, notices| match (
            by_model.get(&key(model)),
            &rules,
        ) {
            (Some(at), _) => head.models[*at].rules.clone(),
            (None, Some(rules)) => rules_for(
                model,
                &self.revision.tree,
                rules,
                self.head.threats_file,
                notices,
            ),
            (None, None) => Vec::new(),
        });
        Ok((judged, rules))
    }
}

/// What tells the models of one tree apart.
fn key(model: &Model) -> (RepoPath, String, u32) {
    let name = crate::finding::canonical(&model.name);
    (model.path().clone(), name, model.ordinal)
}

/// The configuration as it stood; `None` if it cannot be read: then nothing is
/// known there, for what it excluded is not. One outside the repository holds for both.
pub fn configuration(revision: &Revision, head: &Settings) -> Result<Option<Config>, Failure> {
    let Some(path) = &head.config_path else {
        return Ok(Some(head.written.clone()));
    };
    match revision.tree.open(path) {
        Ok(source) => Ok(config::read(&source).ok().map(|(config, _)| config)),
        Err(OpenError::Missing(_)) => Ok(Some(Config::default())),
        Err(_) => {
            revision.is_whole()?;
            Ok(None)
        }
    }
}

/// Leaves only what was read of these files.
pub fn narrow(readings: &mut Readings, changed: &[RepoPath]) {
    let changed: BTreeSet<&RepoPath> = changed.iter().collect();
    let unchanged: BTreeSet<RepoPath> = readings
        .candidates
        .iter()
        .chain(&readings.broken)
        .filter(|path| !changed.contains(path))
        .cloned()
        .collect();
    readings.models.retain(|m| changed.contains(m.path()));
    readings.broken.retain(|path| changed.contains(path));
    readings.notices.retain(|notice| {
        let path = notice.place.as_ref().map(super::super::source::Place::path);
        !path.is_some_and(|path| unchanged.contains(path))
    });
    readings.incomplete = !readings.broken.is_empty()
        || readings
            .notices
            .iter()
            .any(|notice| notice.severity == Severity::Error);
}
