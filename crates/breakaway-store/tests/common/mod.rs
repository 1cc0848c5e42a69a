//! A small run in a temporary folder.
#![allow(dead_code)] // each test file uses its own part

use breakaway_ensemble::{Cancel, Context, Design, Plan, Progress};
use breakaway_model::dispatch::Simd;
use breakaway_scenario::Scenario;
use breakaway_store::{Error, Grid, RunOptions, StoredRun, TABLES, run};
use std::path::{Path, PathBuf};

pub fn scenario() -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/three-regions");
    breakaway_scenario::load(&folder, &[] as &[&str]).expect("a scenario")
}

pub const DESIGN: Design =
    Design { draws: 30, replicates: 10, seed: 1, kind: breakaway_ensemble::DesignKind::LatinHypercube };

pub fn plan(scenario: &Scenario) -> Plan<'_> {
    Plan::new(scenario, scenario.priors.clone(), DESIGN, Simd::best())
}

pub fn options(folder: &Path) -> RunOptions {
    RunOptions {
        folder: folder.into(),
        request: serde_json::json!({ "test": 1 }),
        beyond_limits: false,
        grid: None,
    }
}

/// Runs the small plan with a grid of so many members a block.
pub fn run_in(folder: &Path, threads: usize, block: Option<u32>) -> Result<StoredRun, Error> {
    let scenario = scenario();
    let grid = block.map(|size| Grid::with_size(&DESIGN, size));
    run(&plan(&scenario), &RunOptions { grid, ..options(folder) }, &Context::new(threads))
}

/// A context that stops itself once so many steps of a task are done.
pub fn stops_after(task: &'static str, steps: u64) -> Context {
    let cancel = Cancel::default();
    let own = cancel.clone();
    let observer = move |progress: &Progress| {
        if progress.task == task && progress.done >= steps {
            own.cancel();
        }
    };
    Context::new(1).with_cancel(cancel).with_observer(observer)
}

/// The bytes of a run's tables and manifest.
pub fn bytes(folder: &Path) -> Vec<Vec<u8>> {
    let tables = TABLES.iter().map(|name| folder.join(format!("{name}.parquet")));
    let all: Vec<PathBuf> = tables.chain([folder.join("manifest.json")]).collect();
    all.iter().map(|path| std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).collect()
}
