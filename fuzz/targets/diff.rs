//! See `tmrs_fuzz::diff`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::diff(bytes));
