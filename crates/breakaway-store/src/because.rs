//! Which event moved the cause of another, as far as the model knows it.
//!
//! An event names its largest cause: a term of its hazard. Where such a term moves with events (the
//! news with lost sectors, a vacuum with the flight of officials), the latest of these before it is
//! what it happened because of. Causes that move with no event have none.

use breakaway_ensemble::EventRecord;
use breakaway_model::entity::{Entity, EntityKind, sector_and_side};
use breakaway_model::event::{Cause, EventKind as Kind};
use breakaway_model::world::World;

/// To whom the earlier event must have happened.
enum Whom {
    /// To the same entity.
    Same,
    /// To the same polity, or in or to anything of it.
    Polity,
    /// To another entity of the same polity.
    Neighbour,
}

/// The kinds of event that move a cause, and to whom.
fn movers(cause: Cause, kind: Kind) -> (&'static [Kind], Whom) {
    const FRONT: &[Kind] = &[Kind::Rout, Kind::SectorLost, Kind::Withdrawn, Kind::FrontCollapse];
    match cause {
        Cause::News | Cause::Ground => (FRONT, Whom::Polity),
        Cause::Rout => (&[Kind::Rout], Whom::Polity),
        Cause::Defeat => {
            (&[Kind::SectorLost, Kind::Withdrawn, Kind::FrontCollapse, Kind::GarrisonFails], Whom::Polity)
        }
        Cause::Regime => (
            &[Kind::FrontCollapse, Kind::SectorLost, Kind::Declared, Kind::Independent, Kind::Fall],
            Whom::Polity,
        ),
        Cause::Neighbours => match kind.entity_kind() {
            EntityKind::SectorSide => (&[Kind::Rout, Kind::SectorLost], Whom::Neighbour),
            EntityKind::Region | EntityKind::Polity => (
                &[
                    Kind::Vacuum,
                    Kind::MassProtest,
                    Kind::GarrisonFails,
                    Kind::BandRule,
                    Kind::Declared,
                    Kind::Independent,
                ],
                Whom::Neighbour,
            ),
        },
        Cause::Guards | Cause::Armed => (&[Kind::GarrisonFails], Whom::Same),
        Cause::Protest => (&[Kind::MassProtest], here(kind)),
        Cause::Bands => (&[Kind::BandRule], here(kind)),
        Cause::Vacuum => (&[Kind::Vacuum], Whom::Same),
        Cause::Organisation => (&[Kind::Congress], Whom::Polity),
        Cause::Secession => (&[Kind::Declared, Kind::Independent], Whom::Polity),
        Cause::Fall => (&[Kind::Fall], Whom::Polity),
        Cause::Scenario
        | Cause::Casualties
        | Cause::Supply
        | Cause::Strength
        | Cause::Identity
        | Cause::Burden
        | Cause::Hardship
        | Cause::Legal
        | Cause::Treasury => (&[], Whom::Same),
    }
}

/// What moves a region in itself moves a polity anywhere.
fn here(kind: Kind) -> Whom {
    match kind.entity_kind() {
        EntityKind::Region => Whom::Same,
        EntityKind::Polity | EntityKind::SectorSide => Whom::Polity,
    }
}

fn polity(world: &World, entity: Entity) -> usize {
    match entity.kind {
        EntityKind::Polity => entity.index,
        EntityKind::Region => world.regions[entity.index].polity,
        EntityKind::SectorSide => {
            let (sector, side) = sector_and_side(entity.index);
            world.sectors[sector].sides[side].polity
        }
    }
}

/// For each event of one simulation, in order of time: the position of the event that it happened
/// because of.
pub fn because(world: &World, events: &[EventRecord]) -> Vec<Option<usize>> {
    let one = |(at, event): (usize, &EventRecord)| {
        let (kinds, whom) = movers(event.cause, event.kind);
        let own = event.entity();
        let fits = |earlier: &EventRecord| {
            let other = earlier.entity();
            kinds.contains(&earlier.kind)
                && match whom {
                    Whom::Same => other == own,
                    Whom::Polity => polity(world, other) == polity(world, own),
                    Whom::Neighbour => {
                        other.kind == own.kind && other != own && polity(world, other) == polity(world, own)
                    }
                }
        };
        if kinds.is_empty() { None } else { events[..at].iter().rposition(fits) }
    };
    events.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_model::world::{Polity, Region};

    #[test]
    fn an_event_leads_back_to_what_moved_its_cause() {
        let region = |polity| Region { polity, ..Region::default() };
        let polity = |regions| Polity { regions, ..Polity::default() };
        let world = World {
            polities: vec![polity(0..2), polity(2..3)],
            regions: vec![region(0), region(0), region(1)],
            ..World::default()
        };
        let event =
            |day, kind, entity, cause| EventRecord { simulation: 0, day, kind, entity, cause, weight: 1.0 };
        let events = [
            event(1, Kind::Vacuum, 2, Cause::Regime),
            event(2, Kind::Vacuum, 0, Cause::Regime),
            event(3, Kind::Vacuum, 1, Cause::Neighbours),
            event(4, Kind::Declared, 0, Cause::Vacuum),
            event(5, Kind::Fall, 0, Cause::Secession),
            event(6, Kind::Declared, 1, Cause::Fall),
            event(7, Kind::Rout, 0, Cause::Supply),
        ];
        let mut events = events.to_vec();
        events.pop();
        assert_eq!(because(&world, &events), [None, None, Some(1), Some(1), Some(3), Some(4)]);
    }
}
