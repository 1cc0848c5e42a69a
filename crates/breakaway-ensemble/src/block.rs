//! A block of members: simulated, monitored and recorded.

use crate::claim_monitor::Verdict;
use crate::context::{Stopped, Task};
use crate::event_record::EventRecord;
use crate::histograms::{Histograms, Readings, SparseHistograms};
use crate::plan::Plan;
use crate::simulate::{Failed, RunningVector, STAGE};
use breakaway_model::lanes::{Mask, WIDTH};
use breakaway_model::params::Params;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What became of a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberRecord {
    /// Number.
    pub number: u32,
    /// Why it failed, if it did.
    pub failed: Option<String>,
    /// Verdicts, one for each claim.
    pub verdicts: Vec<Verdict>,
    /// Values on the last day, in the order of [`Plan::last_day`].
    pub last_day: Vec<f32>,
}

/// The results of a block.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Block {
    /// Its members, in order.
    pub members: Vec<MemberRecord>,
    /// Their events, by member and time.
    pub events: Vec<EventRecord>,
    /// Histograms of all observables over them.
    pub histograms: SparseHistograms,
}

/// Simulates the members of a range. `histograms` is scratch space that is used again from block to
/// block.
///
/// # Errors
/// [`Stopped`] where the task's context was cancelled.
pub fn simulate_block(
    plan: &Plan,
    range: Range<u32>,
    histograms: &mut Histograms,
    task: &Task,
) -> Result<Block, Stopped> {
    let mut failed = vec![];
    let mut block = pass(plan, &range, histograms, &mut failed, task)?;
    if !failed.is_empty() {
        // Once more, without those that failed, so that they leave no trace in the histograms.
        let mut again = failed.clone();
        block = pass(plan, &range, histograms, &mut again, task)?;
        debug_assert_eq!(again, failed);
    }
    task.advance(u64::from(range.end - range.start))?;
    Ok(block)
}

/// One pass over a range: those known to have failed are left out, new ones are added to them.
fn pass(
    plan: &Plan,
    range: &Range<u32>,
    histograms: &mut Histograms,
    failed: &mut Failed,
    task: &Task,
) -> Result<Block, Stopped> {
    let mut block = Block { members: vec![], events: vec![], histograms: SparseHistograms::default() };
    histograms.clear();
    let mut first = range.start;
    while first < range.end {
        let group: Vec<Vector> = (0..TOGETHER)
            .map(|k| first + k * WIDTH as u32)
            .filter(|start| *start < range.end)
            .map(|start| Vector::new(plan, start..range.end, failed))
            .collect();
        first += group.iter().map(|vector| vector.live as u32).sum::<u32>();
        together(plan, group, histograms, &mut block, failed, task)?;
    }
    block.histograms = histograms.sparse();
    Ok(block)
}

/// Vectors whose records are made together, each after a stage of days on its own: one vector's
/// state stays near the processor while it runs, and a histogram is fetched once for all.
const TOGETHER: u32 = 16;

/// A vector of members: who they are.
struct Vector {
    numbers: [u32; WIDTH],
    /// How many of them count; the others only fill the vector up.
    live: usize,
    /// Those that are recorded.
    lanes: Mask,
    params: Params,
}

impl Vector {
    /// The first members of a range, without those known to fail.
    fn new(plan: &Plan, range: Range<u32>, failed: &Failed) -> Vector {
        let live = (range.end - range.start).min(WIDTH as u32) as usize;
        let numbers: [u32; WIDTH] = std::array::from_fn(|i| range.start + (i.min(live - 1)) as u32);
        let fails = |i: usize| failed.iter().any(|(number, _)| *number == numbers[i]);
        let lanes = Mask(std::array::from_fn(|i| if i < live && !fails(i) { !0 } else { 0 }));
        Vector { numbers, live, lanes, params: plan.lanes(&numbers) }
    }

    fn own(&self) -> &[u32] {
        &self.numbers[..self.live]
    }
}

/// Simulates vectors of members, monitors and records them.
fn together(
    plan: &Plan,
    vectors: Vec<Vector>,
    histograms: &mut Histograms,
    block: &mut Block,
    failed: &mut Failed,
    task: &Task,
) -> Result<(), Stopped> {
    let world = &plan.scenario.world;
    let mut running: Vec<RunningVector> = vectors
        .iter()
        .map(|vector| RunningVector::new(plan, &vector.params, plan.chance(&vector.numbers)))
        .collect();
    let mut readings: Vec<Readings> = vectors.iter().map(|vector| Readings::new(vector.lanes)).collect();
    let mut first = 0;
    while first <= world.days {
        task.check()?;
        let days = first..(first + STAGE).min(world.days + 1);
        for ((running, vector), readings) in running.iter_mut().zip(&vectors).zip(&mut readings) {
            for day in days.clone() {
                running.day(plan, day, |view, _| readings.read(&plan.catalogue, view, day));
            }
            for (fault, &number) in running.faults().into_iter().zip(vector.own()) {
                if let Some(fault) = fault.filter(|_| !failed.iter().any(|(known, _)| *known == number)) {
                    failed.push((number, fault));
                }
            }
        }
        first = days.end;
        histograms.add(&plan.catalogue, plan.simd, days, &mut readings);
    }
    for (vector, running) in vectors.iter().zip(running) {
        record(plan, vector, running, block, failed, task)?;
    }
    Ok(())
}

/// Records what became of a vector's members.
fn record(
    plan: &Plan,
    vector: &Vector,
    running: RunningVector,
    block: &mut Block,
    failed: &Failed,
    task: &Task,
) -> Result<(), Stopped> {
    let view = running.view(plan);
    let last_day: Vec<_> =
        Plan::last_day(&plan.scenario.world).iter().map(|(o, k)| o.read(&view, *k)).collect();
    drop(view);
    for (lane, (end, &number)) in running.end(plan, &[], task)?.into_iter().zip(vector.own()).enumerate() {
        let fault = failed.iter().find(|(known, _)| *known == number).map(|(_, fault)| fault.clone());
        let sound = fault.is_none();
        let missing = Verdict { counts: false, day: None };
        block.members.push(MemberRecord {
            number,
            verdicts: if sound { end.verdicts } else { vec![missing; end.verdicts.len()] },
            last_day: last_day.iter().map(|value| if sound { value.0[lane] } else { f32::NAN }).collect(),
            failed: fault,
        });
        if sound {
            block.events.extend(end.events.iter().map(|event| EventRecord::of(number, event)));
        }
    }
    Ok(())
}
