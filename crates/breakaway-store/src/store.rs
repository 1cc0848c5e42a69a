//! The run store: a folder with a manifest and three tables, written block by block.
//!
//! A finished block is a part file that appears under its name only when it is whole. When all
//! are there, the tables are written from them in the order of the members, then the manifest
//! says `complete`, then the parts go. Whatever moment a run is killed at, nothing half-written
//! is read as whole.

use crate::bands::Totals;
use crate::block::{Block, Plan};
use crate::columns::{EventTable, MemberTable, write_bands};
use crate::manifest::{LAYOUT, Layout, Manifest, Names};
use crate::posterior::{self, Beliefs, Posterior};
use crate::table::{publish, temporary};
use crate::{Error, table};
use breakaway_scenario::Scenario;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The file by which a run is known.
const MANIFEST: &str = "manifest.json";

/// A run's folder.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The folder of a run that is to be made or resumed. It must be new, empty, or hold a run
    /// with the same key.
    pub fn prepare(folder: &Path, manifest: &Manifest, plan: &Plan) -> Result<Store, Error> {
        let store = Store { folder: folder.into() };
        if folder.exists() && !folder.is_dir() {
            return Err(Error::folder(folder, "this is a file; `--out` names a folder"));
        }
        let filled = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        if filled {
            let known = store.read_manifest().map_err(|fault| match fault {
                Error::Folder { .. } => fault,
                _ => Error::folder(
                    folder,
                    "the folder holds something else than a run; choose another with `--out`",
                ),
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
        store.keep_scenario(plan)?;
        Ok(store)
    }

    fn copies(&self) -> PathBuf {
        self.folder.join("scenario")
    }

    /// Keeps what the scenario was read from: a run can be taken up again whatever becomes of it.
    fn keep_scenario(&self, plan: &Plan) -> Result<(), Error> {
        let scenario = plan.scenario;
        let folder = self.copies();
        fs::create_dir_all(&folder).map_err(|e| Error::file(&folder, e))?;
        let overlays = scenario.overlays.iter().enumerate().map(|(k, body)| (folder.join(overlay(k)), body));
        let files = scenario.texts.iter().map(|(name, body)| (folder.join(name), body));
        let posterior = plan.beliefs.posterior.as_ref().map(|own| (folder.join(posterior::FILE), own.text()));
        let posterior = posterior.iter().map(|(path, body)| (path.clone(), body));
        for (path, body) in files.chain(overlays).chain(posterior) {
            fs::write(&path, body).map_err(|e| Error::file(&path, e))?;
        }
        Ok(())
    }

    /// The scenario that a run was made from, and the beliefs with its settings.
    pub fn scenario(&self, manifest: &Manifest) -> Result<(Scenario, Beliefs), Error> {
        let folder = self.copies();
        let fault = |what: String| Error::folder(&self.folder, what);
        if manifest.version != env!("CARGO_PKG_VERSION") {
            let (made, own) = (&manifest.version, env!("CARGO_PKG_VERSION"));
            return Err(fault(format!("made by version {made}, this is {own}: make the run again")));
        }
        let overlays: Vec<PathBuf> =
            (0..).map(|k| folder.join(overlay(k))).take_while(|path| path.exists()).collect();
        let scenario = breakaway_scenario::load(&folder, &overlays).map_err(|faults| {
            let first = faults.first().map_or(String::new(), |fault| fault.message.clone());
            fault(format!("its copy of the scenario cannot be read: {first}"))
        })?;
        if scenario.hash != manifest.scenario_hash {
            return Err(fault("its copy of the scenario was changed: make the run again".into()));
        }
        let priors = manifest.priors.iter().map(|prior| prior.0).collect();
        let mut posterior = None;
        if let Some(record) = &manifest.posterior {
            let own = Posterior::read(&folder)?;
            if own.hash() != record.hash {
                return Err(fault("its copy of the posterior was changed: make the run again".into()));
            }
            posterior = Some(Arc::new(own));
        }
        Ok((scenario, Beliefs { priors, posterior }))
    }

    /// The folder of a complete run.
    pub fn open(folder: &Path) -> Result<(Store, Manifest), Error> {
        let store = Store { folder: folder.into() };
        if !folder.is_dir() {
            return Err(Error::folder(folder, "there is no such run folder"));
        }
        let manifest = store.read_manifest().map_err(|fault| match fault {
            Error::Folder { .. } => fault,
            _ if !folder.join(MANIFEST).exists() => {
                Error::helped(folder, "this is not the folder of a run", "`breakaway run SCENARIO` makes one")
            }
            fault => Error::folder(folder, format!("not a run: {fault}")),
        })?;
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
        let path = self.folder.join(MANIFEST);
        let text = fs::read_to_string(&path).map_err(|e| Error::file(&path, e))?;
        let fault = |e| Error::file(&path, format!("not a run's manifest: {e}"));
        let Layout { layout } = serde_json::from_str(&text).map_err(fault)?;
        if layout != LAYOUT {
            let what = format!("the run has layout {layout}, this program reads {LAYOUT}; make it again");
            return Err(Error::folder(&self.folder, what));
        }
        serde_json::from_str(&text).map_err(fault)
    }

    fn write_manifest(&self, manifest: &Manifest) -> Result<(), Error> {
        let path = self.folder.join(MANIFEST);
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
        // In order, but read several at a time.
        let parts = self.finished();
        let several = parts.chunks(rayon::current_num_threads().max(1));
        let read = |parts: &[(Range<u32>, PathBuf)]| -> Result<Vec<Block>, Error> {
            parts.par_iter().map(|(_, path)| Store::block(path)).collect()
        };
        for block in several.map(read).flat_map(each_or_fault) {
            let block = block?;
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

/// The name of the copy of an overlay, counted from 0.
fn overlay(k: usize) -> String {
    format!("overlay-{}.toml", k + 1)
}

/// The results one by one, or the one fault.
fn each_or_fault<T>(all: Result<Vec<T>, Error>) -> Vec<Result<T, Error>> {
    all.map_or_else(|fault| vec![Err(fault)], |all| all.into_iter().map(Ok).collect())
}

/// All batches of one of a run's tables.
pub fn batches(store: &Store, name: &str) -> Result<Vec<arrow_array::RecordBatch>, Error> {
    table::read(&store.table(name))
}
