//! The model held against history.
//!
//! A [`case`] is a scenario with what really happened. Calibration looks for parameters with
//! which the model lives through cases as they happened: [`matching`] rules out what is
//! implausible, [`smc`] draws from what is left, [`calibrate`] leads both, and [`checkpoint`] keeps their state.
//! A hindcast ([`hindcast`]) calibrates on all cases but one, forecasts that one, and scores it
//! beside simple rules ([`baselines`]).

pub mod baselines;
pub mod calibrate;
pub mod case;
pub mod checkpoint;
pub mod diagnostics;
pub mod hindcast;
pub mod matching;
mod normal;
pub mod rehearsal;
pub mod scores;
pub mod smc;
pub mod space;
pub mod summary;

pub use case::Case;

use breakaway_scenario::Diagnostic;

/// Why history gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A case's files.
    #[error("the case cannot be read")]
    Scenario(Vec<Diagnostic>),
    /// The question cannot be answered: what is wrong, and what would be right.
    #[error("{0}")]
    Refused(String, String),
    /// No parameters can be learned from these cases: why, and what would be right.
    #[error("{0}")]
    RuledOut(String, String),
    /// A file.
    #[error("{0}: {1}")]
    File(String, String),
    /// Stopped from outside; the same command goes on.
    #[error("stopped; the same command goes on from the last round")]
    Stopped,
}

impl Error {
    pub(crate) fn file(path: &std::path::Path, what: impl std::fmt::Display) -> Error {
        Error::File(path.display().to_string(), what.to_string())
    }
}
