//! What every question has in common.

use breakaway_ensemble::{Context, Rejected};
use breakaway_store::{Error, StoredRun};
use breakaway_text::Finding;
use serde::Serialize;
use std::path::Path;

/// A question: a value that checks itself, and that is answered by numbers with names.
pub trait Question: Clone + Send + 'static {
    /// Its typed answer.
    type Answer: Serialize + Send + 'static;

    /// Checks what can be checked without reading anything. Messages name fields.
    ///
    /// # Errors
    /// The first field that is wrong, and what would be right.
    fn check(&self) -> Result<(), Rejected>;

    /// Answers it. Progress is reported, and a stop is heard within a second.
    ///
    /// # Errors
    /// Where a field or a file is wrong, where a file cannot be written, or where the context was
    /// cancelled.
    fn answer(&self, context: &Context) -> Result<Self::Answer, Error>;

    /// The answer in sentences and tables.
    fn describe(answer: &Self::Answer) -> Vec<Finding>;

    /// What is kept when the question is stopped before it is answered, in a sentence.
    fn kept_when_stopped(&self) -> String {
        "Nothing of it is kept.".into()
    }
}

/// Keeps findings with a run, for its report.
///
/// # Errors
/// Where there is no run, or where its folder cannot be written.
pub fn keep(run: &Path, findings: &[Finding]) -> Result<(), Error> {
    let run = StoredRun::open(run)?;
    findings.iter().try_for_each(|finding| run.save_finding(&finding.id, finding))
}
