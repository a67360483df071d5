//! See `tmrs_fuzz::xml`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::xml(bytes));
