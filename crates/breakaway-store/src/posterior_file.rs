//! The posterior of a calibration, as a file.

use crate::Error;
use breakaway_ensemble::Posterior;
use std::fs;
use std::path::{Path, PathBuf};

/// Name of the file in a calibration's folder.
pub const FILE: &str = "posterior.json";
/// Name of what is kept there of an unfinished calibration.
pub const STATE: &str = "state.bin";
/// Most bytes of the file.
const MOST_BYTES: u64 = 1 << 30;
const MAKE: &str = "a calibration makes a posterior";

/// Reads a posterior from its file, or from the folder of a calibration.
///
/// # Errors
/// What is wrong with the path or the file, and what would be right.
pub fn read(path: &Path) -> Result<Posterior, Error> {
    let path = &if path.is_dir() { in_folder(path)? } else { path.to_path_buf() };
    let unreadable =
        |e: std::io::Error| Error::rejected(path, format!("the posterior cannot be read: {e}"), MAKE);
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Error::rejected(path, "this is not a file", MAKE));
    }
    let file = fs::File::open(path).map_err(unreadable)?;
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::io::Read::take(file, MOST_BYTES), &mut text)
        .map_err(unreadable)?;
    Posterior::from_text(&text).map_err(|fault| Error::rejected(path, &fault, fault.help.clone()))
}

/// The posterior's file in the folder of a calibration.
fn in_folder(folder: &Path) -> Result<PathBuf, Error> {
    let path = folder.join(FILE);
    if path.exists() {
        return Ok(path);
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let posteriors = entries.filter(|entry| entry.path().join(FILE).exists());
    let mut inside: Vec<String> = posteriors.map(|entry| entry.path().display().to_string()).collect();
    inside.sort();
    if !inside.is_empty() {
        let help = format!("name one of those in it: {}", inside.join(", "));
        return Err(Error::rejected(folder, "this folder holds several calibrations", help));
    }
    if folder.join(STATE).exists() {
        let help = "repeat the calibration, and it resumes";
        return Err(Error::rejected(folder, "the calibration in this folder is not finished", help));
    }
    Err(Error::rejected(folder, "there is no posterior in this folder", MAKE))
}
