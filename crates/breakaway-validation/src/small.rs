//! Small worlds in which one mechanism runs.

use breakaway_ensemble::{Context, Stopped};
use breakaway_model::MemberVector;
use breakaway_model::dispatch::Simd;
use breakaway_model::lanes::{Lane, WIDTH};
use breakaway_model::params::{Params, table};
use breakaway_model::world::{MECHANISMS, World};

/// The medians of all parameters, with some set. A key that is not in the table sets nothing; the
/// test below knows them all.
pub fn params(set: &[(&str, f64)]) -> Params {
    debug_assert!(set.iter().all(|(key, _)| table().any(|spec| spec.key() == *key)), "{set:?}");
    let value = |key: String, median: f64| set.iter().find(|(k, _)| *k == key).map_or(median, |(_, x)| *x);
    let values: Vec<Lane> =
        table().map(|spec| Lane::splat(value(spec.key(), spec.prior.median()) as f32)).collect();
    Params::from_lanes(&values)
}

/// The world with all mechanisms off but one.
pub fn only(mut world: World, kept: &str) -> World {
    for (mechanism, name) in MECHANISMS {
        if *name != kept {
            world.off.switch_off(*mechanism);
        }
    }
    world
}

/// A vector of members, the `batch`-th sixteen of seed 1.
pub fn members<'a>(world: &'a World, params: &'a Params, batch: u32) -> MemberVector<'a> {
    let numbers = std::array::from_fn(|lane| batch * WIDTH as u32 + lane as u32);
    MemberVector::new(world, params, Simd::best(), 1, numbers)
}

/// Lets days pass until a day.
pub fn advance_to(members: &mut MemberVector, day: u32, context: &Context) -> Result<(), Stopped> {
    while members.day() < day {
        members.advance();
        context.check()?;
    }
    Ok(())
}
