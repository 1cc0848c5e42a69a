//! `calibrate` and `hindcast`, on small settings, through the command line.

mod common;

use breakaway_store::posterior_file;
use common::{SMALL, breakaway, case, copy_scenario, fail, small_case, succeed};
use serde_json::Value;
use std::fs;
use std::process::Stdio;
use std::time::Duration;

#[test]
fn a_killed_calibration_resumes_to_the_same_posterior() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (case("austria-hungary-1918"), case("afghanistan-2021"));
    let args = |out: &'static str, threads: &'static str| {
        [&["calibrate", &first, &second, "--out", out, "--threads", threads], &SMALL[..]].concat()
    };
    let posterior =
        |out: &str| fs::read(folder.path().join(out).join("posterior.json")).expect("a posterior");
    succeed(folder.path(), &args("whole", "2"));
    let reference = posterior("whole");
    succeed(folder.path(), &args("alone", "1"));
    assert!(posterior("alone") == reference, "threads change nothing");
    let mut killed = 0;
    for attempt in 0..40_u64 {
        let mut child = breakaway(folder.path(), &args("killed", "2"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_millis(40 + (attempt * 97) % 400));
        child.kill().expect("killed, or done");
        if child.wait().expect("a child").success() {
            break;
        }
        killed += 1;
        // A kill between the last write and the end of the program leaves a whole posterior.
        if folder.path().join("killed/posterior.json").exists() {
            assert!(posterior("killed") == reference, "a posterior is there when it is whole");
            break;
        }
    }
    assert!(killed > 0, "it was never killed: make it longer");
    succeed(folder.path(), &args("killed", "2"));
    assert!(posterior("killed") == reference);
    // Another calibration does not go on with this one.
    let other = [&args("killed", "2")[..], &["--seed", "2"]].concat();
    assert!(fail(folder.path(), &other).contains("another calibration, with seed 1 instead of 2"));
}

#[test]
fn a_posterior_is_drawn_from_and_kept_with_the_run() {
    let folder = tempfile::tempdir().expect("a folder");
    copy_scenario("three-regions", &folder.path().join("s"));
    succeed(
        folder.path(),
        &[&["calibrate", &case("austria-hungary-1918"), "--out", "p"], &SMALL[..]].concat(),
    );
    let particles = posterior_file::read(&folder.path().join("p")).expect("a posterior");
    assert_eq!(
        (particles.particles.len(), &particles.cases[..]),
        (60, &["austria-hungary-1918".to_string()][..])
    );
    let run = [
        "run",
        "s",
        "--draws",
        "40",
        "--replicates",
        "2",
        "--posterior",
        "p",
        "--set",
        "combat.attrition=0.002",
    ];
    succeed(folder.path(), &[&run[..], &["--out", "r"]].concat());
    let manifest: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("r/manifest.json")).expect("a manifest"))
            .expect("JSON");
    assert_eq!(manifest["posterior"]["particles"], 60);
    let replayed: Value = serde_json::from_str(&succeed(
        folder.path(),
        &[
            "replay",
            "s",
            "--draws",
            "40",
            "--replicates",
            "2",
            "--posterior",
            "p",
            "--set",
            "combat.attrition=0.002",
            "--member",
            "7",
            "--format",
            "json",
        ],
    ))
    .expect("JSON");
    let value = |key: &str| replayed["parameters"][key].as_f64().expect("a number") as f32;
    assert_eq!(value("combat.attrition"), 0.002, "what the user set stands");
    let column = |key: &str| particles.parameters.iter().position(|name| name == key).expect("known");
    let (contagion, win) = (column("regions.contagion"), column("regions.win"));
    let together =
        |row: &Vec<f32>| row[contagion] == value("regions.contagion") && row[win] == value("regions.win");
    assert!(particles.particles.iter().any(together), "a member's parameters are those of one particle");
    // The copy in the run serves when the posterior is gone.
    fs::remove_dir_all(folder.path().join("p")).expect("removed");
    succeed(folder.path(), &["branch", "r", "--member", "3", "--day", "60", "--futures", "20"]);
    succeed(folder.path(), &["report", "r"]);
    let page = fs::read_to_string(folder.path().join("r/report.html")).expect("a page");
    assert!(page.contains("calibrated on austria-hungary-1918"));
    assert!(fail(folder.path(), &run).contains("a calibration makes a posterior"));
}

#[test]
fn a_hindcast_scores_each_case_and_writes_its_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = "# Page\n\n<!-- hindcast -->\nold\n<!-- end of hindcast -->\nrest\n";
    fs::write(folder.path().join("page.md"), page).expect("written");
    let cases = [case("austria-hungary-1918"), case("afghanistan-2021")];
    let args = [&["hindcast", &cases[0], &cases[1], "--out", "h", "--into", "page.md"], &SMALL[..]].concat();
    let found: Value =
        serde_json::from_str(&succeed(folder.path(), &[&args[..], &["--format", "json"]].concat()))
            .expect("JSON");
    let rows = found[0]["tables"]["regions"].as_array().expect("rows");
    assert_eq!(rows.len(), 8, "two cases, four forecasts");
    for row in rows {
        let crps = row["CRPS"].as_f64().expect("a score");
        assert!((0.0..=1.0).contains(&crps), "{row}");
    }
    let text = fs::read_to_string(folder.path().join("page.md")).expect("a page");
    assert!(text.contains("| afghanistan-2021 | model, calibrated |") && !text.contains("old"));
    assert!(
        text.starts_with("# Page\n\n<!-- hindcast -->\n")
            && text.ends_with("<!-- end of hindcast -->\nrest\n")
    );
    let posterior =
        posterior_file::read(&folder.path().join("h/without-afghanistan-2021")).expect("a posterior");
    assert_eq!(posterior.cases, ["austria-hungary-1918"], "the case left out has no say");
    let made = &found[0]["tables"]["calibrations"][0];
    assert!(made["independent"].as_u64().is_some_and(|n| (1..=60).contains(&n)), "{made}");
    assert!(folder.path().join("h/without-afghanistan-2021/calibration.json").exists());
    fs::write(folder.path().join("page.md"), "# Page\n").expect("written");
    assert!(fail(folder.path(), &args).contains("has no place for the tables"));
    // A damaged file is a fault of its own, not a case that cannot be forecast.
    let state = folder.path().join("h/without-afghanistan-2021/state.bin");
    let sound = fs::read(&state).expect("a state");
    fs::write(&state, &sound[..sound.len() / 2]).expect("written");
    let plain = [&["hindcast", &cases[0], &cases[1], "--out", "h"], &SMALL[..]].concat();
    assert!(fail(folder.path(), &plain).contains("is damaged"));
    fs::write(&state, &sound).expect("written");
    succeed(folder.path(), &plain);
    // In another order the cases' unknown quantities are drawn otherwise: what was begun so is not gone on with.
    fs::remove_file(folder.path().join("h/state.bin")).expect("removed");
    let turned = [&["hindcast", &cases[1], &cases[0], "--out", "h"], &SMALL[..]].concat();
    assert!(fail(folder.path(), &turned).contains("begun with other cases"));
}

#[test]
fn a_run_says_what_a_posterior_is_worth_and_whether_it_has_seen_the_scenario() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    small_case(at, "declared,highland,,x\n");
    copy_scenario("three-regions", &at.join("unseen"));
    succeed(at, &[&["calibrate", "s", "--out", "p"], &SMALL[..]].concat());
    let run = |scenario: &str| {
        let out = format!("{scenario}-run");
        succeed(at, &["run", scenario, "--members", "40", "--posterior", "p", "--out", &out])
    };
    let (seen, unseen) = (run("s"), run("unseen"));
    assert!(seen.contains("independent ones") && seen.contains("times as wide"), "{seen}");
    assert!(seen.contains("one of the cases") && !unseen.contains("one of the cases"));
    let small = ["unseen", "--posterior", "p", "--draws", "20", "--replicates", "2"];
    let compared = succeed(at, &[&["compare"], &small[..]].concat());
    let over = ["--claim", "rout", "--over", "combat.attrition=0.001..0.002", "--steps", "2"];
    let swept = succeed(at, &[&["sweep"], &small[..], &over[..]].concat());
    assert!(compared.contains("times as wide") && swept.contains("times as wide"), "{compared}{swept}");
    fs::write(at.join("over.toml"), "[parameters.combat]\nattrition = 0.002\n").expect("written");
    let over = ["run", "s", "--with", "over.toml", "--members", "40", "--posterior", "p", "--out", "over"];
    assert!(succeed(at, &over).contains("one of the cases"), "an overlay does not make it another");
}
