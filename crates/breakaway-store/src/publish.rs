//! Files that are there whole or not at all: written beside their place, synced, then renamed.

use crate::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What the names of drafts begin and end with.
const DRAFT: (&str, &str) = (".", ".tmp");

/// Where a file is written before it is whole: beside its place, under a name of this process.
pub fn draft(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{}{name}.{}{}", DRAFT.0, std::process::id(), DRAFT.1))
}

/// Whether a name is that of a draft, which a killed process may have left behind.
pub fn is_draft(name: &str) -> bool {
    name.starts_with(DRAFT.0) && name.ends_with(DRAFT.1)
}

/// Puts a synced draft in its place.
///
/// # Errors
/// [`Error::File`] where the file system refuses.
pub fn publish_draft(path: &Path) -> Result<(), Error> {
    fs::rename(draft(path), path).map_err(|e| Error::file(path, e))
}

/// Writes a file that is there whole or not at all.
///
/// # Errors
/// [`Error::File`] where the file system refuses; no draft is left then.
pub fn publish(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let draft = draft(path);
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, path)
    };
    write().map_err(|e| {
        let _ = fs::remove_file(&draft);
        Error::file(path, e)
    })
}

/// Makes a folder and those above it.
///
/// # Errors
/// [`Error::File`] where the file system refuses.
pub fn make_folder(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|e| Error::file(folder, e))
}

/// Removes the drafts that killed processes left in a folder.
pub fn remove_drafts(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_draft(&entry.file_name().to_string_lossy()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_absent() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        publish(&path, b"one").expect("written");
        publish(&path, b"two").expect("replaced");
        assert_eq!(fs::read(&path).expect("read"), b"two");
        assert!(publish(&folder.path().join("none/a.json"), b"x").is_err());
        fs::write(draft(&path), b"half").expect("written");
        remove_drafts(folder.path());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
