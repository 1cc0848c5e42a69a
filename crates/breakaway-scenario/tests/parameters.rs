//! No parameter is dead: each changes something in some scenario when it is moved alone.

use breakaway_model::MemberVector;
use breakaway_model::dispatch::Simd;
use breakaway_model::entity::EntityKind;
use breakaway_model::lanes::{Lane, WIDTH};
use breakaway_model::observe::{OBSERVABLES, View};
use breakaway_model::params::{Params, table};
use breakaway_scenario::{Scenario, load};
use std::path::Path;

/// Simulations whose other parameters are spread over their priors.
fn spread(scenario: &Scenario) -> Vec<Lane> {
    let golden = 0.618_033_988_749_895;
    let point = |i: usize, lane: usize| (0.5 + golden * ((i * 37 + 1) * (lane + 1)) as f64).fract();
    let own = |(i, prior): (usize, &breakaway_model::params::Prior)| {
        Lane(std::array::from_fn(|lane| prior.quantile(point(i, lane)) as f32))
    };
    scenario.priors.iter().enumerate().map(own).collect()
}

/// Everything that can be observed at the end, for each simulation.
fn ends(scenario: &Scenario, values: &[Lane]) -> Vec<Vec<u32>> {
    let params = Params::from_lanes(values);
    let world = &scenario.world;
    let mut members = MemberVector::new(world, &params, Simd::best(), 1, std::array::from_fn(|i| i as u32));
    while members.day() < world.days {
        members.advance();
    }
    let view = View::new(world, &members.state, Simd::best());
    let mut ends = vec![vec![]; WIDTH];
    for observable in OBSERVABLES {
        let entities = match observable.of {
            EntityKind::Polity => world.polities.len(),
            EntityKind::Region => world.regions.len(),
            EntityKind::SectorSide => 2 * world.sectors.len(),
        };
        for entity in 0..entities {
            let value = observable.read(&view, entity);
            ends.iter_mut().zip(value.0).for_each(|(end, x)| end.push(x.to_bits()));
        }
    }
    ends
}

#[test]
fn every_parameter_moves_something() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders =
        ["scenarios/three-regions", "cases/russia-1917", "cases/afghanistan-2021", "scenarios/autumn-2022"];
    let mut left: Vec<usize> = (0..table().count()).collect();
    for folder in folders {
        let scenario = load(&root.join(folder), &[] as &[&Path]).expect("a sound scenario");
        let values = spread(&scenario);
        left.retain(|&index| {
            let prior = table().nth(index).expect("a parameter").prior;
            let [low, high] = [0.01, 0.99].map(|p| {
                let mut values = values.clone();
                values[index] = Lane::splat(prior.quantile(p) as f32);
                ends(&scenario, &values)
            });
            // In at least one simulation of sixteen.
            low == high
        });
    }
    let dead: Vec<String> = left.iter().filter_map(|&index| Some(table().nth(index)?.key())).collect();
    assert!(dead.is_empty(), "moved from end to end of their priors, these change nothing: {dead:?}");
}
