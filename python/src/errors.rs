//! The library's faults as Python's exceptions.

use breakaway::prelude::Error;
use breakaway::request::Rejected;
use pyo3::create_exception;
use pyo3::exceptions::{PyKeyboardInterrupt, PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

create_exception!(
    breakaway,
    ScenarioError,
    PyValueError,
    "Files of a scenario are wrong. Its text shows each fault with its place; `faults` is a list of dicts with \
     the keys message, file, line, column, help (line and column from 1, None where a whole file is meant)."
);
create_exception!(
    breakaway,
    RequestError,
    PyValueError,
    "A question cannot be answered as it was asked. `help` says what would be right."
);

/// A refusal.
pub(crate) fn rejected(py: Python<'_>, rejected: &Rejected) -> PyErr {
    let text = match rejected.help.as_str() {
        "" => rejected.message.clone(),
        help => format!("{}\n  help: {help}", rejected.message),
    };
    with(py, RequestError::new_err(text), "help", &rejected.help)
}

/// Any fault of the library; `kept` says what is kept of a question that was stopped.
pub(crate) fn raised(py: Python<'_>, fault: &Error, kept: &str) -> PyErr {
    match fault {
        Error::Input(faults) => {
            let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
            let list: PyResult<Vec<Bound<'_, PyDict>>> = faults
                .iter()
                .map(|fault| {
                    let dict = PyDict::new(py);
                    let place = fault.spot.as_ref().map(|spot| spot.line_column());
                    let file = fault.spot.as_ref().map(|spot| spot.path()).or(fault.file.as_deref());
                    dict.set_item("message", &fault.message)?;
                    dict.set_item("file", file.map(|path| path.display().to_string()))?;
                    dict.set_item("line", place.map(|(line, _)| line))?;
                    dict.set_item("column", place.map(|(_, column)| column))?;
                    dict.set_item("help", &fault.help)?;
                    Ok(dict)
                })
                .collect();
            let raised = ScenarioError::new_err(format!("\n{}", text.join("\n\n")));
            match list {
                Ok(list) => with(py, raised, "faults", list),
                Err(fault) => fault,
            }
        }
        Error::Rejected(fault) => rejected(py, fault),
        Error::Stopped(_) => PyKeyboardInterrupt::new_err(format!("stopped. {kept}")),
        Error::File { .. } => PyOSError::new_err(fault.to_string()),
    }
}

fn with<'py>(py: Python<'py>, raised: PyErr, name: &str, value: impl IntoPyObject<'py>) -> PyErr {
    match raised.value(py).setattr(name, value) {
        Ok(()) => raised,
        Err(fault) => fault,
    }
}
