//! A block of members: simulated, watched and recorded.

use crate::bands::{Bands, Catalogue, Sparse};
use crate::design::Design;
use crate::watch::{Verdict, Watch, by_lane, visit_all};
use breakaway_model::Members;
use breakaway_model::dispatch::Simd;
use breakaway_model::event::Event;
use breakaway_model::lanes::{Mask, WIDTH};
use breakaway_model::observe::{OBSERVABLES, Of, View};
use breakaway_model::params::{Params, Prior};
use breakaway_model::world::World;
use breakaway_scenario::Scenario;
use breakaway_scenario::claim::That;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What does not change from block to block.
pub struct Plan<'a> {
    /// Scenario.
    pub scenario: &'a Scenario,
    /// Priors of all parameters.
    pub priors: Vec<Prior>,
    /// Design.
    pub design: Design,
    /// Vector instructions.
    pub simd: Simd,
    /// What is recorded.
    pub catalogue: Catalogue,
    /// The worlds with a lever switched, for claims that compare.
    compared: Vec<(usize, World)>,
}

impl<'a> Plan<'a> {
    /// A plan with these priors and this design.
    pub fn new(scenario: &'a Scenario, priors: Vec<Prior>, design: Design, simd: Simd) -> Plan<'a> {
        let mut levers = vec![];
        visit_all(&scenario.claims, &mut |that| {
            if let That::Compared { lever, .. } = that
                && !levers.contains(lever)
            {
                levers.push(*lever);
            }
        });
        let compared = levers.into_iter().map(|lever| (lever, scenario.with_lever(lever))).collect();
        Plan { scenario, priors, design, simd, catalogue: Catalogue::new(&scenario.world), compared }
    }

    /// The worlds with a lever switched, for claims that compare.
    pub fn compared_worlds(&self) -> &[(usize, World)] {
        &self.compared
    }

    /// The values that are kept of each member's last day, as (observable, polity).
    pub fn summaries(world: &World) -> Vec<(&'static breakaway_model::observe::Observable, usize)> {
        let of_polity = OBSERVABLES.iter().filter(|o| o.of == Of::Polity);
        of_polity.flat_map(|o| (0..world.polities.len()).map(move |k| (o, k))).collect()
    }
}

/// What became of a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Number.
    pub number: u32,
    /// Why it failed, if it did.
    pub failed: Option<String>,
    /// Verdicts, one a claim.
    pub verdicts: Vec<Verdict>,
    /// Values on the last day, in the order of [`Plan::summaries`].
    pub summaries: Vec<f32>,
}

/// An event of a member.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Happened {
    /// Member.
    pub member: u32,
    /// Day.
    pub day: u32,
    /// Position of its kind in [`Kind::ALL`].
    pub kind: u8,
    /// Entity.
    pub entity: u16,
    /// Position of its cause in `Cause::ALL`.
    pub cause: u8,
    /// The cause's share of the hazard.
    pub weight: f32,
}

/// The results of a block.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Block {
    /// Its members, in order.
    pub members: Vec<Member>,
    /// Their events, by member and time.
    pub events: Vec<Happened>,
    /// Their spread.
    pub bands: Sparse,
}

/// Simulates the members of a range. `tick` is called with the number of members done since
/// the last call; it says whether to go on.
pub fn simulate(
    plan: &Plan,
    range: Range<u32>,
    bands: &mut Bands,
    tick: &dyn Fn(u32) -> bool,
) -> Option<Block> {
    let mut failed = vec![];
    let mut block = pass(plan, &range, bands, &mut failed, tick)?;
    if !failed.is_empty() {
        // Once more, without those that failed, so that they leave no trace in the bands.
        let mut again = failed.clone();
        block = pass(plan, &range, bands, &mut again, &|_| true)?;
        debug_assert_eq!(again, failed);
    }
    Some(block)
}

/// Members that failed, and why.
type Failed = Vec<(u32, String)>;

/// One pass over a range: those known to have failed are left out, new ones are added to them.
fn pass(
    plan: &Plan,
    range: &Range<u32>,
    bands: &mut Bands,
    failed: &mut Failed,
    tick: &dyn Fn(u32) -> bool,
) -> Option<Block> {
    let mut block = Block { members: vec![], events: vec![], bands: Sparse::default() };
    *bands = Bands::new(&plan.catalogue);
    let mut first = range.start;
    while first < range.end {
        // A vector at the end is filled up with members that are simulated and thrown away.
        let live = (range.end - first).min(WIDTH as u32) as usize;
        let numbers: [u32; WIDTH] = std::array::from_fn(|i| first + (i.min(live - 1)) as u32);
        vector(plan, &numbers, live, bands, &mut block, failed);
        first += live as u32;
        if !tick(live as u32) {
            return None;
        }
    }
    block.bands = bands.sparse();
    Some(block)
}

fn vector(
    plan: &Plan,
    numbers: &[u32; WIDTH],
    live: usize,
    bands: &mut Bands,
    block: &mut Block,
    failed: &mut Failed,
) {
    let scenario = plan.scenario;
    let world = &scenario.world;
    let params = plan.design.lanes(&plan.priors, numbers);
    let known = |lane: usize| failed.iter().position(|(number, _)| *number == numbers[lane]);
    let lanes = Mask(std::array::from_fn(|i| if i < live && known(i).is_none() { !0 } else { 0 }));

    let mut watch = Watch::new(&scenario.claims);
    let mut members = Members::new(world, &params, plan.simd, plan.design.seed, *numbers);
    let people = members.state.people.total();
    bands.record(&plan.catalogue, &View::new(world, &members.state), 0, lanes);
    while members.day() < world.days {
        members.advance();
        let view = View::new(world, &members.state);
        watch.look(&view, members.day());
        bands.record(&plan.catalogue, &view, members.day(), lanes);
        if members.day().is_multiple_of(7) || members.day() == world.days {
            find_failures(&members, &people, &numbers[..live], failed);
        }
    }

    let others: Vec<(usize, [Vec<Event>; WIDTH])> = plan
        .compared
        .iter()
        .map(|(lever, world)| (*lever, by_lane(&events_of(plan, world, &params, numbers))))
        .collect();
    let view = View::new(world, &members.state);
    let summaries: Vec<_> = Plan::summaries(world).iter().map(|(o, k)| o.read(&view, *k)).collect();
    let events = by_lane(&members.log.events);
    for lane in 0..live {
        let member = numbers[lane];
        if let Some((_, reason)) = failed.iter().find(|(number, _)| *number == member) {
            let verdicts = vec![Verdict { counts: false, day: None }; scenario.claims.len()];
            let summaries = vec![f32::NAN; summaries.len()];
            block.members.push(Member { number: member, failed: Some(reason.clone()), verdicts, summaries });
            continue;
        }
        let others: Vec<_> = others.iter().map(|(lever, lanes)| (*lever, lanes[lane].clone())).collect();
        let verdicts = watch.decide(&scenario.claims, lane, world.days, &events[lane], &others);
        let summaries = summaries.iter().map(|value| value.0[lane]).collect();
        block.members.push(Member { number: member, failed: None, verdicts, summaries });
        block.events.extend(events[lane].iter().map(|event| Happened {
            member,
            day: event.day,
            kind: event.kind as u8,
            entity: event.entity,
            cause: event.cause as u8,
            weight: event.weight,
        }));
    }
}

/// The events of the same members in another world.
pub(crate) fn events_of(plan: &Plan, world: &World, params: &Params, numbers: &[u32; WIDTH]) -> Vec<Event> {
    let mut members = Members::new(world, params, plan.simd, plan.design.seed, *numbers);
    while members.day() < world.days {
        members.advance();
    }
    members.log.events
}

fn find_failures(members: &Members, people: &[i64; WIDTH], numbers: &[u32], failed: &mut Failed) {
    let day = members.day();
    let state = &members.state;
    let total = state.people.total();
    let (not_finite, negative) = (state.not_finite(), state.people.negative());
    for (lane, &number) in numbers.iter().enumerate() {
        if failed.iter().any(|(known, _)| *known == number) {
            continue;
        }
        if not_finite.at(lane) {
            failed.push((number, format!("day {day}: a number is not finite")));
        } else if negative.at(lane) {
            failed.push((number, format!("day {day}: a stock of people is negative")));
        } else if total[lane] != people[lane] {
            failed.push((number, format!("day {day}: {} people became {}", people[lane], total[lane])));
        }
    }
}
