//! Reading nests as deep as its limits allow: that takes a larger stack than
//! threads commonly have.

use std::cell::Cell;
use std::thread;

use rayon::ThreadPoolBuilder;

/// The depth limits fit in this stack, in bytes.
const STACK: usize = 256 * 1024 * 1024;

thread_local! {
    static IS_DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Threads that reading can be done on, so many, or 0 for one a core. What runs on
/// them waits for no other thread to start or to wake.
pub fn pool(threads: usize) -> ThreadPoolBuilder {
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(STACK)
        .start_handler(|_| IS_DEEP.set(true))
}

/// Does it here, on a thread of [`pool`], or else on one of its own; `None` if there
/// is none to be had, or if it panicked there.
pub(super) fn deeply<R: Send>(work: impl FnOnce() -> R + Send) -> Option<R> {
    if IS_DEEP.get() {
        return Some(work());
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        thread.spawn_scoped(scope, work).ok()?.join().ok()
    })
}
