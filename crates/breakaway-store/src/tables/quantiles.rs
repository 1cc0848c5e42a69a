//! The spread of every observable over the simulations, day by day.

use super::columns::{Calendar, dictionary, f32s, field, names, u32s};
use super::writer::Table;
use crate::Error;
use crate::entities::Entities;
use arrow_schema::DataType;
use breakaway_ensemble::Context;
use breakaway_ensemble::histograms::{Catalogue, HistogramTotals, Series, Summary};
use breakaway_ensemble::parallel;
use breakaway_model::entity::Entity;
use std::path::Path;

/// Columns of quantiles: 5, 25, 50, 75 and 95 % of the simulations lie below.
pub(crate) const QUANTILES: [&str; 5] = ["p05", "p25", "p50", "p75", "p95"];

/// A series on a day.
pub(crate) type QuantileRow = (Series, u32, Summary);

/// All series on all their recorded days.
pub(crate) fn summaries(
    catalogue: &Catalogue,
    totals: &HistogramTotals,
    context: &Context,
) -> Vec<QuantileRow> {
    let rows = parallel::map(context, &catalogue.series, |series| {
        let of_day = |day| Some((*series, day, totals.summary(series, day)?));
        catalogue.days_of(series).filter_map(of_day).collect::<Vec<QuantileRow>>()
    });
    rows.into_iter().flatten().collect()
}

/// The table.
pub(crate) fn quantiles<'a>(
    folder: &Path,
    entities: &'a Entities,
    calendar: Calendar,
) -> Result<Table<'a, QuantileRow>, Error> {
    let mut fields = vec![
        field("observable", dictionary()),
        field("entity_kind", dictionary()),
        field("entity", dictionary()),
        field("day", DataType::UInt32),
        field("date", DataType::Date32),
        field("mean", DataType::Float32),
    ];
    fields.extend(QUANTILES.map(|name| field(name, DataType::Float32)));
    Table::create(folder, "quantiles", fields, move |rows: &[QuantileRow]| {
        let entity = |series: &Series| Entity { kind: series.observable.of, index: series.entity };
        let days = || rows.iter().map(|(_, day, _)| *day);
        let mut columns = vec![
            names(rows.iter().map(|(series, ..)| series.observable.name)),
            names(rows.iter().map(|(series, ..)| series.observable.of.name())),
            names(rows.iter().map(|(series, ..)| entities.get(entity(series)).id.as_str())),
            u32s(days()),
            calendar.dates(days()),
            f32s(rows.iter().map(|(_, _, summary)| summary.mean)),
        ];
        let quantiles = QUANTILES.len();
        columns.extend(
            (0..quantiles).map(|q| f32s(rows.iter().map(move |(_, _, summary)| summary.quantiles[q]))),
        );
        columns
    })
}
