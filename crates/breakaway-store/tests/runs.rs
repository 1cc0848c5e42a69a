//! Runs: the same bytes whatever the threads and blocks; resumed; one writer; read again.

mod common;

use breakaway_ensemble::Context;
use breakaway_store::{Error, RunOptions, StoredRun, run};
use common::{bytes, options, plan, run_in, scenario, stops_after};
use std::fs;

#[test]
fn the_bytes_depend_on_scenario_seed_and_design_alone() {
    let place = tempfile::tempdir().expect("a folder");
    let reference = place.path().join("reference");
    run_in(&reference, 1, None).expect("a run");
    for (threads, block) in [(2, None), (5, Some(16)), (2, Some(112)), (1, Some(1024))] {
        let out = place.path().join(format!("{threads}-{block:?}"));
        run_in(&out, threads, block).expect("a run");
        assert!(bytes(&out) == bytes(&reference), "{threads} threads, blocks of {block:?}");
    }
    assert!(!reference.join("parts").exists());
}

#[test]
fn a_run_that_was_stopped_resumes_to_the_same_bytes() {
    let place = tempfile::tempdir().expect("a folder");
    let (whole, stopped) = (place.path().join("whole"), place.path().join("stopped"));
    run_in(&whole, 2, Some(16)).expect("a run");
    let scenario = scenario();
    let plan = plan(&scenario);
    let grid = Some(breakaway_store::Grid::with_size(&common::DESIGN, 16));
    let options = RunOptions { grid, ..options(&stopped) };
    for (task, steps) in
        [("simulations", 40), ("simulations", 200), ("tables", 3), ("sample: simulations", 1)]
    {
        let result = run(&plan, &options, &stops_after(task, steps));
        assert!(matches!(result, Err(Error::Stopped(_))), "{task} {steps}: {result:?}");
        assert!(matches!(StoredRun::open(&stopped), Err(Error::Rejected(_))));
    }
    let parts = fs::read_dir(stopped.join("parts")).expect("parts").count();
    assert_eq!(parts, 19, "finished blocks are kept, and no draft is left");
    run(&plan, &options, &Context::new(2)).expect("the rest");
    assert!(bytes(&stopped) == bytes(&whole));
}

#[test]
fn a_complete_run_is_opened_and_not_made_again() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("r");
    let first = run_in(&out, 2, None).expect("a run");
    let written = fs::metadata(out.join("manifest.json")).and_then(|m| m.modified()).expect("a time");
    let scenario = scenario();
    // It would stop at once if it had anything to simulate.
    let again = run(&plan(&scenario), &options(&out), &stops_after("simulations", 0)).expect("the same run");
    assert_eq!(again.manifest(), first.manifest());
    assert_eq!(fs::metadata(out.join("manifest.json")).and_then(|m| m.modified()).expect("a time"), written);
}

#[test]
fn a_folder_that_holds_something_else_is_left_alone() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("r");
    fs::create_dir(&out).expect("made");
    fs::write(out.join("letter.txt"), "dear").expect("written");
    assert!(matches!(run_in(&out, 1, None), Err(Error::Rejected(_))));
    assert_eq!(fs::read_dir(&out).expect("a folder").count(), 1);
    let other = place.path().join("other");
    run_in(&other, 1, None).expect("a run");
    let before = bytes(&other);
    let mut changed = scenario();
    changed.hash = "0".repeat(64);
    let refused = run(&plan(&changed), &options(&other), &Context::new(1));
    assert!(refused.is_err_and(|e| e.to_string().contains("another run")));
    assert!(bytes(&other) == before);
    fs::write(place.path().join("file"), "x").expect("written");
    assert!(matches!(run_in(&place.path().join("file"), 1, None), Err(Error::Rejected(_))));
}

#[test]
fn another_version_of_the_model_or_layout_is_named() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("r");
    let done = run_in(&out, 1, None).expect("a run");
    let edit = |change: &dyn Fn(&mut breakaway_store::Manifest)| {
        let mut manifest = done.manifest().clone();
        change(&mut manifest);
        fs::write(out.join("manifest.json"), manifest.text()).expect("written");
        StoredRun::open(&out)
    };
    let other = edit(&|m| m.model_version += 1).expect("its tables can be read");
    assert!(other.answers().is_ok());
    let refused = other.scenario().expect_err("its members cannot be simulated again");
    assert!(refused.to_string().contains("version"), "{refused}");
    let Err(Error::Rejected(older)) = edit(&|m| (m.layout, m.version) = (3, "0.1.0".into())) else {
        panic!("another layout is refused")
    };
    assert!(older.message.contains("layout 3") && older.help.contains("Breakaway 0.1.0"), "{older:?}");
    // What an older program wrote has other fields altogether.
    fs::write(out.join("manifest.json"), r#"{ "layout": 2, "version": "0.0.9" }"#).expect("written");
    assert!(matches!(StoredRun::open(&out), Err(Error::Rejected(old)) if old.help.contains("0.0.9")));
}

#[test]
fn what_was_recorded_is_read_again() {
    let place = tempfile::tempdir().expect("a folder");
    let done = run_in(&place.path().join("r"), 2, None).expect("a run");
    let members = done.members().expect("members");
    assert_eq!((members.draws.len(), members.parameters[0].len()), (300, 30));
    let (scenario, source) = done.scenario().expect("its scenario");
    let plan = done.plan(&scenario, source);
    for draw in [0, 7, 29] {
        let stored: Vec<f32> = members.parameters.iter().map(|values| values[draw as usize]).collect();
        assert_eq!(stored, plan.parameters(draw));
    }
    let histories = done.events().expect("events");
    for member in [0, 5, 177] {
        let replayed =
            breakaway_ensemble::replay::replay(&plan, member, &Context::new(1)).expect("not stopped");
        let verdicts: Vec<_> = members.verdicts.iter().map(|claim| claim[member as usize]).collect();
        let known: Vec<_> = replayed
            .verdicts
            .iter()
            .map(|v| breakaway_ensemble::claim_monitor::Verdict { day: v.day.filter(|_| v.counts), ..*v })
            .collect();
        assert_eq!(verdicts, known);
        assert_eq!(histories.get(&member).cloned().unwrap_or_default(), replayed.events);
    }
    assert_eq!(done.subsample(200).len(), 200);
}
