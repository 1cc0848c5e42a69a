//! Two worlds that come to the same to the bit, and why that is likely.

use breakaway_model::params::Prior;
use breakaway_model::world::{Change, World};
use breakaway_scenario::Scenario;
use serde::{Deserialize, Serialize};

/// Why two worlds that were meant to differ are equal to the bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LikelyReason {
    /// Nothing that a simulation takes as given differs.
    NothingDiffers,
    /// A change is undone by a later one, or one of the same day.
    Undone {
        /// Its date.
        date: String,
        /// The date of the other.
        again: String,
    },
    /// Parameters differ that nothing in the scenario feels.
    Parameters {
        /// Their names.
        names: Vec<String>,
    },
    /// What differs is never felt.
    Unfelt,
}

/// The likely reason, where all simulations of two worlds are equal.
pub(crate) fn likely_reason(
    before: &Scenario,
    after: &Scenario,
    was: &[Prior],
    is: &[Prior],
) -> LikelyReason {
    let bare = |world: &World| format!("{:?}", World { changes: vec![], undated: vec![], ..world.clone() });
    let (old, new) = (&before.world.changes, &after.world.changes);
    let differs: Vec<&(u32, Change)> = new.iter().filter(|change| !old.contains(change)).collect();
    let gone: Vec<&(u32, Change)> = old.iter().filter(|change| !new.contains(change)).collect();
    let date = |day: u32| after.date(day).to_string();
    for (day, change) in differs.iter().chain(&gone) {
        let sets =
            |other: &&(u32, Change)| other.0 >= *day && other.1 != *change && other.1.same_target(change);
        if let Some((again, _)) = new.iter().find(sets) {
            return LikelyReason::Undone { date: date(*day), again: date(*again) };
        }
    }
    let specs = after.specs();
    let names: Vec<String> = specs
        .iter()
        .zip(was.iter().zip(is))
        .filter(|(_, (was, is))| was != is)
        .map(|(spec, _)| spec.key())
        .collect();
    let same_world = bare(&before.world) == bare(&after.world) && differs.is_empty() && gone.is_empty();
    match (same_world && before.world.undated == after.world.undated, names.is_empty()) {
        (true, true) => LikelyReason::NothingDiffers,
        (true, false) => LikelyReason::Parameters { names },
        (false, _) => LikelyReason::Unfelt,
    }
}
