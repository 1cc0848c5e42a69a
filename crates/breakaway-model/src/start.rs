//! The state on day 0, as the world describes it.

use crate::draw::Clock;
use crate::event::Once;
use crate::lanes::{Lane, Mask};
use crate::mechanism::centre::LONG_IN_OFFICE;
use crate::people::{Army, People, Role, StockIndex};
use crate::rng::{RandomStreams, Stream};
use crate::state::{
    PolityState, RegionSeen, RegionState, STRAINS, SectorState, SideState, Signal, SourceState, State, Wear,
};
use crate::world::World;

impl State {
    /// The state on day 0.
    pub fn new(world: &World, random: &RandomStreams) -> State {
        let layout = StockIndex::new(
            world.regions.len(),
            world.polities.len(),
            world.sources.len(),
            world.sectors.len(),
        );
        let mut state = State {
            people: settle(world, &layout),
            layout,
            polities: world.polities.iter().enumerate().map(|(k, _)| polity(world, k)).collect(),
            regions: world.regions.iter().enumerate().map(|(r, _)| region(world, r)).collect(),
            sectors: world.sectors.iter().enumerate().map(|(i, _)| sector(world, i)).collect(),
            sources: world
                .sources
                .iter()
                .map(|source| SourceState {
                    open: if source.open { Mask::ALL } else { Mask::NONE },
                    left: Lane::splat(source.pool as f32),
                })
                .collect(),
        };
        state.set_clocks(random, 0, Mask::ALL);
        state.look_around(world);
        state
    }

    /// Sets all clocks in the lanes of the mask, as at the end of a day. The time left on a clock
    /// has the same distribution as a new one, because an exponential time has no memory. A
    /// simulation that gets new random numbers therefore has the same distribution of futures.
    pub fn set_clocks(&mut self, random: &RandomStreams, day: u32, mask: Mask) {
        for (k, polity) in self.polities.iter_mut().enumerate() {
            polity.fall_clock.reset(mask, random.four(day, Stream::Fall, k)[0]);
            polity.congress_clock.reset(mask, random.four(day, Stream::Congress, k)[0]);
        }
        for (r, region) in self.regions.iter_mut().enumerate() {
            region.declaration_clock.reset(mask, random.four(day, Stream::Declaration, r)[0]);
            region.contest_clock.reset(mask, random.four(day, Stream::Contest, r)[0]);
        }
        for (i, sector) in self.sectors.iter_mut().enumerate() {
            let rout = random.four(day, Stream::Rout, i);
            let withdrawal = random.four(day, Stream::Withdrawal, i);
            for (k, side) in sector.sides.iter_mut().enumerate() {
                side.rout_clock.reset(mask, rout[k]);
                side.withdrawal_clock.reset(mask, withdrawal[k]);
            }
        }
    }
}

fn settle(world: &World, layout: &StockIndex) -> People {
    let mut people = People::new(layout);
    for (r, region) in world.regions.iter().enumerate() {
        let named = region.officials + region.guards + region.fighters;
        people.place(layout.region(r, Role::Official), region.officials);
        people.place(layout.region(r, Role::Guard), region.guards);
        people.place(layout.region(r, Role::Fighter), region.fighters);
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

fn polity(world: &World, k: usize) -> PolityState {
    let polity = &world.polities[k];
    let sent = world.regions[polity.regions.clone()].iter().map(|r| r.service).sum::<f32>();
    let army = army_size(world, k);
    let legacy = (polity.baseline - polity.strength).max(0.0);
    PolityState {
        strength: Lane::splat(polity.strength),
        baseline: Lane::splat(polity.baseline.max(polity.strength)),
        wear: Wear { shock: Lane::splat(legacy), ..Wear::default() },
        news: Lane::splat(polity.news),
        in_office: Lane::splat(polity.in_office.unwrap_or(LONG_IN_OFFICE)),
        treasury: Lane::splat(polity.treasury),
        reserve_quality: Lane::splat(polity.reserve_quality),
        coordination: Lane::ZERO,
        best_organised: Lane::ZERO,
        identity: Lane::ONE,
        war: Lane::ONE,
        enemy: Lane::ZERO,
        engaged: Lane::ZERO,
        contests: Lane::ZERO,
        lent: Lane::ZERO,
        hold_guards: Mask::NONE,
        draw: Lane::ZERO,
        shortfall: Lane::ZERO,
        reserve_cover: Lane::splat(10.0),
        broken: Lane::ZERO,
        sent: Lane::splat(army * sent + 1.0),
        losses: Lane::ZERO,
        fallen: Once::default(),
        collapsed: Once::default(),
        fall_clock: Clock::default(),
        congress_clock: Clock::default(),
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

fn region(world: &World, r: usize) -> RegionState {
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
        declaration_clock: Clock::default(),
        contest_clock: Clock::default(),
        winning: Lane::ZERO,
        seen: RegionSeen::default(),
        signal: Signal::default(),
    }
}

fn sector(world: &World, i: usize) -> SectorState {
    let sector = &world.sectors[i];
    let side = |k: usize| {
        let side = &sector.sides[k];
        let working = side.crossing.map_or(0.0, |c| c.capacity * c.state);
        SideState {
            quality: Lane::splat(side.quality),
            base: Lane::splat(side.cohesion),
            strain: [Lane::ZERO; STRAINS.len()],
            cohesion: Lane::splat(side.cohesion),
            depot: Lane::splat(side.supply),
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
            rout_clock: Clock::default(),
            withdrawal_clock: Clock::default(),
        }
    };
    SectorState {
        sides: [side(0), side(1)],
        line: Lane::ZERO,
        advance: Lane::ZERO,
        open: Lane::ONE,
        tempo: Lane::splat(sector.tempo),
    }
}
