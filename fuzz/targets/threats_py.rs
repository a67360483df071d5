//! See `tmrs_fuzz::threats_py`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::threats_py(bytes));
