//! A share of a run: some blocks of its grid, simulated by one of several processes or machines.

use crate::Error;
use crate::grid::Grid;
use crate::lock::Lock;
use crate::manifest::Manifest;
use crate::publish::make_folder;
use crate::run::{RunOptions, check_limits, known, prepare, simulate_missing};
use breakaway_ensemble::{Context, Plan, Rejected};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

/// Which share, of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Number of the share, from 1.
    pub number: u32,
    /// Number of shares.
    pub of: u32,
}

impl FromStr for Shard {
    type Err = Rejected;

    /// From a text such as `2/7`.
    fn from_str(text: &str) -> Result<Shard, Rejected> {
        let parts = text.split_once('/').map(|(number, of)| (number.trim().parse(), of.trim().parse()));
        match parts {
            Some((Ok(number), Ok(of))) => Ok(Shard { number, of }),
            Some(_) | None => Err(Rejected::new(format!("`{text}` is not a share such as 2/7"), "")),
        }
    }
}

impl Shard {
    /// The blocks of a grid that belong to the share: every `of`-th.
    pub fn blocks(self, grid: Grid) -> Vec<Range<u32>> {
        grid.blocks().skip(self.number.saturating_sub(1) as usize).step_by(self.of.max(1) as usize).collect()
    }

    /// Whether there is such a share of a grid.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(self, grid: Grid) -> Result<(), Rejected> {
        let Shard { number, of } = self;
        if of == 0 || !(1..=of).contains(&number) {
            let help = "shares are numbered from 1: 1 of 3, 2 of 3, 3 of 3";
            return Err(Rejected::new(format!("there is no share {number} of {of}"), help));
        }
        if of as usize > grid.len() {
            let what = format!("this design is cut into {} blocks, too few for {of} shares", grid.len());
            return Err(Rejected::new(what, format!("at most {} shares, or more members", grid.len())));
        }
        Ok(())
    }
}

/// What a finished share left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardDone {
    /// Folder with its parts.
    pub folder: PathBuf,
    /// The share.
    pub shard: Shard,
    /// Simulations in it.
    pub simulations: u32,
    /// Simulations of the whole run.
    pub of: u32,
    /// What became of each claim in the share; none where the whole run was there already.
    pub claims: Vec<ShardClaim>,
}

/// What became of a claim in a share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardClaim {
    /// Identifier.
    pub id: String,
    /// Simulations that count.
    pub counted: u32,
    /// Those of them in which it holds.
    pub held: u32,
}

/// Simulates a share of a plan into a folder: of its own, or shared with other shares.
///
/// # Errors
/// As [`crate::run()`]; and where there is no such share, or where another process simulates it there.
pub fn run_shard(
    plan: &Plan,
    shard: Shard,
    options: &RunOptions,
    context: &Context,
) -> Result<ShardDone, Error> {
    plan.design.check()?;
    let grid = options.grid.unwrap_or_else(|| Grid::of(&plan.design));
    shard.check(grid)?;
    let folder = &options.folder;
    let manifest = Manifest::of(plan, options.request.clone());
    let blocks = shard.blocks(grid);
    let mut done = ShardDone {
        folder: folder.clone(),
        shard,
        simulations: blocks.iter().map(|block| block.end - block.start).sum(),
        of: plan.design.members(),
        claims: vec![],
    };
    if known(folder, &manifest)?.is_some() {
        return Ok(done);
    }
    check_limits(plan, options, context)?;
    make_folder(folder)?;
    let lock = Lock::of_shard(folder, shard)?;
    if known(folder, &manifest)?.is_some() {
        return Ok(done);
    }
    let (_, parts) = prepare(folder, manifest, plan)?;
    simulate_missing(plan, &parts, &blocks, context)?;
    done.claims = plan
        .scenario
        .claims
        .iter()
        .map(|claim| ShardClaim { id: claim.id.clone(), counted: 0, held: 0 })
        .collect();
    for block in &blocks {
        for member in parts.read(block)?.members.iter().filter(|member| member.failed.is_none()) {
            for (claim, verdict) in done.claims.iter_mut().zip(&member.verdicts) {
                claim.counted += u32::from(verdict.counts);
                claim.held += u32::from(verdict.counts && verdict.day.is_some());
            }
        }
    }
    drop(lock);
    Ok(done)
}
