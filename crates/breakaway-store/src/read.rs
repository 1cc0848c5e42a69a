//! What a stored run recorded, read from its tables.

use crate::Error;
use crate::answers::ClaimAnswer;
use crate::manifest::Manifest;
use crate::stored_run::StoredRun;
use crate::tables::{column, texts};
use arrow_array::{Array, BooleanArray, Float32Array, RecordBatch, StringArray, UInt32Array};
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_ensemble::{Design, EventRecord, Tally};
use breakaway_model::entity::EntityKind;
use breakaway_model::event::{Cause, EventKind};
use std::collections::BTreeMap;
use std::path::Path;

/// What a run recorded of its members, in their order.
#[derive(Clone, Debug)]
pub struct RecordedMembers {
    /// The draw of each member.
    pub draws: Vec<u32>,
    /// Whether each failed.
    pub failed: Vec<bool>,
    /// By claim: what became of it in each member; in a failed one it does not count.
    pub verdicts: Vec<Vec<Verdict>>,
    /// By parameter: its value in each draw.
    pub parameters: Vec<Vec<f32>>,
    /// Consecutive draws that belong together.
    pub cluster: u32,
    /// Nothing counted yet, of the run's design.
    pub nothing: Tally,
}

impl RecordedMembers {
    /// A claim's counts by draw.
    pub fn tally(&self, claim: usize) -> Tally {
        let mut tally = self.nothing.clone();
        for (draw, verdict) in self.draws.iter().zip(&self.verdicts[claim]).filter(|(_, v)| v.counts) {
            tally.add(*draw, verdict.day.map(|day| day as u16));
        }
        tally
    }
}

/// So many members of a design, evenly over its draws: one of each base point, then of its other
/// draws, then the next replicate of each.
pub(crate) fn subsample(design: &Design, cluster: u32, members: usize) -> Vec<u32> {
    let draws = (0..cluster).flat_map(|place| (place..design.draws).step_by(cluster as usize));
    let draws: Vec<u32> = draws.collect();
    let all = (0..design.replicates).flat_map(|r| draws.iter().map(move |d| d * design.replicates + r));
    let mut chosen: Vec<u32> = all.take(members).collect();
    chosen.sort_unstable();
    chosen
}

/// The spread of one observable of one entity over time: one entry for each recorded day.
#[derive(Clone, Debug, Default)]
pub struct Quantiles {
    /// Days.
    pub days: Vec<u32>,
    /// Means over simulations.
    pub mean: Vec<f32>,
    /// 5, 25, 50, 75 and 95 % of the simulations lie below.
    pub quantiles: [Vec<f32>; 5],
}

/// Series of a run, by observable and entity.
pub type QuantilesBySeries = BTreeMap<(String, String), Quantiles>;

/// What happened in each simulation in which anything did, in order of time.
pub type Histories = BTreeMap<u32, Vec<EventRecord>>;

impl StoredRun {
    /// Its members.
    ///
    /// # Errors
    /// Where a table is missing, damaged, or not that of the manifest's design.
    pub fn members(&self) -> Result<RecordedMembers, Error> {
        let manifest = self.manifest();
        let mut all = RecordedMembers {
            draws: vec![],
            failed: vec![],
            verdicts: vec![vec![]; manifest.claims.len()],
            cluster: manifest.cluster(),
            nothing: Tally::of_design(&manifest.design, &manifest.priors()),
            parameters: vec![vec![f32::NAN; manifest.design.draws as usize]; manifest.parameters.len()],
        };
        self.read_simulations(&mut all)?;
        self.read_verdicts(&mut all)?;
        self.read_draws(&mut all)?;
        Ok(all)
    }

    fn read_simulations(&self, all: &mut RecordedMembers) -> Result<(), Error> {
        let path = self.table_path("simulations");
        for batch in &self.batches("simulations")? {
            all.draws.extend(column::<UInt32Array>(&path, batch, "draw")?.values());
            let failed: &StringArray = column(&path, batch, "failed")?;
            all.failed.extend((0..batch.num_rows()).map(|row| failed.is_valid(row)));
        }
        let design = self.manifest().design;
        if all.draws.len() != design.members() as usize || all.draws.iter().any(|draw| *draw >= design.draws)
        {
            return Err(self.unfit("simulations"));
        }
        Ok(())
    }

    fn read_verdicts(&self, all: &mut RecordedMembers) -> Result<(), Error> {
        let path = self.table_path("verdicts");
        let claims: BTreeMap<&str, usize> =
            self.manifest().claims.iter().enumerate().map(|(k, claim)| (claim.id.as_str(), k)).collect();
        for batch in &self.batches("verdicts")? {
            let names = texts(&path, batch, "claim")?;
            let counts: &BooleanArray = column(&path, batch, "counts")?;
            let days: &UInt32Array = column(&path, batch, "day")?;
            for row in 0..batch.num_rows() {
                let claim = name(&names, row).and_then(|name| claims.get(name));
                let claim = *claim.ok_or_else(|| self.unfit("verdicts"))?;
                let day = days.is_valid(row).then(|| days.value(row));
                all.verdicts[claim].push(Verdict { counts: counts.value(row), day });
            }
        }
        if all.verdicts.iter().any(|verdicts| verdicts.len() != all.draws.len()) {
            return Err(self.unfit("verdicts"));
        }
        Ok(())
    }

    fn read_draws(&self, all: &mut RecordedMembers) -> Result<(), Error> {
        let path = self.table_path("draws");
        for batch in &self.batches("draws")? {
            let draws: &UInt32Array = column(&path, batch, "draw")?;
            if draws.values().iter().any(|draw| *draw >= self.manifest().design.draws) {
                return Err(self.unfit("draws"));
            }
            for (parameter, values) in self.manifest().parameters.iter().zip(&mut all.parameters) {
                let drawn: &Float32Array = column(&path, batch, &parameter.name)?;
                for (draw, value) in draws.values().iter().zip(drawn.values()) {
                    values[*draw as usize] = *value;
                }
            }
        }
        Ok(())
    }

    /// The spread of some observables over the simulations.
    ///
    /// # Errors
    /// Where the table is missing or damaged.
    pub fn quantiles(&self, wanted: &[&str]) -> Result<QuantilesBySeries, Error> {
        let path = self.table_path("quantiles");
        let mut all = QuantilesBySeries::new();
        for batch in &self.batches("quantiles")? {
            let (observables, entities) =
                (texts(&path, batch, "observable")?, texts(&path, batch, "entity")?);
            let days: &UInt32Array = column(&path, batch, "day")?;
            let mean: &Float32Array = column(&path, batch, "mean")?;
            let mut quantiles = vec![];
            for name in ["p05", "p25", "p50", "p75", "p95"] {
                quantiles.push(column::<Float32Array>(&path, batch, name)?);
            }
            let key =
                |row: usize| (name(&observables, row).unwrap_or(""), name(&entities, row).unwrap_or(""));
            let mut row = 0;
            while row < batch.num_rows() {
                let own = key(row);
                let rows = row..row + (row..batch.num_rows()).take_while(|&other| key(other) == own).count();
                row = rows.end;
                if !wanted.contains(&own.0) {
                    continue;
                }
                let spread = all.entry((own.0.into(), own.1.into())).or_default();
                spread.days.extend(&days.values()[rows.clone()]);
                spread.mean.extend(&mean.values()[rows.clone()]);
                for (all, numbers) in spread.quantiles.iter_mut().zip(&quantiles) {
                    all.extend(&numbers.values()[rows.clone()]);
                }
            }
        }
        Ok(all)
    }

    /// What happened in each simulation in which anything did.
    ///
    /// # Errors
    /// Where the table is missing or damaged, or holds a kind of event that this program does not
    /// know.
    pub fn events(&self) -> Result<Histories, Error> {
        let path = self.table_path("events");
        let entities = &self.manifest().entities;
        let places = EntityKind::ALL.map(|kind| entities.positions(kind));
        let mut all = Histories::new();
        for batch in &self.batches("events")? {
            let simulations: &UInt32Array = column(&path, batch, "simulation")?;
            let days: &UInt32Array = column(&path, batch, "day")?;
            let weights: &Float32Array = column(&path, batch, "weight")?;
            let [kinds, names, causes] =
                ["event", "entity", "cause"].map(|column| texts(&path, batch, column));
            let (kinds, names, causes) = (kinds?, names?, causes?);
            for row in 0..batch.num_rows() {
                let [kind, id, cause] =
                    [&kinds, &names, &causes].map(|column| name(column, row).unwrap_or(""));
                let kind = EventKind::by_name(kind).ok_or_else(|| self.foreign(&path, kind))?;
                let place = places[kind.entity_kind() as usize].get(id);
                let event = EventRecord {
                    simulation: simulations.value(row),
                    day: days.value(row),
                    kind,
                    entity: *place.ok_or_else(|| self.foreign(&path, id))? as u32,
                    cause: Cause::by_name(cause).ok_or_else(|| self.foreign(&path, cause))?,
                    weight: weights.value(row),
                };
                all.entry(event.simulation).or_default().push(event);
            }
        }
        Ok(all)
    }

    /// The claims with their answers, as the run found them.
    ///
    /// # Errors
    /// Where the table is missing or damaged.
    pub(crate) fn claims(&self) -> Result<Vec<ClaimAnswer>, Error> {
        let path = self.table_path("claims");
        let records = &self.manifest().claims;
        let mut all = vec![];
        for batch in &self.batches("claims")? {
            if all.len() + batch.num_rows() > records.len() {
                return Err(self.unfit("claims"));
            }
            let rows = crate::tables::ClaimRows::of(&path, batch)?;
            let first = all.len();
            all.extend((0..batch.num_rows()).map(|row| rows.answer(row, &records[first + row])));
        }
        if all.len() != records.len() {
            return Err(self.unfit("claims"));
        }
        Ok(all)
    }

    /// All batches of a table, after its checksum was checked.
    ///
    /// # Errors
    /// Where the table is missing or damaged.
    pub fn batches(&self, table: &str) -> Result<Vec<RecordBatch>, Error> {
        crate::tables::read(self.folder(), table, self.manifest().tables.get(table))
    }

    fn foreign(&self, path: &Path, what: &str) -> Error {
        let Manifest { version, .. } = self.manifest();
        Error::rejected(
            path,
            format!("this program does not know `{what}`"),
            format!("Breakaway {version} wrote the run"),
        )
    }

    fn unfit(&self, table: &str) -> Error {
        let help = "make the run again";
        Error::rejected(&self.table_path(table), "the table does not fit the design of the manifest", help)
    }
}

/// A text of a column; none where it is empty.
fn name<'a>(
    column: &arrow_array::TypedDictionaryArray<'a, arrow_array::types::Int32Type, StringArray>,
    row: usize,
) -> Option<&'a str> {
    let keys = column.keys();
    let key = keys.is_valid(row).then(|| keys.value(row))?;
    let values = column.values();
    usize::try_from(key).ok().filter(|key| *key < values.len()).map(|key| values.value(key))
}
