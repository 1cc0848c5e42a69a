//! What is kept of an unfinished calibration, so that repeating it resumes it; and the folder that
//! it is kept in, which one process at a time writes.

use crate::Error;
use crate::calibrate::DIAGNOSTICS;
use crate::hindcast::HINDCAST;
use crate::matching::{CUT_OFF, PriorSimulations, outputs};
use crate::settings::Settings;
use crate::smc::Population;
use crate::space::{Point, Space};
use crate::summary::distance;
use breakaway_ensemble::{Context, Rejected, Stopped};
use breakaway_model::params::table;
use breakaway_store::lock::{LOCK, Lock};
use breakaway_store::posterior_file::{FILE, STATE};
use breakaway_store::publish::{is_draft, make_folder, publish, remove_drafts};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Fewest draws that are simulated before they are kept.
const BATCH: u32 = 100;
/// Parts in which draws are kept.
const PARTS: u32 = 40;
/// Simulations of each case by which a model is known.
const PROBES: u32 = 16;
/// Length of the digest before a checkpoint.
const DIGEST: usize = 32;

/// What a folder is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderUse {
    /// A calibration.
    Calibration,
    /// A hindcast, with a calibration for each case left out.
    Hindcast,
}

/// What the names of a hindcast's folders of calibrations begin with.
const WITHOUT: &str = "without-";

impl FolderUse {
    /// Whether a file or folder of this name may be there.
    fn has(self, name: &str) -> bool {
        let own = match self {
            FolderUse::Calibration => [STATE, DIAGNOSTICS, FILE].contains(&name),
            FolderUse::Hindcast => [STATE, HINDCAST].contains(&name) || name.starts_with(WITHOUT),
        };
        own || name == LOCK || is_draft(name)
    }
}

/// Refuses a folder that has anything in it that does not belong to its use.
///
/// # Errors
/// Names what is there.
pub fn vacant(folder: &Path, own: FolderUse) -> Result<(), Rejected> {
    let rejected = |what: String| {
        Rejected::new(format!("{}: {what}", folder.display()), "choose another folder to write into")
    };
    if folder.exists() && !folder.is_dir() {
        return Err(rejected("this is a file, not a folder".into()));
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !own.has(&name) {
            return Err(rejected(format!("the folder contains something else: {name}")));
        }
    }
    Ok(())
}

/// A folder that this process alone writes into, as long as this value exists.
#[derive(Debug)]
pub struct WorkFolder {
    path: PathBuf,
    _lock: Lock,
}

impl WorkFolder {
    /// Makes the folder where it is not there, and locks it.
    ///
    /// # Errors
    /// Where it has anything else in it, where another process writes into it, or where the file
    /// system refuses.
    pub fn open(path: &Path, own: FolderUse) -> Result<WorkFolder, Error> {
        vacant(path, own)?;
        make_folder(path)?;
        let lock = Lock::exclusive(path)?;
        remove_drafts(path);
        Ok(WorkFolder { path: path.into(), _lock: lock })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder within a hindcast's for the calibration without a case.
    pub(crate) fn without(&self, case: &str) -> Result<WorkFolder, Error> {
        WorkFolder::open(&self.path.join(format!("{WITHOUT}{case}")), FolderUse::Calibration)
    }

    /// Writes a file that is there whole or not at all.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        Ok(publish(&self.path.join(name), bytes)?)
    }

    /// Writes a value as JSON.
    pub(crate) fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let text =
            serde_json::to_string_pretty(value).map_err(|e| Error::file(&self.path.join(name), e))? + "\n";
        self.write(name, text.as_bytes())
    }
}

/// A case as files record it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// Name.
    pub id: String,
    /// SHA-256 of its files.
    pub hash: String,
}

impl CaseRecord {
    /// The records of a space's cases.
    pub(crate) fn all(space: &Space) -> Vec<CaseRecord> {
        let record =
            |case: &&crate::Case| CaseRecord { id: case.id.clone(), hash: case.scenario.hash.clone() };
        space.cases.iter().map(record).collect()
    }
}

/// What a calibration is made from, for people.
#[derive(Serialize, Deserialize)]
struct MadeFrom {
    program: String,
    settings: Settings,
    cases: Vec<CaseRecord>,
}

impl MadeFrom {
    /// What differs in another, field by field.
    fn differences(&self, other: &MadeFrom) -> Vec<String> {
        let ids = |of: &MadeFrom| of.cases.iter().map(|case| case.id.as_str()).collect::<Vec<_>>().join(", ");
        let (a, b) = (&self.settings, &other.settings);
        let fields = [
            ("program", self.program.clone(), other.program.clone()),
            ("seed", a.seed.to_string(), b.seed.to_string()),
            ("draws", a.draws.to_string(), b.draws.to_string()),
            ("replicates", a.replicates.to_string(), b.replicates.to_string()),
            ("particles", a.particles.to_string(), b.particles.to_string()),
            ("rounds", a.smc.rounds.to_string(), b.smc.rounds.to_string()),
            ("cases", ids(self), ids(other)),
        ];
        let of_fields = fields
            .into_iter()
            .filter(|(_, there, here)| there != here)
            .map(|(name, there, here)| format!("{name} {there} instead of {here}"));
        let changed =
            |case: &&CaseRecord| other.cases.iter().any(|own| own.id == case.id && own.hash != case.hash);
        let of_files = self.cases.iter().filter(changed).map(|case| format!("other files of {}", case.id));
        of_fields.chain(of_files).collect()
    }
}

/// What is kept of an unfinished calibration.
#[derive(Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    key: String,
    made: MadeFrom,
    /// Draws of the prior so far.
    pub prior: PriorSimulations,
    /// Particles, once they have set out.
    pub population: Option<Population>,
}

/// What identifies a calibration: cases and settings, draws simulated before, the model.
fn key(
    space: &Space,
    settings: &Settings,
    known: &PriorSimulations,
    context: &Context,
) -> Result<String, Stopped> {
    let mut hash = Sha256::new();
    hash.update(postcard::to_stdvec(known).unwrap_or_default());
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(serde_json::to_string(settings).unwrap_or_default());
    let priors: Vec<String> = table().map(|spec| format!("{} {}", spec.key(), spec.prior)).collect();
    hash.update(priors.join("\n"));
    for (c, case) in space.cases.iter().enumerate() {
        hash.update(&case.scenario.hash);
        // What the model itself does with it: particles of another model are not to be gone on with.
        let points = space.draws(0..PROBES, context)?;
        let asked: Vec<(&Point, u32)> = points.iter().zip(0..).collect();
        let simulated = space.simulate(c, &asked, context)?;
        let distances: Vec<Option<f64>> =
            simulated.iter().map(|days| days.as_ref().map(|days| distance(case, days))).collect();
        hash.update(format!("{distances:?}"));
    }
    hash.update(format!("{:?} {CUT_OFF}", outputs(&space.cases)));
    Ok(hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

impl Checkpoint {
    /// The state with which rounds begin, or are resumed: all draws of the prior are simulated.
    pub fn begin(
        space: &Space,
        settings: Settings,
        known: PriorSimulations,
        folder: Option<&WorkFolder>,
        context: &Context,
    ) -> Result<Checkpoint, Error> {
        let key = key(space, &settings, &known, context)?;
        let program = env!("CARGO_PKG_VERSION").to_string();
        let made = MadeFrom { program, settings, cases: CaseRecord::all(space) };
        let begun = folder.map_or(Ok(None), |folder| Checkpoint::read(folder, &key, &made))?;
        let mut all = begun.unwrap_or(Checkpoint { key, made, prior: known, population: None });
        let done = |all: &Checkpoint| all.prior.points.len() as u32;
        if done(&all) < settings.draws {
            let total = u64::from(settings.draws);
            let task = context.resumed_task("parameter sets of the prior", done(&all).into(), total);
            while done(&all) < settings.draws {
                let batch = BATCH.max(settings.draws / PARTS).min(settings.draws - done(&all));
                all.prior.extend(space, batch, settings.replicates, context)?;
                all.keep(folder)?;
                task.advance(batch.into())?;
            }
        }
        Ok(all)
    }

    /// The checkpoint of a folder, if it has one.
    fn read(folder: &WorkFolder, key: &str, made: &MadeFrom) -> Result<Option<Checkpoint>, Error> {
        let path = folder.path.join(STATE);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = fs::read(&path).map_err(|e| Error::file(&path, e))?;
        let damaged = || {
            let help = "remove the file to begin again, or choose another folder";
            Error::Other(breakaway_store::Error::rejected(&path, "the file is damaged", help))
        };
        let (digest, body) = bytes.split_at_checked(DIGEST).ok_or_else(damaged)?;
        if Sha256::digest(body)[..] != *digest {
            return Err(damaged());
        }
        let known: Checkpoint = postcard::from_bytes(body).map_err(|_| damaged())?;
        if known.key == key {
            return Ok(Some(known));
        }
        let different = known.made.differences(made);
        let how = match different.as_slice() {
            [] => "of another model, or begun with other cases".to_string(),
            all => format!("with {}", all.join(", ")),
        };
        let what = format!("the folder contains another calibration, {how}");
        let help = "choose another folder, remove this one, or give the same cases and settings";
        Err(Error::Other(breakaway_store::Error::rejected(&folder.path, what, help)))
    }

    /// Removes what was kept of a calibration that cannot be made.
    pub fn forget(folder: Option<&WorkFolder>) {
        if let Some(folder) = folder {
            // What is not there needs no removing.
            let _ = fs::remove_file(folder.path.join(STATE));
        }
    }

    pub fn keep(&self, folder: Option<&WorkFolder>) -> Result<(), Error> {
        let Some(folder) = folder else { return Ok(()) };
        let body = postcard::to_stdvec(self).map_err(|e| Error::file(&folder.path, e))?;
        let mut bytes = Sha256::digest(&body).to_vec();
        bytes.extend(body);
        folder.write(STATE, &bytes)
    }
}
