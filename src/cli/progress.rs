//! A line on the terminal while a run takes longer than a second.

use std::io::Write as _;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::output::Screen;

/// Shows that work goes on until it is dropped. Nothing is shown where standard
/// error is no terminal, nor in the first second.
#[derive(Debug)]
pub struct Progress {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts to wait; `what` is shown, such as `reading and judging models`.
    pub fn start(screen: &Screen, what: &'static str) -> Self {
        if !screen.progress {
            return Self {
                stop: None,
                thread: None,
            };
        }
        let (stop, stopped) = channel::<()>();
        let thread = std::thread::spawn(move || {
            let began = Instant::now();
            let mut shown = false;
            while stopped.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                shown = true;
                let mut terminal = std::io::stderr().lock();
                let _ = write!(terminal, "\r{what} … {} s", began.elapsed().as_secs());
                let _ = terminal.flush();
            }
            if shown {
                let _ = write!(std::io::stderr().lock(), "\r\u{1b}[K");
            }
        });
        Self {
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
