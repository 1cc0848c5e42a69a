//! Approximate Bayesian computation by sequential Monte Carlo.
//!
//! Particles that come near history survive, are multiplied, and walk on; what counts as near
//! shrinks from round to round (Del Moral, Doucet & Jasra 2012, "An adaptive sequential Monte
//! Carlo method for approximate Bayesian computation", Statistics and Computing 22). A particle
//! walks by preconditioned Crank-Nicolson steps, `z' = sqrt(1 - b²) z + b ξ`, which leave the
//! standard normal prior as it is whatever the number of dimensions (Cotter, Roberts, Stuart &
//! White 2013, "MCMC methods for functions", Statistical Science 28). With some 150 parameters the
//! kernel weights of the older scheme (Toni et al. 2009; Beaumont et al. 2009) would leave a
//! handful of particles; here all particles weigh the same.

use crate::normal::{normals, uniform};
use crate::space::{Point, RESAMPLING, STEP};
use serde::{Deserialize, Serialize};

/// What can be simulated: points and their distances from what was observed.
pub trait Simulator {
    /// Distances of points, each with luck of its own, numbered from `first`; those beyond `limit`
    /// may be infinite.
    fn distances(&self, points: &[Point], first: u32, limit: f64) -> Vec<f64>;
}

impl Simulator for crate::space::Space<'_> {
    fn distances(&self, points: &[Point], first: u32, limit: f64) -> Vec<f64> {
        crate::space::Space::distances(self, points, first, limit)
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
    /// Simulations so far: the number of the next one's luck.
    pub simulated: u32,
    /// Rounds so far.
    pub rounds: Vec<Round>,
}

/// What a round did.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
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

/// How rounds go.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Share of the particles that survive a round.
    pub keep: f64,
    /// Steps that each particle tries in a round.
    pub steps: u32,
    /// Most rounds.
    pub rounds: u32,
    /// Share of the particles that move in a round below which it ends: what is nearer still owes it
    /// to luck, and copies of lucky particles would pile up.
    pub least_moved: f64,
    /// Tolerance at which it ends.
    pub least_tolerance: f64,
}

impl Default for Course {
    fn default() -> Course {
        Course { keep: 0.6, steps: 5, rounds: 20, least_moved: 0.5, least_tolerance: 0.0 }
    }
}

impl Population {
    /// Particles with their distances, as drawn.
    pub fn new(points: Vec<Point>, distances: Vec<f64>, simulated: u32) -> Population {
        let tolerance = distances.iter().copied().filter(|d| d.is_finite()).fold(0.0, f64::max);
        Population { points, distances, tolerance, step: 0.5, simulated, rounds: vec![] }
    }

    /// Whether it is done.
    pub fn done(&self, course: &Course) -> bool {
        self.rounds.len() as u32 >= course.rounds
            || self.tolerance <= course.least_tolerance
            || self.rounds.last().is_some_and(|round| round.moved < course.least_moved)
    }

    /// One round: those that are near survive, are multiplied to `size` particles, and walk on.
    pub fn round(&mut self, simulator: &impl Simulator, course: &Course, size: usize, seed: u64) {
        let mut sorted: Vec<f64> = self.distances.clone();
        sorted.sort_by(f64::total_cmp);
        let kept = ((sorted.len() as f64 * course.keep) as usize).clamp(1, sorted.len());
        // Where that many are as far as before, those that are nearer: distances may come in steps.
        let nearer = || sorted.iter().rfind(|d| **d < self.tolerance).copied().unwrap_or(self.tolerance);
        let next = if sorted[kept - 1] < self.tolerance { sorted[kept - 1] } else { nearer() };
        self.tolerance = next.max(course.least_tolerance);
        let alive: Vec<usize> =
            (0..self.points.len()).filter(|&i| self.distances[i] <= self.tolerance).collect();
        let number = self.rounds.len() as u32;
        // Systematic resampling: each survivor as often as all others, but for one.
        let offset = uniform(seed, RESAMPLING, number);
        let parent =
            |k: usize| alive[((k as f64 + offset) * alive.len() as f64 / size as f64) as usize % alive.len()];
        let parents: Vec<usize> = (0..size).map(parent).collect();
        self.points = parents.iter().map(|&i| self.points[i].clone()).collect();
        self.distances = parents.iter().map(|&i| self.distances[i]).collect();
        let (mut taken, mut moved) = (0, vec![false; size]);
        for _ in 0..course.steps {
            let first = self.simulated;
            let proposals: Vec<Point> = self
                .points
                .iter()
                .enumerate()
                .map(|(k, point)| self.proposal(point, seed, first + k as u32))
                .collect();
            let distances = simulator.distances(&proposals, first, self.tolerance);
            self.simulated += size as u32;
            let mut now = 0;
            for (k, (point, distance)) in proposals.into_iter().zip(distances).enumerate() {
                if distance <= self.tolerance {
                    (self.points[k], self.distances[k], moved[k]) = (point, distance, true);
                    now += 1;
                }
            }
            taken += now;
            // Near a quarter, where such walks go far (Roberts & Rosenthal 2001, "Optimal scaling
            // for various Metropolis-Hastings algorithms").
            let share = now as f64 / size as f64;
            self.step = (self.step * libm::exp(2.0 * (share - 0.25))).clamp(0.05, 1.0);
        }
        self.rounds.push(Round {
            tolerance: self.tolerance,
            accepted: f64::from(taken) / (f64::from(course.steps) * size as f64),
            moved: moved.iter().filter(|&&m| m).count() as f64 / size as f64,
            survivors: alive.len() as u32,
            step: self.step,
            simulated: self.simulated,
        });
    }

    fn proposal(&self, point: &[f64], seed: u64, number: u32) -> Point {
        let fresh = normals(seed, STEP, number, point.len());
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
        fn distances(&self, points: &[Point], first: u32, _: f64) -> Vec<f64> {
            let heads = |k: usize, p: f64| {
                let tosses = normals(99, 9, first + k as u32, 20);
                tosses.into_iter().filter(|z| cdf(*z) < p).count() as f64
            };
            points.iter().enumerate().map(|(k, z)| (heads(k, cdf(z[0])) - 14.0).abs()).collect()
        }
    }

    /// One observation of 1 with a normal error, of a mean with prior N(0, 10²).
    struct Mean;
    impl Simulator for Mean {
        fn distances(&self, points: &[Point], first: u32, _: f64) -> Vec<f64> {
            let seen = |k: usize, z: f64| 10.0 * z + normals(98, 9, first + k as u32, 1)[0];
            points.iter().enumerate().map(|(k, z)| (seen(k, z[0]) - 1.0).abs()).collect()
        }
    }

    fn posterior(simulator: &impl Simulator, least: f64, dimensions: usize) -> Vec<f64> {
        let size = 4000;
        let points: Vec<Point> = (0..size).map(|k| normals(5, 1, k, dimensions)).collect();
        let distances = simulator.distances(&points, 0, f64::INFINITY);
        let mut all = Population::new(points, distances, size);
        let course = Course { least_tolerance: least, rounds: 40, least_moved: 0.0, ..Course::default() };
        while !all.done(&course) {
            all.round(simulator, &course, size as usize, 5);
        }
        for _ in 0..3 {
            all.round(simulator, &course, size as usize, 5);
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
    fn a_coin_has_its_beta_posterior_whatever_the_dimensions() {
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
