//! Who calls what, seen through elements that only pass requests on, as `derive` finds it.

use super::ElementId;

/// A request that an element receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The flow on which its caller sends it.
    pub flow: ElementId,
    /// The flow on which it arrives.
    pub arrival: ElementId,
    /// The element of which nobody said whether it passes requests on: it arrives
    /// only if that one does.
    pub perhaps: Option<ElementId>,
    /// The element on the way that authenticates the caller, as the model says.
    pub vouched: Option<ElementId>,
}

/// The requests of every element, by its position; those of a proxy are the ones
/// that it passes on.
#[derive(Clone, Debug, Default)]
pub struct Callers {
    pub(super) requests: Vec<Vec<Request>>,
    pub(super) proxies: Vec<bool>,
}

impl Callers {
    /// Whether an element only passes requests on.
    pub fn is_proxy(&self, id: ElementId) -> bool {
        self.proxies.get(id.0 as usize).copied().unwrap_or(false)
    }

    /// The requests that reach an element, which a proxy passes on and any other handles.
    pub fn of(&self, id: ElementId) -> &[Request] {
        self.requests.get(id.0 as usize).map_or(&[], Vec::as_slice)
    }
}
