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
    let id = words::slug(std::iter::once(&args.observed), &[]);
    let found = [conditioned::condition(&taken, &observations, &id)?];
    findings::print(&found, args.format, true)?;
    findings::keep(Some(&taken.store), &found)
}

/// Runs `branch`.
pub fn branch(args: &BranchArgs) -> Result<(), Fail> {
    let taken = Taken::open(&args.run)?;
    let found = [branches::branch(&taken, args.member, args.day, args.futures)?];
    findings::print(&found, args.format, true)?;
    findings::keep(Some(&taken.store), &found)
}

/// Runs `score`.
pub fn score(args: &ScoreArgs) -> Result<(), Fail> {
    let runs = args.runs.iter().map(|run| Ok(Store::open(run)?)).collect::<Result<Vec<_>, Fail>>()?;
    let found = [scored::score(&runs)?];
    findings::print(&found, args.format, true)?;
    findings::keep(runs.first().map(|(store, _)| store), &found)
}
