//! See `tmrs_fuzz::sources`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::sources(bytes));
