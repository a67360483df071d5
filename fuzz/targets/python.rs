//! See `tmrs_fuzz::python`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::python(bytes));
