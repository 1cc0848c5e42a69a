//! A vector of members on its way through time: the one loop of a day that everything shares.

use crate::claim_monitor::{ClaimMonitor, Verdict, by_lane};
use crate::context::{Stopped, Task};
use crate::plan::Plan;
use crate::simulate::STAGE;
use breakaway_model::MemberVector;
use breakaway_model::event::Event;
use breakaway_model::lanes::WIDTH;
use breakaway_model::observe::View;
use breakaway_model::params::Params;
use breakaway_scenario::claim::Statement;

/// Members that failed, and why.
pub(crate) type Failed = Vec<(u32, String)>;

/// A vector of members, with the claims that are monitored in it.
pub(crate) struct RunningVector<'a> {
    members: MemberVector<'a>,
    monitor: ClaimMonitor<'a>,
    /// The same members in each compared world, from the lever's first day on. They run behind: one
    /// vector's state stays near the processor while it runs.
    others: Vec<(usize, MemberVector<'a>)>,
    conservation: Conservation,
}

/// What became of a member.
pub(crate) struct End {
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) events: Vec<Event>,
    /// The day on which each of some statements came true.
    pub(crate) also: Vec<Option<u32>>,
}

impl<'a> RunningVector<'a> {
    /// Members with these parameters and the chance of these numbers, before day 0 is seen.
    pub(crate) fn new(plan: &'a Plan<'a>, params: &'a Params, numbers: [u32; WIDTH]) -> RunningVector<'a> {
        let scenario = plan.scenario;
        let members = MemberVector::new(&scenario.world, params, plan.simd, plan.design.seed, numbers);
        let conservation = Conservation::new(&members);
        RunningVector { members, monitor: ClaimMonitor::new(&scenario.claims), others: vec![], conservation }
    }

    /// Lets a day pass (day 0 is the start), monitors the claims, and shows the state and what happened.
    pub(crate) fn day(&mut self, plan: &'a Plan<'a>, day: u32, see: impl FnOnce(&View, &[Event])) {
        for compared in plan.compared.iter().filter(|compared| compared.from == day) {
            self.others.push((compared.lever, self.members.fork(&compared.world)));
        }
        let before = self.members.log.events.len();
        if day > 0 {
            self.members.advance();
        }
        let view = View::new(&plan.scenario.world, &self.members.state, plan.simd);
        see(&view, &self.members.log.events[before..]);
        if day > 0 {
            self.monitor.observe(&view, day);
        }
    }

    /// The state as it is.
    pub(crate) fn view(&self, plan: &'a Plan) -> View<'_> {
        View::new(&plan.scenario.world, &self.members.state, plan.simd)
    }

    /// From now on the members have the chance of these numbers.
    pub(crate) fn reseed(&mut self, numbers: [u32; WIDTH], task: &Task) -> Result<(), Stopped> {
        self.catch_up(task)?;
        self.members.reseed(numbers);
        self.others.iter_mut().for_each(|(_, other)| other.reseed(numbers));
        Ok(())
    }

    /// Brings the compared worlds to the day of the members.
    fn catch_up(&mut self, task: &Task) -> Result<(), Stopped> {
        for (_, other) in &mut self.others {
            while other.day() < self.members.day() {
                other.advance();
                if other.day().is_multiple_of(STAGE) {
                    task.check()?;
                }
            }
        }
        Ok(())
    }

    /// What is wrong with each member.
    pub(crate) fn faults(&self) -> [Option<String>; WIDTH] {
        self.conservation.faults(&self.members)
    }

    /// Decides the claims, and some statements of theirs beside: what became of each member.
    pub(crate) fn end(mut self, plan: &Plan, also: &[&Statement], task: &Task) -> Result<Vec<End>, Stopped> {
        self.catch_up(task)?;
        let scenario = plan.scenario;
        let others: Vec<(usize, [Vec<Event>; WIDTH])> =
            self.others.into_iter().map(|(lever, other)| (lever, by_lane(&other.log.events))).collect();
        let lanes = by_lane(&self.members.log.events).into_iter().enumerate();
        let end = |(lane, events): (usize, Vec<Event>)| {
            let others: Vec<_> = others.iter().map(|(lever, lanes)| (*lever, lanes[lane].clone())).collect();
            let decided = self.monitor.decide(&scenario.claims, lane, scenario.world.days, &events, &others);
            let (verdicts, also) = (decided.verdicts(), also.iter().map(|that| decided.day(that)).collect());
            drop(decided);
            End { verdicts, events, also }
        };
        Ok(lanes.map(end).collect())
    }
}

/// What must be true of members on every day: people are conserved, numbers finite.
pub(crate) struct Conservation {
    /// The number of people at the start.
    people: [i64; WIDTH],
}

impl Conservation {
    pub(crate) fn new(members: &MemberVector) -> Conservation {
        Conservation { people: members.state.people.total() }
    }

    /// What is wrong with each member.
    pub(crate) fn faults(&self, members: &MemberVector) -> [Option<String>; WIDTH] {
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
