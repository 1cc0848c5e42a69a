//! What the benchmarks share: the reference scenario, and members of it at their medians.

use breakaway_model::MemberVector;
use breakaway_model::dispatch::Simd;
use breakaway_model::lanes::WIDTH;
use breakaway_model::params::Params;
use breakaway_scenario::Scenario;
use std::path::Path;

/// The reference scenario.
///
/// # Panics
///
/// If it cannot be read: a benchmark without it is none.
pub fn reference() -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/autumn-2022");
    breakaway_scenario::load(&folder, &[] as &[&Path]).unwrap_or_else(|faults| panic!("{}", faults[0]))
}

/// Simulates one vector of members; the number of region-days that it took.
pub fn simulate(scenario: &Scenario, params: &Params, simd: Simd, first: u32, days: u32) -> u64 {
    let numbers = std::array::from_fn(|i| first + i as u32);
    let mut members = MemberVector::new(&scenario.world, params, simd, 1, numbers);
    for _ in 0..days {
        members.advance();
    }
    std::hint::black_box(&members.state);
    WIDTH as u64 * scenario.world.regions.len() as u64 * u64::from(days)
}
