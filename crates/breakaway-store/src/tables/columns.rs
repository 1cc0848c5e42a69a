//! Columns: made from values, and read again.

use crate::Error;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float32Array, Float64Array, RecordBatch,
    StringArray, TypedDictionaryArray, UInt32Array, UInt64Array,
};
use arrow_schema::{DataType, Field};
use jiff::civil::Date;
use std::path::Path;
use std::sync::Arc;

/// A field that is never empty.
pub(crate) fn field(name: impl Into<String>, kind: DataType) -> Field {
    Field::new(name, kind, false)
}

/// A field that may be empty.
pub(crate) fn optional(name: impl Into<String>, kind: DataType) -> Field {
    Field::new(name, kind, true)
}

/// The same with a unit. One key for each field: the order of several would be random.
pub(crate) fn with_unit(field: Field, unit: &str) -> Field {
    field.with_metadata(
        [("unit".to_string(), unit.to_string())]
            .into_iter()
            .collect::<std::collections::BTreeMap<String, String>>(),
    )
}

/// The type of texts that repeat.
pub(crate) fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

pub(crate) fn u32s(values: impl Iterator<Item = u32>) -> ArrayRef {
    Arc::new(UInt32Array::from_iter_values(values))
}

pub(crate) fn maybe_u32s(values: impl Iterator<Item = Option<u32>>) -> ArrayRef {
    Arc::new(values.collect::<UInt32Array>())
}

pub(crate) fn u64s(values: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(UInt64Array::from_iter_values(values))
}

pub(crate) fn maybe_u64s(values: impl Iterator<Item = Option<u64>>) -> ArrayRef {
    Arc::new(values.collect::<UInt64Array>())
}

pub(crate) fn f32s(values: impl Iterator<Item = f32>) -> ArrayRef {
    Arc::new(Float32Array::from_iter_values(values))
}

pub(crate) fn maybe_f32s(values: impl Iterator<Item = Option<f32>>) -> ArrayRef {
    Arc::new(values.collect::<Float32Array>())
}

/// As many empty values.
pub(crate) fn no_f32s(n: usize) -> ArrayRef {
    Arc::new(Float32Array::new_null(n))
}

pub(crate) fn maybe_f64s(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.collect::<Float64Array>())
}

pub(crate) fn bools(values: impl Iterator<Item = bool>) -> ArrayRef {
    Arc::new(values.map(Some).collect::<BooleanArray>())
}

pub(crate) fn maybe_bools(values: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(values.collect::<BooleanArray>())
}

pub(crate) fn strings<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

pub(crate) fn maybe_strings<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

/// Texts that repeat.
pub(crate) fn names<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(values.collect::<DictionaryArray<Int32Type>>())
}

/// The calendar of a run.
#[derive(Clone, Copy)]
pub(crate) struct Calendar {
    /// Days from 1 January 1970 to day 0.
    start: i32,
}

impl Calendar {
    /// Of a run that starts on a date.
    pub(crate) fn from(start: Date) -> Calendar {
        let epoch = jiff::civil::date(1970, 1, 1);
        Calendar { start: (start - epoch).get_days() }
    }

    /// Dates of days.
    pub(crate) fn dates(self, days: impl Iterator<Item = u32>) -> ArrayRef {
        Arc::new(Date32Array::from_iter_values(days.map(|day| self.start + day as i32)))
    }

    /// Dates of days that may not be known.
    pub(crate) fn maybe_dates(self, days: impl Iterator<Item = Option<u32>>) -> ArrayRef {
        Arc::new(days.map(|day| day.map(|day| self.start + day as i32)).collect::<Date32Array>())
    }
}

/// A column of a batch, by name and type.
pub(crate) fn column<'b, T: 'static>(
    path: &Path,
    batch: &'b RecordBatch,
    name: &str,
) -> Result<&'b T, Error> {
    let column = batch.column_by_name(name).and_then(|column| column.as_any().downcast_ref::<T>());
    column.ok_or_else(|| Error::file(path, format!("the column `{name}` is missing or of another type")))
}

/// A column of texts that repeat.
pub(crate) fn texts<'b>(
    path: &Path,
    batch: &'b RecordBatch,
    name: &str,
) -> Result<TypedDictionaryArray<'b, Int32Type, StringArray>, Error> {
    let fault = || Error::file(path, format!("the column `{name}` is missing or of another type"));
    let column = batch.column_by_name(name).ok_or_else(fault)?;
    let dictionary = column.as_any_dictionary_opt().ok_or_else(fault)?;
    let dictionary = dictionary.as_any().downcast_ref::<DictionaryArray<Int32Type>>().ok_or_else(fault)?;
    dictionary.downcast_dict::<StringArray>().ok_or_else(fault)
}
