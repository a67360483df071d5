//! See `tmrs_fuzz::config`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::config(bytes));
