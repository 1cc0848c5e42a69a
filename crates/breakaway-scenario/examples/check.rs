//! Checks scenario folders: prints every fault, or what the folder contains.
//!
//! `cargo run -p breakaway-scenario --example check -- scenarios/three-regions`

use breakaway_scenario::load;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for folder in std::env::args().skip(1) {
        match load(Path::new(&folder), &[] as &[&str]) {
            Ok(scenario) => {
                let (regions, claims) = (scenario.world.regions.len(), scenario.claims.len());
                println!("{folder}: {}, {regions} regions, {claims} claims", scenario.name);
            }
            Err(faults) => {
                faults.iter().for_each(|fault| eprintln!("{fault}\n"));
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
