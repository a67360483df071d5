//! See `tmrs_fuzz::template_jinja`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tmrs_fuzz::template_jinja(bytes));
