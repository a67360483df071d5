//! `docs/comparison.md`, from what was compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use tmrs::rules::built_in;

use super::asked::{Asked, table};
use super::before::Fallen;
use super::{Compared, median, only};
use crate::shared;

/// Holds `docs/comparison.md` to what was compared.
pub(super) fn kept_equal(compared: &[Compared], asked: &[Asked], fallen: &Fallen) {
    let path = shared::root().join("docs/comparison.md");
    let text = text(compared, asked, fallen);
    if std::env::var_os("TMRS_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "docs/comparison.md is not what is found: run TMRS_BLESS=1 cargo test comparison"
    );
}

fn text(compared: &[Compared], asked: &[Asked], fallen: &Fallen) -> String {
    let mut page = HEAD.to_owned();
    for model in compared {
        line(
            &mut page,
            &format!("[{}](../{})", model.name, model.path),
            std::slice::from_ref(model),
        );
    }
    line(&mut page, "**All of them**", compared);
    page += &in_the_median(compared);
    page += &fallen.section();
    page += &table(asked);
    page += RULES;
    let mut by_rule: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for model in compared {
        for (id, count) in only(&model.theirs, &model.ours) {
            by_rule.entry(id).or_default().0 += count;
        }
        for (id, count) in only(&model.ours, &model.theirs) {
            by_rule.entry(id).or_default().1 += count;
        }
    }
    for (id, (theirs, ours)) in by_rule {
        let rule = built_in::by_id(&id).map(built_in::BuiltIn::rule);
        let why = rule.and_then(|rule| rule.differs_from_pytm);
        let why = why.as_deref().map(str::trim).unwrap_or_default();
        let why = why.replace('|', "\\|").replace('\n', " ");
        let _ = writeln!(page, "| {id} | {theirs} | {ours} | {why} |");
    }
    page
}

/// What one model comes to, in the median.
fn in_the_median(compared: &[Compared]) -> String {
    let of = |number: &dyn Fn(&Compared) -> usize| median(compared.iter().map(number));
    format!(
        "\nIn the median over these models, pytm finds {} on a model and tmrs {} in core, shown as {}\n\
         lines with those of `model`.\n",
        of(&|m| m.theirs.len()),
        of(&|m| m.packs[0]),
        of(&|m| m.groups),
    )
}

fn line(page: &mut String, what: &str, models: &[Compared]) {
    let sum = |number: &dyn Fn(&Compared) -> usize| models.iter().map(number).sum::<usize>();
    let missing = |model: &Compared| only(&model.theirs, &model.ours).values().sum();
    let more = |model: &Compared| only(&model.ours, &model.theirs).values().sum();
    let _ = writeln!(
        page,
        "| {what} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        sum(&|m| m.theirs.len()),
        sum(&|m| m.packs[0]),
        sum(&|m| m.packs[1]),
        sum(&|m| m.declared),
        sum(&|m| m.assumed),
        sum(&|m| m.groups),
        sum(&missing),
        sum(&more),
        sum(&|m| m.declared + m.assumed) - sum(&|m| m.ours.len()),
    );
}

const HEAD: &str = "\
# What pytm finds, and what tmrs finds

Generated from pytm 1.4.0's own answers (`tests/goldens`) and the built-in catalogue, on
the examples and test models. A model's own rules are left aside; elements out of scope
and threats in words are not counted.

- *core*, *model*: findings of tmrs, by pack. The packs judge unless a configuration says
  otherwise; findings of `model` are low or info.
- *declared*, *assumed*: the same findings by [evidence](severity.md): what somebody said,
  and what follows only from what nobody said.
- *shown as*: lines in a report. Assumed findings of an element are one block, declared
  ones of a group one line.
- *only pytm*, *only tmrs*: findings of the ids that both have, found by one of them.
  Every such id says why in the second table.
- *new ids*: findings of rules that pytm has no counterpart for; the
  [reference](rules.md) says since when.

## Model by model

| Model | pytm | core | model | declared | assumed | shown as | only pytm | only tmrs | new ids |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

const RULES: &str = "
## Rule by rule

| Rule | only pytm | only tmrs | Why |
|---|--:|--:|---|
";
