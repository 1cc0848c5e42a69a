//! The folder that an unfinished calibration or hindcast is kept in, which one process at a time writes.

use crate::Error;
use crate::calibrate::DIAGNOSTICS;
use crate::hindcast::HINDCAST;
use crate::piece::is_piece;
use breakaway_ensemble::Rejected;
use breakaway_store::lock::{LOCK, Lock};
use breakaway_store::posterior_file::{FILE, STATE};
use breakaway_store::publish::{is_draft, make_folder, publish, remove_drafts};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Length of the digest before a sealed value.
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
        own || is_piece(name) || name == LOCK || is_draft(name)
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
        WorkFolder::open(&self.path.join(WorkFolder::name_without(case)), FolderUse::Calibration)
    }

    /// The name of that folder.
    pub(crate) fn name_without(case: &str) -> String {
        format!("{WITHOUT}{case}")
    }

    /// Writes a file that is there whole or not at all.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        Ok(publish(&self.path.join(name), bytes)?)
    }

    /// Writes a value that can be told from a damaged one.
    pub(crate) fn write_sealed(&self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let body = postcard::to_stdvec(value).map_err(|e| Error::file(&self.path.join(name), e))?;
        let mut bytes = Sha256::digest(&body).to_vec();
        bytes.extend(body);
        self.write(name, &bytes)
    }

    /// Reads a value that [`WorkFolder::write_sealed`] wrote; none where it is not there.
    pub(crate) fn read_sealed<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        let path = self.path.join(name);
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
        postcard::from_bytes(body).map(Some).map_err(|_| damaged())
    }

    /// Removes a file. What is not there needs no removing.
    pub(crate) fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.path.join(name));
    }

    /// Names of the files and folders in it.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    /// Writes a value as JSON.
    pub(crate) fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let text =
            serde_json::to_string_pretty(value).map_err(|e| Error::file(&self.path.join(name), e))? + "\n";
        self.write(name, text.as_bytes())
    }
}
