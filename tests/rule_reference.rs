//! The generated pages of the rule reference are what the rule files say.
//! `TMRS_BLESS=1 cargo test` rewrites them.

use std::fs;

use crate::shared;

fn kept_equal(page: &str, text: &str) {
    let path = shared::root().join("docs").join(page);
    if std::env::var_os("TMRS_BLESS").is_some() {
        fs::write(&path, text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "docs/{page} is not what rules/ says: run TMRS_BLESS=1 cargo test rule_reference"
    );
}

#[test]
fn the_rule_reference_says_what_the_rule_files_say() {
    let text = tmrs::cli::rules::reference();
    assert!(text.matches("\n### ").count() >= 200);
    kept_equal("rules.md", &text);
}

#[test]
fn every_difference_from_pytm_is_listed() {
    kept_equal("differs-from-pytm.md", &tmrs::cli::rules::differences());
}
