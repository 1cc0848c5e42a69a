//! Two scenarios on common random numbers: what a change changes.

use super::Interval;
use super::attribution::{Attribution, Line, attribute};
use super::equal_worlds::{LikelyReason, likely_reason};
use crate::Error;
use crate::methods::paired_difference::{Difference, Paired, Sums, beyond_chance, difference, paired};
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_ensemble::parameter_source::PosteriorRecord;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, Simulated, simulate};
use breakaway_ensemble::{Context, Design, ParameterSource, Plan, Rejected, Stopped};
use breakaway_model::dispatch::Simd;
use breakaway_model::entity::EntityKind;
use breakaway_model::observe::{OBSERVABLES, Observable};
use breakaway_scenario::Scenario;
use serde::{Deserialize, Serialize};

/// A scenario with what its parameters are drawn from.
pub struct Side<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Where parameters come from.
    pub source: &'a ParameterSource,
}

/// What a change changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Names of the two scenarios.
    pub scenarios: [String; 2],
    /// What differs, in a few words.
    pub change: String,
    /// Days of the two scenarios.
    pub days: [u32; 2],
    /// Parameter sets.
    pub draws: u32,
    /// Simulations that are compared.
    pub simulations: usize,
    /// Whether the same simulations are compared one by one; else two probabilities of runs that have nothing in common.
    pub paired: bool,
    /// Simulations that failed in one or the other and are left out.
    pub failed: usize,
    /// Claims that both make.
    pub claims: Vec<ComparedClaim>,
    /// What polities come to on the last day.
    pub observables: Vec<ComparedObservable>,
    /// The posterior of the second scenario's parameters, if any.
    pub posterior: Option<PosteriorRecord>,
    /// Why both are likely to be equal, where every simulation of the one is that of the other to the bit.
    pub equal: Option<LikelyReason>,
    /// What each line of the change does alone to the claims that it moves; none where that was not asked for.
    pub attribution: Option<Vec<Attribution>>,
}

/// A claim in both scenarios.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedClaim {
    /// Identifier.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// How it differs.
    pub difference: Difference,
    /// Whether the difference is beyond chance.
    pub beyond_chance: bool,
}

/// A mean of an observable on the last day, in both scenarios.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedObservable {
    /// Observable.
    pub observable: String,
    /// Identifier of its polity.
    pub entity: String,
    /// Name of its polity.
    pub entity_name: String,
    /// Unit.
    pub unit: String,
    /// Mean in the first scenario.
    pub before: f64,
    /// Mean in the second.
    pub after: f64,
    /// 95 % interval of the difference.
    pub interval: Interval,
    /// Share of the variance of independent runs that common random numbers save.
    pub variance_reduction: Option<f64>,
}

impl Comparison {
    /// Mean share of the variance that common random numbers save, over the claims that differ in any
    /// simulation; none where no claim does.
    pub fn mean_variance_reduction(&self) -> Option<f64> {
        let each: Vec<f64> =
            self.claims.iter().filter_map(|claim| claim.difference.variance_reduction).collect();
        (!each.is_empty()).then(|| each.iter().sum::<f64>() / each.len() as f64)
    }
}

/// One of two worlds, simulated.
struct World<'a> {
    side: &'a Side<'a>,
    outputs: Outputs,
    simulated: Vec<Simulated>,
}

impl<'a> World<'a> {
    fn simulate(
        side: &'a Side<'a>,
        design: Design,
        context: &Context,
        task: &str,
    ) -> Result<World<'a>, Stopped> {
        let world = &side.scenario.world;
        let of_polity = OBSERVABLES.iter().filter(|o| o.of == EntityKind::Polity);
        let series = of_polity.flat_map(|o| (0..world.polities.len()).map(move |k| (o, k))).collect();
        let outputs = Outputs { series, days: vec![world.days], until: None };
        let specs: Vec<MemberSpec> = (0..design.members()).map(MemberSpec::of).collect();
        let plan = Plan::new(side.scenario, side.source.clone(), design, Simd::best());
        let simulated = simulate(&plan, &specs, &outputs, context, task)?;
        Ok(World { side, outputs, simulated })
    }

    /// Whether every simulation is that of another world, to the bit.
    fn is_equal_to(&self, other: &World) -> bool {
        let same = |(a, b): (&Simulated, &Simulated)| {
            let bits = |one: &Simulated| one.values.iter().map(|x| x.to_bits()).collect::<Vec<u32>>();
            a.failed == b.failed && a.events == b.events && bits(a) == bits(b)
        };
        self.simulated.len() == other.simulated.len() && self.simulated.iter().zip(&other.simulated).all(same)
    }

    fn polity(&self, entity: usize) -> &str {
        &self.side.scenario.world.polities[entity].id
    }
}

/// Compares the claims that two scenarios have in common, and what polities come to on the last day,
/// over the members of a design. `change` names what differs. With `lines`, the claims that change beyond chance are
/// attributed to the lines of the change; they are asked for where there are such claims.
///
/// # Errors
/// Where the scenarios have no claim in common, or where the context was cancelled.
pub fn compare(
    before: &Side,
    after: &Side,
    design: Design,
    change: &str,
    lines: Option<&dyn Fn() -> Result<Vec<Line>, Error>>,
    context: &Context,
) -> Result<Comparison, Error> {
    let common =
        |claim: &breakaway_scenario::Claim| before.scenario.claims.iter().any(|own| own.id == claim.id);
    if !after.scenario.claims.iter().any(common) {
        let help = "claims are compared by their identifiers";
        return Err(Rejected::new("the two scenarios have no claim in common", help).into());
    }
    let was = World::simulate(before, design, context, "first scenario")?;
    let is = World::simulate(after, design, context, "second scenario")?;
    let kept: Vec<usize> =
        (0..was.simulated.len()).filter(|&i| !was.simulated[i].failed && !is.simulated[i].failed).collect();
    let group = design.group(&before.source.priors);
    let groups: Vec<u32> = kept.iter().map(|&i| design.draw_of(i as u32) / group).collect();
    let claims = claims(&was, &is, &kept, &groups);
    context.check()?;
    let equal = was
        .is_equal_to(&is)
        .then(|| likely_reason(before.scenario, after.scenario, &before.source.priors, &after.source.priors));
    let moved: Vec<(String, f64)> = claims
        .iter()
        .filter(|claim| claim.beyond_chance)
        .filter_map(|claim| Some((claim.id.clone(), claim.difference.growth?)))
        .collect();
    let attribution = match lines {
        Some(_) if moved.is_empty() => Some(vec![]),
        Some(lines) => {
            let first = (before.scenario, before.source);
            Some(attribute(first, &was.simulated, &lines()?, &moved, design, context)?)
        }
        None => None,
    };
    Ok(Comparison {
        equal,
        attribution,
        scenarios: [before, after].map(|side| side.scenario.name.clone()),
        change: change.into(),
        days: [before, after].map(|side| side.scenario.world.days),
        draws: design.draws,
        simulations: kept.len(),
        paired: true,
        failed: was.simulated.len() - kept.len(),
        claims,
        observables: observables(&was, &is, &kept, &groups, context)?,
        posterior: after.source.posterior.as_ref().map(|posterior| posterior.record(after.scenario)),
    })
}

fn claims(was: &World, is: &World, kept: &[usize], groups: &[u32]) -> Vec<ComparedClaim> {
    let mut all = vec![];
    for (a, claim) in was.side.scenario.claims.iter().enumerate() {
        let Some(b) = is.side.scenario.claims.iter().position(|other| other.id == claim.id) else { continue };
        let verdicts = |world: &World, claim: usize| -> Vec<Verdict> {
            kept.iter().map(|&i| world.simulated[i].verdicts[claim]).collect()
        };
        all.push((claim, difference(groups, &verdicts(was, a), &verdicts(is, b))));
    }
    let beyond = beyond_chance(&all.iter().map(|(_, found)| found).collect::<Vec<_>>());
    let one = |((claim, difference), beyond_chance): ((&breakaway_scenario::Claim, Difference), bool)| {
        ComparedClaim { id: claim.id.clone(), text: claim.text.clone(), difference, beyond_chance }
    };
    all.into_iter().zip(beyond).map(one).collect()
}

fn observables(
    was: &World,
    is: &World,
    kept: &[usize],
    groups: &[u32],
    context: &Context,
) -> Result<Vec<ComparedObservable>, Stopped> {
    let mut all = vec![];
    for (a, &(observable, entity)) in was.outputs.series.iter().enumerate() {
        context.check()?;
        let same = |&(other, k): &(&'static Observable, usize)| {
            other.name == observable.name && is.polity(k) == was.polity(entity)
        };
        let Some(b) = is.outputs.series.iter().position(same) else { continue };
        let values = |world: &World, series: usize| -> Vec<f64> {
            kept.iter().map(|&i| f64::from(world.simulated[i].values[series])).collect()
        };
        let (x, y) = (values(was, a), values(is, b));
        let Paired { before, after, interval, variance_reduction } = paired(&by_group(&x, &y, groups));
        let (Some(before), Some(after)) = (before, after) else { continue };
        all.push(ComparedObservable {
            observable: observable.name.into(),
            entity: was.polity(entity).into(),
            entity_name: was.side.scenario.world.polities[entity].name.clone(),
            unit: observable.unit.into(),
            before,
            after,
            interval,
            variance_reduction,
        });
    }
    Ok(all)
}

/// The values of both worlds, summed by group.
fn by_group(x: &[f64], y: &[f64], groups: &[u32]) -> Vec<Sums> {
    let mut all = vec![Sums::default(); groups.iter().max().map_or(0, |last| *last as usize + 1)];
    for ((x, y), &group) in x.iter().zip(y).zip(groups) {
        let Sums { before, after } = &mut all[group as usize];
        *before = (before.0 + 1.0, before.1 + x);
        *after = (after.0 + 1.0, after.1 + y);
    }
    all.retain(|sums| sums.before.0 > 0.0);
    all
}
