//! Ensembles: the members of a scenario, their claims, and the store that keeps them.

pub mod answer;
pub mod bands;
mod bins;
pub mod block;
mod columns;
pub mod design;
pub mod history;
pub mod life;
pub mod manifest;
pub mod order;
pub mod posterior;
pub mod recorded;
pub mod replay;
pub mod run;
pub mod store;
mod table;
pub mod tally;
mod traveller;
pub mod watch;

pub use design::Design;
pub use manifest::{Commands, Manifest};
pub use posterior::{Beliefs, Posterior};
pub use run::{Options, run};
pub use store::Store;

/// What can go wrong with a run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder.
    #[error("{path}: {what}")]
    File {
        /// Path.
        path: String,
        /// What is wrong, and what would be right.
        what: String,
    },
    /// A folder that the user named and that cannot serve.
    #[error("{path}: {what}")]
    Folder {
        /// Path.
        path: String,
        /// What is wrong.
        what: String,
        /// What would be right; empty where that goes without saying.
        help: String,
    },
    /// A design that cannot be.
    #[error("{0}")]
    Design(String),
    /// Stopped from outside; what is finished stays and is resumed by the same command.
    #[error("stopped; the same command goes on from the finished blocks")]
    Stopped,
}

impl Error {
    pub(crate) fn folder(path: &std::path::Path, what: impl std::fmt::Display) -> Error {
        Error::helped(path, what, "")
    }

    pub(crate) fn helped(
        path: &std::path::Path,
        what: impl std::fmt::Display,
        help: impl Into<String>,
    ) -> Error {
        Error::Folder { path: path.display().to_string(), what: what.to_string(), help: help.into() }
    }

    pub(crate) fn file(path: &std::path::Path, what: impl std::fmt::Display) -> Error {
        Error::File { path: path.display().to_string(), what: what.to_string() }
    }
}
