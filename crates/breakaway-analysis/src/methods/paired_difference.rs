//! Two worlds on common random numbers, member by member.

use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_ensemble::share::{NORMAL, student};
use breakaway_ensemble::tally::FEWEST_CONDITIONAL;
use breakaway_ensemble::{Share, Tally};
use serde::{Deserialize, Serialize};
use statrs::distribution::{Binomial, DiscreteCDF};

/// What became of a claim in the same members of two worlds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Probability in the first world; none where too few members count.
    pub before: Option<f64>,
    /// Probability in the second.
    pub after: Option<f64>,
    /// How much it grows.
    pub growth: Option<f64>,
    /// 95 % interval of that; none of too few groups.
    pub interval: Option<(f64, f64)>,
    /// Members that count in the one world and in the other.
    pub counted: [u32; 2],
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

/// Groups below which no interval is given (judgement).
pub const FEWEST: usize = 5;

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

/// A group of members in two worlds: in each, members that count, and the sum of something over them.
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
    /// 95 % interval of how much it grows, by the differences between groups; none where there are too few.
    pub interval: Option<(f64, f64)>,
    /// Share of the variance of independent runs that common random numbers save; none where nothing
    /// varies.
    pub variance_reduction: Option<f64>,
}

/// How far each group's sum lies from what the mean makes it, as a part of the mean.
fn residuals(groups: &[Sums], of: fn(&Sums) -> (f64, f64)) -> (Option<f64>, Vec<f64>) {
    let (n, sum) = groups.iter().map(of).fold((0.0, 0.0), |(n, sum), (m, more)| (n + m, sum + more));
    if n == 0.0 {
        return (None, vec![0.0; groups.len()]);
    }
    let mean = sum / n;
    (Some(mean), groups.iter().map(of).map(|(m, sum)| (sum - m * mean) / n).collect())
}

/// Compares a mean over groups of members of two worlds that are independent of each other.
pub fn paired(groups: &[Sums]) -> Paired {
    let (before, first) = residuals(groups, |sums| sums.before);
    let (after, second) = residuals(groups, |sums| sums.after);
    let number = groups.len() as f64;
    let variance = |z: &dyn Fn(usize) -> f64| {
        (0..groups.len()).map(|i| z(i).powi(2)).sum::<f64>() * number / (number - 1.0).max(1.0)
    };
    let apart = variance(&|i| first[i]) + variance(&|i| second[i]);
    let together = variance(&|i| second[i] - first[i]);
    let size = before.unwrap_or(0.0).powi(2) + after.unwrap_or(0.0).powi(2);
    let growth = before.zip(after).map(|(was, is)| is - was).filter(|_| groups.len() >= FEWEST);
    let half = student((number - 1.0).max(1.0)) * together.sqrt();
    Paired {
        before,
        after,
        interval: growth.map(|growth| (growth - half, growth + half)),
        // Beyond what rounding makes of a mean that is the same in every group.
        variance_reduction: (apart > 1e-10 * size / number.max(1.0)).then(|| 1.0 - together / apart),
    }
}

/// The 95 % interval of the difference of two shares of the same groups (method of variance estimates
/// recovery, with the correlation of the two; Zou & Donner 2008, "Construction of confidence limits about
/// effect measures: a general approach"): where hardly any member flips it is not narrower than so few
/// flips allow. `groups` has the first share's sums as before, the second's as after.
fn interval_of_difference(groups: &[Sums]) -> Option<(f64, f64)> {
    let share = |of: fn(&Sums) -> (f64, f64)| Share::of_groups(groups.iter().map(of));
    let (first, second) = share(|sums| sums.before).zip(share(|sums| sums.after))?;
    if groups.len() < FEWEST {
        return None;
    }
    let (_, a) = residuals(groups, |sums| sums.before);
    let (_, b) = residuals(groups, |sums| sums.after);
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let scale = (product(&a, &a) * product(&b, &b)).sqrt();
    let correlation = if scale > 0.0 { (product(&a, &b) / scale).clamp(-1.0, 1.0) } else { 0.0 };
    let ((low1, high1), (low2, high2)) = (first.jeffreys(), second.jeffreys());
    let reach = |x: f64, y: f64| (x * x + y * y - 2.0 * correlation * x * y).max(0.0).sqrt();
    let difference = second.value - first.value;
    let below = reach(second.value - low2, high1 - first.value);
    let above = reach(high2 - second.value, first.value - low1);
    Some((difference - below, difference + above))
}

/// Compares what became of a claim in the members of two worlds; members of one group, by its number,
/// hang together, and groups are independent of each other.
pub fn difference(groups: &[u32], before: &[Verdict], after: &[Verdict]) -> Difference {
    let all = groups.iter().max().map_or(0, |last| *last as usize + 1);
    let (mut held, mut flipped) = (vec![Sums::default(); all], vec![Sums::default(); all]);
    let (mut gained, mut lost, mut counted, mut alike) = (0, 0, [0, 0], true);
    let add = |(n, held): &mut (f64, f64), counts: bool, holds: bool| {
        *n += f64::from(u8::from(counts));
        *held += f64::from(u8::from(counts && holds));
    };
    for ((&group, before), after) in groups.iter().zip(before).zip(after) {
        let (own, flips) = (&mut held[group as usize], &mut flipped[group as usize]);
        let (was, is) = (before.day.is_some(), after.day.is_some());
        add(&mut own.before, before.counts, was);
        add(&mut own.after, after.counts, is);
        let both = before.counts && after.counts;
        add(&mut flips.before, both, was && !is);
        add(&mut flips.after, both, is && !was);
        gained += u32::from(both && is && !was);
        lost += u32::from(both && was && !is);
        counted[0] += u32::from(before.counts);
        counted[1] += u32::from(after.counts);
        alike &= before.counts == after.counts;
    }
    let Paired { before, after, variance_reduction, .. } = paired(&held);
    let few = counted.map(|n| n < FEWEST_CONDITIONAL && (n as usize) < groups.len());
    let (before, after) = (before.filter(|_| !few[0]), after.filter(|_| !few[1]));
    let growth = before.zip(after).map(|(was, is)| is - was);
    // Where the same members count in both, the difference is that of the flips in one and the other direction.
    let counts = if alike { &flipped } else { &held };
    Difference {
        before,
        after,
        growth,
        interval: growth.and_then(|_| interval_of_difference(counts)),
        counted,
        gained,
        lost,
        variance_reduction: variance_reduction.filter(|_| gained + lost > 0),
        sign_p: sign_p(gained, lost),
    }
}

/// Compares a claim of two runs that have no random numbers in common: the difference of two shares that are
/// independent of each other (Zou & Donner 2008).
pub fn apart(before: &Tally, after: &Tally) -> Difference {
    let enough = |tally: &Tally| {
        tally
            .share()
            .filter(|_| tally.counted() >= FEWEST_CONDITIONAL || tally.counted_cluster_number() >= FEWEST)
    };
    let (first, second) = (enough(before), enough(after));
    let both = first.zip(second);
    let growth = both.map(|(a, b)| b.value - a.value);
    let interval = both.map(|(a, b)| {
        let ((low1, high1), (low2, high2)) = (a.jeffreys(), b.jeffreys());
        let below = libm::hypot(b.value - low2, high1 - a.value);
        let above = libm::hypot(high2 - b.value, a.value - low1);
        (b.value - a.value - below, b.value - a.value + above)
    });
    // As large a difference by chance alone, in the normal limit.
    let error = interval.map_or(f64::INFINITY, |(low, high)| (high - low) / (2.0 * NORMAL));
    let z = growth.map_or(0.0, |growth| growth.abs() / error.max(1e-12));
    Difference {
        before: first.map(|share| share.value),
        after: second.map(|share| share.value),
        growth,
        interval,
        counted: [before.counted(), after.counted()],
        gained: 0,
        lost: 0,
        variance_reduction: None,
        sign_p: libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2),
    }
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
            (found.variance_reduction.expect("it varies") - (1.0 - 0.03 / 0.5)).abs() < 0.01,
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
    fn runs_without_anything_in_common_differ_by_their_probabilities() {
        let tally = |held: u32| Tally::of((0..100).map(|_| (10, held)).collect());
        let found = apart(&tally(2), &tally(3));
        let (low, high) = found.interval.expect("enough");
        // 20 % and 30 % of 1,000: 0.1 +- 1.96 (0.16/1000 + 0.21/1000)^(1/2).
        assert!((low - 0.062).abs() < 0.01 && (high - 0.138).abs() < 0.01, "{low} {high}");
        assert!(beyond_chance(&[&found])[0] && !beyond_chance(&[&apart(&tally(2), &tally(2))])[0]);
    }

    #[test]
    fn what_does_not_vary_and_what_never_counts_is_answered() {
        let same = difference(&[0, 1], &verdicts(&[3, 3]), &verdicts(&[4, 4]));
        assert_eq!((same.growth, same.variance_reduction), (Some(0.0), None));
        let never = difference(&[0, 1], &verdicts(&[-2, -2]), &verdicts(&[3, -1]));
        assert_eq!((never.before, never.after, never.growth), (None, Some(0.5), None));
    }
}
