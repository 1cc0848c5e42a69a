//! Three shares of a run, simulated apart, merged, and read.
//!
//! `cargo run --release -p breakaway-store --example shards -- scenarios/three-regions`

use breakaway_ensemble::{Context, Design, Plan};
use breakaway_model::dispatch::Simd;
use breakaway_store::{RunOptions, Shard, merge, run_shard};
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "scenarios/three-regions".into());
    let scenario =
        breakaway_scenario::load(folder.as_ref(), &[] as &[&str]).map_err(|faults| faults[0].to_string())?;
    let design = Design { draws: 200, replicates: 4, seed: 1, kind: Default::default() };
    let plan = Plan::new(&scenario, scenario.priors.clone(), design, Simd::best());
    let context = Context::new(2);
    let mut folders: Vec<PathBuf> = vec![];
    for number in 1..=3 {
        let folder = PathBuf::from(format!("runs/example-share-{number}"));
        let options = RunOptions {
            folder: folder.clone(),
            request: "an example".into(),
            beyond_limits: false,
            grid: None,
        };
        let done = run_shard(&plan, Shard { number, of: 3 }, &options, &context)?;
        println!("share {number}: {} of {} simulations", done.simulations, done.of);
        folders.push(folder);
    }
    let run = merge(&folders, "runs/example-merged".as_ref(), None, &context)?;
    for claim in run.answers()?.claims {
        println!("{:>5.1} %  {}", 100.0 * claim.probability.unwrap_or(f64::NAN), claim.text);
    }
    Ok(())
}
