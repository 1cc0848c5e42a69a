//! What the Python package takes from the program: questions by their names, tables as Arrow streams, the
//! command line. Everything else is Python, in `breakaway/`.

mod errors;
mod job;
mod table;

use pyo3::prelude::*;

/// The native part of `breakaway`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::errors::{RequestError, ScenarioError};
    #[pymodule_export]
    use super::job::Job;
    #[pymodule_export]
    use super::table::{Table, run_table};
    #[pymodule_export]
    use super::{command, is_run, percent, schema};
}

/// Runs the command line; returns its exit code.
#[pyfunction]
fn command(py: Python<'_>, line: Vec<std::ffi::OsString>) -> u8 {
    py.detach(|| breakaway_cli::main(line))
}

/// Whether a folder is that of a run.
#[pyfunction]
fn is_run(folder: std::path::PathBuf) -> bool {
    breakaway::prelude::StoredRun::is_in(&folder)
}

/// A share as people say it: "3.1 %", "<0.1 %".
#[pyfunction]
fn percent(share: f64) -> String {
    breakaway::words::numbers::percent(share)
}

/// The JSON Schema of a request or of a scenario's file, as text; none for another name.
#[pyfunction]
fn schema(name: &str) -> Option<String> {
    breakaway::named::schema(name).map(|schema| schema.to_string())
}
