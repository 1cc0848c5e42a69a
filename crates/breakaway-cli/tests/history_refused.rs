//! Cases that cannot serve, and folders that are not to be written into: what `calibrate` and
//! `hindcast` say of them.

mod common;

use common::{SMALL, case, copy_scenario, fail, output, small_case, succeed};
use serde_json::Value;
use std::fs;

#[test]
fn a_case_without_which_nothing_is_plausible_is_named_and_the_others_are_forecast() {
    let folder = tempfile::tempdir().expect("a folder");
    // No parameter lets both regimes fall on the first day; forecasting the case itself asks nothing of them.
    small_case(
        folder.path(),
        "declared,highland,,x\nfall,A,2030-03-02,x\nfall,B,2030-03-02,x\nrout,river/B,2030-03-02,x\n",
    );
    let other = case("austria-hungary-1918");
    let args = [&["hindcast", "s", &other, "--format", "json"], &SMALL[..]].concat();
    let found: Value = serde_json::from_str(&succeed(folder.path(), &args)).expect("JSON");
    let said = found[0]["sentences"].to_string();
    assert!(
        said.contains("There is no forecast of austria-hungary-1918") && said.contains("rout river/B"),
        "{said}"
    );
    let rows = found[0]["tables"]["regions"].as_array().expect("rows");
    assert!(rows.len() == 4 && rows.iter().all(|row| row["case"] == "s"));
    assert!(rows.iter().all(|row| row["CRPS 95 %"].is_null()), "one region has no interval");
}

#[test]
fn cases_that_cannot_serve_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let calibrate = [&["calibrate", "s", "--out", "p"], &SMALL[..]].concat();
    copy_scenario("three-regions", &at.join("s"));
    assert!(fail(at, &calibrate).contains("does not say what happened"));
    small_case(at, "band-rule,border,2030-06-01,x\n");
    assert!(fail(at, &calibrate).contains("does not say whether `band-rule` happened to core, highland"));
    small_case(at, "declared,highland,,x\ndeclared,core,,x\n");
    assert!(fail(at, &calibrate).contains("`declared` cannot happen to core"));
    assert!(fail(at, &["check", "s"]).contains("`declared` cannot happen to core"));
    small_case(at, "declared,highland,2030-02-01,x\n");
    assert!(fail(at, &calibrate).contains("not after the scenario's start"));
    // Neither army routs on the first day in any member: no parameter can produce it.
    small_case(
        at,
        "declared,highland,,x\nfall,A,2030-03-02,x\nfall,B,2030-03-02,x\nrout,river/B,2030-03-02,x\n",
    );
    let message = fail(at, &calibrate);
    assert!(
        message.contains("no parameter set of the prior comes near")
            && message.contains("s: rout river/B when"),
        "{message}"
    );
    assert!(!at.join("p/posterior.json").exists());
    assert!(fail(at, &["hindcast", "s"]).contains("give at least two"));
    assert!(fail(at, &["hindcast"]).contains("outcomes.csv"));
    small_case(at, "fall,A,,x\nrout,river/B,,x\n");
    let other = case("austria-hungary-1918");
    assert!(fail(at, &["hindcast", "s", &other]).contains("does not say what happened to regions"));
    small_case(at, "declared,highland,,x\n");
    succeed(at, &["run", "s", "--members", "20", "--out", "r"]);
    assert!(fail(at, &["calibrate", "s", "--out", "r"]).contains("contains something else"));
    assert!(fail(at, &["calibrate", "s", "--out", "s"]).contains("contains something else"));
    assert!(fail(at, &["hindcast", "s", &other, "--into", "none.md"]).contains("none.md"));
    let again = [&["calibrate", "s", "--out", "q"], &SMALL[..]].concat();
    succeed(at, &again);
    let mut state = fs::read(at.join("q/state.bin")).expect("a state");
    let middle = state.len() / 2;
    state[middle] ^= 1;
    fs::write(at.join("q/state.bin"), state).expect("written");
    assert!(fail(at, &again).contains("is damaged"));
    assert!(fail(at, &["calibrate", "s", "--particles", "3"]).contains("between 20"));
    assert!(fail(at, &["calibrate", "s", "s"]).contains("two cases are called `s`"));
    copy_scenario("three-regions", &at.join("copy"));
    fs::copy(at.join("s/outcomes.csv"), at.join("copy/outcomes.csv")).expect("copied");
    assert!(fail(at, &["calibrate", "s", "copy"]).contains("`s` and `copy` are the same case"));
    fs::write(at.join("bad.json"), "{}").expect("written");
    assert!(
        fail(at, &["run", "s", "--posterior", "bad.json"]).contains("not the posterior of a calibration")
    );
    assert!(fail(at, &["run", "s", "--posterior", "none.json"]).contains("a calibration makes a posterior"));
}

#[test]
fn a_case_of_one_region_is_calibrated_and_says_nothing_of_order() {
    let folder = tempfile::tempdir().expect("a folder");
    small_case(folder.path(), "declared,highland,,x\n");
    succeed(folder.path(), &[&["calibrate", "s", "--out", "p"], &SMALL[..]].concat());
    let text = fs::read_to_string(folder.path().join("p/calibration.json")).expect("diagnostics");
    assert!(text.contains("\"measure\": \"when\"") && !text.contains("\"measure\": \"order\""));
    let shown = output(folder.path(), &["check", "s", "--posterior", "p"]);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("a posterior of 60 particles"));
}
