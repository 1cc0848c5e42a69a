//! How good forecasts of a case's regions were.

use crate::case::Case;
use breakaway_analysis::methods::bootstrap::{interval, resampled};
use breakaway_analysis::methods::proper_scores::{brier, crps, floored, logarithmic};
use serde::{Deserialize, Serialize};

/// Samples of the regions from which intervals are computed.
const RESAMPLES: usize = 1000;

/// The number of simulations in whose forecast a logarithmic score takes 0 or 1: one for all forecasts,
/// whatever number they had.
const FLOOR: f64 = 400.0;

/// A forecast of when each entity of a group of a case has its event: equally likely days, the
/// case's never for those on which it does not come.
pub type ForecastDays = Vec<Vec<f64>>;

/// Scores of a forecast; lower is better but for the rank correlation. Intervals are over samples of
/// the entities; there is none of fewer than five.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Mean Brier score of whether.
    pub brier: f64,
    /// Its 95 % interval.
    pub brier_interval: Option<(f64, f64)>,
    /// Mean logarithmic score of whether, in nats.
    pub log: f64,
    /// Mean continuous ranked probability score of when, as a share of the case's days.
    pub crps: f64,
    /// Its 95 % interval.
    pub crps_interval: Option<(f64, f64)>,
    /// Spearman's correlation of mean forecast days with history's; none where history has fewer than
    /// three different days, or the forecast only one.
    pub order: Option<f64>,
    /// The Brier score of each entity.
    pub brier_of_each: Vec<f64>,
    /// The ranked probability score of each entity.
    pub crps_of_each: Vec<f64>,
}

/// How much better one forecast is than another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Skill {
    /// By how much the ranked probability score is lower, as a share of the other's; none where the
    /// other's is zero.
    pub share: Option<f64>,
    /// Its 95 % interval over samples of the entities; none of few.
    pub interval: Option<(f64, f64)>,
}

/// Fewest entities from which an interval is computed.
const FEWEST: usize = 5;

/// The 95 % interval of a mean over samples of the entities; none of few.
pub fn mean_interval(each: &[f64]) -> Option<(f64, f64)> {
    let mean = |sample: Vec<u32>| sample.iter().map(|&k| each[k as usize]).sum::<f64>() / each.len() as f64;
    let several = each.len() >= FEWEST;
    several.then(|| interval(resampled(each.len(), RESAMPLES, 1).map(mean).collect()))
}

/// Scores a forecast of a case's main group, whose position is given.
pub fn score(case: &Case, main: usize, forecast: &ForecastDays) -> Scores {
    let group = &case.groups[main];
    let never = case.never();
    let truth: Vec<f64> = group.days.iter().map(|day| day.map_or(never, f64::from)).collect();
    let p = |days: &Vec<f64>| days.iter().filter(|day| **day < never).count() as f64 / days.len() as f64;
    let whether: Vec<(f64, bool)> =
        forecast.iter().zip(&group.days).map(|(days, day)| (p(days), day.is_some())).collect();
    let safe: Vec<(f64, bool)> = whether.iter().map(|&(p, happened)| (floored(p, FLOOR), happened)).collect();
    let crps_of_each: Vec<f64> =
        forecast.iter().zip(&truth).map(|(days, day)| crps(days, *day, false) / never).collect();
    let brier_of_each: Vec<f64> = whether.iter().map(|one| brier(&[*one])).collect();
    let middle: Vec<f64> = forecast.iter().map(|days| days.iter().sum::<f64>() / days.len() as f64).collect();
    Scores {
        brier: brier(&whether),
        brier_interval: mean_interval(&brier_of_each),
        log: logarithmic(&safe),
        crps: crps_of_each.iter().sum::<f64>() / crps_of_each.len() as f64,
        crps_interval: mean_interval(&crps_of_each),
        order: spearman(&middle, &truth),
        brier_of_each,
        crps_of_each,
    }
}

/// By how much a forecast is better than another of the same entities.
pub fn skill(own: &Scores, other: &Scores) -> Skill {
    let of = |own: f64, other: f64| (other > 0.0).then(|| 1.0 - own / other);
    let sums = |sample: Vec<u32>| {
        let sum = |each: &[f64]| sample.iter().map(|&k| each[k as usize]).sum::<f64>();
        of(sum(&own.crps_of_each), sum(&other.crps_of_each))
    };
    let n = own.crps_of_each.len();
    let estimates = || resampled(n, RESAMPLES, 1).filter_map(sums).collect::<Vec<f64>>();
    let all = if n >= FEWEST { estimates() } else { vec![] };
    Skill { share: of(own.crps, other.crps), interval: (!all.is_empty()).then(|| interval(all)) }
}

/// Spearman's rank correlation, ties at their mean rank.
fn spearman(xs: &[f64], ys: &[f64]) -> Option<f64> {
    let different = |values: &[f64]| {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        sorted.len()
    };
    if different(ys) < 3 || different(xs) < 2 {
        return None;
    }
    let ranks = |values: &[f64]| -> Vec<f64> {
        let rank = |x: f64| {
            let below = values.iter().filter(|y| **y < x).count() as f64;
            let alike = values.iter().filter(|y| **y == x).count() as f64;
            below + (alike + 1.0) / 2.0
        };
        values.iter().map(|x| rank(*x)).collect()
    };
    let (a, b) = (ranks(xs), ranks(ys));
    let mean = (a.len() as f64 + 1.0) / 2.0;
    let product = |p: &[f64], q: &[f64]| p.iter().zip(q).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    Some(product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(each: &[f64]) -> Scores {
        let crps = each.iter().sum::<f64>() / each.len() as f64;
        Scores {
            brier: 0.0,
            brier_interval: None,
            log: 0.0,
            crps,
            crps_interval: None,
            order: None,
            brier_of_each: vec![],
            crps_of_each: each.to_vec(),
        }
    }

    #[test]
    fn skill_is_given_where_it_can_be() {
        let (own, other) = (scores(&[0.1; 6]), scores(&[0.4; 6]));
        assert_eq!(skill(&own, &other), Skill { share: Some(0.75), interval: Some((0.75, 0.75)) });
        let none = Skill { share: None, interval: None };
        assert_eq!(skill(&own, &scores(&[0.0; 6])), none, "better than perfect cannot be");
        assert_eq!(skill(&scores(&[0.1]), &scores(&[0.4])).interval, None, "one region has no interval");
        // Samples without the one entity whose score is not zero are left out.
        let misses_one = scores(&[0.0, 0.0, 0.0, 0.0, 0.0, 2.4]);
        let (low, high) = skill(&own, &misses_one).interval.expect("six entities");
        assert!(low.is_finite() && high.is_finite());
        assert_eq!(mean_interval(&[0.2; 4]), None);
        let (low, high) = mean_interval(&[0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]).expect("eight entities");
        assert!(low < 0.4 && high > 0.6, "{low} to {high}");
    }

    #[test]
    fn rank_correlation_is_spearmans() {
        assert_eq!(spearman(&[1.0, 2.0, 3.0, 4.0], &[10.0, 20.0, 30.0, 40.0]), Some(1.0));
        assert_eq!(spearman(&[4.0, 3.0, 2.0, 1.0], &[10.0, 20.0, 30.0, 40.0]), Some(-1.0));
        // By hand: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4 give 4.5 / sqrt(4.5 · 5).
        let tied = spearman(&[1.0, 2.0, 2.0, 4.0], &[1.0, 2.0, 3.0, 4.0]).expect("an order");
        assert!((tied - 0.948_683).abs() < 1e-6, "{tied}");
        assert_eq!(spearman(&[1.0, 2.0, 3.0], &[5.0, 5.0, 5.0]), None);
    }
}
