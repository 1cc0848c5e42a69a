//! How often a claim holds over the members of an ensemble, and how sure that is.

use crate::design::Design;
use crate::mixture::{UnknownRange, range};
use crate::share::Share;
use breakaway_model::params::Prior;

/// Members with or without a claim below which nothing is said of what it depends on (judgement).
pub const FEWEST_CASES: u32 = 10;
/// Members that meet a claim's condition below which it has no probability (judgement).
pub const FEWEST_CONDITIONAL: u32 = 20;

/// Groups of draws below which nothing is said of what differs between draws (judgement).
const FEWEST_GROUPS: usize = 5;

/// Counts of a claim by parameter draw.
#[derive(Clone, Debug)]
pub struct Tally {
    draws: Vec<(u32, u32)>,
    /// Draws that share their parameters but for a few, and count as one where chance is estimated.
    cluster: usize,
    /// Draws that are independent of the others, by which precision is judged.
    group: usize,
    days: Vec<u16>,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(draws: u32) -> Tally {
        Tally::clustered(draws, 1)
    }

    /// The same where so many draws on end belong together, as those of a base point do.
    pub fn clustered(draws: u32, cluster: u32) -> Tally {
        let cluster = cluster.max(1) as usize;
        Tally { draws: vec![(0, 0); draws as usize], cluster, group: cluster, days: vec![] }
    }

    /// Of a design's members, nothing counted yet.
    pub fn of_design(design: &Design, priors: &[Prior]) -> Tally {
        let cluster = design.cluster(priors);
        let draws = design.draws.next_multiple_of(cluster);
        Tally { group: design.group(priors) as usize, ..Tally::clustered(draws, cluster) }
    }

    /// Counts a member: the day on which the claim came true, if it did.
    pub fn add(&mut self, draw: u32, day: Option<u16>) {
        let (n, held) = &mut self.draws[draw as usize];
        *n += 1;
        *held += u32::from(day.is_some());
        self.days.extend(day);
    }

    /// Of counts by draw alone.
    pub fn of(draws: Vec<(u32, u32)>) -> Tally {
        Tally { draws, cluster: 1, group: 1, days: vec![] }
    }

    /// The rarer of holding and failing, in members: what there is to learn from.
    pub fn cases(&self) -> u32 {
        self.held().min(self.counted() - self.held())
    }

    /// Members that count and members in which it holds, by draw.
    pub fn by_draw(&self) -> &[(u32, u32)] {
        &self.draws
    }

    /// Clusters of draws.
    pub fn clusters(&self) -> usize {
        self.draws.len() / self.cluster
    }

    /// The counts of the first so many draws; days are left out.
    pub fn first(&self, draws: usize) -> Tally {
        Tally { draws: self.draws[..draws.min(self.draws.len())].to_vec(), days: vec![], ..*self }
    }

    /// Clusters in which any member counts.
    pub fn counted_cluster_number(&self) -> usize {
        self.draws.chunks(self.cluster).filter(|draws| draws.iter().any(|(n, _)| *n > 0)).count()
    }

    /// Members in which it holds.
    pub fn held(&self) -> u32 {
        self.draws.iter().map(|(_, held)| held).sum()
    }

    /// Members counted.
    pub fn counted(&self) -> u32 {
        self.draws.iter().map(|(n, _)| n).sum()
    }

    fn counted_draws(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.draws.iter().filter(|(n, _)| *n > 0).map(|&(n, held)| (f64::from(n), f64::from(held)))
    }

    /// Share of the members in which it holds.
    pub fn probability(&self) -> Option<f64> {
        let counted = self.counted();
        (counted > 0).then(|| f64::from(self.held()) / f64::from(counted))
    }

    /// The probability with its precision, by the differences between groups of draws that are
    /// independent of each other. None of one group, which says nothing of others; the members of a single draw are
    /// independent of each other themselves.
    pub fn share(&self) -> Option<Share> {
        if let [(n, held)] = self.draws[..] {
            let (n, value) = (f64::from(n), self.probability()?);
            let variance = value * (1.0 - value) / n;
            return (held > 0 || n > 1.0).then_some(Share { value, counted: n, variance, freedom: n });
        }
        let sum = |draws: &[(u32, u32)]| {
            draws.iter().fold((0.0, 0.0), |(n, h), (m, more)| (n + f64::from(*m), h + f64::from(*more)))
        };
        Share::of_groups(self.draws.chunks(self.group).map(sum))
    }

    /// Standard error of the probability: at least that of a binomial share with half a success added (so
    /// that none out of many is not without error).
    pub fn error(&self) -> Option<f64> {
        let Share { counted: n, variance, .. } = self.share()?;
        let q = (f64::from(self.held()) + 0.5) / (n + 1.0);
        Some(variance.max(q * (1.0 - q) / n).sqrt())
    }

    /// The 5-95 % range of the probability over parameter draws, without the chance of few replicates, and
    /// how sure its ends are. None where no member counts, or where the counts cannot tell.
    pub fn range(&self) -> Option<UnknownRange> {
        range(&self.draws, 1.0 / self.cluster as f64)
    }

    /// Share of the claim's variance that lies between parameter draws (what we do not know); the rest is
    /// the chance within a draw. The intraclass correlation of the same model, by moments.
    pub fn correlation(&self) -> Option<f64> {
        self.correlation_by_moments().map(|share| share.clamp(0.0, 1.0))
    }

    /// The same as chance leaves it, which may lie below 0 or above 1.
    fn correlation_by_moments(&self) -> Option<f64> {
        let p = self.probability()?;
        let scale = self.scale()?;
        let variance = p * (1.0 - p);
        if variance <= 0.0 {
            return None;
        }
        let draws = self.counted_draws().count() as f64;
        let spread: f64 = self.counted_draws().map(|(n, held)| (held - n * p).powi(2) / n).sum();
        Some((spread - variance * (draws - 1.0)) / (variance * scale))
    }

    /// The 95 % interval of that share. It is (c - p) / (1 - p), where c is the probability that a claim holds in a
    /// second member of a draw if it holds in a first: a share of pairs, with the interval of shares. None of fewer
    /// than five groups, or where chance cannot be separated.
    pub fn correlation_interval(&self) -> Option<(f64, f64)> {
        let p = self.probability().filter(|p| *p > 0.0 && *p < 1.0)?;
        // What is rarer says more: the share is the same of holding and of failing.
        let rarer = |(n, held): (u32, u32)| if p > 0.5 { n - held } else { held };
        let pairs = |draws: &[(u32, u32)]| {
            draws.iter().fold((0.0, 0.0), |(firsts, both), &(n, held)| {
                let h = f64::from(rarer((n, held)));
                (firsts + h * (f64::from(n) - 1.0), both + h * (h - 1.0))
            })
        };
        let groups: Vec<(f64, f64)> = self.draws.chunks(self.group).map(pairs).collect();
        if groups.iter().filter(|(firsts, _)| *firsts > 0.0).count() < FEWEST_GROUPS {
            return None;
        }
        let firsts: u32 = self.draws.iter().map(|draw| rarer(*draw)).sum();
        let share = Share { counted: f64::from(firsts), ..Share::of_groups(groups.into_iter())? };
        let (c, (low, high)) = (share.value, share.interval());
        let (from, to) = self.share()?.interval();
        let (p, from, to) = if p > 0.5 { (1.0 - p, 1.0 - to, 1.0 - from) } else { (p, from, to) };
        // Both are uncertain (method of variance estimates recovery; Zou & Donner 2008).
        let best = (c - p) / (1.0 - p);
        let slope = (1.0 - c) / (1.0 - p).powi(2);
        let below = libm::hypot((c - low) / (1.0 - p), slope * (to - p));
        let above = libm::hypot((high - c) / (1.0 - p), slope * (p - from));
        Some(((best - below).clamp(0.0, 1.0), (best + above).clamp(0.0, 1.0)))
    }

    /// How much the replicates of a draw say of what draws have in common; none where chance and
    /// what we do not know cannot be separated.
    fn scale(&self) -> Option<f64> {
        let draws = self.counted_draws().count() as f64;
        let n: f64 = self.counted_draws().map(|(n, _)| n).sum();
        let squares: f64 = self.counted_draws().map(|(n, _)| n * n).sum();
        let scale = n - squares / n - (draws - 1.0);
        (draws >= 2.0 && scale > 1e-9).then_some(scale)
    }

    /// Median day, where it comes true.
    pub fn median_day(&self) -> Option<u32> {
        let mut days = self.days.clone();
        days.sort_unstable();
        days.get(days.len() / 2).map(|&day| u32::from(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(held: &[u32], n: u32) -> Tally {
        let mut tally = Tally::new(held.len() as u32);
        for (draw, &held) in held.iter().enumerate() {
            (0..n).for_each(|k| tally.add(draw as u32, (k < held).then_some(k as u16)));
        }
        tally
    }

    #[test]
    fn the_edges_are_answered() {
        let none = tally(&[0, 0, 0], 4);
        assert_eq!((none.probability(), none.median_day()), (Some(0.0), None));
        assert!(none.error().unwrap() > 0.0);
        // The members of a single draw: 5 of 9 are 21 to 86 % by Clopper & Pearson.
        let (low, high) = tally(&[5], 9).share().unwrap().interval();
        assert!((0.15..0.3).contains(&low) && (0.8..0.95).contains(&high), "{low} {high}");
        let nobody = Tally::new(3);
        assert_eq!((nobody.probability(), nobody.error(), nobody.range()), (None, None, None));
        assert_eq!(tally(&[1, 0, 1], 1).range(), None, "one replicate cannot tell");
    }
}
