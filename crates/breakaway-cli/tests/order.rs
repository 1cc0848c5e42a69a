//! Two people who sort their tables differently get the same answers.

mod common;

use common::{copy_scenario, succeed};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The answers of a run, by claim; without what names the files.
fn answers(folder: &Path, scenario: &str) -> Vec<Value> {
    let args = ["run", scenario, "--draws", "100", "--replicates", "4", "--out", &format!("run-{scenario}")];
    let args = [&args[..], &["--format", "json"]].concat();
    let answers: Value = serde_json::from_str(&succeed(folder, &args)).expect("JSON");
    let mut claims = answers["claims"].as_array().expect("claims").clone();
    claims.sort_by_key(|claim| claim["id"].as_str().map(str::to_string));
    claims
}

#[test]
fn the_order_of_rows_and_claims_changes_no_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["written", "turned"] {
        copy_scenario("three-regions", &folder.path().join(name));
        // Two conditions that are split for together, and names that a claim lists.
        let file = folder.path().join(name).join("claims.toml");
        let names = if name == "written" {
            "[\"mass-protest\", \"vacuum\", \"band-rule\"]"
        } else {
            "[\"band-rule\", \"vacuum\", \"mass-protest\"]"
        };
        let more = format!(
            "\n[claim.falls-after-unrest]\ntext = \"t\"\nsource = \"s\"\ngiven = {{ event = {names}, of = \"A\" }}\n\
             that = {{ event = \"fall\", of = \"A\" }}\n"
        );
        fs::write(&file, fs::read_to_string(&file).expect("claims") + &more).expect("written");
    }
    let turned = |name: &str| folder.path().join("turned").join(name);
    for table in ["regions.csv", "communities.csv", "links.csv"] {
        let text = fs::read_to_string(turned(table)).expect("a table");
        let (header, rows) = text.split_once('\n').expect("a header");
        let rows: Vec<&str> = rows.lines().rev().collect();
        fs::write(turned(table), format!("{header}\n{}\n", rows.join("\n"))).expect("written");
    }
    let text = fs::read_to_string(turned("claims.toml")).expect("claims");
    let mut claims: Vec<&str> = text.split("[claim.").skip(1).collect();
    assert!(claims.len() > 3);
    claims.reverse();
    fs::write(turned("claims.toml"), format!("[claim.{}", claims.join("\n[claim."))).expect("written");
    let (written, turned) = (answers(folder.path(), "written"), answers(folder.path(), "turned"));
    assert!(written.iter().all(|claim| claim["probability"].is_number()));
    assert!(written.iter().filter(|claim| !claim["rare"].is_null()).count() >= 2, "two are split for");
    assert_eq!(written, turned);
}
