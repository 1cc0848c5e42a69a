//! A question that has no answer as it was asked.

/// Why a question is refused, and what would be right. It refers to fields and things, never to
/// the flags of a command line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Rejected {
    /// What is wrong.
    pub message: String,
    /// What would be right; empty where that goes without saying.
    pub help: String,
}

impl Rejected {
    /// A refusal with its help.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Rejected {
        Rejected { message: message.into(), help: help.into() }
    }
}
