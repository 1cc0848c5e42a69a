//! How something long is run: on how many threads, who hears of its progress, and how it is
//! stopped.
//!
//! Every function that takes long takes a [`Context`]. It names its parts with [`Context::task`],
//! advances the task as it goes, and returns [`Stopped`] soon after somebody has asked for it.

use crate::parallel::Pool;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Threads, observer and cancellation of everything that takes long. Clones share the
/// cancellation and the threads.
#[derive(Clone)]
pub struct Context {
    pool: Arc<Pool>,
    observer: Option<Arc<dyn Observer>>,
    cancel: Cancel,
    /// Name of the larger work that tasks are part of; empty where there is none.
    stage: String,
}

impl Default for Context {
    fn default() -> Context {
        Context::new(available_threads())
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Context {{ threads: {} }}", self.threads())
    }
}

impl Context {
    /// A context with so many threads (at least one), no observer, and a cancellation of its own.
    /// Results never depend on the number of threads.
    pub fn new(threads: usize) -> Context {
        let pool = Arc::new(Pool::new(threads.max(1)));
        Context { pool, observer: None, cancel: Cancel::default(), stage: String::new() }
    }

    /// The same with an observer of progress.
    pub fn with_observer(self, observer: impl Observer + 'static) -> Context {
        Context { observer: Some(Arc::new(observer)), ..self }
    }

    /// The same on one thread and without an observer: for one of many small tasks that run side by side.
    pub fn alone(&self) -> Context {
        Context { pool: Arc::new(Pool::new(1)), observer: None, ..self.clone() }
    }

    /// The same with another cancellation.
    pub fn with_cancel(self, cancel: Cancel) -> Context {
        Context { cancel, ..self }
    }

    /// The same as part of a larger work: `stage` goes before the names of its tasks, after the stages
    /// that it is part of itself.
    pub fn stage(&self, stage: impl AsRef<str>) -> Context {
        Context { stage: self.named(stage.as_ref()), ..self.clone() }
    }

    fn named(&self, name: &str) -> String {
        if self.stage.is_empty() { name.into() } else { format!("{}: {name}", self.stage) }
    }

    /// The number of threads.
    pub fn threads(&self) -> usize {
        self.pool.threads()
    }

    /// The threads.
    #[cfg(feature = "threads")]
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// [`Stopped`] where the cancellation has been asked for.
    pub fn check(&self) -> Result<(), Stopped> {
        if self.cancel.is_cancelled() { Err(Stopped) } else { Ok(()) }
    }

    /// Begins a task of so many steps.
    pub fn task(&self, name: &str, total: u64) -> Task<'_> {
        self.resumed_task(name, 0, total)
    }

    /// Begins a task of which some steps are done already.
    pub fn resumed_task(&self, name: &str, done: u64, total: u64) -> Task<'_> {
        let name = self.named(name);
        let task = Task {
            context: self,
            name,
            before: done,
            done: AtomicU64::new(done),
            total,
            clock: Clock::start(),
        };
        task.report(done);
        task
    }
}

/// As many threads as the machine has processors for the program.
pub fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Whoever hears of progress. Calls come from any thread, often, and should return soon.
pub trait Observer: Send + Sync {
    /// Progress was made.
    fn progress(&self, progress: &Progress);
}

impl<F: Fn(&Progress) + Send + Sync> Observer for F {
    fn progress(&self, progress: &Progress) {
        self(progress);
    }
}

/// How far a task is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub task: String,
    /// Steps that are done.
    pub done: u64,
    /// Steps in all; a task may end before it has taken them all.
    pub total: u64,
    /// Time left at the pace so far; none before any pace is known, or without a clock.
    pub time_left: Option<Duration>,
}

/// A request to stop. Clones are the same request.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks for the stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked for.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Work was stopped on request before it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped before it was done")]
pub struct Stopped;

/// A task on its way.
pub struct Task<'a> {
    context: &'a Context,
    name: String,
    before: u64,
    done: AtomicU64,
    total: u64,
    clock: Clock,
}

impl Task<'_> {
    /// Some more steps are done.
    ///
    /// # Errors
    /// [`Stopped`] where the cancellation has been asked for.
    pub fn advance(&self, steps: u64) -> Result<(), Stopped> {
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        self.report(done);
        self.check()
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// [`Stopped`] where the cancellation has been asked for.
    pub fn check(&self) -> Result<(), Stopped> {
        self.context.check()
    }

    /// The context that it runs in.
    pub fn context(&self) -> &Context {
        self.context
    }

    fn report(&self, done: u64) {
        let Some(observer) = &self.context.observer else { return };
        let new = done.saturating_sub(self.before);
        let left = self.total.saturating_sub(done);
        let time_left =
            self.clock.elapsed().filter(|_| new > 0).map(|elapsed| elapsed.mul_f64(left as f64 / new as f64));
        observer.progress(&Progress { task: self.name.clone(), done, total: self.total, time_left });
    }
}

/// A clock, where there is one.
#[cfg(not(target_family = "wasm"))]
struct Clock(std::time::Instant);

#[cfg(not(target_family = "wasm"))]
impl Clock {
    fn start() -> Clock {
        Clock(std::time::Instant::now())
    }

    fn elapsed(&self) -> Option<Duration> {
        Some(self.0.elapsed())
    }
}

#[cfg(target_family = "wasm")]
struct Clock;

#[cfg(target_family = "wasm")]
impl Clock {
    fn start() -> Clock {
        Clock
    }

    fn elapsed(&self) -> Option<Duration> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn progress_is_told_and_a_cancel_is_heard() {
        let heard: Arc<Mutex<Vec<Progress>>> = Arc::default();
        let keep = heard.clone();
        let cancel = Cancel::default();
        let context = Context::new(1)
            .with_observer(move |progress: &Progress| keep.lock().expect("a list").push(progress.clone()))
            .with_cancel(cancel.clone())
            .stage("case 2");
        let task = context.resumed_task("draws", 10, 20);
        assert_eq!(task.advance(5), Ok(()));
        cancel.cancel();
        assert_eq!((task.advance(1), context.check()), (Err(Stopped), Err(Stopped)));
        let heard = heard.lock().expect("a list");
        assert_eq!(heard.iter().map(|progress| progress.done).collect::<Vec<_>>(), [10, 15, 16]);
        assert_eq!((heard[0].task.as_str(), heard[0].time_left), ("case 2: draws", None));
        assert!(heard[1].time_left.is_some());
    }
}
