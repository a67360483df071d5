//! The guide to rules of one's own: its example works.

use crate::harness::Repo;
use crate::shared;

/// The block of the page that a comment marks as that file.
fn block(page: &str, file: &str) -> String {
    let mark = format!("<!-- tested: {file} -->\n```yaml\n");
    let start = page.find(&mark).unwrap() + mark.len();
    let length = page[start..].find("```").unwrap();
    page[start..start + length].to_owned()
}

#[test]
fn the_example_of_the_guide_passes_its_tests_and_has_nothing_to_complain_of() {
    let page = std::fs::read_to_string(shared::root().join("docs/writing-rules.md")).unwrap();
    let repo = Repo::with(&[("rules/ACME01.yaml", &block(&page, "ACME01.yaml"))]);
    let tested = repo.tmrs(&["rules", "test", "rules/"]);
    assert_eq!(tested.code, 0, "{tested:?}");
    assert!(tested.out.contains('3'), "{tested:?}");
    let linted = repo.tmrs(&["rules", "lint", "rules/"]);
    assert_eq!(linted.code, 0, "{linted:?}");
    let text = repo.read("rules/ACME01.yaml");
    let lame = text.replace(" and not target.controls.isEncryptedAtRest", "");
    assert_ne!(text, lame);
    repo.write("rules/ACME01.yaml", &lame);
    assert_eq!(repo.tmrs(&["rules", "test", "rules/"]).code, 1);
}
