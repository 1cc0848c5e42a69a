//! Events of simulations, as they are kept and read again.

use breakaway_model::entity::Entity;
use breakaway_model::event::{Cause, Event, EventKind};
use serde::{Deserialize, Serialize};

/// Something that happened in a simulation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Number of the simulation.
    pub simulation: u32,
    /// Day.
    pub day: u32,
    /// What happened.
    #[serde(with = "by_position")]
    pub kind: EventKind,
    /// To whom: the position in the list of [`EventKind::entity_kind`].
    pub entity: u32,
    /// The largest term of its hazard.
    #[serde(with = "by_position")]
    pub cause: Cause,
    /// That term's share of the sum of all, in [0, 1].
    pub weight: f32,
}

impl EventRecord {
    /// The record of a simulation's event.
    pub fn of(simulation: u32, event: &Event) -> EventRecord {
        let Event { day, kind, entity, cause, weight, .. } = *event;
        EventRecord { simulation, day, kind, entity: u32::from(entity), cause, weight }
    }

    /// To whom it happened.
    pub fn entity(&self) -> Entity {
        Entity { kind: self.kind.entity_kind(), index: self.entity as usize }
    }
}

/// The first time that each thing happened to each entity in a simulation, in order of time.
pub fn first_of_each(history: &[EventRecord]) -> Vec<EventRecord> {
    let mut seen = std::collections::BTreeSet::new();
    history.iter().filter(|event| seen.insert((event.kind, event.entity))).copied().collect()
}

/// A kind or cause as its position in the list of all.
mod by_position {
    use super::{Cause, EventKind};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub trait Listed: Copy + 'static {
        fn position(self) -> u8;
        fn all() -> &'static [Self];
    }

    impl Listed for EventKind {
        fn position(self) -> u8 {
            self as u8
        }
        fn all() -> &'static [EventKind] {
            EventKind::ALL
        }
    }

    impl Listed for Cause {
        fn position(self) -> u8 {
            self as u8
        }
        fn all() -> &'static [Cause] {
            Cause::ALL
        }
    }

    pub fn serialize<T: Listed, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        value.position().serialize(to)
    }

    pub fn deserialize<'de, T: Listed, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        let position = u8::deserialize(from)?;
        T::all().get(usize::from(position)).copied().ok_or_else(|| D::Error::custom("an unknown position"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_time_counts() {
        let at = |day, kind, entity| EventRecord {
            simulation: 0,
            day,
            kind,
            entity,
            cause: Cause::Regime,
            weight: 1.0,
        };
        let history = [at(1, EventKind::Rout, 0), at(2, EventKind::Rout, 1), at(5, EventKind::Rout, 0)];
        assert_eq!(first_of_each(&history), history[..2]);
    }
}
