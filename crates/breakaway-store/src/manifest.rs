//! The manifest of a run: everything that the tables do not say. A reader of a run needs this and
//! nothing of the program that wrote it.

use crate::Error;
use crate::entities::Entities;
use breakaway_ensemble::parameter_source::{PosteriorRecord, hex};
use breakaway_ensemble::splitting::RareClaims;
use breakaway_ensemble::{Design, Plan};
use breakaway_model::MODEL_VERSION;
use breakaway_model::event::{Cause, EventKind};
use breakaway_model::observe::OBSERVABLES;
use breakaway_model::params::Prior;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

pub use crate::records::{BaseRateRecord, ClaimRecord, ObservableRecord, ParameterRecord, TableRecord};

/// Version of the store's layout.
pub const LAYOUT: u32 = 5;
/// The file by which a run is known.
pub const MANIFEST: &str = "manifest.json";
/// Most bytes of a manifest.
const MOST_BYTES: u64 = 256 << 20;

/// What a run was made from, and how it ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the store's layout.
    pub layout: u32,
    /// Version of the program that began the run.
    pub version: String,
    /// Version of the model.
    pub model_version: u32,
    /// Whether the run is whole.
    pub complete: bool,
    /// What identifies what is simulated: scenario, claims, parameters, design, model.
    pub key: String,
    /// What identifies the results and what they were made from; empty while the run is not whole.
    pub fingerprint: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Its description.
    pub description: String,
    /// SHA-256 of the scenario's files and overlays.
    pub scenario_hash: String,
    /// What was read: each file with the number of its rows or tables.
    pub files: Vec<String>,
    /// Date of day 0.
    pub start: String,
    /// Days that are simulated.
    pub days: u32,
    /// The request that the run answers, as whoever asked recorded it.
    pub request: Value,
    /// Draws, replicates, seed.
    pub design: Design,
    /// Claims that simulations are split for.
    pub rare: RareClaims,
    /// Parameters, in the order in which they are drawn.
    pub parameters: Vec<ParameterRecord>,
    /// The posterior that parameters were drawn from instead of the model's priors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posterior: Option<PosteriorRecord>,
    /// Claims, in the order of the scenario.
    pub claims: Vec<ClaimRecord>,
    /// Polities, regions, sides of sectors.
    pub entities: Entities,
    /// Names of the groups of regions, each with the positions of its regions.
    pub groups: Vec<(String, Vec<usize>)>,
    /// What is recorded of entities.
    pub observables: Vec<ObservableRecord>,
    /// Kinds of event: name and meaning.
    pub event_kinds: Vec<(String, String)>,
    /// Causes of events: name and meaning.
    pub causes: Vec<(String, String)>,
    /// Simulations that failed and are left out.
    pub failed: u32,
    /// The tables, once they are written.
    pub tables: BTreeMap<String, TableRecord>,
    /// SHA-256 of this file with an empty checksum.
    pub checksum: String,
}

/// The part of a manifest that every version of the program can read.
#[derive(Deserialize)]
struct Outline {
    layout: u32,
    #[serde(default)]
    version: String,
}

impl Manifest {
    /// The manifest of a plan that has not been run yet.
    pub fn of(plan: &Plan, request: Value) -> Manifest {
        let scenario = plan.scenario;
        let mut manifest = Manifest {
            layout: LAYOUT,
            version: env!("CARGO_PKG_VERSION").into(),
            model_version: MODEL_VERSION,
            complete: false,
            key: String::new(),
            fingerprint: String::new(),
            scenario: scenario.name.clone(),
            description: scenario.description.clone(),
            scenario_hash: scenario.hash.clone(),
            files: scenario.files.clone(),
            start: scenario.start.to_string(),
            days: scenario.world.days,
            request,
            design: plan.design,
            rare: plan.rare.clone(),
            parameters: scenario.specs().iter().zip(&plan.source.priors).map(ParameterRecord::from).collect(),
            posterior: plan.source.posterior.as_ref().map(|posterior| posterior.record(scenario)),
            claims: scenario.claims.iter().map(ClaimRecord::from).collect(),
            entities: Entities::of(scenario),
            groups: scenario.groups.clone(),
            observables: OBSERVABLES.iter().map(ObservableRecord::from).collect(),
            event_kinds: EventKind::ALL.iter().map(|kind| (kind.name().into(), kind.doc().into())).collect(),
            causes: Cause::ALL.iter().map(|cause| (cause.name().into(), cause.doc().into())).collect(),
            failed: 0,
            tables: BTreeMap::new(),
            checksum: String::new(),
        };
        manifest.key = manifest.identity();
        manifest
    }

    /// What identifies what is simulated. The scenario's hash covers all its files, so claims, their
    /// words, dates and places too.
    fn identity(&self) -> String {
        let priors: Vec<String> =
            self.parameters.iter().map(|p| format!("{} {} {}", p.name, p.prior, p.unit)).collect();
        let posterior = self.posterior.as_ref().map_or("", |posterior| &posterior.hash);
        let all = (
            LAYOUT,
            self.model_version,
            &self.scenario_hash,
            &self.start,
            self.days,
            self.design,
            &self.rare,
        );
        let text = serde_json::to_string(&(all, priors, posterior)).unwrap_or_default();
        hex(&Sha256::digest(text.as_bytes()))[..16].to_string()
    }

    /// The priors, in the order of the parameters.
    pub fn priors(&self) -> Vec<Prior> {
        self.parameters.iter().map(|parameter| parameter.prior).collect()
    }

    /// Consecutive draws that belong to one base point of its design.
    pub fn cluster(&self) -> u32 {
        self.design.cluster(&self.priors())
    }

    /// Simulations that did not fail.
    pub fn counted(&self) -> u32 {
        self.design.members().saturating_sub(self.failed)
    }

    /// The date of a day, if the start is a date.
    pub fn date(&self, day: u32) -> Option<Date> {
        let start: Date = self.start.parse().ok()?;
        Some(start.saturating_add(i64::from(day).days()))
    }

    /// The text of its file, with its checksum.
    pub fn text(&self) -> String {
        let bare = Manifest { checksum: String::new(), ..self.clone() };
        let text = serde_json::to_string_pretty(&bare).unwrap_or_default() + "\n";
        let digest = hex(&Sha256::digest(text.as_bytes()));
        fill(&text, "", &digest).unwrap_or(text)
    }

    /// Reads a manifest from the text of its file.
    ///
    /// # Errors
    /// [`Error::Rejected`] where it is of another layout, damaged, or no manifest at all.
    pub fn from_text(text: &str, folder: &Path) -> Result<Manifest, Error> {
        let no_manifest = |e| {
            Error::rejected(folder, format!("this is not a run: its {MANIFEST} cannot be read ({e})"), "")
        };
        let Outline { layout, version } = serde_json::from_str(text).map_err(no_manifest)?;
        if layout != LAYOUT {
            let what = format!("the run has layout {layout}; this program reads layout {LAYOUT}");
            let help = match version.as_str() {
                "" => "make the run again".into(),
                version => format!("Breakaway {version} wrote it and reads it; or make the run again"),
            };
            return Err(Error::rejected(folder, what, help));
        }
        let manifest: Manifest = serde_json::from_str(text).map_err(no_manifest)?;
        let bare = fill(text, &manifest.checksum, "").unwrap_or_default();
        if hex(&Sha256::digest(bare.as_bytes())) != manifest.checksum {
            let help = "restore the folder from a copy, or make the run again";
            return Err(Error::rejected(folder, format!("{MANIFEST} is damaged or was edited"), help));
        }
        Ok(manifest)
    }

    /// Reads the manifest of a folder; none where there is none.
    pub(crate) fn read(folder: &Path) -> Result<Option<Manifest>, Error> {
        let path = folder.join(MANIFEST);
        let mut text = String::new();
        let file = match std::fs::File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::file(&path, e)),
        };
        let read = std::io::Read::read_to_string(&mut std::io::Read::take(file, MOST_BYTES), &mut text);
        match read {
            Ok(_) => Manifest::from_text(&text, folder).map(Some),
            Err(e) if e.kind() == std::io::ErrorKind::InvalidData => {
                let help = "restore the folder from a copy, or make the run again";
                Err(Error::rejected(folder, format!("{MANIFEST} is damaged: it is not text"), help))
            }
            Err(e) => Err(Error::file(&path, e)),
        }
    }
}

/// The text with one checksum replaced by another; the field is the last of the file.
fn fill(text: &str, from: &str, to: &str) -> Option<String> {
    let (old, new) = (format!("\"checksum\": \"{from}\""), format!("\"checksum\": \"{to}\""));
    let at = text.rfind(&old)?;
    Some(format!("{}{new}{}", &text[..at], &text[at + old.len()..]))
}
