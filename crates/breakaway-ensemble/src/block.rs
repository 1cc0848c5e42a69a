//! A block of members: simulated, watched and recorded.

use crate::bands::{Bands, Catalogue, Notes, Sparse};
use crate::design::Design;
use crate::posterior::Beliefs;
use crate::traveller::{Compared, Failed, Traveller, Vector, events_to_the_end};
use crate::watch::{Verdict, by_lane, visit_all};
use breakaway_model::dispatch::Simd;
use breakaway_model::event::Event;
use breakaway_model::lanes::{Lane, WIDTH};
use breakaway_model::observe::{OBSERVABLES, Of, View};
use breakaway_model::params::Params;
use breakaway_model::world::World;
use breakaway_scenario::Scenario;
use breakaway_scenario::claim::That;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What does not change from block to block.
pub struct Plan<'a> {
    /// Scenario.
    pub scenario: &'a Scenario,
    /// What parameters are drawn from.
    pub beliefs: Beliefs,
    /// Design.
    pub design: Design,
    /// Vector instructions.
    pub simd: Simd,
    /// What is recorded.
    pub catalogue: Catalogue,
    /// The worlds with a lever switched, for claims that compare.
    pub(crate) compared: Vec<Compared>,
}

impl<'a> Plan<'a> {
    /// A plan with these beliefs and this design.
    pub fn new(scenario: &'a Scenario, beliefs: impl Into<Beliefs>, design: Design, simd: Simd) -> Plan<'a> {
        let beliefs = beliefs.into();
        let mut levers = vec![];
        visit_all(&scenario.claims, &mut |that| {
            if let That::Compared { lever, .. } = that
                && !levers.contains(lever)
            {
                levers.push(*lever);
            }
        });
        let compared = levers.into_iter().map(|lever| Compared::new(scenario, lever)).collect();
        Plan { scenario, beliefs, design, simd, catalogue: Catalogue::new(&scenario.world), compared }
    }

    /// The parameters of a draw, in the order of [`Scenario::specs`].
    pub fn parameters(&self, draw: u32) -> Vec<f32> {
        let mut values = self.design.parameters(&self.beliefs.priors, draw);
        self.beliefs.update(draw, &mut values);
        values
    }

    /// The parameters of a vector of members.
    pub fn lanes(&self, members: &[u32; WIDTH]) -> Params {
        let mut values = vec![Lane::ZERO; self.beliefs.priors.len()];
        let mut last: Option<(u32, Vec<f32>)> = None;
        for (lane, &member) in members.iter().enumerate() {
            let draw = self.design.draw_of(member);
            if last.as_ref().is_none_or(|(known, _)| *known != draw) {
                last = Some((draw, self.parameters(draw)));
            }
            for (value, x) in values.iter_mut().zip(last.iter().flat_map(|(_, xs)| xs)) {
                value.0[lane] = *x;
            }
        }
        Params::from_lanes(&values)
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
    /// Position of its kind in `Kind::ALL`.
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

/// One pass over a range: those known to have failed are left out, new ones are added to them.
fn pass(
    plan: &Plan,
    range: &Range<u32>,
    bands: &mut Bands,
    failed: &mut Failed,
    tick: &dyn Fn(u32) -> bool,
) -> Option<Block> {
    let mut block = Block { members: vec![], events: vec![], bands: Sparse::default() };
    bands.clear();
    let mut first = range.start;
    while first < range.end {
        let group: Vec<Vector> = (0..TOGETHER)
            .map(|k| first + k * WIDTH as u32)
            .filter(|start| *start < range.end)
            .map(|start| Vector::new(plan, start..range.end, failed))
            .collect();
        let live: u32 = group.iter().map(|vector| vector.live as u32).sum();
        together(plan, group, bands, &mut block, failed);
        first += live;
        if !tick(live) {
            return None;
        }
    }
    block.bands = bands.sparse();
    Some(block)
}

/// Vectors whose records are made together, each after so many days on its own: one vector's
/// state stays near the processor while it lives, and a histogram is fetched once for all.
const TOGETHER: u32 = 16;
const STAGE: u32 = 7;

/// Lives through vectors of members, watches and records them.
fn together(plan: &Plan, vectors: Vec<Vector>, bands: &mut Bands, block: &mut Block, failed: &mut Failed) {
    let world = &plan.scenario.world;
    let mut travellers: Vec<Traveller> = vectors.iter().map(|v| Traveller::new(plan, v)).collect();
    let mut notes: Vec<Notes> = vectors.iter().map(|vector| Notes::new(vector.lanes)).collect();
    let mut first = 0;
    while first <= world.days {
        let days = first..(first + STAGE).min(world.days + 1);
        for ((traveller, vector), notes) in travellers.iter_mut().zip(&vectors).zip(&mut notes) {
            for day in days.clone() {
                traveller.live(plan, day, notes);
            }
            traveller.find_failures(&vector.numbers[..vector.live], failed);
        }
        first = days.end;
        bands.take(&plan.catalogue, plan.simd, days, &mut notes);
    }
    for (vector, traveller) in vectors.iter().zip(travellers) {
        keep(plan, vector, traveller, block, failed);
    }
}

/// Decides the claims of a vector's members and keeps what became of them.
fn keep(plan: &Plan, vector: &Vector, traveller: Traveller, block: &mut Block, failed: &Failed) {
    let scenario = plan.scenario;
    let world = &scenario.world;
    let Traveller { members, watch, others, .. } = traveller;
    let others: Vec<(usize, [Vec<Event>; WIDTH])> =
        others.into_iter().map(|(lever, other)| (lever, by_lane(&events_to_the_end(other)))).collect();
    let view = View::new(world, &members.state, plan.simd);
    let summaries: Vec<_> = Plan::summaries(world).iter().map(|(o, k)| o.read(&view, *k)).collect();
    let events = by_lane(&members.log.events);
    for (lane, &number) in vector.numbers[..vector.live].iter().enumerate() {
        if let Some((_, reason)) = failed.iter().find(|(known, _)| *known == number) {
            let verdicts = vec![Verdict { counts: false, day: None }; scenario.claims.len()];
            let summaries = vec![f32::NAN; summaries.len()];
            block.members.push(Member { number, failed: Some(reason.clone()), verdicts, summaries });
            continue;
        }
        let others: Vec<_> = others.iter().map(|(lever, lanes)| (*lever, lanes[lane].clone())).collect();
        let verdicts = watch.decide(&scenario.claims, lane, world.days, &events[lane], &others);
        let summaries = summaries.iter().map(|value| value.0[lane]).collect();
        block.members.push(Member { number, failed: None, verdicts, summaries });
        block.events.extend(events[lane].iter().map(|event| Happened {
            member: number,
            day: event.day,
            kind: event.kind as u8,
            entity: event.entity,
            cause: event.cause as u8,
            weight: event.weight,
        }));
    }
}
