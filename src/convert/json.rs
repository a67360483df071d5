//! Layer `convert`: trees as JSON text.

use serde_json::Value as Json;

/// The text, with a line break at its end.
pub(super) fn text(tree: &Json) -> String {
    serde_json::to_string_pretty(tree).unwrap_or_default() + "\n"
}
