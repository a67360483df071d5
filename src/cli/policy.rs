//! `--policy` and `--policy-from`: what the repository's own configuration may
//! only tighten (docs/semantics.md §5).

use std::sync::Arc;

use super::args::Judging;
use super::failure::Failure;
use super::named::{self, Expected};
use super::repository::Repository;
use crate::compare::{Revision, short};
use crate::config::{self, Config, Floor};
use crate::source::{OpenError, RepoPath, Source, Tree as _};

/// A policy, and where it comes from.
pub struct Policy {
    /// Where, in words.
    pub from: String,
    /// What binds.
    pub floor: Floor,
    /// Its rule files as they stand there.
    pub rules: Vec<Arc<Source>>,
    /// The revision, where it is one's configuration.
    pub revision: Option<Arc<Revision>>,
}

/// Reads the policies that the command line names. `config_path` is where the
/// configuration stands in the repository.
pub fn read(
    judging: &Judging,
    repository: &Repository,
    config_path: Option<&RepoPath>,
) -> Result<Vec<Policy>, Failure> {
    let mut policies = Vec::new();
    if let Some(path) = &judging.policy {
        let help = "name a policy that can be read; it is written as tmrs.yaml is";
        let source = named::open(path, repository, Expected::Config, ("the policy", help))?;
        let open = |beside: &RepoPath| named::beside(path, beside);
        let (config, _) = config::read_whole(&source, &open).map_err(Failure::Notices)?;
        policies.push(Policy {
            from: source.path().to_string(),
            floor: Floor {
                config,
                defaults_bind: false,
            },
            rules: Vec::new(),
            revision: None,
        });
    }
    if let Some(name) = &judging.policy_from {
        policies.push(of_revision(name, repository, config_path)?);
    }
    Ok(policies)
}

fn of_revision(
    name: &str,
    repository: &Repository,
    config_path: Option<&RepoPath>,
) -> Result<Policy, Failure> {
    let revision = Revision::named(repository.git(), name)?;
    let usual = RepoPath::new(config::FILE_NAME).unwrap_or_default();
    // A file that is new in the change says nothing of what held before it.
    let named =
        config_path.filter(|path| !matches!(revision.tree.open(path), Err(OpenError::Missing(_))));
    let path = named.unwrap_or(&usual);
    let config = match revision.tree.open(path) {
        Ok(source) => {
            let open = |path: &RepoPath| revision.tree.open(path);
            config::read_whole(&source, &open)
                .map_err(Failure::Notices)?
                .0
        }
        Err(OpenError::Missing(_)) => Config::default(),
        Err(error) => {
            revision.is_whole()?;
            return Err(Failure::usage(
                format!(
                    "cannot read the policy of the commit {}: {error}",
                    short(&revision.commit)
                ),
                "name a revision whose configuration can be read",
            ));
        }
    };
    let mut rules = Vec::new();
    for path in &config.rules.paths {
        rules.extend(revision.rule_files(&path.value)?);
    }
    revision.is_whole()?;
    Ok(Policy {
        rules,
        from: format!("{path} at {}", short(&revision.commit)),
        floor: Floor {
            config,
            defaults_bind: true,
        },
        revision: Some(Arc::new(revision)),
    })
}

/// Where they come from, for the report.
pub fn described(policies: &[Policy]) -> Option<String> {
    let from: Vec<&str> = policies.iter().map(|policy| policy.from.as_str()).collect();
    (!from.is_empty()).then(|| from.join(", "))
}
