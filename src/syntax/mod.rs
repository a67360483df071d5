//! Layer `syntax`: text → spanned tree. The only files that name a parser crate.
//!
//! YAML and JSON become one tree ([`tree`]), so that whatever reads a model, a
//! configuration or a rule file does not ask in which of the two it was written. XML, which only
//! another tool's models are in, and HCL, whose blocks may stand many times, stay what they are ([`xml`],
//! [`hcl`]).

pub mod expect;
pub mod hcl;
pub mod json;
pub mod layout;
mod offsets;
pub mod python;
mod scalar;
pub mod tree;
pub mod xml;
pub mod yaml;

use std::sync::Arc;

use crate::source::Source;

/// The key under which a file names its JSON Schema for editors; no reader asks for it.
pub const SCHEMA_KEY: &str = "$schema";

/// Parses YAML or, where the file's name ends in `.json`, JSON.
pub fn parse(source: &Arc<Source>) -> tree::Document {
    match source.path().extension() {
        Some(ending) if ending.eq_ignore_ascii_case("json") => json::parse(source),
        _ => yaml::parse(source),
    }
}
