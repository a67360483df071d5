//! Layer `template`: a report and a template → a document.
//!
//! [`pytm`] is pytm's own template language, for people who bring their
//! templates; `jinja` is for templates over the JSON report; `markdown` makes a
//! page of what either gave. The documents that tmrs writes itself are no
//! templates: `emit::document`. The two that stand on crates are cargo features,
//! because each crate is a twentieth of the program.

mod facts;
#[cfg(feature = "jinja")]
pub mod jinja;
#[cfg(feature = "markdown")]
pub mod markdown;
mod object;
mod pattern;
pub mod pytm;

use serde::{Deserialize, Serialize};

pub use facts::Escape;

/// How long a rendered template may be (docs/limits.md).
const MOST_BYTES: usize = 64 << 20;
const TOO_LONG: &str = "the text becomes too long";

/// Why a template gives no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("line {line}: {reason}")]
pub struct TemplateError {
    /// The template's line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: String,
}

impl TemplateError {
    /// What is wrong at an offset in bytes.
    fn at(template: &str, at: usize, reason: &str) -> Self {
        let before = template.as_bytes().get(..at).unwrap_or(template.as_bytes());
        Self {
            line: memchr::memchr_iter(b'\n', before).count() + 1,
            reason: reason.to_owned(),
        }
    }
}
