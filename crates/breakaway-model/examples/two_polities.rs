//! A war between two polities, written by hand: half a year of it, and what happened.
//!
//! `cargo run --release -p breakaway-model --example two_polities`

use breakaway_model::MemberVector;
use breakaway_model::dispatch::Simd;
use breakaway_model::observe::{View, by_name, names};
use breakaway_model::params::{Params, medians};
use breakaway_model::world::{Polity, Region, Sector, Side, World};

fn main() {
    let region = |id: &str, polity| Region {
        id: id.into(),
        polity,
        population: 2_000_000,
        officials: 30_000,
        guards: 5_000,
        income: 1.0,
        hinterland: 1.0,
        service: 1.0,
        ..Region::default()
    };
    let polity = |id: &str, region: usize| Polity {
        id: id.into(),
        capital: region,
        regions: region..region + 1,
        strength: 0.6,
        baseline: 0.7,
        treasury: 0.3,
        reserve: 5_000,
        reserve_quality: 0.8,
        army_target: 40_000,
        openness: vec![0.2],
        ..Polity::default()
    };
    let side = |polity, soldiers| Side {
        polity,
        soldiers,
        establishment: 30_000,
        quality: 0.9,
        cohesion: 0.6,
        supply: 0.9,
        depth: 60.0,
        ..Side::default()
    };
    let world = World {
        days: 180,
        regions: vec![region("r1", 0), region("r2", 1)],
        polities: vec![polity("first", 0), polity("second", 1)],
        sectors: vec![Sector {
            id: "plain".into(),
            sides: [side(0, 20_000), side(1, 30_000)],
            tempo: 1.0,
            importance: 1.0,
            ..Sector::default()
        }],
        ..World::default()
    }
    .settle();

    // Sixteen members with the same parameters: they differ by chance alone.
    let params = Params::from_lanes(&medians());
    let simd = Simd::best();
    let mut members = MemberVector::new(&world, &params, simd, 1, std::array::from_fn(|i| i as u32));
    while members.day() < world.days {
        members.advance();
    }
    let view = View::new(&world, &members.state, simd);
    for name in [names::ARMY, names::DEAD, names::STRENGTH] {
        let observable = by_name(name).expect("an observable");
        for (k, polity) in world.polities.iter().enumerate() {
            println!("{:>9} of {:<7} {:?}", name, polity.id, observable.read(&view, k).0);
        }
    }
    for event in members.log.events.iter().take(10) {
        println!(
            "day {:>3}, member {:>2}: {} ({})",
            event.day,
            event.lane,
            event.kind.name(),
            event.cause.name()
        );
    }
}
