//! Layer `config`: from the tree to checked settings, with every complaint.

use std::sync::Arc;

use super::keys::{self, KeySpec, SEVERITIES, Takes};
use super::pattern::{Pattern, PatternKind};
use super::{
    Config, Exclusion, FILE_NAME, ModelSettings, Paths, Phrase, Placed, Policy, RuleSettings, Word,
};
use crate::day::Day;
use crate::notice::{Notice, Severity, code};
use crate::source::{RepoPath, Source, Span};
use crate::syntax;
use crate::syntax::expect::Expect;
use crate::syntax::tree::{Node, NodeKind};

/// Reads a configuration or a policy file; warnings come along.
///
/// # Errors
/// Everything that is wrong with it: nothing can be judged then (exit 2).
pub fn read(source: &Arc<Source>) -> Result<(Config, Vec<Notice>), Vec<Notice>> {
    if says_nothing(source.text()) {
        return Ok((Config::default(), Vec::new()));
    }
    let document = syntax::parse(source);
    let mut reader = Reader {
        expect: Expect::new(source),
    };
    reader.expect.notices.extend(document.notices);
    let mut config = Config::default();
    if let Some(root) = &document.root {
        if let Some((key, _)) = root.entry("tmrs") {
            let message = format!(
                "`{}` is the configuration, but the key `tmrs` marks a model",
                source.path()
            );
            let help = format!("rename the model; `{FILE_NAME}` holds settings only");
            reader
                .expect
                .error(code::RESERVED_NAME, key.span, message, Some(help));
        } else {
            config = reader.config(root);
        }
    }
    let notices = reader.expect.notices;
    if notices.iter().any(|n| n.severity == Severity::Error) {
        Err(notices)
    } else {
        Ok((config, notices))
    }
}

/// Whether a file is meant as a configuration, right or wrong: it says nothing, or has one of
/// the keys at least. If it is not, where that shows.
///
/// # Errors
/// The place in the text.
pub fn is_one(source: &Arc<Source>) -> Result<(), Span> {
    if says_nothing(source.text()) {
        return Ok(());
    }
    let document = syntax::parse(source);
    let is_known = |key: &str| keys::TOP.iter().any(|spec| spec.name == key);
    let root = document.root.as_ref();
    match root.and_then(Node::as_map) {
        Some(entries) if entries.iter().any(|(key, _)| is_known(&key.text)) => Ok(()),
        _ => Err(document.first_mistake()),
    }
}

/// Whether a file that has another name is meant as a configuration: at least half of its keys
/// are a configuration's. Models and reports share one or two.
pub fn looks_like_one(source: &Arc<Source>) -> bool {
    let document = syntax::parse(source);
    let entries = document.root.as_ref().and_then(Node::as_map);
    let Some(entries) = entries.filter(|entries| !entries.is_empty()) else {
        return false;
    };
    let is_known = |key: &str| keys::TOP.iter().any(|spec| spec.name == key);
    let known = entries.iter().filter(|(key, _)| is_known(&key.text));
    known.count() * 2 >= entries.len()
}

/// A file of comments is an empty configuration.
fn says_nothing(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line.starts_with('#'))
}

struct Reader<'s> {
    expect: Expect<'s>,
}

impl Reader<'_> {
    fn config(&mut self, root: &Node) -> Config {
        self.check("the configuration", root, keys::TOP);
        let paths = self.inner(root, "paths", keys::PATHS);
        let rules = self.inner(root, "rules", keys::RULES);
        let policy = self.inner(root, "policy", keys::POLICY);
        let sarif = self.inner(root, "sarif", keys::SARIF);
        Config {
            extends: root
                .get("extends")
                .and_then(|node| self.path("extends", node)),
            extended: Vec::new(),
            fail_on: self.word(root, "fail-on", keys::TOP),
            gate: self.word(root, "gate", keys::TOP),
            evidence: self.word(root, "evidence", keys::TOP),
            strict: self.flag(root, "strict"),
            lenient: self.flag(root, "lenient"),
            allow_no_models: self.flag(root, "allow-no-models"),
            category: self.text(root, "category"),
            paths: paths.map_or_else(Paths::default, |node| Paths {
                include: self.globs(node, "include", PatternKind::Path),
                exclude: self.globs(node, "exclude", PatternKind::Path),
            }),
            models: self.entries(root, "models", keys::MODELS, Self::model),
            rules: rules.map_or_else(RuleSettings::default, |node| self.rules(node)),
            exclusions: self.entries(root, "exclusions", keys::EXCLUSIONS, Self::exclusion),
            policy: policy.map_or_else(Policy::default, |node| self.policy(node)),
            sarif_assumed: sarif.and_then(|node| self.word(node, "assumed", keys::SARIF)),
            baseline: root
                .get("baseline")
                .and_then(|node| self.path("baseline", node)),
        }
    }

    fn model(&mut self, node: &Node) -> Option<ModelSettings> {
        let lenient = self.flag(node, "lenient");
        let reason = self.text(node, "reason");
        if lenient.as_ref().is_some_and(|lenient| lenient.value) && node.get("reason").is_none() {
            self.expect
                .missing_key("reason", "an entry with `lenient: true`", node.span);
        }
        let expires = self.day(node, "expires");
        let entry = self.text(node, "entry");
        let rules = self.inner(node, "rules", keys::MODEL_RULES);
        let rules = rules.map_or_else(RuleSettings::default, |node| self.rules(node));
        Some(ModelSettings {
            path: self.glob(node, "path", PatternKind::Path)?,
            lenient,
            fail_on: self.word(node, "fail-on", keys::MODELS),
            gate: self.word(node, "gate", keys::MODELS),
            evidence: self.word(node, "evidence", keys::MODELS),
            reason,
            expires,
            entry,
            rules,
            place: self.expect.place(node.span),
        })
    }

    fn rules(&mut self, node: &Node) -> RuleSettings {
        let paths = node
            .get("paths")
            .map_or(&[][..], |paths| self.expect.list("paths", paths));
        let severity = node.get("severity");
        let packs = node.get("packs");
        RuleSettings {
            paths: paths
                .iter()
                .filter_map(|path| self.path("paths", path))
                .collect(),
            packs: packs.map(|packs| self.texts("packs", packs)),
            no_packs: packs
                .filter(|packs| matches!(&packs.kind, NodeKind::List(all) if all.is_empty()))
                .map(|packs| self.expect.place(packs.span)),
            enable: node
                .get("enable")
                .map(|_| self.globs(node, "enable", PatternKind::Name)),
            warn: self.globs(node, "warn", PatternKind::Name),
            disable: node
                .get("disable")
                .map_or_else(Vec::new, |ids| self.texts("disable", ids)),
            severity: severity.map_or_else(Vec::new, |map| self.severities(map)),
            threats_file: self.word(node, "threats-file", keys::RULES),
            pytm_ids: self.word(node, "pytm-ids", keys::RULES),
            default: self.flag(node, "default"),
            catalogue: self.version(node, "catalogue"),
        }
    }

    fn severities(&mut self, map: &Node) -> Vec<(Phrase, Word)> {
        let mut severities = Vec::new();
        for (key, value) in self.expect.map("severity", map) {
            let at = self.expect.one_of(&key.text, value, &SEVERITIES);
            let id = Placed {
                value: Arc::clone(&key.text),
                place: self.expect.place(key.span),
            };
            severities.extend(at.map(|at| (id, self.placed(SEVERITIES[at], value))));
        }
        severities
    }

    fn exclusion(&mut self, node: &Node) -> Option<Exclusion> {
        let rules = self.globs(node, "rule", PatternKind::Name);
        let element = self.glob(node, "element", PatternKind::Name);
        let class = self.text(node, "class");
        let model = self.glob(node, "model", PatternKind::Path);
        let owner = self.text(node, "owner");
        let ticket = self.text(node, "ticket");
        let expires = self.day(node, "expires");
        let reason = self.text(node, "reason")?;
        Some(Exclusion {
            rules,
            element,
            class,
            model,
            reason,
            owner,
            ticket,
            expires,
            place: self.expect.place(node.span),
            shared: false,
        })
    }

    fn policy(&mut self, node: &Node) -> Policy {
        let baseline = self.inner(node, "baseline", keys::BASELINE);
        Policy {
            require: self.words(node, "require", keys::POLICY),
            max_days: self.count(node, "max-days"),
            never: self.globs(node, "never", PatternKind::Name),
            prove: self.globs(node, "prove", PatternKind::Name),
            inline: self.flag(node, "inline"),
            responses: self.flag(node, "responses"),
            overrides: self.word(node, "overrides", keys::POLICY),
            weakening: self.word(node, "weakening", keys::POLICY),
            baseline_may_grow: baseline.and_then(|node| self.flag(node, "grow")),
        }
    }

    /// Complains about keys that are unknown or missing.
    fn check(&mut self, what: &str, node: &Node, specs: &'static [KeySpec]) {
        for (key, _) in self.expect.map(what, node) {
            if !specs.iter().any(|spec| spec.name == &*key.text) {
                self.expect
                    .unknown_key(key, specs.iter().map(|spec| spec.name));
            }
        }
        if node.as_map().is_none() {
            return;
        }
        for spec in specs.iter().filter(|spec| spec.required) {
            if node.get(spec.name).is_none() {
                self.expect.missing_key(spec.name, what, node.span);
            }
        }
    }

    fn inner<'n>(
        &mut self,
        node: &'n Node,
        key: &str,
        specs: &'static [KeySpec],
    ) -> Option<&'n Node> {
        let inner = node.get(key)?;
        self.check(&format!("`{key}`"), inner, specs);
        Some(inner)
    }

    fn entries<T>(
        &mut self,
        node: &Node,
        key: &str,
        specs: &'static [KeySpec],
        read: impl Fn(&mut Self, &Node) -> Option<T>,
    ) -> Vec<T> {
        let items = node
            .get(key)
            .map_or(&[][..], |list| self.expect.list(key, list));
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            self.check(&format!("this entry of `{key}`"), item, specs);
            entries.extend(read(self, item));
        }
        entries
    }

    fn placed<T>(&self, value: T, node: &Node) -> Placed<T> {
        Placed {
            value,
            place: self.expect.place(node.span),
        }
    }

    fn flag(&mut self, map: &Node, key: &str) -> Option<Placed<bool>> {
        let node = map.get(key)?;
        let flag = self.expect.flag(key, node)?;
        Some(self.placed(flag, node))
    }

    fn count(&mut self, map: &Node, key: &str) -> Option<Placed<i64>> {
        let node = map.get(key)?;
        let count = self.expect.int(key, node)?;
        if count < 1 {
            self.expect.wrong(key, "at least 1", node, None);
            return None;
        }
        Some(self.placed(count, node))
    }

    fn text(&mut self, map: &Node, key: &str) -> Option<Phrase> {
        let node = map.get(key)?;
        let text = Arc::clone(self.expect.filled_text(key, node)?);
        Some(self.placed(text, node))
    }

    /// A version may stand without quotes, where YAML takes it for a number.
    fn version(&mut self, map: &Node, key: &str) -> Option<Phrase> {
        let node = map.get(key)?;
        if matches!(node.kind, NodeKind::Int(_) | NodeKind::Float(_)) {
            let written = node.written(self.expect.source());
            return Some(self.placed(written.into(), node));
        }
        self.text(map, key)
    }

    fn texts(&mut self, key: &str, list: &Node) -> Vec<Phrase> {
        let texts = self.expect.texts(key, list);
        let placed = texts.into_iter().map(|(text, span)| Placed {
            value: Arc::clone(text),
            place: self.expect.place(span),
        });
        placed.collect()
    }

    fn day(&mut self, map: &Node, key: &str) -> Option<Placed<Day>> {
        let node = map.get(key)?;
        let text = self.expect.filled_text(key, node)?;
        let Some(day) = Day::parse(text) else {
            let help = Some("write the last day as YYYY-MM-DD".into());
            self.expect.wrong(key, "a day of the calendar", node, help);
            return None;
        };
        Some(self.placed(day, node))
    }

    fn path(&mut self, key: &str, node: &Node) -> Option<Placed<RepoPath>> {
        let text = self.expect.filled_text(key, node)?;
        let path = RepoPath::new(text).filter(|path| !path.as_str().is_empty());
        let Some(path) = path else {
            let help = Some("write it relative to the root of the repository".into());
            self.expect
                .wrong(key, "a path inside the repository", node, help);
            return None;
        };
        Some(self.placed(path, node))
    }

    fn word(&mut self, map: &Node, key: &str, specs: &'static [KeySpec]) -> Option<Word> {
        let node = map.get(key)?;
        let words = words_of(specs, key);
        let at = self.expect.one_of(key, node, words)?;
        Some(self.placed(words[at], node))
    }

    fn words(&mut self, map: &Node, key: &str, specs: &'static [KeySpec]) -> Vec<Word> {
        let items = map
            .get(key)
            .map_or(&[][..], |list| self.expect.list(key, list));
        let words = words_of(specs, key);
        let mut found = Vec::new();
        for item in items {
            let at = self.expect.one_of(key, item, words);
            found.extend(at.map(|at| self.placed(words[at], item)));
        }
        found
    }

    fn glob(&mut self, map: &Node, key: &str, kind: PatternKind) -> Option<Pattern> {
        self.pattern(key, map.get(key)?, kind)
    }

    /// A list of globs, or a single one where the table allows it.
    fn globs(&mut self, map: &Node, key: &str, kind: PatternKind) -> Vec<Pattern> {
        let Some(node) = map.get(key) else {
            return Vec::new();
        };
        let single = key == "rule" && node.as_list().is_none();
        let items = if single {
            std::slice::from_ref(node)
        } else {
            self.expect.list(key, node)
        };
        if matches!(key, "rule" | "enable") && items.is_empty() {
            self.expect.wrong(key, "at least one rule", node, None);
        }
        items
            .iter()
            .filter_map(|item| self.pattern(key, item, kind))
            .collect()
    }

    fn pattern(&mut self, key: &str, node: &Node, kind: PatternKind) -> Option<Pattern> {
        let text = self.expect.filled_text(key, node)?;
        let place = self.expect.place(node.span);
        match Pattern::new(text, kind, place) {
            Ok(pattern) => Some(pattern),
            Err(reason) => {
                let help = Some(format!(
                    "{reason}; put special characters in brackets: `[*]`"
                ));
                self.expect.wrong(key, "a pattern", node, help);
                None
            }
        }
    }
}

/// The words that the table allows for a key.
fn words_of(specs: &'static [KeySpec], key: &str) -> &'static [&'static str] {
    let spec = specs.iter().find(|spec| spec.name == key);
    match spec.map(|spec| spec.takes) {
        Some(Takes::Word(words) | Takes::Words(words)) => words,
        _ => &[],
    }
}
