//! What is owed to whom, who leaves and who stays, and which cause an event is given: each test stands
//! for a fault that the equations once had.

mod worlds;

use breakaway_model::event::{Cause, EventKind};
use breakaway_model::lanes::{Count, Lane};
use breakaway_model::params::{Params, medians, table};
use breakaway_model::people::{Army, Role};
use breakaway_model::world::{Amount, Change, World};
use worlds::{begin, live, mean, only, secede};

/// The medians, with some parameters changed.
fn params(changed: &[(&str, f32)]) -> Params {
    let mut values = medians();
    for (key, value) in changed {
        let at = table().position(|spec| spec.key() == *key).expect("a parameter");
        values[at] = Lane::splat(*value);
    }
    Params::from_lanes(&values)
}

/// The causes of the first event of a kind in each simulation that has it.
fn causes(members: &breakaway_model::MemberVector, kind: EventKind) -> Vec<Cause> {
    members.log.events.iter().filter(|event| event.kind == kind).map(|event| event.cause).collect()
}

#[test]
fn officials_of_an_independent_region_take_nothing_from_the_centre() {
    let mut world = worlds::war(5, 1, 90);
    only(&mut world, &["officials"]);
    let params = params(&[]);
    let treasury = |independent: bool| {
        let mut members = begin(&world, &params);
        for r in 0..5 {
            if independent {
                secede(&mut members, r);
            }
            members.state.regions[r].violence = Lane::ONE;
        }
        members.state.polities[0].strength = Lane::splat(0.05);
        let members = live(members, 60);
        let there = mean(members.state.regions[0].signal.nominal);
        assert!(there < 0.7, "they leave: {there}");
        mean(members.state.polities[0].treasury)
    };
    assert_eq!(treasury(true), world.polities[0].treasury);
    assert!(treasury(false) < world.polities[0].treasury);
}

#[test]
fn nobody_is_captured_where_nobody_fights() {
    let mut world = worlds::war(5, 2, 90);
    only(&mut world, &["desertion"]);
    let params = params(&[("desertion.rate", 0.002), ("desertion.captured", 0.5)]);
    let lost = |world: &World| {
        let members = live(begin(world, &params), 60);
        let s = &members.state;
        [Army::Captive, Army::Straggler].map(|army| mean(s.people.real(s.layout.army(0, army))))
    };
    let [captured, left] = lost(&world);
    assert!(captured > 500.0 && left > 500.0, "{captured} captured, {left} left in war");
    world.changes = vec![(1, Change::War { polity: 1, fights: false })];
    let [captured, left] = lost(&world.settle());
    assert!(captured == 0.0 && left > 500.0, "{captured} captured, {left} left in peace");
}

#[test]
fn the_front_draws_a_share_of_the_guards_and_not_all_of_them() {
    let mut world = worlds::war(5, 1, 2000);
    only(&mut world, &["centre"]);
    let params = params(&[("centre.draw_most", 0.5), ("centre.draw_half", 0.01), ("centre.fall_rate", 0.0)]);
    let mut members = begin(&world, &params);
    members.state.polities[0].shortfall = Lane::ONE;
    members.state.polities[0].reserve_cover = Lane::ZERO;
    let members = live(members, 1500);
    let s = &members.state;
    let real = |stock| mean(s.people.real(stock));
    let in_regions: f32 = (0..5).map(|r| real(s.layout.region(r, Role::Guard))).sum();
    let at_start: i32 = world.regions[..5].iter().map(|region| region.guards).sum();
    let kept = in_regions / at_start as f32;
    assert!((kept - 0.5).abs() < 0.05, "{kept} of the regions' guards are kept at a draw of a half");
    let (mobile, lent) = (real(s.layout.army(0, Army::MobileGuard)), mean(s.polities[0].lent));
    let share = lent / (mobile + lent);
    assert!(
        (share - 0.5).abs() < 0.05 && mobile > 15_000.0,
        "{share} of the mobile guards are lent, {mobile} left"
    );
}

#[test]
fn where_both_sides_are_too_weak_the_weaker_one_loses() {
    for (weaker, soldiers) in [(0, [1_000, 2_000]), (1, [2_000, 1_000])] {
        let mut world = worlds::war(5, 2, 20);
        only(&mut world, &["command"]);
        for (side, soldiers) in world.sectors[1].sides.iter_mut().zip(soldiers) {
            side.soldiers = soldiers;
        }
        for polity in &mut world.polities {
            polity.reserve = 0;
        }
        let params = params(&[]);
        let mut members = begin(&world, &params);
        members.advance();
        let lost = [0, 1].map(|k| mean(members.state.sectors[1].sides[k].lost));
        assert_eq!((lost[weaker], lost[1 - weaker]), (1.0, 0.0), "soldiers {soldiers:?}");
    }
}

#[test]
fn the_order_of_two_sides_does_not_matter() {
    // One is pushed through its depth and the other too weak; both are as weak; both complete their withdrawal.
    for case in 0..3 {
        let mut world = worlds::war(5, 2, 20);
        only(&mut world, &["command"]);
        for polity in &mut world.polities {
            polity.reserve = 0;
        }
        let few = if case == 1 { [1_000, 1_000] } else { [28_000, 1_000] };
        for (side, soldiers) in world.sectors[1].sides.iter_mut().zip(few) {
            side.soldiers = soldiers;
        }
        let params = params(&[]);
        let mut members = begin(&world, &params);
        let sector = &mut members.state.sectors[1];
        match case {
            0 => sector.line = Lane::splat(61.0),
            1 => {}
            _ => sector.sides.iter_mut().for_each(|side| side.withdrawing = Lane::ONE),
        }
        members.advance();
        let sides = &members.state.sectors[1].sides;
        let lost = [0, 1].map(|k| mean(sides[k].lost));
        let ceded = [0, 1].map(|k| mean(sides[k].ceded));
        let expected = [([1.0, 0.0], [0.0, 0.0]), ([1.0, 1.0], [0.0, 0.0]), ([0.0, 0.0], [1.0, 1.0])][case];
        assert_eq!((lost, ceded), expected, "case {case}");
    }
}

#[test]
fn deserters_at_home_stay_and_the_others_move_on_within_the_polity() {
    // Region 0 of a ring of five has two neighbours of its own and, in the middle of its list, one abroad.
    let moved = |service: f32, hinterland: f32| {
        let mut world = worlds::war(5, 1, 200);
        only(&mut world, &["home"]);
        world.regions[0].neighbours = vec![4, 5, 1];
        for (r, region) in world.regions[..5].iter_mut().enumerate() {
            region.service = if r == 0 { service } else { (1.0 - service) / 4.0 };
            region.hinterland = if r == 0 { hinterland } else { (1.0 - hinterland) / 4.0 };
        }
        let params = params(&[
            ("home.amnesty", 0.0),
            ("home.caught", 0.0),
            ("home.banding", 0.0),
            ("home.moving", 0.4),
            ("home.homing", 0.5),
        ]);
        let mut members = begin(&world, &params);
        let s = &mut members.state;
        let [civilian, deserter] = [Role::Civilian, Role::Deserter].map(|role| s.layout.region(0, role));
        s.people.transfer(civilian, deserter, Count::splat(100_000));
        let members = live(members, 14);
        let s = &members.state;
        let at = |r: usize| mean(s.people.real(s.layout.region(r, Role::Deserter)));
        assert_eq!(at(5), 0.0, "abroad");
        assert!(at(1) > 500.0 && at(4) > 500.0, "each neighbour has its week: {} {}", at(1), at(4));
        at(1) + at(4)
    };
    let (at_home, small_home) = (moved(0.2, 0.0), moved(0.01, 0.0));
    assert!(
        (at_home / small_home - 1.0).abs() < 0.02,
        "the size of a home does not matter: {at_home} {small_home}"
    );
    let strangers = moved(0.01, 0.99);
    assert!((strangers / at_home - 2.0).abs() < 0.15, "{strangers} strangers move on, {at_home} at home");
}

#[test]
fn a_rout_names_the_open_flank_the_reserves_and_the_scenario() {
    let rout = |change: &dyn Fn(&mut breakaway_model::MemberVector), more: Option<Change>| {
        let mut world = worlds::war(5, 3, 20);
        only(&mut world, &["cohesion"]);
        world.changes = more.into_iter().map(|change| (1, change)).collect();
        let world = world.settle();
        let params = params(&[
            ("cohesion.rout_rate", 1.0),
            ("cohesion.flank", 20.0),
            ("cohesion.no_reserves", 20.0),
            ("cohesion.base_floor", 0.4),
            ("cohesion.base_strength", 0.0),
            ("cohesion.break_point", 0.4),
        ]);
        let mut members = begin(&world, &params);
        for sector in &mut members.state.sectors {
            sector.sides[0].base = Lane::splat(0.4);
        }
        change(&mut members);
        let members = live(members, 2);
        let found: Vec<_> = members
            .log
            .events
            .iter()
            .filter(|e| e.kind == EventKind::Rout && (e.entity, e.day) == (2, 1))
            .collect();
        assert!(found.len() > 8, "only {} rout", found.len());
        assert!(found.iter().all(|event| event.cause == found[0].cause), "{found:?}");
        found[0].cause
    };
    let flank = rout(&|members| members.state.sectors[0].sides[0].rout = Lane::splat(9.0), None);
    assert_eq!(flank, Cause::Neighbours);
    let reserves = rout(&|members| members.state.polities[0].reserve_cover = Lane::ZERO, None);
    assert_eq!(reserves, Cause::Strength);
    let shaken = Change::Cohesion { sector: 1, side: 0, add: Amount::Known(-0.2) };
    assert_eq!(rout(&|_| {}, Some(shaken)), Cause::Scenario);
}

#[test]
fn a_withdrawal_names_what_was_the_reason() {
    let withdrawn = |sector: usize| {
        let mut world = worlds::war(5, 2, 30);
        only(&mut world, &["command"]);
        world.changes = vec![(1, Change::Withdraw { sector, side: 0 })];
        let world = world.settle();
        let params = params(&[]);
        causes(&live(begin(&world, &params), 25), EventKind::Withdrawn)
    };
    assert_eq!(withdrawn(1), [Cause::Scenario; 16], "it has no crossing that could be worn");
    assert_eq!(withdrawn(0), [Cause::Supply; 16]);
    // Ground that is lost does not enter the hazard of the order.
    let mut world = worlds::war(5, 1, 30);
    only(&mut world, &["command"]);
    let params = params(&[("command.order_rate", 2.0), ("command.order_supply", 1.0)]);
    let mut members = begin(&world, &params);
    members.state.sectors[0].line = Lane::splat(59.0);
    let ordered = causes(&live(members, 10), EventKind::WithdrawalOrdered);
    assert!(ordered.len() > 8 && ordered.iter().all(|cause| *cause == Cause::Supply), "{ordered:?}");
}

#[test]
fn a_front_that_collapses_names_the_routs() {
    let mut world = worlds::war(5, 2, 5);
    only(&mut world, &["command"]);
    let params = params(&[]);
    let mut members = begin(&world, &params);
    members.state.sectors[1].sides[0].rout = Lane::splat(9.0);
    members.advance();
    assert_eq!(causes(&members, EventKind::FrontCollapse), [Cause::Rout; 16]);
}

#[test]
fn deaths_are_remembered_for_each_thousand_people() {
    let mut world = worlds::war(5, 1, 8);
    only(&mut world, &["manpower"]);
    let params = params(&[("manpower.reporting", 7.0), ("manpower.memory", 10_000.0)]);
    let mut members = begin(&world, &params);
    let s = &mut members.state;
    let (soldiers, fallen) = (s.layout.soldiers(0, 0), s.layout.army(0, Army::Fallen));
    s.people.transfer(soldiers, fallen, Count::splat(10_000));
    let members = live(members, 7);
    for r in 0..5 {
        let s = &members.state;
        let dead = mean(s.people.real(s.layout.region(r, Role::Dead)));
        let expected = dead / (world.regions[r].population as f32 / 1000.0);
        let remembered = mean(s.regions[r].deaths);
        assert!(dead > 100.0 && (remembered / expected - 1.0).abs() < 0.01, "{remembered} not {expected}");
    }
}
