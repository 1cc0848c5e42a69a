//! Observables: the named quantities of a trajectory that claims, bands and replays refer to.

use crate::dispatch::{Simd, dispatched};
use crate::entity::{EntityKind, sector_and_side};
use crate::lanes::Lane;
use crate::people::{Army, Role};
use crate::state::State;
use crate::world::World;

/// How an observable is measured, which decides how its spread is binned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// A share in [0, 1].
    Share,
    /// A share or a rate that is mostly close to zero: binned by ratio, from a millionth on.
    Rare,
    /// A number of people, or another number from zero upwards.
    Count,
    /// Kilometres, of either sign.
    Km,
}

/// An observable: its name, unit, scale and meaning, and how to read it.
#[derive(Clone, Copy)]
pub struct Observable {
    /// Name in files.
    pub name: &'static str,
    /// What it is a property of.
    pub of: EntityKind,
    /// Unit.
    pub unit: &'static str,
    /// How it is binned.
    pub scale: Scale,
    /// Whether somebody outside could observe it, or estimate it from what is reported (judgement).
    pub seen: bool,
    /// The mechanism that moves it most.
    pub mechanism: &'static str,
    /// Meaning.
    pub doc: &'static str,
    read: fn(&View, usize) -> Lane,
}

impl std::fmt::Debug for Observable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Observable {
    /// Its value for an entity by its position in the list of its kind.
    pub fn read(&self, view: &View, entity: usize) -> Lane {
        (self.read)(view, entity)
    }
}

/// A state seen from outside, with the sums that several observables share.
pub struct View<'a> {
    pub(crate) world: &'a World,
    pub(crate) state: &'a State,
    sums: Vec<Sums>,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    soldiers: Lane,
    deserters: Lane,
    bands: Lane,
    fighters: Lane,
    guards: Lane,
    dead: Lane,
    officials: Lane,
    nominal: Lane,
    protesters: Lane,
    inhabitants: Lane,
    home: Lane,
    exile: Lane,
    regions: f32,
    loyalty: Lane,
    declared: Lane,
    independent: Lane,
    governed: Lane,
    ruled: Lane,
}

impl<'a> View<'a> {
    /// Looks at a state.
    pub fn new(world: &'a World, state: &'a State, simd: Simd) -> View<'a> {
        let mut sums = vec![Sums::default(); world.polities.len()];
        add_up(simd, world, state, &mut sums);
        View { world, state, sums }
    }

    fn army(&self, polity: usize, role: Army) -> Lane {
        self.state.people.real(self.state.layout.army(polity, role))
    }

    fn role(&self, region: usize, role: Role) -> Lane {
        self.state.people.real(self.state.layout.region(region, role))
    }

    pub(crate) fn per_thousand(&self, region: usize, role: Role) -> Lane {
        self.role(region, role) * 1000.0 / self.state.regions[region].signal.inhabitants
    }

    fn side(&self, entity: usize) -> &crate::state::SideState {
        let (sector, side) = sector_and_side(entity);
        &self.state.sectors[sector].sides[side]
    }
}

dispatched! {
    /// Sums over regions and sectors, by polity.
    fn add_up(world: &World, state: &State, sums: &mut [Sums]) = sum_up;
}

#[inline(always)]
fn sum_up(world: &World, state: &State, sums: &mut [Sums]) {
    for (r, region) in world.regions.iter().enumerate() {
        let own = &state.regions[r];
        let sums = &mut sums[region.polity];
        let of = |role| state.people.real(state.layout.region(r, role));
        sums.deserters += of(Role::Deserter);
        sums.bands += of(Role::Band);
        sums.fighters += of(Role::Fighter);
        sums.guards += of(Role::Guard);
        sums.dead += of(Role::Dead);
        sums.officials += own.signal.officials * own.signal.ruled * region.weight;
        sums.nominal += own.signal.nominal * own.signal.ruled * region.weight;
        sums.protesters += of(Role::Protester);
        sums.inhabitants += own.signal.inhabitants;
        sums.loyalty += loyalty(own.status) * region.weight;
        if region.movement.is_some() {
            sums.home += own.organisation;
            sums.exile += own.exile;
            sums.regions += 1.0;
        }
        sums.declared += own.status.gt(0.5).indicator();
        let independent = own.status.gt(1.5).indicator();
        sums.independent += independent;
        sums.governed += independent * own.government;
        sums.ruled += independent * own.violence;
    }
    for (i, sector) in world.sectors.iter().enumerate() {
        for (k, side) in sector.sides.iter().enumerate() {
            sums[side.polity].soldiers += state.people.real(state.layout.soldiers(i, k));
        }
    }
}

#[inline(always)]
fn loyalty(status: Lane) -> Lane {
    1.0 - status * 0.5
}

macro_rules! observables {
    (@ seen) => { true };
    (@ unseen) => { false };
    ($( $constant:ident = $name:literal, $of:ident, $unit:literal, $scale:ident, $seen:ident, $mechanism:ident, $doc:literal, |$view:ident, $e:ident| $read:expr; )+) => {
        /// Names of the observables: whoever refers to one by name takes it from here.
        pub mod names {
            $( #[doc = $doc] pub const $constant: &str = $name; )+
        }

        /// All observables.
        pub const OBSERVABLES: &[Observable] = &[
            $( Observable {
                name: names::$constant,
                of: EntityKind::$of,
                unit: $unit,
                scale: Scale::$scale,
                seen: observables!(@ $seen),
                mechanism: stringify!($mechanism),
                doc: $doc,
                read: |$view: &View, $e: usize| -> Lane { $read },
            }, )+
        ];
    };
}

observables! {
    STRENGTH = "strength", Polity, "share", Share, unseen, centre, "Regime strength.", |v, k| v.state.polities[k].strength;
    NEWS = "news", Polity, "share", Share, unseen, centre, "Bad news from the front on people's minds.", |v, k| v.state.polities[k].news;
    DEFEAT_WEAR = "defeat-wear", Polity, "share", Rare, unseen, centre, "Regime strength lost to defeats, not yet regained.",
        |v, k| v.state.polities[k].wear.defeat;
    TREASURY = "treasury", Polity, "years", Share, seen, centre, "State reserves in years of the budget, 0 when in debt.",
        |v, k| v.state.polities[k].treasury.positive();
    SOLDIERS = "soldiers", Polity, "people", Count, seen, manpower, "Soldiers in all sectors.", |v, k| v.sums[k].soldiers;
    RESERVE = "reserve", Polity, "people", Count, seen, command, "Soldiers in reserve.", |v, k| v.army(k, Army::Reserve);
    ARMY = "army", Polity, "people", Count, seen, manpower, "Soldiers in sectors and reserve.",
        |v, k| v.sums[k].soldiers + v.army(k, Army::Reserve);
    COHESION_MEAN = "cohesion-mean", Polity, "share", Share, unseen, cohesion, "Cohesion of its troops, weighted by their number.", |v, k| cohesion(v, k);
    SHORTFALL = "shortfall", Polity, "share", Share, unseen, command, "Soldiers missing from its sectors, over those that the sectors are meant to have; more are missed where the enemy is stronger.", |v, k| v.state.polities[k].shortfall;
    RESERVE_COVER = "reserve-cover", Polity, "-", Count, unseen, command, "Soldiers in reserve over soldiers missing, at most 10.",
        |v, k| v.state.polities[k].reserve_cover;
    BROKEN = "broken", Polity, "share", Share, seen, command, "Share of its sectors that are lost or in rout.", |v, k| v.state.polities[k].broken;
    DEAD = "dead", Polity, "people", Count, seen, combat, "Soldiers killed.", |v, k| v.sums[k].dead + v.army(k, Army::Fallen);
    CAPTIVES = "captives", Polity, "people", Count, seen, command, "Soldiers captured.", |v, k| v.army(k, Army::Captive);
    DESERTERS = "deserters", Polity, "people", Count, seen, desertion, "Deserters at large, on the way and arrived.",
        |v, k| v.sums[k].deserters + v.army(k, Army::Straggler);
    BANDS = "bands", Polity, "people", Count, seen, home, "Members of armed bands.", |v, k| v.sums[k].bands;
    FIGHTERS = "fighters", Polity, "people", Count, seen, movements, "Fighters of movements' armed wings.", |v, k| v.sums[k].fighters;
    GUARDS = "guards", Polity, "people", Count, seen, guards, "Guards in regions.", |v, k| v.sums[k].guards;
    MOBILE_GUARDS = "mobile-guards", Polity, "people", Count, seen, centre, "Guards not bound to a region.", |v, k| v.army(k, Army::MobileGuard);
    OFFICIALS_MEAN = "officials-mean", Polity, "share", Share, seen, officials, "Officials who work for the centre, by population.", |v, k| v.sums[k].officials;
    IN_POST_MEAN = "in-post-mean", Polity, "share", Share, seen, officials, "Officials in post at least in name, by population.", |v, k| v.sums[k].nominal;
    PARTICIPATION_MEAN = "participation-mean", Polity, "share", Rare, seen, citizens, "People who take part in protest.",
        |v, k| v.sums[k].protesters / v.sums[k].inhabitants.max(Lane::ONE);
    LOYALTY = "loyalty", Polity, "share", Share, seen, regions, "Loyalty of regions by population: 1 loyal, 1/2 declared, 0 independent.",
        |v, k| v.sums[k].loyalty;
    ORGANISATION_MEAN = "organisation-mean", Polity, "share", Share, unseen, movements, "Home organisation of movements.",
        |v, k| v.sums[k].home * (1.0 / v.sums[k].regions.max(1.0));
    HOME_SHARE = "home-share", Polity, "share", Share, unseen, movements, "Home organisation over home and exile organisation.",
        |v, k| v.sums[k].home / (v.sums[k].home + v.sums[k].exile).max(Lane::splat(1e-6));
    COORDINATION = "coordination", Polity, "share", Share, unseen, movements, "Coordination between movements.", |v, k| v.state.polities[k].coordination;
    DECLARED = "declared", Polity, "regions", Count, seen, regions, "Regions that have declared or left.", |v, k| v.sums[k].declared;
    INDEPENDENT = "independent", Polity, "regions", Count, seen, regions, "Regions independent in fact.", |v, k| v.sums[k].independent;
    GOVERNED = "governed", Polity, "share", Share, unseen, regions, "Consolidation of the governments of regions that have left, mean.",
        |v, k| v.sums[k].governed / v.sums[k].independent.max(Lane::ONE);
    BAND_RULED = "band-ruled", Polity, "share", Share, unseen, home, "Bands' violence in regions that have left, mean.",
        |v, k| v.sums[k].ruled / v.sums[k].independent.max(Lane::ONE);
    AT_WAR = "at-war", Polity, "share", Share, seen, centre, "1 while it fights and a sector is held by both sides.",
        |v, k| v.state.polities[k].engaged;

    OFFICIALS = "officials", Region, "share", Share, seen, officials, "Officials who work, for the centre or for the government of a region that has left.", |v, r| v.state.regions[r].signal.officials;
    IN_POST = "in-post", Region, "share", Share, seen, officials, "Officials in post at least in name.", |v, r| v.state.regions[r].signal.nominal;
    PARTICIPATION = "participation", Region, "share", Rare, seen, citizens, "People who take part in protest.", |v, r| v.state.regions[r].signal.participation;
    COVER = "cover", Region, "share", Count, unseen, guards, "Steadfast guards over the guards at the start; may exceed 1.", |v, r| v.state.regions[r].signal.cover;
    STEADFAST = "steadfast", Region, "share", Share, unseen, guards, "Guards who stand by the centre.", |v, r| v.state.regions[r].steady;
    DESERTERS_HERE = "deserters-here", Region, "per 1,000", Rare, seen, desertion, "Deserters at large per thousand people.", |v, r| v.per_thousand(r, Role::Deserter);
    BANDS_HERE = "bands-here", Region, "per 1,000", Rare, seen, home, "Band members per thousand people.", |v, r| v.per_thousand(r, Role::Band);
    FIGHTERS_HERE = "fighters-here", Region, "people", Count, seen, movements, "Fighters of the movement's armed wing.", |v, r| v.role(r, Role::Fighter);
    VIOLENCE = "violence", Region, "share", Rare, unseen, home, "Violence of bands, share of the worst.", |v, r| v.state.regions[r].violence;
    ORGANISATION = "organisation", Region, "share", Share, unseen, movements, "Home organisation of the movement.", |v, r| v.state.regions[r].organisation;
    GOVERNMENT = "government", Region, "share", Share, unseen, regions, "Consolidation of the region's own government.", |v, r| v.state.regions[r].government;
    HAS_DECLARED = "has-declared", Region, "share", Share, seen, regions, "1 where the region has declared or left.",
        |v, r| v.state.regions[r].status.gt(0.5).indicator();
    HAS_LEFT = "has-left", Region, "share", Share, seen, regions, "1 where the region is independent in fact.",
        |v, r| v.state.regions[r].status.gt(1.5).indicator();

    LINE = "line", SectorSide, "km", Km, seen, combat, "Ground this side has lost since the start (negative: gained).",
        |v, e| { let (sector, side) = sector_and_side(e); v.state.sectors[sector].given(side) };
    STRENGTH_HERE = "strength-here", SectorSide, "people", Count, seen, manpower, "Soldiers in the sector.",
        |v, e| { let (sector, side) = sector_and_side(e); v.state.people.real(v.state.layout.soldiers(sector, side)) };
    COHESION = "cohesion", SectorSide, "share", Share, unseen, cohesion, "Cohesion.", |v, e| v.side(e).cohesion;
    SUPPLY = "supply", SectorSide, "share", Share, unseen, supply, "Supply, share of need.", |v, e| v.side(e).supply;
    ESCAPE = "escape", SectorSide, "share", Share, unseen, command, "Share of the soldiers that could still get out over the crossing; 1 without a crossing.", |v, e| v.side(e).escape;
    IN_ROUT = "in-rout", SectorSide, "share", Share, seen, cohesion, "1 while in rout.", |v, e| v.side(e).rout.gt(0.0).indicator();
    HELD = "held", SectorSide, "share", Share, seen, command, "1 while the side holds the sector.",
        |v, e| 1.0 - v.side(e).lost.max(v.side(e).ceded);
}

fn cohesion(view: &View, polity: usize) -> Lane {
    let (mut sum, mut men) = (Lane::ZERO, Lane::splat(1e-6));
    for (i, sector) in view.world.sectors.iter().enumerate() {
        for (k, side) in sector.sides.iter().enumerate() {
            if side.polity == polity {
                let here = view.state.people.real(view.state.layout.soldiers(i, k));
                sum += here * view.state.sectors[i].sides[k].cohesion;
                men += here;
            }
        }
    }
    sum / men
}

/// By its name.
pub fn by_name(name: &str) -> Option<&'static Observable> {
    OBSERVABLES.iter().find(|observable| observable.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn mechanisms_are_those_of_the_model() {
        let known = |name: &str| crate::world::MECHANISMS.iter().any(|(_, other)| *other == name);
        assert!(OBSERVABLES.iter().all(|o| known(o.mechanism)));
        assert!(crate::event::EventKind::ALL.iter().all(|kind| known(kind.mechanism())));
    }

    #[test]
    fn names_are_unique() {
        let names: BTreeSet<_> = OBSERVABLES.iter().map(|o| o.name).collect();
        assert_eq!(names.len(), OBSERVABLES.len());
    }
}
