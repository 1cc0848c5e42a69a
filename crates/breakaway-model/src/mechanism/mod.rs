//! The mechanisms, one file each, in the order of the day.
//!
//! Each file's doc comment is its page of the manual; its `parameters!` block is its part of
//! the parameter table; its `step` is one day.

use crate::dispatch::Simd;
use crate::draw;
use crate::event::Log;
use crate::lanes::{Count, Lane};
use crate::params::Spec;
use crate::rng::RandomStreams;
use crate::state::State;
use crate::world::World;

macro_rules! mechanisms {
    ($( $(#[doc = $doc:literal])+ $module:ident = $variant:ident; )+) => {
        $( pub mod $module; )+

        /// The mechanisms, in the order of the day.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(usize)]
        pub enum Mechanism { $( $(#[doc = $doc])+ $variant, )+ }

        /// All mechanisms with their names, in the order of the day.
        pub const MECHANISMS: &[(Mechanism, &str)] =
            &[ $( (Mechanism::$variant, stringify!($module)), )+ ];

        /// One day of each mechanism, compiled for each set of vector instructions.
        pub(crate) const STEPS: &[(Mechanism, Step)] =
            &[ $( (Mechanism::$variant, steps::$module), )+ ];

        mod steps {
            use super::Day;
            use crate::dispatch::dispatched;
            use crate::event::Log;
            use crate::state::State;

            $( dispatched! { pub(crate) fn $module(cx: &Day, s: &mut State, log: &mut Log) = super::$module::step; } )+
        }

        /// The parameters of all mechanisms, and what the scenario leaves unknown.
        #[derive(Clone, Debug, Default)]
        pub struct Params {
            /// The scenario's unknown quantities, in its order.
            pub unknown: Vec<Lane>,
            $( #[doc = concat!("Of the mechanism `", stringify!($module), "`.")]
               pub $module: $module::Params, )+
        }

        impl Params {
            /// From one value a parameter, in the order of [`table`], then one for each of the
            /// scenario's unknown quantities.
            pub fn from_lanes(values: &[Lane]) -> Params {
                let mut values = values.iter().copied();
                $( let $module = $module::Params::take(&mut values); )+
                Params { $( $module, )+ unknown: values.collect() }
            }
        }

        /// The whole table of parameters, in the order of the day.
        pub fn table() -> impl Iterator<Item = &'static Spec> {
            [$( $module::TABLE ),+].into_iter().flatten()
        }
    };
}

// Each mechanism is declared here and nowhere else: its file, its place in the day, its name, its
// parameters and its switch follow from this list.
mechanisms! {
    /// Supply over crossings.
    supply = Supply;
    /// Attrition and movement of the line.
    combat = Combat;
    /// Cohesion and rout.
    cohesion = Cohesion;
    /// Desertion and capture.
    desertion = Desertion;
    /// Withdrawal, reserves, loss of sectors.
    command = Command;
    /// Intake, training, burden.
    manpower = Manpower;
    /// Deserters' way home, bands.
    home = Home;
    /// Protest.
    citizens = Citizens;
    /// Administration.
    officials = Officials;
    /// Garrisons.
    guards = Guards;
    /// Movements in exile and at home.
    movements = Movements;
    /// Declarations and contests.
    regions = Regions;
    /// Regime strength and fall; guards moved.
    centre = Centre;
}

/// One day of a mechanism.
pub(crate) type Step = fn(Simd, &Day, &mut State, &mut Log);

/// The mechanisms that are switched off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches(u32);

const _: () = assert!(MECHANISMS.len() <= u32::BITS as usize);

impl Switches {
    /// Switches one off.
    pub fn switch_off(&mut self, mechanism: Mechanism) {
        self.0 |= 1 << mechanism as usize;
    }

    /// Whether it runs.
    pub fn runs(self, mechanism: Mechanism) -> bool {
        self.0 & (1 << mechanism as usize) == 0
    }
}

/// What a mechanism is given for a day and does not change.
#[derive(Clone, Copy)]
pub struct Day<'a> {
    /// The world.
    pub world: &'a World,
    /// The members' parameters.
    pub params: &'a Params,
    /// The members' random.
    pub random: &'a RandomStreams,
    /// The day, from 1.
    pub number: u32,
    /// Vector instructions to use.
    pub simd: Simd,
}

/// Days between two updates of what moves over months, not days: each region has its
/// weekday, so that the work is spread and nothing happens everywhere at once.
pub const WEEK: f32 = 7.0;
/// Days between two updates of citizens and garrisons, who answer within a week or two.
pub const CROWD_PACE: f32 = 2.0;
/// Days between two updates of officials, who answer within weeks.
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

    /// How many regions of the same turn stand before it: numbers that belong to a turn follow
    /// each other.
    #[inline(always)]
    pub fn turn_of(&self, region: usize, pace: f32) -> usize {
        region / pace as usize
    }

    /// How many of `n` people do what each does with probability `p`; see [`draw::binomial`].
    #[inline(always)]
    fn binomial(&self, n: Count, p: Lane, u: Lane) -> Count {
        // Mostly nobody acts, and that is soon known: somebody acts with a probability of at most
        // the mean, and small uniforms are large numbers.
        let mean = n.real() * p;
        let some = mean.gt(u) | mean.gt(draw::FEW) | p.gt(0.5);
        if (n.gt(0) & p.gt(0.0) & some).any() { draw::binomial(self.simd, &n, &p, &u) } else { Count::ZERO }
    }

    /// Splits `n` people into those for whom each of two things happens and the rest: a
    /// multinomial draw as two binomials. Returns (first, second); `p + q` above one counts as
    /// one.
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
