//! Tables as Arrow streams: of a run's folder, or of columns that Python made.

use crate::errors::raised;
use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{
    Date32Type, Float32Type, Float64Type, Int32Type, Int64Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator};
use arrow_schema::{ArrowError, DataType, Field, Metadata, Schema, SchemaRef};
use breakaway::prelude::{Error, StoredRun};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyCapsule, PyFloat, PyInt, PyList, PyString};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Columns of equal length, that any library takes which knows the Arrow PyCapsule interface.
#[pyclass(frozen, module = "breakaway._native")]
pub(crate) struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

/// A table of a stored run, checked against the checksum of the run's manifest.
#[pyfunction]
pub(crate) fn run_table(py: Python<'_>, folder: PathBuf, name: &str) -> PyResult<Table> {
    let read = py.detach(|| {
        let run = StoredRun::open(&folder)?;
        let (batches, made) = (run.batches(name)?, run.manifest());
        let said = [
            ("breakaway.fingerprint", &made.fingerprint),
            ("breakaway.scenario", &made.scenario),
            ("breakaway.start_date", &made.start),
        ];
        let said = said.map(|(key, value)| (key.to_string(), value.clone()));
        let schema = batches.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
        let schema = Arc::new(schema.as_ref().clone().with_metadata(said.into_iter().collect::<Metadata>()));
        Ok((schema, batches))
    });
    let (schema, batches) = read.map_err(|fault: Error| raised(py, &fault, ""))?;
    let batches =
        batches.into_iter().map(|batch| batch.with_schema(schema.clone())).collect::<Result<_, _>>();
    let batches = batches.map_err(|fault| PyValueError::new_err(fault.to_string()))?;
    Ok(Table { schema, batches })
}

#[pymethods]
impl Table {
    /// A table of columns: a list of (name, values), whose values are all texts, all whole numbers, all
    /// numbers, or all truth values, or None.
    #[new]
    fn new(columns: Vec<(String, Bound<'_, PyList>)>) -> PyResult<Table> {
        let columns: Vec<(Field, ArrayRef)> =
            columns.into_iter().map(|(name, values)| column(name, &values)).collect::<PyResult<_>>()?;
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
        let schema = Arc::new(Schema::new(fields));
        let batch = RecordBatch::try_new(schema.clone(), arrays);
        let batch = batch.map_err(|fault| PyValueError::new_err(fault.to_string()))?;
        Ok(Table { schema, batches: vec![batch] })
    }

    /// Number of rows.
    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// What the table says of itself: fingerprint, scenario, start date, units.
    #[getter]
    fn metadata(&self) -> BTreeMap<String, String> {
        self.schema.metadata().iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
    }

    /// The values of some columns as Python lists, in their order, of the rows whose columns in `equal` have these
    /// texts, at most so many of these; a date is a `datetime.date`.
    #[pyo3(signature = (columns, equal, most=None))]
    fn lists<'py>(
        &self,
        py: Python<'py>,
        columns: Vec<String>,
        equal: Vec<(String, String)>,
        most: Option<usize>,
    ) -> PyResult<Vec<Bound<'py, PyList>>> {
        let lists: Vec<Bound<'py, PyList>> = columns.iter().map(|_| PyList::empty(py)).collect();
        let mut left = most.unwrap_or(usize::MAX);
        for batch in &self.batches {
            let mut kept = vec![true; batch.num_rows()];
            for (name, text) in &equal {
                keep(named(batch, name)?, text, &mut kept)?;
            }
            for mark in kept.iter_mut().filter(|mark| **mark) {
                *mark = left > 0;
                left = left.saturating_sub(1);
            }
            for (name, list) in columns.iter().zip(&lists) {
                append(named(batch, name)?, &kept, list)?;
            }
        }
        Ok(lists)
    }

    /// The table as a stream of record batches, without a copy.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A producer may give its own schema where it does not convert: the consumer casts.
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok::<_, ArrowError>);
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }
}

/// The day of `datetime.date` on which Arrow's count of days begins.
const EPOCH: i32 = 719_163;

fn named<'b>(batch: &'b RecordBatch, name: &str) -> PyResult<&'b ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| PyValueError::new_err(format!("there is no column `{name}`")))
}

/// Clears the marks of the rows that have another text than this one.
fn keep(array: &ArrayRef, text: &str, kept: &mut [bool]) -> PyResult<()> {
    match array.data_type() {
        DataType::Utf8 => {
            kept.iter_mut()
                .zip(array.as_string::<i32>())
                .for_each(|(kept, value)| *kept &= value == Some(text));
        }
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_dictionary::<Int32Type>();
            let texts = dictionary.values().as_string::<i32>();
            let wanted = texts.iter().position(|value| value == Some(text)).map(|key| key as i32);
            let same = |key: Option<i32>| wanted.is_some() && key == wanted;
            kept.iter_mut().zip(dictionary.keys()).for_each(|(kept, key)| *kept &= same(key));
        }
        other => return Err(PyTypeError::new_err(format!("a column of {other} has no texts"))),
    }
    Ok(())
}

/// Appends the values of the rows that are marked.
fn append(array: &ArrayRef, kept: &[bool], list: &Bound<'_, PyList>) -> PyResult<()> {
    macro_rules! all {
        ($values:expr) => {
            $values.iter().zip(kept).filter(|(_, kept)| **kept).try_for_each(|(value, _)| list.append(value))
        };
    }
    match array.data_type() {
        DataType::Boolean => all!(array.as_boolean()),
        DataType::UInt32 => all!(array.as_primitive::<UInt32Type>()),
        DataType::UInt64 => all!(array.as_primitive::<UInt64Type>()),
        DataType::Int64 => all!(array.as_primitive::<Int64Type>()),
        DataType::Float32 => all!(array.as_primitive::<Float32Type>()),
        DataType::Float64 => all!(array.as_primitive::<Float64Type>()),
        DataType::Utf8 => all!(array.as_string::<i32>()),
        DataType::Date32 => {
            let date = list.py().import("datetime")?.getattr("date")?;
            let days = array.as_primitive::<Date32Type>().iter().zip(kept);
            days.filter(|(_, kept)| **kept).try_for_each(|(day, _)| {
                let day = day.map(|day| date.call_method1("fromordinal", (EPOCH + day,))).transpose()?;
                list.append(day)
            })
        }
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_dictionary::<Int32Type>();
            let texts = dictionary.values().as_string::<i32>();
            let text = |key: i32| texts.value(key as usize);
            let keys = dictionary.keys().iter().zip(kept);
            keys.filter(|(_, kept)| **kept).try_for_each(|(key, _)| list.append(key.map(text)))
        }
        other => Err(PyTypeError::new_err(format!("columns of {other} are not read"))),
    }
}

fn column(name: String, values: &Bound<'_, PyList>) -> PyResult<(Field, ArrayRef)> {
    let known: Vec<Bound<'_, PyAny>> = values.iter().filter(|value| !value.is_none()).collect();
    let all = |is: &dyn Fn(&Bound<'_, PyAny>) -> bool| known.iter().all(is);
    let boolean = |value: &Bound<'_, PyAny>| value.is_instance_of::<PyBool>();
    let whole = |value: &Bound<'_, PyAny>| value.is_instance_of::<PyInt>() && !boolean(value);
    let number = |value: &Bound<'_, PyAny>| value.is_instance_of::<PyFloat>() || whole(value);
    let (kind, array): (DataType, ArrayRef) = if !known.is_empty() && all(&boolean) {
        let mut built = BooleanBuilder::new();
        values.iter().try_for_each(|value| value.extract().map(|value| built.append_option(value)))?;
        (DataType::Boolean, Arc::new(built.finish()))
    } else if !known.is_empty() && all(&whole) {
        let mut built = Int64Builder::new();
        values.iter().try_for_each(|value| value.extract().map(|value| built.append_option(value)))?;
        (DataType::Int64, Arc::new(built.finish()))
    } else if !known.is_empty() && all(&number) {
        let mut built = Float64Builder::new();
        values.iter().try_for_each(|value| value.extract().map(|value| built.append_option(value)))?;
        (DataType::Float64, Arc::new(built.finish()))
    } else if all(&|value| value.is_instance_of::<PyString>()) {
        let mut built = StringBuilder::new();
        for value in values.iter() {
            built.append_option(value.extract::<Option<String>>()?);
        }
        (DataType::Utf8, Arc::new(built.finish()))
    } else {
        return Err(PyTypeError::new_err(format!("the values of `{name}` are not of one kind")));
    };
    Ok((Field::new(name, kind, true), array))
}
