//! The thirteen mechanisms, one file each, in the order of the day.
//!
//! Each file's doc comment is its page of the manual; its `parameters!` block is its part of
//! the parameter table; its `step` is one day.

use crate::lanes::Lane;
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

/// What a mechanism is given for a day and does not change.
#[derive(Clone, Copy)]
pub struct Day<'a> {
    /// The world.
    pub world: &'a World,
    /// The members' parameters.
    pub params: &'a Params,
    /// The members' luck.
    pub luck: &'a Luck,
    /// The day, from 1.
    pub number: u32,
}

/// Days between two reckonings of what moves over months, not days: each region has its
/// weekday, so that the work is spread and nothing happens everywhere at once.
pub const WEEK: f32 = 7.0;

impl Day<'_> {
    /// Whether this is the region's weekday.
    #[inline(always)]
    pub fn is_weekday_of(&self, region: usize) -> bool {
        (self.number as usize + region) % (WEEK as usize) == 0
    }

    /// Openness of a polity today.
    #[inline(always)]
    pub fn openness(&self, polity: usize) -> f32 {
        let days = &self.world.polities[polity].openness;
        days.get(self.number as usize).or(days.last()).copied().unwrap_or(0.0)
    }
}

/// A step from `x` towards `goal` that covers the distance in `days` (time constant).
#[inline(always)]
fn toward(x: Lane, goal: Lane, days: Lane) -> Lane {
    x + (goal - x) / days
}

/// A log-normal number with mean one, from a uniform.
#[inline(always)]
fn lognormal(u: Lane, sigma: Lane) -> Lane {
    (sigma * u.normal_quantile() - sigma * sigma * 0.5).exp()
}
