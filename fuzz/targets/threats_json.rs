//! See `tmrs_fuzz::threats_json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::threats_json(bytes));
