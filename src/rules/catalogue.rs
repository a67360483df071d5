//! Layer `rules`: which rules judge a model (docs/semantics.md §3 "Which rules judge a model").

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::layers::Layers;
use super::own::OwnFiles;
use super::packs::{self, OwnPack};
use super::{CompiledRule, Layer, Pack, RulePattern, Severity, Text, built_in};
use crate::condition::Names;
use crate::notice::{self, Notice, code};
use crate::source::{Place, Source};

/// A rule's id as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleName {
    /// The id or an alias.
    pub id: String,
    /// Where it is written, if in a file.
    pub place: Option<Place>,
}

/// What the configuration and the command line say about rules.
#[derive(Clone, Debug)]
pub struct CatalogueSettings {
    /// Leave the built-in rules out.
    pub no_default_rules: bool,
    /// Which packs of the built-in catalogue judge; core and model unless said.
    pub packs: Vec<Pack>,
    /// Only rules that one of these means judge.
    pub enable: Option<Vec<RulePattern>>,
    /// Findings of these rules fail nothing.
    pub warn: Vec<RulePattern>,
    /// Rules that do not judge.
    pub disable: Vec<RuleName>,
    /// Severities that take the place of the rules' own.
    pub severity: Vec<(RuleName, Severity)>,
    /// Ids among these that may only be raised: a lower severity counts for nothing.
    pub raise_only: Vec<String>,
    /// The files of `rules.paths` and `--rules`, folders listed already, in that order.
    pub sources: Vec<Arc<Source>>,
    /// A pytm threat file may take the place of rules with the same ids.
    pub pytm_replaces: bool,
    /// Built-in rules that a later version added do not judge.
    pub version: Option<String>,
    /// The names that conditions may use: the vocabulary, and what models of the run assign.
    pub names: Names,
}

impl Default for CatalogueSettings {
    fn default() -> Self {
        Self {
            no_default_rules: false,
            packs: vec![Pack::Core, Pack::Model],
            enable: None,
            warn: Vec::new(),
            disable: Vec::new(),
            severity: Vec::new(),
            raise_only: Vec::new(),
            sources: Vec::new(),
            pytm_replaces: false,
            version: None,
            names: Names::vocabulary(),
        }
    }
}

/// What becomes of the built-in rules for a model that names its own (`rules.threats-file`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThreatsFilePolicy {
    /// Its own take their place, as in pytm.
    #[default]
    Replace,
    /// Both judge; its own win where an id is the same.
    Add,
    /// Only the built-in ones judge.
    Ignore,
}

/// Every rule of a run.
#[derive(Clone, Debug)]
pub struct Catalogue {
    rules: Vec<CompiledRule>,
    enable: Option<Vec<RulePattern>>,
    warn: Vec<RulePattern>,
    disabled: Vec<String>,
    severity: BTreeMap<String, Severity>,
    raise_only: BTreeSet<String>,
    names: Names,
    own: OwnFiles,
}

/// Puts the catalogue together.
///
/// # Errors
/// Everything that is wrong with the rule files, warnings included: nothing can
/// be judged then (exit 2).
pub fn load(settings: &CatalogueSettings) -> Result<(Catalogue, Vec<Notice>), Vec<Notice>> {
    let mut notices = Vec::new();
    let mut layers = Layers::default();
    if !settings.no_default_rules {
        layers.add_built_in();
    }
    let own_packs: Vec<OwnPack> = settings
        .sources
        .iter()
        .filter(|source| packs::is_pack(source.path()))
        .filter_map(|source| packs::read(source, &mut notices))
        .collect();
    for source in &settings.sources {
        if !packs::is_pack(source.path()) {
            layers.add_file(source, settings, &own_packs, &mut notices);
        }
    }
    let rules: Vec<_> = layers
        .rules
        .into_values()
        .filter(|rule| settings.wants(rule))
        .collect();
    let mut catalogue = Catalogue {
        rules,
        enable: settings.enable.clone(),
        warn: settings.warn.clone(),
        disabled: Vec::new(),
        severity: BTreeMap::new(),
        raise_only: BTreeSet::new(),
        names: settings.names.clone(),
        own: OwnFiles::default(),
    };
    catalogue.configure(settings, &mut notices);
    if has_error(&notices) {
        return Err(notices);
    }
    Ok((catalogue, notices))
}

impl Catalogue {
    /// Every rule that judges a model without rules of its own, sorted by id.
    pub fn rules(&self) -> &[CompiledRule] {
        &self.rules
    }

    /// The rule of that id or, if there is none, of that earlier id.
    pub fn by_id(&self, id: &str) -> Option<&CompiledRule> {
        if let Ok(at) = self.rules.binary_search_by(|rule| (*rule.rule.id).cmp(id)) {
            return self.rules.get(at);
        }
        let has_alias = |rule: &&CompiledRule| rule.rule.aliases.iter().any(|alias| **alias == *id);
        self.rules.iter().find(has_alias)
    }

    /// Holds the rules to those of a policy, which may only be tightened: what it has
    /// is there, judges as there, answers to the same names and weighs no less. Gives
    /// the ids of rules that would have been otherwise.
    pub fn keep(&mut self, floor: &Self) -> Vec<String> {
        let mut kept = Vec::new();
        for bound in &floor.rules {
            let at = self
                .rules
                .binary_search_by(|rule| rule.rule.id.cmp(&bound.rule.id));
            match at {
                Err(at) => {
                    self.rules.insert(at, bound.clone());
                    self.disabled.retain(|id| **id != *bound.rule.id);
                }
                Ok(at) => {
                    let own = &self.rules[at].rule;
                    let severity = own.severity.max(bound.rule.severity);
                    let only_warns = own.only_warns && bound.rule.only_warns;
                    if own.judges_as(&bound.rule)
                        && own.severity == severity
                        && own.only_warns == only_warns
                    {
                        continue;
                    }
                    let mut rule = bound.clone();
                    let changed = Arc::make_mut(&mut rule.rule);
                    changed.severity = severity;
                    changed.only_warns = only_warns;
                    self.rules[at] = rule;
                }
            }
            if let Some(severity) = self.severity.get_mut(&*bound.rule.id) {
                *severity = bound.rule.severity.max(*severity);
            }
            kept.push(bound.rule.id.to_string());
        }
        kept
    }

    /// Reads a model's own `threatsFile`: pytm's JSON, the early Python form, or
    /// rules in YAML. Names that models of the run assign are known.
    ///
    /// # Errors
    /// Everything that is wrong with it. The model cannot be judged completely then.
    pub fn load_threats_file(
        &self,
        source: &Arc<Source>,
    ) -> Result<(Vec<CompiledRule>, Vec<Notice>), Vec<Notice>> {
        self.own.load(source, &self.names)
    }

    /// The rules that judge a model with these rules of its own, sorted by id.
    /// Rules of `--rules` and `rules.paths` judge always and win.
    pub fn for_model(
        &self,
        own: Option<Vec<CompiledRule>>,
        policy: ThreatsFilePolicy,
    ) -> Vec<CompiledRule> {
        let Some(own) = own.filter(|_| policy != ThreatsFilePolicy::Ignore) else {
            return self.rules.clone();
        };
        let mut rules: BTreeMap<Text, CompiledRule> = BTreeMap::new();
        let mut put = |rule: CompiledRule| {
            rules.insert(rule.rule.id.clone(), rule);
        };
        if policy == ThreatsFilePolicy::Add {
            self.of_layer(Layer::BuiltIn).for_each(&mut put);
        }
        own.into_iter()
            .filter_map(|rule| self.adjusted(rule))
            .for_each(&mut put);
        self.of_layer(Layer::User).for_each(&mut put);
        rules.into_values().collect()
    }

    fn of_layer(&self, layer: Layer) -> impl Iterator<Item = CompiledRule> {
        self.rules
            .iter()
            .filter(move |rule| rule.rule.layer == layer)
            .cloned()
    }

    /// Applies `rules.enable`, `warn`, `disable` and `severity`, and says which of their ids
    /// no rule has.
    fn configure(&mut self, settings: &CatalogueSettings, notices: &mut Vec<Notice>) {
        for pattern in settings.enable.iter().flatten().chain(&settings.warn) {
            notices.extend(self.means_none(pattern));
        }
        for name in &settings.disable {
            let id = self.resolve(name, notices);
            self.disabled.push(id);
        }
        for (name, severity) in &settings.severity {
            let id = self.resolve(name, notices);
            if settings.raise_only.contains(&name.id) {
                self.raise_only.insert(id.clone());
            }
            self.severity.insert(id, *severity);
        }
        let is_as_it_was = self.enable.is_none() && self.warn.is_empty();
        if is_as_it_was && self.disabled.is_empty() && self.severity.is_empty() {
            return;
        }
        let rules = std::mem::take(&mut self.rules);
        self.rules = rules
            .into_iter()
            .filter_map(|rule| self.adjusted(rule))
            .collect();
    }

    /// A rule as configured; `None` if it is disabled.
    fn adjusted(&self, mut rule: CompiledRule) -> Option<CompiledRule> {
        let id: &str = &rule.rule.id;
        if self.disabled.iter().any(|disabled| disabled == id) {
            return None;
        }
        let is_meant = |patterns: &[RulePattern]| patterns.iter().any(|p| p.means(&rule.rule));
        if self.enable.as_ref().is_some_and(|enable| !is_meant(enable)) {
            return None;
        }
        let only_warns = is_meant(&self.warn);
        if let Some(severity) = self.severity.get(id).copied() {
            let own = rule.rule.severity;
            let least = if self.raise_only.contains(id) {
                own
            } else {
                Severity::Info
            };
            Arc::make_mut(&mut rule.rule).severity = severity.max(least);
        }
        if rule.rule.only_warns != only_warns {
            Arc::make_mut(&mut rule.rule).only_warns = only_warns;
        }
        Some(rule)
    }

    /// What to say of a pattern that means no rule.
    fn means_none(&self, pattern: &RulePattern) -> Option<Notice> {
        let built_in = built_in::rules().iter();
        if self
            .rules
            .iter()
            .chain(built_in)
            .any(|rule| pattern.means(&rule.rule))
        {
            return None;
        }
        let name = &pattern.name;
        let message = format!("no rule has the id or tag `{}`", name.id);
        let mut notice = Notice::general(code::CONFIG, notice::Severity::Warning, message);
        notice.place.clone_from(&name.place);
        let known = self.rules.iter().map(|rule| &*rule.rule.id);
        notice.help = notice::did_you_mean(&name.id, known);
        Some(notice)
    }

    /// The id that a name in the configuration means.
    fn resolve(&self, name: &RuleName, notices: &mut Vec<Notice>) -> String {
        if let Some(rule) = self.by_id(&name.id) {
            return rule.rule.id.to_string();
        }
        // It may be a rule of a pack that is off, or of a model's own file.
        if built_in::by_id(&name.id).is_none() {
            let message = format!("no rule has the id `{}`", name.id);
            let mut notice = Notice::general(code::CONFIG, notice::Severity::Warning, message);
            notice.place.clone_from(&name.place);
            let known = self.rules.iter().map(|rule| &*rule.rule.id);
            notice.help = notice::did_you_mean(&name.id, known);
            notices.push(notice);
        }
        name.id.clone()
    }
}

impl CatalogueSettings {
    /// Whether a rule is in a chosen pack and not too new; rules of one's own always are.
    fn wants(&self, rule: &CompiledRule) -> bool {
        let rule = &rule.rule;
        if rule.layer != Layer::BuiltIn {
            return true;
        }
        let too_new = |version: &String| packs::newer(&rule.since, version);
        self.packs.contains(&rule.pack) && !self.version.as_ref().is_some_and(too_new)
    }
}

fn has_error(notices: &[Notice]) -> bool {
    notices
        .iter()
        .any(|notice| notice.severity == notice::Severity::Error)
}
