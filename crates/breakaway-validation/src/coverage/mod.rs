//! Whether intervals cover what they claim to: each kind that is printed, where the truth is known.

mod claims;
mod conditions;
mod effects;
mod ranges;
mod rare;

pub use rare::RareClaim;

use breakaway_analysis::Error;
use breakaway_ensemble::Context;
use serde::{Deserialize, Serialize};

/// How often intervals of one kind contain the truth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Covered {
    /// Which interval.
    pub interval: String,
    /// Of what.
    pub of: String,
    /// Simulations of which each is made.
    pub design: String,
    /// Times that it was made anew.
    pub seeds: u32,
    /// Share of these in which an interval was given.
    pub given: f64,
    /// Share of the given intervals that should contain the truth.
    pub nominal: f64,
    /// Share of the given intervals that do; none where none is given.
    pub found: Option<f64>,
    /// Least share that is accepted.
    pub low: f64,
    /// Largest share that is accepted.
    pub high: f64,
}

impl Covered {
    /// Whether as many contain the truth as is accepted. Where hardly any is given there is nothing to
    /// judge.
    pub fn holds(&self) -> bool {
        let judged = f64::from(self.seeds) * self.given >= 20.0;
        !judged || self.found.is_some_and(|found| (self.low..=self.high).contains(&found))
    }
}

/// What was found of all intervals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// By kind of interval, what it is of, and design.
    pub intervals: Vec<Covered>,
    /// Ranges beside those of a method that knows the probability of every parameter set.
    pub ranges: Vec<Determined>,
    /// Rare claims by splitting, beside plain simulations.
    pub rare: Vec<RareClaim>,
}

/// How often a range over parameter sets is determined, and how wide it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Determined {
    /// Of which probabilities.
    pub of: String,
    /// Parameter sets and repeats.
    pub design: String,
    /// Share of the tries in which it is determined.
    pub given: f64,
    /// Its median width, divided by the median width that is found where every probability is known;
    /// none where that is nothing.
    pub width: Option<f64>,
}

/// Measures the coverage of all kinds of intervals. `quick` takes fewer seeds.
///
/// # Errors
/// Where runs cannot be kept in a temporary folder, or where the context was cancelled.
pub fn coverage(quick: bool, context: &Context) -> Result<Coverage, Error> {
    let (mut intervals, ranges) = ranges::coverage(if quick { 60 } else { 1000 }, context)?;
    intervals.extend(claims::coverage(quick, context)?);
    intervals.extend(effects::coverage(quick, context)?);
    intervals.extend(conditions::coverage(quick, context)?);
    let rare = rare::rare(quick, context)?;
    Ok(Coverage { intervals, ranges, rare })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_cover_what_they_claim_to() {
        let found = coverage(true, &Context::new(2)).expect("not stopped");
        let failed: Vec<&Covered> = found.intervals.iter().filter(|one| !one.holds()).collect();
        assert!(failed.is_empty(), "{failed:#?}");
        let usual = found.ranges.iter().filter(|one| one.design == "200 x 10" && !one.of.contains("0.3 %"));
        let (mut given, mut cells) = (0.0, 0.0);
        for one in usual {
            (given, cells) = (given + one.given, cells + 1.0);
            assert!(one.width.is_none_or(|width| width <= 1.5), "{one:?}");
        }
        assert!(given / cells >= 0.9, "{given} of {cells}");
        let apart: Vec<&RareClaim> = found.rare.iter().filter(|one| !one.holds()).collect();
        assert!(found.rare.len() >= 5 && apart.is_empty(), "{apart:#?}");
    }
}
