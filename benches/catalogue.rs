//! What the built-in catalogue costs a run: `cargo bench --bench catalogue`.
//!
//! A run loads the catalogue once and makes the conditions of the rules that judge
//! ready, on every core. A process pays for it once, so each figure is that of a
//! process of its own. Less than 3 ms is what we hold it to.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints what it measured, and ends where it cannot"
)]

use std::env;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use tmrs::rules::{self, CatalogueSettings, CompiledRule, Pack};

/// What loading and compiling may cost.
const BUDGET: Duration = Duration::from_millis(3);

const PROCESSES: usize = 200;

/// With this argument a process measures once, and prints nanoseconds.
const ONCE: &str = "--once";

fn main() {
    if env::args().any(|argument| argument == ONCE) {
        let all = env::args().any(|argument| argument == "all");
        println!("{}", measure(all).as_nanos());
        return;
    }
    for (what, packs) in [("core and model", "usual"), ("all packs", "all")] {
        let mut taken: Vec<Duration> = (0..PROCESSES).map(|_| in_a_process(packs)).collect();
        taken.sort();
        let (least, median) = (taken[0], taken[PROCESSES / 2]);
        let share = 100.0 * median.as_secs_f64() / BUDGET.as_secs_f64();
        println!(
            "{what:<16} least {least:>8.2?}  median {median:>8.2?}, {share:.0} % of {BUDGET:?}"
        );
    }
}

fn in_a_process(packs: &str) -> Duration {
    let mut process = Command::new(env::current_exe().unwrap());
    let said = process.args([ONCE, packs]).output().unwrap().stdout;
    let nanoseconds = String::from_utf8(said).unwrap();
    Duration::from_nanos(nanoseconds.trim().parse().unwrap())
}

fn measure(all: bool) -> Duration {
    let mut settings = CatalogueSettings::default();
    if all {
        settings.packs = Pack::ALL.to_vec();
    }
    // The threads are there before a run comes to its rules.
    rayon::join(|| (), || ());
    let start = Instant::now();
    let (catalogue, _) = rules::load(black_box(&settings)).unwrap();
    let conditions = |rule: &CompiledRule| rule.condition.iter().for_each(|c| c.prepare());
    catalogue.rules().par_iter().for_each(conditions);
    black_box(catalogue);
    start.elapsed()
}
