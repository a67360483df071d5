//! tmrs: threat models, checked in every pull request.
//!
//! One crate, a library and a thin binary. Data goes one way, and the modules
//! are the stations it passes:
//!
//! | station | what it does |
//! |---|---|
//! | [`source`] | files, byte spans, lines and columns |
//! | [`notice`] | what the tool says about its inputs |
//! | [`syntax`] | text → spanned tree |
//! | [`model`] | the vocabulary, and models written in it |
//! | [`read`] | files → models |
//! | [`condition`] | rules' conditions: compiled, judged, explained |
//! | [`rules`] | rules and the layers of the catalogue |
//!
//! `tests/architecture.rs` holds the code to who may import whom.

pub mod answer;
pub mod cli;
pub mod compare;
pub mod condition;
pub mod config;
pub mod convert;
pub mod day;
pub mod discover;
pub mod draw;
pub mod emit;
pub mod escape;
pub mod evaluate;
pub mod finding;
pub mod format;
pub mod init;
pub mod inventory;
pub mod model;
pub mod notice;
pub mod pipeline;
pub(crate) mod python;
pub mod read;
pub mod report;
pub mod rules;
pub mod ruletest;
pub mod schema;
pub mod source;
pub mod syntax;
pub mod template;
pub mod tools;
pub mod triage;
