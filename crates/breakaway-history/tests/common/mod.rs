//! What the tests share: small settings, cases, and folders to change.
#![allow(dead_code)] // each test file uses its own part

use breakaway_ensemble::Rejected;
use breakaway_history::smc::SmcSettings;
use breakaway_history::{Case, Error, Settings};
use std::fs;
use std::path::{Path, PathBuf};

/// Settings of a small calibration.
pub fn small() -> Settings {
    let smc = SmcSettings { rounds: 3, ..SmcSettings::default() };
    Settings { seed: 1, draws: 160, replicates: 2, particles: 60, smc }
}

/// The folder of a case of history.
pub fn folder_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(name)
}

/// A case of history.
pub fn case(name: &str) -> Case {
    Case::load(&folder_of(name)).expect("a case")
}

/// Copies the smallest scenario, without its overlays.
pub fn copy_scenario(to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/three-regions");
    for entry in fs::read_dir(from).expect("a scenario").flatten() {
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
}

/// The folder `s` with a case of the smallest scenario, with these outcomes.
pub fn small_case(folder: &Path, rows: &str) -> PathBuf {
    let place = folder.join("s");
    copy_scenario(&place);
    fs::write(place.join("outcomes.csv"), format!("event,of,date,source\n{rows}")).expect("written");
    place
}

/// Why something was refused.
#[track_caller]
pub fn why<T>(result: Result<T, Error>) -> Rejected {
    match result {
        Ok(_) => panic!("it must be refused"),
        Err(Error::RuledOut(why) | Error::Other(breakaway_store::Error::Rejected(why))) => why,
        Err(Error::Other(other)) => panic!("refused for another reason: {other}"),
    }
}

/// Whether something was stopped.
pub fn is_stopped<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Other(breakaway_store::Error::Stopped(_))))
}
