//! Chance, or what we do not know: where a claim's uncertainty comes from, and what more simulations
//! would bring.

use super::Estimate;
use crate::methods::paired_difference::FEWEST;
use breakaway_ensemble::{Design, Tally};
use serde::{Deserialize, Serialize};

/// Widest interval of a share that is told.
pub const WIDEST: f64 = 0.5;

/// A claim's variance, split into parameter sets and chance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VarianceSplit {
    /// Probability of the claim.
    pub probability: Estimate,
    /// Share of the variance between parameter sets: what we do not know.
    pub unknown: Estimate,
    /// Share of the variance within parameter sets: chance.
    pub chance: Estimate,
    /// How the probability settled as simulations came in.
    pub convergence: Vec<Convergence>,
    /// Parameter sets (in a radial design base points) in which any simulation counts.
    pub draws: usize,
    /// Whether these are enough to tell chance from what we do not know.
    pub enough_draws: bool,
    /// Repeats of each parameter set.
    pub replicates: u32,
    /// Monte Carlo error: one standard error of the probability.
    pub error: Option<f64>,
    /// Simulations that would halve the error if they were added.
    pub simulations_to_halve: u64,
    /// Whether more parameter sets with fewer repeats would narrow the error faster.
    pub more_draws_better: bool,
}

/// The probability from the first part of the parameter sets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Convergence {
    /// Parameter sets or base points.
    pub draws: usize,
    /// Simulations that count.
    pub simulations: u32,
    /// Probability.
    pub probability: f64,
    /// Its error.
    pub error: Option<f64>,
}

/// Splits a claim's variance.
pub(crate) fn variance_split(tally: &Tally, design: Design) -> VarianceSplit {
    let between = tally.correlation_interval();
    // Not determined while the interval is wider than a half.
    let narrow = between.is_some_and(|(low, high)| high - low <= WIDEST);
    let unknown = tally.correlation().filter(|_| narrow);
    let counted = tally.counted_cluster_number();
    let p = tally.probability().unwrap_or(0.0);
    let binomial = p * (1.0 - p) / f64::from(tally.counted());
    let error = tally.error();
    let slow = error.is_some_and(|error| error * error > 2.0 * binomial);
    VarianceSplit {
        probability: Estimate {
            value: tally.probability(),
            interval: tally.share().map(|share| share.interval()),
        },
        unknown: Estimate { value: unknown, interval: between },
        chance: Estimate {
            value: unknown.map(|share| 1.0 - share),
            interval: between.map(|(low, high)| (1.0 - high, 1.0 - low)),
        },
        convergence: convergence(tally),
        draws: counted,
        enough_draws: counted >= FEWEST,
        replicates: design.replicates,
        error,
        simulations_to_halve: 3 * u64::from(design.members()),
        more_draws_better: !design.kind.is_radial() && slow,
    }
}

/// The probability from the first eighth, quarter, half, and all of the parameter sets.
fn convergence(tally: &Tally) -> Vec<Convergence> {
    let draws = tally.by_draw().len();
    let part = |part: usize| {
        let first = tally.first(draws / part);
        let probability = first.probability()?;
        Some(Convergence {
            draws: first.clusters(),
            simulations: first.counted(),
            probability,
            error: first.error(),
        })
    };
    [8, 4, 2, 1].into_iter().filter_map(part).collect()
}
