//! Worlds for tests: a ring of regions behind a front of a few sectors.
#![allow(dead_code)] // each test file uses its own part

use breakaway_model::MemberVector;
use breakaway_model::dispatch::Simd;
use breakaway_model::lanes::Lane;
use breakaway_model::params::Params;
use breakaway_model::people::Role;
use breakaway_model::world::{
    Belt, Crossing, MECHANISMS, Movement, Polity, Region, Sector, Side, Source, World,
};

/// Leaves only these mechanisms on.
pub(crate) fn only(world: &mut World, kept: &[&str]) {
    for (mechanism, name) in MECHANISMS {
        if !kept.contains(name) {
            world.off.switch_off(*mechanism);
        }
    }
}

/// Sixteen simulations on day 0.
pub(crate) fn begin<'a>(world: &'a World, params: &'a Params) -> MemberVector<'a> {
    MemberVector::new(world, params, Simd::best(), 4, std::array::from_fn(|i| i as u32))
}

/// The simulations after some days.
pub(crate) fn live<'a>(mut members: MemberVector<'a>, days: u32) -> MemberVector<'a> {
    for _ in 0..days {
        members.advance();
    }
    members
}

/// The mean over the simulations.
pub(crate) fn mean(lane: Lane) -> f32 {
    lane.0.iter().sum::<f32>() / lane.0.len() as f32
}

/// Makes a region independent in fact, its guards gone over to its own fighters.
pub(crate) fn secede(members: &mut MemberVector, r: usize) {
    let s = &mut members.state;
    s.regions[r].status = Lane::splat(2.0);
    let [guard, fighter] = [Role::Guard, Role::Fighter].map(|role| s.layout.region(r, role));
    let all = s.people.count(guard);
    s.people.transfer(guard, fighter, all);
}

/// A war between two polities, one of them with a ring of `regions` regions.
pub(crate) fn war(regions: usize, sectors: usize, days: u32) -> World {
    let region = |r: usize, polity: usize, neighbours: Vec<usize>| Region {
        id: format!("r{r}"),
        polity,
        population: 1_500_000,
        officials: 24_000,
        guards: 4000,
        exiles: 50,
        income: 1.0,
        community_share: if r.is_multiple_of(4) { 0.6 } else { 0.0 },
        identity: if r.is_multiple_of(4) { 0.3 } else { 0.0 },
        deputies: 0.1,
        organisation: 0.05,
        movement: r.is_multiple_of(4).then_some(0),
        neighbours,
        service: 1.0 / regions as f32,
        hinterland: if r < 4 { 0.25 } else { 0.0 },
        ..Region::default()
    };
    let ring = |r: usize| vec![(r + regions - 1) % regions, (r + 1) % regions];
    let mut all: Vec<Region> = (0..regions).map(|r| region(r, 0, ring(r))).collect();
    all.push(Region { hinterland: 1.0, service: 1.0, ..region(regions, 1, vec![]) });
    let polity = |id: &str, regions: std::ops::Range<usize>| Polity {
        id: id.into(),
        capital: regions.start + 1.min(regions.len() - 1),
        regions,
        strength: 0.72,
        baseline: 0.8,
        treasury: 0.5,
        news: 0.1,
        reserve: 15_000,
        reserve_quality: 0.8,
        wounded: 10_000,
        army_target: 200_000,
        mobile_guards: 30_000,
        openness: vec![0.1],
        ..Polity::default()
    };
    let side = |polity: usize, crossing: bool| Side {
        polity,
        soldiers: 28_000,
        establishment: 30_000,
        quality: 0.9,
        cohesion: 0.6,
        supply: 0.95,
        crossing: crossing.then_some(Crossing {
            capacity: 40_000.0,
            state: 0.6,
            lift: 4000.0,
            interdiction: 1.0,
        }),
        depth: 60.0,
        belts: vec![Belt { at: 25.0, width: 3.0, strength: 0.6 }],
    };
    let sectors = (0..sectors)
        .map(|i| Sector {
            id: format!("s{i}"),
            sides: [side(0, i == 0), side(1, false)],
            neighbours: [i.wrapping_sub(1), i + 1].into_iter().filter(|&n| n < sectors).collect(),
            tempo: 1.0,
            importance: 0.7,
            ..Sector::default()
        })
        .collect();
    let source = |polity: usize, compulsory: bool| Source {
        polity,
        pool: 400_000,
        intake: 600.0,
        training: 30.0,
        quality: 0.7,
        cost: 1.0,
        compulsory,
        open: true,
        shares: all.iter().map(|r| if r.polity == polity { r.service } else { 0.0 }).collect(),
        ..Source::default()
    };
    World {
        days,
        sources: vec![source(0, true), source(1, false), Source { apart: true, ..source(0, false) }],
        polities: vec![polity("a", 0..regions), polity("b", regions..regions + 1)],
        movements: vec![Movement { id: "m".into(), exile: 0.3, ..Movement::default() }],
        sectors,
        regions: all,
        ..World::default()
    }
    .settle()
}
