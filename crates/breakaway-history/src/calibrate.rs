//! Calibration: parameters with which the model lives through cases as they happened.

use crate::Error;
use crate::matching::{Bank, CUT_OFF, Output, check, outputs};
use crate::normal::cdf;
use crate::smc::{Course, Population};
use crate::space::{Point, Space};
use crate::summary::distance;
use breakaway_ensemble::Posterior;
use breakaway_model::params::table;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// How a calibration is made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Seed of everything.
    pub seed: u64,
    /// Draws of the prior that history matching judges.
    pub draws: u32,
    /// Courses of each case at each of them.
    pub replicates: u32,
    /// Particles.
    pub particles: u32,
    /// How rounds go.
    pub course: Course,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { seed: 1, draws: 4000, replicates: 4, particles: 1000, course: Course::default() }
    }
}

/// Fewest draws with which the particles set out: from fewer, they would all be children of the
/// same few.
const FEWEST_PLAUSIBLE: usize = 10;
/// Fewest draws lived through between two looks at the clock.
const BATCH: u32 = 100;
/// Parts in which draws are kept.
const PARTS: u32 = 40;
/// Courses of each case by which a model is known.
const PROBES: u32 = 16;

/// How far something is: what is being done, how much of it is done, of at most how much. The
/// answer is whether to go on.
pub type Progress<'a> = dyn Fn(&str, u32, u32) -> bool + 'a;

/// A calibration, whole.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// Settings.
    pub settings: Settings,
    /// What history tells of the cases.
    pub outputs: Vec<Output>,
    /// Draws of the prior.
    pub bank: Bank,
    /// Draws that history does not rule out.
    pub plausible: Vec<usize>,
    /// Particles.
    pub population: Population,
}

/// Length of the digest before a state.
const DIGEST: usize = 32;

/// What is kept of an unfinished calibration.
#[derive(Serialize, Deserialize)]
struct State {
    key: String,
    bank: Bank,
    population: Option<Population>,
}

impl Calibration {
    /// Calibrates on all cases of a space, from draws of the prior that were lived through before
    /// (none, at first). Where a folder is given the state is kept there after each step, and taken
    /// up again.
    pub fn run(
        space: &Space,
        settings: Settings,
        bank: Bank,
        folder: Option<&Path>,
        progress: &Progress,
    ) -> Result<Calibration, Error> {
        let mut state = State::begin(space, settings, bank, folder, progress)?;
        let outputs = outputs(&space.cases);
        let bank = &state.bank;
        let all: Vec<usize> = (0..space.cases.len()).collect();
        check(bank, &outputs, &all)?;
        let plausible = bank.plausible(&outputs, &all);
        if plausible.len() < FEWEST_PLAUSIBLE {
            return Err(Error::Refused(
                format!(
                    "history rules out all but {} of {} draws: too few to set out from",
                    plausible.len(),
                    bank.points.len()
                ),
                format!("more `--draws` (at least {FEWEST_PLAUSIBLE} are to be left), or fewer cases"),
            ));
        }
        let mut population = state.population.take().unwrap_or_else(|| {
            let points: Vec<Point> = plausible.iter().map(|&k| bank.points[k].clone()).collect();
            let distances = plausible.iter().map(|&k| bank.distance(k, &all)).collect();
            Population::new(points, distances, bank.points.len() as u32 * settings.replicates)
        });
        while !population.done(&settings.course) {
            if !progress("rounds", population.rounds.len() as u32, settings.course.rounds) {
                return Err(Error::Stopped);
            }
            population.round(space, &settings.course, settings.particles as usize, settings.seed);
            state.population = Some(population.clone());
            state.keep(folder)?;
        }
        Ok(Calibration { settings, outputs, bank: state.bank, plausible, population })
    }

    /// The posterior of the parameters that the cases share.
    pub fn posterior(&self, space: &Space) -> Posterior {
        let particle = |point: &Point| -> Vec<f32> {
            table().zip(point).map(|(spec, z)| spec.prior.quantile(cdf(*z)) as f32).collect()
        };
        let cases = space.cases.iter().map(|case| case.id.clone()).collect();
        Posterior::new(cases, self.population.points.iter().map(particle).collect())
    }
}

/// What a calibration is made from.
fn key(space: &Space, settings: &Settings) -> String {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(serde_json::to_string(settings).unwrap_or_default());
    let priors: Vec<String> = table().map(|spec| format!("{} {}", spec.key(), spec.prior)).collect();
    hash.update(priors.join("\n"));
    for (c, case) in space.cases.iter().enumerate() {
        hash.update(&case.scenario.hash);
        // What the model itself does with it: particles of another model are not to be gone on with.
        let points: Vec<Point> = (0..PROBES).map(|k| space.draw(k)).collect();
        let asked: Vec<(&Point, u32)> = points.iter().zip(0..).collect();
        let distances: Vec<Option<f64>> =
            space.live(c, &asked).iter().map(|seen| seen.as_ref().map(|seen| distance(case, seen))).collect();
        hash.update(format!("{distances:?}"));
    }
    hash.update(format!("{:?} {CUT_OFF}", outputs(&space.cases)));
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Bank {
    /// Lives through so many draws of the prior as the settings ask for; kept, taken up and told as a
    /// calibration is.
    pub fn live(
        space: &Space,
        settings: Settings,
        folder: Option<&Path>,
        progress: &Progress,
    ) -> Result<Bank, Error> {
        Ok(State::begin(space, settings, Bank::default(), folder, progress)?.bank)
    }
}

impl State {
    /// The state with which rounds begin, or go on.
    fn begin(
        space: &Space,
        settings: Settings,
        bank: Bank,
        folder: Option<&Path>,
        progress: &Progress,
    ) -> Result<State, Error> {
        let key = key(space, &settings);
        let known = folder.map_or(Ok(None), |folder| State::take_up(folder, &key))?;
        let mut state = known.unwrap_or(State { key, bank, population: None });
        while (state.bank.points.len() as u32) < settings.draws {
            let done = state.bank.points.len() as u32;
            if !progress("draws of the prior", done, settings.draws) {
                return Err(Error::Stopped);
            }
            let batch = BATCH.max(settings.draws / PARTS).min(settings.draws - done);
            state.bank.extend(space, batch, settings.replicates);
            state.keep(folder)?;
        }
        Ok(state)
    }

    fn path(folder: &Path) -> PathBuf {
        folder.join("state.bin")
    }

    /// The state of a folder, if it has one.
    fn take_up(folder: &Path, key: &str) -> Result<Option<State>, Error> {
        let path = State::path(folder);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = fs::read(&path).map_err(|e| Error::file(&path, e))?;
        let damaged = || {
            let help = "remove it to begin anew, or choose another folder with `--out`";
            Error::Refused(format!("{} is damaged", path.display()), help.into())
        };
        let (digest, body) = bytes.split_at_checked(DIGEST).ok_or_else(damaged)?;
        if Sha256::digest(body)[..] != *digest {
            return Err(damaged());
        }
        let state: State = postcard::from_bytes(body).map_err(|_| damaged())?;
        if state.key == key {
            return Ok(Some(state));
        }
        Err(Error::Refused(
            format!("{} holds another calibration", folder.display()),
            "choose another folder with `--out`, or give the same cases and settings".into(),
        ))
    }

    fn keep(&self, folder: Option<&Path>) -> Result<(), Error> {
        let Some(folder) = folder else { return Ok(()) };
        let body = postcard::to_stdvec(self).map_err(|e| Error::file(folder, e))?;
        let mut bytes = Sha256::digest(&body).to_vec();
        bytes.extend(body);
        publish(&State::path(folder), &bytes)
    }
}

/// Writes a file that is there whole or not at all.
pub fn publish(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let write = || {
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let draft = path.with_file_name(format!(".{name}.tmp"));
        fs::write(&draft, bytes)?;
        fs::rename(&draft, path)
    };
    write().map_err(|e| Error::file(path, e))
}
