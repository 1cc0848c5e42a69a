//! Stories of single simulations.

use crate::dates::Dates;
use crate::events::sentence;
use breakaway_analysis::questions::story::{Place, Story};
use breakaway_store::Entities;

/// Why a simulation is told.
pub fn title(place: Place) -> &'static str {
    match place {
        Place::Mildest => "The mildest simulation",
        Place::Median => "A simulation in the middle",
        Place::MostExtreme => "The most extreme simulation",
    }
}

/// A story's events, one sentence each.
pub fn sentences(story: &Story, entities: &Entities, dates: &Dates) -> Vec<String> {
    story.events.iter().map(|event| sentence(event, entities, dates)).collect()
}
