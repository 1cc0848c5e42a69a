//! What is kept of an unfinished calibration, so that repeating it resumes it.

use crate::Error;
use crate::matching::{CUT_OFF, PriorSimulations, outputs};
use crate::piece::Piece;
use crate::settings::Settings;
use crate::smc::Population;
use crate::space::{Point, Space};
use crate::summary::distance;
use crate::work_folder::WorkFolder;
use breakaway_ensemble::{Context, Stopped};
use breakaway_model::params::table;
use breakaway_store::posterior_file::STATE;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Fewest draws that are simulated before they are kept.
const BATCH: u32 = 100;
/// Parts in which draws are kept.
const PARTS: u32 = 40;
/// Simulations of each case by which a model is known.
const PROBES: u32 = 16;

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
        let mut all = Checkpoint::known(space, settings, known, folder, context)?;
        if all.done() < settings.draws {
            let total = u64::from(settings.draws);
            let task = context.resumed_task("parameter sets of the prior", all.done().into(), total);
            while all.done() < settings.draws {
                let first = all.done();
                let batch = BATCH.max(settings.draws / PARTS).min(settings.draws - first);
                all.simulate(batch, space, context)?;
                all.take_pieces(folder)?;
                all.keep(folder)?;
                task.advance((all.done() - first).into())?;
            }
        }
        if let Some(folder) = folder.filter(|folder| !Piece::firsts(folder).is_empty()) {
            all.keep(Some(folder))?;
            Piece::remove_all(folder);
        }
        Ok(all)
    }

    /// What is known so far: the draws given, or the state and the pieces of a folder.
    pub fn known(
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
        all.take_pieces(folder)?;
        Ok(all)
    }

    /// What identifies it.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Draws of the prior so far.
    pub fn done(&self) -> u32 {
        self.prior.points.len() as u32
    }

    fn simulate(&mut self, draws: u32, space: &Space, context: &Context) -> Result<(), Stopped> {
        let (first, replicates) = (self.done(), self.made.settings.replicates);
        self.prior.append(PriorSimulations::of_draws(space, first..first + draws, replicates, context)?);
        Ok(())
    }

    /// Takes up the pieces of a folder: those that go on where this ends, or begin before its end.
    fn take_pieces(&mut self, folder: Option<&WorkFolder>) -> Result<(), Error> {
        let Some(folder) = folder else { return Ok(()) };
        for first in Piece::firsts(folder) {
            if first <= self.done() {
                let piece = Piece::read(folder, first, &self.key)?;
                self.prior.append(piece.after(self.done()));
            }
        }
        Ok(())
    }

    /// The checkpoint of a folder, if it has one.
    fn read(folder: &WorkFolder, key: &str, made: &MadeFrom) -> Result<Option<Checkpoint>, Error> {
        let Some(known) = folder.read_sealed::<Checkpoint>(STATE)? else { return Ok(None) };
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
        Err(Error::Other(breakaway_store::Error::rejected(folder.path(), what, help)))
    }

    /// Removes what was kept of a calibration that cannot be made.
    pub fn forget(folder: Option<&WorkFolder>) {
        if let Some(folder) = folder {
            folder.remove(STATE);
        }
    }

    pub fn keep(&self, folder: Option<&WorkFolder>) -> Result<(), Error> {
        folder.map_or(Ok(()), |folder| folder.write_sealed(STATE, self))
    }
}
