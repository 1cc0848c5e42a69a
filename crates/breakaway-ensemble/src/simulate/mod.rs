//! Chosen members, simulated again or from some day on with other chance: what analyses ask of the
//! ensemble.
//!
//! Nothing is kept but what was asked for: verdicts, events, and some observables on some days.

mod running;

pub(crate) use running::{Conservation, Failed, RunningVector};

use crate::claim_monitor::{Verdict, by_lane};
use crate::context::{Context, Stopped, Task};
use crate::parallel::try_map;
use crate::plan::Plan;
use breakaway_model::MemberVector;
use breakaway_model::dispatch::Simd;
use breakaway_model::event::Event;
use breakaway_model::lanes::WIDTH;
use breakaway_model::observe::Observable;
use breakaway_model::params::Params;
use breakaway_scenario::Scenario;

/// A member to be simulated: whose parameters and chance it has, and whose chance from when on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSpec {
    /// Number of the member whose parameters it has, and whose chance at first.
    pub member: u32,
    /// From the end of which day on it has the chance of which number, in order of time.
    pub reseeds: Vec<(u32, u32)>,
}

impl MemberSpec {
    /// A member of a run as it was.
    pub fn of(member: u32) -> MemberSpec {
        MemberSpec { member, reseeds: vec![] }
    }

    /// The same until the end of a day, with the chance of another number afterwards.
    pub fn reseeded(&self, day: u32, number: u32) -> MemberSpec {
        let mut spec = self.clone();
        spec.reseeds.push((day, number));
        spec
    }
}

/// What is wanted of simulations beside verdicts and events.
#[derive(Clone, Debug, Default)]
pub struct Outputs {
    /// Observables, each of an entity.
    pub series: Vec<(&'static Observable, usize)>,
    /// Days on which they are read, in order; from 0.
    pub days: Vec<u32>,
    /// The last day that is simulated; the scenario's last where none.
    pub until: Option<u32>,
}

/// What became of a simulated member.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// Whether it failed: a number was not finite, or people were not conserved.
    pub failed: bool,
    /// Verdicts, one for each claim; empty where it was not simulated to the end.
    pub verdicts: Vec<Verdict>,
    /// What happened, in order of time.
    pub events: Vec<Event>,
    /// Values: for each wanted day, each wanted observable.
    pub values: Vec<f32>,
}

/// Simulates some members, in their order. The results do not depend on threads, nor on who is in
/// a vector with whom.
///
/// # Errors
/// [`Stopped`] where the context was cancelled.
pub fn simulate(
    plan: &Plan,
    members: &[MemberSpec],
    outputs: &Outputs,
    context: &Context,
    task: &str,
) -> Result<Vec<Simulated>, Stopped> {
    let task = context.task(task, members.len() as u64);
    let chunks: Vec<&[MemberSpec]> = members.chunks(WIDTH).collect();
    let all = try_map(context, &chunks, |chunk| {
        let done = together(plan, chunk, outputs, &task)?;
        task.advance(chunk.len() as u64)?;
        Ok(done)
    })?;
    Ok(all.into_iter().flatten().collect())
}

/// What happens to members with these parameters, to the scenario's last day; none where one
/// fails.
///
/// # Errors
/// [`Stopped`] where the context was cancelled.
pub fn events(
    scenario: &Scenario,
    params: &Params,
    simd: Simd,
    seed: u64,
    numbers: [u32; WIDTH],
    context: &Context,
) -> Result<[Option<Vec<Event>>; WIDTH], Stopped> {
    let mut members = MemberVector::new(&scenario.world, params, simd, seed, numbers);
    let conservation = Conservation::new(&members);
    while members.day() < scenario.world.days {
        members.advance();
        if members.day().is_multiple_of(STAGE) {
            context.check()?;
        }
    }
    let mut events = by_lane(&members.log.events);
    let faults = conservation.faults(&members);
    Ok(std::array::from_fn(|lane| faults[lane].is_none().then(|| std::mem::take(&mut events[lane]))))
}

/// Days between two looks at whether to go on.
pub(crate) const STAGE: u32 = 7;

/// Simulates the members of one vector.
fn together(
    plan: &Plan,
    specs: &[MemberSpec],
    outputs: &Outputs,
    task: &Task,
) -> Result<Vec<Simulated>, Stopped> {
    let world = &plan.scenario.world;
    let spec = |lane: usize| &specs[lane.min(specs.len() - 1)];
    let members: [u32; WIDTH] = std::array::from_fn(|lane| spec(lane).member);
    let params = plan.lanes(&members);
    let mut numbers = plan.chance(&members);
    let mut running = RunningVector::new(plan, &params, numbers);
    let mut values: Vec<Vec<f32>> = vec![vec![]; WIDTH];
    let last = outputs.until.unwrap_or(world.days).min(world.days);
    for day in 0..=last {
        if day.is_multiple_of(STAGE) {
            task.check()?;
        }
        running.day(plan, day, |view, _| {
            if outputs.days.contains(&day) {
                for (observable, entity) in &outputs.series {
                    let value = observable.read(view, *entity);
                    values.iter_mut().zip(value.0).for_each(|(values, x)| values.push(x));
                }
            }
        });
        let reseed = |lane: usize| spec(lane).reseeds.iter().rfind(|(turn, _)| *turn == day);
        if (0..specs.len()).any(|lane| reseed(lane).is_some()) {
            numbers = std::array::from_fn(|lane| reseed(lane).map_or(numbers[lane], |(_, number)| *number));
            running.reseed(numbers, task)?;
        }
    }
    let faults = running.faults();
    let whole = last == world.days;
    let ends = running.end(plan, &[], task)?.into_iter().take(specs.len()).zip(values).zip(faults);
    let simulated = ends.map(|((end, values), fault)| Simulated {
        failed: fault.is_some(),
        verdicts: if whole { end.verdicts } else { vec![] },
        events: end.events,
        values,
    });
    Ok(simulated.collect())
}
