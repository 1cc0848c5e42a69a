//! A question that is answered in the background.

use crate::errors::{raised, rejected};
use breakaway::named::NamedQuestion;
use breakaway::prelude::{Error, Question};
use breakaway::request::available_threads;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A running question: started by its name and its request as JSON.
#[pyclass(frozen, module = "breakaway._native")]
pub(crate) struct Job {
    job: Mutex<Option<breakaway::prelude::Job<NamedQuestion>>>,
    kept: String,
}

/// How long a wait sleeps between two looks: short at first, so that short questions end at once.
const LOOKS: [Duration; 2] = [Duration::from_micros(200), Duration::from_millis(5)];

#[pymethods]
impl Job {
    /// Starts answering. Results do not depend on the number of threads (default: one for each processor).
    #[new]
    #[pyo3(signature = (name, request, threads=None))]
    fn new(py: Python<'_>, name: &str, request: &str, threads: Option<usize>) -> PyResult<Job> {
        let value =
            serde_json::from_str(request).map_err(|fault| PyRuntimeError::new_err(fault.to_string()))?;
        let question = NamedQuestion::new(name, value).map_err(|fault| rejected(py, &fault))?;
        let kept = question.kept_when_stopped();
        let threads = threads.unwrap_or_else(available_threads);
        let job = breakaway::prelude::Job::start(question, threads);
        let job = job.map_err(|fault| raised(py, &fault, &kept))?;
        Ok(Job { job: Mutex::new(Some(job)), kept })
    }

    /// Waits for the end, for so many seconds at most; returns whether it has ended. Other Python threads
    /// run meanwhile.
    fn wait(&self, py: Python<'_>, seconds: f64) -> bool {
        let until = Instant::now() + Duration::from_secs_f64(seconds.clamp(0.0, 3600.0));
        py.detach(|| {
            let begun = Instant::now();
            while !self.is_done() {
                if Instant::now() >= until {
                    return false;
                }
                std::thread::sleep(LOOKS[usize::from(begun.elapsed() > Duration::from_millis(20))]);
            }
            true
        })
    }

    /// Task, steps done, steps in all, seconds left (None where not known); None before the first task.
    fn progress(&self) -> Option<(String, u64, u64, Option<f64>)> {
        let job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        let progress = job.as_ref()?.progress()?;
        Some((
            progress.task,
            progress.done,
            progress.total,
            progress.time_left.map(|left| left.as_secs_f64()),
        ))
    }

    /// Asks it to stop; it ends within a second, and what is finished is kept.
    fn cancel(&self) {
        if let Some(job) = self.job.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            job.cancel();
        }
    }

    /// Waits for the answer: a JSON object with `answer` and `findings`. It is given once.
    fn result(&self, py: Python<'_>) -> PyResult<String> {
        let job = self.job.lock().unwrap_or_else(PoisonError::into_inner).take();
        let job = job.ok_or_else(|| PyRuntimeError::new_err("the result was taken before"))?;
        let reply = py.detach(|| {
            let reply = job.wait()?;
            serde_json::to_string(&reply).map_err(|fault| Error::file("answer".as_ref(), fault))
        });
        reply.map_err(|fault| raised(py, &fault, &self.kept))
    }
}

impl Job {
    fn is_done(&self) -> bool {
        let job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        job.as_ref().is_none_or(breakaway::prelude::Job::is_done)
    }
}

/// A job that nobody waits for any more stops.
impl Drop for Job {
    fn drop(&mut self) {
        self.cancel();
    }
}
