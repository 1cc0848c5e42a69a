//! A vector of members on its way through time: lived, watched, noted, checked.

use crate::bands::Notes;
use crate::block::Plan;
use crate::watch::Watch;
use breakaway_model::Members;
use breakaway_model::event::Event;
use breakaway_model::lanes::{Mask, WIDTH};
use breakaway_model::observe::View;
use breakaway_model::params::Params;
use breakaway_model::world::World;
use breakaway_scenario::Scenario;
use std::ops::Range;

/// Members that failed, and why.
pub(crate) type Failed = Vec<(u32, String)>;

/// A world in which one lever stands the other way.
pub(crate) struct Compared {
    pub(crate) lever: usize,
    pub(crate) world: World,
    /// The first day that may differ.
    pub(crate) from: u32,
}

impl Compared {
    pub(crate) fn new(scenario: &Scenario, lever: usize) -> Compared {
        let first = scenario.levers[lever].changes.iter().map(|(day, _)| *day).min();
        // A lever that changes nothing within the horizon differs on no day: any will do.
        let from = first.unwrap_or(1).clamp(1, scenario.world.days.max(1));
        Compared { lever, world: scenario.with_lever(lever), from }
    }
}

/// What happens to members until the horizon.
pub(crate) fn events_to_the_end(mut members: Members) -> Vec<Event> {
    while members.day() < members.world().days {
        members.advance();
    }
    members.log.events
}

/// A vector of members: who they are.
pub(crate) struct Vector {
    pub(crate) numbers: [u32; WIDTH],
    /// How many of them count; the others only fill the vector up.
    pub(crate) live: usize,
    /// Those that are recorded.
    pub(crate) lanes: Mask,
    params: Params,
}

impl Vector {
    /// The first members of a range, without those known to fail.
    pub(crate) fn new(plan: &Plan, range: Range<u32>, failed: &Failed) -> Vector {
        let live = (range.end - range.start).min(WIDTH as u32) as usize;
        let numbers: [u32; WIDTH] = std::array::from_fn(|i| range.start + (i.min(live - 1)) as u32);
        let fails = |i: usize| failed.iter().any(|(number, _)| *number == numbers[i]);
        let lanes = Mask(std::array::from_fn(|i| if i < live && !fails(i) { !0 } else { 0 }));
        Vector { numbers, live, lanes, params: plan.lanes(&numbers) }
    }
}

/// A vector of members on its way.
pub(crate) struct Traveller<'a> {
    pub(crate) members: Members<'a>,
    pub(crate) watch: Watch<'a>,
    /// The same members in each compared world, as they stood on the eve of the lever's first day.
    pub(crate) others: Vec<(usize, Members<'a>)>,
    check: Check,
}

impl<'a> Traveller<'a> {
    pub(crate) fn new(plan: &Plan<'a>, vector: &'a Vector) -> Traveller<'a> {
        let scenario = plan.scenario;
        let members =
            Members::new(&scenario.world, &vector.params, plan.simd, plan.design.seed, vector.numbers);
        let check = Check::new(&members);
        Traveller { members, watch: Watch::new(&scenario.claims), others: vec![], check }
    }

    /// Lives through a day, or starts on day 0, and notes what is to be seen.
    pub(crate) fn live(&mut self, plan: &'a Plan<'a>, day: u32, notes: &mut Notes) {
        for compared in plan.compared.iter().filter(|compared| compared.from == day) {
            self.others.push((compared.lever, self.members.fork(&compared.world)));
        }
        if day > 0 {
            self.members.advance();
        }
        let view = View::new(&plan.scenario.world, &self.members.state, plan.simd);
        notes.note(&plan.catalogue, &view, day);
        if day > 0 {
            self.watch.look(&view, day);
        }
    }

    pub(crate) fn find_failures(&self, numbers: &[u32], failed: &mut Failed) {
        for (fault, &number) in self.check.faults(&self.members).into_iter().zip(numbers) {
            if let Some(fault) = fault.filter(|_| !failed.iter().any(|(known, _)| *known == number)) {
                failed.push((number, fault));
            }
        }
    }
}

/// What is to hold of members as long as they live.
pub(crate) struct Check {
    /// How many people they set out with.
    people: [i64; WIDTH],
}

impl Check {
    pub(crate) fn new(members: &Members) -> Check {
        Check { people: members.state.people.total() }
    }

    /// What is wrong with each member.
    pub(crate) fn faults(&self, members: &Members) -> [Option<String>; WIDTH] {
        let day = members.day();
        let state = &members.state;
        let total = state.people.total();
        let (not_finite, negative) = (state.not_finite(), state.people.negative());
        std::array::from_fn(|lane| {
            let people = self.people[lane];
            if not_finite.at(lane) {
                Some(format!("day {day}: a number is not finite"))
            } else if negative.at(lane) {
                Some(format!("day {day}: a stock of people is negative"))
            } else if total[lane] != people {
                Some(format!("day {day}: {people} people became {}", total[lane]))
            } else {
                None
            }
        })
    }
}
