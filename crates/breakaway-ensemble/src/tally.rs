//! How often a claim holds over the members of an ensemble, and how sure that is.

use statrs::distribution::{Beta, ContinuousCDF};

/// Members with or without a claim below which nothing is said of its spread, nor of what it
/// depends on (judgement).
pub const FEWEST_CASES: u32 = 10;

/// Counts of a claim by parameter draw.
pub struct Tally {
    draws: Vec<(u32, u32)>,
    /// Draws that share their parameters but for a few, and count as one where chance is estimated.
    cluster: usize,
    days: Vec<u16>,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(draws: u32) -> Tally {
        Tally::clustered(draws, 1)
    }

    /// The same where so many draws on end belong together, as those of a base point do.
    pub fn clustered(draws: u32, cluster: u32) -> Tally {
        Tally { draws: vec![(0, 0); draws as usize], cluster: cluster.max(1) as usize, days: vec![] }
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
        Tally { draws, cluster: 1, days: vec![] }
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

    /// The same counts on another sample of the clusters; days are left out.
    pub fn resampled(&self, chosen: &[u32]) -> Tally {
        let of = |&k: &u32| &self.draws[k as usize * self.cluster..][..self.cluster];
        Tally { draws: chosen.iter().flat_map(of).copied().collect(), cluster: self.cluster, days: vec![] }
    }

    /// Counts of those clusters that have any.
    fn counted_clusters(&self) -> Vec<(f64, f64)> {
        let sum = |draws: &[(u32, u32)]| {
            draws.iter().fold((0.0, 0.0), |(n, held), (m, more)| (n + f64::from(*m), held + f64::from(*more)))
        };
        self.draws.chunks(self.cluster).map(sum).filter(|(n, _)| *n > 0.0).collect()
    }

    /// Clusters in which any member counts.
    pub fn counted_cluster_number(&self) -> usize {
        self.counted_clusters().len()
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

    /// Standard error of the probability, with the draws (or clusters of them) as clusters; at least that of a
    /// binomial share with half a success added (so that none out of many is not without error).
    /// None of one draw, which says nothing of others.
    pub fn error(&self) -> Option<f64> {
        let p = self.probability()?;
        let n = f64::from(self.counted());
        let clusters = self.counted_clusters();
        let draws = clusters.len() as f64;
        if draws < 2.0 {
            return None;
        }
        let spread: f64 = clusters.iter().map(|(n, held)| (held - n * p).powi(2)).sum();
        let clustered = (spread * draws / (draws - 1.0)).sqrt() / n;
        let q = (f64::from(self.held()) + 0.5) / (n + 1.0);
        Some(clustered.max((q * (1.0 - q) / n).sqrt()))
    }

    /// The 5-95 % range of the probability over parameter draws: the quantiles of a beta
    /// distribution fitted to the draws' counts by moments (beta-binomial model; Kleinman 1973,
    /// "Proportions with extraneous variance: single and independent samples"), so that the
    /// chance of few replicates is not taken for what we do not know. None of too few cases.
    pub fn range(&self) -> Option<(f64, f64)> {
        let p = self.probability()?;
        if self.cases() < FEWEST_CASES {
            return None;
        }
        let correlation = self.correlation()?.min(0.98);
        if correlation < 1e-4 {
            return Some((p, p));
        }
        let size = 1.0 / correlation - 1.0;
        let beta = Beta::new(p * size, (1.0 - p) * size).ok()?;
        Some((beta.inverse_cdf(0.05), beta.inverse_cdf(0.95)))
    }

    /// Share of the claim's variance that lies between parameter draws (what we do not know); the rest is
    /// the chance within a draw. The intraclass correlation of the same model, by moments.
    pub fn correlation(&self) -> Option<f64> {
        let p = self.probability()?;
        let scale = self.scale()?;
        let variance = p * (1.0 - p);
        if variance <= 0.0 {
            return None;
        }
        let draws = self.counted_draws().count() as f64;
        let spread: f64 = self.counted_draws().map(|(n, held)| (held - n * p).powi(2) / n).sum();
        Some(((spread - variance * (draws - 1.0)) / (variance * scale)).clamp(0.0, 1.0))
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
    fn luck_alone_gives_a_narrow_range() {
        // Binomial counts with p = 1/2, n = 10 in their expected frequencies (of 1024).
        let counts = [1_u32, 10, 45, 120, 210, 252, 210, 120, 45, 10, 1];
        let held: Vec<u32> = (0..=10).flat_map(|k| vec![k; counts[k as usize] as usize]).collect();
        let (low, high) = tally(&held, 10).range().unwrap();
        assert!(high - low < 0.1, "{low} {high}");
    }

    #[test]
    fn ignorance_gives_a_wide_one() {
        let held: Vec<u32> = (0..100).map(|d| if d % 2 == 0 { 10 } else { 0 }).collect();
        let (low, high) = tally(&held, 10).range().unwrap();
        assert!(low < 0.01 && high > 0.99, "{low} {high}");
        // A uniform spread of probabilities: 5 and 95 % at 0.05 and 0.95.
        let uniform: Vec<u32> = (0..1010).map(|d| d % 101).collect();
        let (low, high) = tally(&uniform, 100).range().unwrap();
        assert!((low - 0.05).abs() < 0.01 && (high - 0.95).abs() < 0.01, "{low} {high}");
    }

    #[test]
    fn the_edges_are_answered() {
        let none = tally(&[0, 0, 0], 4);
        assert_eq!((none.probability(), none.range(), none.median_day()), (Some(0.0), None, None));
        assert!(none.error().unwrap() > 0.0);
        assert_eq!(tally(&[5], 9).error(), None, "one draw says nothing of others");
        let nobody = Tally::new(3);
        assert_eq!((nobody.probability(), nobody.error(), nobody.range()), (None, None, None));
        assert_eq!(tally(&[1, 0, 1], 1).range(), None, "one replicate cannot tell");
    }
}
