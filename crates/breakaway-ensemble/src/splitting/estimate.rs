//! What a split says: probabilities with their precision.

use super::Split;
use crate::share::{Share, student};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A rare event by splitting, and what it took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RareEstimate {
    /// Probability of what was split for: of the claim, or of its condition.
    pub probability: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
    /// Simulations that reached it.
    pub reached: u32,
    /// Members of the run that these descend from.
    pub families: u32,
    /// Levels.
    pub levels: u32,
    /// Simulations that were made beside the run's: once more those that all began with, and those that were
    /// split off.
    pub simulations: u32,
}

impl RareEstimate {
    /// The probability of this given a condition that it implies, with its 95 % interval: both are uncertain, and
    /// independent of each other on the logarithmic scale. A condition that was never reached gives no bound.
    pub fn given(&self, condition: &RareEstimate) -> (f64, (f64, f64)) {
        if condition.probability <= 0.0 {
            return (0.0, (0.0, 1.0));
        }
        let ratio = self.probability / condition.probability;
        if ratio <= 0.0 {
            return (0.0, (0.0, (self.interval.1 / condition.probability).min(1.0)));
        }
        let far = |one: &RareEstimate| {
            let (low, high) = one.interval;
            let below = libm::log(one.probability / low.max(f64::MIN_POSITIVE));
            libm::log(high / one.probability).max(below)
        };
        let reach = libm::exp(libm::hypot(far(self), far(condition)));
        (ratio.min(1.0), (ratio / reach, (ratio * reach).min(1.0)))
    }
}

impl Split {
    /// What was found of the goal.
    pub fn estimate(&self) -> RareEstimate {
        RareEstimate {
            probability: self.probability(),
            interval: self.interval(),
            reached: self.reached.len() as u32,
            families: self.families() as u32,
            levels: self.levels,
            simulations: self.simulations,
        }
    }

    fn members(&self) -> f64 {
        self.groups.iter().map(|group| group.members).sum()
    }

    fn families(&self) -> usize {
        self.reached.iter().map(|one| one.start).collect::<BTreeSet<u32>>().len()
    }

    /// As many families of equal weight would be as precise (Kish 1965, "Survey sampling").
    fn families_worth(&self) -> f64 {
        let mut weights: BTreeMap<u32, f64> = BTreeMap::new();
        self.reached.iter().for_each(|one| *weights.entry(one.start).or_default() += one.weight);
        let (sum, squares) =
            weights.values().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
        if squares > 0.0 { sum * sum / squares } else { 0.0 }
    }

    /// Probability of the goal.
    pub fn probability(&self) -> f64 {
        let sum: f64 = self.groups.iter().map(|group| group.members * group.probability).sum();
        (sum / self.members().max(1.0)).min(1.0)
    }

    /// The 95 % interval of that: Student's on the logarithmic scale, from the differences between groups, and not
    /// narrower than that of as many events as there are families. Where no group reached the goal, what as many
    /// simulations without it leave.
    pub fn interval(&self) -> (f64, f64) {
        let (p, members) = (self.probability(), self.members());
        let number = self.groups.len() as f64;
        let without = Share { value: 0.0, counted: members, variance: 0.0, freedom: (number - 1.0).max(1.0) };
        if p <= 0.0 || number < 2.0 {
            return (0.0, if p > 0.0 { 1.0 } else { without.interval().1 });
        }
        let apart: f64 =
            self.groups.iter().map(|group| (group.members * (group.probability - p)).powi(2)).sum();
        let error = (apart * number / (number - 1.0)).sqrt() / members;
        let few = 1.0 / self.families_worth().max(1.0);
        let reach = student(number - 1.0) * (error / p).max(few.sqrt());
        (p * libm::exp(-reach), (p * libm::exp(reach)).min(1.0))
    }

    /// The share of those that reached the goal in which the claim holds. None of fewer than two groups.
    pub fn share(&self) -> Option<Share> {
        let mut groups = vec![(0.0, 0.0); self.groups.len()];
        for one in &self.reached {
            groups[one.group].0 += one.weight;
            groups[one.group].1 += one.weight * f64::from(u8::from(one.verdict.day.is_some()));
        }
        let share = Share::of_groups(groups.into_iter())?;
        // What never fails or never holds is as well known as by so many simulations that are independent.
        let sure = share.value <= 0.0 || share.value >= 1.0;
        let counted = if sure { self.families() } else { self.reached.len() } as f64;
        Some(Share { counted, ..share })
    }

    /// Median day on which the claim comes true, in the simulations in which it does.
    pub fn median_day(&self) -> Option<u32> {
        let mut days: Vec<(u32, f64)> =
            self.reached.iter().filter_map(|one| Some((one.verdict.day?, one.weight))).collect();
        days.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let half = days.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
        let mut before = 0.0;
        let middle = days.iter().find(|(_, weight)| {
            before += weight;
            before >= half
        });
        middle.or(days.last()).map(|(day, _)| *day)
    }

    /// Simulations that reached the goal and in which the claim holds.
    pub fn held(&self) -> u32 {
        self.reached.iter().filter(|one| one.verdict.day.is_some()).count() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_as_uncertain_as_both() {
        let one = |probability: f64, interval| RareEstimate {
            probability,
            interval,
            reached: 0,
            families: 0,
            levels: 0,
            simulations: 0,
        };
        let condition = one(1e-2, (0.5e-2, 2e-2));
        let (ratio, (from, to)) = one(1e-4, (0.5e-4, 2e-4)).given(&condition);
        // A factor of two each: 2^(2^(1/2)) together.
        let both = libm::exp2(libm::sqrt(2.0));
        assert!((ratio - 1e-2).abs() < 1e-12, "{ratio}");
        assert!((from - 1e-2 / both).abs() < 1e-9 && (to - 1e-2 * both).abs() < 1e-9, "{from} {to}");
        assert_eq!(one(0.0, (0.0, 1e-3)).given(&condition), (0.0, (0.0, 0.1)));
        assert_eq!(one(1e-4, (0.5e-4, 2e-4)).given(&one(0.0, (0.0, 1e-3))), (0.0, (0.0, 1.0)));
    }
}
