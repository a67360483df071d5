//! See `tmrs_fuzz::hcl`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::hcl(bytes));
