//! The parameters of a scenario as a Markdown table.
//!
//! `cargo run --release -p breakaway-text --example markdown -- scenarios/three-regions`

use breakaway_text::{parameters, render};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "scenarios/three-regions".into());
    let scenario =
        breakaway_scenario::load(folder.as_ref(), &[] as &[&str]).map_err(|faults| faults[0].to_string())?;
    let table = parameters::finding(&scenario.specs(), &scenario.priors);
    println!("{}", render::markdown(&table));
    Ok(())
}
