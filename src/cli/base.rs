//! `--since`: the base revision, read and judged as the working tree is.

use super::failure::Failure;
use super::judging::{self, catalogue, request, settle};
use super::repository::Repository;
use super::revision::{Revision, short};
use super::settings::Settings;
use crate::config::{self, Config};
use crate::notice::{Notice, Severity, code};
use crate::pipeline::shared::{Shared, Side};
use crate::pipeline::{self, Judged, Readings, judge_by, read_unless, rules_for};
use crate::report::Fixed;
use crate::rules::Catalogue;
use crate::source::{OpenError, RepoPath, Tree};
use crate::triage::baseline::{self, Extent};
use crate::triage::revision::{self, HeadRules};

/// The base revision, read and not yet judged.
pub struct Base {
    /// Its files.
    pub revision: Revision,
    /// The settings as they stood there; the rules are those of the working tree.
    settings: Settings,
    readings: Readings,
    notices: Vec<Notice>,
}

impl Base {
    /// Reads the models of the merge base of `name` and the checked-out commit.
    /// `head` is what was read in the working tree.
    pub fn read(
        name: &str,
        head: &Readings,
        repository: &Repository,
        settings: &Settings,
    ) -> Result<Self, Failure> {
        let revision = Revision::merge_base(repository, name)?;
        let mut notices = Vec::new();
        let config = configuration(&revision, &mut notices)?;
        let readable = config.is_some();
        let settings = settings.at_base(config.unwrap_or_default());
        let readings = if readable {
            Self::readings(&revision, head, repository, &settings)?
        } else {
            Readings::default()
        };
        revision.is_whole()?;
        Ok(Self {
            revision,
            settings,
            readings,
            notices,
        })
    }

    fn readings(
        revision: &Revision,
        head: &Readings,
        repository: &Repository,
        settings: &Settings,
    ) -> Result<Readings, Failure> {
        let mut request = request(&revision.tree, settings);
        request.filter.paths = paths(revision, head, repository)?;
        let side = |tree, per_model| Side { tree, per_model };
        let shared = Shared::new(
            head,
            side(&repository.tree, &settings.head_per_model),
            side(&revision.tree, &settings.per_model),
        )
        .map_err(|error| judging::unlisted(&error))?;
        let readings = read_unless(&request, &|source| shared.reading(source))
            .map_err(|error| judging::unlisted(&error))?;
        large_files(revision, &readings, head, repository)?;
        Ok(readings)
    }

    /// Judges the base by the rules of the working tree, and sets the statuses
    /// of what is judged there. Gives what the base had and the working tree has not.
    pub fn hold_against(
        self,
        head: &mut Judged,
        repository: &Repository,
    ) -> Result<Vec<Fixed>, Failure> {
        let commit = short(&self.revision.commit);
        let unread = unread(&self.readings, &self.notices, commit);
        let mut base = judge(self.readings, &self.revision, head, &self.settings)?;
        settle(&mut base, &self.settings);
        let known = revision::known_at(&base);
        let extent = Extent {
            tree: &repository.tree,
            paths: &repository.paths,
        };
        let comparison = baseline::compare(&known, head, &extent);
        revision::apply(head, &base, &comparison, &known, commit);
        head.notices.extend(unread);
        Ok(baseline::fixed(&known, &comparison))
    }
}

/// The configuration as it stood; `None` if it cannot be read: then nothing is
/// known there, for what it excluded is not.
fn configuration(
    revision: &Revision,
    notices: &mut Vec<Notice>,
) -> Result<Option<Config>, Failure> {
    let path = RepoPath::new(config::FILE_NAME).unwrap_or_default();
    let source = match revision.tree.open(&path) {
        Ok(source) => source,
        Err(OpenError::Missing(_)) => return Ok(Some(Config::default())),
        Err(_) => {
            revision.is_whole()?;
            notices.push(unread_configuration(revision));
            return Ok(None);
        }
    };
    if let Ok((config, _)) = config::read(&source) {
        return Ok(Some(config));
    }
    notices.push(unread_configuration(revision));
    Ok(None)
}

fn unread_configuration(revision: &Revision) -> Notice {
    let message = format!(
        "{} could not be read at the base ({}): nothing is known there, all open findings are new",
        config::FILE_NAME,
        short(&revision.commit)
    );
    Notice::general(code::BASE, Severity::Warning, message)
}

/// What to look at in the base: what was named, and what is gone since, for it may
/// have moved to what was named.
fn paths(
    revision: &Revision,
    head: &Readings,
    repository: &Repository,
) -> Result<Vec<RepoPath>, Failure> {
    let mut paths = repository.paths.clone();
    if paths.is_empty()
        || head
            .candidates
            .iter()
            .all(|p| revision.tree.id(p).is_some())
    {
        return Ok(paths);
    }
    let entries = revision
        .tree
        .entries()
        .map_err(|error| judging::unlisted(&error))?;
    let gone = entries.into_iter().map(|entry| entry.path).filter(|path| {
        crate::discover::may_hold_a_model(path)
            && matches!(repository.tree.open(path), Err(OpenError::Missing(_)))
    });
    paths.extend(gone);
    Ok(paths)
}

/// A model that Git LFS keeps elsewhere cannot be compared with.
fn large_files(
    revision: &Revision,
    readings: &Readings,
    head: &Readings,
    repository: &Repository,
) -> Result<(), Failure> {
    for path in &readings.broken {
        let is_pointer = matches!(revision.tree.open(path), Err(OpenError::LfsPointer(_)));
        let matters = head.candidates.contains(path)
            || head.broken.contains(path)
            || matches!(repository.tree.open(path), Err(OpenError::Missing(_)));
        if is_pointer && matters {
            return Err(Failure::usage(
                format!(
                    "{path} is a Git LFS pointer in the commit {}, and its content is not here",
                    short(&revision.commit)
                ),
                format!(
                    "run `git lfs fetch origin {}`, or keep models out of LFS",
                    revision.commit
                ),
            ));
        }
    }
    Ok(())
}

/// Models of the base that could not be read: nothing is known of them.
fn unread(readings: &Readings, notices: &[Notice], commit: &str) -> Vec<Notice> {
    let mut unread = notices.to_vec();
    unread.extend(readings.broken.iter().map(|path| {
        let message = format!(
            "{path} could not be read completely at the base ({commit}): nothing is known there, all its open findings are new"
        );
        Notice::general(code::BASE, Severity::Warning, message)
    }));
    unread
}

fn judge(
    readings: Readings,
    revision: &Revision,
    head: &Judged,
    settings: &Settings,
) -> Result<Judged, Failure> {
    let rules = HeadRules::new(head);
    let of_head = |model: &_| rules.of(model).map(|at| &head.models[at].rules);
    // Most models of the base are in the working tree too; the others are gone.
    let catalogue: Option<Catalogue> = if readings.models.iter().all(|m| of_head(m).is_some()) {
        None
    } else {
        let models = head.models.iter().map(|subject| &subject.model);
        let names = pipeline::custom_names(models.chain(&readings.models));
        Some(catalogue(names, settings)?.0)
    };
    Ok(judge_by(
        readings,
        settings.overrides,
        &|model, notices| match (of_head(model), &catalogue) {
            (Some(rules), _) => rules.clone(),
            (None, Some(catalogue)) => rules_for(
                model,
                &revision.tree,
                catalogue,
                settings.threats_file,
                notices,
            ),
            (None, None) => Vec::new(),
        },
    ))
}
