//! Simulates a scenario 400 times, nothing stored, and prints how often each claim comes true.
//!
//! `cargo run --release -p breakaway-ensemble --example frequencies -- scenarios/three-regions`

use breakaway_ensemble::simulate::{MemberSpec, Outputs, simulate};
use breakaway_ensemble::{Context, Design, Plan};
use breakaway_model::dispatch::Simd;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "scenarios/three-regions".into());
    let scenario =
        breakaway_scenario::load(folder.as_ref(), &[] as &[&str]).map_err(|faults| faults[0].to_string())?;
    let design = Design { draws: 100, replicates: 4, seed: 1, kind: Default::default() };
    let plan = Plan::new(&scenario, scenario.priors.clone(), design, Simd::best());
    let members: Vec<MemberSpec> = (0..design.members()).map(MemberSpec::of).collect();
    let done = simulate(&plan, &members, &Outputs::default(), &Context::new(2), "simulations")?;
    for (k, claim) in scenario.claims.iter().enumerate() {
        let verdicts = done.iter().filter(|one| !one.failed).map(|one| one.verdicts[k]).filter(|v| v.counts);
        let (counted, held) =
            verdicts.fold((0, 0), |(n, held), v| (n + 1, held + u32::from(v.day.is_some())));
        println!("{held:>4} of {counted}  {}", claim.text);
    }
    Ok(())
}
