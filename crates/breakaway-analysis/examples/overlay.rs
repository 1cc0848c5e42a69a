//! What an overlay changes: the same parameters and chance, with it and without.
//!
//! `cargo run --release -p breakaway-analysis --example overlay`

use breakaway_analysis::questions::compare::{Side, compare};
use breakaway_ensemble::{Context, Design, ParameterSource};
use breakaway_scenario::load;
use std::error::Error;

const OVERLAY: &str = "scenarios/autumn-2022/overlays/guards-stay-home.toml";

fn main() -> Result<(), Box<dyn Error>> {
    let read = |overlays: &[&str]| {
        load("scenarios/autumn-2022".as_ref(), overlays).map_err(|faults| faults[0].to_string())
    };
    let (before, after) = (read(&[])?, read(&[OVERLAY])?);
    let sources = [&before, &after].map(|scenario| ParameterSource::from(scenario.priors.clone()));
    let first = Side { scenario: &before, source: &sources[0] };
    let second = Side { scenario: &after, source: &sources[1] };
    let design = Design { draws: 100, replicates: 4, seed: 1, kind: Default::default() };
    let found = compare(&first, &second, design, OVERLAY, None, &Context::new(2))?;
    for claim in &found.claims {
        println!("{:+.3}  {}", claim.difference.growth.unwrap_or(f64::NAN), claim.text);
    }
    Ok(())
}
