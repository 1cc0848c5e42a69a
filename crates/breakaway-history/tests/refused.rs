//! Settings, cases and folders that cannot serve, and what is said of them.

mod common;

use breakaway_ensemble::Context;
use breakaway_history::case::{known_in, load_all};
use breakaway_history::rehearsal::check_truths;
use breakaway_history::smc::SmcSettings;
use breakaway_history::work_folder::{FolderUse, vacant};
use breakaway_history::{Case, Error, Settings, calibrate, hindcast};
use breakaway_store::posterior_file::{FILE, STATE};
use common::{case, copy_scenario, folder_of, small, small_case, why};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn settings_out_of_bounds_name_the_field() {
    let smc = |change: &dyn Fn(&mut SmcSettings)| {
        let mut settings = Settings::default();
        change(&mut settings.smc);
        settings
    };
    let plain = Settings::default();
    for (settings, field) in [
        (Settings { draws: 19, ..plain }, "draws"),
        (Settings { replicates: 1, ..plain }, "replicates"),
        (Settings { particles: 3, ..plain }, "particles"),
        (smc(&|smc| smc.rounds = 0), "rounds"),
        (smc(&|smc| smc.steps = 0), "steps"),
        (smc(&|smc| smc.keep = f64::NAN), "keep"),
        (smc(&|smc| smc.least_moved = 1.5), "least_moved"),
        (smc(&|smc| smc.least_tolerance = -1.0), "least_tolerance"),
    ] {
        let refused = settings.check().expect_err("out of bounds");
        assert!(refused.message.contains(&format!("`{field}` is ")), "{refused}");
        assert!(refused.help.contains(field) && !refused.help.contains("--"), "{}", refused.help);
    }
    let many = Settings { draws: 1_000_000, replicates: 1000, ..plain };
    assert!(many.check().expect_err("too many").message.contains("1000100000 simulations"));
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("c");
    let refused = why(calibrate(&[], plain, &out, &Context::new(1)));
    assert!(refused.message.contains("no case") && !out.exists());
    why(calibrate(&[], Settings { draws: 1, ..plain }, &out, &Context::new(1)));
    assert!(check_truths(20).is_ok() && check_truths(19).is_err() && check_truths(1001).is_err());
}

#[test]
fn cases_that_cannot_serve_are_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let at = place.path();
    let load = |rows: &str| Case::load(&small_case(at, rows));
    copy_scenario(&at.join("s"));
    assert!(why(Case::load(&at.join("s"))).message.contains("does not say what happened"));
    let refused = why(load("band-rule,border,2030-06-01,x\n"));
    assert!(refused.message.contains("does not say whether `band-rule` happened to core, highland"));
    let refused = why(load("declared,highland,,x\ndeclared,core,,x\n"));
    assert!(refused.message.contains("`declared` cannot happen to core"));
    let Err(Error::Other(breakaway_store::Error::Input(faults))) = load("declared,highland,2030-02-01,x\n")
    else {
        panic!("a fault of a file")
    };
    assert!(faults[0].message.contains("not after the scenario's start"));
    load("declared,highland,,x\n").expect("a case");
    let twice = [at.join("s"), at.join("s")];
    assert!(why(load_all(&twice)).message.contains("two cases are called `s`"));
    copy_scenario(&at.join("copy"));
    fs::copy(at.join("s/outcomes.csv"), at.join("copy/outcomes.csv")).expect("copied");
    let refused = why(load_all(&[at.join("s"), at.join("copy")]));
    assert!(refused.message.contains("`s` and `copy` are the same case"));
    assert!(why(load_all(&[])).message.contains("no case"));
    let two: Vec<PathBuf> = known_in(&[at]).expect("two folders");
    assert_eq!(two, [at.join("copy"), at.join("s")]);
    let refused = known_in(&[&at.join("none"), Path::new("nowhere")]).expect_err("no case");
    assert!(refused.message.contains("`nowhere`") && refused.message.contains("outcomes.csv"), "{refused}");
}

#[test]
fn a_hindcast_needs_two_cases_with_regions() {
    let place = tempfile::tempdir().expect("a folder");
    let other = case("austria-hungary-1918");
    let context = Context::new(1);
    let refused = why(hindcast(std::slice::from_ref(&other), small(), None, &context));
    assert!(refused.help.contains("at least two"));
    let own = Case::load(&small_case(place.path(), "fall,A,,x\nrout,river/B,,x\n")).expect("a case");
    let refused = why(hindcast(&[own, other], small(), None, &context));
    assert!(refused.message.contains("does not say what happened to regions"));
}

#[test]
fn folders_with_something_else_are_left_alone() {
    let place = tempfile::tempdir().expect("a folder");
    let at = place.path();
    let one = [Case::load(&small_case(at, "declared,highland,,x\n")).expect("a case")];
    let refused = why(calibrate(&one, small(), &at.join("s"), &Context::new(1)));
    assert!(refused.message.contains("contains something else"), "{refused}");
    assert!(!at.join("s/.lock").exists());
    let file = at.join("s/scenario.toml");
    assert!(why(calibrate(&one, small(), &file, &Context::new(1))).message.contains("not a folder"));
    for (name, calibration, hindcast) in [
        (STATE, true, true),
        (".lock", true, true),
        (".posterior.json.17.tmp", true, true),
        (FILE, true, false),
        ("hindcast.json", false, true),
        ("without-s", false, true),
        ("notes.txt", false, false),
    ] {
        let folder = at.join("v");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(name), "").expect("written");
        assert_eq!(vacant(&folder, FolderUse::Calibration).is_ok(), calibration, "{name}");
        assert_eq!(vacant(&folder, FolderUse::Hindcast).is_ok(), hindcast, "{name}");
        fs::remove_file(folder.join(name)).expect("removed");
    }
}

#[test]
fn another_calibration_and_a_damaged_one_are_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let one = [Case::load(&small_case(place.path(), "declared,highland,,x\n")).expect("a case")];
    let out = place.path().join("q");
    let run = |settings: Settings| calibrate(&one, settings, &out, &Context::new(2));
    let report = run(small()).expect("calibrated");
    // Of one region there is no order, and when says whether.
    let names: Vec<String> = report.predictive.iter().map(|row| row.name.to_string()).collect();
    assert_eq!(names, ["s: declared when"]);
    let refused = why(run(Settings { seed: 2, ..small() }));
    assert!(refused.message.contains("another calibration, with seed 1 instead of 2"), "{refused}");
    let sound = fs::read(out.join(STATE)).expect("a state");
    let mut flipped = sound.clone();
    flipped[sound.len() / 2] ^= 1;
    for damaged in [flipped.as_slice(), &sound[..sound.len() / 2], &sound[..7], &[]] {
        fs::write(out.join(STATE), damaged).expect("written");
        let refused = why(run(small()));
        assert!(refused.message.contains("state.bin: the file is damaged"), "{refused}");
        assert!(!refused.help.contains("--"));
    }
    fs::write(out.join(STATE), &sound).expect("written");
    assert_eq!(run(small()).expect("resumed"), report);
}

#[test]
fn a_case_without_which_nothing_is_plausible_is_named_and_the_others_are_forecast() {
    let place = tempfile::tempdir().expect("a folder");
    // No parameter lets both regimes fall on the first day; forecasting the case itself asks nothing of them.
    let rows = "declared,highland,,x\nfall,A,2030-03-02,x\nfall,B,2030-03-02,x\nrout,river/B,2030-03-02,x\n";
    let folders = [small_case(place.path(), rows), folder_of("austria-hungary-1918")];
    let cases = load_all(&folders).expect("cases");
    let out = place.path().join("p");
    let Err(Error::RuledOut(why)) = calibrate(&cases[..1], small(), &out, &Context::new(2)) else {
        panic!("it must be ruled out")
    };
    assert!(why.message.contains("no parameter set of the prior comes near"), "{why}");
    assert!(why.message.contains("s: rout river/B when"), "{why}");
    assert!(!out.join(FILE).exists() && !out.join(STATE).exists());
    let result = hindcast(&cases, small(), None, &Context::new(2)).expect("one is forecast");
    let [missing] = result.not_forecast.as_slice() else { panic!("one is not") };
    assert_eq!(missing.id, "austria-hungary-1918");
    assert!(missing.why.contains("rout river/B"));
    let [forecast] = result.cases.as_slice() else { panic!("one is forecast") };
    assert_eq!(forecast.id, "s");
    assert_eq!(forecast.scores.calibrated.crps_interval, None, "one region has no interval");
}
