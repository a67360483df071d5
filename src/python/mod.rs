//! What Python computes from plain values: exactly, or not at all.
//!
//! Numbers, text, slices, paths, format specifications and how they are written. The
//! reader of pytm models, rules' conditions and document templates all ask
//! here, so none of them has a Python of its own. Nothing here knows pytm, a
//! model or an interpreter.
//!
//! Every function gives what Python 3.11 to 3.14 gives, or a [`Fault`]: the
//! exception that Python raises, or that this is not worked out here. What
//! differs between those versions is not worked out.

pub mod csv;
pub mod float;
pub mod format;
pub mod integer;
pub mod number;
pub mod operation;
pub mod posix;
pub mod quote;
pub mod slice;
pub mod text;
pub mod yaml;

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The exception that Python raises here, by its class, with its message.
    Raises(&'static str, String),
    /// Python has a value here, but tmrs does not work it out: what it is of.
    Unread(String),
    /// The same of a whole number, which has more than 64 bits.
    Large,
}

/// A value as Python gives it, or why there is none.
pub type Outcome<T> = Result<T, Fault>;

/// The exception of that class.
fn raises<T>(class: &'static str, message: impl Into<String>) -> Outcome<T> {
    Err(Fault::Raises(class, message.into()))
}

/// What is not worked out here.
fn unread<T>(what: impl Into<String>) -> Outcome<T> {
    Err(Fault::Unread(what.into()))
}

/// A whole number that does not fit.
fn too_large<T>() -> Outcome<T> {
    Err(Fault::Large)
}

#[cfg(test)]
mod tests;
