//! Tables that describe: the claims with their answers, the entities, the observables.

use super::columns::{
    Calendar, bools, dictionary, field, maybe_bools, maybe_f64s, maybe_strings, maybe_u32s, names, optional,
    strings, u32s,
};
use super::writer::Table;
use crate::Error;
use crate::answers::ClaimAnswer;
use crate::entities::{Entities, EntityRecord};
use crate::manifest::{ClaimRecord, Manifest, ObservableRecord};
use arrow_schema::DataType;
use breakaway_ensemble::histograms::Catalogue;
use breakaway_model::entity::EntityKind;
use std::path::Path;

/// Each claim with its answer.
pub(crate) fn claims<'a>(
    folder: &Path,
    calendar: Calendar,
) -> Result<Table<'a, (ClaimAnswer, ClaimRecord)>, Error> {
    let number = |name: &str| optional(name, DataType::Float64);
    let fields = vec![
        field("claim", dictionary()),
        field("sentence", DataType::Utf8),
        field("source", DataType::Utf8),
        field("conditional", DataType::Boolean),
        field("counted", DataType::UInt32),
        field("held", DataType::UInt32),
        number("probability"),
        number("probability_from"),
        number("probability_to"),
        number("low"),
        number("low_from"),
        number("low_to"),
        number("high"),
        number("high_from"),
        number("high_to"),
        number("unknown_share"),
        optional("median_day", DataType::UInt32),
        optional("median_date", DataType::Date32),
        optional("happened", DataType::Boolean),
        optional("happened_date", DataType::Date32),
        number("base_rate"),
        number("base_rate_low"),
        number("base_rate_high"),
        optional("base_rate_class", DataType::Utf8),
    ];
    Table::create(folder, "claims", fields, move |rows: &[(ClaimAnswer, ClaimRecord)]| {
        let answers = || rows.iter().map(|(answer, _)| answer);
        let records = || rows.iter().map(|(_, record)| record);
        let ranges = || answers().map(|answer| answer.range);
        let rates = || answers().map(|answer| answer.base_rate.as_ref());
        vec![
            names(answers().map(|answer| answer.id.as_str())),
            strings(answers().map(|answer| answer.text.as_str())),
            strings(records().map(|record| record.source.as_str())),
            bools(answers().map(|answer| answer.conditional)),
            u32s(answers().map(|answer| answer.members)),
            u32s(answers().map(|answer| answer.held)),
            maybe_f64s(answers().map(|answer| answer.probability)),
            maybe_f64s(answers().map(|answer| answer.interval.map(|(from, _)| from))),
            maybe_f64s(answers().map(|answer| answer.interval.map(|(_, to)| to))),
            maybe_f64s(ranges().map(|range| range.map(|range| range.low.value))),
            maybe_f64s(ranges().map(|range| range.map(|range| range.low.from))),
            maybe_f64s(ranges().map(|range| range.map(|range| range.low.to))),
            maybe_f64s(ranges().map(|range| range.map(|range| range.high.value))),
            maybe_f64s(ranges().map(|range| range.map(|range| range.high.from))),
            maybe_f64s(ranges().map(|range| range.map(|range| range.high.to))),
            maybe_f64s(answers().map(|answer| answer.unknown_share)),
            maybe_u32s(answers().map(|answer| answer.median_day)),
            calendar.maybe_dates(answers().map(|answer| answer.median_day)),
            maybe_bools(answers().map(|answer| answer.outcome)),
            calendar.maybe_dates(records().map(|record| record.outcome_day)),
            maybe_f64s(rates().map(|rate| rate.map(|rate| rate.probability))),
            maybe_f64s(rates().map(|rate| rate.map(|rate| rate.low))),
            maybe_f64s(rates().map(|rate| rate.map(|rate| rate.high))),
            maybe_strings(rates().map(|rate| rate.map(|rate| rate.class.as_str()))),
        ]
    })
}

/// Every entity.
pub(crate) fn entities<'a>(
    folder: &Path,
    all: &'a Entities,
) -> Result<Table<'a, (EntityKind, &'a EntityRecord)>, Error> {
    let fields = vec![
        field("entity_kind", dictionary()),
        field("entity", DataType::Utf8),
        field("name", DataType::Utf8),
        field("polity", dictionary()),
        optional("sector", DataType::Utf8),
        field("people", DataType::UInt32),
        optional("row", DataType::UInt32),
        optional("col", DataType::UInt32),
        field("groups", DataType::Utf8),
    ];
    let mut table =
        Table::create(folder, "entities", fields, move |rows: &[(EntityKind, &EntityRecord)]| {
            let records = || rows.iter().map(|(_, record)| *record);
            let groups: Vec<String> = records().map(|record| record.groups.join(";")).collect();
            vec![
                names(rows.iter().map(|(kind, _)| kind.name())),
                strings(records().map(|record| record.id.as_str())),
                strings(records().map(|record| record.name.as_str())),
                names(
                    records().map(|record| all.polities.get(record.polity).map_or("", |polity| &polity.id)),
                ),
                maybe_strings(records().map(|record| record.sector.as_deref())),
                u32s(records().map(|record| record.people.clamp(0, i64::from(u32::MAX)) as u32)),
                maybe_u32s(records().map(|record| record.tile.map(|(row, _)| row))),
                maybe_u32s(records().map(|record| record.tile.map(|(_, column)| column))),
                strings(groups.iter().map(String::as_str)),
            ]
        })?;
    for kind in EntityKind::ALL {
        table.push(all.all(kind).iter().map(|record| (kind, record)))?;
    }
    Ok(table)
}

/// Every observable.
pub(crate) fn observables<'a>(
    folder: &Path,
    manifest: &'a Manifest,
    catalogue: &Catalogue,
) -> Result<Table<'a, (&'a ObservableRecord, u32)>, Error> {
    let fields = vec![
        field("observable", DataType::Utf8),
        field("of", dictionary()),
        field("unit", dictionary()),
        field("meaning", DataType::Utf8),
        field("days_between_records", DataType::UInt32),
    ];
    let mut table = Table::create(folder, "observables", fields, |rows: &[(&ObservableRecord, u32)]| {
        vec![
            strings(rows.iter().map(|(record, _)| record.name.as_str())),
            names(rows.iter().map(|(record, _)| record.of.as_str())),
            names(rows.iter().map(|(record, _)| record.unit.as_str())),
            strings(rows.iter().map(|(record, _)| record.meaning.as_str())),
            u32s(rows.iter().map(|(_, step)| *step)),
        ]
    })?;
    let step = |name: &str| catalogue.series.iter().find(|s| s.observable.name == name).map_or(1, |s| s.step);
    table.push(manifest.observables.iter().map(|record| (record, step(&record.name))))?;
    Ok(table)
}
