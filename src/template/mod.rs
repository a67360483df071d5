//! Layer `template`: a report and a template → a document.
//!
//! [`pytm`] is pytm's own template language, for people who bring their
//! templates; Jinja is for templates over the JSON report, and for the
//! documents that tmrs writes itself.

mod facts;
mod object;
mod pattern;
pub mod pytm;

pub use facts::Escape;

/// Why a template gives no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
