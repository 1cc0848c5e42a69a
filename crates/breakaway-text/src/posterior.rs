//! What a posterior is, and what must be known of a run that drew from it.

use crate::numbers::count;
use breakaway_ensemble::parameter_source::PosteriorRecord;

/// What it is, in a phrase.
pub fn describe(record: &PosteriorRecord) -> String {
    format!(
        "a posterior of {} (worth {}), calibrated on {}",
        count(record.particles.into(), "particle", "particles"),
        count(record.effective().into(), "independent one", "independent ones"),
        record.cases.join(", ")
    )
}

/// What must be known of errors, and of a scenario that it was calibrated on, in sentences.
pub fn warnings(record: &PosteriorRecord, draws: u32) -> Vec<String> {
    let wider = (1.0 + f64::from(draws) / f64::from(record.effective())).sqrt();
    let mut all = vec![format!(
        "Errors and intervals leave out the chance of the posterior itself. With {} they should be up to {wider:.1} times as wide.",
        count(draws.into(), "parameter set", "parameter sets"),
    )];
    if record.seen {
        all.push("This scenario is one of the cases, so how well the model does here is no test.".into());
    }
    all
}
