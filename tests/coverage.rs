//! The pages on coverage and severity say what the rule files say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What the top of a rule file says, by rule id: path, pack, severity.
fn rules() -> BTreeMap<String, (String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut rules = BTreeMap::new();
    for family in fs::read_dir(root.join("rules")).unwrap() {
        let family = family.unwrap().path();
        if !family.is_dir() {
            continue;
        }
        for file in fs::read_dir(family).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let field = |key: &str| {
                let line = text.lines().find_map(|line| line.strip_prefix(key));
                line.unwrap_or_default().trim().to_owned()
            };
            let shown = path.strip_prefix(root).unwrap().to_string_lossy();
            let shown = shown.replace('\\', "/");
            rules.insert(field("id:"), (shown, field("pack:"), field("severity:")));
        }
    }
    rules
}

/// The rows of every table of a page, as cells; heads and rules between them left out.
fn rows(page: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(page);
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<_> = text.lines().collect();
    lines
        .iter()
        .enumerate()
        .filter(|(at, line)| {
            let next = lines.get(at + 1).unwrap_or(&"");
            line.starts_with('|') && !line.starts_with("|---") && !next.starts_with("|---")
        })
        .map(|(_, line)| {
            let inner = line.trim_matches('|');
            inner
                .split('|')
                .map(|cell| cell.trim().to_owned())
                .collect()
        })
        .collect()
}

/// The links of a cell: text and target.
fn links(cell: &str) -> Vec<(String, String)> {
    cell.split('[')
        .skip(1)
        .filter_map(|part| part.split_once("]("))
        .filter_map(|(text, rest)| Some((text.to_owned(), rest.split_once(')')?.0.to_owned())))
        .collect()
}

#[test]
fn no_row_of_the_coverage_table_is_empty_or_leads_nowhere() {
    let rules = rules();
    let rows = rows("coverage.md");
    assert!(rows.len() > 100, "{} rows", rows.len());
    for row in rows {
        let links = links(row.last().unwrap());
        assert!(!links.is_empty(), "no rule for {}", row[0]);
        for (id, target) in links {
            let (path, ..) = rules.get(&id).unwrap_or_else(|| panic!("no rule {id}"));
            assert_eq!(target, format!("../{path}"), "the link of {id}");
        }
    }
}

#[test]
fn every_rule_has_a_row_in_the_coverage_table() {
    let covered: Vec<String> = rows("coverage.md")
        .iter()
        .flat_map(|row| links(row.last().unwrap()))
        .map(|(id, _)| id)
        .collect();
    let missing: Vec<_> = rules()
        .into_keys()
        .filter(|id| !covered.contains(id))
        .collect();
    assert!(missing.is_empty(), "without a row: {missing:?}");
}

#[test]
fn all_rules_of_threagile_and_all_risks_of_owasp_have_a_row() {
    let rows = rows("coverage.md");
    let starting = |prefix: &str| rows.iter().filter(|row| row[0].starts_with(prefix)).count();
    assert_eq!(starting("A0") + starting("A10"), 10);
    assert_eq!(starting("API"), 10);
    assert_eq!(starting("LLM"), 10);
    assert_eq!(starting("ASI"), 10);
    // Threagile's ids are lower case; nothing else in a first cell is.
    let threagile = rows
        .iter()
        .filter(|row| row[0].starts_with(char::is_lowercase));
    assert_eq!(threagile.count(), 42);
}

#[test]
fn the_core_pack_keeps_to_the_shares_of_the_rubric() {
    let core: Vec<String> = rules()
        .into_values()
        .filter(|(_, pack, _)| pack == "core")
        .map(|(_, _, severity)| severity)
        .collect();
    let share = |severity: &str| {
        let number = core.iter().filter(|s| *s == severity).count();
        number * 100 / core.len()
    };
    assert!(share("critical") <= 10, "{}% critical", share("critical"));
    assert!(share("high") <= 25, "{}% high", share("high"));
}
