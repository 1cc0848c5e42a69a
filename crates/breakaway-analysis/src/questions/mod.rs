//! Questions of runs and scenarios, each with one typed answer. None makes a sentence: that is done
//! by `breakaway-text`.

pub mod attribution;
pub mod branch;
pub mod cascade;
pub mod chains;
pub mod compare;
pub mod compare_runs;
pub mod condition;
pub mod early_warning;
pub mod equal_worlds;
pub mod explain;
mod left_out;
pub mod moved;
pub mod scenario_discovery;
pub mod score;
pub mod sensitivity;
pub mod story;
pub mod sweep;
mod tempered;
pub mod variance_split;

use serde::{Deserialize, Serialize};

/// The ends of a 95 % interval; none where there is nothing to estimate it from.
pub type Interval = Option<(f64, f64)>;

/// An interval whose ends are numbers.
pub(crate) fn interval((low, high): (f64, f64)) -> Interval {
    (low.is_finite() && high.is_finite()).then_some((low, high))
}

/// A number with its interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The number; none where it cannot be told.
    pub value: Option<f64>,
    /// Its interval.
    pub interval: Interval,
}
