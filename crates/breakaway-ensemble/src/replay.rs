//! One member alone: its verdicts, its events with their causes, and every day of it.

use crate::claim_monitor::Verdict;
use crate::context::{Context, Stopped};
use crate::event_record::EventRecord;
use crate::plan::Plan;
use crate::simulate::{MemberSpec, Outputs, Simulated, simulate};
use breakaway_model::entity::Entity;
use breakaway_model::observe::{OBSERVABLES, Observable};

/// A member's trajectory.
#[derive(Clone, Debug)]
pub struct Trajectory {
    /// Number of the member.
    pub member: u32,
    /// Whether it failed.
    pub failed: bool,
    /// Verdicts, one for each claim.
    pub verdicts: Vec<Verdict>,
    /// Events in order of time.
    pub events: Vec<EventRecord>,
    /// Values by series and day, from day 0.
    pub series: Vec<(&'static Observable, Entity, Vec<f32>)>,
    /// Parameters, in the order of [`breakaway_scenario::Scenario::specs`].
    pub parameters: Vec<f32>,
}

/// Simulates a member once more.
///
/// # Errors
/// [`Stopped`] where the context was cancelled.
pub fn replay(plan: &Plan, member: u32, context: &Context) -> Result<Trajectory, Stopped> {
    let world = &plan.scenario.world;
    let entities = |o: &'static Observable| (0..o.of.count(world)).map(move |entity| (o, entity));
    let series: Vec<_> = OBSERVABLES.iter().flat_map(entities).collect();
    let outputs = Outputs { series, days: (0..=world.days).collect(), until: None };
    let one = simulate(plan, &[MemberSpec::of(member)], &outputs, context, "simulation")?.remove(0);
    let Simulated { verdicts, events, values, failed } = one;
    let all = outputs.series.len();
    let days = |k: usize| values.iter().skip(k).step_by(all).copied().collect();
    let series = outputs.series.iter().enumerate();
    Ok(Trajectory {
        member,
        failed,
        verdicts,
        events: events.iter().map(|event| EventRecord::of(member, event)).collect(),
        series: series.map(|(k, &(o, index))| (o, Entity { kind: o.of, index }, days(k))).collect(),
        parameters: plan.parameters(plan.design.draw_of(member)),
    })
}
