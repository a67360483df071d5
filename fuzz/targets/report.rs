//! See `tmrs_fuzz::report`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::report(bytes));
