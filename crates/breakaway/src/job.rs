//! A question that is answered in the background: started, watched, stopped, waited for.

use crate::question::Question;
use breakaway_ensemble::{Cancel, Context, Progress};
use breakaway_store::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

/// A running question.
pub struct Job<Q: Question> {
    thread: JoinHandle<Result<Q::Answer, Error>>,
    progress: Arc<Mutex<Option<Progress>>>,
    cancel: Cancel,
}

impl<Q: Question> Job<Q> {
    /// Starts answering a question on so many threads.
    ///
    /// # Errors
    /// Where a field of the question is wrong, or where no thread can be started.
    pub fn start(question: Q, threads: usize) -> Result<Job<Q>, Error> {
        question.check()?;
        let progress: Arc<Mutex<Option<Progress>>> = Arc::default();
        let cancel = Cancel::default();
        let latest = progress.clone();
        let observer = move |progress: &Progress| {
            *latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress.clone());
        };
        let context = Context::new(threads).with_cancel(cancel.clone()).with_observer(observer);
        let thread = Builder::new()
            .name("breakaway".into())
            .spawn(move || question.answer(&context))
            .map_err(|e| Error::File { path: "a new thread".into(), what: e.to_string() })?;
        Ok(Job { thread, progress, cancel })
    }

    /// How far it is; none before it has begun its first task.
    pub fn progress(&self) -> Option<Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it has ended.
    pub fn is_done(&self) -> bool {
        self.thread.is_finished()
    }

    /// Asks it to stop; it ends within a second, and what is finished is kept.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn wait(self) -> Result<Q::Answer, Error> {
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}
