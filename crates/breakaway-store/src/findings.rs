//! Findings of analyses, kept with a run for its report. The store does not know what is in
//! them: they are JSON.

use crate::Error;
use crate::publish::{make_folder, publish};
use crate::stored_run::StoredRun;
use breakaway_ensemble::parameter_source::hex;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;

/// The findings of a run that can be read, and the files that cannot.
#[derive(Clone, Debug)]
pub struct Kept<F> {
    /// Findings, in the order of their identifiers.
    pub findings: Vec<F>,
    /// Files that hold something else, with the reason.
    pub unreadable: Vec<(String, String)>,
}

impl StoredRun {
    fn findings_folder(&self) -> PathBuf {
        self.folder().join("findings")
    }

    /// Keeps a finding with the run; one of the same identifier is replaced.
    ///
    /// # Errors
    /// [`Error::File`] where the folder cannot be written.
    pub fn save_finding(&self, id: &str, finding: &impl Serialize) -> Result<(), Error> {
        let folder = self.findings_folder();
        make_folder(&folder)?;
        let path = folder.join(file_name(id));
        let text = serde_json::to_string_pretty(finding).map_err(|e| Error::file(&path, e))?;
        publish(&path, (text + "\n").as_bytes())
    }

    /// The findings kept with the run. A file that cannot be read is named and left out.
    pub fn findings<F: DeserializeOwned>(&self) -> Kept<F> {
        let entries = fs::read_dir(self.findings_folder()).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .collect();
        paths.sort();
        let mut kept = Kept { findings: vec![], unreadable: vec![] };
        for path in paths {
            let read = fs::read_to_string(&path).map_err(|e| e.to_string());
            match read.and_then(|text| serde_json::from_str(&text).map_err(|e| format!("not a finding: {e}")))
            {
                Ok(finding) => kept.findings.push(finding),
                Err(what) => kept.unreadable.push((path.display().to_string(), what)),
            }
        }
        kept
    }
}

/// The name of a finding's file. Identifiers that differ have names that differ: where characters
/// had to be replaced, a digest follows.
fn file_name(id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
    let name: String = id.chars().map(plain).take(80).collect();
    if name == id {
        format!("{name}.json")
    } else {
        format!("{name}-{}.json", &hex(&Sha256::digest(id))[..8])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_that_differ_have_files_that_differ() {
        let names = ["a-b", "a/b", "a.b", "ä", "ö", &"x".repeat(200), &"x".repeat(201)].map(file_name);
        for (k, name) in names.iter().enumerate() {
            assert!(!names[..k].contains(name) && name.len() < 120, "{name}");
        }
    }
}
