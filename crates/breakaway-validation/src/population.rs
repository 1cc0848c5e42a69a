//! A population of imaginary countries, at peace and after wars that they lost or won, beside
//! how real ones have fared: the generic scenarios `lost-war` and `won-war`.

use crate::Check;
use breakaway_ensemble::Design;
use breakaway_ensemble::block::Plan;
use breakaway_ensemble::design::Kind;
use breakaway_ensemble::life::{Life, Wanted, live};
use breakaway_ensemble::tally::Tally;
use breakaway_model::dispatch::Simd;
use breakaway_scenario::{Diagnostic, Scenario, load_from_memory};

macro_rules! held {
    ($folder:literal: $($name:literal),+) => {
        &[$(($name, include_str!(concat!("../../../scenarios/", $folder, "/", $name)))),+]
    };
}

const LOST: &[(&str, &str)] = held!["lost-war": "scenario.toml", "regions.csv", "communities.csv",
    "links.csv", "claims.toml", "overlays/peace.toml"];
const WON: &[(&str, &str)] =
    held!["won-war": "scenario.toml", "regions.csv", "communities.csv", "links.csv", "claims.toml"];

/// Years of peace in which the overlay's claims can come true.
const PEACE_YEARS: f64 = 5.0;

const ARCHIGOS: &str = "COW interstate wars x Archigos, 1875-2014; 95 % interval";
const COW: &str = "COW interstate and intrastate wars; 95 % interval";

/// The checks of V25 and V26. A scenario of the program's own that cannot be read fails them all.
pub(crate) fn checks(quick: bool) -> Vec<Check> {
    let draws = if quick { 1000 } else { 4000 };
    let share = |scenario: &Result<Scenario, Vec<Diagnostic>>, claim: &str| {
        scenario.as_ref().ok().and_then(|scenario| probability(scenario, claim, draws)).unwrap_or(f64::NAN)
    };
    let (lost, won) = (load_from_memory(LOST, &[]), load_from_memory(WON, &[]));
    let peace = load_from_memory(LOST, &["overlays/peace.toml"]);
    let check = |target, what: &str, expected, (low, high), found, source| Check {
        target,
        what: what.into(),
        expected,
        found,
        low,
        high,
        source,
    };
    // A share of countries in so many years, as a rate a year.
    let rate = |share: f64| -(1.0 - share).ln() / PEACE_YEARS;
    let mut all = vec![
        check(
            "V25",
            "irregular exit after a lost war",
            0.323,
            (0.236, 0.423),
            share(&lost, "regime-falls"),
            ARCHIGOS,
        ),
        check(
            "V25",
            "irregular exit after a won war",
            0.102,
            (0.059, 0.169),
            share(&won, "regime-falls"),
            ARCHIGOS,
        ),
        check(
            "V26",
            "irregular exit in peace, a year",
            0.043,
            (0.02, 0.06),
            rate(share(&peace, "falls-in-peace")),
            "Archigos, 1875-2015; range of eras",
        ),
        check(
            "V26",
            "civil war begins in peace, a year",
            0.0201,
            (0.01, 0.03),
            rate(share(&peace, "civil-war-in-peace")),
            "COW intrastate wars; accepted range",
        ),
    ];
    if !quick {
        all.push(check(
            "V25",
            "civil war after a lost war",
            0.126,
            (0.078, 0.198),
            share(&lost, "civil-war"),
            COW,
        ));
    }
    all
}

/// The share of the members, of one draw each, in which a claim holds, of those that it counts in.
fn probability(scenario: &Scenario, claim: &str, draws: u32) -> Option<f64> {
    let at = scenario.claims.iter().position(|known| known.id == claim)?;
    let design = Design { draws, replicates: 1, seed: 1, kind: Kind::Sobol };
    let plan = Plan::new(scenario, scenario.priors.clone(), design, Simd::best());
    let lives: Vec<Life> = (0..draws).map(Life::of).collect();
    let mut tally = Tally::new(draws);
    for (draw, lived) in live(&plan, &lives, &Wanted::default()).iter().enumerate() {
        let verdict = lived.verdicts.get(at).filter(|verdict| verdict.counts && !lived.failed);
        verdict.iter().for_each(|verdict| tally.add(draw as u32, verdict.day.map(|day| day as u16)));
    }
    tally.probability()
}
