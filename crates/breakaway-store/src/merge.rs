//! From the shares of a run to the run that one process would have written.

use crate::Error;
use crate::grid::Grid;
use crate::lock::Lock;
use crate::manifest::Manifest;
use crate::part::Parts;
use crate::publish::{make_folder, remove_drafts};
use crate::run::{finish, known, prepare};
use crate::stored_run::{self, StoredRun};
use breakaway_ensemble::{Context, Plan, Rejected, parallel};
use breakaway_model::dispatch::Simd;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Makes the run of some folders with shares, in `out`, which may be one of them.
///
/// # Errors
/// Where the folders do not belong to one run, where parts are missing or damaged, and as
/// [`crate::run()`].
pub fn merge(
    folders: &[PathBuf],
    out: &Path,
    grid: Option<Grid>,
    context: &Context,
) -> Result<StoredRun, Error> {
    let manifests = folders.iter().map(|folder| begun(folder)).collect::<Result<Vec<Manifest>, Error>>()?;
    let Some((first, manifest)) = folders.first().zip(manifests.first()) else {
        return Err(Rejected::new("there is nothing to merge", "name the folders of a run's shares").into());
    };
    for (folder, other) in folders.iter().zip(&manifests) {
        if other.key != manifest.key {
            let what = format!("its parts belong to another run than those of {}", first.display());
            return Err(Error::rejected(folder, what, "name folders with shares of one run"));
        }
    }
    let (scenario, source) = stored_run::scenario(first, manifest)?;
    let mut plan = Plan::new(&scenario, source, manifest.design, Simd::best());
    plan.rare = manifest.rare.clone();
    let fresh = Manifest::of(&plan, manifest.request.clone());
    if fresh.key != manifest.key {
        return Err(Error::rejected(
            first,
            "its parts were made by another program",
            "make the shares again",
        ));
    }
    if let Some(done) = known(out, &fresh)? {
        return Ok(done);
    }
    let grid = grid.unwrap_or_else(|| Grid::of(&plan.design));
    let blocks: Vec<Range<u32>> = grid.blocks().collect();
    let sources: Vec<Parts> = folders.iter().map(|folder| Parts::of(folder, &manifest.key)).collect();
    let found =
        parallel::map(context, &blocks, |range| sources.iter().position(|parts| parts.is_sound(range)));
    let missing: Vec<String> = blocks
        .iter()
        .zip(&found)
        .filter(|(_, found)| found.is_none())
        .map(|(range, _)| format!("{} to {}", range.start, range.end - 1))
        .collect();
    if !missing.is_empty() {
        let what = format!(
            "{} of {} blocks are missing or damaged: simulations {}{}",
            missing.len(),
            blocks.len(),
            missing.iter().take(5).cloned().collect::<Vec<_>>().join(", "),
            if missing.len() > 5 { ", ..." } else { "" }
        );
        return Err(Rejected::new(what, "run the missing shares, or name their folders too").into());
    }
    make_folder(out)?;
    let _lock = Lock::exclusive(out)?;
    if let Some(done) = known(out, &fresh)? {
        return Ok(done);
    }
    remove_drafts(out);
    let (manifest, parts) = prepare(out, fresh, &plan)?;
    let task = context.task("parts", blocks.len() as u64);
    for (range, found) in blocks.iter().zip(&found) {
        if let Some(source) = found.map(|k| &sources[k]).filter(|source| source.folder() != parts.folder()) {
            parts.copy_from(source, range)?;
        }
        task.advance(1)?;
    }
    drop(task);
    finish(out, &plan, &manifest, &parts, grid, context)
}

/// The manifest of a folder with shares.
fn begun(folder: &Path) -> Result<Manifest, Error> {
    let help = "name folders that shares of a run were simulated into";
    Manifest::read(folder)?.ok_or_else(|| Error::rejected(folder, "this is not the folder of a run", help))
}
