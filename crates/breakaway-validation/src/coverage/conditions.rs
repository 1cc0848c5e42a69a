//! Intervals of probabilities given what was seen: small runs of `three-regions` with many seeds. The truth comes from
//! a run so large that enough of its own simulations agree with what was seen.

use super::Covered;
use super::claims::three_regions;
use breakaway_analysis::questions::condition::{Conditioned, condition};
use breakaway_analysis::{Error, LoadedRun};
use breakaway_ensemble::{Context, Design, DesignKind, ParameterSource, Plan, parallel};
use breakaway_model::dispatch::Simd;
use breakaway_model::observe::by_name;
use breakaway_scenario::Scenario;
use breakaway_scenario::observed::Observation;
use breakaway_store::{RunOptions, run};

/// Parameter sets of the run from which the truth comes, two simulations each.
const LARGE: u32 = 60_000;

/// What was seen of State A after four months, and its error, as multiples of what half of the simulations show: more
/// were killed, and more stand at the front.
const SEEN: [(&str, f64, f64); 2] = [("dead", 1.25, 0.1), ("soldiers", 1.1, 0.1)];
const DAY: u32 = 120;

pub(super) fn coverage(quick: bool, context: &Context) -> Result<Vec<Covered>, Error> {
    let Some(scenario) = three_regions() else { return Ok(vec![]) };
    // Seen to be near what half of the simulations show, so that all of them say how much that is.
    let middle = seen(&scenario, &[(1e6, 1e9), (1e6, 1e9)]);
    let large = design(if quick { LARGE / 2 } else { LARGE }, 2, 1);
    let (truth, observations) = with_run(&scenario, large, context, |loaded, context| {
        let wide = condition(loaded, &middle, "wide", context)?;
        let values: Vec<(f64, f64)> = wide
            .observations
            .iter()
            .zip(SEEN)
            .map(|(fit, (_, factor, error))| fit.median.map_or((0.0, 1.0), |m| (factor * m, error * m)))
            .collect();
        let observations = seen(&scenario, &values);
        Ok((condition(loaded, &observations, "seen", context)?, observations))
    })?;
    let mut all = vec![];
    for (draws, replicates, what) in [(100, 5, "moved"), (1000, 5, "weighed")] {
        let seeds: u64 = if quick { 25 } else { 100 };
        let task = context.task(&format!("conditions from {draws} x {replicates}"), seeds);
        let numbers: Vec<u64> = (2..2 + seeds).collect();
        let each = parallel::try_map(context, &numbers, |&seed| {
            let context = context.alone();
            let found = with_run(&scenario, design(draws, replicates, seed), &context, |loaded, context| {
                condition(loaded, &observations, "seen", context)
            })?;
            task.advance(1)?;
            Ok::<_, Error>(found)
        })?;
        // Few seeds tell that intervals cover, not how closely.
        let accepted = if quick { (0.8, 1.0) } else { (0.93, 0.97) };
        all.extend(covered(&truth, &each, &format!("{draws} x {replicates}, {what}"), accepted));
    }
    Ok(all)
}

fn design(draws: u32, replicates: u32, seed: u64) -> Design {
    Design { draws, replicates, seed, kind: DesignKind::LatinHypercube }
}

/// What was seen of State A, with these values and errors.
fn seen(scenario: &Scenario, values: &[(f64, f64)]) -> Vec<Observation> {
    let entity = scenario.world.polities.iter().position(|polity| polity.id == "A").unwrap_or(0);
    let one = |((name, _, _), &(value, error)): (&(&str, f64, f64), &(f64, f64))| {
        Some(Observation { day: DAY, observable: by_name(name)?, entity, value, error })
    };
    SEEN.iter().zip(values).filter_map(one).collect()
}

/// What a question says of a run that is stored only as long as it is asked.
fn with_run<T>(
    scenario: &Scenario,
    design: Design,
    context: &Context,
    ask: impl Fn(&LoadedRun, &Context) -> Result<T, Error>,
) -> Result<T, Error> {
    let temporary = tempfile::tempdir().map_err(|fault| Error::file(&std::env::temp_dir(), fault))?;
    let folder = temporary.path().join("run");
    let plan = Plan::new(scenario, ParameterSource::from(scenario.priors.clone()), design, Simd::best());
    let request = "how often intervals contain the truth".into();
    run(&plan, &RunOptions { folder: folder.clone(), request, beyond_limits: false, grid: None }, context)?;
    ask(&LoadedRun::open(&folder)?, context)
}

fn covered(truth: &Conditioned, each: &[Conditioned], design: &str, (low, high): (f64, f64)) -> Vec<Covered> {
    let of = |(k, claim): (usize, &breakaway_analysis::questions::condition::ConditionedClaim)| {
        let known = claim.probability?;
        let given: Vec<(f64, f64)> = each.iter().filter_map(|one| one.claims[k].interval).collect();
        let hits = given.iter().filter(|(from, to)| (*from..=*to).contains(&known)).count();
        Some(Covered {
            interval: "probability given what was seen".into(),
            of: claim.id.clone(),
            design: design.into(),
            seeds: each.len() as u32,
            given: given.len() as f64 / each.len() as f64,
            nominal: 0.95,
            found: (!given.is_empty()).then(|| hits as f64 / given.len() as f64),
            low,
            high,
        })
    };
    truth.claims.iter().enumerate().filter_map(of).collect()
}
