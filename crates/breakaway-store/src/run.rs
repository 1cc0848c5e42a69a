//! Running an ensemble: blocks over threads, each kept as it finishes.

use crate::Error;
use crate::estimate;
use crate::grid::Grid;
use crate::lock::Lock;
use crate::manifest::{MANIFEST, Manifest};
use crate::part::Parts;
use crate::posterior_file;
use crate::publish::{is_draft, make_folder, publish, remove_drafts};
use crate::stored_run::{StoredRun, copies, overlay_name};
use crate::tables;
use breakaway_ensemble::block::simulate_block;
use breakaway_ensemble::histograms::Histograms;
use breakaway_ensemble::{Context, Plan, parallel};
use serde_json::Value;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Where and how a run is made.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Its folder: new, empty, or that of the same run.
    pub folder: PathBuf,
    /// The request that it answers, for the manifest.
    pub request: Value,
    /// Whether it may need more than the machine has free.
    pub beyond_limits: bool,
    /// Another grid than that of the design, for tests; results do not depend on it.
    pub grid: Option<Grid>,
}

/// Runs a plan, resumes a run that was interrupted, or opens one that is complete.
///
/// # Errors
/// Where the design or the folder cannot serve, where another process writes into the folder, where
/// the machine has too little memory or disk, where a file cannot be written, or where the context
/// was cancelled. Finished blocks are kept; the same call resumes.
pub fn run(plan: &Plan, options: &RunOptions, context: &Context) -> Result<StoredRun, Error> {
    plan.design.check()?;
    let folder = &options.folder;
    let manifest = Manifest::of(plan, options.request.clone());
    if let Some(done) = known(folder, &manifest)? {
        return Ok(done);
    }
    check_limits(plan, options, context)?;
    make_folder(folder)?;
    let lock = Lock::exclusive(folder)?;
    // Between the look and the lock another process may have finished the run.
    if let Some(done) = known(folder, &manifest)? {
        return Ok(done);
    }
    remove_drafts(folder);
    let (manifest, parts) = prepare(folder, manifest, plan)?;
    let grid = options.grid.unwrap_or_else(|| Grid::of(&plan.design));
    let blocks: Vec<Range<u32>> = grid.blocks().collect();
    simulate_missing(plan, &parts, &blocks, context)?;
    let done = finish(folder, plan, &manifest, &parts, grid, context)?;
    drop(lock);
    Ok(done)
}

/// Refuses a run that needs more than the machine has, unless it is allowed to.
pub(crate) fn check_limits(plan: &Plan, options: &RunOptions, context: &Context) -> Result<(), Error> {
    if options.beyond_limits {
        return Ok(());
    }
    estimate::check(estimate::estimate(plan, context.threads()), &options.folder)
}

/// The run of a folder, if it is this one and complete; none where the folder is new, empty, or holds
/// the begun run.
pub(crate) fn known(folder: &Path, manifest: &Manifest) -> Result<Option<StoredRun>, Error> {
    let another = "choose another folder";
    if folder.exists() && !folder.is_dir() {
        return Err(Error::rejected(folder, "this is a file, not a folder", another));
    }
    let Some(known) = Manifest::read(folder)? else {
        let ours = |name: &str| name.ends_with(".lock") || is_draft(name);
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let foreign =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).find(|name| !ours(name));
        return match foreign {
            None => Ok(None),
            Some(name) => Err(Error::rejected(
                folder,
                format!("the folder holds something other than a run: {name}"),
                another,
            )),
        };
    };
    if known.key != manifest.key {
        let what = format!("the folder holds another run (of `{}`)", known.scenario);
        return Err(Error::rejected(folder, what, another));
    }
    Ok(known.complete.then(|| StoredRun::new(folder, known)))
}

/// Writes the manifest of a run that begins, and copies of what its scenario was read from: a run can
/// be taken up again even if the originals change.
pub(crate) fn prepare(folder: &Path, manifest: Manifest, plan: &Plan) -> Result<(Manifest, Parts), Error> {
    // The manifest first: it tells what the folder is.
    let manifest = match Manifest::read(folder)? {
        Some(begun) => begun,
        None => {
            publish(&folder.join(MANIFEST), manifest.text().as_bytes())?;
            manifest
        }
    };
    let copies = copies(folder);
    make_folder(&copies)?;
    let scenario = plan.scenario;
    let overlays =
        scenario.overlays.iter().enumerate().map(|(k, body)| (copies.join(overlay_name(k)), body.clone()));
    let files = scenario.texts.iter().map(|(name, body)| (copies.join(name), body.clone()));
    let posterior = plan.source.posterior.iter().map(|own| (copies.join(posterior_file::FILE), own.text()));
    for (path, body) in files.chain(overlays).chain(posterior) {
        if fs::read(&path).is_ok_and(|known| known == body.as_bytes()) {
            continue;
        }
        publish(&path, body.as_bytes())?;
    }
    let parts = Parts::of(folder, &manifest.key);
    make_folder(parts.folder())?;
    Ok((manifest, parts))
}

/// Simulates those of some blocks whose part is not there or not sound.
pub(crate) fn simulate_missing(
    plan: &Plan,
    parts: &Parts,
    blocks: &[Range<u32>],
    context: &Context,
) -> Result<(), Error> {
    let sound = parallel::map(context, blocks, |range| parts.is_sound(range));
    let missing: Vec<Range<u32>> =
        blocks.iter().zip(sound).filter(|(_, sound)| !sound).map(|(range, _)| range.clone()).collect();
    let members = |blocks: &[Range<u32>]| blocks.iter().map(|b| u64::from(b.end - b.start)).sum::<u64>();
    let all = members(blocks);
    let task = context.resumed_task("simulations", all - members(&missing), all);
    parallel::try_map_with(
        context,
        &missing,
        || Histograms::new(&plan.catalogue),
        |histograms, range| parts.write(range, &simulate_block(plan, range.clone(), histograms, &task)?),
    )?;
    Ok(())
}

/// Makes tables of the parts, completes the manifest, removes the parts.
pub(crate) fn finish(
    folder: &Path,
    plan: &Plan,
    manifest: &Manifest,
    parts: &Parts,
    grid: Grid,
    context: &Context,
) -> Result<StoredRun, Error> {
    let done = tables::complete(folder, plan, manifest, parts, grid, context)?;
    publish(&folder.join(MANIFEST), done.text().as_bytes())?;
    fs::remove_dir_all(parts.folder()).map_err(|e| Error::file(parts.folder(), e))?;
    // As it stands in the file: what is returned is what a reader would read.
    StoredRun::open(folder)
}
