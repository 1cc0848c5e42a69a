//! What the targets share: the scenario of three regions, one file of which is replaced.

/// Files of the scenario of three regions.
pub const FILES: [(&str, &str); 5] = [
    ("scenario.toml", include_str!("../../scenarios/three-regions/scenario.toml")),
    ("regions.csv", include_str!("../../scenarios/three-regions/regions.csv")),
    ("communities.csv", include_str!("../../scenarios/three-regions/communities.csv")),
    ("links.csv", include_str!("../../scenarios/three-regions/links.csv")),
    ("claims.toml", include_str!("../../scenarios/three-regions/claims.toml")),
];

/// Reads the scenario with one file replaced, or added, by a text; overlays are names of files.
pub fn with(name: &str, text: &str, overlays: &[&str]) {
    let mut files: Vec<(&str, &str)> = FILES.iter().filter(|(known, _)| *known != name).copied().collect();
    files.push((name, text));
    match breakaway_scenario::load_from_memory(&files, overlays) {
        Ok(scenario) => assert!(!scenario.world.regions.is_empty()),
        Err(faults) => {
            assert!(!faults.is_empty(), "a refusal names a fault");
            for fault in faults.iter().take(50) {
                assert!(!fault.to_string().is_empty());
            }
        }
    }
}
