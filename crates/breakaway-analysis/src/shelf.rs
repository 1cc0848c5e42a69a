//! Findings kept with a run, for its report.

use crate::finding::Finding;
use breakaway_ensemble::{Error, Store};
use std::fs;
use std::path::{Path, PathBuf};

fn fault(path: &Path, what: impl std::fmt::Display) -> Error {
    Error::File { path: path.display().to_string(), what: what.to_string() }
}

fn folder(store: &Store) -> PathBuf {
    store.folder().join("findings")
}

/// Keeps a finding with a run; one of the same identifier is replaced.
pub fn keep(store: &Store, finding: &Finding) -> Result<(), Error> {
    let folder = folder(store);
    fs::create_dir_all(&folder).map_err(|e| fault(&folder, e))?;
    let path = folder.join(format!("{}.json", finding.id));
    let text = serde_json::to_string_pretty(finding).map_err(|e| fault(&path, e))?;
    let half = path.with_extension("tmp");
    fs::write(&half, text + "\n").and_then(|()| fs::rename(&half, &path)).map_err(|e| fault(&path, e))
}

/// The findings kept with a run, in the order of their identifiers.
pub fn kept(store: &Store) -> Result<Vec<Finding>, Error> {
    let folder = folder(store);
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).map_err(|e| fault(&path, e))?;
        serde_json::from_str(&text).map_err(|e| fault(&path, format!("not a finding: {e}")))
    };
    paths.into_iter().map(read).collect()
}
