//! A table of observations.
#![no_main]
use std::sync::OnceLock;

static SCENARIO: OnceLock<breakaway_scenario::Scenario> = OnceLock::new();

libfuzzer_sys::fuzz_target!(|text: &str| {
    let scenario = SCENARIO.get_or_init(|| match breakaway_scenario::load_from_memory(&breakaway_fuzz::FILES, &[]) {
        Ok(scenario) => scenario,
        Err(faults) => panic!("{}", faults[0]),
    });
    if let Ok(observations) = breakaway_scenario::observed::from_text("seen.csv", text, scenario) {
        assert!(observations.iter().all(|one| one.day <= scenario.world.days && one.error > 0.0));
    }
});
