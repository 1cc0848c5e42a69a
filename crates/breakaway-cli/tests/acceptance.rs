//! What the model must show: each row of the acceptance table, on a small ensemble.
//! The figures of larger ones stand in docs/validation.md.

mod common;

use common::{scenarios, succeed};
use serde_json::Value;
use std::fs;

fn price(scenario: &str, members: u32, more: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let path = scenarios().join(scenario);
    let members = members.to_string();
    let args =
        ["run", path.to_str().expect("a path"), "--members", &members, "--format", "json", "--out", "r"];
    serde_json::from_str(&succeed(folder.path(), &[&args, more].concat())).expect("JSON")
}

fn claim(answers: &Value, id: &str) -> f64 {
    let all = answers["claims"].as_array().expect("claims");
    let found = all.iter().find(|claim| claim["id"] == id).unwrap_or_else(|| panic!("no claim {id}"));
    found["probability"].as_f64().unwrap_or(0.0)
}

/// The probability of an event for whom it is likeliest.
fn most(answers: &Value, kind: &str) -> f64 {
    let all = answers["events"].as_array().expect("events").iter().filter(|event| event["event"] == kind);
    all.map(|event| event["probability"].as_f64().expect("a number")).fold(0.0, f64::max)
}

fn overlay(name: &str) -> String {
    scenarios().join("autumn-2022/overlays").join(name).to_str().expect("a path").into()
}

#[test]
fn ten_peaceful_years_stay_quiet() {
    let answers = price("peace", 500, &[]);
    let falls = claim(&answers, "regime-falls");
    // 1-2 % a year, with room for the Monte Carlo error of 500 members.
    assert!((0.08..0.22).contains(&falls), "the regime falls in {falls} of ten years");
    assert!(claim(&answers, "region-leaves") < 0.02, "less than 0.2 % a year");
    assert!(claim(&answers, "officials-leave") < 0.05);
    assert!(claim(&answers, "mass-protest") < 0.02);
}

#[test]
fn autumn_2022_loses_the_bridgehead_and_mostly_keeps_the_front() {
    let answers = price("autumn-2022", 500, &[]);
    assert!(claim(&answers, "kherson-falls") > 0.5, "within 97 days");
    let collapse = claim(&answers, "front-collapse");
    assert!(collapse > 0.0 && collapse < 0.25, "possible and unlikely: {collapse}");
    assert!(most(&answers, "independent") < 0.05, "secession is rare");
}

#[test]
fn heavy_defeat_without_mobilisation_can_cascade() {
    let (defeat, none) = (overlay("heavy-defeat.toml"), overlay("no-mobilisation.toml"));
    let answers = price("autumn-2022", 500, &["--with", &none, "--with", &defeat]);
    assert!(claim(&answers, "front-collapse") > 0.5, "the front collapses in most members");
    assert!(claim(&answers, "officials-vanish") > 0.2, "officials waver");
    assert!(most(&answers, "independent") > 0.005, "some members cascade into secession");
}

/// Dates of the declarations of sovereignty (public record, recalled), in days of 1988-1990.
const SOVEREIGNTY: [(&str, u32); 14] = [
    ("EST", 19881116),
    ("LTU", 19890526),
    ("LVA", 19890728),
    ("AZE", 19890923),
    ("GEO", 19900526),
    ("UZB", 19900620),
    ("MDA", 19900623),
    ("UKR", 19900716),
    ("BLR", 19900727),
    ("TKM", 19900822),
    ("ARM", 19900823),
    ("TJK", 19900824),
    ("KAZ", 19901025),
    ("KGZ", 19901215),
];

#[test]
fn union_republics_leave_in_an_order_that_correlates_with_history() {
    let answers = price("union-1989", 500, &[]);
    assert!(claim(&answers, "ten-declare") > 0.3, "republics declare");
    assert!(claim(&answers, "union-ends") > 0.5, "republics leave");
    assert!(claim(&answers, "asia-last") > 0.6, "Baltic before Central Asia");
    let events = answers["events"].as_array().expect("events");
    let day = |id: &str| {
        let found = events.iter().find(|e| e["event"] == "declared" && e["entity"] == id);
        found.map_or(9999, |e| e["median_day"].as_u64().expect("a day"))
    };
    let rank = |values: Vec<u64>| -> Vec<f64> {
        values.iter().map(|x| values.iter().filter(|y| *y < x).count() as f64).collect()
    };
    let model = rank(SOVEREIGNTY.iter().map(|(id, _)| day(id)).collect());
    let history = rank(SOVEREIGNTY.iter().map(|(_, date)| u64::from(*date)).collect());
    let n = model.len() as f64;
    let distance: f64 = model.iter().zip(&history).map(|(a, b)| (a - b).powi(2)).sum();
    let spearman = 1.0 - 6.0 * distance / (n * (n * n - 1.0));
    assert!(spearman > 0.46, "Spearman {spearman}: at n = 14, 0.46 is significant at 5 % (one-sided)");
}

/// A mechanism, a claim that needs it, and the direction in which it moves without it.
const NEEDED: [(&str, &str, std::cmp::Ordering); 10] = [
    ("supply", "kherson-falls", std::cmp::Ordering::Less),
    ("combat", "front-collapse", std::cmp::Ordering::Less),
    ("desertion", "desertion-flood", std::cmp::Ordering::Less),
    ("command", "kherson-falls", std::cmp::Ordering::Less),
    ("manpower", "reserves-exhausted", std::cmp::Ordering::Greater),
    ("home", "bands-rule", std::cmp::Ordering::Less),
    ("citizens", "civil-resistance", std::cmp::Ordering::Less),
    ("officials", "officials-vanish", std::cmp::Ordering::Less),
    ("movements", "congress-unites", std::cmp::Ordering::Less),
    ("regions", "window-opens", std::cmp::Ordering::Less),
];

#[test]
fn without_the_centre_no_state_breaks() {
    let folder = tempfile::tempdir().expect("a folder");
    let off = folder.path().join("off.toml");
    fs::write(&off, "mechanisms_off = [\"centre\"]\n").expect("written");
    let on = claim(&price("autumn-2022", 200, &[]), "state-breaks");
    let off = price("autumn-2022", 200, &["--with", off.to_str().expect("a path")]);
    assert!(claim(&off, "state-breaks") < on, "the centre's fall is most of how a state breaks: {on}");
}

#[test]
fn each_mechanism_off_moves_what_needs_it() {
    let defeat = overlay("heavy-defeat.toml");
    // A heavy defeat of an army whose men leave early: every claim has something to lose.
    let set = [
        "--with",
        &defeat,
        "--set",
        "desertion.rate=0.0008",
        "--set",
        "home.banding=2",
        "--set",
        "home.armed=0.9",
    ];
    let on = price("autumn-2022", 160, &set);
    let folder = tempfile::tempdir().expect("a folder");
    for (mechanism, id, direction) in NEEDED {
        let off = folder.path().join(format!("{mechanism}.toml"));
        fs::write(&off, format!("mechanisms_off = [\"{mechanism}\"]\n")).expect("written");
        let without =
            price("autumn-2022", 160, &[&set[..], &["--with", off.to_str().expect("a path")]].concat());
        let (with, without) = (claim(&on, id), claim(&without, id));
        assert_eq!(without.total_cmp(&with), direction, "{mechanism} off: {id} {with} -> {without}");
    }
    // No claim speaks of these alone, but events do.
    for (mechanism, kind) in [("guards", "garrison-fails"), ("cohesion", "rout"), ("centre", "fall")] {
        let off = folder.path().join(format!("{mechanism}.toml"));
        fs::write(&off, format!("mechanisms_off = [\"{mechanism}\"]\n")).expect("written");
        let without =
            price("autumn-2022", 160, &[&set[..], &["--with", off.to_str().expect("a path")]].concat());
        let (with, without) = (most(&on, kind), most(&without, kind));
        assert!(with > 0.0 && without == 0.0, "{mechanism} off: {kind} {with} -> {without}");
    }
}
