#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod charts;
mod claims;
#[cfg(test)]
mod contrast;
mod findings;
mod page;

pub use page::Again;

use breakaway_analysis::questions::{cascade::Cascade, story};
use breakaway_store::{Error, StoredRun};
use breakaway_text::Dates;

/// Events of a story at most.
const LONGEST_STORY: usize = 14;

/// The page of a run. `again` says how a reader gets the run again.
///
/// # Errors
/// Where a table of the run is missing or damaged. A finding that cannot be read is named on the page.
pub fn html(run: &StoredRun, again: &Again) -> Result<String, Error> {
    let manifest = run.manifest();
    let spreads = run.quantiles(&charts::wanted())?;
    let histories = run.events()?;
    let charts = charts::Charts::of(manifest, &spreads);
    let page = page::Page {
        manifest,
        answers: &run.answers()?,
        dates: Dates::from(&manifest.start),
        cascade: &Cascade::of(manifest, manifest.entities.main_polity(), &histories),
        kept: &run.findings(),
        stories: &story::three(&run.members()?.failed, &histories, LONGEST_STORY),
        again,
    };
    Ok(page.render(&charts))
}
