//! See `tmrs_fuzz::condition`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::condition(bytes));
