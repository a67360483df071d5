//! See `tmrs_fuzz::comment`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::comment(bytes));
