//! See `tmrs_fuzz::baseline`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::baseline(bytes));
