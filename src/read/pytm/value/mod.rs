//! Values of the interpreted subset of Python, as plain data.
//!
//! A dictionary holds values, a class holds its scope, a scope holds values again: these
//! files name each other as Python's values hold each other. Nothing here knows the
//! interpreter. What is `pub` is seen by the reader of pytm models alone, whose own this
//! module is.

pub mod class;
pub mod dict;
pub mod function;
pub mod iterator;
mod kinds;
pub mod scope;

pub use self::function::Partial;
pub use self::kinds::{Alias, Raised, Text, V, View};
pub(super) use super::unread::{At, ObjId, Part, Unread};
