//! Conditions that were compiled before the program was built: `rules/conditions.lock`
//! holds those of the built-in catalogue, so that no run parses what never changes.

use super::expression::Node;

/// The compiled form in bytes.
#[cfg(test)]
pub(super) fn pack(node: &Node) -> Vec<u8> {
    postcard::to_allocvec(node).expect("everything in a condition has a form in bytes")
}

/// The compiled form from its bytes; `None` if they are none of this version's.
pub(super) fn unpack(bytes: &[u8]) -> Option<Node> {
    match postcard::take_from_bytes(bytes) {
        Ok((node, [])) => Some(node),
        _ => None,
    }
}
