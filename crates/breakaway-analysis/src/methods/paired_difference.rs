//! Two worlds on common random numbers, member by member.

use crate::methods::bootstrap::{interval, resampled};
use breakaway_ensemble::claim_monitor::Verdict;
use serde::{Deserialize, Serialize};
use statrs::distribution::{Binomial, DiscreteCDF};

/// Samples of an interval.
const RESAMPLES: usize = 1000;

/// What became of a claim in the same members of two worlds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Probability in the first world; none where no member counts.
    pub before: Option<f64>,
    /// Probability in the second.
    pub after: Option<f64>,
    /// How much it grows.
    pub growth: Option<f64>,
    /// 95 % interval of that, draws being resampled with both worlds together; none of too few draws.
    pub interval: Option<(f64, f64)>,
    /// Members in which it holds in the second world only.
    pub gained: u32,
    /// Members in which it holds in the first world only.
    pub lost: u32,
    /// Share of the variance of independent runs that common random numbers save; none where no member
    /// flips.
    pub variance_reduction: Option<f64>,
    /// Probability of so uneven flips by chance alone (exact sign test; Dixon & Mood 1946).
    pub sign_p: f64,
}

/// Draws below which no interval is given (judgement).
pub const FEWEST: usize = 20;

/// Which of several differences are beyond chance: the interval does not include zero, and so do the
/// signs of the flips, all tests taken together (Holm 1979).
pub fn beyond_chance(all: &[&Difference]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|&a, &b| all[a].sign_p.total_cmp(&all[b].sign_p));
    let mut beyond = vec![false; all.len()];
    for (place, &k) in order.iter().enumerate() {
        if all[k].sign_p * (all.len() - place) as f64 > 0.05 {
            break;
        }
        beyond[k] = all[k].interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0);
    }
    beyond
}

/// Two-sided probability of a split at least so uneven, if both ways are alike.
fn sign_p(gained: u32, lost: u32) -> f64 {
    let all = u64::from(gained + lost);
    let Ok(law) = Binomial::new(0.5, all) else { return 1.0 };
    if all == 0 { 1.0 } else { (2.0 * law.cdf(u64::from(gained.min(lost)))).min(1.0) }
}

/// A cluster in two worlds: in each, members that count, and the sum of something over them.
#[derive(Clone, Copy, Default)]
pub struct Sums {
    /// In the first world.
    pub before: (f64, f64),
    /// In the second.
    pub after: (f64, f64),
}

/// A mean in two worlds on common random numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Paired {
    /// In the first world; none where no member counts.
    pub before: Option<f64>,
    /// In the second.
    pub after: Option<f64>,
    /// 95 % interval of how much it grows, clusters being resampled with both worlds together;
    /// none where there are too few.
    pub interval: Option<(f64, f64)>,
    /// Share of the variance of independent runs that common random numbers save; none where nothing
    /// varies.
    pub variance_reduction: Option<f64>,
}

/// Compares a mean over the clusters of two worlds.
pub fn paired(clusters: &[Sums]) -> Paired {
    let everybody: Vec<u32> = (0..clusters.len() as u32).collect();
    let (before, after) = means(clusters, &everybody);
    let tries: Vec<(Option<f64>, Option<f64>)> =
        resampled(clusters.len(), RESAMPLES, 1).map(|chosen| means(clusters, &chosen)).collect();
    let growth: Vec<f64> = tries.iter().filter_map(|(was, is)| Some((*is)? - (*was)?)).collect();
    let apart = variance(tries.iter().filter_map(|t| t.0).collect())
        + variance(tries.iter().filter_map(|t| t.1).collect());
    let size = before.unwrap_or(0.0).powi(2) + after.unwrap_or(0.0).powi(2);
    let together = variance(growth.clone());
    Paired {
        before,
        after,
        interval: Some(interval(growth))
            .filter(|(low, high)| clusters.len() >= FEWEST && low.is_finite() && high.is_finite()),
        // Beyond what rounding makes of a mean that is the same in every sample.
        variance_reduction: (apart > 1e-10 * size).then(|| 1.0 - together / apart),
    }
}

/// Compares what became of a claim in the members of two worlds, whose draws (or clusters of
/// draws) are given.
pub fn difference(draws: &[u32], before: &[Verdict], after: &[Verdict]) -> Difference {
    let all = draws.iter().max().map_or(0, |last| *last as usize + 1);
    let mut clusters = vec![Sums::default(); all];
    let (mut gained, mut lost) = (0, 0);
    let add = |(n, held): &mut (f64, f64), verdict: &Verdict| {
        if verdict.counts {
            *n += 1.0;
            *held += f64::from(u8::from(verdict.day.is_some()));
        }
    };
    for ((&draw, before), after) in draws.iter().zip(before).zip(after) {
        add(&mut clusters[draw as usize].before, before);
        add(&mut clusters[draw as usize].after, after);
        if before.counts && after.counts {
            gained += u32::from(before.day.is_none() && after.day.is_some());
            lost += u32::from(before.day.is_some() && after.day.is_none());
        }
    }
    clusters.retain(|sums| sums.before.0 + sums.after.0 > 0.0);
    let Paired { before, after, interval, variance_reduction } = paired(&clusters);
    Difference {
        before,
        after,
        growth: before.zip(after).map(|(was, is)| is - was),
        interval,
        gained,
        lost,
        variance_reduction: variance_reduction.filter(|_| gained + lost > 0),
        sign_p: sign_p(gained, lost),
    }
}

/// The means of both worlds over some clusters.
fn means(clusters: &[Sums], chosen: &[u32]) -> (Option<f64>, Option<f64>) {
    let mean = |of: fn(&Sums) -> (f64, f64)| {
        let (n, sum) = chosen.iter().fold((0.0, 0.0), |(n, sum), &i| {
            let (more, more_sum) = of(&clusters[i as usize]);
            (n + more, sum + more_sum)
        });
        (n > 0.0).then(|| sum / n)
    };
    (mean(|sums| sums.before), mean(|sums| sums.after))
}

/// Variance of some numbers; zero of fewer than two.
pub fn variance(numbers: Vec<f64>) -> f64 {
    let n = numbers.len() as f64;
    if n < 2.0 {
        return 0.0;
    }
    let mean = numbers.iter().sum::<f64>() / n;
    numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(days: &[i32]) -> Vec<Verdict> {
        let verdict = |&day: &i32| Verdict { counts: day > -2, day: u32::try_from(day).ok() };
        days.iter().map(verdict).collect()
    }

    #[test]
    fn members_that_flip_are_counted_and_common_random_numbers_save_variance() {
        let draws: Vec<u32> = (0..100).collect();
        let before: Vec<i32> = (0..100).map(|i| if i % 2 == 0 { 5 } else { -1 }).collect();
        let mut after = before.clone();
        (after[1], after[3], after[0]) = (7, 7, -1);
        let found = difference(&draws, &verdicts(&before), &verdicts(&after));
        assert_eq!((found.before, found.after), (Some(0.5), Some(0.51)));
        assert_eq!((found.gained, found.lost), (2, 1));
        // Paired: 3 of 100 differ; apart: two shares of a half.
        assert!(
            (found.variance_reduction.expect("it varies") - (1.0 - 0.03 / 0.5)).abs() < 0.02,
            "{found:?}"
        );
        let (low, high) = found.interval.expect("enough draws");
        assert!(low < 0.01 && high > 0.01);
    }

    #[test]
    fn a_few_flips_are_not_beyond_chance() {
        assert!((sign_p(4, 0) - 0.125).abs() < 1e-12 && sign_p(0, 0) == 1.0);
        let draws: Vec<u32> = (0..100).collect();
        let before = vec![-1; 100];
        let flip = |n: usize| -> Vec<i32> { (0..100).map(|i| if i < n { 3 } else { -1 }).collect() };
        let few = difference(&draws, &verdicts(&before), &verdicts(&flip(4)));
        let many = difference(&draws, &verdicts(&before), &verdicts(&flip(20)));
        assert_eq!(beyond_chance(&[&few, &many]), [false, true]);
        // One draw: nothing is known of others.
        let one = difference(&[0; 100], &verdicts(&before), &verdicts(&flip(20)));
        assert!(one.interval.is_none() && !beyond_chance(&[&one])[0]);
    }

    #[test]
    fn what_does_not_vary_and_what_never_counts_is_answered() {
        let same = difference(&[0, 1], &verdicts(&[3, 3]), &verdicts(&[4, 4]));
        assert_eq!((same.growth, same.variance_reduction), (Some(0.0), None));
        let never = difference(&[0, 1], &verdicts(&[-2, -2]), &verdicts(&[3, -1]));
        assert_eq!((never.before, never.after, never.growth), (None, Some(0.5), None));
    }
}
