//! Effects of parameters from a radial design: first-order and total effects, elementary effects.

use crate::methods::bootstrap::{interval, resampled};
use serde::{Deserialize, Serialize};

/// What a radial design gave: the answer at the first points, at the second points, and at the
/// first points with one block of parameters after the other taken from the second.
#[derive(Clone, Debug, Default)]
pub struct Radial {
    /// At the first points.
    pub first: Vec<f64>,
    /// At the second points.
    pub second: Vec<f64>,
    /// At the first points with block `k` from the second: `mixed[k][base point]`.
    pub mixed: Vec<Vec<f64>>,
    /// Variance of an answer that is chance (the mean of few replicates); 0 where there is none.
    pub chance: f64,
}

/// First-order and total effect of a block of parameters, as shares of the variance that is not
/// chance, each with its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effect {
    /// First-order effect: what the block does alone.
    pub first: f64,
    /// Its interval.
    pub first_interval: (f64, f64),
    /// Total effect: what would be left of the variance if all else were known.
    pub total: f64,
    /// Its interval.
    pub total_interval: (f64, f64),
}

impl Radial {
    /// From the answers of all draws in the order of the design, `blocks` + 2 a base point;
    /// a base point with a missing answer is left out whole.
    pub fn of(answers: &[Option<f64>], blocks: usize, chance: f64) -> Radial {
        let mut radial = Radial { mixed: vec![vec![]; blocks], chance, ..Radial::default() };
        for point in answers.chunks_exact(blocks + 2) {
            let Some(point) = point.iter().copied().collect::<Option<Vec<f64>>>() else { continue };
            radial.first.push(point[0]);
            radial.second.push(point[1]);
            radial.mixed.iter_mut().zip(&point[2..]).for_each(|(mixed, y)| mixed.push(*y));
        }
        radial
    }

    /// First-order effects by Saltelli et al. 2010 ("Variance based sensitivity analysis of model
    /// output", Computer Physics Communications 181, estimator b of table 2), total effects by
    /// Jansen 1999 ("Analysis of variance designs for model output", the same 117, estimator f);
    /// intervals by resampling base points. None where the answer does not vary beyond chance.
    pub fn effects(&self, resamples: usize, seed: u64) -> Option<Vec<Effect>> {
        let n = self.first.len();
        let all: Vec<u32> = (0..n as u32).collect();
        let best = self.estimates(&all)?;
        let tries: Vec<Vec<(f64, f64)>> =
            resampled(n, resamples, seed).filter_map(|chosen| self.estimates(&chosen)).collect();
        let effect = |(k, &(first, total)): (usize, &(f64, f64))| Effect {
            first,
            first_interval: interval(tries.iter().map(|estimates| estimates[k].0).collect()),
            total,
            total_interval: interval(tries.iter().map(|estimates| estimates[k].1).collect()),
        };
        Some(best.iter().enumerate().map(effect).collect())
    }

    fn estimates(&self, chosen: &[u32]) -> Option<Vec<(f64, f64)>> {
        let n = chosen.len() as f64;
        let pick = |of: &[f64]| -> Vec<f64> { chosen.iter().map(|&i| of[i as usize]).collect() };
        let (a, b) = (pick(&self.first), pick(&self.second));
        let mean = (a.iter().sum::<f64>() + b.iter().sum::<f64>()) / (2.0 * n);
        let squares: f64 = a.iter().chain(&b).map(|y| (y - mean).powi(2)).sum();
        let variance = squares / (2.0 * n) - self.chance;
        if n < 2.0 || variance <= 1e-12 * (squares / (2.0 * n)) || squares == 0.0 {
            return None;
        }
        let of = |mixed: &Vec<f64>| {
            let (mut first, mut total) = (0.0, 0.0);
            for ((a, b), &i) in a.iter().zip(&b).zip(chosen) {
                let step = mixed[i as usize] - a;
                first += (b - mean) * step;
                total += step * step;
            }
            (first / n / variance, (total / (2.0 * n) - self.chance) / variance)
        };
        Some(self.mixed.iter().map(of).collect())
    }

    /// Elementary effects (Morris 1991, "Factorial sampling plans for preliminary computational
    /// experiments"; radial steps as in Campolongo, Saltelli & Cariboni 2011, "From screening to
    /// quantitative sensitivity analysis") of a block that is one parameter, whose two
    /// coordinates in the unit cube are given for each base point. Steps below a tenth are left
    /// out: chance would be divided by next to nothing.
    pub fn elementary(&self, block: usize, from: &[f64], to: &[f64]) -> Option<Elementary> {
        let steps = from.iter().zip(to).map(|(from, to)| to - from);
        let kept: Vec<(f64, f64)> = (self.mixed[block].iter().zip(&self.first).zip(steps))
            .filter(|(_, step)| step.abs() >= 0.1)
            .map(|((mixed, first), step)| ((mixed - first) / step, 2.0 * self.chance / (step * step)))
            .collect();
        let effects: Vec<f64> = kept.iter().map(|(effect, _)| *effect).collect();
        let chance = kept.iter().map(|(_, chance)| chance).sum::<f64>() / kept.len().max(1) as f64;
        let n = effects.len() as f64;
        if n < 2.0 {
            return None;
        }
        let mean = effects.iter().sum::<f64>() / n;
        let absolute = effects.iter().map(|effect| effect.abs()).sum::<f64>() / n;
        let spread = effects.iter().map(|effect| (effect - mean).powi(2)).sum::<f64>() / (n - 1.0);
        Some(Elementary { mean, absolute, deviation: (spread - chance).max(0.0).sqrt() })
    }
}

/// Elementary effects of a parameter over its whole range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Elementary {
    /// Mean, with sign.
    pub mean: f64,
    /// Mean of the absolute effects.
    pub absolute: f64,
    /// Standard deviation beyond chance: large where it acts together with others, or not in a
    /// straight line.
    pub deviation: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_ensemble::Design;
    use breakaway_ensemble::DesignKind;
    use breakaway_model::params::Prior;
    use std::f64::consts::PI;

    /// Answers of a function of the unit cube on Saltelli's design.
    fn radial(bases: u32, dimensions: usize, f: impl Fn(&[f64]) -> f64) -> (Radial, Vec<Vec<f64>>) {
        let each = dimensions as u32 + 2;
        let design = Design { draws: bases * each, replicates: 1, seed: 1, kind: DesignKind::Saltelli };
        let priors = vec![Prior::Uniform { low: 0.0, high: 1.0 }; dimensions];
        let points: Vec<Vec<f64>> = (0..design.draws)
            .map(|draw| design.parameters(&priors, draw).into_iter().map(f64::from).collect())
            .collect();
        let answers: Vec<_> = points.iter().map(|point| Some(f(point))).collect();
        (Radial::of(&answers, dimensions, 0.0), points)
    }

    fn ishigami(u: &[f64]) -> f64 {
        let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
        x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
    }

    #[test]
    fn ishigami_has_its_known_indices() {
        let (first, total) = ([0.313_905_19, 0.442_411_14, 0.0], [0.557_588_86, 0.442_411_14, 0.243_683_66]);
        for (bases, tolerance) in [(4096, 0.02), (1024, 0.06)] {
            let effects = radial(bases, 3, ishigami).0.effects(100, 1).expect("it varies");
            for (k, effect) in effects.iter().enumerate() {
                assert!((effect.first - first[k]).abs() < tolerance, "S{k} {effect:?}");
                assert!((effect.total - total[k]).abs() < tolerance, "T{k} {effect:?}");
                assert!(
                    effect.total_interval.0 <= total[k] + 0.01 && total[k] <= effect.total_interval.1 + 0.01
                );
            }
        }
    }

    #[test]
    fn the_g_function_has_its_known_indices() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        let g = |u: &[f64]| -> f64 {
            u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
        };
        let effects = radial(4096, 8, g).0.effects(50, 1).expect("it varies");
        let first = [0.716_192, 0.179_048, 0.023_676, 0.007_162, 0.000_072];
        let total = [0.787_144, 0.242_198, 0.034_317, 0.010_460, 0.000_105];
        for k in 0..5 {
            assert!((effects[k].first - first[k]).abs() < 0.02, "S{k} {:?}", effects[k]);
            assert!((effects[k].total - total[k]).abs() < 0.02, "T{k} {:?}", effects[k]);
        }
    }

    #[test]
    fn elementary_effects_of_a_straight_line_are_its_slopes() {
        let coordinates = |points: &[Vec<f64>], k: usize, which: usize| -> Vec<f64> {
            points.chunks_exact(5).map(|point| point[which][k]).collect()
        };
        let (line, points) = radial(64, 3, |u| 2.0 * u[0] - 3.0 * u[1]);
        for (k, slope) in [2.0, -3.0, 0.0].into_iter().enumerate() {
            let (from, to) = (coordinates(&points, k, 0), coordinates(&points, k, 1));
            let found = line.elementary(k, &from, &to).expect("steps");
            assert!((found.mean - slope).abs() < 1e-6 && (found.absolute - slope.abs()).abs() < 1e-6);
            assert!(found.deviation < 1e-6, "{found:?}");
        }
        let (product, points) = radial(256, 3, |u| u[0] * u[1]);
        for k in 0..2 {
            let (from, to) = (coordinates(&points, k, 0), coordinates(&points, k, 1));
            let found = product.elementary(k, &from, &to).expect("steps");
            assert!((0.4..=0.6).contains(&found.absolute), "{found:?}");
        }
    }

    #[test]
    fn chance_is_taken_out() {
        // An answer of one parameter plus chance of variance 1/12: half of the variance is chance.
        let noise = |u: &[f64]| (u.iter().map(|u| u * 7919.0).sum::<f64>() * 1e3).fract() - 0.5;
        let (mut radial, _) = radial(4096, 2, |u| u[0] + noise(u));
        radial.chance = 1.0 / 12.0;
        let effects = radial.effects(20, 1).expect("it varies");
        assert!((effects[0].total - 1.0).abs() < 0.06 && effects[1].total.abs() < 0.06, "{effects:?}");
        assert!((effects[0].first - 1.0).abs() < 0.06 && effects[1].first.abs() < 0.06, "{effects:?}");
    }

    #[test]
    fn what_does_not_vary_has_no_effects_and_what_is_missing_is_left_out() {
        assert_eq!(radial(16, 2, |_| 0.5).0.effects(10, 1), None);
        let answers = [Some(1.0), None, Some(2.0), Some(1.0), Some(0.0), Some(3.0)];
        assert_eq!(Radial::of(&answers, 1, 0.0).first, [1.0]);
    }
}
