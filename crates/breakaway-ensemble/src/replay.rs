//! One member alone: its verdicts, its events with their causes, and every day of it.

use crate::block::Plan;
use crate::life::{Life, Lived, Wanted, live_one};
use crate::watch::Verdict;
use breakaway_model::event::Event;
use breakaway_model::observe::{OBSERVABLES, Observable, View};

/// A member's trajectory.
pub struct Replay {
    /// Verdicts, one a claim.
    pub verdicts: Vec<Verdict>,
    /// Events in order of time.
    pub events: Vec<Event>,
    /// Values by series and day, from day 0.
    pub series: Vec<(&'static Observable, usize, Vec<f32>)>,
    /// Parameters, in the order of the table.
    pub parameters: Vec<f32>,
}

/// Lives through a member once more.
pub fn replay(plan: &Plan, member: u32) -> Replay {
    let world = &plan.scenario.world;
    let entities = |o: &'static Observable| (0..View::entities(world, o.of)).map(move |entity| (o, entity));
    let series: Vec<_> = OBSERVABLES.iter().flat_map(entities).collect();
    let wanted = Wanted { series, days: (0..=world.days).collect(), until: None };
    let Lived { verdicts, events, values, .. } = live_one(plan, &Life::of(member), &wanted);
    let all = wanted.series.len();
    let days = |k: usize| values.iter().skip(k).step_by(all).copied().collect();
    Replay {
        verdicts,
        events,
        series: wanted.series.iter().enumerate().map(|(k, &(o, entity))| (o, entity, days(k))).collect(),
        parameters: plan.parameters(plan.design.draw_of(member)),
    }
}
