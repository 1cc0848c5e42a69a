//! From parts to tables: one pass, in the order of the simulations.

use super::columns::Calendar;
use super::writer::Table;
use super::{claims, described, per_simulation as each, quantiles, sample};
use crate::Error;
use crate::answers::{ClaimAnswer, claim_answer};
use crate::because::because;
use crate::grid::Grid;
use crate::manifest::{ClaimRecord, Manifest};
use crate::part::Parts;
use crate::rare::rare;
use breakaway_ensemble::block::Block;
use breakaway_ensemble::histograms::HistogramTotals;
use breakaway_ensemble::parallel;
use breakaway_ensemble::parameter_source::hex;
use breakaway_ensemble::{Context, Plan, Tally};
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::path::Path;

/// Writes all tables of a run from its parts, publishes them, and enters them into the manifest
/// with the fingerprint. The manifest itself is not written.
pub(crate) fn complete(
    folder: &Path,
    plan: &Plan,
    manifest: &Manifest,
    parts: &Parts,
    grid: Grid,
    context: &Context,
) -> Result<Manifest, Error> {
    let entities = &manifest.entities;
    let calendar = Calendar::from(plan.scenario.start);
    let polities = entities.polities.len();
    let mut simulations = each::simulations(folder, plan.design)?;
    let mut verdicts = each::verdicts(folder, manifest, calendar)?;
    let mut events = each::events(folder, entities, calendar)?;
    let mut last_day = each::last_day(folder, plan, entities)?;
    let tally = |_| Tally::of_design(&plan.design, &plan.source.priors);
    let mut tallies: Vec<Tally> = manifest.claims.iter().map(tally).collect();
    let mut totals = HistogramTotals::new(&plan.catalogue);
    let mut digest = Sha256::new();
    digest.update(&manifest.key);
    let (mut failed, mut next_event) = (0, 0);

    let task = context.task("tables", grid.len() as u64);
    let blocks: Vec<Range<u32>> = grid.blocks().collect();
    for some in blocks.chunks(context.threads().max(1)) {
        for block in parallel::try_map(context, some, |range| parts.read(range))? {
            let Block { members, events: happened, histograms } = block;
            if !totals.merge(&histograms) {
                let help = "remove its folder `parts` and repeat the run";
                return Err(Error::rejected(folder, "a part of the run does not fit its scenario", help));
            }
            let mut at = 0;
            for member in &members {
                failed += u32::from(member.failed.is_some());
                let own = happened[at..].iter().take_while(|event| event.simulation == member.number).count();
                let own = &happened[at..at + own];
                at += own.len();
                digest.update(postcard::to_stdvec(&(member, own)).map_err(|e| Error::file(folder, e))?);
                verdicts.push(each::verdicts_of(member))?;
                for (_, claim, counts, day) in each::verdicts_of(member).filter(|(_, _, counts, _)| *counts) {
                    debug_assert!(counts);
                    tallies[claim].add(plan.design.draw_of(member.number), day.map(|day| day as u16));
                }
                last_day.push(each::last_day_of(member, polities))?;
                let first = next_event;
                let row = |(k, (event, because)): (usize, (&_, Option<usize>))| each::EventRow {
                    id: first + k as u64,
                    event: *event,
                    because: because.map(|at| first + at as u64),
                };
                next_event += own.len() as u64;
                events.push(own.iter().zip(because(&plan.scenario.world, own)).enumerate().map(row))?;
            }
            simulations.push(members.into_iter().map(|member| (member.number, member.failed)))?;
            task.advance(1)?;
        }
    }
    drop(task);

    let mut parameters = each::draws(folder, manifest)?;
    parameters.push((0..plan.design.draws).map(|draw| (draw, plan.parameters(draw))))?;
    let rows = quantiles::summaries(&plan.catalogue, &totals, context);
    for (_, _, summary) in &rows {
        digest.update(summary.mean.to_le_bytes());
        summary.quantiles.iter().for_each(|q| digest.update(q.to_le_bytes()));
    }
    let mut spread = quantiles::quantiles(folder, entities, calendar)?;
    spread.push(rows)?;
    let mut whole = sample::sample(folder, entities, calendar)?;
    sample::fill(&mut whole, plan, context)?;
    let rows: Vec<_> = manifest.claims.iter().zip(&tallies).collect();
    let ranges = parallel::try_map(context, &rows, |(_, tally)| Ok::<_, Error>(tally.range()))?;
    let answer = |((record, tally), range): ((&ClaimRecord, &Tally), _)| claim_answer(record, tally, range);
    let mut answers: Vec<ClaimAnswer> = rows.into_iter().zip(ranges).map(answer).collect();
    rare(plan, &manifest.claims, &tallies, &mut answers, context)?;
    for estimate in answers.iter().filter_map(|answer| Some(answer.rare?.estimate)) {
        digest.update(postcard::to_stdvec(&estimate).map_err(|e| Error::file(folder, e))?);
    }
    let mut claims = claims::claims(folder, calendar)?;
    claims.push(answers.into_iter().zip(manifest.claims.iter().cloned()))?;
    let mut all_entities = described::entities(folder, entities)?;
    let mut observables = described::observables(folder, manifest, &plan.catalogue)?;

    let mut done = Manifest {
        failed,
        fingerprint: hex(&digest.finalize())[..16].to_string(),
        complete: true,
        ..manifest.clone()
    };
    let fingerprint = done.fingerprint.clone();
    let metadata = [
        ("breakaway.fingerprint", fingerprint.as_str()),
        ("breakaway.scenario", manifest.scenario.as_str()),
        ("breakaway.start_date", manifest.start.as_str()),
    ];
    let mut finished: Vec<(&str, &mut dyn Finish)> = vec![
        ("claims", &mut claims),
        ("verdicts", &mut verdicts),
        ("simulations", &mut simulations),
        ("draws", &mut parameters),
        ("events", &mut events),
        ("last_day", &mut last_day),
        ("entities", &mut all_entities),
        ("observables", &mut observables),
        ("quantiles", &mut spread),
        ("sample", &mut whole),
    ];
    for (name, table) in &mut finished {
        done.tables.insert((*name).into(), table.finish(&metadata)?);
    }
    for (_, table) in &mut finished {
        table.publish()?;
    }
    Ok(done)
}

/// A table of any rows, on its last steps.
trait Finish {
    fn finish(&mut self, metadata: &[(&str, &str)]) -> Result<crate::manifest::TableRecord, Error>;
    fn publish(&mut self) -> Result<(), Error>;
}

impl<R> Finish for Table<'_, R> {
    fn finish(&mut self, metadata: &[(&str, &str)]) -> Result<crate::manifest::TableRecord, Error> {
        Table::finish(self, metadata)
    }

    fn publish(&mut self) -> Result<(), Error> {
        Table::publish(self)
    }
}
