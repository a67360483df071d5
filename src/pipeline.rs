//! Layer `pipeline`: from a tree to findings, the whole way.
//!
//! [`read`] finds and reads the models of a tree, [`judge`] judges them. cli
//! calls them once, or twice when there is a base revision.

mod homes;
mod imports;
mod judged;
mod judging;
pub mod naming;
mod reading;
mod readings;
pub mod shared;
mod unread;

pub use judged::{Judged, JudgedModel};
pub use judging::{RulesFor, custom_names, judge, judge_by, rules_for};
pub use reading::{Known, PerModel, Read, Request, read, read_unless};
pub use readings::Readings;
