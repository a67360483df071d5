//! A report that is told part by part: findings are small until an output is about to write
//! them. Only then are they put into words, some at a time, and let go when they are written.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::build::{Detail, Frame, model_info, rules_of};
use super::counted::count;
use super::finding::{Taken, finding_info, is_settled};
use super::fixes::fixes;
use super::gate::Counted;
use super::risk::Settings;
use super::todo::{Best, FIRST, add_new};
use super::{
    FindingInfo, ModelInfo, NoticeInfo, Report, Severity, Todo, Tool, VERSION, changes, follow,
};
use crate::evaluate::silent;
use crate::finding::{Finding, Fingerprint};
use crate::pipeline::Judged;
use crate::source::Place;

/// How many steps the search for answers may take for each finding at first, and for all.
const LEAST_STEPS: usize = 20_000;
const MOST_STEPS: usize = 100_000_000;
/// Findings are put into words until there are so many, then those of a next model wait.
const TOGETHER: usize = 1_000;

/// Takes a part of a report that is written.
pub type See<'s, T> = &'s mut dyn FnMut(&T) -> io::Result<()>;

/// A report, held whole or told part by part.
pub trait Parts: Sync {
    /// Everything but the models, the findings, and what to do first.
    fn head(&self) -> &Report;

    /// The models in their order.
    ///
    /// # Errors
    /// What `see` says.
    fn each_model(&self, see: See<'_, ModelInfo>) -> io::Result<()>;

    /// The findings in their order, all of a model together; after that it is known what to do
    /// first, where that is shown.
    ///
    /// # Errors
    /// What `see` says.
    fn each_part(&self, see: See<'_, [FindingInfo]>) -> io::Result<Vec<Todo>>;

    /// As [`Self::each_part`], one by one.
    ///
    /// # Errors
    /// What `see` says.
    fn each_finding(&self, see: See<'_, FindingInfo>) -> io::Result<Vec<Todo>> {
        self.each_part(&mut |part| part.iter().try_for_each(&mut *see))
    }

    /// All of it, for outputs that are made of the whole.
    fn whole(&self) -> &Report;
}

impl Parts for Report {
    fn head(&self) -> &Report {
        self
    }

    fn each_model(&self, see: See<'_, ModelInfo>) -> io::Result<()> {
        self.models.iter().try_for_each(see)
    }

    fn each_part(&self, see: See<'_, [FindingInfo]>) -> io::Result<Vec<Todo>> {
        see(&self.findings)?;
        Ok(self.do_first.clone())
    }

    fn whole(&self) -> &Report {
        self
    }
}

impl Report {
    /// The report of a run, held whole.
    pub fn of(judged: &Judged, frame: Frame) -> Self {
        let telling = Telling::new(judged, frame);
        telling.made_whole()
    }
}

/// The report of a run, not told yet.
pub struct Telling<'j> {
    judged: &'j Judged,
    detail: Detail,
    /// Whether what questions propose is told as edits too.
    proposes: bool,
    /// Whether it is told what to do first.
    shows_first: bool,
    /// The places of what the change adds to settle findings.
    settling: BTreeSet<&'j Place>,
    /// Paths and names of the models, by position.
    names: Vec<(Arc<str>, Arc<str>)>,
    /// What the report holds of their elements beside findings.
    settings: Vec<Settings<'j>>,
    /// What is told, in the report's order.
    told: Vec<Told<'j>>,
    /// What weakens the check, put into words.
    weakenings: Vec<FindingInfo>,
    /// Steps that each search for answers may take at first.
    steps: usize,
    head: Report,
    whole: OnceLock<Report>,
}

/// A finding before it is put into words.
#[derive(Clone, Copy)]
struct Told<'j> {
    /// The position of its model, by path and name, among all.
    of: u32,
    what: What<'j>,
}

#[derive(Clone, Copy)]
enum What<'j> {
    /// A finding of a model.
    Found(&'j Finding),
    /// What weakens the check, by its position.
    Weakens(u32),
}

impl<'j> Telling<'j> {
    /// Counts what was judged and puts it in order.
    pub fn new(judged: &'j Judged, frame: Frame) -> Self {
        let names: Vec<(Arc<str>, Arc<str>)> = judged
            .models
            .iter()
            .map(|m| {
                let path = Arc::from(m.model.path().as_str());
                (path, Arc::clone(&m.model.name))
            })
            .collect();
        let settling = changes::settling(&judged.weakenings);
        let (weakenings, kinds) = changes::findings(&judged.weakenings);
        let rules = rules_of(judged, kinds);
        let mut told = in_order(judged, &names, &weakenings);
        let stands = |told: &Told<'_>| match told.what {
            What::Found(finding) => Counted::of(finding, is_settled(finding, &settling)),
            What::Weakens(at) => Counted::from(&judged.weakenings[at as usize]),
        };
        let fingerprint = |told: &Told<'_>| match told.what {
            What::Found(finding) => finding.fingerprint,
            What::Weakens(at) => judged.weakenings[at as usize].fingerprint,
        };
        let gate = frame.levels.gate(judged);
        let level = |told: &Told<'_>| match told.what {
            What::Found(finding) => gate.level(&names[finding.model as usize].0),
            What::Weakens(at) => gate.level(&weakenings[at as usize].model),
        };
        let counted = told.iter();
        let counted = counted.map(|it| (stands(it), level(it), fingerprint(it)));
        let mut summary = count(counted, judged.asked().count(), gate.clone());
        let verdict = summary.judge(
            judged.is_incomplete(),
            frame.failed_otherwise,
            frame.allow_no_models,
        );
        summary.conclude(verdict, verdict.exit(frame.allow_no_models));
        let steps = LEAST_STEPS.min(MOST_STEPS / judged.findings.len().max(1));
        told.retain(|it| frame.detail.shows(stands(it), level(it)));
        let head = Report {
            report: VERSION,
            tool: Tool {
                name: "tmrs".into(),
                version: env!("CARGO_PKG_VERSION").into(),
                catalogue: frame.catalogue,
            },
            run: frame.run,
            rules,
            models: Vec::new(),
            findings: Vec::new(),
            do_first: Vec::new(),
            fixes: Vec::new(),
            fixed: frame.fixed,
            changes: frame.changes,
            notices: judged.notices.iter().map(NoticeInfo::from).collect(),
            summary,
        };
        Self {
            judged,
            detail: frame.detail,
            proposes: frame.proposes,
            shows_first: frame.shows_first,
            settling,
            names,
            settings: judged
                .models
                .iter()
                .map(|it| Settings::of(&it.model))
                .collect(),
            told,
            weakenings,
            steps,
            head,
            whole: OnceLock::new(),
        }
    }

    fn made_whole(&self) -> Report {
        let mut whole = self.head.clone();
        if self.detail.shows_models() {
            whole.models = self.models().collect();
        }
        whole.findings.reserve_exact(self.told.len());
        let keep = &mut |part: Vec<FindingInfo>| {
            whole.findings.extend(part);
            Ok(())
        };
        // Keeping them cannot fail.
        whole.do_first = self.part_by_part(keep).unwrap_or_default();
        if self.proposes {
            whole.fixes = fixes(self.judged, &whole);
        }
        whole
    }

    fn models(&self) -> impl Iterator<Item = ModelInfo> {
        let mut found: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); self.judged.models.len()];
        if self.detail.tells_silence() {
            for finding in &self.judged.findings {
                found[finding.model as usize].insert(&finding.rule.id);
            }
            for (model, found) in self.judged.models.iter().zip(&mut found) {
                found.extend(model.found_elsewhere.iter().map(|id| &**id));
            }
        }
        let models = self.judged.models.iter().zip(found);
        let asked = models.filter(|(model, _)| !model.is_around);
        asked.map(|(m, found)| {
            let is_told = self.detail.tells_silence() && !m.given_up;
            let silent = is_told.then(|| silent(&m.model, &m.rules, &found));
            model_info(&m.model, silent.unwrap_or_default(), self.detail)
        })
    }

    /// Puts the findings of some models into words while the ones before are written.
    fn part_by_part(
        &self,
        see: &mut dyn FnMut(Vec<FindingInfo>) -> io::Result<()>,
    ) -> io::Result<Vec<Todo>> {
        let mut first = Best::new(FIRST);
        let mut left = MOST_STEPS;
        let (mut rest, mut part) = (&*self.told, Vec::new());
        loop {
            let (next, after) = rest.split_at(together(rest));
            let mut ready = Vec::new();
            let seen = rayon::in_place_scope(|scope| {
                scope.spawn(|_| {
                    ready = self.put_into_words(next, after.len(), &mut left);
                    if self.shows_first {
                        add_new(&mut first, &self.head, &ready);
                    }
                });
                see(part)
            });
            seen?;
            if next.is_empty() {
                return Ok(first.into_things());
            }
            (rest, part) = (after, ready);
        }
    }

    /// Answers that settle findings are sought for all alike at first; then what is left of
    /// the steps, but for those that `after` more findings may need, goes to those of which
    /// it was not enough.
    fn put_into_words(
        &self,
        part: &[Told<'j>],
        after: usize,
        left: &mut usize,
    ) -> Vec<FindingInfo> {
        let tell = |told: &Told<'_>, most: usize| match told.what {
            What::Found(finding) => {
                let named = &self.names[finding.model as usize];
                finding_info(
                    self.judged,
                    finding,
                    named,
                    &self.settings[finding.where_seen().model as usize],
                    &self.settling,
                    self.detail,
                    most,
                )
            }
            What::Weakens(at) => (self.weakenings[at as usize].clone(), Taken::NOTHING),
        };
        let mut words: Vec<(FindingInfo, Taken)> =
            part.par_iter().map(|told| tell(told, self.steps)).collect();
        let taken: usize = words.iter().map(|(_, taken)| taken.steps).sum();
        *left = left.saturating_sub(taken);
        let wanting = words.iter().filter(|(_, taken)| !taken.ended).count();
        let most = left.saturating_sub(self.steps * after) / wanting.max(1);
        if most > self.steps {
            let wanting = words.par_iter_mut().zip(part);
            let wanting = wanting.filter(|(words, _)| !words.1.ended);
            let again = wanting.map(|(words, told)| {
                *words = tell(told, most);
                words.1.steps
            });
            *left = left.saturating_sub(again.sum());
        }
        let mut findings: Vec<FindingInfo> = words.into_iter().map(|(info, _)| info).collect();
        follow::complete(self.judged, &mut findings);
        for finding in &mut findings {
            finding.failing = self.head.summary.gate.fails(finding);
        }
        findings
    }
}

impl Parts for Telling<'_> {
    fn head(&self) -> &Report {
        &self.head
    }

    fn each_model(&self, see: See<'_, ModelInfo>) -> io::Result<()> {
        match self.whole.get() {
            Some(whole) => whole.each_model(see),
            None => self.models().try_for_each(|model| see(&model)),
        }
    }

    fn each_part(&self, see: See<'_, [FindingInfo]>) -> io::Result<Vec<Todo>> {
        match self.whole.get() {
            Some(whole) => whole.each_part(see),
            None => self.part_by_part(&mut |part| see(&part)),
        }
    }

    fn whole(&self) -> &Report {
        self.whole.get_or_init(|| self.made_whole())
    }
}

/// How many findings are put into words together: those of so many models, by path and name,
/// as come to enough.
fn together(rest: &[Told<'_>]) -> usize {
    let Some(last) = rest.get(TOGETHER).or(rest.last()) else {
        return 0;
    };
    rest.partition_point(|told| told.of <= last.of)
}

/// Everything that was found, in the order of a report.
fn in_order<'j>(
    judged: &'j Judged,
    names: &[(Arc<str>, Arc<str>)],
    weakenings: &[FindingInfo],
) -> Vec<Told<'j>> {
    let mut places: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    places.extend(names.iter().map(|(path, name)| ((&**path, &**name), 0)));
    let of_weakening = |it: &'_ FindingInfo| (it.model.clone(), it.model_name.clone());
    let elsewhere: Vec<_> = weakenings.iter().map(of_weakening).collect();
    places.extend(elsewhere.iter().map(|(path, name)| ((&**path, &**name), 0)));
    places
        .values_mut()
        .zip(0..)
        .for_each(|(at, next)| *at = next);
    let at = |(path, name): &(Arc<str>, Arc<str>)| places[&(&**path, &**name)];
    let of: Vec<u32> = names.iter().map(at).collect();
    let found = judged.findings.iter().map(|finding| Told {
        of: of[finding.model as usize],
        what: What::Found(finding),
    });
    let weakens = elsewhere.iter().zip(0..).map(|(named, next)| Told {
        of: at(named),
        what: What::Weakens(next),
    });
    let mut told: Vec<Told<'j>> = found.chain(weakens).collect();
    let key = |told: &Told<'j>| -> (u32, u32, Reverse<Severity>, &'j str, Fingerprint) {
        let (element, severity, rule, print) = match told.what {
            What::Found(it) => (it.element.0, it.severity, &*it.rule.id, it.fingerprint),
            What::Weakens(next) => {
                let it = &judged.weakenings[next as usize];
                let element = weakenings[next as usize].element_id;
                (element, it.severity, &*it.rule.id, it.fingerprint)
            }
        };
        (told.of, element, Reverse(severity), rule, print)
    };
    told.par_sort_by(|a, b| key(a).cmp(&key(b)));
    told
}
