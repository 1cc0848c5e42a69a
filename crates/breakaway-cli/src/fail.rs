//! How commands fail: what is printed, and the exit code.

use crate::output::note;
use breakaway::prelude::Error;
use breakaway::request::Rejected;

/// Why a command failed.
pub enum Fail {
    /// The library gives no answer (exit code 2 where the input is wrong, else 1).
    Library(Error),
    /// Stopped by the user; what is kept (exit code 130).
    Stopped(String),
    /// Standard output cannot be written.
    Output(std::io::Error),
    /// An answer was given that fails the command (exit code 1).
    Broken(String),
}

/// Faults that are printed before the rest is only counted.
const SHOWN: usize = 20;

impl Fail {
    /// One fault of what was typed.
    pub fn input(message: impl Into<String>, help: impl Into<String>) -> Fail {
        Fail::Library(Rejected::new(message, help).into())
    }

    /// Prints it; the exit code.
    pub fn report(self) -> u8 {
        match self {
            Fail::Library(Error::Input(faults)) => {
                faults.iter().take(SHOWN).for_each(|fault| note(&fault.to_string()));
                if faults.len() > SHOWN {
                    note(&format!("... and {} more", faults.len() - SHOWN));
                }
                2
            }
            Fail::Library(Error::Rejected(rejected)) => {
                note(&format!("error: {}", rejected.message));
                if !rejected.help.is_empty() {
                    note(&format!("  help: {}", rejected.help));
                }
                2
            }
            Fail::Library(Error::Stopped(_)) => Fail::Stopped(String::new()).report(),
            Fail::Library(fault @ Error::File { .. }) => {
                note(&format!("error: {fault}"));
                1
            }
            Fail::Stopped(kept) => {
                note(format!("stopped. {kept}").trim());
                130
            }
            // A reader that has seen enough, as in `| head`, is no failure.
            Fail::Output(fault) if fault.kind() == std::io::ErrorKind::BrokenPipe => 0,
            Fail::Output(fault) => {
                note(&format!("error: standard output cannot be written: {fault}"));
                1
            }
            Fail::Broken(what) => {
                note(&format!("error: {what}"));
                1
            }
        }
    }
}

impl From<Error> for Fail {
    fn from(fault: Error) -> Fail {
        Fail::Library(fault)
    }
}

impl From<Rejected> for Fail {
    fn from(rejected: Rejected) -> Fail {
        Fail::Library(rejected.into())
    }
}
