//! The JSON report (SEMANTICS §7): the report's types as they stand.

use super::{Context, EmitError, Emitter};
use crate::report::Report;

/// `--format json`.
pub struct Json;

impl Emitter for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "everything, for programs and for `tmrs render`"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["tmrs.json"]
    }

    fn emit(&self, report: &Report, _: &Context<'_>) -> Result<String, EmitError> {
        let mut text = serde_json::to_string_pretty(report).map_err(|error| EmitError::Format {
            format: "json",
            reason: error.to_string(),
        })?;
        text.push('\n');
        Ok(text)
    }
}
