//! Layer `model`: the vocabulary, and models that are written in it (SEMANTICS §1).

pub mod vocabulary;
