//! Why something about files or questions gives no answer.

use breakaway_ensemble::{Rejected, Stopped};
use breakaway_scenario::Diagnostic;
use std::fmt::Display;
use std::path::Path;

/// What can go wrong above the ensemble.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Faults of input files, each with its place.
    #[error("{}", .0.first().map_or("the input is wrong", |fault| fault.message.as_str()))]
    Input(Vec<Diagnostic>),
    /// A question or a folder that cannot serve, and what would be right.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// Stopped on request.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// A file that cannot be read or written.
    #[error("{path}: {what}")]
    File {
        /// Path.
        path: String,
        /// What went wrong.
        what: String,
    },
}

impl Error {
    /// A file that cannot be read or written.
    pub fn file(path: &Path, what: impl Display) -> Error {
        Error::File { path: path.display().to_string(), what: what.to_string() }
    }

    /// A path that cannot serve, and what would be right.
    pub fn rejected(path: &Path, what: impl Display, help: impl Into<String>) -> Error {
        Error::Rejected(Rejected::new(format!("{}: {what}", path.display()), help))
    }
}

impl From<Vec<Diagnostic>> for Error {
    fn from(faults: Vec<Diagnostic>) -> Error {
        Error::Input(faults)
    }
}
