//! Published results that the mechanisms reproduce, by the mechanisms' own code.

use breakaway_model::Members;
use breakaway_model::dispatch::Simd;
use breakaway_model::lanes::{Lane, WIDTH};
use breakaway_model::mechanism::citizens::arrest_probability;
use breakaway_model::params::{Params, table};
use breakaway_model::world::{MECHANISMS, Polity, Region, Sector, Side, World};

/// The parameters' medians with some set.
fn params(set: &[(&str, f64)]) -> Params {
    for (key, _) in set {
        assert!(table().any(|spec| spec.key() == *key), "no parameter {key}");
    }
    let value = |key: String, median: f64| set.iter().find(|(k, _)| *k == key).map_or(median, |(_, x)| *x);
    let values: Vec<Lane> =
        table().map(|spec| Lane::splat(value(spec.key(), spec.prior.median()) as f32)).collect();
    Params::from_lanes(&values)
}

fn only(world: &mut World, kept: &str) {
    for (mechanism, name) in MECHANISMS {
        if name != kept {
            world.off.switch_off(mechanism);
        }
    }
}

/// Two forces of given strengths and qualities, nothing but attrition.
fn battle(soldiers: [i32; 2], quality: [f32; 2]) -> World {
    let side = |k: usize| Side {
        polity: k,
        soldiers: soldiers[k],
        establishment: soldiers[k],
        quality: quality[k],
        cohesion: 1.0,
        supply: 1.0,
        depth: 1000.0,
        ..Side::default()
    };
    let region = |polity| Region { population: 1000, polity, ..Region::default() };
    let polity = |k: usize| Polity {
        regions: k..k + 1,
        capital: k,
        strength: 0.8,
        baseline: 0.8,
        ..Polity::default()
    };
    let sector = Sector { sides: [side(0), side(1)], tempo: 1.0, importance: 1.0, ..Sector::default() };
    let mut world = World {
        days: 2000,
        regions: vec![region(0), region(1)],
        polities: vec![polity(0), polity(1)],
        sectors: vec![sector],
        ..World::default()
    }
    .settle();
    only(&mut world, "combat");
    world
}

fn attrition(per_step: f64, shape: f64) -> Params {
    params(&[
        ("combat.attrition", per_step),
        ("combat.shape", shape),
        ("combat.intensity", 0.0),
        ("combat.speed", 0.0),
        ("combat.entrench_gain", 0.0),
    ])
}

fn strengths(members: &Members) -> [f64; 2] {
    [0, 1].map(|k| {
        let soldiers = members.state.people.count(members.state.layout.soldiers(0, k));
        soldiers.0.iter().map(|&n| f64::from(n)).sum::<f64>() / WIDTH as f64
    })
}

/// Lanchester's square law: b x² - a y² does not change (Lanchester 1916).
#[test]
fn the_square_law_keeps_its_invariant() {
    let world = battle([100_000, 80_000], [0.8, 1.0]);
    let params = attrition(0.001, 0.0);
    let mut members = Members::new(&world, &params, Simd::best(), 1, std::array::from_fn(|i| i as u32));
    let invariant = |s: [f64; 2]| 0.8 * s[0] * s[0] - s[1] * s[1];
    let before = invariant(strengths(&members));
    for _ in 0..600 {
        members.advance();
    }
    let after = strengths(&members);
    assert!(after[0] < 75_000.0, "they fought: {after:?}");
    assert!((invariant(after) / before - 1.0).abs() < 0.02, "{before} became {}", invariant(after));
}

/// Helmbold's law with w = 1/2 (shape 1/2) is the linear law: b x - a y does not change.
#[test]
fn the_linear_law_keeps_its_invariant() {
    let world = battle([100_000, 80_000], [0.8, 1.0]);
    let params = attrition(0.001, 0.5);
    let mut members = Members::new(&world, &params, Simd::best(), 1, std::array::from_fn(|i| i as u32));
    let invariant = |s: [f64; 2]| 0.8 * s[0] - s[1];
    let start = strengths(&members);
    for _ in 0..400 {
        members.advance();
    }
    let after = strengths(&members);
    assert!(after[0] < 80_000.0, "they fought: {after:?}");
    assert!((invariant(after) - invariant(start)).abs() < 0.005 * start[0], "{after:?}");
}

/// Engel (1954), "A verification of Lanchester's law": Iwo Jima. The exact solution of his
/// equations with his coefficients gives 53,042 and 4,656 men on day 28 (53,042 against the
/// 52,735 that were counted).
#[test]
fn iwo_jima_as_engel_computed_it() {
    const STEPS: u32 = 20;
    let (a, b) = (0.0544, 0.0106);
    let world = battle([0, 21_500], [(b / a) as f32, 1.0]);
    let params = attrition(a / f64::from(STEPS), 0.0);
    let mut members = Members::new(&world, &params, Simd::best(), 1, std::array::from_fn(|i| i as u32));
    let landed = |day: u32| match day {
        0 => 54_000,
        2 => 6000,
        5 => 13_000,
        _ => 0,
    };
    let cell = members.state.layout.soldiers(0, 0);
    for day in 0..28 {
        for _ in 0..STEPS {
            members.state.people.place(cell, landed(day) / STEPS as i32);
            members.advance();
        }
    }
    let [americans, japanese] = strengths(&members);
    assert!((americans / 53_042.4 - 1.0).abs() < 0.005, "{americans}");
    assert!((japanese / 4656.4 - 1.0).abs() < 0.04, "{japanese}");
}

/// A crowd of `thresholds.len()` people who all see each other; each stands for a region whose
/// grievance is what its threshold leaves. Returns how many riot in the end.
fn crowd(thresholds: &[f32]) -> usize {
    let n = thresholds.len();
    let region = |i: usize| Region {
        population: 1000,
        identity: 1.0 - thresholds[i],
        neighbours: (0..n).filter(|&j| j != i).collect(),
        ..Region::default()
    };
    let mut world = World {
        days: 400,
        regions: (0..n).map(region).collect(),
        polities: vec![Polity {
            regions: 0..n,
            strength: 1.0,
            baseline: 1.0,
            treasury: 1.0,
            ..Polity::default()
        }],
        ..World::default()
    }
    .settle();
    only(&mut world, "citizens");
    let params = params(&[
        ("citizens.identity", 1.0),
        ("citizens.threshold", 1.0 - 0.004),
        ("citizens.bandwagon", 1.0),
        ("citizens.contagion", 1.0),
        ("citizens.organisation", 0.0),
        ("citizens.spread", 0.0004),
        ("citizens.response_days", 2.0),
    ]);
    let mut members = Members::new(&world, &params, Simd::best(), 1, std::array::from_fn(|i| i as u32));
    while members.day() < world.days {
        members.advance();
    }
    (0..n).filter(|&r| members.state.regions[r].signal.participation.0[0] > 0.5).count()
}

/// Granovetter (1978), "Threshold models of collective behavior": a crowd of a hundred with
/// thresholds 0, 1, ... 99 riots as a whole; with the threshold 1 replaced by 2, one riots.
#[test]
fn granovetters_crowd_riots_or_does_not() {
    let mut thresholds: Vec<f32> = (0..100).map(|i| i as f32 / 100.0).collect();
    assert_eq!(crowd(&thresholds), 100);
    thresholds[1] = 0.02;
    assert_eq!(crowd(&thresholds), 1);
}

/// Epstein (2002): the constant 2.3 makes arrest certain to nine tenths where there is one
/// guard to a protester.
#[test]
fn epsteins_arrest_probability() {
    let p = arrest_probability(Lane::splat(2.3), Lane::ONE, Lane::ONE).0[0];
    assert!((p - 0.899_741).abs() < 1e-5, "{p}");
}

/// Epstein (2002), run 5, and the sweep of the density of cops: participation falls as guards
/// rise, and tips between silence and revolt.
#[test]
fn fewer_guards_tip_silence_into_revolt() {
    let participation = |guards: i32| {
        let region = Region { population: 100_000, guards, identity: 0.35, ..Region::default() };
        let polity =
            Polity { regions: 0..1, strength: 0.6, baseline: 0.6, treasury: 1.0, ..Polity::default() };
        let mut world =
            World { days: 400, regions: vec![region], polities: vec![polity], ..World::default() }.settle();
        only(&mut world, "citizens");
        let params = params(&[("citizens.identity", 0.5)]);
        let mut members = Members::new(&world, &params, Simd::best(), 1, std::array::from_fn(|i| i as u32));
        while members.day() < world.days {
            members.advance();
        }
        f64::from(members.state.regions[0].signal.participation.0[0])
    };
    let sweep: Vec<f64> = [0, 500, 1000, 2000, 4000, 8000].map(participation).to_vec();
    assert!(sweep.windows(2).all(|pair| pair[1] <= pair[0] + 0.01), "monotone: {sweep:?}");
    assert!(sweep[0] > 0.5 && sweep[5] < 0.03, "tips: {sweep:?}");
}
