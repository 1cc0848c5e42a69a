//! Asking a question: with a progress bar, and with an ear for Ctrl-C.

use crate::fail::Fail;
use breakaway::prelude::{Cancel, Context, Error, Progress, Question};
use breakaway::request::available_threads;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Mutex;
use std::time::Duration;

/// What all questions of a command share.
pub struct Session {
    threads: usize,
    cancel: Cancel,
}

/// Most threads that may be asked for.
const MOST_THREADS: usize = 1024;

impl Session {
    /// A session with so many threads, or with as many as there are processors. From now on a first
    /// Ctrl-C asks to stop, a second one ends the program.
    pub fn new(threads: Option<usize>) -> Result<Session, Fail> {
        let threads = match threads {
            Some(n) if (1..=MOST_THREADS).contains(&n) => n,
            Some(n) => {
                return Err(Fail::input(format!("{n} threads"), format!("between 1 and {MOST_THREADS}")));
            }
            None => available_threads(),
        };
        let cancel = Cancel::default();
        let own = cancel.clone();
        // Without a handler a signal ends the program at once, which harms nothing.
        let _ = ctrlc::set_handler(move || {
            if own.is_cancelled() {
                std::process::exit(130);
            }
            own.cancel();
        });
        Ok(Session { threads, cancel })
    }

    /// Answers a question.
    pub fn ask<Q: Question>(&self, question: &Q) -> Result<Q::Answer, Fail> {
        question.check()?;
        let bar = Bar::new();
        let shown = bar.0.clone();
        let task = Mutex::new(String::new());
        let observer = move |progress: &Progress| show(&shown, &task, progress);
        let context = Context::new(self.threads).with_cancel(self.cancel.clone()).with_observer(observer);
        let answer = question.answer(&context);
        drop(bar);
        answer.map_err(|fault| match fault {
            Error::Stopped(_) => Fail::Stopped(question.kept_when_stopped()),
            other => Fail::Library(other),
        })
    }
}

/// A progress bar that goes when it is dropped.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Bar {
        let bar = ProgressBar::new(1);
        let style = "{spinner} {prefix}: {human_pos} of {human_len} [{bar:24}] {msg}";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Bar(bar)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn show(bar: &ProgressBar, task: &Mutex<String>, progress: &Progress) {
    let Ok(mut task) = task.try_lock() else { return };
    if *task != progress.task {
        task.clone_from(&progress.task);
        bar.set_prefix(progress.task.clone());
    }
    bar.set_length(progress.total);
    bar.set_position(progress.done);
    bar.set_message(progress.time_left.map_or(String::new(), |left| format!("{} left", time(left))));
}

/// A time as people say it.
fn time(left: Duration) -> String {
    match left.as_secs() {
        s if s >= 3600 => format!("{} h {:02} min", s / 3600, s % 3600 / 60),
        s if s >= 60 => format!("{} min {:02} s", s / 60, s % 60),
        s => format!("{s} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        let said = [7, 75, 3725].map(|s| time(Duration::from_secs(s)));
        assert_eq!(said, ["7 s", "1 min 15 s", "1 h 02 min"]);
    }
}
