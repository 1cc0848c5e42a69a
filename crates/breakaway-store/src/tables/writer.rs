//! Parquet tables whose bytes depend on the rows alone.

use crate::Error;
use crate::manifest::TableRecord;
use crate::publish::{draft, publish_draft};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use breakaway_ensemble::parameter_source::hex;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that are written at once, whatever blocks they come from: the boundaries of pages would
/// show otherwise.
pub(crate) const BATCH: usize = 8192;

/// Makes columns of rows.
type Columns<'a, R> = Box<dyn Fn(&[R]) -> Vec<ArrayRef> + 'a>;

/// A table on its way to a draft beside its place. A draft that is not published goes with it.
pub(crate) struct Table<'a, R> {
    writer: Option<ArrowWriter<File>>,
    schema: Arc<Schema>,
    path: PathBuf,
    waiting: Vec<R>,
    rows: u64,
    columns: Columns<'a, R>,
    published: bool,
}

impl<'a, R> Table<'a, R> {
    /// A table with these fields; `columns` makes them from rows.
    pub(crate) fn create(
        folder: &Path,
        name: &str,
        fields: Vec<Field>,
        columns: impl Fn(&[R]) -> Vec<ArrayRef> + 'a,
    ) -> Result<Table<'a, R>, Error> {
        let path = path_of(folder, name);
        let fault = |e: parquet::errors::ParquetError| Error::file(&path, e);
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).map_err(fault)?))
            // No version of the program: the bytes of a run are the same for all that have its layout.
            .set_created_by("breakaway".into());
        for field in fields.iter().filter(|field| *field.data_type() == DataType::Float32) {
            // The bytes of real numbers pack better apart than in a dictionary of them.
            let column = ColumnPath::from(field.name().as_str());
            properties = properties
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column, Encoding::BYTE_STREAM_SPLIT);
        }
        let properties = properties.build();
        let schema = Arc::new(Schema::new(fields));
        let file = File::create(draft(&path)).map_err(|e| Error::file(&path, e))?;
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(fault)?;
        let columns = Box::new(columns);
        Ok(Table { writer: Some(writer), schema, path, waiting: vec![], rows: 0, columns, published: false })
    }

    /// Adds rows.
    pub(crate) fn push(&mut self, rows: impl IntoIterator<Item = R>) -> Result<(), Error> {
        for row in rows {
            self.waiting.push(row);
            if self.waiting.len() == BATCH {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Error> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let columns = (self.columns)(&self.waiting);
        self.rows += self.waiting.len() as u64;
        self.waiting.clear();
        let batch =
            RecordBatch::try_new(self.schema.clone(), columns).map_err(|e| Error::file(&self.path, e))?;
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.write(&batch).map_err(|e| Error::file(&self.path, e))
    }

    /// Completes the draft, with what is to be known of the run it belongs to.
    pub(crate) fn finish(&mut self, metadata: &[(&str, &str)]) -> Result<TableRecord, Error> {
        self.flush()?;
        let Some(mut writer) = self.writer.take() else {
            return Err(Error::file(&self.path, "the table was finished twice"));
        };
        for (key, value) in metadata {
            writer.append_key_value_metadata(KeyValue::new((*key).into(), Some((*value).into())));
        }
        let file = writer.into_inner().map_err(|e| Error::file(&self.path, e))?;
        file.sync_all().map_err(|e| Error::file(&self.path, e))?;
        let bytes = std::fs::read(draft(&self.path)).map_err(|e| Error::file(&self.path, e))?;
        Ok(TableRecord { rows: self.rows, sha256: hex(&Sha256::digest(&bytes)) })
    }

    /// Puts the draft in its place.
    pub(crate) fn publish(&mut self) -> Result<(), Error> {
        publish_draft(&self.path)?;
        self.published = true;
        Ok(())
    }
}

impl<R> Drop for Table<'_, R> {
    fn drop(&mut self) {
        if !self.published {
            let _ = std::fs::remove_file(draft(&self.path));
        }
    }
}

/// Where a table of a run is.
pub(crate) fn path_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.parquet"))
}

/// All batches of a run's table, after its checksum was checked.
pub(crate) fn read(
    folder: &Path,
    name: &str,
    record: Option<&TableRecord>,
) -> Result<Vec<RecordBatch>, Error> {
    let path = path_of(folder, name);
    let help = "restore the folder from a copy, or make the run again";
    let damaged = |what: &str| Error::rejected(&path, what, help);
    let record = record.ok_or_else(|| damaged("the manifest does not know this table"))?;
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(damaged("the table is missing")),
        Err(e) => return Err(Error::file(&path, e)),
    };
    if hex(&Sha256::digest(&bytes)) != record.sha256 {
        return Err(damaged("the table is damaged or was changed: its checksum is not that of the manifest"));
    }
    let fault = |e: parquet::errors::ParquetError| Error::file(&path, e);
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).map_err(fault)?;
    let reader = builder.with_batch_size(BATCH).build().map_err(fault)?;
    reader.map(|batch| batch.map_err(|e| Error::file(&path, e))).collect()
}
