//! Some simulations to tell as stories, and which of their events are worth telling.

use breakaway_ensemble::EventRecord;
use breakaway_model::event::EventKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A simulation as a story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Why it is told.
    pub place: Place,
    /// The simulation.
    pub simulation: u32,
    /// Events that are told, in order of time.
    pub events: Vec<EventRecord>,
    /// Events that are not told.
    pub left_out: usize,
}

/// Where a simulation is in the order from mild to extreme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The mildest.
    Mildest,
    /// In the middle.
    Median,
    /// The most extreme.
    MostExtreme,
}

/// How much an event weighs when simulations are ordered from mild to extreme (judgement).
fn gravity(kind: EventKind) -> u32 {
    match kind {
        EventKind::Fall => 1000,
        EventKind::Independent => 300,
        EventKind::FrontCollapse => 200,
        EventKind::Declared | EventKind::BandRule => 100,
        EventKind::SectorLost | EventKind::Withdrawn => 40,
        EventKind::Vacuum | EventKind::GarrisonFails | EventKind::MassProtest => 30,
        EventKind::Rout | EventKind::Peace | EventKind::Suppressed => 20,
        EventKind::WithdrawalOrdered | EventKind::Congress => 1,
    }
}

/// So many simulations and what happened in them, without those that failed, from the mildest to
/// the most extreme.
pub fn by_gravity(failed: &[bool], histories: &BTreeMap<u32, Vec<EventRecord>>) -> Vec<u32> {
    let weight = |simulation: &u32| -> u32 {
        histories.get(simulation).map_or(0, |history| history.iter().map(|event| gravity(event.kind)).sum())
    };
    let sound = (0..failed.len() as u32).filter(|simulation| !failed[*simulation as usize]);
    let mut all: Vec<u32> = sound.collect();
    all.sort_by_cached_key(|simulation| (weight(simulation), *simulation));
    all
}

/// A short history whole; of a long one the first of each kind and the gravest, at most so many,
/// in order of time. Where something is told that undoes another event, that event is told too.
pub fn worth_telling(history: &[EventRecord], most: usize) -> Vec<EventRecord> {
    let mut order: Vec<usize> = (0..history.len()).collect();
    let first = |k: usize| !history[..k].iter().any(|before| before.kind == history[k].kind);
    order.sort_by_cached_key(|&k| (!first(k), std::cmp::Reverse(gravity(history[k].kind)), k));
    let mut told: Vec<usize> = vec![];
    for k in order {
        let needed = [undone_by(history, k), Some(k)];
        let new: Vec<usize> = needed.into_iter().flatten().filter(|k| !told.contains(k)).collect();
        if told.len() + new.len() <= most {
            told.extend(new);
        }
    }
    told.sort_unstable();
    told.into_iter().map(|k| history[k]).collect()
}

/// The declaration that a suppression undoes, or that made a region independent.
fn undone_by(history: &[EventRecord], k: usize) -> Option<usize> {
    let event = &history[k];
    if !matches!(event.kind, EventKind::Suppressed | EventKind::Independent) {
        return None;
    }
    history[..k]
        .iter()
        .rposition(|before| before.kind == EventKind::Declared && before.entity == event.entity)
}

/// The mildest simulation, one in the middle and the most extreme one, each with at most so many
/// events.
pub fn three(failed: &[bool], histories: &BTreeMap<u32, Vec<EventRecord>>, most: usize) -> Vec<Story> {
    let simulations = by_gravity(failed, histories);
    let picks = [
        (Place::Mildest, 0),
        (Place::Median, simulations.len() / 2),
        (Place::MostExtreme, simulations.len().saturating_sub(1)),
    ];
    let pick = |(place, at): (Place, usize)| {
        let simulation = *simulations.get(at)?;
        let history = histories.get(&simulation).map_or(&[][..], Vec::as_slice);
        let events = worth_telling(history, most);
        Some(Story { place, simulation, left_out: history.len() - events.len(), events })
    };
    picks.into_iter().filter_map(pick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_model::event::Cause;

    fn at(day: u32, kind: EventKind, entity: u32) -> EventRecord {
        EventRecord { simulation: 0, day, kind, entity, cause: Cause::Regime, weight: 1.0 }
    }

    #[test]
    fn a_long_history_keeps_its_turns() {
        let mut history: Vec<EventRecord> = (0..40).map(|day| at(day, EventKind::Vacuum, 0)).collect();
        history.push(at(50, EventKind::Fall, 0));
        history.push(at(60, EventKind::Peace, 0));
        let told = worth_telling(&history, 14);
        assert_eq!(told.len(), 14);
        assert!(told.is_sorted_by_key(|event| event.day));
        assert!(
            told.iter().any(|e| e.kind == EventKind::Fall) && told.iter().any(|e| e.kind == EventKind::Peace)
        );
    }

    #[test]
    fn nobody_is_brought_back_who_did_not_leave() {
        let mut history: Vec<EventRecord> = (0..30).map(|r| at(r, EventKind::Declared, r)).collect();
        history.push(at(40, EventKind::Suppressed, 25));
        let told = worth_telling(&history, 6);
        let suppressed = told.iter().position(|e| e.kind == EventKind::Suppressed).expect("told");
        assert!(told[..suppressed].iter().any(|e| e.kind == EventKind::Declared && e.entity == 25));
    }

    #[test]
    fn simulations_are_ordered_by_what_happened_and_the_failed_are_left_out() {
        let histories =
            BTreeMap::from([(0, vec![at(9, EventKind::Fall, 0)]), (2, vec![at(3, EventKind::Rout, 0)])]);
        assert_eq!(by_gravity(&[false, false, false, true], &histories), [1, 2, 0]);
    }
}
