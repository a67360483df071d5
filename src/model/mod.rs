//! Layer `model`: the vocabulary, and models that are written in it (docs/semantics.md §1, §2).

pub mod asking;
#[cfg(test)]
pub(crate) mod builder;
pub(crate) mod by_name;
pub mod callers;
pub mod derive;
pub mod effort;
mod element;
pub mod exposure;
pub mod facts;
mod graph;
mod id;
pub mod pairs;
pub mod protocols;
pub mod reachability;
pub mod size;
pub mod telling;
mod value;
pub mod vocabulary;
pub mod words;

pub use element::{
    Assumption, Claim, DeclaredThreat, Element, Inference, InlineExclusion, Override, Proof,
    Response, Said,
};
pub use graph::{Datum, Included, MAX_BOUNDARIES, Model, NAMELESS, Owner, ThreatsFile};
pub use id::{DataId, ElementId};
pub use value::{Attr, Origin, Slot, Slots, Value};
