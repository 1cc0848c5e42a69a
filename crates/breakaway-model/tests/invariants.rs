//! What holds for every member of every world: people are conserved, no stock falls below
//! nought, numbers stay numbers, and the bits do not depend on the processor or on company.

mod worlds;

use breakaway_model::Members;
use breakaway_model::dispatch::Simd;
use breakaway_model::lanes::{Lane, Mask, WIDTH};
use breakaway_model::params::{Params, medians, table};
use breakaway_model::world::{MECHANISMS, World};
use proptest::prelude::*;

fn drawn(points: &[f64]) -> Params {
    let values: Vec<Lane> = table()
        .enumerate()
        .map(|(i, spec)| {
            Lane(std::array::from_fn(|lane| {
                spec.prior.quantile(points[(i * 7 + lane * 3) % points.len()]) as f32
            }))
        })
        .collect();
    Params::from_lanes(&values)
}

fn check_every_day(world: &World, params: &Params, seed: u64) {
    let mut members = Members::new(world, params, Simd::best(), seed, std::array::from_fn(|i| i as u32));
    let before = members.state.people.total();
    while members.day() < world.days {
        members.advance();
        assert_eq!(members.state.people.total(), before, "day {}", members.day());
        assert_eq!(members.state.people.negative(), Mask::NONE, "day {}", members.day());
        assert_eq!(members.state.not_finite(), Mask::NONE, "day {}", members.day());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn people_are_conserved_every_day(
        points in prop::collection::vec(0.0..1.0, 61),
        seed in any::<u64>(),
        regions in 1_usize..9,
        sectors in 1_usize..5,
        population in 1..3_000_000,
        soldiers in 0..90_000,
        strength in 0.05_f32..0.95,
        off in any::<u16>(),
    ) {
        let mut world = worlds::war(regions, sectors, 120);
        for region in &mut world.regions {
            region.population = population;
            region.officials = population / 60;
            region.guards = population / 400;
        }
        for sector in &mut world.sectors {
            sector.sides[0].soldiers = soldiers;
        }
        world.polities[0].strength = strength;
        for (mechanism, _) in MECHANISMS {
            if off >> (mechanism as usize) & 1 == 1 && off & 0x8000 != 0 {
                world.off.switch_off(mechanism);
            }
        }
        check_every_day(&world, &drawn(&points), seed);
    }

    #[test]
    fn the_arithmetic_bears_every_parameter_within_its_bounds(
        corners in prop::collection::vec(any::<bool>(), 211),
        seed in any::<u64>(),
    ) {
        let values: Vec<Lane> = table()
            .enumerate()
            .map(|(i, spec)| Lane::splat(if corners[i % 211] { spec.bounds.1 } else { spec.bounds.0 } as f32))
            .collect();
        check_every_day(&worlds::war(5, 3, 90), &Params::from_lanes(&values), seed);
    }
}

#[test]
fn every_instruction_set_gives_the_same_bits() {
    let world = worlds::war(12, 4, 200);
    let params = drawn(&[0.1, 0.5, 0.83, 0.99, 0.02, 0.4, 0.66]);
    let run = |simd| {
        let mut members = Members::new(&world, &params, simd, 5, std::array::from_fn(|i| 40 + i as u32));
        while members.day() < world.days {
            members.advance();
        }
        format!("{:?} {:?}", members.state, members.log)
    };
    let baseline = run(Simd::BASELINE);
    for simd in Simd::available() {
        assert!(run(simd) == baseline, "{simd:?} differs from the baseline");
    }
}

#[test]
fn a_member_does_not_depend_on_its_company() {
    let world = worlds::war(8, 3, 150);
    let params = Params::from_lanes(&medians());
    let run = |numbers: [u32; WIDTH]| {
        let mut members = Members::new(&world, &params, Simd::best(), 9, numbers);
        while members.day() < world.days {
            members.advance();
        }
        members
    };
    let (here, there) =
        (run(std::array::from_fn(|i| i as u32)), run(std::array::from_fn(|i| 7 + 3 * i as u32)));
    // Member 10 sits in lane 10 here and in lane 1 there.
    let bits = |m: &Members, lane: usize| {
        let regions =
            m.state.regions.iter().map(|r| [r.steady.0[lane].to_bits(), r.burden.0[lane].to_bits()]);
        let sectors =
            m.state.sectors.iter().map(|s| [s.line.0[lane].to_bits(), s.sides[0].cohesion.0[lane].to_bits()]);
        let events = m
            .log
            .events
            .iter()
            .filter(|e| e.lane as usize == lane)
            .map(|e| (e.day, e.kind, e.entity, e.cause));
        (regions.collect::<Vec<_>>(), sectors.collect::<Vec<_>>(), events.collect::<Vec<_>>())
    };
    assert_eq!(bits(&here, 10), bits(&there, 1));
    assert_ne!(bits(&here, 10).1, bits(&there, 2).1);
}
