//! Running an ensemble: blocks over threads, each kept as it finishes.

use crate::Error;
use crate::bands::Bands;
use crate::block::{Plan, simulate};
use crate::design::{Design, MOST_DRAWS, MOST_MEMBERS};
use crate::manifest::{Commands, Manifest};
use crate::posterior::Beliefs;
use crate::store::Store;
use breakaway_model::dispatch::Simd;
use breakaway_model::lanes::WIDTH;
use breakaway_scenario::Scenario;
use rayon::prelude::*;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// How a run is to be made.
#[derive(Clone, Debug)]
pub struct Options {
    /// Draws, replicates, seed.
    pub design: Design,
    /// Threads; the results do not depend on them.
    pub threads: usize,
    /// Folder.
    pub out: PathBuf,
    /// Vector instructions; the results do not depend on them.
    pub simd: Simd,
    /// Members per block; the results do not depend on it.
    pub block: Option<u32>,
    /// The commands, for the manifest.
    pub commands: Commands,
}

/// Most members per block: what is lost when a run is killed.
const LARGEST_BLOCK: u32 = 1024;

/// Runs a scenario, or goes on with a run that was stopped. `progress` is called with the
/// number of members done and of all; it says whether to go on.
pub fn run(
    scenario: &Scenario,
    beliefs: impl Into<Beliefs>,
    options: &Options,
    progress: &(dyn Fn(u32, u32) -> bool + Sync),
) -> Result<Manifest, Error> {
    check(&options.design)?;
    let plan = Plan::new(scenario, beliefs, options.design, options.simd);
    let manifest = Manifest::of(&plan, &options.commands);
    let store = Store::prepare(&options.out, &manifest, &plan)?;
    let members = options.design.members();
    let missing = store.missing(members);
    let left: u32 = missing.iter().map(|range| range.end - range.start).sum();
    let threads = options.threads.max(1);
    // As many blocks for each thread, all of a size, so that the threads end together.
    let each = 2.max(left.div_ceil(LARGEST_BLOCK * threads as u32));
    let size = options.block.unwrap_or_else(|| left.div_ceil(each * threads as u32)).max(1);
    let size = size.next_multiple_of(WIDTH as u32).min(LARGEST_BLOCK);
    let blocks: Vec<Range<u32>> = missing
        .into_iter()
        .flat_map(|range| {
            let end = range.end;
            range.step_by(size as usize).map(move |first| first..(first + size).min(end))
        })
        .collect();
    let done = AtomicU32::new(members - left);
    progress(members - left, members);
    let tick = |more: u32| progress(done.fetch_add(more, Ordering::Relaxed) + more, members);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| Error::Design(format!("the threads cannot be started: {e}")))?;
    pool.install(|| {
        blocks.par_iter().with_max_len(1).try_for_each_init(
            || Bands::new(&plan.catalogue),
            |bands, range| match simulate(&plan, range.clone(), bands, &tick) {
                Some(block) => store.keep(range, &block),
                None => Err(Error::Stopped),
            },
        )
    })?;
    pool.install(|| store.complete(&plan, manifest))
}

/// Whether an ensemble can be of this design.
pub fn check(design: &Design) -> Result<(), Error> {
    let members = u64::from(design.draws) * u64::from(design.replicates);
    if design.draws == 0 || design.replicates == 0 {
        return Err(Error::Design("an ensemble has at least one draw and one replicate".into()));
    }
    if design.draws > MOST_DRAWS {
        return Err(Error::Design(format!(
            "{} draws; at most {MOST_DRAWS} (take more replicates)",
            design.draws
        )));
    }
    if members > MOST_MEMBERS {
        return Err(Error::Design(format!("{members} members; at most {MOST_MEMBERS}")));
    }
    Ok(())
}
