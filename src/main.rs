//! The `tmrs` program: parse arguments, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(tmrs::cli::run(std::env::args_os()).code())
}
