//! Civil violence on a grid.

use crate::Check;
use crate::agents::{AgentGrid, AgentSetup};
use crate::small::{advance_to, members, only, params};
use breakaway_ensemble::parallel::try_map;
use breakaway_ensemble::{Context, Stopped, Task};
use breakaway_model::lanes::Lane;
use breakaway_model::mechanism::citizens::arrest_probability;
use breakaway_model::world::{Polity, Region, World};

const EPSTEIN: &str = "Epstein 2002, model I";
/// Re-runs of the model as its two public versions have it, 20 seeds.
const RERUN: &str = "Epstein 2002, model I, re-run with the floor of its public versions";
const STEPS: usize = 1800;

/// Active citizens step by step; `before` may change the grid before each step.
fn actives_with(
    setup: AgentSetup,
    steps: usize,
    task: &Task,
    before: impl Fn(&mut AgentGrid, usize),
) -> Result<Vec<usize>, Stopped> {
    let mut grid = AgentGrid::new(setup);
    let one = |step| {
        task.check()?;
        before(&mut grid, step);
        grid.step();
        Ok(grid.counts().0)
    };
    (0..steps).map(one).collect()
}

/// Active citizens step by step.
fn actives(setup: AgentSetup, task: &Task) -> Result<Vec<usize>, Stopped> {
    let all = actives_with(setup, STEPS, task, |_, _| ())?;
    task.advance(1)?;
    Ok(all)
}

/// Active citizens step by step, of some seeds.
fn seeds(setup: AgentSetup, seeds: u64, task: &Task) -> Result<Vec<Vec<usize>>, Stopped> {
    let seeds: Vec<u64> = (1..=seeds).collect();
    try_map(task.context(), &seeds, |&seed| actives(AgentSetup { seed, ..setup }, task))
}

fn mean(all: &[usize]) -> f64 {
    all.iter().sum::<usize>() as f64 / all.len() as f64
}

/// Share of the citizens who are active where there is no cop, over ten grids.
fn without_cops(legitimacy: f64, task: &Task) -> Result<f64, Stopped> {
    let mut sum = 0.0;
    for seed in 1..=10 {
        let mut grid = AgentGrid::new(AgentSetup { legitimacy, cops: 0.0, seed, ..AgentSetup::default() });
        grid.step();
        sum += grid.counts().0 as f64 / grid.agents() as f64;
        task.check()?;
    }
    task.advance(1)?;
    Ok(sum / 10.0)
}

/// Over a sweep of cops or guards: the largest rise of participation as they grow denser, and what
/// is left of it at the densest.
fn sweep(participation: &dyn Fn(f64) -> Result<f64, Stopped>) -> Result<(f64, f64), Stopped> {
    let all: Vec<f64> =
        [0.0, 0.005, 0.01, 0.02, 0.04, 0.074].into_iter().map(participation).collect::<Result<_, _>>()?;
    let rise = all.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
    Ok((rise, all[all.len() - 1] / all[0]))
}

/// Participation by the citizens' mechanism where guards are this share of the people.
fn participation(guards: f64, task: &Task) -> Result<f64, Stopped> {
    let people = 100_000;
    let guards = (guards * f64::from(people)) as i32;
    let region = Region { population: people, guards, identity: 0.35, ..Region::default() };
    let polity = Polity { regions: 0..1, strength: 0.6, baseline: 0.6, treasury: 1.0, ..Polity::default() };
    let world = World { days: 400, regions: vec![region], polities: vec![polity], ..World::default() };
    let world = only(world.settle(), "citizens");
    let params = params(&[("citizens.identity", 0.5)]);
    let mut members = members(&world, &params, 0);
    advance_to(&mut members, world.days, task.context())?;
    task.advance(1)?;
    Ok(f64::from(members.state.regions[0].signal.participation.0[0]))
}

/// The largest number of actives after legitimacy falls: bit by bit, or at once.
fn peak(seed: u64, legitimacy: impl Fn(usize) -> f64, steps: usize, task: &Task) -> Result<usize, Stopped> {
    let setup = AgentSetup { cops: 0.074, legitimacy: 0.9, seed, ..AgentSetup::default() };
    let all = actives_with(setup, steps, task, |grid, step| grid.legitimacy = legitimacy(step))?;
    Ok(all.into_iter().max().unwrap_or(0))
}

/// Share of the seeds for which a sudden loss of legitimacy peaks above a gradual one.
fn sudden_wins(pairs: u64, task: &Task) -> Result<f64, Stopped> {
    let seeds: Vec<u64> = (1..=pairs).collect();
    let wins = try_map(task.context(), &seeds, |&seed| {
        let falling = |step: usize| 0.9 - 0.01 * (step.saturating_sub(77).min(20)) as f64;
        let gradual = peak(seed, falling, 98, task)?;
        let sudden = peak(seed, |step| if step < 77 { 0.9 } else { 0.7 }, 100, task)?;
        task.advance(1)?;
        Ok(sudden > gradual)
    })?;
    Ok(wins.iter().filter(|win| **win).count() as f64 / pairs as f64)
}

/// Grids of which progress is reported: with legitimacies, and in the long runs.
const GRIDS: u64 = 5;
const LONG_GRIDS: u64 = 20 + 1 + 6 * 8 + 2 * 6 + PAIRS;
/// Pairs of a sudden and a gradual loss of legitimacy.
const PAIRS: u64 = 100;

pub(crate) fn checks(quick: bool, context: &Context) -> Result<Vec<Check>, Stopped> {
    let mut all = vec![];
    let task = &context.task("agents on a grid", if quick { GRIDS } else { GRIDS + LONG_GRIDS });
    let mut add = |target, what: &str, expected: f64, found: f64, tolerance: f64, source| {
        all.push(Check::within(target, what, (expected, tolerance), found, source));
    };
    let certain = arrest_probability(Lane::splat(2.3), Lane::ONE, Lane::ONE).0[0];
    add("V13", "arrest probability at one cop to an active", 0.899_741, f64::from(certain), 1e-5, EPSTEIN);
    for (legitimacy, expected) in
        [(0.7, 0.666_667), (0.8, 0.5), (0.82, 0.444_444), (0.85, 1.0 / 3.0), (0.89, 0.090_909)]
    {
        let error = (expected * (1.0 - expected) / 11_200.0_f64).sqrt();
        let what = format!("active share without cops, legitimacy {legitimacy}");
        add("V13", &what, expected, without_cops(legitimacy, task)?, 3.0 * error, EPSTEIN);
    }
    if quick {
        return Ok(all);
    }
    let runs = seeds(AgentSetup::default(), 20, task)?;
    let found = runs.iter().map(|run| mean(run)).sum::<f64>() / 20.0;
    add("V14", "mean number of actives, 4 % cops", 35.6, found, 0.15 * 35.6, RERUN);
    let quiet = runs.iter().flatten().filter(|n| **n < 10).count() as f64 / (20 * STEPS) as f64;
    add("V14", "share of steps with fewer than ten", 0.63, quiet, 0.1, RERUN);
    let bursts = |run: &Vec<usize>| run.windows(2).filter(|pair| pair[0] < 50 && pair[1] >= 50).count();
    let often = runs.iter().map(bursts).sum::<usize>() as f64 / 20.0;
    add("V14", "bursts (from below to 50 or more) in 1,800 steps", 67.0, often, 0.25 * 67.0, RERUN);
    let smooth = actives(AgentSetup { floor: false, ..AgentSetup::default() }, task)?;
    add("V14", "mean number of actives without the floor", 0.64, mean(&smooth), 0.6, RERUN);
    add("V14", "bursts without the floor", 0.0, bursts(&smooth) as f64, 0.0, RERUN);
    for (cops, expected) in
        [(0.0, 500.0), (0.01, 260.0), (0.02, 63.0), (0.03, 41.0), (0.05, 18.0), (0.074, 0.2)]
    {
        let means: Vec<f64> = seeds(AgentSetup { cops, ..AgentSetup::default() }, 8, task)?
            .iter()
            .map(|run| mean(run))
            .collect();
        let found = means.iter().sum::<f64>() / 8.0;
        let spread = (means.iter().map(|x| (x - found).powi(2)).sum::<f64>() / 7.0).sqrt();
        // A fifth, or three standard errors of the published mean of four seeds and ours of eight.
        let tolerance = f64::max(0.2 * expected, 3.0 * spread * (1.0_f64 / 4.0 + 1.0 / 8.0).sqrt());
        let what = format!("mean number of actives, {:.1} % cops", cops * 100.0);
        add("V15", &what, expected, found, tolerance, RERUN);
    }
    let agents = |cops| Ok(mean(&actives(AgentSetup { cops, ..AgentSetup::default() }, task)?) / 1120.0);
    let citizens = |guards| participation(guards, task);
    for (who, (rise, left)) in [("agents", sweep(&agents)?), ("the citizens' mechanism", sweep(&citizens)?)] {
        let what = format!("largest rise of participation as cops grow denser, {who}");
        add("V15", &what, 0.0, rise, 0.01, "docking: both fall");
        let what = format!("participation at 7.4 % cops over that without, {who}");
        add("V15", &what, 0.0, left, 0.05, "docking: both tip into silence");
    }
    let what =
        "share of pairs in which a sudden loss of legitimacy from 0.9 to 0.7 peaks above a gradual one";
    add("V16", what, 1.0, sudden_wins(PAIRS, task)?, 0.05, RERUN);
    Ok(all)
}
