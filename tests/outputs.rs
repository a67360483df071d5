//! Every output format on the same reports: what its consumers insist on (OUTPUTS).
//!
//! | What OUTPUTS says | Held by |
//! |---|---|
//! | SARIF: size gzipped, schema, multitool, `sarif-tools` | `tests/consumers/run.sh` |
//! | SARIF: results, rules, places, steps, tags within limits | `sarif::the_5000_worst…`, `every_rule…`, `a_result_has_no_more_places…`, `rules_carry…` |
//! | SARIF: what a file is refused for; fingerprints; taxonomies; category | `sarif::every_result_has…`, `taxonomies…`, `category…` |
//! | SARIF: paths over boundaries and to what is reached | `sarif::a_flow_over…`, `what_an_outsider_reaches…` |
//! | SARIF: suppressions, baseline, no empty file after an error | `sarif::only_open…`, `the_baseline…`, `an_error_before_judging…` |
//! | Annotations: escapes, the nine worst; step outputs | `github` |
//! | Summary and comment: sizes, order, links, diagram | `markdown`, `tests/consumers/markdown.py` |
//! | JUnit: cases, failures, skips, errors, forbidden characters | `tables::junit…`, `tests/consumers/junit.py` |
//! | GitLab: fields, stable fingerprints | `tables::gitlab…`, `tests/consumers/gitlab.py` |
//! | HTML: one page, asks for nothing, in a browser | `html`, `tests/consumers/html.mjs` |
//! | JSON: schema, everything derived from it | `schemas`, `render`, `join` |
//! | No line is a command of a runner | `runners` |
//! | One verdict, one word, in every format and exit status | `verdict` |
//! | Whole or not at all; a summary that others add to as well | `whole`, `summary` |

mod fixture;
mod github;
mod html;
mod join;
mod markdown;
mod render;
mod runners;
mod sarif;
mod summary;
mod tables;
mod verdict;
pub mod whole;

use tmrs::emit::{Context, FORMATS, named};
use tmrs::report::Report;
use tmrs::report::alerts::Assumed;

/// What a format writes, without access to sources.
fn emit(format: &str, report: &Report) -> String {
    emit_with(format, report, |_| {})
}

fn emit_with(format: &str, report: &Report, change: impl FnOnce(&mut Context<'_>)) -> String {
    let mut context = Context {
        color: false,
        width: 100,
        verbose: false,
        quiet: false,
        sarif_suppressions: false,
        sarif_assumed: Assumed::Fold,
        started: "1970-01-01T00:00:00".into(),
        link_base: None,
        sources: &|_| None,
    };
    change(&mut context);
    named(format).unwrap().emit(report, &context).unwrap()
}

/// What a format writes that makes each finding an alert of its own.
pub(crate) fn emit_each(format: &str, report: &Report) -> String {
    emit_with(format, report, |context| {
        context.sarif_assumed = Assumed::Each;
    })
}

/// The small reports that every format must stand; beside them `fixture::many`.
fn reports() -> Vec<(&'static str, Report)> {
    vec![
        ("empty", fixture::empty()),
        ("typical", fixture::typical()),
        ("hostile", fixture::hostile()),
    ]
}

#[test]
fn no_format_shows_an_escape_or_hidden_character() {
    for (name, report) in reports() {
        for format in FORMATS {
            let text = emit(format.name(), &report);
            let raw = text.chars().find(|&c| {
                (c.is_control() && c != '\n')
                    || "\u{202e}\u{200b}\u{feff}\u{2066}\u{9b}".contains(c)
            });
            assert_eq!(raw, None, "{} of {name}", format.name());
        }
    }
}

#[test]
fn every_format_is_the_same_each_time() {
    for (name, report) in reports() {
        for format in FORMATS {
            let (one, two) = (emit(format.name(), &report), emit(format.name(), &report));
            assert!(one == two, "{} of {name}", format.name());
            assert!(
                one.is_empty() || one.ends_with('\n'),
                "{} of {name}",
                format.name()
            );
        }
    }
}

/// Writes every format of every report for `tests/consumers/run.sh`.
#[test]
fn every_format_gives_a_sample_for_the_real_consumers() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("outputs");
    std::fs::create_dir_all(&folder).unwrap();
    let mut written = 0;
    let many = ("many", fixture::many(6_000));
    for (name, report) in reports().into_iter().chain([many]) {
        for format in FORMATS {
            let text = emit(format.name(), &report);
            assert!(!text.trim().is_empty(), "{name}.{}", format.name());
            written += 1;
            std::fs::write(folder.join(format!("{name}.{}", format.name())), text).unwrap();
        }
        let all = emit_with("sarif", &report, |c| c.sarif_suppressions = true);
        let suppressed = all.contains("\"suppressions\"");
        assert_eq!(suppressed, !report.findings.is_empty(), "{name}");
        std::fs::write(folder.join(format!("{name}-suppressions.sarif")), all).unwrap();
    }
    assert_eq!(written, (reports().len() + 1) * FORMATS.len());
}
