//! What the interpreter keeps, apart from what it does with it: plain data, which names
//! values and nothing of the interpreter. What is `pub` is seen by the reader of pytm models
//! alone, whose own this module is.

pub mod files;
pub mod heap;
pub mod leaving;
pub mod registry;
pub mod spoken;
pub mod touched;
pub mod yielding;
