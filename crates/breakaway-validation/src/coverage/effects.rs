//! Intervals of the effects of parameters: small runs of `three-regions` with many seeds. The truth comes from the
//! simulations of all seeds together.

use super::Covered;
use super::claims::three_regions;
use breakaway_analysis::methods::given_data::{chance_of, given};
use breakaway_analysis::methods::sobol_indices::{Effect, Estimated, Radial};
use breakaway_analysis::questions::sensitivity::{REPORTED, errors_of_selected};
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_ensemble::share::NORMAL;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, simulate};
use breakaway_ensemble::{Context, Design, DesignKind, ParameterSource, Plan, Stopped, parallel};
use breakaway_model::dispatch::Simd;
use breakaway_scenario::Scenario;

/// Base points of a radial design of one seed.
const BASES: u32 = 24;
/// Effect from which a parameter counts as one that matters.
const MATTERS: f64 = 0.02;
const RESAMPLES: usize = 100;

type Told = fn(&Effect) -> Estimated;

/// A claim in each repeat of a draw; none where it does not count.
type Repeats = Vec<Option<f64>>;
/// By claim and draw.
type Answers = Vec<Vec<Repeats>>;

fn first(effect: &Effect) -> Estimated {
    effect.first
}

fn total(effect: &Effect) -> Estimated {
    effect.total.unwrap_or_default()
}

pub(super) fn coverage(quick: bool, context: &Context) -> Result<Vec<Covered>, Stopped> {
    let Some(scenario) = three_regions() else { return Ok(vec![]) };
    // Of a claim with a condition, whole base points are few.
    let claims: Vec<usize> =
        (0..scenario.claims.len()).filter(|&claim| scenario.claims[claim].given.is_none()).collect();
    let mut all = radial(&scenario, &claims, if quick { 20 } else { 100 }, context)?;
    all.extend(given_data(&scenario, &claims, quick, context)?);
    // What is told by few seeds alone: that they cover, not how closely.
    let high = if quick { 1.0 } else { 0.97 };
    all.iter_mut().for_each(|one| one.high = high);
    Ok(all)
}

/// Effects from radial designs. The truth is that of the base points of all seeds together.
fn radial(
    scenario: &Scenario,
    claims: &[usize],
    seeds: u64,
    context: &Context,
) -> Result<Vec<Covered>, Stopped> {
    let blocks = DesignKind::Saltelli.blocks(&scenario.priors).len();
    let draws = BASES * (blocks as u32 + 2);
    let answers = over(seeds, context, "radial designs", |seed, context| {
        let design = Design { draws, replicates: 2, seed, kind: DesignKind::Saltelli };
        run(scenario, design, context).map(|(answers, _)| answers)
    })?;
    let effects = |draws: &[Repeats]| Radial::of(draws, blocks).effects();
    let mut all = vec![];
    for &claim in claims {
        let together: Vec<Repeats> = answers.iter().flat_map(|one| one[claim].iter().cloned()).collect();
        let Some(truth) = effects(&together) else { continue };
        let each: Vec<_> = answers.iter().map(|one| effects(&one[claim])).collect();
        for (name, told) in [("first-order effect", first as Told), ("total effect", total as Told)] {
            let told_each: Vec<Option<Vec<Estimated>>> = each
                .iter()
                .map(|one| one.as_ref().map(|effects| effects.iter().map(told).collect()))
                .collect();
            let known: Vec<f64> = truth.iter().map(|effect| told(effect).value).collect();
            let of = &scenario.claims[claim].id;
            all.extend(covered(name, of, &format!("{BASES} base points"), &known, &told_each));
        }
    }
    Ok(all)
}

/// First-order effects from sets that were made for no such purpose. The truth is that of all sets together.
fn given_data(
    scenario: &Scenario,
    claims: &[usize],
    quick: bool,
    context: &Context,
) -> Result<Vec<Covered>, Stopped> {
    let mut all = vec![];
    let designs: &[(u32, u32)] = if quick { &[(40, 5)] } else { &[(40, 5), (100, 10), (200, 10)] };
    let runs = designs.iter().map(|&(draws, replicates)| {
        over(200, context, &format!("effects from {draws} x {replicates}"), |seed, context| {
            run(scenario, Design { draws, replicates, seed, kind: DesignKind::LatinHypercube }, context)
        })
    });
    let runs: Vec<Vec<(Answers, Vec<Vec<f32>>)>> = runs.collect::<Result<_, _>>()?;
    for &claim in claims {
        let whole = runs.iter().flatten();
        let answers: Vec<Repeats> =
            whole.clone().flat_map(|(answers, _)| answers[claim].iter().cloned()).collect();
        let columns: Vec<Vec<f32>> = (0..scenario.priors.len())
            .map(|k| whole.clone().flat_map(|(_, columns)| columns[k].iter().copied()).collect())
            .collect();
        let Some(truth) = from_given(&answers, &columns, 2) else { continue };
        let known: Vec<f64> = truth.iter().map(|effect| effect.value).collect();
        for ((draws, replicates), runs) in designs.iter().zip(&runs) {
            let each: Vec<_> = runs
                .iter()
                .map(|(answers, columns)| from_given(&answers[claim], columns, RESAMPLES))
                .collect();
            let of = &scenario.claims[claim].id;
            all.extend(covered("first-order effect", of, &format!("{draws} x {replicates}"), &known, &each));
        }
    }
    Ok(all)
}

/// What each of some seeds gives.
fn over<T: Send>(
    seeds: u64,
    context: &Context,
    what: &str,
    one: impl Fn(u64, &Context) -> Result<T, Stopped> + Sync,
) -> Result<Vec<T>, Stopped> {
    let task = context.task(what, seeds);
    parallel::try_map(context, &(1..=seeds).collect::<Vec<u64>>(), |&seed| {
        let found = one(seed, &context.alone())?;
        task.advance(1)?;
        Ok::<_, Stopped>(found)
    })
}

/// Variance of a draw's share that is chance.
fn chance(draws: &[Repeats]) -> f64 {
    let counts: Vec<(u32, u32)> = draws
        .iter()
        .map(|repeats| {
            let counted = repeats.iter().flatten();
            (counted.clone().count() as u32, counted.filter(|held| **held > 0.0).count() as u32)
        })
        .collect();
    chance_of(&counts).unwrap_or(0.0)
}

fn from_given(draws: &[Repeats], columns: &[Vec<f32>], resamples: usize) -> Option<Vec<Estimated>> {
    let share = |repeats: &Repeats| {
        let held: Vec<f64> = repeats.iter().flatten().copied().collect();
        held.iter().sum::<f64>() / held.len() as f64
    };
    let answers: Vec<f64> = draws.iter().map(share).collect();
    given(columns, &answers, chance(draws), resamples, 1)
}

/// The answers of a run, and the values of its parameters.
fn run(scenario: &Scenario, design: Design, context: &Context) -> Result<(Answers, Vec<Vec<f32>>), Stopped> {
    let members: Vec<MemberSpec> = (0..design.members()).map(MemberSpec::of).collect();
    let plan = Plan::new(scenario, ParameterSource::from(scenario.priors.clone()), design, Simd::best());
    let simulated = simulate(&plan, &members, &Outputs::default(), context, "members")?;
    let answer = |verdict: Verdict| verdict.counts.then(|| f64::from(u8::from(verdict.day.is_some())));
    let of_claim = |claim: usize| {
        simulated
            .chunks(design.replicates as usize)
            .map(|draw| draw.iter().map(|one| answer(one.verdicts[claim])).collect())
            .collect()
    };
    let rows: Vec<Vec<f32>> =
        (0..design.draws).map(|draw| design.parameters(&scenario.priors, draw)).collect();
    let columns = (0..scenario.priors.len()).map(|k| rows.iter().map(|row| row[k]).collect()).collect();
    Ok(((0..scenario.claims.len()).map(of_claim).collect(), columns))
}

/// How often intervals contain the truth: of parameters that matter, of the others, and of those that a user sees,
/// the ones with the largest estimates.
fn covered(
    name: &str,
    claim: &str,
    design: &str,
    truth: &[f64],
    each: &[Option<Vec<Estimated>>],
) -> Vec<Covered> {
    let matters = |k: usize, _: &[Estimated]| truth[k] >= MATTERS;
    let shown = |k: usize, effects: &[Estimated]| {
        let before =
            |i: usize| effects[i].value > effects[k].value || (i < k && effects[i].value == effects[k].value);
        (0..effects.len()).filter(|&i| before(i)).count() < REPORTED
    };
    let group = |what: &str, errors: f64, among: &dyn Fn(usize, &[Estimated]) -> bool| {
        let (mut tries, mut hits) = (0.0, 0.0);
        for effects in each.iter().flatten() {
            for k in (0..truth.len()).filter(|&k| among(k, effects)) {
                let (low, high) = effects[k].within(errors);
                tries += 1.0;
                hits += f64::from(u8::from((low..=high).contains(&truth[k])));
            }
        }
        Covered {
            interval: format!("{name}, {what}"),
            of: claim.into(),
            design: design.into(),
            seeds: each.len() as u32,
            given: each.iter().flatten().count() as f64 / each.len() as f64,
            nominal: 0.95,
            found: (tries > 0.0).then(|| hits / tries),
            low: 0.93,
            high: 1.0,
        }
    };
    vec![
        group("parameters that matter", NORMAL, &matters),
        group("the others", NORMAL, &|k, effects| !matters(k, effects)),
        group("those shown", errors_of_selected(truth.len()), &shown),
    ]
}
