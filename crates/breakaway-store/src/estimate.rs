//! What a run will take: memory and disk, estimated before anything is written.

use crate::Error;
use crate::grid::Grid;
use breakaway_ensemble::bins::BINS;
use breakaway_ensemble::{Plan, Rejected};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a run needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Bytes of memory.
    pub memory: u64,
    /// Bytes on disk while it runs.
    pub disk: u64,
}

/// Memory that the program takes whatever it runs, in bytes.
const PROGRAM: u64 = 60 << 20;

/// Estimates what a plan needs on so many threads.
pub fn estimate(plan: &Plan, threads: usize) -> Estimate {
    let cells = plan.catalogue.cells() as u64;
    let members = u64::from(plan.design.members());
    let world = &plan.scenario.world;
    let (claims, parameters) = (plan.scenario.claims.len() as u64, plan.source.priors.len() as u64);
    // Histograms of 16-bit counts for each thread, 32-bit totals, sums and ends.
    let histogram = cells * (BINS as u64 * 2 + 16);
    let totals = cells * (BINS as u64 * 4 + 16);
    let blocks = Grid::of(&plan.design).len() as u64;
    // A part holds the counts that are not zero: at most some dozen a cell, packed.
    let part = cells * 40;
    let threads = (threads.max(1) as u64).min(blocks);
    let state = u64::from(world.days) * 64 + (world.regions.len() as u64 + 64) * 16 * 256;
    let sample = (16 * threads * cells) * 4;
    let answers = members * (claims * 16 + 8) + u64::from(plan.design.draws) * parameters * 4;
    let memory = PROGRAM + threads * (histogram + 2 * part + state * 16) + totals + sample + answers;
    let events = members * (world.regions.len() as u64 + 20) * 24;
    let tables =
        cells * 30 + members * (claims * 4 + 8) + events / 2 + u64::from(plan.design.draws) * parameters * 4;
    Estimate { memory, disk: blocks * part / 2 + events + tables + (64 << 20) }
}

/// Refuses a run that needs more than the machine has free.
///
/// # Errors
/// [`Error::Rejected`] with both figures.
pub fn check(needed: Estimate, folder: &Path) -> Result<(), Error> {
    let help = "fewer draws, regions, days or threads; or allow the run beyond the limits";
    if let Some(free) = free_memory().filter(|free| *free < needed.memory) {
        let what =
            format!("the run needs about {} of memory, and {} are free", size(needed.memory), size(free));
        return Err(Rejected::new(what, help).into());
    }
    if let Some(free) = free_disk(folder).filter(|free| *free < needed.disk) {
        let what = format!("the run needs about {} on disk, and {} are free", size(needed.disk), size(free));
        return Err(Rejected::new(what, help).into());
    }
    Ok(())
}

/// Bytes of memory that the process may still take, where that is known.
fn free_memory() -> Option<u64> {
    let system = sysinfo::System::new_with_specifics(
        sysinfo::RefreshKind::nothing().with_memory(sysinfo::MemoryRefreshKind::nothing().with_ram()),
    );
    let available = Some(system.available_memory()).filter(|bytes| *bytes > 0);
    let group = system.cgroup_limits().map(|limits| limits.free_memory).filter(|bytes| *bytes > 0);
    [available, group, address_space()].into_iter().flatten().min()
}

/// What is left of the process's address space, where that is limited, less what the allocator
/// reserves for each thread without using it.
#[cfg(target_os = "linux")]
fn address_space() -> Option<u64> {
    const RESERVED: u64 = 128 << 20;
    let figure = |file: &str, key: &str, word: usize| -> Option<u64> {
        let text = std::fs::read_to_string(file).ok()?;
        text.lines().find(|line| line.starts_with(key))?.split_whitespace().nth(word)?.parse().ok()
    };
    let limit = figure("/proc/self/limits", "Max address space", 3)?;
    let taken = figure("/proc/self/status", "VmSize:", 1)? << 10;
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    Some(limit.saturating_sub(taken + threads * RESERVED).max(1))
}

#[cfg(not(target_os = "linux"))]
fn address_space() -> Option<u64> {
    None
}

/// Bytes that are free where a folder is, or will be.
fn free_disk(folder: &Path) -> Option<u64> {
    let folder = std::path::absolute(folder).ok()?;
    let existing = folder.ancestors().find(|path| path.exists())?.canonicalize().ok()?;
    let disks = sysinfo::Disks::new_with_refreshed_list();
    let holding = disks.iter().filter(|disk| existing.starts_with(disk.mount_point()));
    let nearest = holding.max_by_key(|disk| disk.mount_point().as_os_str().len())?;
    Some(nearest.available_space()).filter(|bytes| *bytes > 0)
}

/// Bytes as people say them: "1.2 GB".
pub fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    match bytes {
        b if b >= 1e9 => format!("{:.1} GB", b / 1e9),
        b if b >= 1e6 => format!("{:.0} MB", b / 1e6),
        b => format!("{:.0} kB", (b / 1e3).max(1.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_machine_has_is_refused() {
        let here = Path::new(".");
        check(Estimate { memory: 1 << 20, disk: 1 << 20 }, here).expect("a megabyte is there");
        let memory = check(Estimate { memory: 1 << 60, disk: 0 }, here).expect_err("an exabyte is not");
        assert!(memory.to_string().contains("of memory"), "{memory}");
        let disk = check(Estimate { memory: 0, disk: 1 << 60 }, here);
        assert!(free_disk(here).is_none() || disk.is_err_and(|e| e.to_string().contains("on disk")));
        assert_eq!([1_500_000_000, 210_000_000, 900].map(size), ["1.5 GB", "210 MB", "1 kB"]);
    }
}
