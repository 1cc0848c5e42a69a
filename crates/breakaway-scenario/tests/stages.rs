//! A fault in one stage of reading must not make a later stage panic.

mod common;
use common::{FILES, faults, has, text, with};

#[test]
fn the_scenario_of_the_tests_is_sound() {
    assert!(with(&[]).is_ok());
}

#[test]
fn a_table_of_regions_with_a_header_only_is_a_clear_fault() {
    let header = text("regions.csv").lines().next().expect("a header");
    has(&faults(&[("regions.csv", header)]), &["the table has no region", "regions.csv:1:1"]);
}

#[test]
fn a_polity_without_a_region_is_a_fault_and_its_sources_do_not_panic() {
    let regions = text("regions.csv").replace(",B,", ",A,");
    has(&faults(&[("regions.csv", &regions)]), &["the polity `B` has no region"]);
    let regions = text("regions.csv").replace(",B,", ",C,").replace(",A,", ",C,");
    let found = faults(&[("regions.csv", &regions)]);
    has(&found, &["the polity `A` has no region", "the polity `B` has no region", "unknown polity `C`"]);
}

#[test]
fn a_file_that_loses_any_of_its_lines_gives_faults_or_a_scenario() {
    for (name, body) in FILES {
        let lines: Vec<&str> = body.lines().collect();
        for left_out in 0..lines.len() {
            let kept = lines.iter().enumerate().filter(|(line, _)| *line != left_out).map(|(_, line)| *line);
            let _ = with(&[(name, &kept.collect::<Vec<_>>().join("\n"))]);
            let _ = with(&[(name, &lines[..left_out].join("\n"))]);
        }
    }
}

#[test]
fn a_file_with_a_cell_or_a_word_changed_gives_faults_or_a_scenario() {
    for (name, body) in FILES {
        for (at, found) in body.match_indices([',', '"', '=', '[', '{', '\n']) {
            for new in ["", "x", "-1", "\u{0}", "9e99", "A", "core"] {
                let changed = format!("{}{found}{new}{}", &body[..at], &body[at + found.len()..]);
                let _ = with(&[(name, &changed)]);
            }
        }
    }
}

#[test]
fn a_file_that_is_not_in_memory_does_not_exist() {
    has(
        &common::printed(common::with_overlays(&[], &["missing.toml"])),
        &["there is no such file", "missing.toml"],
    );
}
