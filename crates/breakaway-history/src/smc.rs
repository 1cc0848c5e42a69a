//! Approximate Bayesian computation by sequential Monte Carlo.
//!
//! Particles that come near history survive, are multiplied, and walk on; what counts as near
//! shrinks from round to round (Del Moral, Doucet & Jasra 2012, "An adaptive sequential Monte
//! Carlo method for approximate Bayesian computation", Statistics and Computing 22). A particle
//! walks by preconditioned Crank-Nicolson steps, `z' = sqrt(1 - b²) z + b ξ`, which leave the
//! standard normal prior as it is in any number of dimensions (Cotter, Roberts, Stuart &
//! White 2013, "MCMC methods for functions", Statistical Science 28). With some 150 parameters the
//! kernel weights of the older scheme (Toni et al. 2009; Beaumont et al. 2009) would leave a
//! handful of particles; here all particles weigh the same.

use crate::normal::{normals, purpose, uniform};
use crate::space::{Point, Space};
use breakaway_ensemble::{Context, Stopped};
use serde::{Deserialize, Serialize};

/// What can be simulated: points and their distances from what was observed.
pub trait Simulator {
    /// Distances of points, each with chance of its own, numbered from `first`; those beyond `limit`
    /// may be infinite.
    ///
    /// # Errors
    /// [`Stopped`] where the context was cancelled.
    fn distances(
        &self,
        points: &[Point],
        first: u32,
        limit: f64,
        context: &Context,
    ) -> Result<Vec<f64>, Stopped>;
}

impl Simulator for Space<'_> {
    fn distances(
        &self,
        points: &[Point],
        first: u32,
        limit: f64,
        context: &Context,
    ) -> Result<Vec<f64>, Stopped> {
        Space::distances(self, points, first, limit, context)
    }
}

/// A population of particles, all of one weight.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Population {
    /// Points.
    pub points: Vec<Point>,
    /// Their distances.
    pub distances: Vec<f64>,
    /// What counts as near.
    pub tolerance: f64,
    /// Length of a step, in (0, 1].
    pub step: f64,
    /// Simulations so far: the number of the next one's chance.
    pub simulated: u32,
    /// Rounds so far.
    pub rounds: Vec<Round>,
}

/// What a round did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// What counted as near.
    pub tolerance: f64,
    /// Share of the steps that were taken.
    pub accepted: f64,
    /// Share of the particles that took any step.
    pub moved: f64,
    /// Particles that survived, before they were multiplied to the population.
    pub survivors: u32,
    /// Length of a step.
    pub step: f64,
    /// Simulations so far.
    pub simulated: u32,
}

/// How the rounds go.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmcSettings {
    /// Share of the particles that survive a round.
    pub keep: f64,
    /// Steps that each particle tries in a round.
    pub steps: u32,
    /// Most rounds.
    pub rounds: u32,
    /// Share of the particles that move in a round below which it ends: particles that come nearer then
    /// owe it to chance, and copies of particles that came close by chance would pile up.
    pub least_moved: f64,
    /// Tolerance at which it ends.
    pub least_tolerance: f64,
}

impl Default for SmcSettings {
    fn default() -> SmcSettings {
        SmcSettings { keep: 0.6, steps: 5, rounds: 20, least_moved: 0.5, least_tolerance: 0.0 }
    }
}

impl Population {
    /// Particles with their distances, as drawn.
    pub fn new(points: Vec<Point>, distances: Vec<f64>, simulated: u32) -> Population {
        let tolerance = distances.iter().copied().filter(|d| d.is_finite()).fold(0.0, f64::max);
        Population { points, distances, tolerance, step: 0.5, simulated, rounds: vec![] }
    }

    /// Whether it is done.
    pub fn done(&self, settings: &SmcSettings) -> bool {
        self.rounds.len() as u32 >= settings.rounds
            || self.tolerance <= settings.least_tolerance
            || self.rounds.last().is_some_and(|round| round.moved < settings.least_moved)
    }

    /// The population after one more round: those that are near survive, are multiplied to `size`
    /// particles, and walk on.
    ///
    /// # Errors
    /// [`Stopped`] where the context was cancelled.
    pub fn next_round(
        &self,
        simulator: &impl Simulator,
        settings: &SmcSettings,
        size: usize,
        seed: u64,
        context: &Context,
    ) -> Result<Population, Stopped> {
        let (mut next, survivors) = self.survive(settings, size, seed);
        let (mut taken, mut moved) = (0, vec![false; size]);
        for _ in 0..settings.steps {
            let now = next.walk(simulator, &mut moved, seed, context)?;
            taken += now;
            // Near a quarter, where such walks go far (Roberts & Rosenthal 2001, "Optimal scaling
            // for various Metropolis-Hastings algorithms").
            let share = f64::from(now) / size as f64;
            next.step = (next.step * libm::exp(2.0 * (share - 0.25))).clamp(0.05, 1.0);
        }
        next.rounds.push(Round {
            tolerance: next.tolerance,
            accepted: f64::from(taken) / (f64::from(settings.steps) * size as f64),
            moved: moved.iter().filter(|&&m| m).count() as f64 / size as f64,
            survivors,
            step: next.step,
            simulated: next.simulated,
        });
        Ok(next)
    }

    /// Those that are near, multiplied to `size`; and how many they were.
    fn survive(&self, settings: &SmcSettings, size: usize, seed: u64) -> (Population, u32) {
        let mut sorted: Vec<f64> = self.distances.clone();
        sorted.sort_by(f64::total_cmp);
        let kept = ((sorted.len() as f64 * settings.keep) as usize).clamp(1, sorted.len());
        // Where that many are as far as before, those that are nearer: distances may come in steps.
        let nearer = || sorted.iter().rfind(|d| **d < self.tolerance).copied().unwrap_or(self.tolerance);
        let next = if sorted[kept - 1] < self.tolerance { sorted[kept - 1] } else { nearer() };
        let tolerance = next.max(settings.least_tolerance);
        let alive: Vec<usize> = (0..self.points.len()).filter(|&i| self.distances[i] <= tolerance).collect();
        let number = self.rounds.len() as u32;
        // Systematic resampling: each survivor as often as all others, but for one.
        let offset = uniform(seed, purpose::RESAMPLING, number);
        let parent =
            |k: usize| alive[((k as f64 + offset) * alive.len() as f64 / size as f64) as usize % alive.len()];
        let parents: Vec<usize> = (0..size).map(parent).collect();
        let next = Population {
            points: parents.iter().map(|&i| self.points[i].clone()).collect(),
            distances: parents.iter().map(|&i| self.distances[i]).collect(),
            tolerance,
            step: self.step,
            simulated: self.simulated,
            rounds: self.rounds.clone(),
        };
        (next, alive.len() as u32)
    }

    /// Every particle tries one step; how many took it. Those that did are marked in `moved`.
    fn walk(
        &mut self,
        simulator: &impl Simulator,
        moved: &mut [bool],
        seed: u64,
        context: &Context,
    ) -> Result<u32, Stopped> {
        let first = self.simulated;
        let proposal = |(k, point): (usize, &Point)| {
            context.check()?;
            Ok(self.proposal(point, seed, first + k as u32))
        };
        let proposals: Vec<Point> =
            self.points.iter().enumerate().map(proposal).collect::<Result<_, Stopped>>()?;
        let distances = simulator.distances(&proposals, first, self.tolerance, context)?;
        self.simulated += self.points.len() as u32;
        let mut taken = 0;
        for (k, (point, distance)) in proposals.into_iter().zip(distances).enumerate() {
            if distance <= self.tolerance {
                (self.points[k], self.distances[k], moved[k]) = (point, distance, true);
                taken += 1;
            }
        }
        Ok(taken)
    }

    fn proposal(&self, point: &[f64], seed: u64, number: u32) -> Point {
        let fresh = normals(seed, purpose::STEP, number, point.len());
        let keep = libm::sqrt(1.0 - self.step * self.step);
        point.iter().zip(fresh).map(|(z, x)| keep * z + self.step * x).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal::cdf;

    /// Twenty tosses of a coin of unknown bias, of which fourteen came up.
    struct Coin;
    impl Simulator for Coin {
        fn distances(&self, points: &[Point], first: u32, _: f64, _: &Context) -> Result<Vec<f64>, Stopped> {
            let heads = |k: usize, p: f64| {
                let tosses = normals(99, 9, first + k as u32, 20);
                tosses.into_iter().filter(|z| cdf(*z) < p).count() as f64
            };
            Ok(points.iter().enumerate().map(|(k, z)| (heads(k, cdf(z[0])) - 14.0).abs()).collect())
        }
    }

    /// One observation of 1 with a normal error, of a mean with prior N(0, 10²).
    struct Mean;
    impl Simulator for Mean {
        fn distances(&self, points: &[Point], first: u32, _: f64, _: &Context) -> Result<Vec<f64>, Stopped> {
            let seen = |k: usize, z: f64| 10.0 * z + normals(98, 9, first + k as u32, 1)[0];
            Ok(points.iter().enumerate().map(|(k, z)| (seen(k, z[0]) - 1.0).abs()).collect())
        }
    }

    fn posterior(simulator: &impl Simulator, least: f64, dimensions: usize) -> Vec<f64> {
        let size = 4000;
        let points: Vec<Point> = (0..size).map(|k| normals(5, 1, k, dimensions)).collect();
        let context = Context::new(1);
        let distances = simulator.distances(&points, 0, f64::INFINITY, &context).expect("not stopped");
        let mut all = Population::new(points, distances, size);
        let settings =
            SmcSettings { least_tolerance: least, rounds: 40, least_moved: 0.0, ..SmcSettings::default() };
        let next = |all: &Population| {
            all.next_round(simulator, &settings, size as usize, 5, &context).expect("not stopped")
        };
        while !all.done(&settings) {
            all = next(&all);
        }
        for _ in 0..3 {
            all = next(&all);
        }
        assert!(all.tolerance <= least, "{:?}", all.rounds.last());
        all.points.iter().map(|point| point[0]).collect()
    }

    fn moments(xs: &[f64]) -> (f64, f64) {
        let n = xs.len() as f64;
        let mean = xs.iter().sum::<f64>() / n;
        (mean, (xs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt())
    }

    #[test]
    fn a_coin_has_its_beta_posterior_in_any_number_of_dimensions() {
        // Beta(15, 7): mean 0.681818, deviation 0.097120; within one head: 0.681818 and 0.103681.
        for (least, deviation) in [(0.0, 0.097_120), (1.0, 0.103_681)] {
            for dimensions in [1, 100] {
                let biases: Vec<f64> = posterior(&Coin, least, dimensions).into_iter().map(cdf).collect();
                let (mean, sd) = moments(&biases);
                assert!((mean - 0.681_818).abs() < 0.012, "{least} {dimensions}: {mean}");
                assert!((sd - deviation).abs() < 0.01, "{least} {dimensions}: {sd}");
            }
        }
    }

    #[test]
    fn a_mean_has_its_normal_posterior() {
        // With |error| up to 1: mean 0.986836, variance 1.316427.
        let means: Vec<f64> = posterior(&Mean, 1.0, 1).into_iter().map(|z| 10.0 * z).collect();
        let (mean, sd) = moments(&means);
        assert!((mean - 0.986_836).abs() < 0.1, "{mean}");
        assert!((sd * sd - 1.316_427).abs() < 0.15, "{}", sd * sd);
    }
}
