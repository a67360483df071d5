//! `tmrs schema`: the JSON Schemas, for editors.

use super::args::Schema;
use super::failure::{Exit, Failure};
use super::output::print;
use crate::schema::Kind;

/// Runs the command.
pub fn run(schema: &Schema) -> Result<Exit, Failure> {
    let kind = Kind::named(&schema.kind).ok_or_else(|| {
        Failure::usage(
            format!(
                "there is no schema of “{}”",
                crate::escape::terminal(&schema.kind)
            ),
            "choose one of model, config, rule, report, diff",
        )
    })?;
    print(kind.text())?;
    Ok(Exit::Success)
}
