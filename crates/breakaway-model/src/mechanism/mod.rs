//! The thirteen mechanisms, one file each, in the order of the day.
//!
//! The doc comment of each file is its page of the manual, its `parameters!` block is its part of
//! the parameter table, and its `step` is one day.

use crate::dispatch::Simd;
use crate::draw;
use crate::lanes::{Count, Lane};
use crate::params::Params;
use crate::rng::Luck;
use crate::world::World;

pub mod centre;
pub mod citizens;
pub mod cohesion;
pub mod combat;
pub mod command;
pub mod desertion;
pub mod guards;
pub mod home;
pub mod manpower;
pub mod movements;
pub mod officials;
pub mod regions;
pub mod supply;

/// What a mechanism reads on a day but does not change.
#[derive(Clone, Copy)]
pub struct Day<'a> {
    /// The world.
    pub world: &'a World,
    /// The parameters of the simulations.
    pub params: &'a Params,
    /// The random numbers of the simulations.
    pub luck: &'a Luck,
    /// The day, from 1.
    pub number: u32,
    /// The vector instructions to use.
    pub simd: Simd,
}

/// Days between two updates of what changes over months. Each region has its own weekday, so
/// that the work is spread and nothing happens everywhere at once.
pub const WEEK: f32 = 7.0;
/// Days between two updates of citizens and garrisons, who respond within a week or two.
pub const CROWD_PACE: f32 = 2.0;
/// Days between two updates of officials, who respond within weeks.
pub const OFFICE_PACE: f32 = 4.0;

impl Day<'_> {
    /// Whether this is the region's weekday.
    #[inline(always)]
    pub fn is_weekday_of(&self, region: usize) -> bool {
        self.is_turn_of(region, WEEK)
    }

    /// Whether it is the region's turn, which comes every `pace` days.
    #[inline(always)]
    pub fn is_turn_of(&self, region: usize, pace: f32) -> bool {
        (self.number as usize + region).is_multiple_of(pace as usize)
    }

    /// The number of regions before this one that have the same turn. The random numbers of a turn
    /// are consecutive.
    #[inline(always)]
    pub fn turn_of(&self, region: usize, pace: f32) -> usize {
        region / pace as usize
    }

    /// How many of `n` people act, if each acts with probability `p`; see [`draw::binomial`].
    #[inline(always)]
    fn binomial(&self, n: Count, p: Lane, u: Lane) -> Count {
        // Usually nobody acts, and a quick test shows it: somebody acts with a probability of at
        // most the mean, and small uniforms are large numbers.
        let mean = n.real() * p;
        let some = mean.gt(u) | mean.gt(draw::FEW) | p.gt(0.5);
        if (n.gt(0) & p.gt(0.0) & some).any() { draw::binomial(self.simd, &n, &p, &u) } else { Count::ZERO }
    }

    /// Splits `n` people into those to whom the first thing happens, those to whom the second
    /// happens, and the rest: a multinomial draw as two binomials. Returns (first, second); `p + q`
    /// above one counts as one.
    #[inline(always)]
    fn split(&self, n: Count, p: Lane, q: Lane, u: Lane, v: Lane) -> (Count, Count) {
        let first = self.binomial(n, p, u);
        let left = 1.0 - p.unit();
        let second = self.binomial(n - first, q / left.max(Lane::splat(1e-6)), v);
        (first, second)
    }

    /// Openness of a polity today.
    #[inline(always)]
    pub fn openness(&self, polity: usize) -> f32 {
        let days = &self.world.polities[polity].openness;
        days.get(self.number as usize).or(days.last()).copied().unwrap_or(0.0)
    }
}

/// One step from `x` towards `goal` with a time constant of `days`.
#[inline(always)]
fn toward(x: Lane, goal: Lane, days: Lane) -> Lane {
    x + (goal - x) / days
}

/// A log-normal number with mean one, from a uniform.
#[inline(always)]
fn lognormal(u: Lane, sigma: Lane) -> Lane {
    (sigma * u.normal_quantile() - sigma * sigma * 0.5).exp()
}
