//! See `tmrs_fuzz::outputs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::outputs(bytes));
