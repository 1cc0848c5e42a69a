//! Which numbers of random streams serve which purpose.
//!
//! Chance is a function of a number. Two things that must not share their chance have numbers in
//! different ranges; all ranges are listed here.

use std::ops::Range;

/// Simulations of a run: a simulation's own number. A calibration's draws and steps count from 0 too,
/// under seeds of their own.
pub const SIMULATIONS: Range<u32> = 0..1 << 28;
/// Truths of a rehearsed calibration.
pub const TRUTHS: Range<u32> = 1 << 28..1 << 29;
/// Forecasts of a case that was left out of a calibration.
pub const FORECASTS: Range<u32> = 1 << 29..1 << 30;
/// Simulations that show what a posterior predicts.
pub const PREDICTIONS: Range<u32> = 1 << 30..1 << 31;
/// Fresh chance for what branches off a simulation.
pub const FRESH: Range<u32> = 1 << 31..u32::MAX;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_purposes_share_a_number() {
        let all = [SIMULATIONS, TRUTHS, FORECASTS, PREDICTIONS, FRESH];
        assert!(all.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(u64::from(SIMULATIONS.end) > crate::design::MOST_MEMBERS);
    }
}
