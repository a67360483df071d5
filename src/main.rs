//! The `tmrs` program: parse arguments, run, exit.

fn main() {}
