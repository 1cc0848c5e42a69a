//! Runs: the same bytes whatever the threads, blocks and instructions; killed and resumed;
//! replayed; with failed members.
#![allow(clippy::unwrap_used)] // in helpers of tests

mod common;

use common::{breakaway, copy_scenario, output, scenarios, succeed, tables};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

fn run(folder: &Path, out: &str, more: &[&str]) -> Vec<Vec<u8>> {
    let scenario = scenarios().join("three-regions");
    let mut args = vec!["run", scenario.to_str().expect("a path"), "--members", "300", "--out", out];
    args.extend(more);
    succeed(folder, &args);
    tables(&folder.join(out))
}

#[test]
fn the_bytes_depend_on_scenario_seed_and_design_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let reference = run(folder.path(), "a", &["--threads", "1"]);
    for (name, more) in [
        ("threads", vec!["--threads", "2"]),
        ("blocks of 16", vec!["--block", "16"]),
        ("blocks of 112", vec!["--block", "112", "--threads", "2"]),
        ("one block", vec!["--block", "1024"]),
        ("baseline", vec!["--simd", "baseline"]),
    ] {
        assert!(run(folder.path(), name, &more) == reference, "{name}");
    }
    for simd in ["avx2", "avx512"] {
        let scenario = scenarios().join("three-regions");
        let args =
            ["run", scenario.to_str().expect("a path"), "--members", "300", "--out", simd, "--simd", simd];
        let result = output(folder.path(), &args);
        if result.status.success() {
            assert!(tables(&folder.path().join(simd)) == reference, "{simd}");
        } else {
            println!("skipped: this processor has no {simd}");
        }
    }
    assert!(run(folder.path(), "seed", &["--seed", "2"]) != reference, "another seed gives other bytes");
}

#[test]
fn a_killed_run_resumes_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("three-regions");
    let scenario = scenario.to_str().expect("a path");
    let args = |out: &'static str| {
        vec!["run", scenario, "--members", "4000", "--block", "64", "--threads", "2", "--out", out]
    };
    succeed(folder.path(), &args("whole"));
    let reference = tables(&folder.path().join("whole"));
    let mut killed = 0;
    for attempt in 0..40_u64 {
        let mut child = breakaway(folder.path(), &args("killed"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        // Moments that no multiple of a block's time hits again and again.
        std::thread::sleep(Duration::from_millis(15 + (attempt * attempt * 37) % 180));
        child.kill().expect("killed, or done");
        if child.wait().expect("a child").success() {
            break;
        }
        if output(folder.path(), &["show", "killed"]).status.success() {
            // Killed between its last byte and its end: what can be shown is the whole.
            assert!(tables(&folder.path().join("killed")) == reference);
            break;
        }
        killed += 1;
    }
    assert!(killed > 0, "the run was never killed: make it longer");
    succeed(folder.path(), &args("killed"));
    assert!(tables(&folder.path().join("killed")) == reference);
    assert!(!folder.path().join("killed/parts").exists());
}

#[test]
fn replay_lives_through_the_same_member() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("autumn-2022");
    let scenario = scenario.to_str().expect("a path");
    let overlay = scenarios().join("autumn-2022/overlays/heavy-defeat.toml");
    let overlay = overlay.to_str().expect("a path");
    let design = ["--draws", "8", "--replicates", "3", "--with", overlay];
    succeed(folder.path(), &[&["run", scenario, "--out", "r"], &design[..]].concat());
    let manifest = fs::read_to_string(folder.path().join("r/manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    let stored = stored_members(&folder.path().join("r"), &manifest);
    for member in [0, 5, 17, 23] {
        let number = member.to_string();
        let args = [&["replay", scenario, "--member", &number, "--format", "json"], &design[..]].concat();
        let replay: Value = serde_json::from_str(&succeed(folder.path(), &args)).expect("JSON");
        let (claims, events) = &stored[member];
        for (id, day) in claims {
            assert_eq!(replay["claims"][id]["day"].as_u64(), *day, "member {member}, claim {id}");
        }
        let replayed: Vec<String> = replay["events"]
            .as_array()
            .expect("events")
            .iter()
            .map(|e| {
                format!(
                    "{} {} {} {}",
                    e["day"],
                    e["event"].as_str().unwrap(),
                    e["entity"].as_str().unwrap(),
                    e["cause"].as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(&replayed, events, "member {member}");
    }
}

type Stored = (Vec<(String, Option<u64>)>, Vec<String>);

/// Claims' days and events of every member, from the tables.
fn stored_members(run: &Path, manifest: &Value) -> Vec<Stored> {
    use arrow_array::{Array, StringArray, UInt16Array, UInt32Array};
    let (store, _) = breakaway_ensemble::Store::open(run).expect("a run");
    let mut all: Vec<Stored> = vec![];
    for batch in breakaway_ensemble::store::batches(&store, "members").expect("members") {
        for row in 0..batch.num_rows() {
            let claims = manifest["claims"].as_array().expect("claims").iter().map(|claim| {
                let id = claim["id"].as_str().expect("an id");
                let column = batch.column_by_name(&format!("day:{id}")).expect("a column");
                let days = column.as_any().downcast_ref::<UInt16Array>().expect("days");
                (id.to_string(), days.is_valid(row).then(|| u64::from(days.value(row))))
            });
            all.push((claims.collect(), vec![]));
        }
    }
    for batch in breakaway_ensemble::store::batches(&store, "events").expect("events") {
        let text = |name: &str| {
            batch.column_by_name(name).unwrap().as_any().downcast_ref::<StringArray>().unwrap().clone()
        };
        let (event, entity, cause) = (text("event"), text("entity"), text("cause"));
        let members = batch.column_by_name("member").unwrap().as_any().downcast_ref::<UInt32Array>().unwrap();
        let days = batch.column_by_name("day").unwrap().as_any().downcast_ref::<UInt16Array>().unwrap();
        for row in 0..batch.num_rows() {
            let line = format!(
                "{} {} {} {}",
                days.value(row),
                event.value(row),
                entity.value(row),
                cause.value(row)
            );
            all[members.value(row) as usize].1.push(line);
        }
    }
    all
}

#[test]
fn failed_members_are_left_out_visibly() {
    let folder = tempfile::tempdir().expect("a folder");
    let s = folder.path().join("s");
    copy_scenario("three-regions", &s);
    let scenario = breakaway_scenario::load(&s, &[] as &[&str]).expect("a scenario");
    let mut priors = scenario.priors.clone();
    let index =
        breakaway_model::params::table().position(|spec| spec.key() == "cohesion.relaxation").expect("known");
    // Beyond what a scenario may ask for: most draws are too small for an f32 and become nought.
    priors[index] = breakaway_model::params::Prior::LogUniform { low: 1e-60, high: 100.0 };
    let options = breakaway_ensemble::Options {
        design: breakaway_ensemble::Design { draws: 40, replicates: 2, seed: 1, kind: Default::default() },
        threads: 1,
        out: folder.path().join("r"),
        simd: breakaway_model::dispatch::Simd::best(),
        block: None,
        commands: breakaway_ensemble::Commands::default(),
    };
    let manifest = breakaway_ensemble::run(&scenario, priors, &options, &|_, _| true).expect("a run");
    assert!(manifest.failed > 0 && manifest.failed < 80, "{} failed", manifest.failed);
    let shown: Value =
        serde_json::from_str(&succeed(folder.path(), &["show", "r", "--format", "json"])).expect("JSON");
    assert_eq!(shown["failed"], manifest.failed);
    let counted = shown["claims"][0]["members"].as_u64().expect("a number");
    assert_eq!(counted, 80 - u64::from(manifest.failed));
    assert!(succeed(folder.path(), &["show", "r"]).contains("members failed"));
    let explained = succeed(folder.path(), &["explain", "r", "--claim", "rout", "--members", "20"]);
    assert!(
        explained.contains(&format!("{} members failed and are left out", manifest.failed)),
        "{explained}"
    );
}

#[test]
fn a_folder_of_another_run_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = run(folder.path(), "r", &[]);
    let scenario = scenarios().join("three-regions");
    let scenario = scenario.to_str().expect("a path");
    let second = output(folder.path(), &["run", scenario, "--members", "300", "--seed", "9", "--out", "r"]);
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another run"));
    assert!(tables(&folder.path().join("r")) == first);
    assert!(run(folder.path(), "r", &[]) == first, "the same run again gives the same bytes");
}
