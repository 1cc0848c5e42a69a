//! Members lived through again, or on with fresh luck: what analyses ask of the ensemble.
//!
//! Nothing is kept but what is wanted: verdicts, events, and some observables on some days.

use crate::block::Plan;
use crate::traveller::{Check, Compared};
use crate::watch::{Verdict, Watch, by_lane};
use breakaway_model::Members;
use breakaway_model::dispatch::Simd;
use breakaway_model::event::Event;
use breakaway_model::lanes::WIDTH;
use breakaway_model::observe::{Observable, View};
use breakaway_model::params::Params;
use breakaway_scenario::Scenario;
use rayon::prelude::*;

/// A member's course: whose parameters and luck it has, and whose luck from when on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// Number of the member whose parameters it has, and whose luck at first.
    pub member: u32,
    /// From the end of which day on it has the luck of which number, in order of time.
    pub turns: Vec<(u32, u32)>,
}

impl Life {
    /// A member of a run as it was.
    pub fn of(member: u32) -> Life {
        Life { member, turns: vec![] }
    }

    /// The same until the end of a day, with other luck afterwards.
    pub fn turn(&self, day: u32, number: u32) -> Life {
        let mut life = self.clone();
        life.turns.push((day, number));
        life
    }
}

/// Numbers from here on are no run's members: fresh luck for what branches off.
pub const FRESH: u32 = 1 << 31;

/// What is wanted of lives.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Observables, each of an entity.
    pub series: Vec<(&'static Observable, usize)>,
    /// Days on which they are read, in order; from 0.
    pub days: Vec<u32>,
    /// The last day that is lived; the scenario's last where none.
    pub until: Option<u32>,
}

/// What became of a life.
#[derive(Clone, Debug)]
pub struct Lived {
    /// Whether it failed: a number was not finite, or people were not conserved.
    pub failed: bool,
    /// Verdicts, one a claim; of no meaning where it was not lived to the end.
    pub verdicts: Vec<Verdict>,
    /// What happened, in order of time.
    pub events: Vec<Event>,
    /// Values: for each wanted day, each wanted observable.
    pub values: Vec<f32>,
}

/// Lives through some members. The results do not depend on threads or on who comes together.
pub fn live(plan: &Plan, lives: &[Life], wanted: &Wanted) -> Vec<Lived> {
    lives.par_chunks(WIDTH).flat_map_iter(|lives| together(plan, lives, wanted)).collect()
}

/// Lives through one member.
pub fn live_one(plan: &Plan, life: &Life, wanted: &Wanted) -> Lived {
    together(plan, std::slice::from_ref(life), wanted).remove(0)
}

/// What happens to members with these parameters, to the scenario's last day; none where one
/// fails.
pub fn events(
    scenario: &Scenario,
    params: &Params,
    simd: Simd,
    seed: u64,
    numbers: [u32; WIDTH],
) -> [Option<Vec<Event>>; WIDTH] {
    let mut members = Members::new(&scenario.world, params, simd, seed, numbers);
    let check = Check::new(&members);
    while members.day() < scenario.world.days {
        members.advance();
    }
    let mut events = by_lane(&members.log.events);
    let faults = check.faults(&members);
    std::array::from_fn(|lane| faults[lane].is_none().then(|| std::mem::take(&mut events[lane])))
}

fn together(plan: &Plan, lives: &[Life], wanted: &Wanted) -> Vec<Lived> {
    let scenario = plan.scenario;
    let world = &scenario.world;
    let life = |lane: usize| &lives[lane.min(lives.len() - 1)];
    let mut numbers: [u32; WIDTH] = std::array::from_fn(|lane| life(lane).member);
    let params = plan.lanes(&numbers);
    let mut members = Members::new(world, &params, plan.simd, plan.design.seed, numbers);
    let check = Check::new(&members);
    let mut others: Vec<(usize, Members)> = vec![];
    let mut watch = Watch::new(&scenario.claims);
    let mut values: Vec<Vec<f32>> = vec![vec![]; WIDTH];
    let last = wanted.until.unwrap_or(world.days).min(world.days);
    for day in 0..=last {
        for Compared { lever, world, .. } in plan.compared.iter().filter(|compared| compared.from == day) {
            others.push((*lever, members.fork(world)));
        }
        if day > 0 {
            members.advance();
            others.iter_mut().for_each(|(_, other)| other.advance());
        }
        let view = View::new(world, &members.state, plan.simd);
        if day > 0 {
            watch.look(&view, day);
        }
        if wanted.days.contains(&day) {
            for (observable, entity) in &wanted.series {
                let value = observable.read(&view, *entity);
                values.iter_mut().zip(value.0).for_each(|(values, x)| values.push(x));
            }
        }
        let turns = |lane: usize| life(lane).turns.iter().rfind(|(turn, _)| *turn == day);
        if (0..lives.len()).any(|lane| turns(lane).is_some()) {
            numbers = std::array::from_fn(|lane| turns(lane).map_or(numbers[lane], |(_, number)| *number));
            members.change_luck(numbers);
            others.iter_mut().for_each(|(_, other)| other.change_luck(numbers));
        }
    }
    let faults = check.faults(&members);
    let events = by_lane(&members.log.events);
    let others: Vec<(usize, [Vec<Event>; WIDTH])> =
        others.into_iter().map(|(lever, other)| (lever, by_lane(&other.log.events))).collect();
    let whole = last == world.days;
    let mut all = vec![];
    for (lane, events) in events.into_iter().take(lives.len()).enumerate() {
        let others: Vec<_> = others.iter().map(|(lever, lanes)| (*lever, lanes[lane].clone())).collect();
        let decide = || watch.decide(&scenario.claims, lane, world.days, &events, &others);
        let verdicts = if whole { decide() } else { vec![] };
        let values = std::mem::take(&mut values[lane]);
        all.push(Lived { failed: faults[lane].is_some(), verdicts, events, values });
    }
    all
}
