//! Why history gives no answer.

use breakaway_ensemble::{Rejected, Stopped};
use breakaway_scenario::Diagnostic;
use std::path::Path;

/// What can go wrong with history.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No parameters can be learned from these cases: why, and what would be right. A hindcast leaves
    /// out a case for this reason and goes on.
    #[error(transparent)]
    RuledOut(Rejected),
    /// Anything else: wrong input, a request that cannot be answered, a file, a stop.
    #[error(transparent)]
    Other(#[from] breakaway_store::Error),
}

impl Error {
    pub(crate) fn file(path: &Path, what: impl std::fmt::Display) -> Error {
        Error::Other(breakaway_store::Error::file(path, what))
    }

    pub(crate) fn rejected(message: impl Into<String>, help: impl Into<String>) -> Error {
        Rejected::new(message, help).into()
    }
}

impl From<Rejected> for Error {
    fn from(rejected: Rejected) -> Error {
        Error::Other(rejected.into())
    }
}

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Error {
        Error::Other(stopped.into())
    }
}

impl From<Vec<Diagnostic>> for Error {
    fn from(faults: Vec<Diagnostic>) -> Error {
        Error::Other(faults.into())
    }
}
