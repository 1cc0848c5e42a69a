//! What holds for every member of every world: people are conserved, no stock falls below
//! zero, numbers stay numbers, and the bits do not depend on the processor or on company.

mod worlds;

use breakaway_model::MemberVector;
use breakaway_model::dispatch::Simd;
use breakaway_model::lanes::{Lane, Mask, WIDTH};
use breakaway_model::params::{Params, table};
use breakaway_model::world::{Amount, Change, MECHANISMS, World};
use proptest::prelude::*;

fn prior_values(points: &[f64]) -> Vec<Lane> {
    table()
        .enumerate()
        .map(|(i, spec)| {
            Lane(std::array::from_fn(|lane| {
                spec.prior.quantile(points[(i * 7 + lane * 3) % points.len()]) as f32
            }))
        })
        .collect()
}

fn drawn(points: &[f64]) -> Params {
    Params::from_lanes(&prior_values(points))
}

fn check_every_day(world: &World, params: &Params, seed: u64) {
    let mut members = MemberVector::new(world, params, Simd::best(), seed, std::array::from_fn(|i| i as u32));
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
            if off >> (*mechanism as usize) & 1 == 1 && off & 0x8000 != 0 {
                world.off.switch_off(*mechanism);
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
        let mut members = MemberVector::new(&world, &params, simd, 5, std::array::from_fn(|i| 40 + i as u32));
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

/// The numbers of one lane, in the order of the fields: every vector in a state is printed as
/// a list of as many numbers as there are lanes.
fn numbers_of_lane(printed: &str, lane: usize) -> Vec<String> {
    let lists = printed.split('[').filter_map(|text| text.split(']').next());
    let lists = lists.map(|list| list.split(", ").collect::<Vec<_>>()).filter(|list| list.len() == WIDTH);
    lists.map(|list| list[lane].to_string()).collect()
}

fn live<'a>(world: &'a World, params: &'a Params, seed: u64, numbers: [u32; WIDTH]) -> MemberVector<'a> {
    let mut members = MemberVector::new(world, params, Simd::best(), seed, numbers);
    while members.day() < world.days {
        members.advance();
    }
    members
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_member_does_not_depend_on_its_company(
        points in prop::collection::vec(0.0..1.0, 61),
        seed in any::<u64>(),
        lane in 0..WIDTH,
        strength in 0.1_f32..0.7,
    ) {
        let mut world = worlds::war(8, 3, 250);
        (world.polities[0].strength, world.polities[0].baseline) = (strength, strength);
        world.regions.iter_mut().for_each(|region| region.organisation = 0.4);
        world.sources[1].pool = 2000;
        // A line that moves fast where it matters: there is more bad news than anybody can hear.
        for sector in &mut world.sectors {
            (sector.importance, sector.tempo) = (1.0, 2.0);
            sector.sides.iter_mut().for_each(|side| side.depth = 10.0);
        }
        // Changes on days that differ between members.
        let add = Amount::Known(-0.1);
        let news = Change::News { polity: 0, add: Amount::Known(0.8) };
        world.undated = vec![
            (0, news),
            (1, Change::Strength { polity: 0, add }),
            (1, Change::Baseline { polity: 0, add }),
            (1, Change::Treasury { polity: 0, add }),
            (0, Change::Identity { polity: 0, factor: Amount::Known(1.5) }),
            (0, Change::Congress { polity: 0, size: Amount::Known(1.0) }),
            (0, Change::HoldGuards { polity: 0, hold: true }),
            (1, Change::HoldGuards { polity: 0, hold: false }),
            (0, Change::Source { source: 1, open: false }),
            (1, Change::Source { source: 1, open: true }),
            (0, Change::Supply { sector: 0, side: 0, set: Amount::Known(0.4) }),
            (1, Change::Crossing { sector: 0, side: 0, factor: Amount::Known(0.3) }),
            (1, Change::Quality { sector: 0, side: 1, factor: Amount::Known(0.9) }),
            (0, Change::Cohesion { sector: 1, side: 0, add }),
            (1, Change::Tempo { sector: 1, set: Amount::Known(0.5) }),
            (1, Change::Withdraw { sector: 0, side: 0 }),
        ];
        let days = |lane: usize, k: usize| (points[(lane * 3 + k) % points.len()] * 240.0) as f32;
        let mut values = prior_values(&points);
        values.extend([0, 1].map(|k| Lane(std::array::from_fn(|lane| days(lane, k)))));
        let params = Params::from_lanes(&values);
        let own: Vec<Lane> = values.iter().map(|value| Lane::splat(value.0[lane])).collect();
        let alone = Params::from_lanes(&own);
        let among = live(&world, &params, seed, std::array::from_fn(|i| i as u32));
        let alone = live(&world, &alone, seed, [lane as u32; WIDTH]);
        let numbers = |members: &MemberVector, lane| numbers_of_lane(&format!("{:?}", members.state), lane);
        prop_assert!(numbers(&among, lane).len() > 300);
        prop_assert_eq!(numbers(&among, lane), numbers(&alone, 0));
        let events = |members: &MemberVector, lane: usize| {
            let own = members.log.events.iter().filter(|event| usize::from(event.lane) == lane);
            own.map(|e| (e.day, e.kind, e.entity, e.cause, e.weight.to_bits())).collect::<Vec<_>>()
        };
        prop_assert_eq!(events(&among, lane), events(&alone, 0));
    }
}
