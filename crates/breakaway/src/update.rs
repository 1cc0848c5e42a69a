//! `condition`, `branch`, `score`: runs and what has been seen.

use crate::args::{BranchArgs, ConditionArgs, ScoreArgs};
use crate::fail::Fail;
use crate::{findings, words};
use breakaway_analysis::{Taken, branch as branches, condition as conditioned, score as scored};
use breakaway_ensemble::Store;
use breakaway_scenario::observed;

/// Runs `condition`.
pub fn condition(args: &ConditionArgs) -> Result<(), Fail> {
    let taken = Taken::open(&args.run)?;
    let observations = observed::load(&args.observed, &taken.scenario)?;
    let id = words::change(std::iter::once(&args.observed), &[]);
    let found = [conditioned::condition(&taken, &observations, &id)?];
    findings::keep(Some(&taken.store), &found)?;
    findings::print(&found, args.format, true)
}

/// Runs `branch`.
pub fn branch(args: &BranchArgs) -> Result<(), Fail> {
    let taken = Taken::open(&args.run)?;
    let found = [branches::branch(&taken, args.member, args.day, args.futures)?];
    findings::keep(Some(&taken.store), &found)?;
    findings::print(&found, args.format, true)
}

/// Runs `score`.
pub fn score(args: &ScoreArgs) -> Result<(), Fail> {
    let runs = args.runs.iter().map(|run| Ok(Store::open(run)?)).collect::<Result<Vec<_>, Fail>>()?;
    for (k, (store, manifest)) in runs.iter().enumerate() {
        if let Some((other, _)) =
            runs[..k].iter().find(|(_, known)| known.fingerprint == manifest.fingerprint)
        {
            let message =
                format!("{} and {} are the same run", other.folder().display(), store.folder().display());
            return Err(Fail::input(message, "each run counts once"));
        }
    }
    let found = [scored::score(&runs)?];
    findings::keep(runs.first().map(|(store, _)| store), &found)?;
    findings::print(&found, args.format, true)
}
