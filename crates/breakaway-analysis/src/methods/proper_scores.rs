//! Proper scores of forecasts against what happened (Gneiting & Raftery 2007, "Strictly proper
//! scoring rules, prediction, and estimation", JASA 102). Lower is better in all.

/// A probability and whether it happened.
pub type Forecast = (f64, bool);

fn indicator(happened: bool) -> f64 {
    f64::from(u8::from(happened))
}

/// Mean Brier score (Brier 1950).
pub fn brier(forecasts: &[Forecast]) -> f64 {
    mean(forecasts.iter().map(|&(p, happened)| (p - indicator(happened)).powi(2)))
}

/// Mean logarithmic score in nats.
pub fn logarithmic(forecasts: &[Forecast]) -> f64 {
    mean(forecasts.iter().map(|&(p, happened)| -if happened { p } else { 1.0 - p }.ln()))
}

/// A probability from so many members, at least half a member away from 0 and 1: one surprise is
/// not to cost infinitely much in [`logarithmic`].
pub fn floored(p: f64, members: f64) -> f64 {
    let least = 0.5 / (members + 1.0);
    p.clamp(least, 1.0 - least)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (n, sum) = values.fold((0.0, 0.0), |(n, sum), x| (n + 1.0, sum + x));
    if n > 0.0 { sum / n } else { f64::NAN }
}

/// The Brier score taken apart (Murphy 1973, "A new vector partition of the probability score",
/// Journal of Applied Meteorology 12; within bins: Stephenson, Coelho & Jolliffe 2008, "Two extra
/// components in the Brier score decomposition", Weather and Forecasting 23).
/// Brier = reliability - resolution + uncertainty + within.
#[derive(Clone, Debug, PartialEq)]
pub struct Murphy {
    /// How far probabilities lie from the frequencies: less is better.
    pub reliability: f64,
    /// How far the frequencies lie from each other: more is better.
    pub resolution: f64,
    /// That of always saying how often it happens.
    pub uncertainty: f64,
    /// What differs within bins; 0 where all forecasts of a bin are the same.
    pub within: f64,
    /// Bins that hold any: number, mean probability, share that happened.
    pub bins: Vec<(usize, f64, f64)>,
}

/// Takes the Brier score apart over so many bins of probability.
pub fn murphy(forecasts: &[Forecast], bins: usize) -> Murphy {
    let n = forecasts.len() as f64;
    let base = mean(forecasts.iter().map(|&(_, happened)| indicator(happened)));
    let bin = |p: f64| ((p * bins as f64) as usize).min(bins - 1);
    let mut found = vec![];
    let (mut reliability, mut resolution) = (0.0, 0.0);
    for k in 0..bins {
        let these: Vec<Forecast> = forecasts.iter().filter(|(p, _)| bin(*p) == k).copied().collect();
        if these.is_empty() {
            continue;
        }
        let said = mean(these.iter().map(|(p, _)| *p));
        let share = mean(these.iter().map(|(_, happened)| indicator(*happened)));
        reliability += these.len() as f64 * (said - share).powi(2) / n;
        resolution += these.len() as f64 * (share - base).powi(2) / n;
        found.push((these.len(), said, share));
    }
    let uncertainty = base * (1.0 - base);
    let within = brier(forecasts) - (reliability - resolution + uncertainty);
    Murphy { reliability, resolution, uncertainty, within, bins: found }
}

/// Continuous ranked probability score of an ensemble, in the unit of its values. `fair` is the
/// form whose expectation does not depend on the ensemble's size (Ferro 2014, "Fair scores for
/// ensemble forecasts", QJRMS 140).
pub fn crps(ensemble: &[f64], outcome: f64, fair: bool) -> f64 {
    let n = ensemble.len() as f64;
    let mut sorted = ensemble.to_vec();
    sorted.sort_by(f64::total_cmp);
    let away = mean(sorted.iter().map(|x| (x - outcome).abs()));
    // The sum of |x - x'| over all ordered pairs, from the order statistics.
    let pairs: f64 = sorted.iter().enumerate().map(|(i, x)| 2.0 * x * (2.0 * i as f64 + 1.0 - n)).sum();
    let over = if fair { n * (n - 1.0) } else { n * n };
    if over > 0.0 { away - pairs / (2.0 * over) } else { away }
}

/// Interval score of a central interval that is to hold 1 - `alpha` (Gneiting & Raftery 2007).
pub fn interval_score(low: f64, high: f64, alpha: f64, outcome: f64) -> f64 {
    (high - low) + 2.0 / alpha * ((low - outcome).max(0.0) + (outcome - high).max(0.0))
}

/// Ignorance score in bits of a sample in bins, with one draw added to each bin so that none is
/// impossible (as the VIEWS challenge scores it).
pub fn ignorance(counts: &[u64], hit: usize) -> f64 {
    let all: u64 = counts.iter().sum::<u64>() + counts.len() as u64;
    -((counts[hit] + 1) as f64 / all as f64).log2()
}

/// Wilson's 95 % interval of a share (Wilson 1927).
pub fn wilson(hits: f64, n: f64) -> (f64, f64) {
    let z = 1.959_963_985;
    if n <= 0.0 {
        return (0.0, 1.0);
    }
    let p = hits / n;
    let middle = p + z * z / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    (((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: f64, right: f64) {
        assert!((found - right).abs() < 1e-8 * right.abs().max(1.0), "{found}, not {right}");
    }

    fn ten() -> Vec<Forecast> {
        let p = [0.1, 0.1, 0.1, 0.1, 0.4, 0.4, 0.4, 0.8, 0.8, 0.8];
        let o = [0, 0, 0, 1, 0, 1, 0, 1, 1, 0];
        p.into_iter().zip(o.map(|o| o == 1)).collect()
    }

    #[test]
    fn brier_falls_apart_as_published() {
        let Murphy { reliability, resolution, uncertainty, within, bins } = murphy(&ten(), 10);
        close(brier(&ten()), 0.224);
        close(reliability, 0.015_666_666_7);
        close(resolution, 0.031_666_666_7);
        close(uncertainty, 0.24);
        assert!(within.abs() < 1e-12 && bins.len() == 3);
        close(1.0 - brier(&ten()) / uncertainty, 0.066_666_666_7);
        close(logarithmic(&ten()), 0.661_233_363_4);
        assert_eq!([floored(0.0, 4.0), floored(0.3, 4.0), floored(1.0, 4.0)], [0.1, 0.3, 0.9]);
    }

    #[test]
    fn crps_is_that_of_the_published_ensembles() {
        let five = [1.0, 2.0, 3.0, 4.0, 5.0];
        close(crps(&five, 2.5, false), 0.5);
        close(crps(&five, 2.5, true), 0.3);
        close(crps(&[0.0, 0.0, 0.0, 10.0], 4.0, false), 2.625);
        close(crps(&[0.0, 0.0, 0.0, 10.0], 4.0, true), 2.0);
        close(crps(&[3.0], 5.0, false), 2.0);
        close(crps(&[3.0], 5.0, true), 2.0);
    }

    #[test]
    fn intervals_and_bins_are_scored_as_published() {
        for (outcome, score) in [(5.0, 6.0), (1.0, 26.0), (10.0, 46.0)] {
            close(interval_score(2.0, 8.0, 0.1, outcome), score);
        }
        let mut counts = [0; 11];
        counts[4] = 1000;
        close(ignorance(&counts, 4), 0.014_341_02);
        close(ignorance(&counts, 0), 9.981_567_28);
    }

    #[test]
    fn a_share_has_wilsons_interval() {
        // NAVCO 2.1: 74 of 157 campaigns.
        let (low, high) = wilson(74.0, 157.0);
        close((low * 1e4).round(), 3949.0);
        close((high * 1e4).round(), 5492.0);
        assert_eq!(wilson(0.0, 0.0), (0.0, 1.0));
        assert!(brier(&[]).is_nan());
    }
}
