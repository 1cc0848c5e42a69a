//! Tables that describe: the entities, the observables.

use super::columns::{bools, dictionary, field, maybe_strings, maybe_u32s, names, optional, strings, u32s};
use super::writer::Table;
use crate::Error;
use crate::entities::{Entities, EntityRecord};
use crate::manifest::{Manifest, ObservableRecord};
use arrow_schema::DataType;
use breakaway_ensemble::histograms::Catalogue;
use breakaway_model::entity::EntityKind;
use std::path::Path;

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
        field("can_be_observed", DataType::Boolean),
        field("moved_by", dictionary()),
    ];
    let mut table = Table::create(folder, "observables", fields, |rows: &[(&ObservableRecord, u32)]| {
        vec![
            strings(rows.iter().map(|(record, _)| record.name.as_str())),
            names(rows.iter().map(|(record, _)| record.of.as_str())),
            names(rows.iter().map(|(record, _)| record.unit.as_str())),
            strings(rows.iter().map(|(record, _)| record.meaning.as_str())),
            u32s(rows.iter().map(|(_, step)| *step)),
            bools(rows.iter().map(|(record, _)| record.seen)),
            names(rows.iter().map(|(record, _)| record.mechanism.as_str())),
        ]
    })?;
    let step = |name: &str| catalogue.series.iter().find(|s| s.observable.name == name).map_or(1, |s| s.step);
    table.push(manifest.observables.iter().map(|record| (record, step(&record.name))))?;
    Ok(table)
}
