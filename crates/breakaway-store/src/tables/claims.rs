//! The table of claims with their answers: written, and read again.

use super::columns::{
    Calendar, bools, column, dictionary, field, maybe_bools, maybe_f64s, maybe_strings, maybe_u32s, names,
    optional, strings, u32s,
};
use super::writer::Table;
use crate::Error;
use crate::answers::ClaimAnswer;
use crate::manifest::ClaimRecord;
use crate::rare::RareAnswer;
use arrow_array::{Array, Float64Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::DataType;
use breakaway_ensemble::splitting::RareEstimate;
use breakaway_ensemble::{RangeEnd, UnknownRange};
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
        field("method", dictionary()),
        optional("split_for", DataType::Utf8),
        number("split_probability"),
        number("split_from"),
        number("split_to"),
        optional("reached", DataType::UInt32),
        optional("families", DataType::UInt32),
        optional("levels", DataType::UInt32),
        optional("simulated", DataType::UInt32),
    ];
    Table::create(folder, "claims", fields, move |rows: &[(ClaimAnswer, ClaimRecord)]| {
        let answers = || rows.iter().map(|(answer, _)| answer);
        let records = || rows.iter().map(|(_, record)| record);
        let ranges = || answers().map(|answer| answer.range);
        let rares = || answers().map(|answer| answer.rare);
        let split = || rares().map(|rare| rare.map(|rare| rare.estimate));
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
            names(rares().map(|rare| if rare.is_some() { "splitting" } else { "members" })),
            maybe_strings(
                rares().map(|rare| rare.map(|rare| if rare.claim { "claim" } else { "condition" })),
            ),
            maybe_f64s(split().map(|split| split.map(|split| split.probability))),
            maybe_f64s(split().map(|split| split.map(|split| split.interval.0))),
            maybe_f64s(split().map(|split| split.map(|split| split.interval.1))),
            maybe_u32s(split().map(|split| split.map(|split| split.reached))),
            maybe_u32s(split().map(|split| split.map(|split| split.families))),
            maybe_u32s(split().map(|split| split.map(|split| split.levels))),
            maybe_u32s(split().map(|split| split.map(|split| split.simulations))),
        ]
    })
}

/// Columns of the table, read again.
pub(crate) struct ClaimRows<'b> {
    numbers: Vec<&'b Float64Array>,
    counts: Vec<&'b UInt32Array>,
    split_for: &'b StringArray,
}

/// Columns of numbers that may be missing, in the order in which they are taken up.
const NUMBERS: [&str; 13] = [
    "probability",
    "probability_from",
    "probability_to",
    "low",
    "low_from",
    "low_to",
    "high",
    "high_from",
    "high_to",
    "unknown_share",
    "split_probability",
    "split_from",
    "split_to",
];
/// Columns of counts that may be missing, likewise.
const COUNTS: [&str; 7] = ["counted", "held", "median_day", "reached", "families", "levels", "simulated"];

impl<'b> ClaimRows<'b> {
    pub(crate) fn of(path: &Path, batch: &'b RecordBatch) -> Result<ClaimRows<'b>, Error> {
        Ok(ClaimRows {
            numbers: NUMBERS.iter().map(|name| column(path, batch, name)).collect::<Result<_, _>>()?,
            counts: COUNTS.iter().map(|name| column(path, batch, name)).collect::<Result<_, _>>()?,
            split_for: column(path, batch, "split_for")?,
        })
    }

    /// The answer in a row, to the claim of a record.
    pub(crate) fn answer(&self, row: usize, claim: &ClaimRecord) -> ClaimAnswer {
        let number = |k: usize| self.numbers[k].is_valid(row).then(|| self.numbers[k].value(row));
        let count = |k: usize| self.counts[k].is_valid(row).then(|| self.counts[k].value(row));
        let end = |k: usize| Some(RangeEnd { value: number(k)?, from: number(k + 1)?, to: number(k + 2)? });
        let estimate = || {
            Some(RareEstimate {
                probability: number(10)?,
                interval: (number(11)?, number(12)?),
                reached: count(3)?,
                families: count(4)?,
                levels: count(5)?,
                simulations: count(6)?,
            })
        };
        let split = self.split_for.is_valid(row).then(|| self.split_for.value(row));
        ClaimAnswer {
            id: claim.id.clone(),
            text: claim.text.clone(),
            probability: number(0),
            interval: number(1).zip(number(2)),
            range: end(3).zip(end(6)).map(|(low, high)| UnknownRange { low, high }),
            unknown_share: number(9),
            median_day: count(2),
            outcome: claim.outcome,
            outcome_day: claim.outcome_day,
            base_rate: claim.base_rate.clone(),
            members: count(0).unwrap_or(0),
            held: count(1).unwrap_or(0),
            conditional: claim.conditional,
            rare: split
                .zip(estimate())
                .map(|(what, estimate)| RareAnswer { claim: what == "claim", estimate }),
        }
    }
}
