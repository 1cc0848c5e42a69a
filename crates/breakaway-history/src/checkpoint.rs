//! What is kept of an unfinished calibration, so that the same command goes on from there.

use crate::Error;
use crate::calibrate::{Progress, Settings};
use crate::case::Case;
use crate::matching::{Bank, CUT_OFF, outputs};
use crate::smc::Population;
use crate::space::{Point, Space};
use crate::summary::distance;
use breakaway_ensemble::posterior::STATE;
use breakaway_model::params::table;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Fewest draws lived through between two looks at the clock.
const BATCH: u32 = 100;
/// Parts in which draws are kept.
const PARTS: u32 = 40;
/// Courses of each case by which a model is known.
const PROBES: u32 = 16;

/// Length of the digest before a state.
const DIGEST: usize = 32;

/// What is kept of an unfinished calibration.
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    key: String,
    /// What it was made from, in words.
    made: Vec<String>,
    /// Draws of the prior so far.
    pub bank: Bank,
    /// Particles, once they have set out.
    pub population: Option<Population>,
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
    pub fn begin(
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
        folder.join(STATE)
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
    pub fn forget(folder: Option<&Path>) {
        if let Some(folder) = folder {
            // What is not there needs no removing; the folder stays where it holds something else.
            let _ = fs::remove_file(State::path(folder));
            let _ = fs::remove_dir(folder);
        }
    }

    pub fn keep(&self, folder: Option<&Path>) -> Result<(), Error> {
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
