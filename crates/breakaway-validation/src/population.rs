//! A population of imaginary countries, at peace and after wars that they lost or won, beside
//! how real ones have fared: the generic scenarios `lost-war` and `won-war`.

use crate::{Check, held};
use breakaway_ensemble::simulate::{MemberSpec, Outputs, simulate};
use breakaway_ensemble::tally::Tally;
use breakaway_ensemble::{Context, Design, DesignKind, Plan, Stopped};
use breakaway_model::dispatch::Simd;
use breakaway_scenario::{Diagnostic, Scenario, load_from_memory};

const LOST: &[(&str, &str)] = held!["lost-war": "scenario.toml", "regions.csv", "communities.csv",
    "links.csv", "claims.toml", "overlays/peace.toml"];
const WON: &[(&str, &str)] =
    held!["won-war": "scenario.toml", "regions.csv", "communities.csv", "links.csv", "claims.toml"];

/// Years of peace in which the overlay's claims can come true.
const PEACE_YEARS: f64 = 5.0;

const ARCHIGOS: &str = "COW interstate wars x Archigos, 1875-2014; 95 % interval";
const COW: &str = "COW interstate and intrastate wars; 95 % interval";

/// A published figure, before anything is found.
struct Target {
    target: &'static str,
    what: &'static str,
    expected: f64,
    range: (f64, f64),
    source: &'static str,
}

impl Target {
    fn found(self, found: Option<f64>) -> Check {
        Check {
            target: self.target.into(),
            what: self.what.into(),
            expected: self.expected,
            found: found.filter(|found| found.is_finite()),
            low: self.range.0,
            high: self.range.1,
            source: self.source.into(),
        }
    }
}

/// The checks of V25 and V26. A scenario of the program's own that cannot be read fails them all.
pub(crate) fn checks(quick: bool, context: &Context) -> Result<Vec<Check>, Stopped> {
    let draws = if quick { 1024 } else { 4000 };
    let share = |scenario: Result<Scenario, Vec<Diagnostic>>, claims: &[&str], task: &str| match scenario {
        Ok(scenario) => probabilities(&scenario, claims, draws, context, task),
        Err(_) => Ok(vec![None; claims.len()]),
    };
    let lost =
        share(load_from_memory(LOST, &[]), &["regime-falls", "civil-war"], "countries that lost a war")?;
    let won = share(load_from_memory(WON, &[]), &["regime-falls"], "countries that won a war")?;
    let peace = load_from_memory(LOST, &["overlays/peace.toml"]);
    let peace = share(peace, &["falls-in-peace", "civil-war-in-peace"], "countries at peace")?;
    // A share of countries in so many years, as a rate a year.
    let rate = |share: Option<f64>| share.map(|share| -(1.0 - share).ln() / PEACE_YEARS);
    let after_lost = Target {
        target: "V25",
        what: "irregular exit after a lost war",
        expected: 0.323,
        range: (0.236, 0.423),
        source: ARCHIGOS,
    };
    let after_won = Target {
        target: "V25",
        what: "irregular exit after a won war",
        expected: 0.102,
        range: (0.059, 0.169),
        source: ARCHIGOS,
    };
    let in_peace = Target {
        target: "V26",
        what: "irregular exit in peace, a year",
        expected: 0.043,
        range: (0.02, 0.06),
        source: "Archigos, 1875-2015; range of eras",
    };
    let war_in_peace = Target {
        target: "V26",
        what: "civil war begins in peace, a year",
        expected: 0.0201,
        range: (0.01, 0.03),
        source: "COW intrastate wars; accepted range",
    };
    let war_after_lost = Target {
        target: "V25",
        what: "civil war after a lost war",
        expected: 0.126,
        range: (0.078, 0.198),
        source: COW,
    };
    let mut all = vec![
        after_lost.found(lost[0]),
        after_won.found(won[0]),
        in_peace.found(rate(peace[0])),
        war_in_peace.found(rate(peace[1])),
    ];
    if !quick {
        all.push(war_after_lost.found(lost[1]));
    }
    Ok(all)
}

/// Of each claim: the share of the simulations, one of each parameter set, in which it holds, of those
/// that it counts in.
fn probabilities(
    scenario: &Scenario,
    claims: &[&str],
    draws: u32,
    context: &Context,
    task: &str,
) -> Result<Vec<Option<f64>>, Stopped> {
    let design = Design { draws, replicates: 1, seed: 1, kind: DesignKind::Sobol };
    let plan = Plan::new(scenario, scenario.priors.clone(), design, Simd::best());
    let members: Vec<MemberSpec> = (0..draws).map(MemberSpec::of).collect();
    let simulated = simulate(&plan, &members, &Outputs::default(), context, task)?;
    let probability = |claim: &&str| {
        let at = scenario.claims.iter().position(|known| known.id == *claim)?;
        let mut tally = Tally::new(draws);
        for (draw, one) in simulated.iter().enumerate() {
            let verdict = one.verdicts.get(at).filter(|verdict| verdict.counts && !one.failed);
            verdict.iter().for_each(|verdict| tally.add(draw as u32, verdict.day.map(|day| day as u16)));
        }
        tally.probability()
    };
    Ok(claims.iter().map(probability).collect())
}
