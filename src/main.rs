//! The `tmrs` program: parse arguments, run, exit.

use std::panic;
use std::process::{self, ExitCode};

/// A run is many small allocations from as many threads as there are cores.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // An exit status of our own instead of an abort.
    panic::set_hook(Box::new(|info| {
        process::exit(tmrs::cli::crash(info).code().into())
    }));
    ExitCode::from(tmrs::cli::run(std::env::args_os()).code())
}
