//! Which rules judge which model: those of all models, and those of an entry of `models`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use globset::GlobSet;

use super::error::Error;
use crate::condition::Names;
use crate::config::{Config, Pattern, Phrase, RuleSettings};
use crate::day::Day;
use crate::evaluate::Overrides;
use crate::model::Model;
use crate::notice::{Notice, Severity as Degree, code};
use crate::pipeline::custom_names;
use crate::rules::{
    self, Catalogue, CatalogueSettings, Pack, RuleName, RulePattern, Severity, ThreatsFilePolicy,
};
use crate::source::{RepoPath, Source};

/// What judges models.
#[derive(Clone)]
pub struct Rules {
    /// Which rules judge.
    pub catalogue: ByModel,
    /// What the command line leaves out, whatever the configuration says.
    pub narrowing: Narrowing,
    /// What the command line names beside the configuration's rules.
    pub named: Vec<NamedRules>,
    /// The rules of the policies, which may only be tightened.
    pub bound: Vec<ByModel>,
    /// Where the policies come from, in words.
    pub bound_by: Option<String>,
    /// What a model's own rules do.
    pub threats_file: ThreatsFilePolicy,
    /// Which severity of an override counts.
    pub overrides: Overrides,
    /// Whether a model may be judged by no rule at all.
    pub may_be_none: bool,
}

/// What the command line leaves out of the rules.
#[derive(Clone, Debug, Default)]
pub struct Narrowing {
    /// `--no-default-rules`.
    pub no_default_rules: bool,
    /// `--select`, in place of `rules.enable`.
    pub select: Option<Vec<RulePattern>>,
}

/// Rules that the command line names.
#[derive(Clone)]
pub enum NamedRules {
    /// A file or folder of the repository, which a base revision has its own version of.
    Inside(RepoPath),
    /// The same files for both sides.
    Outside(Vec<Arc<Source>>),
}

/// Which rules judge by a configuration.
#[derive(Clone, Default)]
pub struct ByModel {
    /// Those of all models.
    pub usual: CatalogueSettings,
    /// Those of the models of each entry, the first match counts; `None` as for all models.
    pub entries: Vec<(GlobSet, Option<CatalogueSettings>)>,
}

impl ByModel {
    /// Every one of them.
    pub fn all(&self) -> impl Iterator<Item = &CatalogueSettings> {
        let own = self.entries.iter().filter_map(|(_, own)| own.as_ref());
        std::iter::once(&self.usual).chain(own)
    }

    /// The same to change.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut CatalogueSettings> {
        let own = self.entries.iter_mut().filter_map(|(_, own)| own.as_mut());
        std::iter::once(&mut self.usual).chain(own)
    }

    /// The entry that gives a model rules of its own.
    fn entry(&self, path: &RepoPath) -> Option<usize> {
        let is_match = |(paths, _): &(GlobSet, _)| paths.is_match(path.as_str());
        let first = self.entries.iter().position(is_match)?;
        self.entries[first].1.is_some().then_some(first)
    }

    fn of_entry(&self, entry: Option<usize>) -> &CatalogueSettings {
        let own = entry.and_then(|at| self.entries.get(at)?.1.as_ref());
        own.unwrap_or(&self.usual)
    }
}

/// The rules of a run, ready to judge.
pub struct Catalogues {
    all: Vec<Catalogue>,
    /// Which of them judges the models of a file; the first, unless it is here.
    by_path: BTreeMap<RepoPath, usize>,
}

impl Catalogues {
    /// The rules that judge where no entry of `models` says otherwise.
    pub fn usual(&self) -> &Catalogue {
        &self.all[0]
    }

    /// The rules that judge the models of a file.
    pub fn of(&self, path: &RepoPath) -> &Catalogue {
        &self.all[self.number(path)]
    }

    /// A number for each of the catalogues, 0 for the usual one.
    pub fn number(&self, path: &RepoPath) -> usize {
        self.by_path.get(path).copied().unwrap_or(0)
    }
}

impl Rules {
    /// Every rule that may judge one of these models. What they name beside the vocabulary
    /// is known to conditions.
    pub fn load<'m>(
        &self,
        models: impl IntoIterator<Item = &'m Model>,
    ) -> Result<(Catalogues, Vec<Notice>), Error> {
        let models: Vec<&Model> = models.into_iter().collect();
        let mut names = Names::vocabulary();
        for name in custom_names(models.iter().copied()) {
            names.with(&name);
        }
        let load = |by_model: &ByModel, entry: Option<usize>| {
            let rules = CatalogueSettings {
                names: names.clone(),
                ..by_model.of_entry(entry).clone()
            };
            rules::load(&rules).map_err(Error::Notices)
        };
        let entries = |path: Option<&RepoPath>| -> Vec<Option<usize>> {
            let all = std::iter::once(&self.catalogue).chain(&self.bound);
            all.map(|by_model| by_model.entry(path?)).collect()
        };
        let mut known = BTreeMap::new();
        let mut catalogues = Catalogues {
            all: Vec::new(),
            by_path: BTreeMap::new(),
        };
        let mut notices = Vec::new();
        let mut kept: Vec<BTreeSet<String>> = vec![BTreeSet::new(); self.bound.len()];
        let paths = models.iter().map(|model| Some(model.path()));
        for path in std::iter::once(None).chain(paths) {
            let entries = entries(path);
            let number = match known.get(&entries) {
                Some(number) => *number,
                None => {
                    let (mut catalogue, told) = load(&self.catalogue, entries[0])?;
                    for notice in told {
                        if !notices.contains(&notice) {
                            notices.push(notice);
                        }
                    }
                    let floors = self.bound.iter().zip(&entries[1..]).zip(&mut kept);
                    for ((bound, entry), kept) in floors {
                        kept.extend(catalogue.keep(&load(bound, *entry)?.0));
                    }
                    catalogues.all.push(catalogue);
                    known.insert(entries, catalogues.all.len() - 1);
                    catalogues.all.len() - 1
                }
            };
            if let (Some(path), 1..) = (path, number) {
                catalogues.by_path.insert(path.clone(), number);
            }
        }
        for ids in kept.iter().filter(|ids| !ids.is_empty()) {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            notices.push(kept_as_they_are(&ids, self.bound_by.as_deref()));
        }
        Ok((catalogues, notices))
    }
}

/// What a change to rules does not do where a policy binds them.
fn kept_as_they_are(ids: &[&str], policy: Option<&str>) -> Notice {
    const NAMED: usize = 5;
    let (named, more) = ids.split_at(ids.len().min(NAMED));
    let more = match more.len() {
        0 => String::new(),
        more => format!(" and {more} more rules"),
    };
    let message = format!(
        "{}{more} judge as the policy ({}) has them, which may only be tightened",
        named.join(", "),
        policy.unwrap_or("of this run")
    );
    let notice = Notice::general(code::FORBIDDEN, Degree::Warning, message);
    notice
        .with_help("take back what removes or changes them, or let those who own the policy agree")
}

/// Which rules judge by a configuration on a day; `sources` are its rule files.
pub fn catalogue(
    narrowing: &Narrowing,
    config: &Config,
    sources: &[Arc<Source>],
    today: Day,
) -> Result<ByModel, Error> {
    let counting = config.models.iter().filter(|said| said.counts(today));
    let entries = counting.filter_map(|said| {
        let paths = Pattern::path_set(std::slice::from_ref(&said.path))?;
        let own = said
            .rules
            .says_anything()
            .then(|| config.rules_of(Some(said)));
        let own = own
            .map(|own| settings(narrowing, &own, sources))
            .transpose();
        Some(own.map(|own| (paths, own)))
    });
    Ok(ByModel {
        usual: settings(narrowing, &config.rules, sources)?,
        entries: entries.collect::<Result<_, _>>()?,
    })
}

fn settings(
    narrowing: &Narrowing,
    said: &RuleSettings,
    sources: &[Arc<Source>],
) -> Result<CatalogueSettings, Error> {
    let named = |id: &Phrase| RuleName {
        id: id.value.to_string(),
        place: Some(id.place.clone()),
    };
    let default = CatalogueSettings::default();
    let patterns = |said: &[Pattern]| said.iter().map(rule_pattern).collect::<Result<Vec<_>, _>>();
    let enable = match (&narrowing.select, &said.enable) {
        (Some(select), _) => Some(select.clone()),
        (None, said) => said.as_deref().map(patterns).transpose()?,
    };
    Ok(CatalogueSettings {
        no_default_rules: narrowing.no_default_rules
            || said.default.as_ref().is_some_and(|default| !default.value),
        packs: match &said.packs {
            Some(packs) => packs.iter().map(pack).collect::<Result<_, _>>()?,
            None if enable.is_some() => Pack::ALL.to_vec(),
            None => default.packs.clone(),
        },
        enable,
        warn: patterns(&said.warn)?,
        pytm_replaces: said
            .pytm_ids
            .as_ref()
            .is_some_and(|word| word.value == "replace"),
        disable: said.disable.iter().map(named).collect(),
        severity: said
            .severity
            .iter()
            .filter_map(|(id, word)| Some((named(id), Severity::parse(word.value)?)))
            .collect(),
        sources: sources.to_vec(),
        version: said
            .catalogue
            .as_ref()
            .map(|version| version.value.to_string()),
        ..default
    })
}

fn rule_pattern(said: &Pattern) -> Result<RulePattern, Error> {
    RulePattern::new(&said.text, Some(said.place.clone())).map_err(|reason| {
        let notice = Notice::error(code::CONFIG, said.place.clone(), reason);
        Error::Notices(vec![
            notice.with_help("put special characters in brackets: `[*]`"),
        ])
    })
}

fn pack(said: &Phrase) -> Result<Pack, Error> {
    Pack::parse(&said.value).ok_or_else(|| {
        let known = Pack::ALL.map(Pack::as_str);
        let message = format!("there is no pack “{}”", said.value);
        let notice = Notice::error(code::CONFIG, said.place.clone(), message);
        Error::Notices(vec![
            notice.with_help(format!("choose from {}", known.join(", "))),
        ])
    })
}
