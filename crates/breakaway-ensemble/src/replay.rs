//! One member alone: its verdicts, its events with their causes, and every day of it.

use crate::block::Plan;
use crate::traveller::{Compared, events_to_the_end};
use crate::watch::{Verdict, Watch, by_lane};
use breakaway_model::Members;
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
    let numbers = [member; breakaway_model::lanes::WIDTH];
    let params = plan.design.lanes(&plan.priors, &numbers);
    let mut series: Vec<_> = OBSERVABLES
        .iter()
        .flat_map(|o| (0..View::entities(world, o.of)).map(move |entity| (o, entity, vec![])))
        .collect();
    let mut watch = Watch::new(&plan.scenario.claims);
    let mut members = Members::new(world, &params, plan.simd, plan.design.seed, numbers);
    loop {
        let view = View::new(world, &members.state, plan.simd);
        for (observable, entity, values) in &mut series {
            values.push(observable.read(&view, *entity).0[0]);
        }
        if members.day() > 0 {
            watch.look(&view, members.day());
        }
        if members.day() == world.days {
            break;
        }
        members.advance();
    }
    let others: Vec<(usize, Vec<Event>)> = plan
        .compared
        .iter()
        .map(|Compared { lever, world, .. }| {
            let other = Members::new(world, &params, plan.simd, plan.design.seed, numbers);
            (*lever, std::mem::take(&mut by_lane(&events_to_the_end(other))[0]))
        })
        .collect();
    let events: Vec<Event> = members.log.events.iter().filter(|event| event.lane == 0).copied().collect();
    let verdicts = watch.decide(&plan.scenario.claims, 0, world.days, &events, &others);
    Replay {
        verdicts,
        events,
        series,
        parameters: plan.design.parameters(&plan.priors, plan.design.draw_of(member)),
    }
}
