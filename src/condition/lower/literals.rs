//! Literals of a set, each once.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::Value;

/// Each literal once, as in a set.
pub(super) fn distinct(literals: &[Value]) -> Arc<[Value]> {
    let mut told = BTreeSet::new();
    let fresh = |literal: &&Value| told.insert(identity(literal));
    literals.iter().filter(fresh).cloned().collect()
}

/// A text that is equal for literals that Python takes for equal.
fn identity(literal: &Value) -> String {
    match literal {
        Value::Bool(held) => i64::from(*held).to_string(),
        Value::Float(float) => float.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Member(of, at) => format!("{}.{at}", of.name),
        other => {
            let items = other.items().unwrap_or(&[]).iter().map(identity);
            format!("({})", items.collect::<Vec<_>>().join(","))
        }
    }
}
