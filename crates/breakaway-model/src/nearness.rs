//! How near an event is: what a simulation has come to before the event happens, if it does.
//!
//! It reads the same quantities that the mechanisms decide by, and nothing of the chance that a clock has drawn
//! already: a simulation that goes on from here with fresh chance is as near.

use crate::entity::sector_and_side;
use crate::event::EventKind;
use crate::lanes::Lane;
use crate::mechanism::citizens::MASS;
use crate::mechanism::home::vacuum;
use crate::observe::View;
use crate::people::Role;
use crate::state::SideState;

/// How near an event is, by the two ways in which it may come.
#[derive(Clone, Copy, Debug)]
pub struct Nearness {
    /// By a clock: so often a day, as things are.
    pub hazard: Lane,
    /// By reaching something: the share of the way there, 1 where it is.
    pub way: Lane,
}

/// Share of the events that lead to another, as far as a score needs it (judgement, as all numbers here: any of
/// them gives an unbiased estimate, good ones a precise one).
const FOLLOWS: f32 = 0.3;
/// Share of the way to the loss of a sector that a rout is.
const ROUTED: f32 = 0.3;
/// Days over which routs next to each other count together.
const TOGETHER: f32 = 14.0;
/// Hazard of a withdrawal's end once it is ordered, a day.
const LEAVING: f32 = 0.2;
/// What deserters in a vacuum are on the way to bands, and what the vacuum is alone.
const BANDING: [f32; 2] = [0.5, 0.1];

impl View<'_> {
    /// How near an event of a kind is to an entity of the kind's kind.
    pub fn nearness(&self, kind: EventKind, entity: usize) -> Nearness {
        let clock = |hazard| Nearness { hazard, way: Lane::ZERO };
        let reach = |way| Nearness { hazard: Lane::ZERO, way };
        match kind {
            EventKind::Rout => clock(self.sector_side(entity).rout_clock.hazard),
            EventKind::SectorLost => {
                let side = self.sector_side(entity);
                let routed = side.rout.gt(0.0).indicator() * ROUTED;
                Nearness { hazard: side.rout_clock.hazard * FOLLOWS, way: self.ground_lost(entity) + routed }
            }
            EventKind::WithdrawalOrdered => clock(self.sector_side(entity).withdrawal_clock.hazard),
            EventKind::Withdrawn => {
                let side = self.sector_side(entity);
                clock(side.withdrawing.gt(0.0).select(LEAVING, side.withdrawal_clock.hazard))
            }
            EventKind::FrontCollapse => reach(self.front_broken(entity)),
            EventKind::Vacuum => reach((1.0 - self.state.regions[entity].signal.officials) * 2.0),
            EventKind::BandRule => {
                let empty = vacuum(self.state, entity);
                let could = (self.per_thousand(entity, Role::Deserter) * BANDING[0] + BANDING[1]) * empty;
                reach(self.per_thousand(entity, Role::Band) + could)
            }
            EventKind::MassProtest => reach(self.state.regions[entity].signal.participation * (1.0 / MASS)),
            EventKind::GarrisonFails => reach((1.0 - self.state.regions[entity].steady) * 2.0),
            EventKind::Congress => clock(self.state.polities[entity].congress_clock.hazard),
            EventKind::Declared => clock(self.declaring(entity)),
            EventKind::Independent => clock(self.contested(entity, self.state.regions[entity].winning)),
            EventKind::Suppressed => {
                let region = &self.state.regions[entity];
                clock(self.contested(entity, region.contest_clock.hazard - region.winning))
            }
            EventKind::Fall => clock(self.state.polities[entity].fall_clock.hazard),
            EventKind::Peace => clock(self.state.polities[entity].fall_clock.hazard * FOLLOWS),
        }
    }

    fn sector_side(&self, entity: usize) -> &SideState {
        let (sector, side) = sector_and_side(entity);
        &self.state.sectors[sector].sides[side]
    }

    /// Ground that a side has lost, as a share of its depth.
    fn ground_lost(&self, entity: usize) -> Lane {
        let (sector, side) = sector_and_side(entity);
        let depth = self.world.sectors[sector].sides[side].depth.max(1.0);
        self.state.sectors[sector].given(side) * (1.0 / depth)
    }

    /// Sectors that a polity has lost, or that rout or are about to, as a share of those that make a collapse.
    fn front_broken(&self, polity: usize) -> Lane {
        let (mut broken, mut held) = (Lane::ZERO, 0.0);
        for (i, sector) in self.world.sectors.iter().enumerate() {
            for (k, _) in sector.sides.iter().enumerate().filter(|(_, side)| side.polity == polity) {
                let side = &self.state.sectors[i].sides[k];
                let soon = 1.0 - (-(side.rout_clock.hazard * TOGETHER)).exp();
                let rout = side.rout.gt(0.0).indicator() * self.state.sectors[i].open;
                broken += side.lost.max(rout).max(soon);
                held += 1.0;
            }
        }
        broken * (2.0 / f32::max(held, 1.0))
    }

    /// Hazard of a declaration; nothing where the region has declared.
    fn declaring(&self, region: usize) -> Lane {
        let region = &self.state.regions[region];
        region.status.lt(0.5).select(region.declaration_clock.hazard, 0.0)
    }

    /// Hazard of an end of a contest, where there is one; else what leads to one.
    fn contested(&self, region: usize, hazard: Lane) -> Lane {
        let status = self.state.regions[region].status;
        let contested = status.gt(0.5) & status.lt(1.5);
        contested.select(hazard, self.declaring(region) * FOLLOWS)
    }
}
