//! How commands fail: what is printed, and the exit code.

use breakaway_ensemble::Error;
use breakaway_scenario::Diagnostic;
use std::process::ExitCode;

/// Why a command failed.
pub enum Fail {
    /// The input is wrong (exit code 2).
    Input(Vec<Diagnostic>),
    /// Something else went wrong (exit code 1).
    Other(anyhow::Error),
}

/// Faults that are printed before the rest is only counted.
const SHOWN: usize = 20;

impl Fail {
    /// One fault of the command line.
    pub fn input(message: impl Into<String>, help: impl Into<String>) -> Fail {
        Fail::Input(vec![Diagnostic::plain(message, help)])
    }

    /// Prints it; the exit code.
    pub fn report(self) -> ExitCode {
        match self {
            Fail::Input(diagnostics) => {
                for diagnostic in diagnostics.iter().take(SHOWN) {
                    eprintln!("{diagnostic}");
                }
                if diagnostics.len() > SHOWN {
                    eprintln!("... and {} more", diagnostics.len() - SHOWN);
                }
                ExitCode::from(2)
            }
            // A reader that has seen enough, as in `| head`, is no failure.
            Fail::Other(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
            Fail::Other(error) => {
                eprintln!("error: {error:#}");
                ExitCode::from(1)
            }
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |kind| kind == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|e| broken(e.kind())))
}

impl From<Vec<Diagnostic>> for Fail {
    fn from(diagnostics: Vec<Diagnostic>) -> Fail {
        Fail::Input(diagnostics)
    }
}

impl From<Error> for Fail {
    fn from(error: Error) -> Fail {
        match error {
            Error::Folder { ref help, .. } => Fail::input(error.to_string(), help),
            Error::Design(_) => Fail::input(error.to_string(), ""),
            _ => Fail::Other(error.into()),
        }
    }
}

impl From<breakaway_analysis::Error> for Fail {
    fn from(error: breakaway_analysis::Error) -> Fail {
        match error {
            breakaway_analysis::Error::Ensemble(error) => error.into(),
            breakaway_analysis::Error::Refused(message, help) => Fail::input(message, help),
        }
    }
}

impl From<breakaway_history::Error> for Fail {
    fn from(error: breakaway_history::Error) -> Fail {
        match error {
            breakaway_history::Error::Scenario(diagnostics) => Fail::Input(diagnostics),
            breakaway_history::Error::Refused(message, help)
            | breakaway_history::Error::RuledOut(message, help) => Fail::input(message, help),
            other => Fail::Other(other.into()),
        }
    }
}

impl From<std::io::Error> for Fail {
    fn from(error: std::io::Error) -> Fail {
        Fail::Other(error.into())
    }
}

impl From<serde_json::Error> for Fail {
    fn from(error: serde_json::Error) -> Fail {
        Fail::Other(error.into())
    }
}

impl From<csv::Error> for Fail {
    fn from(error: csv::Error) -> Fail {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Fail::Other(error.into()),
            other => Fail::Other(anyhow::anyhow!("{other:?}")),
        }
    }
}
