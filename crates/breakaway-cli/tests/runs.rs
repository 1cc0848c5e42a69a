//! Runs, by the program: the same bytes on any threads and instructions; killed, stopped, disturbed
//! and resumed; replayed; with failed simulations.
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
    assert!(run(folder.path(), "threads", &["--threads", "2"]) == reference);
    assert!(run(folder.path(), "baseline", &["--simd", "baseline"]) == reference);
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

/// Moments that no multiple of a block's time hits again and again.
fn moment(attempt: u64) -> Duration {
    Duration::from_millis(15 + (attempt * attempt * 37) % 180)
}

/// Starts a command and kills it after a while; whether it was killed before its end.
fn killed(folder: &Path, args: &[&str], after: Duration) -> bool {
    let mut child = breakaway(folder, args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(after);
    child.kill().expect("killed, or done");
    !child.wait().expect("a child").success()
}

/// How often a long campaign repeats what CI does a few times.
fn campaign(few: u64, many: u64) -> u64 {
    if std::env::var_os("BREAKAWAY_FULL").is_some() { many } else { few }
}

#[test]
fn a_killed_run_resumes_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("three-regions");
    let scenario = scenario.to_str().expect("a path");
    let args = |out: &'static str| vec!["run", scenario, "--members", "4000", "--threads", "2", "--out", out];
    succeed(folder.path(), &args("whole"));
    let reference = tables(&folder.path().join("whole"));
    let (mut kills, wanted) = (0, campaign(12, 100));
    for attempt in 0..10 * wanted {
        if !killed(folder.path(), &args("killed"), moment(attempt)) {
            // It came to its end: the next one begins anew.
            assert!(tables(&folder.path().join("killed")) == reference);
            fs::remove_dir_all(folder.path().join("killed")).expect("removed");
            continue;
        }
        kills += 1;
        if kills >= wanted {
            break;
        }
    }
    assert!(kills >= wanted, "killed {kills} times only: make the run longer");
    succeed(folder.path(), &args("killed"));
    assert!(tables(&folder.path().join("killed")) == reference);
    assert!(!folder.path().join("killed/parts").exists());
}

#[test]
fn a_killed_merge_resumes_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let reference = run(folder.path(), "whole", &[]);
    let scenario = scenarios().join("three-regions");
    let scenario = scenario.to_str().expect("a path");
    for share in ["1/3", "2/3", "3/3"] {
        let out = format!("share-{}", &share[..1]);
        succeed(folder.path(), &["run", scenario, "--members", "300", "--shard", share, "--out", &out]);
    }
    let merge = ["merge", "share-2", "share-3", "share-1", "--out", "merged"];
    for attempt in 0..campaign(6, 40) {
        killed(folder.path(), &merge, moment(attempt) / 2);
    }
    succeed(folder.path(), &merge);
    assert!(tables(&folder.path().join("merged")) == reference);
    let manifest = |run: &str| fs::read(folder.path().join(run).join("manifest.json")).expect("a manifest");
    assert!(manifest("merged") == manifest("whole"), "the run that one process would have written");
}

#[test]
fn of_two_writers_one_is_refused_and_nothing_is_harmed() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("three-regions");
    let scenario = scenario.to_str().expect("a path");
    let args = |out: &'static str, threads: &'static str| {
        vec!["run", scenario, "--members", "2000", "--threads", threads, "--out", out]
    };
    succeed(folder.path(), &args("whole", "2"));
    let reference = tables(&folder.path().join("whole"));
    let mut refused = 0;
    for attempt in 0..campaign(6, 50) {
        let start = |threads| {
            let mut command = breakaway(folder.path(), &args("shared", threads));
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts")
        };
        let first = start("1");
        std::thread::sleep(moment(attempt) / 2);
        let second = start("2");
        for child in [first, second] {
            let output = child.wait_with_output().expect("a child");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            match output.status.code() {
                Some(0) => {}
                Some(2) => {
                    assert!(said.contains("another process is writing into this folder"), "{said}");
                    refused += 1;
                }
                other => panic!("exit {other:?}: {said}"),
            }
        }
        assert!(tables(&folder.path().join("shared")) == reference, "attempt {attempt}");
        fs::remove_dir_all(folder.path().join("shared")).expect("removed");
    }
    assert!(refused > 0, "the two never met");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_long_commands_within_a_second() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let (scenario, small) = (scenarios().join("autumn-2022"), scenarios().join("three-regions"));
    let (scenario, small) = (scenario.to_str().expect("a path"), small.to_str().expect("a path"));
    succeed(at, &["run", scenario, "--members", "200", "--out", "r"]);
    let case = common::case("austria-hungary-1918");
    let other = common::case("afghanistan-2021");
    let many = ["--members", "20000"];
    for (args, says) in [
        (vec!["run", scenario, "--members", "20000", "--out", "long"], "it resumes"),
        (vec!["run", small, "--members", "600000", "--out", "longer"], "it resumes"),
        (
            [&["compare", scenario, "--set", "combat.attrition=0.004"], &many[..]].concat(),
            "Nothing of it is kept",
        ),
        (
            [
                &["sweep", scenario, "--claim", "state-breaks", "--over", "combat.attrition=0.001..0.004"],
                &many[..],
            ]
            .concat(),
            "Nothing of it is kept",
        ),
        (vec!["explain", "r", "--members", "200"], "Nothing of it is kept"),
        (vec!["branch", "r", "--member", "3", "--day", "20", "--futures", "100000"], "Nothing of it is kept"),
        (vec!["calibrate", &case, "--out", "c"], "it resumes"),
        (vec!["calibrate", &case, "--rehearse", "1000"], "Nothing of it is kept"),
        (vec!["hindcast", &case, &other, "--out", "h"], "it resumes"),
        (vec!["validate"], "Nothing of it is kept"),
    ] {
        let mut command = breakaway(at, &args);
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
        std::thread::sleep(Duration::from_millis(1200));
        let asked = std::time::Instant::now();
        let signal = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(signal.is_ok_and(|status| status.success()), "{args:?} has ended by itself");
        let output = child.wait_with_output().expect("a child");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(130), "{args:?}: {said}");
        // A second is what is promised; tests run beside each other.
        assert!(asked.elapsed() < Duration::from_millis(2500), "{args:?} took {:?}", asked.elapsed());
        assert!(said.contains("stopped.") && said.contains(says), "{args:?}: {said}");
    }
}

#[test]
fn output_that_cannot_be_written_is_no_panic() {
    let folder = tempfile::tempdir().expect("a folder");
    for (args, code) in [
        (vec!["init", "new"], 1),
        (vec!["completions", "bash"], 1),
        (vec!["schema", "claims"], 1),
        (vec!["params"], 1),
    ] {
        let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
            println!("skipped: there is no /dev/full here");
            return;
        };
        let mut command = breakaway(folder.path(), &args);
        let output = command.stdout(full).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be written"), "{args:?}");
    }
    // Nobody can hear it: the exit code is the same.
    let full = fs::File::options().write(true).open("/dev/full").expect("opened");
    let deaf =
        breakaway(folder.path(), &["show", "nothing"]).stderr(full).status().expect("the program starts");
    assert_eq!(deaf.code(), Some(2));
}

#[test]
fn an_answer_that_cannot_be_kept_is_printed() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "r", &[]);
    // A file in the place of the folder: nothing can be kept, whoever runs the test.
    fs::write(folder.path().join("r/findings"), "").expect("written");
    let result = output(folder.path(), &["explain", "r", "--claim", "rout", "--members", "10"]);
    assert_eq!(result.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&result.stdout).contains("Explained"));
    assert!(String::from_utf8_lossy(&result.stderr).contains("cannot be kept"));
}

#[test]
fn an_unreadable_finding_does_not_block_the_report() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "r", &[]);
    succeed(folder.path(), &["explain", "r", "--claim", "rout", "--members", "10"]);
    fs::write(folder.path().join("r/findings/broken.json"), "{").expect("written");
    succeed(folder.path(), &["report", "r"]);
    let page = fs::read_to_string(folder.path().join("r/report.html")).expect("a page");
    assert!(page.contains("finding-explain-rout") && page.contains("broken.json"));
}

#[test]
fn too_large_a_run_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("autumn-2022");
    let program = env!("CARGO_BIN_EXE_breakaway");
    // As on a machine with little memory.
    let line = format!("ulimit -v 260000; exec {program} run {} --out r", scenario.display());
    let result = std::process::Command::new("sh").args(["-c", &line]).current_dir(folder.path()).output();
    let result = result.expect("a shell");
    let said = String::from_utf8_lossy(&result.stderr).into_owned();
    if cfg!(target_os = "linux") {
        assert_eq!(result.status.code(), Some(2), "{said}");
        assert!(said.contains("of memory") && said.contains("allow the run beyond the limits"), "{said}");
        assert!(!folder.path().join("r").exists());
    }
}

#[test]
fn replay_shows_the_same_simulation() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("autumn-2022");
    let scenario = scenario.to_str().expect("a path");
    let overlay = scenarios().join("autumn-2022/overlays/heavy-defeat.toml");
    let overlay = overlay.to_str().expect("a path");
    let design = ["--draws", "8", "--replicates", "3", "--with", overlay];
    succeed(folder.path(), &[&["run", scenario, "--out", "r"], &design[..]].concat());
    let stored = stored_members(&folder.path().join("r"));
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

/// Claims' days and events of every simulation, from the tables.
fn stored_members(run: &Path) -> Vec<Stored> {
    let stored = breakaway_store::StoredRun::open(run).expect("a run");
    let members = stored.members().expect("members");
    let histories = stored.events().expect("events");
    let manifest = stored.manifest();
    let one = |member: usize| {
        let claims = manifest.claims.iter().zip(&members.verdicts);
        let claims = claims.map(|(claim, all)| (claim.id.clone(), all[member].day.map(u64::from)));
        let events = histories.get(&(member as u32)).map_or(&[][..], Vec::as_slice).iter();
        let line = |event: &breakaway_ensemble::EventRecord| {
            let entity = &manifest.entities.get(event.entity()).id;
            format!("{} {} {entity} {}", event.day, event.kind.name(), event.cause.name())
        };
        (claims.collect(), events.map(line).collect())
    };
    (0..members.draws.len()).map(one).collect()
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
    // Beyond what a scenario may ask for: most draws are too small for an f32 and become zero.
    priors[index] = breakaway_model::params::Prior::LogUniform { low: 1e-60, high: 100.0 };
    let design = breakaway_ensemble::Design { draws: 40, replicates: 2, seed: 1, kind: Default::default() };
    let plan =
        breakaway_ensemble::Plan::new(&scenario, priors, design, breakaway_model::dispatch::Simd::best());
    let options = breakaway_store::RunOptions {
        folder: folder.path().join("r"),
        request: Value::Null,
        beyond_limits: false,
        grid: None,
    };
    let done = breakaway_store::run(&plan, &options, &breakaway_ensemble::Context::new(1)).expect("a run");
    let manifest = done.manifest();
    assert!(manifest.failed > 0 && manifest.failed < 80, "{} failed", manifest.failed);
    let shown: Value =
        serde_json::from_str(&succeed(folder.path(), &["show", "r", "--format", "json"])).expect("JSON");
    assert_eq!(shown["failed"], manifest.failed);
    let counted = shown["claims"][0]["members"].as_u64().expect("a number");
    assert_eq!(counted, 80 - u64::from(manifest.failed));
    assert!(succeed(folder.path(), &["show", "r"]).contains("simulations failed"));
    let explained = succeed(folder.path(), &["explain", "r", "--claim", "rout", "--members", "20"]);
    assert!(
        explained.contains(&format!("{} simulations failed and are left out", manifest.failed)),
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

#[test]
fn rare_claims_are_split_for_in_whole_runs_and_in_shares() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = scenarios().join("three-regions");
    let scenario = scenario.to_str().expect("a path");
    let rare = ["run", scenario, "--members", "300", "--rare", "leaves-after-rout", "--rare", "regime-falls"];
    let json = succeed(folder.path(), &[&rare[..], &["--out", "whole", "--format", "json"]].concat());
    let said: Value = serde_json::from_str(&json).expect("JSON");
    let methods: Vec<&str> = said["claims"]
        .as_array()
        .expect("claims")
        .iter()
        .filter(|claim| claim["rare"].is_object())
        .filter_map(|claim| claim["id"].as_str())
        .collect();
    assert!(methods.contains(&"leaves-after-rout"), "{methods:?}");
    for share in ["1/2", "2/2"] {
        let out = format!("share-{}", &share[..1]);
        succeed(folder.path(), &[&rare[..], &["--shard", share, "--out", &out]].concat());
    }
    succeed(folder.path(), &["merge", "share-1", "share-2", "--out", "merged"]);
    assert!(tables(&folder.path().join("merged")) == tables(&folder.path().join("whole")));
    let without =
        succeed(folder.path(), &["run", scenario, "--members", "50", "--rare", "none", "--out", "none"]);
    assert!(without.contains("too few (") && !without.contains("by splitting"), "{without}");
    let wrong = common::fail(folder.path(), &["run", scenario, "--rare", "regime-fall", "--out", "wrong"]);
    assert!(
        wrong.contains("there is no claim `regime-fall`") && wrong.contains("did you mean `regime-falls`"),
        "{wrong}"
    );
    assert!(!folder.path().join("wrong").exists(), "nothing half-written");
}
