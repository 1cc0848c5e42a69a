//! Rare events: adaptive multilevel splitting (Cérou & Guyader 2007, "Adaptive multilevel splitting for rare event
//! analysis"; without bias as in Bréhier, Gazeau, Goudenège, Lelièvre & Rousset 2016, Annals of Applied Probability 26).
//!
//! Many parameter sets are looked at for some days, and as many simulations as a run has members begin with those that
//! promise most. How near did each come to the goal? Those that came nearest are split: others take the place of the
//! rest that share their past up to the day on which they came so near, and have chance of their own afterwards. Again and
//! again, until enough of them reach the goal. A simulation shares its weight with those that are split off it, and the
//! weights of those that reach the goal are its probability, without bias, whatever the score. Groups of parameter sets
//! that are independent of each other are split each on its own; the differences between them say how precise the estimate is.

mod estimate;
mod pilot;
mod population;
mod progress;
mod rare_claims;
mod sets;
mod walk;

pub use estimate::RareEstimate;
pub use rare_claims::RareClaims;
pub use sets::over_parameter_sets;

use crate::claim_monitor::Verdict;
use crate::context::{Context, Stopped, Task};
use crate::design::{Design, DesignKind, MOST_DRAWS};
use crate::parallel::try_map;
use crate::plan::Plan;
use crate::simulate::MemberSpec;
use breakaway_model::lanes::WIDTH;
use population::{Born, Population};
use walk::walks;

/// What simulations are to reach: the condition of a claim, or the claim (with its condition, if it has one).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// The claim.
    pub claim: usize,
    /// Whether the claim itself is to come true; else its condition alone.
    pub whole: bool,
}

/// How simulations came to a goal.
#[derive(Clone, Debug)]
pub struct Split {
    /// The goal.
    pub goal: Goal,
    /// The groups.
    pub groups: Vec<Group>,
    /// Simulations that reached the goal.
    pub reached: Vec<Reached>,
    /// Most levels of a group; 0 where the goal was reached often enough without any split.
    pub levels: u32,
    /// Simulations that were made; those of some days count in proportion.
    pub simulations: u32,
}

/// A group of parameter sets whose simulations were split among themselves.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Members that it stands for.
    pub members: f64,
    /// Estimated probability of the goal; 0 where no simulation of the group went on at some level.
    pub probability: f64,
}

/// A simulation that reached the goal.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// Its group.
    pub group: usize,
    /// How many of the members it stands for.
    pub weight: f64,
    /// The member that it descends from; it has a parameter set of its own.
    pub start: u32,
    /// What became of the goal's claim.
    pub verdict: Verdict,
}

/// Groups, at most: enough to tell how precise an estimate is.
const GROUPS: u32 = 10;

/// How much is done for a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Simulations that are to reach it, about.
    pub enough: u32,
    /// Parameter sets that are looked at for each that simulations begin with.
    pub looked_at: u32,
}

impl Effort {
    /// What a run does by itself: together no more than it cost before (judgement).
    pub const BY_ITSELF: Effort = Effort { enough: 200, looked_at: 3 };
    /// What it does where somebody asks for it (judgement).
    pub const ASKED: Effort = Effort { enough: 1000, looked_at: 10 };
}

/// Levels after which nobody goes on: 2^-100 is not worth a number (judgement).
const MOST_LEVELS: u32 = 100;

/// Splits simulations of a plan's scenario towards each of some goals, until about enough of them reach it. As many
/// begin as the plan has members (at most 65,536), each with a parameter set of its own.
///
/// # Errors
/// [`Stopped`] where the context was cancelled.
pub fn split(plan: &Plan, goals: &[Goal], effort: Effort, context: &Context) -> Result<Vec<Split>, Stopped> {
    let wanted = plan.design.members();
    let design = match plan.design.draws {
        1 => plan.design,
        _ => Design {
            draws: wanted.saturating_mul(effort.looked_at).min(MOST_DRAWS),
            replicates: 1,
            kind: DesignKind::LatinHypercube,
            ..plan.design
        },
    };
    let plan = bare(plan, goals, design);
    let (begun, looked_at) = pilot::starts(&plan, goals, wanted, context)?;
    let group = |member| group_of(&plan, member);
    let mut all = climb(&plan, goals, &begun, &group, (effort.enough, MOST_LEVELS), context)?;
    all.iter_mut().for_each(|one| one.simulations += looked_at);
    Ok(all)
}

/// The plan of a design without the worlds that no goal compares.
fn bare<'a>(plan: &Plan<'a>, goals: &[Goal], design: Design) -> Plan<'a> {
    let mut own = Plan::new(plan.scenario, plan.source.clone(), design, plan.simd);
    let compared = goals.iter().any(|goal| walk::compares_a_lever(plan, goal));
    own.compared.retain(|_| compared);
    own
}

/// The group of a member: by draws that are independent of each other, or by repeats of the only draw.
fn group_of(plan: &Plan, member: u32) -> usize {
    let design = plan.design;
    let unit = match design.draws {
        1 => design.replicates.div_ceil(GROUPS),
        _ => design.group(&plan.source.priors) * design.replicates,
    };
    let units = design.members().div_ceil(unit.max(1));
    ((member / unit.max(1)) % units.min(GROUPS)) as usize
}

/// Simulates those that all begin with, each with its weight, and goes on from level to level.
fn climb(
    plan: &Plan,
    goals: &[Goal],
    begun: &[(u32, f64)],
    group_of: &(dyn Fn(u32) -> usize + Sync),
    effort: (u32, u32),
    context: &Context,
) -> Result<Vec<Split>, Stopped> {
    let chunks: Vec<&[(u32, f64)]> = begun.chunks(WIDTH).collect();
    let task = context.task("near misses", begun.len() as u64);
    let seen = try_map(context, &chunks, |chunk| {
        let specs: Vec<MemberSpec> = chunk.iter().map(|(member, _)| MemberSpec::of(*member)).collect();
        let seen = walks(plan, &specs, goals, &task)?;
        task.advance(chunk.len() as u64)?;
        Ok(seen)
    })?;
    drop(task);
    let mut sizes = vec![];
    for member in 0..plan.design.members() {
        let group = group_of(member);
        sizes.resize(sizes.len().max(group + 1), 0.0);
        sizes[group] += 1.0;
    }
    let population = |(place, goal): (usize, &Goal)| {
        let own = seen.iter().flat_map(|chunk| &chunk[place]);
        let starts =
            own.zip(begun).map(|(walk, (member, weight))| (group_of(*member), walk.clone(), *weight));
        Population::new(*goal, place, starts, &sizes, effort, plan.scenario.world.days)
    };
    let mut all: Vec<Population> = goals.iter().enumerate().map(population).collect();
    let task = context.task("rare events", all.len() as u64);
    let mut done = 0;
    while all.iter().any(|one| !one.is_done()) {
        go_on(plan, &mut all, &task)?;
        let now = all.iter().filter(|one| one.is_done()).count() as u64;
        task.advance(now - done)?;
        done = now;
    }
    Ok(all.into_iter().map(|one| one.split(begun.len() as u32)).collect())
}

/// One round: each group that is not done loses those that came least near, and others take their place.
fn go_on(plan: &Plan, all: &mut [Population], task: &Task) -> Result<(), Stopped> {
    let born: Vec<Vec<Born>> = all.iter_mut().map(Population::born).collect();
    let mut work: Vec<(Goal, &[Born])> = vec![];
    for (one, born) in all.iter().zip(&born) {
        work.extend(born.chunks(WIDTH).map(|chunk| (one.goal, chunk)));
    }
    let done = try_map(task.context(), &work, |(goal, chunk)| {
        let specs: Vec<MemberSpec> = chunk.iter().map(|born| born.spec.clone()).collect();
        walks(plan, &specs, &[*goal], task)
    })?;
    let mut done = done.into_iter().flatten().flatten();
    for (one, born) in all.iter_mut().zip(&born) {
        for Born { group, weight, .. } in born {
            done.by_ref().take(1).for_each(|walk| one.add(*group, walk, *weight));
        }
        one.end_round();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_model::dispatch::Simd;
    use breakaway_scenario::load_from_memory;

    const CLAIMS: &str = r#"
[claim.falls]
text = "The regime of State A falls."
source = "imaginary"
that = { event = "fall", of = "A" }
[claim.never]
text = "The regime of State B is stronger than any can be, and that of State A falls."
source = "imaginary"
that = { all = [{ observable = "strength", of = "B", above = 0.99 }, { event = "fall", of = "A" }] }
[claim.gone-if-neighbour-routs]
text = "If State B's army routs, the highland region is independent in fact."
source = "imaginary"
given = { event = "rout", of = "river/B" }
that = { event = "independent", of = "highland" }
[claim.holds]
text = "State A's army does not rout, nor does its regime fall."
source = "imaginary"
that = { all = [{ not = { event = "rout", of = "river/A" } }, { not = { claim = "falls" } }] }
"#;

    macro_rules! held {
        ($($name:literal),+) => {
            [$(($name, include_str!(concat!("../../../../scenarios/three-regions/", $name)))),+]
        };
    }

    fn found(goals: &[Goal], threads: usize) -> Vec<Split> {
        let mut files = held!["scenario.toml", "regions.csv", "communities.csv", "links.csv"].to_vec();
        files.push(("claims.toml", CLAIMS));
        let scenario = load_from_memory(&files, &[]).unwrap_or_else(|faults| panic!("{}", faults[0]));
        let design = Design { draws: 80, replicates: 5, seed: 1, kind: DesignKind::LatinHypercube };
        let plan = Plan::new(&scenario, scenario.priors.clone(), design, Simd::best());
        split(&plan, goals, Effort::BY_ITSELF, &Context::new(threads)).expect("not stopped")
    }

    fn goal(claim: usize, whole: bool) -> Goal {
        Goal { claim, whole }
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let goals = [goal(0, true), goal(2, false), goal(2, true)];
        let (one, three) = (found(&goals, 1), found(&goals, 3));
        for (one, three) in one.iter().zip(&three) {
            assert_eq!(one.estimate(), three.estimate());
            assert_eq!(one.share(), three.share());
        }
        // One goal alone begins with other parameter sets, which suit it.
        assert!(found(&goals[1..2], 2)[0].levels > 0);
    }

    #[test]
    fn what_is_not_rare_is_counted_as_it_is() {
        let all = found(&[goal(0, true), goal(3, true)], 2);
        // 12.1 % and 76.8 % of 200,000 plain simulations.
        let [falls, holds] = [&all[0], &all[1]].map(Split::estimate);
        assert!((0.06..0.2).contains(&falls.probability), "{falls:?}");
        assert!((0.6..0.95).contains(&holds.probability) && holds.levels == 0, "{holds:?}");
    }

    #[test]
    fn many_reach_a_rare_condition_and_they_stand_for_few() {
        let all = found(&[goal(2, false)], 2);
        let one = all[0].estimate();
        assert!(one.reached >= 200 && one.families >= 5, "{one:?}");
        // 0.38 % of 200,000 plain simulations.
        assert!(one.interval.0 < 0.0038 && 0.0038 < one.interval.1 && one.interval.1 < 0.05, "{one:?}");
        let weights: f64 = all[0].reached.iter().map(|one| one.weight).sum();
        let members: f64 = all[0].groups.iter().map(|group| group.members).sum();
        assert!((weights / members - one.probability).abs() < 1e-12);
        assert!(all[0].reached.iter().all(|one| one.verdict.counts), "all meet the condition");
    }

    #[test]
    fn what_never_comes_has_a_bound() {
        let one = found(&[goal(1, true)], 2)[0].estimate();
        assert_eq!((one.probability, one.interval.0, one.reached), (0.0, 0.0, 0));
        assert!((0.0005..0.02).contains(&one.interval.1), "{one:?}");
    }
}
