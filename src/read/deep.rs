//! Reading nests as deep as its limits allow: that takes a larger stack than
//! threads commonly have.

use std::cell::Cell;
use std::num::NonZero;
use std::time::Duration;
use std::{iter, thread};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// The depth limits fit in this stack, in bytes.
const STACK: usize = 256 * 1024 * 1024;

/// How long the threads of a pool that could not be had in full take to end.
const ENDING: Duration = Duration::from_millis(20);

thread_local! {
    static IS_DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Threads that reading can be done on, so many, or 0 for one a core. What runs on
/// them waits for no other thread to start or to wake. Where the limits of the process
/// forbid so many, there are fewer.
///
/// # Errors
/// No thread can be started.
pub fn pool(threads: usize) -> Result<ThreadPool, ThreadPoolBuildError> {
    let deep = |threads| {
        let builder = ThreadPoolBuilder::new().num_threads(threads);
        let builder = builder.stack_size(STACK);
        builder.start_handler(|_| IS_DEEP.set(true)).build()
    };
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    let most = if threads == 0 { cores() } else { threads };
    let fewer = iter::successors(Some(most / 2), |some| Some(some / 2));
    deep(threads)
        .or_else(|error| {
            let mut fewer = fewer.take_while(|some| *some > 0);
            let after_a_while = |some| {
                thread::sleep(ENDING);
                deep(some).ok()
            };
            fewer.find_map(after_a_while).ok_or(error)
        })
        // Then each file asks for a stack of its own, and says so if there is none.
        .or_else(|_| ThreadPoolBuilder::new().num_threads(1).build())
}

/// Does it here, on a thread of [`pool`], or else on one of its own.
///
/// # Errors
/// Why it could not be done: there is no such thread to be had, or it panicked there.
pub(super) fn deeply<R: Send>(work: impl FnOnce() -> R + Send) -> Result<R, &'static str> {
    if IS_DEEP.get() {
        return Ok(work());
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, work);
        let thread = thread.map_err(|_| "this process may not have the memory that it takes")?;
        thread.join().map_err(|_| "tmrs made a mistake of its own")
    })
}
