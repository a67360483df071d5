//! The tests of the built-in rules pass, and mean something: a condition with
//! any one operand dropped or negated fails at least one test of its rule.

use rayon::prelude::*;
use tmrs::condition;
use tmrs::rules::{self, CatalogueSettings, Pack, built_in, testing};
use tmrs::ruletest::{self, Case};
use tmrs::syntax::python::{self, ast};

fn cases() -> Vec<(rules::CompiledRule, Vec<Case>)> {
    let settings = CatalogueSettings {
        packs: Pack::ALL.to_vec(),
        ..CatalogueSettings::default()
    };
    let (catalogue, _) = rules::load(&settings).unwrap();
    let prepared = |id: &str| -> Vec<Case> {
        let source = testing::built_in_source(built_in::by_id(id).unwrap()).unwrap();
        let (tests, notices) = testing::tests(&source);
        assert!(notices.is_empty(), "{id}: {notices:#?}");
        let prepared = tests.into_iter().map(|test| {
            ruletest::prepare(test)
                .unwrap_or_else(|outcome| panic!("{id}, {}: {outcome:#?}", outcome.test.name))
        });
        prepared.collect()
    };
    catalogue
        .rules()
        .par_iter()
        .map(|rule| (rule.clone(), prepared(&rule.rule.id)))
        .collect()
}

#[test]
fn every_test_of_every_rule_passes() {
    let mut failed = Vec::new();
    for (rule, cases) in cases() {
        for case in cases {
            let outcome = case.run(&rule);
            if let Some(failure) = outcome.failure {
                failed.push(format!(
                    "{}, {}: {failure:?}",
                    rule.rule.id, outcome.test.name
                ));
            }
        }
    }
    assert!(
        failed.is_empty(),
        "{} fail:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

#[test]
fn no_operand_of_a_condition_can_be_dropped_or_negated_unnoticed() {
    let cases = cases();
    let survivors: Vec<String> = cases
        .par_iter()
        .flat_map_iter(|(rule, cases)| {
            let text = rule.condition.as_ref().unwrap().text();
            let unnoticed = mutants(text).into_iter().filter(|(_, mutant)| {
                let mutant = condition::compile(mutant).unwrap();
                cases
                    .iter()
                    .all(|case| case.passes(&rule.rule.target, &mutant))
            });
            let id = rule.rule.id.clone();
            unnoticed
                .map(move |(what, _)| format!("{id}: {what}"))
                .collect::<Vec<_>>()
        })
        .collect();
    let made: usize = cases
        .iter()
        .map(|(rule, _)| mutants(&rule.rule.when).len())
        .sum();
    assert!(made > 2000, "{made}");
    assert!(
        survivors.is_empty(),
        "{} survive:\n{}",
        survivors.len(),
        survivors.join("\n")
    );
}

/// What was done, and the condition that came of it.
fn mutants(text: &str) -> Vec<(String, String)> {
    let expression = python::parse_expression(text).unwrap();
    let mut found = Mutants {
        text,
        made: Vec::new(),
    };
    found.truth(&expression, true);
    found.made
}

struct Mutants<'t> {
    text: &'t str,
    made: Vec<(String, String)>,
}

impl Mutants<'_> {
    fn written(&self, expression: &ast::Expr) -> &str {
        &self.text[python::span(expression).range()]
    }

    /// The whole condition with one expression replaced.
    fn replace(&mut self, what: &str, expression: &ast::Expr, by: &str) {
        let range = python::span(expression).range();
        let mutant = format!(
            "{}({by}){}",
            &self.text[..range.start],
            &self.text[range.end..]
        );
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.made.push((
            format!("{what} `{}`", flat(self.written(expression))),
            mutant,
        ));
    }

    /// An expression that is taken as true or false. `negate` unless its
    /// negation is a mutant of what is around it already.
    fn truth(&mut self, expression: &ast::Expr, negate: bool) {
        if negate && !matches!(expression, ast::Expr::UnaryOp(_)) {
            let negated = format!("not ({})", self.written(expression));
            self.replace("negate", expression, &negated);
        }
        match expression {
            ast::Expr::BoolOp(op) => self.operands(op, expression),
            ast::Expr::UnaryOp(unary) if unary.op == ast::UnaryOp::Not => {
                let operand = self.written(&unary.operand).to_owned();
                self.replace("drop the not of", expression, &operand);
                self.truth(&unary.operand, false);
            }
            ast::Expr::If(choice) => {
                for part in [&choice.test, &choice.body, &choice.orelse] {
                    self.truth(part, true);
                }
            }
            ast::Expr::Call(call) => {
                for argument in &call.arguments.args {
                    self.comprehension(argument);
                }
            }
            ast::Expr::Compare(compare) => {
                self.inside(&compare.left);
                compare
                    .comparators
                    .iter()
                    .for_each(|right| self.inside(right));
            }
            _ => {}
        }
    }

    /// Truths inside a value, such as those of `len([…]) > 1`.
    fn inside(&mut self, expression: &ast::Expr) {
        if let ast::Expr::Call(call) = expression {
            for argument in &call.arguments.args {
                self.comprehension(argument);
            }
        }
        self.comprehension(expression);
    }

    fn operands(&mut self, op: &ast::ExprBoolOp, whole: &ast::Expr) {
        let word = if op.op == ast::BoolOp::And {
            " and "
        } else {
            " or "
        };
        for at in 0..op.values.len() {
            let others: Vec<String> = op
                .values
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, value)| format!("({})", self.written(value)))
                .collect();
            let range = python::span(whole).range();
            let mutant = format!(
                "{}({}){}",
                &self.text[..range.start],
                others.join(word),
                &self.text[range.end..]
            );
            let dropped = self
                .written(&op.values[at])
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            self.made.push((format!("drop `{dropped}`"), mutant));
        }
        for value in &op.values {
            self.truth(value, true);
        }
    }

    fn comprehension(&mut self, expression: &ast::Expr) {
        let (element, generators) = match expression {
            ast::Expr::Generator(found) => (&found.elt, &found.generators),
            ast::Expr::ListComp(found) => (&found.elt, &found.generators),
            _ => return,
        };
        if !matches!(**element, ast::Expr::Name(_)) {
            self.truth(element, true);
        }
        for generator in generators {
            for filter in &generator.ifs {
                self.truth(filter, true);
                self.replace("drop", filter, "True");
            }
            self.inside(&generator.iter);
        }
    }
}

#[test]
fn mutants_drop_and_negate_each_operand_once() {
    let of = |text: &str| -> Vec<String> {
        mutants(text)
            .into_iter()
            .map(|(_, mutant)| mutant)
            .collect()
    };
    assert_eq!(
        of("a and not b"),
        [
            "(not (a and not b))",
            "((not b))",
            "((a))",
            "(not (a)) and not b",
            "a and (b)"
        ]
    );
    assert_eq!(
        of("any(f.x for f in t if f.y)"),
        [
            "(not (any(f.x for f in t if f.y)))",
            "any((not (f.x)) for f in t if f.y)",
            "any(f.x for f in t if (not (f.y)))",
            "any(f.x for f in t if (True))"
        ]
    );
}
