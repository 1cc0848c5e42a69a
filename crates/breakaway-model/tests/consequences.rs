//! What follows a secession, a peace, a retreat: cases that a plain run reaches too rarely to
//! show a sign that is the wrong way round.

mod worlds;

use breakaway_model::MemberVector;
use breakaway_model::event::EventKind;
use breakaway_model::lanes::{Count, Lane, WIDTH};
use breakaway_model::params::{Params, medians};
use breakaway_model::people::{Army, Role};
use breakaway_model::state::STRAINS;
use breakaway_model::world::{Amount, Change};
use worlds::{begin, live, mean, only, secede};

#[test]
fn protest_against_the_centre_ebbs_where_the_centre_has_gone() {
    let mut world = worlds::war(5, 1, 200);
    only(&mut world, &["citizens"]);
    let params = Params::from_lanes(&medians());
    let mut members = begin(&world, &params);
    let s = &mut members.state;
    let [civilian, protester] = [Role::Civilian, Role::Protester].map(|role| s.layout.region(0, role));
    s.people.transfer(civilian, protester, Count::splat(200_000));
    secede(&mut members, 0);
    let members = live(members, 90);
    let there = mean(members.state.regions[0].signal.participation);
    let next_door = mean(members.state.regions[1].signal.participation);
    assert!(there < 0.01, "a region that has left: {there}");
    assert!(next_door < 0.01, "its neighbour: {next_door}");
}

#[test]
fn people_do_not_blame_a_new_government_for_what_it_inherits() {
    let protest_under = |in_office| {
        let mut world = worlds::war(5, 1, 60);
        only(&mut world, &["citizens", "centre"]);
        world.polities[0].strength = 0.3;
        world.polities[0].baseline = 0.3;
        world.polities[0].treasury = 0.0;
        world.polities[0].in_office = in_office;
        let params = Params::from_lanes(&medians());
        let members = live(begin(&world, &params), 60);
        mean(members.state.regions[0].signal.participation)
    };
    let (old, new) = (protest_under(None), protest_under(Some(0.0)));
    let forgotten = protest_under(Some(3_650.0));
    assert!(old > 0.1 && new < 0.02, "participation {old} under an old government, {new} under a new one");
    assert!((forgotten - old).abs() < 0.02, "after ten years {forgotten}, of one always there {old}");
}

#[test]
fn a_fall_puts_a_new_government_into_office() {
    let mut world = worlds::war(5, 1, 400);
    only(&mut world, &["centre"]);
    world.polities[0].strength = 0.02;
    world.polities[0].baseline = 0.02;
    let params = Params::from_lanes(&medians());
    let members = live(begin(&world, &params), 400);
    let [here, there] = [0, 1].map(|k| members.state.polities[k].in_office.0);
    assert!(
        here.iter().all(|days| *days < 400.0),
        "without any strength all fall, and others come: {here:?}"
    );
    assert!(there.iter().any(|days| *days > 1e5), "the other side keeps its own: {there:?}");
}

#[test]
fn a_neighbour_that_has_left_never_supports_the_centre() {
    let mut world = worlds::war(5, 1, 200);
    only(&mut world, &["officials", "guards"]);
    // At this strength officials and garrisons stand only while their neighbours do.
    world.polities[0].strength = 0.6;
    world.polities[0].baseline = 0.6;
    let params = Params::from_lanes(&medians());
    let loyal = live(begin(&world, &params), 60);
    let mut members = begin(&world, &params);
    for r in [1, 4] {
        secede(&mut members, r);
        // Its own government is well served.
        members.state.regions[r].government = Lane::ONE;
    }
    let alone = live(members, 60);
    let shares =
        |m: &MemberVector| (mean(m.state.regions[0].signal.officials), mean(m.state.regions[0].steady));
    let (with, without) = (shares(&loyal), shares(&alone));
    assert!(without.0 < with.0 - 0.1, "officials {with:?} {without:?}");
    assert!(without.1 < with.1 - 0.1, "guards {with:?} {without:?}");
}

#[test]
fn remnants_re_form_where_the_rout_ends() {
    let mut world = worlds::war(5, 2, 200);
    only(&mut world, &["cohesion"]);
    let params = Params::from_lanes(&medians());
    let mut members = begin(&world, &params);
    let side = &mut members.state.sectors[1].sides[0];
    side.rout = Lane::splat(3.0);
    side.strain = [Lane::splat(0.1); STRAINS.len()];
    members.advance();
    let worn = mean(members.state.sectors[1].sides[0].cohesion);
    members.advance();
    members.advance();
    let side = &members.state.sectors[1].sides[0];
    assert_eq!(mean(side.rout), 0.0);
    assert!(mean(side.cohesion) > worn + 0.1, "{worn} then {}", mean(side.cohesion));
}

#[test]
fn a_rout_ends_at_the_next_belt() {
    let world = worlds::war(5, 2, 200);
    let params = Params::from_lanes(&medians());
    let rout_left = |line: f32| {
        let mut world = world.clone();
        only(&mut world, &["cohesion"]);
        let mut members = begin(&world, &params);
        // The rout begins in front of the belt, which stands 22 to 28 km back.
        members.state.sectors[1].line = Lane::splat(10.0);
        let side = &mut members.state.sectors[1].sides[0];
        (side.rout, side.rout_from) = (Lane::splat(9.0), Lane::splat(10.0));
        members.advance();
        members.state.sectors[1].line = Lane::splat(line);
        members.advance();
        mean(members.state.sectors[1].sides[0].rout)
    };
    assert!(rout_left(15.0) > 6.0, "still in front of the belt");
    assert_eq!(rout_left(23.0), 0.0, "at the belt");
}

#[test]
fn a_peace_ends_the_war_for_both() {
    let mut world = worlds::war(5, 3, 200);
    world.changes = vec![(10, Change::War { polity: 0, fights: false })];
    world.polities[1].strength = 0.1;
    world.polities[1].baseline = 0.1;
    let world = world.settle();
    let params = Params::from_lanes(&medians());
    let mut members = live(begin(&world, &params), 12);
    let taken = |m: &MemberVector| mean(m.state.sources[1].left);
    let (pool, treasury) = (taken(&members), mean(members.state.polities[1].treasury));
    let events = members.log.events.len();
    // A side that would rout and lose everything if there were still a war.
    for sector in &mut members.state.sectors {
        sector.sides[1].strain[0] = Lane::splat(0.9);
        sector.line = Lane::splat(-70.0);
        sector.sides[1].withdrawing = Lane::ONE;
    }
    let members = live(members, 60);
    assert_eq!(taken(&members), pool, "the enemy recruits on");
    assert!(mean(members.state.polities[1].treasury) > treasury - 0.01, "the enemy pays on");
    let war = [EventKind::Rout, EventKind::SectorLost, EventKind::WithdrawalOrdered, EventKind::Withdrawn];
    let late: Vec<_> = members.log.events[events..].iter().filter(|e| war.contains(&e.kind)).collect();
    assert!(late.is_empty(), "{late:?}");
}

#[test]
fn what_nobody_knows_differs_from_member_to_member() {
    let mut world = worlds::war(5, 3, 60);
    world.changes = vec![(1, Change::Baseline { polity: 0, add: Amount::Unknown(1) })];
    world.undated = vec![(0, Change::War { polity: 0, fights: false })];
    let world = world.settle();
    let mut values = medians();
    // Days from zero to beyond the end; shares added to the baseline.
    values.push(Lane(std::array::from_fn(|i| 5.5 * i as f32)));
    values.push(Lane(std::array::from_fn(|i| -0.01 * i as f32)));
    let params = Params::from_lanes(&values);
    let members = live(begin(&world, &params), 60);
    let polity = &members.state.polities[0];
    for i in 0..WIDTH {
        let peace =
            members.log.events.iter().find(|e| usize::from(e.lane) == i && e.kind == EventKind::Peace);
        let day = (5.5 * i as f32).ceil().max(1.0) as u32;
        assert_eq!(peace.map(|event| event.day), (day <= 60).then_some(day));
        assert_eq!(polity.war.0[i] < 0.5, day <= 60);
        assert!((polity.baseline.0[i] - (polity.baseline.0[0] - 0.01 * i as f32)).abs() < 1e-6);
    }
}

#[test]
fn the_crossing_decides_how_many_get_out() {
    let captured = |state: f32, pushed: bool| {
        let mut world = worlds::war(5, 1, 60);
        only(&mut world, &["command"]);
        let crossing = world.sectors[0].sides[0].crossing.as_mut().expect("has one");
        crossing.state = state;
        crossing.lift = 1000.0;
        if !pushed {
            world.changes = vec![(1, Change::Withdraw { sector: 0, side: 0 })];
        }
        let world = world.settle();
        let params = Params::from_lanes(&medians());
        let mut members = begin(&world, &params);
        if pushed {
            members.state.sectors[0].line = Lane::splat(61.0);
        }
        let members = live(members, 59);
        mean(members.state.people.real(members.state.layout.army(0, Army::Captive)))
    };
    // 28,000 men and some nine and a half days: a third of the crossing carries a few thousand.
    for pushed in [false, true] {
        let (worn, whole) = (captured(0.1, pushed), captured(3.0, pushed));
        assert!(worn > 24_000.0, "pushed {pushed}: {worn}");
        assert!(whole < 5_000.0, "pushed {pushed}: {whole}");
    }
}

#[test]
fn mobile_guards_are_shared_by_all_contests() {
    let left = |contests: usize| {
        let mut world = worlds::war(9, 1, 200);
        only(&mut world, &["regions"]);
        world.polities[0].mobile_guards = 40_000;
        for region in &mut world.regions {
            region.community_share = 0.6;
            region.guards = 10;
        }
        let params = Params::from_lanes(&medians());
        let mut members = begin(&world, &params);
        for r in (0..9).filter(|&r| r != world.polities[0].capital).take(contests) {
            let s = &mut members.state;
            s.regions[r].status = Lane::ONE;
            let [civilian, fighter] = [Role::Civilian, Role::Fighter].map(|role| s.layout.region(r, role));
            s.people.transfer(civilian, fighter, Count::splat(6000));
        }
        let members = live(members, 150);
        mean(Lane(std::array::from_fn(|lane| {
            f32::from(u8::from(members.state.regions[0].status.0[lane] > 1.5))
        })))
    };
    let (one, many) = (left(1), left(8));
    assert!(many > one + 0.2, "a region leaves in {one} alone and in {many} among eight");
}

#[test]
fn returning_soldiers_mix_with_the_reserve() {
    let mut world = worlds::war(5, 1, 60);
    only(&mut world, &["command"]);
    world.polities[0].reserve = 10_000;
    world.polities[0].reserve_quality = 0.2;
    let params = Params::from_lanes(&medians());
    let mut members = begin(&world, &params);
    members.state.sectors[0].line = Lane::splat(-61.0);
    members.state.sectors[0].sides[0].quality = Lane::splat(1.0);
    members.advance();
    // The enemy's loss closes the sector: 28,000 men of quality 1 join 10,000 of 0.2.
    let quality = mean(members.state.polities[0].reserve_quality);
    assert!((quality - 30.0 / 38.0).abs() < 0.01, "{quality}");
}

#[test]
fn guards_lent_to_the_army_share_its_losses() {
    let mut world = worlds::war(5, 3, 200);
    only(&mut world, &["combat", "centre"]);
    let params = Params::from_lanes(&medians());
    let mut members = begin(&world, &params);
    let polity = &mut members.state.polities[0];
    (polity.lent, polity.reserve_cover) = (Lane::splat(20_000.0), Lane::ZERO);
    let army = |m: &MemberVector| {
        let s = &m.state;
        let front: f32 = (0..3).map(|i| mean(s.people.real(s.layout.soldiers(i, 0)))).sum();
        front + mean(s.people.real(s.layout.army(0, Army::Reserve)))
    };
    let before = army(&members);
    let members = live(members, 100);
    // None is sent back while the army has no men to spare; what is owed shrinks with the army.
    let kept = army(&members) / before;
    let lent = mean(members.state.polities[0].lent) / 20_000.0;
    assert!(kept < 0.97 && (lent - kept).abs() < 0.01, "army {kept}, lent {lent}");
}
