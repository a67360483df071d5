//! Layer `compare`: the working tree beside a base revision, a baseline or both, and what
//! of its findings is known because of them.
//!
//! A [`Side`] is a tree with the settings that it is read, judged and settled by. [`run`]
//! reads the working tree, the base only where the two differ, judges both by the rules of
//! the working tree, and lets `triage` say what was open before and what weakens the check.

mod base;
mod baseline;
mod before;
mod changes;
mod differing;
mod error;
mod held;
mod revision;
mod rules;
mod run;
mod scope;
mod settings;
mod side;

pub use base::{Base, configuration};
pub use baseline::{Kept, Known, hold_against};
pub use before::Before;
pub use error::Error;
pub use revision::{Revision, checked_out, is_commit, short};
pub use rules::{ByModel, Catalogues, NamedRules, Narrowing, Rules, catalogue};
pub use run::{Compared, run};
pub use scope::About;
pub use settings::{Reading, Settings, large, per_model};
pub use side::Side;
