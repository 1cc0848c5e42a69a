//! The space of what is not known: parameters of the model, and each case's unknown quantities, as
//! standard normal coordinates.
//!
//! No parameter is quite the same in Vienna in 1918 and in Kabul in 2021. A case has its own, of which
//! a part is common to all cases and what calibration looks for; the rest is the case's own chance:
//! `z = √common · shared + √(1 - common) · own` (partial pooling of exchangeable cases; Gelman et al.
//! 2013, "Bayesian data analysis", chapter 5). The prior stays as it is. The smaller the common part
//! is, the less what is learned of it says about another case.

use crate::case::Case;
use crate::normal::{cdf, normals, purpose};
use crate::summary::{EventDays, distance, event_days};
use breakaway_ensemble::simulate::events;
use breakaway_ensemble::{Context, Stopped, parallel};
use breakaway_model::dispatch::Simd;
use breakaway_model::event::Event;
use breakaway_model::lanes::{Lane, WIDTH};
use breakaway_model::params::{Params, table};
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
    /// The cases, those that are simulated soonest first.
    order: Vec<usize>,
    /// Seed of all chance.
    pub seed: u64,
    simd: Simd,
}

/// Part of a parameter's variance that is common to all cases (judgement: half).
pub const COMMON: f64 = 0.5;

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
        normals(self.seed, purpose::PRIOR, number, self.dimensions())
    }

    /// Points drawn from the prior, by their numbers.
    ///
    /// # Errors
    /// [`Stopped`] where the context was cancelled.
    pub fn draws(&self, numbers: Range<u32>, context: &Context) -> Result<Vec<Point>, Stopped> {
        let draw = |number| {
            context.check()?;
            Ok(self.draw(number))
        };
        numbers.map(draw).collect()
    }

    /// The coordinates of a case's parameters: the common part of a point, and the case's own chance,
    /// by a number.
    fn of_case(&self, point: &[f64], chance: u64, number: u32) -> impl Iterator<Item = f64> {
        let (common, rest) = (libm::sqrt(COMMON), libm::sqrt(1.0 - COMMON));
        let own = normals(self.seed ^ chance, purpose::OF_CASE, number, self.shared);
        point[..self.shared].iter().zip(own).map(move |(z, x)| common * z + rest * x)
    }

    /// The coordinates of a case that is none of these.
    pub fn of_another(&self, point: &[f64], number: u32) -> Point {
        self.of_case(point, 0, number).collect()
    }

    /// What a point means in a case, with the case's own chance of a number: the values of its
    /// parameters and unknown quantities.
    pub fn values(&self, case: usize, point: &[f64], number: u32) -> Vec<f32> {
        let own = self.cases[case];
        let coordinates =
            self.of_case(point, own.chance, number).chain(point[self.own(case)].iter().copied());
        let priors = &own.scenario.priors;
        priors.iter().zip(coordinates).map(|(prior, z)| prior.quantile(cdf(z)) as f32).collect()
    }

    /// Simulates a case at some points, each with the chance of its number. None where it fails.
    ///
    /// # Errors
    /// [`Stopped`] where the context was cancelled.
    pub fn simulate(
        &self,
        case: usize,
        points: &[(&Point, u32)],
        context: &Context,
    ) -> Result<Vec<Option<EventDays>>, Stopped> {
        let chunks: Vec<&[(&Point, u32)]> = points.chunks(WIDTH).collect();
        let all = parallel::try_map(context, &chunks, |chunk| self.together(case, chunk, context))?;
        Ok(all.into_iter().flatten().collect())
    }

    /// Simulates a case at the points of one vector.
    fn together(
        &self,
        case: usize,
        chunk: &[(&Point, u32)],
        context: &Context,
    ) -> Result<Vec<Option<EventDays>>, Stopped> {
        context.check()?;
        let own = self.cases[case];
        let scenario = &own.scenario;
        let last = chunk.len() - 1;
        let mut values = vec![Lane::ZERO; scenario.priors.len()];
        for (lane, (point, number)) in chunk.iter().enumerate() {
            for (value, x) in values.iter_mut().zip(self.values(case, point, *number)) {
                value.0[lane] = x;
            }
        }
        for value in &mut values {
            let fill = value.0[last];
            value.0[chunk.len()..].fill(fill);
        }
        let params = Params::from_lanes(&values);
        let numbers = std::array::from_fn(|lane| chunk[lane.min(last)].1);
        let lanes = events(scenario, &params, self.simd, self.seed ^ own.chance, numbers, context)?;
        let days = |lane: Option<Vec<Event>>| lane.map(|events| event_days(own, &events));
        Ok(lanes.into_iter().take(chunk.len()).map(days).collect())
    }

    /// How far the simulations of all cases are from history at some points, the mean over cases;
    /// `first` is the number of the first point's chance, the others follow. Where it is beyond `limit`
    /// (or the simulation fails) it is infinite: cases that cannot matter any more are not simulated.
    ///
    /// # Errors
    /// [`Stopped`] where the context was cancelled.
    pub fn distances(
        &self,
        points: &[Point],
        first: u32,
        limit: f64,
        context: &Context,
    ) -> Result<Vec<f64>, Stopped> {
        let n = self.cases.len() as f64;
        let mut sums = vec![0.0; points.len()];
        for &c in &self.order {
            let left: Vec<usize> = (0..points.len()).filter(|&k| sums[k] <= limit * n).collect();
            let asked: Vec<(&Point, u32)> = left.iter().map(|&k| (&points[k], first + k as u32)).collect();
            for (k, days) in left.into_iter().zip(self.simulate(c, &asked, context)?) {
                sums[k] += days.map_or(f64::INFINITY, |days| distance(self.cases[c], &days));
            }
        }
        Ok(sums.into_iter().map(|sum| if sum <= limit * n { sum / n } else { f64::INFINITY }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_case_has_in_common_with_others_is_half_of_its_parameters() {
        let space = Space::new(vec![], 3);
        let points: Vec<Point> = (0..200).map(|k| space.draw(k)).collect();
        let pairs: Vec<(f64, f64)> = (0..)
            .zip(&points)
            .flat_map(|(k, point)| point.iter().copied().zip(space.of_another(point, k)))
            .collect();
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / pairs.len() as f64;
        let variance = mean(&|(_, another)| another * another);
        let together = mean(&|(point, another)| point * another);
        assert!((variance - 1.0).abs() < 0.03, "the prior stays as it is: {variance}");
        assert!((together - 0.5_f64.sqrt()).abs() < 0.03, "{together}");
    }
}
