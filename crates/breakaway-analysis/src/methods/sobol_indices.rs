//! Effects of parameters from a radial design: first-order and total effects, elementary effects.

use breakaway_ensemble::share::{NORMAL, student};
use serde::{Deserialize, Serialize};

/// What a radial design gave: the answer at the first points, at the second points, and at the
/// first points with one block of parameters after the other taken from the second. An answer is the mean of
/// repeats, which have the same chance at all draws of a base point.
#[derive(Clone, Debug, Default)]
pub struct Radial {
    /// At the first points.
    pub first: Vec<f64>,
    /// At the second points.
    pub second: Vec<f64>,
    /// At the first points with block `k` from the second: `mixed[k][base point]`.
    pub mixed: Vec<Vec<Step>>,
    /// Variance of an answer that is chance (the mean of few replicates); 0 where there is none.
    pub chance: f64,
    /// Repeats of which an answer is the mean, on average.
    pub repeats: f64,
}

/// From an answer at a first point to that with a block of parameters from the second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Step {
    /// How much it grows.
    pub growth: f64,
    /// The square of that, without what it owes to chance.
    pub square: f64,
    /// The product of that with the answer at the second point, without what both owe to chance.
    pub product: f64,
}

impl Step {
    /// Of repeats, each with its answer at the first point, the second point, and the mixed one. Of one repeat, chance
    /// cannot be taken out.
    pub fn of(repeats: &[[f64; 3]]) -> Step {
        let n = repeats.len() as f64;
        let mean = |of: &dyn Fn(&[f64; 3]) -> f64| repeats.iter().map(of).sum::<f64>() / n.max(1.0);
        let step = |[first, _, mixed]: &[f64; 3]| mixed - first;
        let (growth, second) = (mean(&step), mean(&|one| one[1]));
        let (squares, products) = (mean(&|one| step(one).powi(2)), mean(&|one| one[1] * step(one)));
        if n < 2.0 {
            return Step { growth, square: squares, product: products };
        }
        // Of different repeats: these share no chance.
        let apart = |product: f64, together: f64| (n * product - together) / (n - 1.0);
        Step { growth, square: apart(growth * growth, squares), product: apart(second * growth, products) }
    }
}

/// First-order and total effect of a block of parameters, as shares of the variance that is not
/// chance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effect {
    /// First-order effect: what the block does alone.
    pub first: Estimated,
    /// Total effect: what would be left of the variance if all else were known; none where it is not known.
    pub total: Option<Estimated>,
}

/// A number with its standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimated {
    /// The number.
    pub value: f64,
    /// Standard error; of few observations a larger one, so that the normal distribution's quantiles apply.
    pub error: f64,
}

impl Estimated {
    /// The interval that is so many standard errors wide on each side.
    pub fn within(&self, errors: f64) -> (f64, f64) {
        (self.value - errors * self.error, self.value + errors * self.error)
    }
}

impl Radial {
    /// From the repeats of all draws in the order of the design, `blocks` + 2 draws a base point; repeats with a missing
    /// answer are left out, and base points without two repeats (without one, where the design has one).
    pub fn of(draws: &[Vec<Option<f64>>], blocks: usize) -> Radial {
        let mut radial = Radial { mixed: vec![vec![]; blocks], ..Radial::default() };
        // Squares within draws, and how many are free, and the parts of a mean of repeats that are chance.
        let (mut within, mut free, mut part, mut number) = (0.0, 0.0, 0.0, 0.0);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        for point in draws.chunks_exact(blocks + 2) {
            let whole: Vec<Vec<f64>> = (0..point[0].len())
                .filter_map(|repeat| point.iter().map(|draw| draw[repeat]).collect())
                .collect();
            // Of one repeat, where others have more, chance cannot be taken out.
            if whole.len() < point[0].len().min(2) {
                continue;
            }
            let at = |draw: usize| whole.iter().map(|repeat| repeat[draw]).collect::<Vec<f64>>();
            radial.repeats += whole.len() as f64;
            for draw in 0..point.len() {
                let (answers, n) = (at(draw), whole.len() as f64);
                let middle = mean(&answers);
                within += answers.iter().map(|y| (y - middle).powi(2)).sum::<f64>();
                (free, part, number) = (free + n - 1.0, part + 1.0 / n, number + 1.0);
            }
            radial.first.push(mean(&at(0)));
            radial.second.push(mean(&at(1)));
            for (k, mixed) in radial.mixed.iter_mut().enumerate() {
                let repeats: Vec<[f64; 3]> =
                    whole.iter().map(|repeat| [repeat[0], repeat[1], repeat[k + 2]]).collect();
                mixed.push(Step::of(&repeats));
            }
        }
        radial.repeats /= radial.first.len().max(1) as f64;
        radial.chance = if free > 0.0 { within / free * part / number } else { 0.0 };
        radial
    }

    /// First-order effects by Saltelli et al. 2010 ("Variance based sensitivity analysis of model
    /// output", Computer Physics Communications 181, estimator b of table 2), total effects by
    /// Jansen 1999 ("Analysis of variance designs for model output", the same 117, estimator f).
    /// Errors are Student's, of a ratio of means over base points, after two flips more than were seen
    /// (compare Agresti & Min 2005): where hardly any answer flips, what was not seen is not nothing.
    /// None where the answer does not vary beyond chance.
    pub fn effects(&self) -> Option<Vec<Effect>> {
        let n = self.first.len() as f64;
        let both = || self.first.iter().chain(&self.second);
        let mean = both().sum::<f64>() / (2.0 * n);
        let around = |i: usize| ((self.first[i] - mean).powi(2) + (self.second[i] - mean).powi(2)) / 2.0;
        let spread: Vec<f64> = (0..self.first.len()).map(|i| around(i) - self.chance).collect();
        let variance = spread.iter().sum::<f64>() / n;
        let whole = variance + self.chance;
        if n < 2.0 || variance <= 1e-12 * whole || whole <= 0.0 {
            return None;
        }
        let range = both().fold(f64::NEG_INFINITY, |top, y| top.max(*y))
            - both().fold(f64::INFINITY, |low, y| low.min(*y));
        let flip = range / self.repeats;
        let effect = |mixed: &Vec<Step>| {
            let of = |part: &dyn Fn(&Step) -> f64, flip: f64| {
                let value = mixed.iter().map(part).sum::<f64>() / n / variance;
                let rest =
                    mixed.iter().zip(&spread).map(|(step, spread)| (part(step) - value * spread).powi(2));
                let error = ((rest.sum::<f64>() + 2.0 * flip * flip) / (n * (n - 1.0))).sqrt() / variance;
                Estimated { value, error: error * student(n - 1.0) / NORMAL }
            };
            let first = of(&|step| step.product - mean * step.growth, flip * whole.sqrt());
            let total = of(&|step| step.square / 2.0, flip * range / 2.0);
            Effect { first, total: Some(total) }
        };
        Some(self.mixed.iter().map(effect).collect())
    }

    /// Elementary effects (Morris 1991, "Factorial sampling plans for preliminary computational
    /// experiments"; radial steps as in Campolongo, Saltelli & Cariboni 2011, "From screening to
    /// quantitative sensitivity analysis") of a block that is one parameter, whose two
    /// coordinates in the unit cube are given for each base point. Steps below a tenth are left
    /// out: chance would be divided by next to nothing.
    pub fn elementary(&self, block: usize, from: &[f64], to: &[f64]) -> Option<Elementary> {
        let steps = from.iter().zip(to).map(|(from, to)| to - from);
        let kept: Vec<(f64, f64)> = (self.mixed[block].iter().zip(steps))
            .filter(|(_, step)| step.abs() >= 0.1)
            .map(|(mixed, step)| {
                let chance = mixed.growth * mixed.growth - mixed.square;
                (mixed.growth / step, chance / (step * step))
            })
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
        let answers: Vec<_> = points.iter().map(|point| vec![Some(f(point))]).collect();
        (Radial::of(&answers, dimensions), points)
    }

    fn ishigami(u: &[f64]) -> f64 {
        let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
        x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
    }

    #[test]
    fn ishigami_has_its_known_indices() {
        let (first, total) = ([0.313_905_19, 0.442_411_14, 0.0], [0.557_588_86, 0.442_411_14, 0.243_683_66]);
        for (bases, tolerance) in [(4096, 0.02), (1024, 0.06)] {
            let effects = radial(bases, 3, ishigami).0.effects().expect("it varies");
            for (k, effect) in effects.iter().enumerate() {
                let of_all = effect.total.expect("known");
                assert!((effect.first.value - first[k]).abs() < tolerance, "S{k} {effect:?}");
                assert!((of_all.value - total[k]).abs() < tolerance, "T{k} {effect:?}");
                let (low, high) = of_all.within(1.96);
                assert!(low <= total[k] + 0.01 && total[k] <= high + 0.01);
            }
        }
    }

    #[test]
    fn the_g_function_has_its_known_indices() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        let g = |u: &[f64]| -> f64 {
            u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
        };
        let effects = radial(4096, 8, g).0.effects().expect("it varies");
        let first = [0.716_192, 0.179_048, 0.023_676, 0.007_162, 0.000_072];
        let total = [0.787_144, 0.242_198, 0.034_317, 0.010_460, 0.000_105];
        for k in 0..5 {
            let of_all = effects[k].total.expect("known");
            assert!((effects[k].first.value - first[k]).abs() < 0.02, "S{k} {:?}", effects[k]);
            assert!((of_all.value - total[k]).abs() < 0.02, "T{k} {:?}", effects[k]);
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
        // An answer of one parameter plus luck of its own for each repeat, the same at all draws of a base point, and
        // more of it the larger the second parameter: half of the variance of an answer is chance.
        let bases = 4096_u32;
        let design = Design { draws: 4 * bases, replicates: 1, seed: 1, kind: DesignKind::Saltelli };
        let priors = vec![Prior::Uniform { low: 0.0, high: 1.0 }; 2];
        let mut random = crate::methods::bootstrap::random(3);
        let mut draws = vec![];
        for base in 0..bases {
            let luck: [f64; 4] = std::array::from_fn(|_| rand::RngExt::random::<f64>(&mut random) - 0.5);
            for draw in 4 * base..4 * base + 4 {
                let u = design.parameters(&priors, draw);
                draws.push(luck.iter().map(|luck| Some(f64::from(u[0]) + 2.0 * luck)).collect::<Vec<_>>());
            }
        }
        let effects = Radial::of(&draws, 2).effects().expect("it varies");
        for (effect, known) in effects.iter().zip([1.0, 0.0]) {
            let of_all = effect.total.expect("known");
            assert!(
                (effect.first.value - known).abs() < 0.06 && (of_all.value - known).abs() < 0.06,
                "{effects:?}"
            );
        }
    }

    #[test]
    fn repeats_that_share_their_chance_say_what_a_step_does_beyond_it() {
        // Two repeats: one flips from 0 to 1, the other does not.
        let step = Step::of(&[[0.0, 1.0, 1.0], [0.0, 0.0, 0.0]]);
        assert_eq!((step.growth, step.square, step.product), (0.5, 0.0, 0.0));
        assert_eq!(Step::of(&[[0.0, 1.0, 1.0]]), Step { growth: 1.0, square: 1.0, product: 1.0 });
    }

    #[test]
    fn what_does_not_vary_has_no_effects_and_what_is_missing_is_left_out() {
        assert_eq!(radial(16, 2, |_| 0.5).0.effects(), None);
        let answers = [Some(1.0), None, Some(2.0), Some(1.0), Some(0.0), Some(3.0)].map(|y| vec![y]);
        assert_eq!(Radial::of(&answers, 1).first, [1.0]);
    }
}
