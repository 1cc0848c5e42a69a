//! Intervals of probabilities and of differences: small runs of `three-regions` with many seeds. The truth is what
//! all of them say together.

use super::Covered;
use breakaway_analysis::methods::paired_difference::difference;
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, Simulated, simulate};
use breakaway_ensemble::tally::FEWEST_CONDITIONAL;
use breakaway_ensemble::{Context, Design, DesignKind, ParameterSource, Plan, Stopped, Tally, parallel};
use breakaway_model::dispatch::Simd;
use breakaway_model::params::{Prior, table};
use breakaway_scenario::{Scenario, load_from_memory};

const SCENARIO: &[(&str, &str)] = crate::held!["three-regions": "scenario.toml", "regions.csv", "communities.csv", "links.csv", "claims.toml"];

/// What the second world changes: a parameter is fixed at this quantile of its prior.
const CHANGED: (&str, f64) = ("combat.attrition", 0.75);

/// The scenario of all small runs. One of the program's own can be read; a test sees to it.
pub(super) fn three_regions() -> Option<Scenario> {
    load_from_memory(SCENARIO, &[]).ok()
}

type Interval = (f64, f64);

/// What one run says of a claim.
struct Said {
    /// Members in which it holds, and that count, in each world.
    counts: [(f64, f64); 2],
    probability: Option<Interval>,
    difference: Option<Interval>,
    /// Of the share of the variance that lies between parameter sets.
    unknown: Option<Interval>,
    /// By parameter set: members that count, and in which it holds.
    draws: Vec<(u32, u32)>,
}

pub(super) fn coverage(quick: bool, context: &Context) -> Result<Vec<Covered>, Stopped> {
    let Some(scenario) = three_regions() else { return Ok(vec![]) };
    let (seeds, (low, high)) = if quick { (200, (0.9, 0.99)) } else { (2000, (0.93, 0.97)) };
    let mut all = vec![];
    for (draws, replicates) in [(40, 5), (100, 10)] {
        if quick && replicates == 10 {
            continue;
        }
        let task = context.task(&format!("runs of {draws} x {replicates}"), seeds);
        let mut said: Vec<Vec<Said>> = scenario.claims.iter().map(|_| vec![]).collect();
        let numbers: Vec<u64> = (1..=seeds).collect();
        let runs = parallel::try_map(context, &numbers, |&seed| {
            let design = Design { draws, replicates, seed, kind: DesignKind::LatinHypercube };
            let found = run(&scenario, design, &context.alone())?;
            task.advance(1)?;
            Ok::<_, Stopped>(found)
        })?;
        for (claim, one) in runs.into_iter().flat_map(|run| run.into_iter().enumerate()) {
            said[claim].push(one);
        }
        for (claim, said) in scenario.claims.iter().zip(&said) {
            let truth = |world: usize| {
                let sum = said
                    .iter()
                    .fold((0.0, 0.0), |sum, one| (sum.0 + one.counts[world].0, sum.1 + one.counts[world].1));
                sum.0 / sum.1
            };
            let probabilities: Vec<Interval> = said.iter().filter_map(|one| one.probability).collect();
            let differences: Vec<Interval> = said.iter().filter_map(|one| one.difference).collect();
            let unknown: Vec<Interval> = said.iter().filter_map(|one| one.unknown).collect();
            let all_draws = said.iter().flat_map(|one| one.draws.iter().copied()).collect();
            let apart = Tally::of(all_draws).correlation().unwrap_or(0.0);
            for (interval, known, given) in [
                ("probability", truth(0), probabilities),
                ("difference in compare", truth(1) - truth(0), differences),
                ("share that is unknown", apart, unknown),
            ] {
                // What is told by few seeds alone: that it covers, not how closely.
                let high = if quick && interval == "share that is unknown" { 1.0 } else { high };
                let hits = given.iter().filter(|(from, to)| (*from..=*to).contains(&known)).count();
                all.push(Covered {
                    interval: interval.into(),
                    of: claim.id.clone(),
                    design: format!("{draws} x {replicates}"),
                    seeds: seeds as u32,
                    given: given.len() as f64 / seeds as f64,
                    nominal: 0.95,
                    found: (!given.is_empty()).then(|| hits as f64 / given.len() as f64),
                    low,
                    high,
                });
            }
        }
    }
    Ok(all)
}

/// A run in both worlds; what it says of each claim.
fn run(scenario: &Scenario, design: Design, context: &Context) -> Result<Vec<Said>, Stopped> {
    let changed = |(k, prior): (usize, &Prior)| match table().nth(k).filter(|spec| spec.key() == CHANGED.0) {
        Some(_) => Prior::Fixed(prior.quantile(CHANGED.1)),
        None => *prior,
    };
    let second: Vec<Prior> = scenario.priors.iter().enumerate().map(changed).collect();
    let members: Vec<MemberSpec> = (0..design.members()).map(MemberSpec::of).collect();
    let simulated = |priors: Vec<Prior>| -> Result<Vec<Simulated>, Stopped> {
        let plan = Plan::new(scenario, ParameterSource::from(priors), design, Simd::best());
        simulate(&plan, &members, &Outputs::default(), context, "members")
    };
    let worlds = [simulated(scenario.priors.clone())?, simulated(second)?];
    let group = design.group(&scenario.priors);
    let groups: Vec<u32> = (0..design.members()).map(|member| design.draw_of(member) / group).collect();
    let of_claim = |claim: usize| {
        let verdicts = [0, 1].map(|world: usize| {
            worlds[world].iter().map(|one| one.verdicts[claim]).collect::<Vec<Verdict>>()
        });
        let mut tally = Tally::of_design(&design, &scenario.priors);
        for (member, verdict) in (0..).zip(&verdicts[0]).filter(|(_, verdict)| verdict.counts) {
            tally.add(design.draw_of(member), verdict.day.map(|day| day as u16));
        }
        let enough = scenario.claims[claim].given.is_none() || tally.counted() >= FEWEST_CONDITIONAL;
        let count = |verdicts: &[Verdict]| {
            let counted = verdicts.iter().filter(|verdict| verdict.counts);
            let held = counted.clone().filter(|verdict| verdict.day.is_some()).count();
            (held as f64, counted.count() as f64)
        };
        Said {
            counts: [count(&verdicts[0]), count(&verdicts[1])],
            probability: tally.share().filter(|_| enough).map(|share| share.interval()),
            difference: difference(&groups, &verdicts[0], &verdicts[1]).interval,
            unknown: tally.correlation_interval().filter(|_| enough),
            draws: tally.by_draw().to_vec(),
        }
    };
    Ok((0..scenario.claims.len()).map(of_claim).collect())
}
