//! Values are checked against the scale of what they are compared with.

mod common;
use breakaway_scenario::observed;
use common::{faults_of_claim, has, with};

#[test]
fn a_threshold_of_a_share_in_percent_is_refused() {
    let found = faults_of_claim("{ observable = \"officials\", of = \"A\", below = 50 }");
    has(&found, &["`below` = 50", "a share from 0 to 1", "50 % is 0.5", "claims.toml:4:54"]);
    let inner = "{ not = { any = [{ observable = \"defeat-wear\", of = \"A\", above = 1.5 }] } }";
    has(&faults_of_claim(inner), &["`above` = 1.5", "1.5 % is 0.015"]);
}

#[test]
fn a_negative_number_of_people_is_refused() {
    has(
        &faults_of_claim("{ observable = \"dead\", of = \"A\", above = -1 }"),
        &["`dead` is never negative", "its unit is people"],
    );
}

#[test]
fn thresholds_on_their_scale_are_sound() {
    for that in [
        "{ observable = \"officials\", of = \"A\", below = 0.5 }",
        "{ observable = \"line\", of = \"river/A\", below = -15 }",
        "{ observable = \"treasury\", of = \"A\", above = 2 }",
        "{ observable = \"deserters\", of = \"A\", above = 50000 }",
    ] {
        assert_eq!(faults_of_claim(that), "");
    }
}

#[test]
fn an_observation_off_its_scale_is_refused() {
    let scenario = with(&[]).expect("a scenario");
    let path = std::env::temp_dir().join(format!("breakaway-observed-{}.csv", std::process::id()));
    let rows =
        "date,observable,of,value,error,source\n2030-04-01,strength,A,55,5,s\n2030-04-01,dead,A,-3,5,s\n";
    std::fs::write(&path, rows).expect("a file");
    let found = observed::load(&path, &scenario).expect_err("faults");
    std::fs::remove_file(&path).expect("the file");
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    has(&found.join("\n"), &["`value` = 55", "55 % is 0.55", ":2:23", "`dead` is never negative", ":3:19"]);
}
