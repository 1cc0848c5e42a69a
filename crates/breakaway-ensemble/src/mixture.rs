//! What a claim's probability is over parameter sets, without an assumption about its shape.
//!
//! Each parameter set has a probability of its own, which a few repeats show only through chance: the
//! counts are a mixture of binomials. The mixing distribution is estimated by maximum likelihood
//! (Kiefer & Wolfowitz 1956; Laird 1978, "Nonparametric maximum likelihood estimation of a mixing
//! distribution") with the EM algorithm. Intervals of its quantiles are profile likelihoods: all values
//! that some distribution has which is not much less likely than the most likely one (Owen 1988,
//! "Empirical likelihood ratio confidence intervals for a single functional"). Where the repeats are
//! too few to tell distributions apart, such an interval includes what all of them say.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A quantile over parameter sets, with the 95 % interval of its estimate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RangeEnd {
    /// Estimate.
    pub value: f64,
    /// Lower end of its interval.
    pub from: f64,
    /// Upper end of its interval.
    pub to: f64,
}

/// The 5 and 95 % quantiles of a probability over parameter sets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnknownRange {
    /// 5 % of the parameter sets have a lower probability.
    pub low: RangeEnd,
    /// 5 % of the parameter sets have a higher probability.
    pub high: RangeEnd,
}

impl UnknownRange {
    /// The range without the intervals of its ends.
    pub fn values(&self) -> (f64, f64) {
        (self.low.value, self.high.value)
    }
}

/// An end is not determined where its interval includes both what it would be if all parameter sets were
/// alike and what it would be if they were all or nothing, unless it is narrower than this (judgement).
const NARROW: f64 = 0.2;
/// Nor where its interval is wider than this, wherever it lies (judgement).
const WIDEST: f64 = 0.9;
/// Distance from 0 or 1 that counts as nothing or all.
const NEAR: f64 = 0.005;
/// Loss of log likelihood that bounds an interval: half of the 95 % quantile of chi-squared, one degree
/// of freedom.
const LOSS: f64 = 1.92;
/// Most steps of the EM algorithm.
const STEPS: usize = 400;
/// Log likelihood that may be missing from the maximum.
const GAP: f64 = 0.02;
/// Points of the grid: evenly many by the arcsine, in which a share's error is the same everywhere.
const EVEN: usize = 100;
/// Points below its first, and above its last: a factor of two apart.
const FINE: i32 = 10;

/// The range of a claim's counts (counted, held) by parameter set. Each set weighs so much: less than one
/// where sets belong together. None where nothing counts, or where the counts cannot tell.
pub(crate) fn range(counts: &[(u32, u32)], weight: f64) -> Option<UnknownRange> {
    let data = Data::new(counts, weight)?;
    let (best, most) = data.maximise(Masses::Free, None);
    let end = |q| data.end(&best, most, q);
    let range = UnknownRange { low: end(0.05), high: end(0.95) };
    let (held, counted) = counts.iter().fold((0, 0), |sum, (n, held)| (sum.0 + held, sum.1 + n));
    let all_alike = f64::from(held) / f64::from(counted);
    let is_open = |end: &RangeEnd, nothing: bool| {
        let alike = (end.from..=end.to).contains(&all_alike);
        let extreme = if nothing { end.from < NEAR } else { end.to > 1.0 - NEAR };
        let width = end.to - end.from;
        width > WIDEST || (width > NARROW && alike && extreme)
    };
    (!is_open(&range.low, true) && !is_open(&range.high, false)).then_some(range)
}

/// Counts, and how likely each is at each point of the grid.
struct Data {
    grid: Vec<f64>,
    /// Share of the parameter sets with each count.
    shares: Vec<f64>,
    /// Likelihood of each count at each point, up to a factor.
    rows: Vec<Vec<f64>>,
    /// Parameter sets, by their weight.
    sets: f64,
}

/// How the mass of a distribution is divided between the first points of the grid and the others.
#[derive(Clone, Copy)]
enum Masses {
    /// As is most likely.
    Free,
    /// So much to so many of the first points.
    First(usize, f64),
}

impl Masses {
    /// Ranges of points with what mass each has; all together where that is free.
    fn parts(self, points: usize) -> Vec<(std::ops::Range<usize>, f64)> {
        match self {
            Masses::Free => vec![(0..points, 1.0)],
            Masses::First(n, mass) => vec![(0..n, mass), (n..points, 1.0 - mass)],
        }
    }
}

impl Data {
    fn new(counts: &[(u32, u32)], weight: f64) -> Option<Data> {
        let mut number: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        counts.iter().filter(|(n, _)| *n > 0).for_each(|count| *number.entry(*count).or_default() += 1.0);
        let sets: f64 = number.values().sum();
        let grid = grid();
        let row = |&(n, held): &(u32, u32)| likelihood(f64::from(held), f64::from(n - held), &grid);
        let rows = number.keys().map(row).collect();
        let shares = number.values().map(|times| times / sets).collect();
        (sets > 0.0).then_some(Data { grid, shares, rows, sets: sets * weight })
    }

    /// The probability of each count under a distribution on the grid.
    fn fitted(&self, masses: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|row| row.iter().zip(masses).map(|(l, w)| l * w).sum()).collect()
    }

    fn log_likelihood(&self, fitted: &[f64]) -> f64 {
        self.sets * self.shares.iter().zip(fitted).map(|(share, f)| share * libm::log(*f)).sum::<f64>()
    }

    /// The most likely distribution with such masses, and its log likelihood. Where a goal is given, only as
    /// far as it takes to tell whether it can be reached.
    fn maximise(&self, masses: Masses, goal: Option<f64>) -> (Vec<f64>, f64) {
        let parts = masses.parts(self.grid.len());
        let mut weights = vec![0.0; self.grid.len()];
        for (points, mass) in &parts {
            let each = mass / points.len() as f64;
            weights[points.clone()].fill(each);
        }
        let mut fitted = self.fitted(&weights);
        let mut reached = self.log_likelihood(&fitted);
        for _ in 0..STEPS {
            // How much each point adds to the likelihood, as a factor.
            let factors: Vec<f64> = (0..self.grid.len())
                .map(|j| {
                    let terms = self.rows.iter().zip(&self.shares).zip(&fitted);
                    terms.map(|((row, share), f)| share * row[j] / f).sum()
                })
                .collect();
            // The likelihood is concave: no distribution is better by more than this.
            let best = |points: &std::ops::Range<usize>| {
                factors[points.clone()].iter().fold(0.0, |a: f64, b| a.max(*b))
            };
            let bound =
                self.sets * (parts.iter().map(|(points, mass)| mass * best(points)).sum::<f64>() - 1.0);
            let told = goal.is_some_and(|goal| reached >= goal || reached + bound < goal);
            if told || bound < GAP {
                break;
            }
            weights.iter_mut().zip(&factors).for_each(|(weight, factor)| *weight *= factor);
            for (points, mass) in &parts {
                let sum: f64 = weights[points.clone()].iter().sum();
                if sum > 0.0 {
                    weights[points.clone()].iter_mut().for_each(|weight| *weight *= mass / sum);
                }
            }
            fitted = self.fitted(&weights);
            reached = self.log_likelihood(&fitted);
        }
        (weights, reached)
    }

    /// A quantile of the most likely distribution, and its interval.
    fn end(&self, best: &[f64], most: f64, q: f64) -> RangeEnd {
        let below = |n: usize| best[..n].iter().sum::<f64>();
        let points = self.grid.len();
        let goal = most - LOSS;
        // The first point up to which a distribution may have as much as q.
        let at = first(points, |k| below(k + 1) >= q - 1e-9);
        let may_lie_up_to =
            |k: usize| k >= at || self.maximise(Masses::First(k + 1, q), Some(goal)).1 >= goal;
        let may_lie_from = |k: usize| k <= at || self.maximise(Masses::First(k, q), Some(goal)).1 >= goal;
        let from = first(points, may_lie_up_to);
        let to = first(points, |k| k + 1 >= points || !may_lie_from(k + 1));
        // Between two points of the grid nothing was tried: the interval goes on to the next.
        let (from, to) = (from.saturating_sub(1), (to + 1).min(points - 1));
        RangeEnd { value: self.grid[at], from: self.grid[from], to: self.grid[to] }
    }
}

/// The first of so many for which something is so; the last where it is so of none. What is so of one is so of all
/// that follow.
fn first(n: usize, is: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, n - 1);
    while low < high {
        let middle = (low + high) / 2;
        if is(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

/// Points from 0 to 1.
fn grid() -> Vec<f64> {
    let angle = std::f64::consts::FRAC_PI_2 / EVEN as f64;
    let even = |k: usize| libm::pow(libm::sin(angle * k as f64), 2.0);
    let fine = |k: i32| even(1) / libm::pow(2.0, f64::from(k));
    let mut all: Vec<f64> = vec![0.0];
    all.extend((1..=FINE).rev().map(fine));
    all.extend((1..EVEN).map(even));
    all.extend((1..=FINE).map(|k| 1.0 - fine(k)));
    all.push(1.0);
    all
}

/// How likely counts are at each point, the largest being 1.
fn likelihood(held: f64, failed: f64, grid: &[f64]) -> Vec<f64> {
    // 0 ln 0 is 0: what did not happen may be impossible.
    let times = |n: f64, p: f64| if n == 0.0 { 0.0 } else { n * libm::log(p) };
    let logs: Vec<f64> = grid.iter().map(|&p| times(held, p) + times(failed, 1.0 - p)).collect();
    let most = logs.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
    logs.into_iter().map(|log| libm::exp(log - most)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(sets: usize, n: u32, held: impl Fn(usize) -> u32) -> Vec<(u32, u32)> {
        (0..sets).map(|k| (n, held(k))).collect()
    }

    #[test]
    fn two_kinds_of_parameter_sets_are_told_apart() {
        let found = range(&counts(200, 10, |k| if k % 2 == 0 { 10 } else { 0 }), 1.0).expect("determined");
        assert!(found.low.value < 0.01 && found.high.value > 0.99, "{found:?}");
        assert!(found.low.to < 0.05 && found.high.from > 0.95, "{found:?}");
    }

    #[test]
    fn chance_is_not_taken_for_what_is_not_known() {
        // Binomial counts with p = 1/2, n = 10 in their expected frequencies (of 1024).
        let each = [1_usize, 10, 45, 120, 210, 252, 210, 120, 45, 10, 1];
        let all: Vec<(u32, u32)> = (0..=10_u32).flat_map(|k| vec![(10, k); each[k as usize]]).collect();
        let found = range(&all, 1.0).expect("determined");
        let (low, high) = found.values();
        assert!(low > 0.4 && high < 0.6, "{found:?}");
        assert!(
            found.low.to >= 0.499 && found.high.from <= 0.501,
            "one probability for all may be: {found:?}"
        );
    }

    #[test]
    fn what_never_held_has_a_bound() {
        let found = range(&counts(200, 10, |_| 0), 1.0).expect("determined");
        assert!(found.low.value < 1e-5 && found.high.value < 0.001, "{found:?}");
        // All sets with p: (1 - p)^2000 = exp(-1.92) gives p = 0.00096.
        assert!((0.000_96..0.003).contains(&found.low.to), "{found:?}");
        // A twentieth of the sets with p: (1 - 0.05 (1 - (1 - p)^10))^200 = exp(-1.92) gives p = 0.0212.
        assert!((0.021..0.03).contains(&found.high.to), "{found:?}");
    }

    #[test]
    fn a_single_repeat_cannot_tell() {
        assert_eq!(range(&counts(200, 1, |k| u32::from(k % 2 == 0)), 1.0), None);
        assert_eq!(range(&[], 1.0), None);
        assert_eq!(range(&counts(5, 0, |_| 0), 1.0), None);
    }

    #[test]
    fn sets_that_belong_together_count_less() {
        let all = counts(300, 10, |k| (k % 11) as u32);
        let (alone, together) =
            (range(&all, 1.0).expect("determined"), range(&all, 0.5).expect("determined"));
        assert_eq!(alone.values(), together.values());
        assert!(together.high.from < alone.high.from, "{alone:?} {together:?}");
    }

    #[test]
    fn many_repeats_are_no_trouble() {
        let found = range(&counts(40, 5000, |k| 100 * k as u32), 1.0).expect("determined");
        assert!((found.low.value - 0.02).abs() < 0.01 && (found.high.value - 0.74).abs() < 0.02, "{found:?}");
    }
}
