//! What in a change weakens the check: gathers both sides, and asks
//! `triage::weakening` about each part (docs/semantics.md §5).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::base::Base;
use super::baseline::Known;
use super::error::Error;
use super::rules::{Catalogues, NamedRules, catalogue};
use super::settings::Settings;
use super::side::Side;
use crate::config::Pattern;
use crate::notice::{Notice, Severity, code};
use crate::pipeline::{Judged, rules_for};
use crate::rules::CompiledRule;
use crate::source::{RepoPath, Source};
use crate::triage::baseline::{Extent, Former};
use crate::triage::weakening::files::{self, Files};
use crate::triage::weakening::gone::Causes;
use crate::triage::weakening::models::{self, Standing};
use crate::triage::weakening::{Weakenings, facts, gate, proofs, rules};

/// Both sides of a comparison.
pub struct Sides<'a> {
    /// The base revision.
    pub base: &'a Base<'a>,
    /// What was judged there.
    pub judged: &'a Judged,
    /// Its models' files.
    pub candidates: &'a [RepoPath],
    /// For each of its models the same one of the working tree.
    pub pairs: &'a [Option<usize>],
    /// Who findings were that were called otherwise there.
    pub renamed: &'a Former,
    /// The catalogue of the working tree, where it was needed to judge the base.
    pub rules: Option<&'a Catalogues>,
}

/// What the base is held against, beside what was judged.
pub struct Now<'a> {
    /// Every file that is or may be a model.
    pub candidates: &'a BTreeSet<RepoPath>,
    /// Why each file that was looked at was taken or left.
    pub looked_at: &'a [(RepoPath, String)],
    /// The baseline, if one is used.
    pub known: Option<&'a Known>,
    /// The paths that were judged; none for everything.
    pub paths: &'a [RepoPath],
}

/// Adds what weakens the check to what was judged in the working tree, and says why
/// findings of the base went.
pub fn find(sides: &Sides<'_>, head: &mut Judged, now: &Now<'_>) -> Result<Causes, Error> {
    let (here, there) = (sides.base.head.settings, &sides.base.settings);
    let mut weakenings = Weakenings::new(&here.config, &there.config, here.fail_on);
    if let Some(path) = &here.config_path {
        gate::compare(
            &here.written,
            &there.config,
            path,
            here.today,
            &mut weakenings,
        );
        let configs = (&here.written, &there.config);
        gate::of_models(
            configs,
            path,
            places(sides, head),
            here.today,
            &mut weakenings,
        );
    }
    if let Some(notice) = catalogues(sides, head, &mut weakenings)? {
        head.notices.push(notice);
    }
    own_rules(sides, head, &mut weakenings);
    what_models_say(sides, head, &mut weakenings);
    let causes = facts::compare(head, sides.judged, sides.pairs, &mut weakenings);
    let files = Files {
        tree: sides.base.head.tree,
        candidates: now.candidates,
        left: now.looked_at,
    };
    files::models(head, sides.judged, sides.pairs, &files, &mut weakenings);
    if let Some(known) = now.known {
        let base = sides.base;
        let then = known.kept.at(&base.revision, base.settings.baseline());
        if let Some(then) = then {
            let both = (&known.baseline, &then);
            files::baseline(both, sides.renamed, &files, &mut weakenings);
            let extent = Extent {
                tree: base.head.tree,
                paths: now.paths,
            };
            let renamed = sides.renamed;
            files::returning(head, sides.judged, both, renamed, &extent, &mut weakenings);
        }
    }
    leniently(sides, head, now)?;
    head.weakenings = weakenings.finish(head);
    Ok(causes)
}

/// Where each model is, and where it was.
fn places<'a>(sides: &Sides<'a>, head: &'a Judged) -> BTreeSet<(&'a RepoPath, &'a RepoPath)> {
    let path = |judged: &'a Judged, at: usize| Some(judged.models.get(at)?.model.path());
    let moved = sides.pairs.iter().zip(&sides.judged.models);
    let moved = moved.filter_map(|(now, then)| Some((path(head, (*now)?)?, then.model.path())));
    let moved: BTreeSet<_> = moved.collect();
    let came = head.models.iter().map(|judged| judged.model.path());
    let came = came.filter(|path| moved.iter().all(|(now, _)| now != path));
    let came: Vec<_> = came.map(|path| (path, path)).collect();
    moved.into_iter().chain(came).collect()
}

/// The rules of both configurations, where anything about them differs.
fn catalogues(
    sides: &Sides<'_>,
    head: &Judged,
    weakenings: &mut Weakenings,
) -> Result<Option<Notice>, Error> {
    let (here, there) = (sides.base.head.settings, &sides.base.settings);
    // A configuration outside the repository may name rules that lie inside.
    let usual = RepoPath::new(crate::config::FILE_NAME).unwrap_or_default();
    let path = here.config_path.as_ref().unwrap_or(&usual);
    let sources = rule_sources(sides.base)?;
    let same = |a: &Arc<Source>, b: &Arc<Source>| a.path() == b.path() && a.is_same_text(b);
    let is_same_text = sources.len() == here.rules.catalogue.usual.sources.len()
        && sources
            .iter()
            .zip(&here.rules.catalogue.usual.sources)
            .all(|(a, b)| same(a, b));
    let written = |settings: &Settings| format!("{:?}", settings.written.rules);
    let by_model = here.written.has_rules_by_model() || there.config.has_rules_by_model();
    if is_same_text && written(here) == written(there) && !by_model {
        return Ok(None);
    }
    let both = || (head.models.iter().chain(&sides.judged.models)).map(|subject| &subject.model);
    let now = here.rules.load(both())?.0;
    let mut then = there.rules.clone();
    then.catalogue = catalogue(&then.narrowing, &there.config, &sources, here.today)?;
    match then.load(both()) {
        Ok((then, _)) => {
            let usual = (now.usual().rules(), then.usual().rules());
            rules::catalogue(usual.0, usual.1, &here.written, path, weakenings);
            let mut seen = BTreeSet::new();
            for (place, was) in places(sides, head) {
                let numbers = (now.number(place), then.number(was));
                if numbers != (0, 0) && seen.insert(numbers) {
                    let there = (now.of(place).rules(), then.of(was).rules());
                    let entry = here.written.of_model(place, here.today);
                    let said = here.written.rules_of(entry);
                    rules::of_model(place, (there, usual), (&said, path), weakenings);
                }
            }
            let raised = rules::raised(usual.0, usual.1);
            Ok((!raised.is_empty()).then(|| raised_severities(&raised, path)))
        }
        Err(_) => {
            let message = format!(
                "the rules could not be read at the base ({}): whether they judged more is not known",
                sides.base.commit()
            );
            Ok(Some(Notice::general(
                code::BASE,
                Severity::Warning,
                message,
            )))
        }
    }
}

/// Says that a change raises severities: what was known under the lower one may fail.
fn raised_severities(raised: &[String], path: &RepoPath) -> Notice {
    let (named, more) = raised.split_at(raised.len().min(5));
    let mut message = format!(
        "this change raises the severity of rules: {}",
        named.join(", ")
    );
    if !more.is_empty() {
        message.push_str(&format!(" and {} more", more.len()));
    }
    let place = crate::triage::weakening::start_of(path);
    Notice::warning(code::RULE_SEVERITY, place, message)
        .with_help("findings that the baseline knows with the lower severity are new with this one")
}

/// The rule files as they stood; those outside the repository as they are.
fn rule_sources(base: &Base<'_>) -> Result<Vec<Arc<Source>>, Error> {
    let mut sources = Vec::new();
    for path in &base.settings.config.rules.paths {
        sources.extend(base.revision.rule_files(&path.value)?);
    }
    for named in &base.head.settings.rules.named {
        match named {
            NamedRules::Inside(path) => sources.extend(base.revision.rule_files(path)?),
            NamedRules::Outside(files) => sources.extend(files.iter().cloned()),
        }
    }
    base.revision.is_whole()?;
    Ok(sources)
}

/// Models whose own threat file is another one, or has another text.
fn own_rules(sides: &Sides<'_>, head: &Judged, weakenings: &mut Weakenings) {
    for (then, pair) in sides.judged.models.iter().zip(sides.pairs) {
        let Some(now) = pair.map(|at| &head.models[at]) else {
            continue;
        };
        let named = |model: &crate::model::Model| {
            let said = model.threats_file.as_ref();
            said.map(|said| (said.path.clone(), Arc::clone(&said.written)))
        };
        let (is, was) = (named(&now.model), named(&then.model));
        let path = was.as_ref().and_then(|(path, _)| path.as_ref());
        let is_same_text = path.is_none_or(|path| sides.base.has_same(path));
        if is == was && is_same_text {
            continue;
        }
        let before = rules_at_base(sides, &then.model, head);
        rules::own(&now.model, &now.rules, &before, weakenings);
    }
}

/// The rules that judged a model by its own threat file at the base.
fn rules_at_base(
    sides: &Sides<'_>,
    model: &crate::model::Model,
    head: &Judged,
) -> Vec<CompiledRule> {
    let rules = &sides.base.head.settings.rules;
    let loaded;
    let catalogues = match sides.rules {
        Some(catalogues) => catalogues,
        None => {
            let models = head.models.iter().map(|subject| &subject.model);
            match rules.load(models.chain([model])) {
                Ok((catalogues, _)) => {
                    loaded = catalogues;
                    &loaded
                }
                Err(_) => return Vec::new(),
            }
        }
    };
    let mut model = model.clone();
    let path = model.path().clone();
    rules_for(
        &mut model,
        &sides.base.revision.tree,
        catalogues.of(&path),
        rules.threats_file,
        &mut Vec::new(),
    )
}

/// What each model says, against what it said. New models are held against nothing.
fn what_models_say(sides: &Sides<'_>, head: &Judged, weakenings: &mut Weakenings) {
    let mut then: Vec<Option<usize>> = vec![None; head.models.len()];
    for (at, pair) in sides.pairs.iter().enumerate() {
        if let Some(here) = pair {
            then[*here] = Some(at);
        }
    }
    let today = sides.base.head.settings.today;
    let [here, there] = [sides.base.head.settings, &sides.base.settings].map(|side| Standing {
        policy: &side.config.policy,
        today,
    });
    let wanted: Vec<&Pattern> = (here.policy.prove.iter())
        .chain(&there.policy.prove)
        .collect();
    for (subject, then) in head.models.iter().zip(then) {
        let before = then.map(|at| &sides.judged.models[at].model);
        let path = before.map_or(subject.model.path(), |model| model.path());
        // Of what could not be read nothing is known: it is no change.
        if !sides.judged.broken.contains(path) {
            models::compare(&subject.model, before, (here, there), weakenings);
            proofs::compare(&subject.model, before, &wanted, weakenings);
        }
    }
}

/// A model that was readable at the base and is read only leniently now stays
/// incomplete (docs/semantics.md §6).
fn leniently(sides: &Sides<'_>, head: &mut Judged, now: &Now<'_>) -> Result<(), Error> {
    let here = &sides.base.head.settings.reading;
    let is_lenient = |path: &RepoPath| {
        let said = here
            .per_model
            .iter()
            .find(|m| m.paths.is_match(path.as_str()));
        here.lenient || said.is_some_and(|said| said.lenient)
    };
    let lenient: Vec<RepoPath> = sides
        .candidates
        .iter()
        .filter(|path| now.candidates.contains(path) && is_lenient(path))
        .cloned()
        .collect();
    if lenient.is_empty() {
        return Ok(());
    }
    let strictly = |side: Side<'_>| {
        let mut request = side.request();
        request.filter.paths.clone_from(&lenient);
        request.read.lenient = false;
        for said in &mut request.per_model {
            said.lenient = false;
        }
        side.read_by(&request, &|_| None)
    };
    let broken = strictly(sides.base.head)?.broken;
    if broken.is_empty() {
        return Ok(());
    }
    let then: BTreeSet<RepoPath> = strictly(sides.base.side())?.broken;
    for path in broken.difference(&then) {
        let message = format!(
            "{path} can only be read leniently, and could be read completely at the base ({})",
            sides.base.commit()
        );
        let place = crate::triage::weakening::start_of(path);
        let notice = Notice::error(code::INCOMPLETE, place, message);
        head.notices
            .push(notice.with_help("write out what cannot be read without running the model"));
        head.incomplete = true;
        head.broken.insert(path.clone());
    }
    Ok(())
}
