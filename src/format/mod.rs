//! Layer `format`: a native YAML model, laid out as every other one.
//!
//! A library lays the text out, and nobody has to trust it: what comes of it is read again,
//! and counts only where it says the same, keeps every comment at its place, and would not
//! be laid out in yet another way.

mod same;

use std::sync::Arc;

use crate::notice::{Notice, Severity, code};
use crate::source::{Source, Span, Tree};
use crate::syntax::layout::{MAX_COLUMNS, is_too_far_right, laid_out};
use crate::syntax::yaml;

/// The largest text that is laid out, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;

/// How deep braces and brackets may be nested in it.
pub const MAX_BRACES: usize = 8;

/// So many times a text is laid out before it has to stay as it is.
const MOST_ROUNDS: usize = 3;

/// The text of a model as it should be laid out, without a byte order mark. `tree` is what
/// the model may read.
///
/// # Errors
/// What is no YAML, beyond the limits, or would say something else afterwards: it should be
/// left as it is.
pub fn formatted(source: &Arc<Source>, tree: &dyn Tree) -> Result<String, Vec<Notice>> {
    let refused = |message: String, help: &str| {
        let place = source.place(Span::default());
        Err(vec![
            Notice::error(code::LIMIT, place, message).with_help(help),
        ])
    };
    if source.text().len() > MAX_BYTES {
        return refused(
            format!(
                "{} has more than {} MiB, so it is not formatted",
                source.path(),
                MAX_BYTES >> 20
            ),
            "split the model into several",
        );
    }
    let document = yaml::parse(source);
    let is_error = |notice: &Notice| notice.severity == Severity::Error;
    if document.root.is_none() || document.notices.iter().any(is_error) {
        return Err(document.notices);
    }
    if !yaml::nests_in_braces(source.text(), MAX_BRACES) {
        return refused(
            format!(
                "{} nests braces and brackets more than {MAX_BRACES} deep, so it is not formatted",
                source.path()
            ),
            "write the outer ones in lines of their own, by indentation",
        );
    }
    if is_too_far_right(source.text()) {
        return refused(
            format!(
                "{} indents a line by more than {MAX_COLUMNS} columns, so it is not formatted",
                source.path()
            ),
            "indent by two spaces, and nest less",
        );
    }
    let settled = settled(source.text()).ok_or_else(|| vec![left(source, "would not settle")])?;
    let after = Source::new(source.path().clone(), settled.as_str());
    match same::difference(source, &after, tree) {
        None => Ok(settled),
        Some(difference) => Err(vec![left(source, difference)]),
    }
}

/// The text laid out until laying it out changes nothing.
fn settled(text: &str) -> Option<String> {
    let mut now = laid_out(text)?;
    for _ in 0..MOST_ROUNDS {
        let next = laid_out(&now)?;
        if next == now {
            return Some(now);
        }
        now = next;
    }
    None
}

fn left(source: &Arc<Source>, difference: &str) -> Notice {
    let path = source.path();
    let place = source.place(Span::default());
    let message = format!("{path} is left as it is: formatted, it {difference}");
    Notice::error(code::LAYOUT, place, message)
        .with_help("write what is unusual about it in another way, or format it by hand")
}
