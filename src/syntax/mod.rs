//! Layer `syntax`: text → spanned tree. The only files that name a parser crate.

pub mod python;
