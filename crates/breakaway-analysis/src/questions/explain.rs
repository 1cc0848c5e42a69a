//! A claim explained: where its uncertainty comes from, which assumptions matter, what would have to
//! be true, what to watch, which mechanisms produce it.

use super::chains::{Chains, chains};
use super::early_warning::{EarlyWarning, Watched, early_warning};
use super::moved::MovedAlone;
use super::scenario_discovery::{ScenarioDiscovery, scenario_discovery};
use super::sensitivity::{Sensitivity, sensitivity};
use super::variance_split::{VarianceSplit, variance_split};
use crate::methods::paired_difference::{Difference, beyond_chance, difference};
use crate::{Error, LoadedRun};
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, Simulated, simulate};
use breakaway_ensemble::tally::{FEWEST_CASES, FEWEST_CONDITIONAL};
use breakaway_ensemble::{Context, EventRecord, Plan, Stopped};
use breakaway_model::dispatch::Simd;
use breakaway_model::world::MECHANISMS;
use breakaway_scenario::Claim;
use breakaway_scenario::claim::{Statement, visit};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A claim explained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// Identifier of the claim.
    pub claim: String,
    /// The claim in a sentence.
    pub text: String,
    /// Whether only simulations that meet a condition count.
    pub conditional: bool,
    /// Simulations that failed and are left out.
    pub failed: u32,
    /// Simulations that count.
    pub counted: u32,
    /// Simulations in which it holds.
    pub held: u32,
    /// Its probability; none where no simulation counts.
    pub probability: Option<f64>,
    /// How well it can be explained.
    pub scope: Scope,
    /// Chance, or what we do not know.
    pub split: Option<VarianceSplit>,
    /// Which chains of events lead to it; none where it comes true in too few simulations.
    pub chains: Option<Chains>,
    /// Which assumptions matter.
    pub sensitivity: Option<Sensitivity>,
    /// What would have to be true.
    pub discovery: Option<ScenarioDiscovery>,
    /// What to watch.
    pub early_warning: Option<EarlyWarning>,
    /// Which mechanisms produce it.
    pub mechanisms: Option<WithoutMechanisms>,
}

/// How well a claim can be explained.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// No simulation meets its condition.
    NeverCounts,
    /// Too few simulations meet its condition for it to have a probability.
    TooFewCount,
    /// It holds in all simulations, or in none. The bound is the largest probability (or, where it always holds, the
    /// largest probability that it fails) that this leaves: the other end of its 95 % interval.
    NeverVaries {
        /// The bound; none where there are too few parameter sets to tell.
        bound: Option<f64>,
    },
    /// It holds, or fails, in too few simulations to say what it depends on.
    TooFewCases {
        /// Simulations in which it does so.
        cases: u32,
    },
    /// It can be explained.
    Whole,
}

/// A claim in simulations without each of the mechanisms, on common random numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WithoutMechanisms {
    /// Simulations that were made again without each.
    pub simulations: usize,
    /// Whether there are enough parameter sets to tell which mechanisms matter.
    pub enough: bool,
    /// Mechanisms, that with the largest difference first.
    pub mechanisms: Vec<WithoutMechanism>,
}

/// A claim in simulations without a mechanism.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WithoutMechanism {
    /// Mechanism.
    pub mechanism: String,
    /// The claim with it and without it.
    pub difference: Difference,
    /// Whether the difference is beyond chance.
    pub beyond_chance: bool,
}

/// Explains claims of a run: one, or all. So many members, evenly over the parameter sets, are
/// simulated once more without each mechanism, and with each parameter that seems to matter moved alone.
///
/// # Errors
/// Where there is no such claim, or where the context was cancelled.
pub fn explain(
    loaded: &LoadedRun,
    claim: Option<&str>,
    members: u32,
    context: &Context,
) -> Result<Vec<Explanation>, Error> {
    let claims = loaded.claims(claim)?;
    let watched = Watched::of(loaded, context)?;
    let histories = loaded.run.events()?;
    let without = match members {
        0 => None,
        members => Some(WithoutAll::of(loaded, members as usize, context)?),
    };
    let task = context.task("claims", claims.len() as u64);
    let mut all = vec![];
    for &claim in &claims {
        all.push(one(loaded, claim, &watched, &histories, without.as_ref(), context)?);
        task.advance(1)?;
    }
    drop(task);
    match members {
        0 => all
            .iter_mut()
            .filter_map(|one| one.sensitivity.as_mut())
            .for_each(Sensitivity::keep_what_stands_out),
        members => confirm(loaded, &claims, &mut all, members, context)?,
    }
    Ok(all)
}

/// Moves the parameters that seem to matter, and keeps those that do.
fn confirm(
    loaded: &LoadedRun,
    claims: &[usize],
    all: &mut [Explanation],
    members: u32,
    context: &Context,
) -> Result<(), Stopped> {
    let specs = loaded.scenario.specs();
    let candidates = all.iter().filter_map(|one| one.sensitivity.as_ref()).flat_map(|s| s.candidates(&specs));
    let places: BTreeSet<usize> = candidates.collect();
    let moved = MovedAlone::of(loaded, members, &places.into_iter().collect::<Vec<_>>(), context)?;
    for (explanation, claim) in all.iter_mut().zip(claims) {
        if let Some(sensitivity) = &mut explanation.sensitivity {
            let place = |name: &str| specs.iter().position(|spec| spec.key() == name);
            sensitivity.confirm(|name| moved.claim(loaded, *claim, place(name)?));
        }
    }
    Ok(())
}

fn one(
    loaded: &LoadedRun,
    claim: usize,
    watched: &Watched,
    histories: &BTreeMap<u32, Vec<EventRecord>>,
    without: Option<&WithoutAll>,
    context: &Context,
) -> Result<Explanation, Stopped> {
    let record = &loaded.manifest().claims[claim];
    let tally = loaded.tally(claim);
    let (counted, held) = (tally.counted(), tally.held());
    let scope = match tally.probability() {
        None => Scope::NeverCounts,
        Some(_) if record.conditional && counted < FEWEST_CONDITIONAL => Scope::TooFewCount,
        Some(p) if held == 0 || held == counted => {
            let bound = |(low, high): (f64, f64)| if p > 0.0 { 1.0 - low } else { high };
            Scope::NeverVaries { bound: tally.share().map(|share| bound(share.interval())) }
        }
        Some(_) if tally.cases() < FEWEST_CASES => Scope::TooFewCases { cases: tally.cases() },
        Some(_) => Scope::Whole,
    };
    let mut explanation = Explanation {
        claim: record.id.clone(),
        text: record.text.clone(),
        conditional: record.conditional,
        failed: loaded.manifest().failed,
        counted,
        held,
        probability: tally.probability().filter(|_| scope != Scope::TooFewCount),
        scope,
        split: None,
        chains: None,
        sensitivity: None,
        discovery: None,
        early_warning: None,
        mechanisms: None,
    };
    if matches!(scope, Scope::NeverCounts | Scope::TooFewCount) {
        return Ok(explanation);
    }
    if held >= FEWEST_CASES {
        explanation.chains = Some(chains(loaded, claim, histories));
    }
    if scope == Scope::Whole {
        explanation.split = Some(variance_split(&tally, loaded.manifest().design));
        context.check()?;
        explanation.sensitivity = Some(sensitivity(loaded, claim, &tally));
        context.check()?;
        explanation.discovery = Some(scenario_discovery(loaded, &tally, context)?);
        let verdicts = &loaded.members.verdicts[claim];
        explanation.early_warning = Some(early_warning(loaded, watched, verdicts, record.conditional));
        context.check()?;
    }
    explanation.mechanisms = without.map(|without| mechanisms(loaded, claim, without));
    Ok(explanation)
}

/// Some of a run's members without each mechanism.
struct WithoutAll {
    members: Vec<u32>,
    runs: Vec<(&'static str, Vec<Simulated>)>,
}

impl WithoutAll {
    fn of(loaded: &LoadedRun, members: usize, context: &Context) -> Result<WithoutAll, Stopped> {
        let members = loaded.run.subsample(members);
        let specs: Vec<MemberSpec> = members.iter().copied().map(MemberSpec::of).collect();
        let mut runs = vec![];
        for (mechanism, name) in MECHANISMS.iter().filter(|(m, _)| loaded.scenario.world.off.runs(*m)) {
            let mut scenario = loaded.scenario.clone();
            scenario.world.off.switch_off(*mechanism);
            let plan = Plan::new(&scenario, loaded.source.clone(), loaded.manifest().design, Simd::best());
            let task = format!("without {name}");
            runs.push((*name, simulate(&plan, &specs, &Outputs::default(), context, &task)?));
        }
        Ok(WithoutAll { members, runs })
    }
}

/// The claim with each mechanism switched off.
fn mechanisms(loaded: &LoadedRun, claim: usize, without: &WithoutAll) -> WithoutMechanisms {
    let own = own_mechanisms(&loaded.scenario.claims, claim);
    let mut all: Vec<(&str, Difference)> = without
        .runs
        .iter()
        .filter(|(name, _)| !own.contains(name))
        .map(|(name, simulated)| (*name, compared(loaded, claim, &without.members, simulated)))
        .collect();
    let size = |difference: &Difference| difference.growth.unwrap_or(0.0).abs();
    all.sort_by(|(_, a), (_, b)| size(b).total_cmp(&size(a)));
    let beyond = beyond_chance(&all.iter().map(|(_, found)| found).collect::<Vec<_>>());
    let one = |((mechanism, difference), beyond_chance): ((&str, Difference), bool)| WithoutMechanism {
        mechanism: mechanism.into(),
        difference,
        beyond_chance,
    };
    WithoutMechanisms {
        simulations: without.members.len(),
        enough: !all.iter().all(|(_, found)| found.interval.is_none()),
        mechanisms: all.into_iter().zip(beyond).map(one).collect(),
    }
}

/// The mechanisms that are the claim itself: those that make the events that it counts, or move the
/// observables. Without them it cannot be.
fn own_mechanisms(claims: &[Claim], claim: usize) -> BTreeSet<&'static str> {
    let mut own = BTreeSet::new();
    visit(&claims[claim].that, &mut |that| match that {
        Statement::Happens { events, .. }
        | Statement::FirstIn { events, .. }
        | Statement::Compared { events, .. } => {
            own.extend(events.kinds.iter().map(|(kind, _)| kind.mechanism()));
        }
        Statement::Claim(other) => own.extend(own_mechanisms(claims, *other)),
        Statement::Threshold { observable, .. } => own.extend([observable.mechanism]),
        Statement::Order { .. } | Statement::All(_) | Statement::Any(_) | Statement::Not(_) => {}
    });
    own
}

/// Parameter sets below which the change without a mechanism has no interval (judgement).
pub const FEWEST_SETS: usize = 20;

/// A claim in some members as they were recorded, and in another world.
fn compared(loaded: &LoadedRun, claim: usize, members: &[u32], simulated: &[Simulated]) -> Difference {
    let recorded = &loaded.members;
    let sound = |(member, other): &(&u32, &Simulated)| !other.failed && !recorded.failed[**member as usize];
    let kept: Vec<(u32, &Simulated)> =
        members.iter().zip(simulated).filter(sound).map(|(m, other)| (*m, other)).collect();
    let groups: Vec<u32> = kept.iter().map(|(member, _)| loaded.group(*member)).collect();
    let before: Vec<Verdict> =
        kept.iter().map(|(member, _)| recorded.verdicts[claim][*member as usize]).collect();
    let after: Vec<Verdict> = kept.iter().map(|(_, other)| other.verdicts[claim]).collect();
    let mut found = difference(&groups, &before, &after);
    let mut sets: Vec<u32> = kept.iter().map(|(member, _)| loaded.cluster(*member)).collect();
    sets.dedup();
    found.interval = found.interval.filter(|_| sets.len() >= FEWEST_SETS);
    found
}
