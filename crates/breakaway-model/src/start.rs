//! The state on day 0, as the world describes it.

use crate::draw::Clock;
use crate::event::Once;
use crate::lanes::Lane;
use crate::people::{Army, Layout, People, Role};
use crate::rng::{Luck, Stream};
use crate::state::{
    PolityState, RegionSeen, RegionState, SectorState, SideState, Signal, SourceState, State, Wear,
};
use crate::world::World;

impl State {
    /// The state on day 0.
    pub fn new(world: &World, luck: &Luck) -> State {
        let layout =
            Layout::new(world.regions.len(), world.polities.len(), world.sources.len(), world.sectors.len());
        let mut state = State {
            people: settle(world, &layout),
            layout,
            polities: world.polities.iter().enumerate().map(|(k, _)| polity(world, k, luck)).collect(),
            regions: world.regions.iter().enumerate().map(|(r, _)| region(world, r, luck)).collect(),
            sectors: world.sectors.iter().enumerate().map(|(i, _)| sector(world, i, luck)).collect(),
            sources: world
                .sources
                .iter()
                .map(|source| SourceState { open: source.open, left: Lane::splat(source.pool as f32) })
                .collect(),
        };
        state.look_around(world);
        state
    }
}

fn settle(world: &World, layout: &Layout) -> People {
    let mut people = People::new(layout);
    for (r, region) in world.regions.iter().enumerate() {
        let named = region.officials + region.guards;
        people.place(layout.region(r, Role::Official), region.officials);
        people.place(layout.region(r, Role::Guard), region.guards);
        people.place(layout.region(r, Role::Exile), region.exiles);
        people.place(layout.region(r, Role::Civilian), region.population - named);
    }
    for (k, polity) in world.polities.iter().enumerate() {
        people.place(layout.army(k, Army::Reserve), polity.reserve);
        people.place(layout.army(k, Army::Wounded), polity.wounded);
        people.place(layout.army(k, Army::MobileGuard), polity.mobile_guards);
    }
    for (j, source) in world.sources.iter().enumerate() {
        people.place(layout.pool(j), if source.apart { source.pool } else { 0 });
    }
    for (i, sector) in world.sectors.iter().enumerate() {
        for (k, side) in sector.sides.iter().enumerate() {
            people.place(layout.soldiers(i, k), side.soldiers);
        }
    }
    people
}

fn polity(world: &World, k: usize, luck: &Luck) -> PolityState {
    let polity = &world.polities[k];
    let sent = world.regions[polity.regions.clone()].iter().map(|r| r.service).sum::<f32>();
    let army = army_size(world, k);
    let legacy = (polity.baseline - polity.strength).max(0.0);
    PolityState {
        strength: Lane::splat(polity.strength),
        baseline: polity.baseline.max(polity.strength),
        wear: Wear { shock: Lane::splat(legacy), ..Wear::default() },
        news: Lane::splat(polity.news),
        treasury: Lane::splat(polity.treasury),
        reserve_quality: Lane::splat(polity.reserve_quality),
        coordination: Lane::ZERO,
        best_organised: Lane::ZERO,
        identity: 1.0,
        war: Lane::ONE,
        enemy: Lane::ZERO,
        engaged: Lane::ZERO,
        contests: Lane::ZERO,
        lent: Lane::ZERO,
        hold_guards: false,
        draw: Lane::ZERO,
        shortfall: Lane::ZERO,
        reserve_cover: Lane::splat(10.0),
        broken: Lane::ZERO,
        sent: Lane::splat(army * sent + 1.0),
        losses: Lane::ZERO,
        fallen: Once::default(),
        collapsed: Once::default(),
        fall_clock: Clock::set(luck.four(0, Stream::Fall, k)[0]),
        congress_clock: Clock::set(luck.four(0, Stream::Congress, k)[0]),
    }
}

/// Soldiers of a polity at the start.
fn army_size(world: &World, k: usize) -> f32 {
    let at_front: i32 = world
        .sectors
        .iter()
        .flat_map(|sector| &sector.sides)
        .filter(|side| side.polity == k)
        .map(|side| side.soldiers)
        .sum();
    (at_front + world.polities[k].reserve) as f32
}

fn region(world: &World, r: usize, luck: &Luck) -> RegionState {
    let region = &world.regions[r];
    RegionState {
        organisation: Lane::splat(region.organisation),
        exile: Lane::splat(region.movement.map_or(0.0, |m| world.movements[m].exile)),
        deaths: Lane::ZERO,
        burden: Lane::ZERO,
        violence: Lane::ZERO,
        steady: Lane::ONE,
        status: Lane::ZERO,
        government: Lane::ZERO,
        sent: Lane::splat(region.service * army_size(world, region.polity)),
        declaration_clock: Clock::set(luck.four(0, Stream::Declaration, r)[0]),
        contest_clock: Clock::set(luck.four(0, Stream::Contest, r)[0]),
        seen: RegionSeen::default(),
        signal: Signal::default(),
    }
}

fn sector(world: &World, i: usize, luck: &Luck) -> SectorState {
    let sector = &world.sectors[i];
    let rout = luck.four(0, Stream::Rout, i);
    let withdrawal = luck.four(0, Stream::Withdrawal, i);
    let side = |k: usize| {
        let side = &sector.sides[k];
        let working = side.crossing.map_or(0.0, |c| c.capacity * c.state);
        SideState {
            quality: Lane::splat(side.quality),
            base: Lane::splat(side.cohesion),
            strain: [Lane::ZERO; 4],
            cohesion: Lane::splat(side.cohesion),
            depot: side.supply,
            capacity: Lane::splat(working),
            supply: Lane::splat(side.supply),
            entrenched: Lane::ZERO,
            shaken: Lane::ZERO,
            rout: Lane::ZERO,
            rout_from: Lane::ZERO,
            power: Lane::splat(side.soldiers as f32 * side.quality * side.cohesion),
            cover: Lane::ONE,
            losses: Lane::ZERO,
            withdrawing: Lane::ZERO,
            withdrawal_days: Lane::ZERO,
            escape: Lane::ONE,
            lost: Lane::ZERO,
            gap: Lane::ZERO,
            ceded: Lane::ZERO,
            rout_clock: Clock::set(rout[k]),
            withdrawal_clock: Clock::set(withdrawal[k]),
        }
    };
    SectorState {
        sides: [side(0), side(1)],
        line: Lane::ZERO,
        advance: Lane::ZERO,
        open: Lane::ONE,
        tempo: sector.tempo,
    }
}
