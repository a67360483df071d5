//! What the built-in catalogue costs a run: `cargo bench --bench catalogue`.
//!
//! A run loads the catalogue once and compiles, on every core, the conditions of
//! the rules that its models meet; here it is all of them. Less than 3 ms is what
//! we hold it to.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints what it measured, and ends where it cannot"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use tmrs::rules::{self, CatalogueSettings, CompiledRule, Pack};

/// What loading and compiling may cost.
const BUDGET: Duration = Duration::from_millis(3);

const ROUNDS: usize = 200;

fn main() {
    let first = measure(&CatalogueSettings::default());
    println!("first load, as a run pays for it   {first:>10.2?}");
    for (what, packs) in [
        ("core and model", CatalogueSettings::default().packs),
        ("all packs", Pack::ALL.to_vec()),
    ] {
        let settings = CatalogueSettings {
            packs,
            ..CatalogueSettings::default()
        };
        let mut taken: Vec<Duration> = (0..ROUNDS).map(|_| measure(&settings)).collect();
        taken.sort();
        let (least, median) = (taken[0], taken[ROUNDS / 2]);
        println!("{what:<16} least {least:>10.2?}  median {median:>10.2?}");
    }
    let share = 100.0 * first.as_secs_f64() / BUDGET.as_secs_f64();
    println!("the first load takes {share:.0} % of its {BUDGET:?}");
}

fn measure(settings: &CatalogueSettings) -> Duration {
    let start = Instant::now();
    let (catalogue, _) = rules::load(black_box(settings)).unwrap();
    let conditions = |rule: &CompiledRule| rule.condition.iter().for_each(|c| c.prepare());
    catalogue.rules().par_iter().for_each(conditions);
    black_box(catalogue);
    start.elapsed()
}
