//! Some whole trajectories: every observable of every entity, week by week.

use super::columns::{Calendar, dictionary, field, maybe_f32s, names, no_f32s, optional, u32s, with_unit};
use super::writer::Table;
use crate::Error;
use crate::entities::Entities;
use arrow_schema::DataType;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, simulate};
use breakaway_ensemble::{Context, Plan};
use breakaway_model::entity::{Entity, EntityKind};
use breakaway_model::lanes::WIDTH;
use breakaway_model::observe::{OBSERVABLES, Observable};
use std::path::Path;

/// Simulations that are kept whole.
pub(crate) const SAMPLE: usize = 200;
/// Values that the sample holds at most: large worlds keep fewer simulations.
const MOST_VALUES: usize = 30_000_000;
/// Days between two records.
const STEP: usize = 7;

/// An entity on a day of a simulation, with one value for each observable of its kind.
pub(crate) struct SampleRow {
    simulation: u32,
    day: u32,
    entity: Entity,
    /// In the order of the observables of the entity's kind.
    values: Vec<f32>,
}

fn observables_of(kind: EntityKind) -> impl Iterator<Item = &'static Observable> {
    OBSERVABLES.iter().filter(move |o| o.of == kind)
}

/// So many members of a design, evenly over its draws: one of each base point, then of its other
/// draws, then the next replicate of each.
pub(crate) fn subsample(plan: &Plan, members: usize) -> Vec<u32> {
    let (design, cluster) = (plan.design, plan.design.cluster(&plan.source.priors));
    crate::read::subsample(&design, cluster, members)
}

/// The number of simulations that a world's sample keeps.
pub(crate) fn size(plan: &Plan) -> usize {
    let world = &plan.scenario.world;
    let each: usize =
        EntityKind::ALL.iter().map(|kind| observables_of(*kind).count() * kind.count(world)).sum();
    let values = each * (world.days as usize / STEP + 1);
    SAMPLE.min(MOST_VALUES / values.max(1)).max(1)
}

/// The table.
pub(crate) fn sample<'a>(
    folder: &Path,
    entities: &'a Entities,
    calendar: Calendar,
) -> Result<Table<'a, SampleRow>, Error> {
    let mut fields = vec![
        field("simulation", DataType::UInt32),
        field("day", DataType::UInt32),
        field("date", DataType::Date32),
        field("entity_kind", dictionary()),
        field("entity", dictionary()),
    ];
    let observables = || EntityKind::ALL.into_iter().flat_map(observables_of);
    fields.extend(observables().map(|o| with_unit(optional(o.name, DataType::Float32), o.unit)));
    Table::create(folder, "sample", fields, move |rows: &[SampleRow]| {
        let days = || rows.iter().map(|row| row.day);
        let mut columns = vec![
            u32s(rows.iter().map(|row| row.simulation)),
            u32s(days()),
            calendar.dates(days()),
            names(rows.iter().map(|row| row.entity.kind.name())),
            names(rows.iter().map(|row| entities.get(row.entity).id.as_str())),
        ];
        for kind in EntityKind::ALL {
            // Rows come kind by kind: mostly all of a batch have a column, or none.
            let any = rows.iter().any(|row| row.entity.kind == kind);
            for k in 0..observables_of(kind).count() {
                let value = |row: &SampleRow| (row.entity.kind == kind).then(|| rounded(row.values[k]));
                columns.push(if any { maybe_f32s(rows.iter().map(value)) } else { no_f32s(rows.len()) });
            }
        }
        columns
    })
}

/// A value with 12 binary digits (an error of at most an eighth of a thousandth), which is more than a
/// chart shows and packs into half the space.
fn rounded(x: f32) -> f32 {
    const KEPT: u32 = !((1 << 12) - 1);
    if x.is_finite() { f32::from_bits(x.to_bits().wrapping_add(1 << 11) & KEPT) } else { x }
}

/// Simulates the sample once more and writes it, some vectors at a time.
pub(crate) fn fill(table: &mut Table<SampleRow>, plan: &Plan, context: &Context) -> Result<(), Error> {
    let world = &plan.scenario.world;
    let series: Vec<(Entity, &'static Observable)> = Entity::all(world)
        .flat_map(|entity| observables_of(entity.kind).map(move |observable| (entity, observable)))
        .collect();
    let outputs = Outputs {
        series: series.iter().map(|(entity, observable)| (*observable, entity.index)).collect(),
        days: (0..=world.days).step_by(STEP).collect(),
        until: None,
    };
    let members = subsample(plan, size(plan));
    let quiet = context.stage("sample");
    for some in members.chunks(WIDTH * context.threads()) {
        let specs: Vec<MemberSpec> = some.iter().copied().map(MemberSpec::of).collect();
        for (&simulation, done) in some.iter().zip(simulate(plan, &specs, &outputs, &quiet, "simulations")?) {
            if done.failed {
                continue;
            }
            let days = || outputs.days.iter().zip(done.values.chunks(series.len().max(1)));
            for kind in EntityKind::ALL {
                for (&day, values) in days() {
                    table.push(rows(simulation, day, kind, &series, values))?;
                }
            }
        }
    }
    Ok(())
}

/// The rows of the entities of a kind on one day of a simulation.
fn rows(
    simulation: u32,
    day: u32,
    kind: EntityKind,
    series: &[(Entity, &'static Observable)],
    values: &[f32],
) -> Vec<SampleRow> {
    let own = series.iter().zip(values).filter(move |((entity, _), _)| entity.kind == kind);
    let own: Vec<(Entity, f32)> = own.map(|((entity, _), value)| (*entity, *value)).collect();
    let row = |own: &[(Entity, f32)]| {
        let values = own.iter().map(|(_, value)| *value).collect();
        SampleRow { simulation, day, entity: own[0].0, values }
    };
    own.chunk_by(|a, b| a.0 == b.0).map(row).collect::<Vec<_>>()
}
