//! A complete run, read from its folder.

use crate::Error;
use crate::manifest::{MANIFEST, Manifest};
use crate::posterior_file;
use breakaway_ensemble::{ParameterSource, Plan};
use breakaway_model::MODEL_VERSION;
use breakaway_model::dispatch::Simd;
use breakaway_scenario::Scenario;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A complete run.
#[derive(Clone, Debug)]
pub struct StoredRun {
    folder: PathBuf,
    manifest: Manifest,
}

impl StoredRun {
    /// Opens the run of a folder.
    ///
    /// # Errors
    /// Where there is no run, where it is not complete, damaged, or of another layout.
    pub fn open(folder: &Path) -> Result<StoredRun, Error> {
        if !folder.is_dir() {
            return Err(Error::rejected(folder, "there is no such run folder", ""));
        }
        let Some(manifest) = Manifest::read(folder)? else {
            let scenario = folder.join("scenario.toml").is_file();
            let help = if scenario { "it is a scenario: run it first" } else { "a run makes such a folder" };
            return Err(Error::rejected(
                folder,
                format!("this is not the folder of a run: it has no {MANIFEST}"),
                help,
            ));
        };
        if !manifest.complete {
            let help = "repeat the run, and it resumes";
            return Err(Error::rejected(folder, "the run is not complete", help));
        }
        Ok(StoredRun { folder: folder.into(), manifest })
    }

    /// Whether a folder is that of a run.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(MANIFEST).is_file()
    }

    pub(crate) fn new(folder: &Path, manifest: Manifest) -> StoredRun {
        StoredRun { folder: folder.into(), manifest }
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it was made from, and how it ended.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Where a table is.
    pub fn table_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.parquet"))
    }

    /// So many members, evenly over the draws.
    pub fn subsample(&self, members: usize) -> Vec<u32> {
        crate::read::subsample(&self.manifest.design, self.manifest.cluster(), members)
    }

    /// The scenario that it was made from, and where its parameters came from: what it takes to
    /// simulate its members again.
    ///
    /// # Errors
    /// Where its copy of the scenario was changed, or where the model is of another version.
    pub fn scenario(&self) -> Result<(Scenario, ParameterSource), Error> {
        scenario(&self.folder, &self.manifest)
    }

    /// The plan by which its members can be simulated again.
    pub fn plan<'a>(&self, scenario: &'a Scenario, source: ParameterSource) -> Plan<'a> {
        Plan::new(scenario, source, self.manifest.design, Simd::best())
    }
}

/// Where a run keeps what its scenario was read from.
pub(crate) fn copies(folder: &Path) -> PathBuf {
    folder.join("scenario")
}

/// The name of the copy of an overlay, counted from 0.
pub(crate) fn overlay_name(k: usize) -> String {
    format!("overlay-{}.toml", k + 1)
}

/// The scenario of a run's folder, complete or not.
pub(crate) fn scenario(folder: &Path, manifest: &Manifest) -> Result<(Scenario, ParameterSource), Error> {
    let fault = |what: String, help: &str| Error::rejected(folder, what, help);
    if manifest.model_version != MODEL_VERSION {
        let (made, own) = (manifest.model_version, MODEL_VERSION);
        let what = format!("the run was made by version {made} of the model, this program has version {own}");
        return Err(fault(what, "its tables can be read; to simulate its members again, make the run again"));
    }
    let copies = copies(folder);
    let overlays: Vec<PathBuf> =
        (0..).map(|k| copies.join(overlay_name(k))).take_while(|path| path.exists()).collect();
    let scenario = breakaway_scenario::load(&copies, &overlays).map_err(|faults| {
        let first = faults.first().map_or(String::new(), |fault| fault.message.clone());
        fault(format!("its copy of the scenario cannot be read: {first}"), "make the run again")
    })?;
    if scenario.hash != manifest.scenario_hash {
        return Err(fault("its copy of the scenario was changed".into(), "make the run again"));
    }
    let mut posterior = None;
    if let Some(record) = &manifest.posterior {
        let own = posterior_file::read(&copies)?;
        if own.hash() != record.hash {
            return Err(fault("its copy of the posterior was changed".into(), "make the run again"));
        }
        posterior = Some(Arc::new(own));
    }
    Ok((scenario, ParameterSource { priors: manifest.priors(), posterior }))
}
