//! How much work it is to judge a model, and all models of a run: steps that conditions
//! take, and findings that come of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much may come together.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Steps that conditions take. An ordinary model takes some thousand for each element.
    pub steps: usize,
    /// Findings. What a report holds of each is large.
    pub findings: usize,
    /// Bytes of the names that these repeat.
    pub names: usize,
}

/// How many steps a judgement must take to be counted.
const SHORT: usize = 32;

impl Limits {
    /// For one model.
    pub const MODEL: Self = Self {
        steps: 200_000_000,
        findings: 250_000,
        names: 32 << 20,
    };
    /// For all models of a run together.
    pub const RUN: Self = Self {
        steps: 300_000_000,
        findings: 300_000,
        names: 48 << 20,
    };
}

/// What was spent so far. Rules and models are judged in any order, but whether they come
/// to too much depends on the models alone.
#[derive(Debug, Default)]
struct Spent {
    steps: AtomicUsize,
    findings: AtomicUsize,
    names: AtomicUsize,
}

impl Spent {
    fn exceeds(&self, limits: Limits) -> bool {
        self.findings.load(Ordering::Relaxed) > limits.findings
            || self.names.load(Ordering::Relaxed) > limits.names
            || self.steps.load(Ordering::Relaxed) > limits.steps
    }

    /// What there is too much of, in a few words.
    fn excess(&self, limits: Limits) -> Option<String> {
        if self.findings.load(Ordering::Relaxed) > limits.findings {
            return Some(format!("more than {} findings", limits.findings));
        }
        if self.names.load(Ordering::Relaxed) > limits.names {
            return Some(format!(
                "more than {} MiB of names in findings",
                limits.names >> 20
            ));
        }
        let is_too_much = self.steps.load(Ordering::Relaxed) > limits.steps;
        is_too_much.then(|| format!("more than {} steps of judging", limits.steps))
    }
}

/// What all models of a run spend.
#[derive(Clone, Debug, Default)]
pub struct OfRun(Arc<Spent>);

impl OfRun {
    /// For one model of it.
    pub fn of_model(&self) -> Effort {
        Effort {
            run: self.clone(),
            ..Effort::default()
        }
    }

    /// What the run has too much of, in a few words.
    pub fn excess(&self) -> Option<String> {
        self.0.excess(Limits::RUN)
    }
}

/// What one model spends. A copy of the model starts anew.
#[derive(Debug)]
pub struct Effort {
    limits: Limits,
    spent: Spent,
    run: OfRun,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            limits: Limits::MODEL,
            spent: Spent::default(),
            run: OfRun::default(),
        }
    }
}

impl Clone for Effort {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Effort {
    /// With limits of its own.
    #[cfg(test)]
    pub(crate) fn within(limits: Limits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// The steps that were counted.
    #[cfg(test)]
    pub(crate) fn steps(&self) -> usize {
        self.spent.steps.load(Ordering::Relaxed)
    }

    /// Adds the steps of one judgement. Short ones, which most are, are not worth
    /// counting: there are as many as rules and elements.
    pub fn add_steps(&self, steps: usize) {
        if steps < SHORT {
            return;
        }
        for spent in [&self.spent, &*self.run.0] {
            spent.steps.fetch_add(steps, Ordering::Relaxed);
        }
    }

    /// Adds findings on an element, which repeat so many bytes of names each.
    pub fn add_findings(&self, findings: usize, names: usize) {
        let names = findings.saturating_mul(names);
        for spent in [&self.spent, &*self.run.0] {
            spent.findings.fetch_add(findings, Ordering::Relaxed);
            spent.names.fetch_add(names, Ordering::Relaxed);
        }
    }

    /// Whether the model, or else its run, has too much of something. Asked before every
    /// judgement.
    pub fn is_exceeded(&self) -> bool {
        self.spent.exceeds(self.limits) || self.run.0.exceeds(Limits::RUN)
    }

    /// What the model, or else its run, has too much of, in a few words.
    pub fn excess(&self) -> Option<String> {
        let own = self.spent.excess(self.limits);
        own.or_else(|| self.run.excess())
    }
}
