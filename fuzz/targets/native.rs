//! See `tmrs_fuzz::native`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::native(bytes));
