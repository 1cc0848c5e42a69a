//! Damage: whatever is flipped, swapped or edited, no answer changes silently.

mod common;

use breakaway_ensemble::Context;
use breakaway_store::{Grid, RunOptions, StoredRun, TABLES, run};
use common::{DESIGN, bytes, options, plan, run_in, scenario, stops_after};
use std::fs;
use std::path::{Path, PathBuf};

/// A repeatable sequence of numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn flip(path: &Path, numbers: &mut Numbers) {
    let mut bytes = fs::read(path).expect("a file");
    let bit = numbers.below(8 * bytes.len() as u64) as usize;
    bytes[bit / 8] ^= 1 << (bit % 8);
    fs::write(path, bytes).expect("written");
}

/// All that a run answers, in one text.
fn answers(folder: &Path) -> Result<String, breakaway_store::Error> {
    let done = StoredRun::open(folder)?;
    for table in TABLES {
        done.batches(table)?;
    }
    let spread = done.quantiles(&["strength", "has-declared"])?;
    Ok(format!("{:?} {:?} {spread:?}", done.manifest(), done.answers()?))
}

#[test]
fn a_flipped_bit_of_a_table_or_manifest_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("r");
    run_in(&out, 2, None).expect("a run");
    let whole = answers(&out).expect("sound");
    let mut numbers = Numbers(1);
    let mut files: Vec<PathBuf> = TABLES.iter().map(|name| out.join(format!("{name}.parquet"))).collect();
    files.push(out.join("manifest.json"));
    let tries = if std::env::var_os("BREAKAWAY_FULL").is_some() { 500 } else { 200 };
    let mut refused = 0;
    for k in 0..tries {
        let path = &files[k % files.len()];
        let before = fs::read(path).expect("a file");
        flip(path, &mut numbers);
        match answers(&out) {
            Err(_) => refused += 1,
            Ok(same) => assert!(same == whole, "{} was changed without a word", path.display()),
        }
        fs::write(path, before).expect("written");
    }
    assert!(refused > tries * 9 / 10, "{refused} of {tries}");
    assert!(answers(&out).is_ok_and(|same| same == whole));
}

#[test]
fn damaged_swapped_and_copied_parts_are_simulated_again() {
    let place = tempfile::tempdir().expect("a folder");
    let (whole, broken) = (place.path().join("whole"), place.path().join("broken"));
    run_in(&whole, 2, Some(16)).expect("a run");
    let scenario = scenario();
    let plan = plan(&scenario);
    let options = RunOptions { grid: Some(Grid::with_size(&DESIGN, 16)), ..options(&broken) };
    run(&plan, &options, &stops_after("tables", 1)).expect_err("stopped");
    let part = |k: u32| broken.join(format!("parts/{:010}-{:010}.part", 16 * k, (16 * k + 16).min(300)));
    let mut numbers = Numbers(7);
    for k in 0..4 {
        flip(&part(k), &mut numbers);
    }
    fs::write(part(4), b"").expect("written");
    fs::copy(part(5), part(6)).expect("copied");
    let (a, b) = (fs::read(part(7)).expect("a part"), fs::read(part(8)).expect("a part"));
    fs::write(part(7), b).expect("written");
    fs::write(part(8), a).expect("written");
    fs::rename(part(9), broken.join("parts/0000000008-0000000024.part")).expect("renamed");
    fs::remove_file(part(10)).expect("removed");
    // A part of another run of the same shape.
    let other = place.path().join("other");
    let changed = breakaway_ensemble::Design { seed: 2, ..DESIGN };
    let other_plan = breakaway_ensemble::Plan::new(&scenario, scenario.priors.clone(), changed, plan.simd);
    let other_options = RunOptions { folder: other.clone(), ..options.clone() };
    run(&other_plan, &other_options, &stops_after("tables", 1)).expect_err("stopped");
    fs::copy(other.join(format!("parts/{:010}-{:010}.part", 16 * 11, 16 * 12)), part(11)).expect("copied");
    run(&plan, &options, &Context::new(2)).expect("the rest");
    assert!(bytes(&broken) == bytes(&whole));
}

#[test]
fn a_changed_copy_of_the_scenario_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("r");
    let done = run_in(&out, 1, None).expect("a run");
    let path = out.join("scenario/scenario.toml");
    let text = fs::read_to_string(&path).expect("a copy");
    fs::write(&path, text.replace("strength = 0.60", "strength = 0.61")).expect("written");
    assert!(done.scenario().is_err_and(|e| e.to_string().contains("changed")));
}
