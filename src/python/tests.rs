//! What Python computed, as `tests/python/record.py` recorded it.

use serde_json::Value;

use super::format::{Formatted, Spec};
use super::number;
use super::operation::{Number, Operator};
use super::{Fault, Outcome, float, integer, quote, slice, text};

const RECORDED: &str = include_str!("../../tests/python/values.jsonl");

/// What a case of that kind gives here, in the form of the record.
fn compute(what: &str, case: &[Value]) -> Outcome<Value> {
    let text_at = |at: usize| case[at].as_str().unwrap_or_default();
    let int_at = |at: usize| case[at].as_i64();
    let number_at = |at: usize| number_of(text_at(at));
    let optional = |at: usize| case[at].as_str();
    let texts = |parts: Vec<&str>| Value::from(parts);
    Ok(match what {
        "calculate" => {
            let result = number::calculate(operator(text_at(0)), number_at(1), number_at(2))?;
            Value::from(shown(result))
        }
        "compare" => {
            use std::cmp::Ordering;
            let order = number::order(number_at(1), number_at(2));
            Value::from(match text_at(0) {
                "<" => order == Some(Ordering::Less),
                ">" => order == Some(Ordering::Greater),
                _ => order == Some(Ordering::Equal),
            })
        }
        "round" => Value::from(shown(number::round(number_at(0), int_at(1))?)),
        "repr" => Value::from(match number_at(0) {
            Number::Int(i) => i.to_string(),
            Number::Float(f) => float::written(f),
        }),
        "int" => {
            let base = int_at(1).map_or(10, |base| u32::try_from(base).unwrap_or(99));
            Value::from(shown(Number::Int(integer::parse(text_at(0), base)?)))
        }
        "float" => Value::from(shown(Number::Float(float::parse(text_at(0))?))),
        "format" => {
            let given = text_at(0);
            let value = match given.strip_prefix('s') {
                Some(text) => Formatted::Text(text),
                None => Formatted::Number(number_of(given)),
            };
            if given.starts_with('b') && text_at(1).is_empty() {
                return Ok(Value::from("True"));
            }
            Value::from(Spec::parse(text_at(1))?.apply(value)?)
        }
        "cased" => Value::from(text::cased(text_at(0), text_at(1))?),
        "question" => Value::from(text::question(text_at(0), text_at(1))?),
        "quoted" => Value::from(quote::text(text_at(0))?),
        "ascii" => Value::from(quote::ascii(&quote::text(text_at(0))?)),
        "padded" => {
            let width = usize::try_from(int_at(2).unwrap_or(0)).unwrap_or(0);
            Value::from(text::padded(text_at(0), text_at(1), width, '*'))
        }
        "split" => {
            let from_right = case[3].as_bool().unwrap_or(false);
            let most = int_at(2).unwrap_or(-1);
            texts(text::split(text_at(0), optional(1), most, from_right)?)
        }
        "stripped" => Value::from(text::stripped(text_at(0), text_at(1), optional(2))),
        "lines" => texts(text::lines(text_at(0), case[1].as_bool().unwrap_or(false))),
        "find" => {
            let from_right = case[4].as_bool().unwrap_or(false);
            let found = text::find(text_at(0), text_at(1), int_at(2), int_at(3), from_right);
            let found = found.map_or(-1, |at| i64::try_from(at).unwrap_or(-2));
            Value::from(shown(Number::Int(found)))
        }
        "count" | "starts" | "ends" => {
            let inside = text::window(text_at(0), int_at(2), int_at(3)).map(|(inside, _)| inside);
            let part = text_at(1);
            match what {
                "count" => {
                    let count = inside.map_or(0, |inside| inside.matches(part).count());
                    Value::from(format!("i{count}"))
                }
                "starts" => Value::from(inside.is_some_and(|inside| inside.starts_with(part))),
                _ => Value::from(inside.is_some_and(|inside| inside.ends_with(part))),
            }
        }
        "replaced" => {
            let times = int_at(3).unwrap_or(-1);
            Value::from(text::replaced(text_at(0), text_at(1), text_at(2), times))
        }
        "tabs" => {
            let size = usize::try_from(int_at(1).unwrap_or(8)).unwrap_or(0);
            Value::from(text::tabs_expanded(text_at(0), size))
        }
        "slice" => {
            let len = usize::try_from(int_at(0).unwrap_or(0)).unwrap_or(0);
            let bounds = slice::bounds(len, int_at(1), int_at(2), int_at(3))?;
            assert_eq!(bounds.len(), bounds.positions().count(), "{case:?}");
            bounds.positions().map(|at| format!("i{at}")).collect()
        }
        "bytes" => {
            let bytes = case[0].as_array().map(Vec::as_slice).unwrap_or_default();
            let bytes: Vec<u8> = bytes
                .iter()
                .filter_map(|byte| u8::try_from(byte.as_u64()?).ok())
                .collect();
            Value::from(quote::bytes(&bytes))
        }
        "pow" => {
            let numbers = [0, 1, 2].map(|at| int_at(at).unwrap_or(0));
            let result = number::power_modulo(numbers[0], numbers[1], numbers[2])?;
            Value::from(format!("i{result}"))
        }
        other => panic!("no case is of the kind {other}"),
    })
}

fn operator(sign: &str) -> Operator {
    match sign {
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        "*" => Operator::Multiply,
        "/" => Operator::Divide,
        "//" => Operator::FloorDivide,
        "%" => Operator::Remainder,
        "**" => Operator::Power,
        "<<" => Operator::ShiftLeft,
        ">>" => Operator::ShiftRight,
        "&" => Operator::And,
        "|" => Operator::Or,
        "^" => Operator::Xor,
        other => panic!("no operator is {other}"),
    }
}

fn number_of(text: &str) -> Number {
    match text.split_at(1) {
        ("i", digits) => Number::Int(digits.parse().expect("a whole number of 64 bits")),
        ("f", digits) => Number::Float(digits.parse().expect("a float")),
        ("b", "True") => Number::Int(1),
        _ => Number::Int(0),
    }
}

fn shown(number: Number) -> String {
    match number {
        Number::Int(i) => format!("i{i}"),
        Number::Float(f) => format!("f{}", float::written(f)),
    }
}

#[test]
fn what_python_computed_is_computed_or_not_worked_out() {
    let (mut equal, mut unread, mut wrong) = (0, 0, Vec::new());
    for line in RECORDED.lines() {
        let case: Vec<Value> = serde_json::from_str(line).expect("a recorded case");
        let (result, case) = case.split_last().expect("a result");
        let what = case[0].as_str().expect("a kind");
        let agrees = match compute(what, &case[1..]) {
            Ok(value) => value == *result,
            Err(Fault::Raises(class, _)) => result["raises"] == class,
            Err(Fault::Unread(_) | Fault::Large) => {
                unread += 1;
                continue;
            }
        };
        if agrees {
            equal += 1;
        } else {
            wrong.push(format!("{line}\n  here: {:?}", compute(what, &case[1..])));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
    assert!(equal > 10_000, "only {equal} were equal");
    assert!(
        unread * 12 < equal,
        "{unread} were not worked out, {equal} were equal"
    );
}

#[test]
fn scalars_of_yaml_are_what_pyyaml_makes_of_them() {
    let recorded = include_str!("../../tests/python/yaml.jsonl");
    for line in recorded.lines() {
        let case: Vec<Value> = serde_json::from_str(line).expect("a recorded case");
        let (text, wanted) = (case[0].as_str().expect("text"), &case[1]);
        let here = match super::yaml::plain(text) {
            super::yaml::Scalar::Null => Value::Null,
            super::yaml::Scalar::Bool(b) => Value::from(b),
            super::yaml::Scalar::Int(i) => Value::from(shown(Number::Int(i))),
            super::yaml::Scalar::Float(f) => Value::from(shown(Number::Float(f))),
            super::yaml::Scalar::Text => Value::from(format!("s{text}")),
            super::yaml::Scalar::Unread => continue,
        };
        assert_eq!(&here, wanted, "{text}");
    }
}
