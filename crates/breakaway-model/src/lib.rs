//! The coupled model: front, desertion, armed bands, officials, protest, movements, secession
//! and the fall of the centre, as four loyalties that draw on one scarce stock of armed people.
//!
//! Members run side by side: a [`lanes::Lane`] is one quantity in sixteen members. The model
//! does no input or output and knows no file, date or thread. A member's trajectory is a
//! function of the world, its parameters, the seed and its number, to the last bit.
//!
//! ```
//! use breakaway_model::{MemberVector, dispatch::Simd, params, world::{Polity, Region, World}};
//!
//! let region = Region { population: 1000, officials: 10, guards: 3, income: 1.0, ..Region::default() };
//! let polity = Polity { regions: 0..1, strength: 0.8, baseline: 0.8, ..Polity::default() };
//! let world = World { days: 30, regions: vec![region], polities: vec![polity], ..World::default() }.settle();
//! let params = params::Params::from_lanes(&params::medians());
//! let mut members = MemberVector::new(&world, &params, Simd::best(), 1, std::array::from_fn(|i| i as u32));
//! while members.day() < world.days {
//!     members.advance();
//! }
//! assert_eq!(members.state.people.total(), [1000; 16]);
//! ```

/// The version of the model: raised by hand with every change that moves numbers, and part of what
/// identifies a run. The test of the pinned run fails where numbers move without it.
pub const MODEL_VERSION: u32 = 5;

pub mod day;
pub mod dispatch;
pub mod draw;
pub mod entity;
pub mod event;
pub mod lanes;
mod maths;
pub mod mechanism;
pub mod nearness;
pub mod observe;
pub mod params;
pub mod people;
pub mod rng;
mod start;
pub mod state;
pub mod world;

use dispatch::Simd;
use event::Log;
use lanes::WIDTH;
use params::Params;
use rng::RandomStreams;
use state::State;
use world::World;

/// One vector of members on their way through time.
pub struct MemberVector<'a> {
    world: &'a World,
    params: &'a Params,
    simd: Simd,
    random: RandomStreams,
    day: u32,
    /// Where they stand.
    pub state: State,
    /// What has happened to them so far.
    pub log: Log,
}

impl<'a> MemberVector<'a> {
    /// Members with these numbers, on day 0.
    pub fn new(
        world: &'a World,
        params: &'a Params,
        simd: Simd,
        seed: u64,
        numbers: [u32; WIDTH],
    ) -> MemberVector<'a> {
        let random = RandomStreams::new(simd, seed, numbers);
        MemberVector {
            simd,
            world,
            params,
            random,
            day: 0,
            state: State::new(world, &random),
            log: Log::default(),
        }
    }

    /// The same members, with their past and their random, in another world from now on. What the
    /// state takes from its world on day 0 is to be the same in both.
    pub fn fork(&self, world: &'a World) -> MemberVector<'a> {
        MemberVector { world, state: self.state.clone(), log: self.log.clone(), ..*self }
    }

    /// From now on each member draws the random numbers of its number here. A member whose number
    /// stays the same continues as it would have.
    pub fn reseed(&mut self, numbers: [u32; WIDTH]) {
        let fresh = self.random.differs(&numbers);
        self.random = self.random.of(numbers);
        self.state.set_clocks(&self.random, self.day, fresh);
    }

    /// Their world.
    pub fn world(&self) -> &'a World {
        self.world
    }

    /// The last day that has passed.
    pub fn day(&self) -> u32 {
        self.day
    }

    /// Lets a day pass.
    pub fn advance(&mut self) {
        self.day += 1;
        let cx = mechanism::Day {
            world: self.world,
            params: self.params,
            random: &self.random,
            number: self.day,
            simd: self.simd,
        };
        day::day(&cx, &mut self.state, &mut self.log);
    }
}
