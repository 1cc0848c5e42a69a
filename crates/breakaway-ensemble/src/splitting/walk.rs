//! A simulation on its way to a goal, and how near it came.

use super::Goal;
use super::progress::{Progress, compares, shows_on_its_day};
use crate::claim_monitor::Verdict;
use crate::context::{Stopped, Task};
use crate::plan::Plan;
use crate::simulate::{MemberSpec, RunningVector, STAGE};
use breakaway_model::lanes::{Lane, WIDTH};
use breakaway_model::params::Params;
use breakaway_scenario::claim::Statement;

/// How one simulation came towards one goal.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    pub(super) spec: MemberSpec,
    /// Each day on which it came nearer than ever before, with its score then; 1 where the goal was reached.
    best: Vec<(u32, f32)>,
    /// What became of the goal's claim.
    pub(super) verdict: Verdict,
}

impl Walk {
    /// How near it came.
    pub(super) fn nearest(&self) -> f32 {
        self.best.last().map_or(0.0, |(_, score)| *score)
    }

    /// Whether it reached the goal.
    pub(super) fn arrived(&self) -> bool {
        self.nearest() >= 1.0
    }

    /// The first day on which it came nearer than a level; day 0 where it never did.
    pub(super) fn first_above(&self, level: f32) -> u32 {
        self.best.iter().find(|(_, score)| *score > level).map_or(0, |(day, _)| *day)
    }

    /// The same past until it first came nearer than a level, and from then on the chance of a number.
    pub(super) fn branched(&self, level: f32, number: u32) -> MemberSpec {
        let day = self.first_above(level);
        let mut spec = self.spec.clone();
        spec.reseeds.retain(|(turn, _)| *turn < day);
        spec.reseeded(day, number)
    }
}

/// The statements that a goal is reached by.
fn statements<'a>(plan: &Plan<'a>, goal: &Goal) -> Vec<&'a Statement> {
    let claim = &plan.scenario.claims[goal.claim];
    let that = goal.whole.then_some(&claim.that);
    claim.given.iter().chain(that).collect()
}

/// Whether a goal's claim, or its condition, compares a lever.
pub(super) fn compares_a_lever(plan: &Plan, goal: &Goal) -> bool {
    let claims = &plan.scenario.claims;
    let claim = &claims[goal.claim];
    claim.given.iter().chain([&claim.that]).any(|that| compares(that, claims))
}

/// By goal and member: each day on which it came nearer than ever before, with its score then.
type Nearest = Vec<Vec<Vec<(u32, f32)>>>;

/// Simulates the members of one vector until a day, and sees how near they come to some goals.
fn watch<'a>(
    plan: &'a Plan<'a>,
    params: &'a Params,
    specs: &[MemberSpec],
    wanted: &[Vec<&'a Statement>],
    until: u32,
    task: &Task,
) -> Result<(RunningVector<'a>, Nearest), Stopped> {
    let (world, claims) = (&plan.scenario.world, &plan.scenario.claims);
    let mut numbers = plan.chance(&members(specs));
    let mut running = RunningVector::new(plan, params, numbers);
    let mut progress: Vec<Progress> =
        wanted.iter().map(|statements| Progress::towards(statements, claims, world.days)).collect();
    let mut nearest: Nearest = vec![vec![vec![]; specs.len()]; wanted.len()];
    for day in 0..=until {
        if day.is_multiple_of(STAGE) {
            task.check()?;
        }
        let mut scores: Vec<Lane> = vec![];
        running.day(plan, day, |view, events| {
            scores.extend(progress.iter_mut().map(|progress| progress.score(view, events, day)));
        });
        for (nearest, score) in nearest.iter_mut().zip(&scores) {
            for (nearest, score) in nearest.iter_mut().zip(score.0) {
                if nearest.last().is_none_or(|(_, known)| score > *known) {
                    nearest.push((day, score));
                }
            }
        }
        let reseed = |lane: usize| {
            let reseeds = &specs.get(lane).or(specs.last())?.reseeds;
            reseeds.iter().rfind(|(turn, _)| *turn == day).map(|(_, number)| *number)
        };
        if (0..specs.len()).any(|lane| reseed(lane).is_some()) {
            numbers = std::array::from_fn(|lane| reseed(lane).unwrap_or(numbers[lane]));
            running.reseed(numbers, task)?;
        }
    }
    Ok((running, nearest))
}

/// The members of a vector; the last fills it up.
fn members(specs: &[MemberSpec]) -> [u32; WIDTH] {
    std::array::from_fn(|lane| specs.get(lane).or(specs.last()).map_or(0, |spec| spec.member))
}

/// How near some members come to some goals until a day: by goal and member.
pub(super) fn scores(
    plan: &Plan,
    specs: &[MemberSpec],
    goals: &[Goal],
    until: u32,
    task: &Task,
) -> Result<Vec<Vec<f64>>, Stopped> {
    let wanted: Vec<Vec<&Statement>> = goals.iter().map(|goal| statements(plan, goal)).collect();
    let params = plan.lanes(&members(specs));
    let (_, nearest) = watch(plan, &params, specs, &wanted, until, task)?;
    let last = |best: &Vec<(u32, f32)>| best.last().map_or(0.0, |(_, score)| f64::from(*score));
    Ok(nearest.iter().map(|members| members.iter().map(last).collect()).collect())
}

/// How some members come to some goals: by goal and member.
pub(super) fn walks(
    plan: &Plan,
    specs: &[MemberSpec],
    goals: &[Goal],
    task: &Task,
) -> Result<Vec<Vec<Walk>>, Stopped> {
    let (days, claims) = (plan.scenario.world.days, &plan.scenario.claims);
    let wanted: Vec<Vec<&Statement>> = goals.iter().map(|goal| statements(plan, goal)).collect();
    let params = plan.lanes(&members(specs));
    let (running, nearest) = watch(plan, &params, specs, &wanted, days, task)?;
    let faults = running.faults();
    let also: Vec<&Statement> = wanted.iter().flatten().copied().collect();
    let ends = running.end(plan, &also, task)?;
    let mut all = vec![];
    let mut first = 0;
    for ((goal, wanted), nearest) in goals.iter().zip(&wanted).zip(nearest) {
        let shows = wanted.iter().all(|that| shows_on_its_day(that, claims));
        let mut walks = vec![];
        for (lane, mut best) in nearest.into_iter().enumerate() {
            let came: Option<Vec<u32>> =
                ends[lane].also[first..first + wanted.len()].iter().copied().collect();
            let day = came.and_then(|days| days.into_iter().max()).filter(|_| faults[lane].is_none());
            if let Some(day) = day.map(|day| if shows { day } else { days }) {
                best.retain(|(at, _)| *at < day);
                best.push((day, 1.0));
            }
            walks.push(Walk { spec: specs[lane].clone(), best, verdict: ends[lane].verdicts[goal.claim] });
        }
        first += wanted.len();
        all.push(walks);
    }
    Ok(all)
}
