//! The run store: a folder with a manifest and three tables, written block by block.
//!
//! A finished block is a part file that appears under its name only when it is whole. When all
//! are there, the tables are written from them in the order of the members, then the manifest
//! says `complete`, then the parts go. Whatever moment a run is killed at, nothing half-written
//! is read as whole.

use crate::bands::{Catalogue, Totals};
use crate::block::{Block, Happened, Member, Plan};
use crate::design::Design;
use crate::table::{BATCH, Writer, publish, temporary};
use crate::{Error, table};
use arrow_array::{ArrayRef, BooleanArray, Float32Array, StringArray, UInt16Array, UInt32Array};
use arrow_schema::{DataType, Field};
use breakaway_model::event::{Cause, Kind, Scope};
use breakaway_model::observe::Of;
use breakaway_model::params;
use breakaway_model::world::World;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a run was made from, and how it ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the store's layout.
    pub layout: u32,
    /// Version of the program.
    pub version: String,
    /// Whether it is whole.
    pub complete: bool,
    /// What identifies the run: scenario, parameters, design, version.
    pub key: String,
    /// Name of the scenario.
    pub scenario: String,
    /// SHA-256 of the scenario's files and overlays.
    pub scenario_hash: String,
    /// Day 0.
    pub start: String,
    /// Days simulated.
    pub days: u32,
    /// The command that made it.
    pub command: String,
    /// Draws, replicates, seed.
    pub design: Design,
    /// Parameters and their priors.
    pub parameters: Vec<(String, String)>,
    /// Claims.
    pub claims: Vec<ClaimRecord>,
    /// Names by which events and bands speak of polities, regions, and sides of sectors.
    pub names: Names,
    /// Members that failed.
    pub failed: u32,
    /// Hash of the three tables; empty while it is not whole.
    pub fingerprint: String,
}

/// A claim as the manifest records it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClaimRecord {
    /// Identifier.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// Where it comes from.
    pub source: String,
    /// Whether only some members count.
    pub conditional: bool,
    /// What really happened, where known.
    pub outcome: Option<bool>,
    /// When, where known.
    pub outcome_day: Option<u32>,
}

/// Identifiers and names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Names {
    /// Polities: identifier and name.
    pub polities: Vec<(String, String)>,
    /// Regions: identifier and name.
    pub regions: Vec<(String, String)>,
    /// Sides of sectors, in the order `2 * sector + side`.
    pub sides: Vec<(String, String)>,
}

impl Names {
    /// Of a world.
    pub fn of(world: &World) -> Names {
        let side = |s: &breakaway_model::world::Sector, k: usize| {
            let polity = &world.polities[s.sides[k].polity];
            (format!("{}/{}", s.id, polity.id), format!("{}, {}", s.name, polity.name))
        };
        Names {
            polities: world.polities.iter().map(|p| (p.id.clone(), p.name.clone())).collect(),
            regions: world.regions.iter().map(|r| (r.id.clone(), r.name.clone())).collect(),
            sides: world.sectors.iter().flat_map(|s| [side(s, 0), side(s, 1)]).collect(),
        }
    }

    /// Identifier and name of the entity of an event.
    pub fn of_event(&self, kind: Kind, entity: usize) -> (&str, &str) {
        let list = match kind.scope() {
            Scope::Polity => &self.polities,
            Scope::Region => &self.regions,
            Scope::SectorSide => &self.sides,
        };
        list.get(entity).map_or(("?", "?"), |(id, name)| (id, name))
    }

    /// Identifier of the entity of an observable.
    pub fn of_observable(&self, of: Of, entity: usize) -> &str {
        let list = match of {
            Of::Polity => &self.polities,
            Of::Region => &self.regions,
            Of::SectorSide => &self.sides,
        };
        list.get(entity).map_or("?", |(id, _)| id)
    }
}

/// Version of the store's layout.
const LAYOUT: u32 = 1;

impl Manifest {
    /// The manifest of a plan that has not been run yet.
    pub fn of(plan: &Plan, command: &str) -> Manifest {
        let scenario = plan.scenario;
        let priors = params::table().zip(&plan.priors);
        let mut manifest = Manifest {
            layout: LAYOUT,
            version: env!("CARGO_PKG_VERSION").into(),
            complete: false,
            key: String::new(),
            scenario: scenario.name.clone(),
            scenario_hash: scenario.hash.clone(),
            start: scenario.start.to_string(),
            days: scenario.world.days,
            command: command.into(),
            design: plan.design,
            parameters: priors.map(|(spec, prior)| (spec.key(), prior.to_string())).collect(),
            claims: scenario
                .claims
                .iter()
                .map(|claim| ClaimRecord {
                    id: claim.id.clone(),
                    text: claim.text.clone(),
                    source: claim.source.clone(),
                    conditional: claim.given.is_some(),
                    outcome: claim.outcome,
                    outcome_day: claim.outcome_day,
                })
                .collect(),
            names: Names::of(&scenario.world),
            failed: 0,
            fingerprint: String::new(),
        };
        let identity = (&manifest.version, LAYOUT, &scenario.hash, plan.design, &manifest.parameters);
        let text = serde_json::to_string(&identity).unwrap_or_default();
        manifest.key = hex(&Sha256::digest(text.as_bytes()))[..16].to_string();
        manifest
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A run's folder.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The folder of a run that is to be made or resumed. It must be new, empty, or hold a run
    /// with the same key.
    pub fn prepare(folder: &Path, manifest: &Manifest) -> Result<Store, Error> {
        let store = Store { folder: folder.into() };
        if folder.exists() && !folder.is_dir() {
            return Err(Error::folder(folder, "this is a file; `--out` names a folder"));
        }
        let filled = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        if filled {
            let known = store.read_manifest().map_err(|_| {
                Error::folder(
                    folder,
                    "the folder holds something else than a run; choose another with `--out`",
                )
            })?;
            if known.key != manifest.key {
                let what = format!(
                    "the folder holds another run (of `{}`); choose another with `--out`",
                    known.scenario
                );
                return Err(Error::folder(folder, what));
            }
        }
        fs::create_dir_all(store.parts()).map_err(|e| Error::file(folder, e))?;
        store.write_manifest(manifest)?;
        Ok(store)
    }

    /// The folder of a complete run.
    pub fn open(folder: &Path) -> Result<(Store, Manifest), Error> {
        let store = Store { folder: folder.into() };
        if !folder.is_dir() {
            return Err(Error::folder(folder, "there is no such run folder"));
        }
        let manifest = store.read_manifest().map_err(|e| Error::folder(folder, format!("not a run: {e}")))?;
        if manifest.layout != LAYOUT {
            return Err(Error::folder(
                folder,
                format!("the run has layout {}, this program reads {LAYOUT}", manifest.layout),
            ));
        }
        if !manifest.complete {
            let what = format!("the run is not complete; `{}` goes on with it", manifest.command);
            return Err(Error::folder(folder, what));
        }
        Ok((store, manifest))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A table's path.
    pub fn table(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.parquet"))
    }

    fn parts(&self) -> PathBuf {
        self.folder.join("parts")
    }

    fn read_manifest(&self) -> Result<Manifest, Error> {
        let path = self.folder.join("manifest.json");
        let text = fs::read_to_string(&path).map_err(|e| Error::file(&path, e))?;
        serde_json::from_str(&text).map_err(|e| Error::file(&path, format!("not a run's manifest: {e}")))
    }

    fn write_manifest(&self, manifest: &Manifest) -> Result<(), Error> {
        let path = self.folder.join("manifest.json");
        let text = serde_json::to_string_pretty(manifest).map_err(|e| Error::file(&path, e))?;
        fs::write(temporary(&path), text + "\n").map_err(|e| Error::file(&path, e))?;
        publish(&path)
    }

    /// The ranges of members that are still to be simulated, given the finished parts.
    pub fn missing(&self, members: u32) -> Vec<Range<u32>> {
        let mut missing = vec![];
        let mut next = 0;
        for (range, _) in self.finished() {
            if range.start > next {
                missing.push(next..range.start);
            }
            next = next.max(range.end);
        }
        if next < members {
            missing.push(next..members);
        }
        missing
    }

    /// Finished parts in the order of their members.
    fn finished(&self) -> Vec<(Range<u32>, PathBuf)> {
        let entries = fs::read_dir(self.parts()).into_iter().flatten().flatten();
        let mut parts: Vec<_> = entries
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let (from, to) = name.strip_suffix(".part")?.split_once('-')?;
                Some((from.parse().ok()?..to.parse().ok()?, entry.path()))
            })
            .collect();
        parts.sort_by_key(|(range, _)| range.start);
        parts
    }

    /// Keeps a finished block.
    pub fn keep(&self, range: &Range<u32>, block: &Block) -> Result<(), Error> {
        let path = self.parts().join(format!("{:010}-{:010}.part", range.start, range.end));
        let write = || -> std::io::Result<()> {
            let file = fs::File::create(temporary(&path))?;
            let bytes = postcard::to_stdvec(block).map_err(std::io::Error::other)?;
            zstd::stream::copy_encode(&bytes[..], &file, 1)?;
            file.sync_all()
        };
        write().map_err(|e| Error::file(&path, e))?;
        publish(&path)
    }

    fn block(path: &Path) -> Result<Block, Error> {
        let bytes = fs::read(path).map_err(|e| Error::file(path, e))?;
        let bytes = zstd::stream::decode_all(&bytes[..]).map_err(|e| Error::file(path, e))?;
        postcard::from_bytes(&bytes).map_err(|e| Error::file(path, e))
    }

    /// Writes the tables from the finished parts and completes the manifest.
    pub fn complete(&self, plan: &Plan, mut manifest: Manifest) -> Result<Manifest, Error> {
        let world = &plan.scenario.world;
        let mut members = MemberTable::create(self, plan)?;
        let mut events = EventTable::create(self, &manifest.names)?;
        let mut bands = Totals::new(&plan.catalogue);
        for (_, path) in self.finished() {
            let block = Store::block(&path)?;
            manifest.failed += block.members.iter().filter(|m| m.failed.is_some()).count() as u32;
            bands.merge(&block.bands);
            members.push(block.members)?;
            events.push(block.events)?;
        }
        members.finish()?;
        events.finish()?;
        write_bands(&self.table("bands"), &plan.catalogue, &bands, &Names::of(world))?;
        let mut all = Sha256::new();
        for name in ["members", "events", "bands"] {
            let path = temporary(&self.table(name));
            let bytes = fs::read(&path).map_err(|e| Error::file(&path, e))?;
            all.update(Sha256::digest(&bytes));
        }
        for name in ["members", "events", "bands"] {
            publish(&self.table(name))?;
        }
        manifest.fingerprint = hex(&all.finalize())[..16].to_string();
        manifest.complete = true;
        self.write_manifest(&manifest)?;
        fs::remove_dir_all(self.parts()).map_err(|e| Error::file(&self.parts(), e))?;
        Ok(manifest)
    }
}

struct MemberTable<'a> {
    plan: &'a Plan<'a>,
    writer: Writer,
    waiting: Vec<Member>,
}

impl<'a> MemberTable<'a> {
    fn create(store: &Store, plan: &'a Plan<'a>) -> Result<MemberTable<'a>, Error> {
        let field = |name: String, kind, nullable| Field::new(name, kind, nullable);
        let mut fields = vec![
            field("member".into(), DataType::UInt32, false),
            field("draw".into(), DataType::UInt32, false),
            field("replicate".into(), DataType::UInt32, false),
            field("failed".into(), DataType::Utf8, true),
        ];
        fields.extend(params::table().map(|spec| field(spec.key(), DataType::Float32, false)));
        for claim in &plan.scenario.claims {
            fields.push(field(format!("claim:{}", claim.id), DataType::Boolean, true));
            fields.push(field(format!("day:{}", claim.id), DataType::UInt16, true));
        }
        let polities = &plan.scenario.world.polities;
        for (observable, k) in Plan::summaries(&plan.scenario.world) {
            fields.push(field(
                format!("end:{}:{}", polities[k].id, observable.name),
                DataType::Float32,
                false,
            ));
        }
        let writer = Writer::create(&store.table("members"), fields)?;
        Ok(MemberTable { plan, writer, waiting: vec![] })
    }

    fn push(&mut self, members: Vec<Member>) -> Result<(), Error> {
        self.waiting.extend(members);
        while self.waiting.len() >= BATCH {
            let batch: Vec<Member> = self.waiting.drain(..BATCH).collect();
            self.write(&batch)?;
        }
        Ok(())
    }

    fn write(&mut self, members: &[Member]) -> Result<(), Error> {
        let design = &self.plan.design;
        let numbers = || members.iter().map(|m| m.number);
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(UInt32Array::from_iter_values(numbers())),
            Arc::new(UInt32Array::from_iter_values(numbers().map(|m| design.draw_of(m)))),
            Arc::new(UInt32Array::from_iter_values(numbers().map(|m| m % design.replicates))),
            Arc::new(members.iter().map(|m| m.failed.clone()).collect::<StringArray>()),
        ];
        let mut drawn: Vec<Vec<f32>> = vec![];
        let mut last = None;
        for draw in numbers().map(|m| design.draw_of(m)) {
            let values = match drawn.last() {
                Some(values) if last == Some(draw) => values.clone(),
                _ => design.parameters(&self.plan.priors, draw),
            };
            last = Some(draw);
            drawn.push(values);
        }
        for p in 0..self.plan.priors.len() {
            columns.push(Arc::new(Float32Array::from_iter_values(drawn.iter().map(|values| values[p]))));
        }
        for c in 0..self.plan.scenario.claims.len() {
            let verdicts = || members.iter().map(|m| m.verdicts[c]);
            let counted = verdicts().map(|v| v.counts.then_some(v.day.is_some()));
            columns.push(Arc::new(counted.collect::<BooleanArray>()));
            columns.push(Arc::new(verdicts().map(|v| v.day.map(|d| d as u16)).collect::<UInt16Array>()));
        }
        for s in 0..members.first().map_or(0, |m| m.summaries.len()) {
            columns.push(Arc::new(Float32Array::from_iter_values(members.iter().map(|m| m.summaries[s]))));
        }
        self.writer.write(columns)
    }

    fn finish(mut self) -> Result<(), Error> {
        let rest = std::mem::take(&mut self.waiting);
        if !rest.is_empty() {
            self.write(&rest)?;
        }
        self.writer.finish()
    }
}

struct EventTable<'a> {
    names: &'a Names,
    writer: Writer,
    waiting: Vec<Happened>,
}

impl<'a> EventTable<'a> {
    fn create(store: &Store, names: &'a Names) -> Result<EventTable<'a>, Error> {
        let fields = vec![
            Field::new("member", DataType::UInt32, false),
            Field::new("day", DataType::UInt16, false),
            Field::new("event", DataType::Utf8, false),
            Field::new("entity", DataType::Utf8, false),
            Field::new("cause", DataType::Utf8, false),
            Field::new("weight", DataType::Float32, false),
        ];
        Ok(EventTable { names, writer: Writer::create(&store.table("events"), fields)?, waiting: vec![] })
    }

    fn push(&mut self, events: Vec<Happened>) -> Result<(), Error> {
        self.waiting.extend(events);
        while self.waiting.len() >= BATCH {
            let batch: Vec<Happened> = self.waiting.drain(..BATCH).collect();
            self.write(&batch)?;
        }
        Ok(())
    }

    fn write(&mut self, events: &[Happened]) -> Result<(), Error> {
        let kind = |e: &Happened| Kind::ALL[usize::from(e.kind)];
        let text = |values: Vec<&str>| Arc::new(StringArray::from(values)) as ArrayRef;
        let names = self.names;
        self.writer.write(vec![
            Arc::new(UInt32Array::from_iter_values(events.iter().map(|e| e.member))),
            Arc::new(UInt16Array::from_iter_values(events.iter().map(|e| e.day as u16))),
            text(events.iter().map(|e| kind(e).name()).collect()),
            text(events.iter().map(|e| names.of_event(kind(e), usize::from(e.entity)).0).collect()),
            text(events.iter().map(|e| Cause::ALL[usize::from(e.cause)].name()).collect()),
            Arc::new(Float32Array::from_iter_values(events.iter().map(|e| e.weight))),
        ])
    }

    fn finish(mut self) -> Result<(), Error> {
        let rest = std::mem::take(&mut self.waiting);
        if !rest.is_empty() {
            self.write(&rest)?;
        }
        self.writer.finish()
    }
}

fn write_bands(path: &Path, catalogue: &Catalogue, bands: &Totals, names: &Names) -> Result<(), Error> {
    let mut fields = vec![
        Field::new("observable", DataType::Utf8, false),
        Field::new("entity", DataType::Utf8, false),
        Field::new("day", DataType::UInt16, false),
    ];
    let columns = ["mean", "p05", "p25", "p50", "p75", "p95"];
    fields.extend(columns.map(|name| Field::new(name, DataType::Float32, false)));
    let mut writer = Writer::create(path, fields)?;
    for series in &catalogue.series {
        let rows: Vec<_> =
            catalogue.days_of(series).filter_map(|day| Some((day, bands.summary(series, day)?))).collect();
        let entity = names.of_observable(series.observable.of, series.entity);
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from(vec![series.observable.name; rows.len()])),
            Arc::new(StringArray::from(vec![entity; rows.len()])),
            Arc::new(UInt16Array::from_iter_values(rows.iter().map(|(day, _)| *day as u16))),
            Arc::new(Float32Array::from_iter_values(rows.iter().map(|(_, s)| s.mean))),
        ];
        for q in 0..5 {
            columns.push(Arc::new(Float32Array::from_iter_values(rows.iter().map(|(_, s)| s.quantiles[q]))));
        }
        writer.write(columns)?;
    }
    writer.finish()
}

/// All batches of one of a run's tables.
pub fn batches(store: &Store, name: &str) -> Result<Vec<arrow_array::RecordBatch>, Error> {
    table::read(&store.table(name))
}
