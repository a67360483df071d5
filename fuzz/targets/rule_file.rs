//! See `tmrs_fuzz::rule_file`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::rule_file(bytes));
