//! Parquet tables whose bytes depend on the rows alone.

use crate::Error;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that are written at once, whatever the blocks that they come from: the boundaries of
/// pages would show otherwise.
pub(crate) const BATCH: usize = 8192;

/// A table on its way to a temporary file beside its place.
pub(crate) struct Writer {
    writer: ArrowWriter<File>,
    schema: Arc<Schema>,
    path: PathBuf,
}

impl Writer {
    pub(crate) fn create(path: &Path, fields: Vec<Field>) -> Result<Writer, Error> {
        let level = ZstdLevel::try_new(3).map_err(|e| Error::file(path, e))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by(format!("breakaway {}", env!("CARGO_PKG_VERSION")))
            .build();
        let schema = Arc::new(Schema::new(fields));
        let file = File::create(temporary(path)).map_err(|e| Error::file(path, e))?;
        let writer =
            ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(|e| Error::file(path, e))?;
        Ok(Writer { writer, schema, path: path.into() })
    }

    pub(crate) fn write(&mut self, columns: Vec<ArrayRef>) -> Result<(), Error> {
        let batch =
            RecordBatch::try_new(self.schema.clone(), columns).map_err(|e| Error::file(&self.path, e))?;
        self.writer.write(&batch).map_err(|e| Error::file(&self.path, e))
    }

    /// Completes the temporary file; [`publish`] puts it in its place.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let file = self.writer.into_inner().map_err(|e| Error::file(&self.path, e))?;
        file.sync_all().map_err(|e| Error::file(&self.path, e))
    }
}

/// Where a file is written before it is whole.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    path.with_extension("tmp")
}

/// Puts a completed file in its place.
pub(crate) fn publish(path: &Path) -> Result<(), Error> {
    std::fs::rename(temporary(path), path).map_err(|e| Error::file(path, e))
}

/// All batches of a table.
pub(crate) fn read(path: &Path) -> Result<Vec<RecordBatch>, Error> {
    let file = File::open(path).map_err(|e| Error::file(path, e))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| Error::file(path, e))?;
    let reader = builder.with_batch_size(BATCH).build().map_err(|e| Error::file(path, e))?;
    reader.map(|batch| batch.map_err(|e| Error::file(path, e))).collect()
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
