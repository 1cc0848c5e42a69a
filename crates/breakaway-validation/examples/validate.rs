//! Prints each published result beside what the mechanisms' own code gives. Any argument adds the long
//! runs of agents: `cargo run --release -p breakaway-validation --example validate -- long`.

use breakaway_ensemble::{Context, Stopped};
use breakaway_validation::validate;

fn main() -> Result<(), Stopped> {
    let quick = std::env::args().count() < 2;
    let found = validate(quick, &Context::default())?;
    for check in &found.checks {
        let verdict = if check.holds() { "holds" } else { "FAILS" };
        println!(
            "{} {verdict}: {} = {:?}, published {}",
            check.target, check.what, check.found, check.expected
        );
    }
    Ok(())
}
