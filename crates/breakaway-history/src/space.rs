//! The space of what is not known: parameters of the model, and each case's unknown quantities, as
//! standard normal coordinates.
//!
//! No parameter is quite the same in Vienna in 1918 and in Kabul in 2021. A case has its own, of which
//! a part is common to all cases and what calibration looks for, the rest the case's own luck:
//! `z = √common · shared + √(1 - common) · own` (partial pooling of exchangeable cases; Gelman et al.
//! 2013, "Bayesian data analysis", chapter 5). The prior stays as it is. What is learned of
//! the common part says the less of another case, the smaller that part is.

use crate::case::Case;
use crate::normal::{cdf, normals};
use crate::summary::{self, Seen, distance};
use breakaway_ensemble::life::events;
use breakaway_model::dispatch::Simd;
use breakaway_model::lanes::{Lane, WIDTH};
use breakaway_model::params::{Params, table};
use rayon::prelude::*;
use std::ops::Range;

/// A point: one standard normal coordinate for each dimension. A value is the quantile of its
/// prior at the coordinate's probability, so that the prior is the standard normal distribution.
pub type Point = Vec<f64>;

/// Cases, and the space of what is not known of them.
pub struct Space<'a> {
    /// The cases.
    pub cases: Vec<&'a Case>,
    /// Parameters of the model, whose common parts are the first dimensions.
    pub shared: usize,
    /// The cases, those that are soonest simulated first.
    order: Vec<usize>,
    /// Seed of all luck.
    pub seed: u64,
    simd: Simd,
}

/// Part of a parameter's variance that is common to all cases (judgement: half).
pub const COMMON: f64 = 0.5;

/// Purposes of random numbers.
pub(crate) const PRIOR: u32 = 1;
pub(crate) const STEP: u32 = 2;
pub(crate) const RESAMPLING: u32 = 3;
const OF_CASE: u32 = 5;

impl<'a> Space<'a> {
    /// The space of these cases.
    pub fn new(cases: Vec<&'a Case>, seed: u64) -> Space<'a> {
        let mut order: Vec<usize> = (0..cases.len()).collect();
        let work =
            |case: &Case| case.scenario.world.regions.len() as u64 * u64::from(case.scenario.world.days);
        order.sort_by_key(|&c| work(cases[c]));
        Space { cases, shared: table().count(), order, seed, simd: Simd::best() }
    }

    /// Its dimensions.
    pub fn dimensions(&self) -> usize {
        self.shared + self.cases.iter().map(|case| case.scenario.unknowns.len()).sum::<usize>()
    }

    /// The dimensions of a case's own unknown quantities.
    pub fn own(&self, case: usize) -> Range<usize> {
        let before: usize = self.cases[..case].iter().map(|case| case.scenario.unknowns.len()).sum();
        let first = self.shared + before;
        first..first + self.cases[case].scenario.unknowns.len()
    }

    /// A point drawn from the prior.
    pub fn draw(&self, number: u32) -> Point {
        normals(self.seed, PRIOR, number, self.dimensions())
    }

    /// The coordinates of a case's parameters: the common part of a point, and the case's own luck, by
    /// a number.
    fn of_case(&self, point: &[f64], luck: u64, number: u32) -> impl Iterator<Item = f64> {
        let (common, rest) = (libm::sqrt(COMMON), libm::sqrt(1.0 - COMMON));
        let own = normals(self.seed ^ luck, OF_CASE, number, self.shared);
        point[..self.shared].iter().zip(own).map(move |(z, x)| common * z + rest * x)
    }

    /// The coordinates of a case that is none of these.
    pub fn of_another(&self, point: &[f64], number: u32) -> Point {
        self.of_case(point, 0, number).collect()
    }

    /// What a point means in a case, with the case's own luck of a number: the values of its parameters
    /// and unknown quantities.
    pub fn values(&self, case: usize, point: &[f64], number: u32) -> Vec<f32> {
        let own = self.cases[case];
        let coordinates = self.of_case(point, own.luck, number).chain(point[self.own(case)].iter().copied());
        let priors = &own.scenario.priors;
        priors.iter().zip(coordinates).map(|(prior, z)| prior.quantile(cdf(z)) as f32).collect()
    }

    /// Lives through a case at some points, each with the luck of its number. None where it fails.
    pub fn live(&self, case: usize, points: &[(&Point, u32)]) -> Vec<Option<Seen>> {
        let own = self.cases[case];
        let scenario = &own.scenario;
        let chunks = points.par_chunks(WIDTH).flat_map_iter(|chunk| {
            let at = |lane: usize| chunk[lane.min(chunk.len() - 1)];
            let mut values = vec![Lane::ZERO; scenario.priors.len()];
            for (lane, (point, number)) in chunk.iter().enumerate() {
                for (value, x) in values.iter_mut().zip(self.values(case, point, *number)) {
                    value.0[lane] = x;
                }
            }
            for value in &mut values {
                for lane in chunk.len()..WIDTH {
                    value.0[lane] = value.0[chunk.len() - 1];
                }
            }
            let params = Params::from_lanes(&values);
            let numbers = std::array::from_fn(|lane| at(lane).1);
            let lanes = events(scenario, &params, self.simd, self.seed ^ own.luck, numbers);
            let seen = |lane: Option<Vec<_>>| lane.map(|events| summary::member(own, &events));
            lanes.into_iter().take(chunk.len()).map(seen).collect::<Vec<_>>()
        });
        chunks.collect()
    }

    /// How far the courses of all cases lie from history at some points, the mean over cases; the
    /// number of the first point's luck, the others follow. Where it is beyond `limit` (or the
    /// member fails) it is infinite: cases that cannot matter any more are not simulated.
    pub fn distances(&self, points: &[Point], first: u32, limit: f64) -> Vec<f64> {
        let n = self.cases.len() as f64;
        let mut sums = vec![0.0; points.len()];
        for &c in &self.order {
            let left: Vec<usize> = (0..points.len()).filter(|&k| sums[k] <= limit * n).collect();
            let asked: Vec<(&Point, u32)> = left.iter().map(|&k| (&points[k], first + k as u32)).collect();
            for (k, seen) in left.into_iter().zip(self.live(c, &asked)) {
                sums[k] += seen.map_or(f64::INFINITY, |seen| distance(self.cases[c], &seen));
            }
        }
        sums.into_iter().map(|sum| if sum <= limit * n { sum / n } else { f64::INFINITY }).collect()
    }
}
