//! What a user sees, as one test binary: one module a topic.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that meets what it did not expect has failed"
)]

mod adoption;
mod answering;
mod answers;
mod architecture;
mod baseline;
mod bounds;
mod check;
mod coming_from_pytm;
mod comparison;
mod completions;
mod composing;
mod config;
mod converting;
mod coverage;
mod diagrams;
mod diff;
mod discovery;
mod document_templates;
mod documents;
mod edits;
mod exclusions;
mod explain;
mod first_week;
mod fix;
#[cfg(all(feature = "jinja", feature = "markdown"))]
mod folders;
mod formatting;
mod fuzzed;
mod gate;
mod hardened;
mod harness;
mod hook;
mod human;
mod identity;
mod init;
mod links;
mod locations;
mod looked_at;
mod notices;
mod other_tools;
mod outputs;
mod parity;
mod proxies;
mod pull_request;
mod python_subset;
mod pytm_reader;
mod reasons;
mod risk;
mod rule_commands;
mod rule_files;
mod rule_lint;
mod rule_mutation;
mod rule_reference;
mod schemas;
mod self_model;
mod settings;
mod shared;
mod signal;
mod since;
mod snapshots;
mod traps;
mod triage;
mod truth;
mod validate;
mod weakening;
mod writing_rules;
mod yaml_spans;
