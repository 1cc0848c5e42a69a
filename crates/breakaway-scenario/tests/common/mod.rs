//! A small sound scenario in memory, of which a test changes one file.
#![allow(dead_code)]

use breakaway_scenario::{Diagnostic, Scenario, load_from_memory};

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../../scenarios/three-regions/", $name)))
    };
}

/// The files of `scenarios/three-regions`.
pub const FILES: [(&str, &str); 5] = [
    file!("scenario.toml"),
    file!("regions.csv"),
    file!("communities.csv"),
    file!("links.csv"),
    file!("claims.toml"),
];

/// The text of one of them.
pub fn text(name: &str) -> &'static str {
    FILES.iter().find(|(known, _)| *known == name).expect("a file of the scenario").1
}

/// The scenario with some files replaced or added.
pub fn with(changed: &[(&str, &str)]) -> Result<Scenario, Vec<Diagnostic>> {
    with_overlays(changed, &[])
}

/// The same, with overlays.
pub fn with_overlays(changed: &[(&str, &str)], overlays: &[&str]) -> Result<Scenario, Vec<Diagnostic>> {
    let kept = FILES.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    let files: Vec<(&str, &str)> = changed.iter().chain(kept).copied().collect();
    load_from_memory(&files, overlays)
}

/// The faults of the scenario with some files changed, as they are printed.
pub fn faults(changed: &[(&str, &str)]) -> String {
    printed(with(changed))
}

/// The faults with an overlay.
pub fn faults_of_overlay(overlay: &str) -> String {
    printed(with_overlays(&[("overlay.toml", overlay)], &["overlay.toml"]))
}

/// The faults with other claims.
pub fn faults_of_claim(that: &str) -> String {
    faults(&[("claims.toml", &claim(that))])
}

/// A file with one claim.
pub fn claim(that: &str) -> String {
    format!("[claim.c]\ntext = \"t\"\nsource = \"s\"\nthat = {that}\n")
}

/// Faults as they are printed; nothing for a sound scenario.
pub fn printed(read: Result<Scenario, Vec<Diagnostic>>) -> String {
    let faults = read.err().unwrap_or_default();
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Requires that a text contains others.
#[track_caller]
pub fn has(printed: &str, parts: &[&str]) {
    for part in parts {
        assert!(printed.contains(part), "expected `{part}` in:\n{printed}");
    }
}
