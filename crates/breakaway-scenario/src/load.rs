//! Reading a whole scenario: its folder and its overlays.

use crate::diagnostic::{self, Diagnostic};
use crate::draft::Draft;
use crate::files::{self, Folder};
use crate::form::Notes;
use crate::lever::Lever;
use crate::scenario::{Scenario, Unknown};
use crate::{build, order, outcome, resolve};
use breakaway_model::params::{Prior, Spec, table};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

/// Reads a scenario folder and then its overlays, in the order given, and checks everything.
///
/// # Errors
///
/// All faults of the folder and the overlays, file by file and from the top of each. Claims are
/// checked when the world is sound, because most of their faults would follow from its faults.
pub fn load(folder: &Path, overlays: &[impl AsRef<Path>]) -> Result<Scenario, Vec<Diagnostic>> {
    let overlays: Vec<&Path> = overlays.iter().map(AsRef::as_ref).collect();
    load_from(&Folder::OnDisk(folder), &overlays)
}

/// Reads a scenario whose files are in memory: pairs of a file's name and its text. Overlays are
/// names of such files too.
///
/// # Errors
///
/// As for [`load`].
pub fn load_from_memory(files: &[(&str, &str)], overlays: &[&str]) -> Result<Scenario, Vec<Diagnostic>> {
    let overlays: Vec<&Path> = overlays.iter().map(Path::new).collect();
    load_from(&Folder::InMemory(files), &overlays)
}

fn load_from(folder: &Folder, overlays: &[&Path]) -> Result<Scenario, Vec<Diagnostic>> {
    let notes = Notes::default();
    let read = files::read_all(folder, overlays, &notes);
    let scenario = if notes.borrow().is_empty() { checked(read, &notes) } else { None };
    match (scenario, notes.into_inner()) {
        (Some(scenario), notes) if notes.is_empty() => Ok(scenario),
        (_, mut notes) => {
            diagnostic::in_order(&mut notes);
            Err(notes)
        }
    }
}

/// Builds the scenario from what was read without a fault.
fn checked(read: files::Read, notes: &Notes) -> Option<Scenario> {
    let files::Read { mut draft, files, folder, overlays } = read;
    order::sort(&mut draft);
    let start = draft.start.as_ref()?.0;
    let build::Built { world, names, levers } = build::world(&draft, notes)?;
    let claims = resolve::claims(&draft, &world, &names, notes);
    let bodies = |of: &[Arc<diagnostic::Text>]| of.iter().map(|text| text.body.clone()).collect::<Vec<_>>();
    let (base, overlays) = (bodies(&folder), bodies(&overlays));
    Some(Scenario {
        name: draft.name.clone(),
        description: draft.description.clone(),
        start,
        claims,
        outcomes: outcome::resolve(&draft, &names, notes),
        levers: levers
            .into_iter()
            .zip(draft.levers.iter())
            .map(|(changes, (id, lever))| Lever {
                id: id.name.clone(),
                text: lever.text.clone(),
                active: lever.active,
                changes,
            })
            .collect(),
        priors: priors(&draft, notes),
        unknowns: unknowns(&draft).collect(),
        tiles: draft.regions.iter().map(tile).collect(),
        groups: names.groups,
        hash: hash(base.iter().chain(&overlays)),
        folder_hash: hash(base.iter()),
        files,
        overlays,
        texts: folder.iter().map(|text| (text.name(), text.body.clone())).collect(),
        world,
    })
}

fn tile(region: &crate::draft::Region) -> Option<(u32, u32)> {
    Some((u32::try_from(region.row).ok()?, u32::try_from(region.col).ok()?))
}

/// The unknown quantities.
fn unknowns(draft: &Draft) -> impl Iterator<Item = Unknown> {
    draft.unknowns.iter().filter_map(|(id, unknown)| {
        Some(Unknown {
            id: id.name.clone(),
            text: unknown.text.clone(),
            source: unknown.source.clone(),
            prior: unknown.prior?,
        })
    })
}

/// The table's priors, with those of the draft in their places, then those of the unknowns.
fn priors(draft: &Draft, notes: &Notes) -> Vec<Prior> {
    let specs: Vec<&Spec> = table().collect();
    let mut priors: Vec<Prior> = specs.iter().map(|spec| spec.prior).collect();
    for (index, prior, spot) in &draft.parameters {
        if let Some(fault) = override_fault(specs[*index], prior) {
            notes.borrow_mut().push(Diagnostic::at(spot, fault.0, fault.1));
        }
        priors[*index] = *prior;
    }
    priors.extend(unknowns(draft).map(|unknown| unknown.prior));
    priors
}

/// What is wrong with a parameter's own prior, and what would be right.
pub fn override_fault(spec: &Spec, prior: &Prior) -> Option<(String, String)> {
    let (low, high) = prior.range();
    if let Some(fault) = prior.fault() {
        return Some((format!("`{}`: {fault}", spec.key()), spec.doc.to_string()));
    }
    let outside = low < spec.bounds.0 || high > spec.bounds.1;
    let bounds = format!("it must be between {} and {} ({})", spec.bounds.0, spec.bounds.1, spec.unit);
    outside.then(|| (format!("`{}` is out of bounds", spec.key()), bounds))
}

/// SHA-256 of some texts, each with its length.
fn hash<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
