//! Tables with a row for each simulation, or several.

use super::columns::{
    Calendar, bools, dictionary, f32s, field, maybe_bools, maybe_strings, maybe_u32s, maybe_u64s, names,
    optional, u32s, u64s, with_unit,
};
use super::writer::Table;
use crate::Error;
use crate::entities::Entities;
use crate::manifest::Manifest;
use arrow_schema::DataType;
use breakaway_ensemble::block::MemberRecord;
use breakaway_ensemble::{Design, EventRecord, Plan};
use breakaway_model::observe::Observable;
use std::path::Path;

/// Which simulation has which parameters, and whether it failed.
pub(crate) fn simulations<'a>(
    folder: &Path,
    design: Design,
) -> Result<Table<'a, (u32, Option<String>)>, Error> {
    let fields = vec![
        field("simulation", DataType::UInt32),
        field("draw", DataType::UInt32),
        field("replicate", DataType::UInt32),
        optional("failed", DataType::Utf8),
    ];
    Table::create(folder, "simulations", fields, move |rows: &[(u32, Option<String>)]| {
        let numbers = || rows.iter().map(|(number, _)| *number);
        vec![
            u32s(numbers()),
            u32s(numbers().map(|number| design.draw_of(number))),
            u32s(numbers().map(|number| number % design.replicates)),
            maybe_strings(rows.iter().map(|(_, failed)| failed.as_deref())),
        ]
    })
}

/// What became of a claim in a simulation: simulation, claim, whether it counts, the day on which it came true.
pub(crate) type VerdictRow = (u32, usize, bool, Option<u32>);

/// The verdicts of a member.
pub(crate) fn verdicts_of(member: &MemberRecord) -> impl Iterator<Item = VerdictRow> + '_ {
    let sound = member.failed.is_none();
    member.verdicts.iter().enumerate().map(move |(claim, verdict)| {
        let counts = sound && verdict.counts;
        (member.number, claim, counts, verdict.day.filter(|_| counts))
    })
}

/// Whether and when each claim came true in each simulation.
pub(crate) fn verdicts<'a>(
    folder: &Path,
    manifest: &'a Manifest,
    calendar: Calendar,
) -> Result<Table<'a, VerdictRow>, Error> {
    let fields = vec![
        field("simulation", DataType::UInt32),
        field("claim", dictionary()),
        field("counts", DataType::Boolean),
        optional("held", DataType::Boolean),
        optional("day", DataType::UInt32),
        optional("date", DataType::Date32),
    ];
    Table::create(folder, "verdicts", fields, move |rows: &[VerdictRow]| {
        let days = || rows.iter().map(|row| row.3);
        vec![
            u32s(rows.iter().map(|row| row.0)),
            names(rows.iter().map(|row| manifest.claims[row.1].id.as_str())),
            bools(rows.iter().map(|row| row.2)),
            maybe_bools(rows.iter().map(|row| row.2.then_some(row.3.is_some()))),
            maybe_u32s(days()),
            calendar.maybe_dates(days()),
        ]
    })
}

/// The parameters of each draw.
pub(crate) fn draws<'a>(folder: &Path, manifest: &Manifest) -> Result<Table<'a, (u32, Vec<f32>)>, Error> {
    let mut fields = vec![field("draw", DataType::UInt32)];
    let parameters = manifest.parameters.len();
    fields.extend(manifest.parameters.iter().map(|p| with_unit(field(&p.name, DataType::Float32), &p.unit)));
    Table::create(folder, "draws", fields, move |rows: &[(u32, Vec<f32>)]| {
        let mut columns = vec![u32s(rows.iter().map(|(draw, _)| *draw))];
        columns.extend((0..parameters).map(|k| f32s(rows.iter().map(move |(_, values)| values[k]))));
        columns
    })
}

/// An event with its identifier, and that of the event that it happened because of.
pub(crate) struct EventRow {
    pub(crate) id: u64,
    pub(crate) event: EventRecord,
    pub(crate) because: Option<u64>,
}

/// What happened in each simulation, when, to whom, and why.
pub(crate) fn events<'a>(
    folder: &Path,
    entities: &'a Entities,
    calendar: Calendar,
) -> Result<Table<'a, EventRow>, Error> {
    let fields = vec![
        field("event_id", DataType::UInt64),
        field("simulation", DataType::UInt32),
        field("day", DataType::UInt32),
        field("date", DataType::Date32),
        field("event", dictionary()),
        field("entity_kind", dictionary()),
        field("entity", dictionary()),
        field("entity_name", dictionary()),
        field("cause", dictionary()),
        field("weight", DataType::Float32),
        optional("because", DataType::UInt64),
    ];
    Table::create(folder, "events", fields, move |rows: &[EventRow]| {
        let events = || rows.iter().map(|row| &row.event);
        vec![
            u64s(rows.iter().map(|row| row.id)),
            u32s(events().map(|event| event.simulation)),
            u32s(events().map(|event| event.day)),
            calendar.dates(events().map(|event| event.day)),
            names(events().map(|event| event.kind.name())),
            names(events().map(|event| event.kind.entity_kind().name())),
            names(events().map(|event| entities.get(event.entity()).id.as_str())),
            names(events().map(|event| entities.get(event.entity()).name.as_str())),
            names(events().map(|event| event.cause.name())),
            f32s(events().map(|event| event.weight)),
            maybe_u64s(rows.iter().map(|row| row.because)),
        ]
    })
}

/// What polities come to on the last day: simulation, polity, one value for each of their observables.
pub(crate) type LastDayRow = (u32, usize, Vec<f32>);

/// The rows of a member.
pub(crate) fn last_day_of(member: &MemberRecord, polities: usize) -> impl Iterator<Item = LastDayRow> + '_ {
    let each = member.last_day.iter().copied();
    (0..polities).filter(|_| member.failed.is_none()).map(move |polity| {
        (member.number, polity, each.clone().skip(polity).step_by(polities.max(1)).collect())
    })
}

/// What polities come to on the last day of each simulation.
pub(crate) fn last_day<'a>(
    folder: &Path,
    plan: &Plan,
    entities: &'a Entities,
) -> Result<Table<'a, LastDayRow>, Error> {
    let polities = plan.scenario.world.polities.len().max(1);
    let all = Plan::last_day(&plan.scenario.world);
    let observables: Vec<&'static Observable> = all.iter().step_by(polities).map(|(o, _)| *o).collect();
    let mut fields = vec![field("simulation", DataType::UInt32), field("entity", dictionary())];
    fields.extend(observables.iter().map(|o| with_unit(field(o.name, DataType::Float32), o.unit)));
    Table::create(folder, "last_day", fields, move |rows: &[LastDayRow]| {
        let mut columns = vec![
            u32s(rows.iter().map(|row| row.0)),
            names(rows.iter().map(|row| entities.polities[row.1].id.as_str())),
        ];
        columns.extend((0..observables.len()).map(|k| f32s(rows.iter().map(move |row| row.2[k]))));
        columns
    })
}
