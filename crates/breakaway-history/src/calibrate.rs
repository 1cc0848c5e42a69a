//! Calibration: parameters with which the model lives through cases as they happened.

use crate::Error;
use crate::case::Case;
use crate::diagnostics::{diagnose, effective};
use crate::matching::{Bank, CUT_OFF, Output, check, outputs};
use crate::normal::cdf;
use crate::smc::{Course, Population};
use crate::space::{Point, Space};
use crate::summary::distance;
use breakaway_analysis::Finding;
use breakaway_ensemble::Posterior;
use breakaway_ensemble::posterior::FILE;
use breakaway_model::params::table;
use serde::{Deserialize, Serialize};
use serde_json::json;
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

/// Name of the diagnostics' file in a calibration's folder.
pub const DIAGNOSTICS: &str = "calibration.json";
/// Length of the digest before a state.
const DIGEST: usize = 32;

/// What is kept of an unfinished calibration.
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    key: String,
    /// What it was made from, in words.
    made: Vec<String>,
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
        let plausible = not_ruled_out(bank, &outputs, &all).inspect_err(|_| State::forget(folder))?;
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

    /// Writes what it came to into a folder: the diagnostics, then the posterior.
    pub fn publish(&self, space: &Space, folder: &Path) -> Result<Finding, Error> {
        let found = diagnose(self, space);
        let case = |case: &&Case| json!({ "id": case.id, "hash": case.scenario.hash });
        let told = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "cases": space.cases.iter().map(case).collect::<Vec<_>>(),
            "settings": self.settings,
            "finding": found.json(),
        });
        publish(&folder.join(DIAGNOSTICS), format!("{told:#}\n").as_bytes())?;
        publish(&folder.join(FILE), self.posterior(space).text().as_bytes())?;
        Ok(found)
    }

    /// The posterior of the parameters of a case that is none of these.
    pub fn posterior(&self, space: &Space) -> Posterior {
        let particle = |(number, point): (usize, &Point)| -> Vec<f32> {
            let another = space.of_another(point, number as u32);
            table().zip(another).map(|(spec, z)| spec.prior.quantile(cdf(z)) as f32).collect()
        };
        let case = |case: &&Case| (case.id.clone(), case.scenario.hash.clone());
        let cases = space.cases.iter().map(case).collect();
        let points = &self.population.points;
        Posterior::new(
            cases,
            points.iter().enumerate().map(particle).collect(),
            effective(points).round() as u32,
        )
    }
}

/// The draws from which particles set out.
fn not_ruled_out(bank: &Bank, outputs: &[Output], cases: &[usize]) -> Result<Vec<usize>, Error> {
    check(bank, outputs, cases)?;
    let plausible = bank.plausible(outputs, cases);
    if plausible.len() >= FEWEST_PLAUSIBLE {
        return Ok(plausible);
    }
    let of = match plausible.len() {
        0 => format!("all {} draws", bank.points.len()),
        left => format!("all but {left} of {} draws", bank.points.len()),
    };
    Err(Error::Refused(
        format!("history rules out {of}: too few to set out from"),
        format!("more `--draws` (at least {FEWEST_PLAUSIBLE} are to be left), or fewer cases"),
    ))
}

/// What a calibration is made from, for people.
fn made(space: &Space, settings: &Settings) -> Vec<String> {
    let Settings { seed, draws, replicates, particles, course } = settings;
    let mut all = vec![
        format!("program {}", env!("CARGO_PKG_VERSION")),
        format!("seed {seed}"),
        format!("{draws} draws"),
        format!("{replicates} replicates"),
        format!("{particles} particles"),
        format!("{} rounds", course.rounds),
    ];
    let ids: Vec<&str> = space.cases.iter().map(|case| case.id.as_str()).collect();
    all.push(format!("cases {}", ids.join(", ")));
    let file = |case: &&Case| format!("the files of {} ({})", case.id, &case.scenario.hash[..8]);
    all.extend(space.cases.iter().map(file));
    all
}

/// What a calibration is made from: cases and settings, draws lived through before, the model.
fn key(space: &Space, settings: &Settings, bank: &Bank) -> String {
    let mut hash = Sha256::new();
    hash.update(postcard::to_stdvec(bank).unwrap_or_default());
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
        let key = key(space, &settings, &bank);
        let made = made(space, &settings);
        let known = folder.map_or(Ok(None), |folder| State::take_up(folder, &key, &made))?;
        let mut state = known.unwrap_or(State { key, made, bank, population: None });
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
    fn take_up(folder: &Path, key: &str, made: &[String]) -> Result<Option<State>, Error> {
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
        let missing = |from: &[String], of: &[String]| -> String {
            let all: Vec<&str> = from.iter().filter(|one| !of.contains(one)).map(String::as_str).collect();
            all.join(", ")
        };
        let (there, here) = (missing(&state.made, made), missing(made, &state.made));
        let how = match there.as_str() {
            "" => "of another model, or begun with other cases".to_string(),
            _ => format!("with {there} instead of {here}"),
        };
        Err(Error::Refused(
            format!("{} holds another calibration, {how}", folder.display()),
            "choose another folder with `--out`, remove that one, or give the same cases and settings".into(),
        ))
    }

    /// Leaves nothing behind of a calibration that cannot be made.
    pub(crate) fn forget(folder: Option<&Path>) {
        if let Some(folder) = folder {
            // What is not there needs no removing; the folder stays where it holds something else.
            let _ = fs::remove_file(State::path(folder));
            let _ = fs::remove_dir(folder);
        }
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
