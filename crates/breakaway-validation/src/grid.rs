//! Civil violence on a grid.

use crate::Check;
use crate::agents::{Grid, Setup};
use crate::small::{members, only, params};
use breakaway_model::lanes::Lane;
use breakaway_model::mechanism::citizens::arrest_probability;
use breakaway_model::world::{Polity, Region, World};
use rayon::prelude::*;

const EPSTEIN: &str = "Epstein 2002, model I";
/// Re-runs of the model as its two public versions have it, 20 seeds.
const RERUN: &str = "Epstein 2002, model I, re-run with the floor of its public versions";
const STEPS: usize = 1800;

/// Active citizens step by step.
fn actives(setup: Setup, steps: usize) -> Vec<usize> {
    let mut grid = Grid::new(setup);
    let one = |_| {
        grid.step();
        grid.counts().0
    };
    (0..steps).map(one).collect()
}

/// Active citizens step by step, of some seeds.
fn seeds(setup: Setup, seeds: u64) -> Vec<Vec<usize>> {
    (1..=seeds).into_par_iter().map(|seed| actives(Setup { seed, ..setup }, STEPS)).collect()
}

fn mean(all: &[usize]) -> f64 {
    all.iter().sum::<usize>() as f64 / all.len() as f64
}

/// Share of the citizens who are active where there is no cop, over ten grids.
fn without_cops(legitimacy: f64) -> f64 {
    let share = |seed| {
        let mut grid = Grid::new(Setup { legitimacy, cops: 0.0, seed, ..Setup::default() });
        grid.step();
        grid.counts().0 as f64 / grid.agents() as f64
    };
    (1..=10).map(share).sum::<f64>() / 10.0
}

/// Over a sweep of cops or guards: the largest rise of participation as they grow denser, and what
/// is left of it at the densest.
fn sweep(participation: &dyn Fn(f64) -> f64) -> (f64, f64) {
    let all = [0.0, 0.005, 0.01, 0.02, 0.04, 0.074].map(participation);
    let rise = all.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
    (rise, all[all.len() - 1] / all[0])
}

/// What the citizens' mechanism comes to where guards are so large a share of the people.
fn participation(guards: f64) -> f64 {
    let people = 100_000;
    let guards = (guards * f64::from(people)) as i32;
    let region = Region { population: people, guards, identity: 0.35, ..Region::default() };
    let polity = Polity { regions: 0..1, strength: 0.6, baseline: 0.6, treasury: 1.0, ..Polity::default() };
    let world = World { days: 400, regions: vec![region], polities: vec![polity], ..World::default() };
    let world = only(world.settle(), "citizens");
    let params = params(&[("citizens.identity", 0.5)]);
    let mut members = members(&world, &params, 0);
    while members.day() < world.days {
        members.advance();
    }
    f64::from(members.state.regions[0].signal.participation.0[0])
}

/// The largest number of actives after legitimacy falls: bit by bit, or at once.
fn peak(seed: u64, legitimacy: impl Fn(usize) -> f64, steps: usize) -> usize {
    let mut grid = Grid::new(Setup { cops: 0.074, legitimacy: 0.9, seed, ..Setup::default() });
    let one = |step| {
        grid.legitimacy = legitimacy(step);
        grid.step();
        grid.counts().0
    };
    (0..steps).map(one).max().unwrap_or(0)
}

pub(crate) fn checks(quick: bool) -> Vec<Check> {
    let mut all = vec![];
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
        add("V13", &what, expected, without_cops(legitimacy), 3.0 * error, EPSTEIN);
    }
    if quick {
        return all;
    }
    let runs = seeds(Setup::default(), 20);
    let found = runs.iter().map(|run| mean(run)).sum::<f64>() / 20.0;
    add("V14", "mean number of actives, 4 % cops", 35.6, found, 0.15 * 35.6, RERUN);
    let quiet = runs.iter().flatten().filter(|n| **n < 10).count() as f64 / (20 * STEPS) as f64;
    add("V14", "share of steps with fewer than ten", 0.63, quiet, 0.1, RERUN);
    let bursts = |run: &Vec<usize>| run.windows(2).filter(|pair| pair[0] < 50 && pair[1] >= 50).count();
    let often = runs.iter().map(bursts).sum::<usize>() as f64 / 20.0;
    add("V14", "bursts (from below to 50 or more) in 1,800 steps", 67.0, often, 0.25 * 67.0, RERUN);
    let smooth = actives(Setup { floor: false, ..Setup::default() }, STEPS);
    add("V14", "mean number of actives without the floor", 0.64, mean(&smooth), 0.6, RERUN);
    add("V14", "bursts without the floor", 0.0, bursts(&smooth) as f64, 0.0, RERUN);
    for (cops, expected) in
        [(0.0, 500.0), (0.01, 260.0), (0.02, 63.0), (0.03, 41.0), (0.05, 18.0), (0.074, 0.2)]
    {
        let means: Vec<f64> =
            seeds(Setup { cops, ..Setup::default() }, 8).iter().map(|run| mean(run)).collect();
        let found = means.iter().sum::<f64>() / 8.0;
        let spread = (means.iter().map(|x| (x - found).powi(2)).sum::<f64>() / 7.0).sqrt();
        // A fifth, or three standard errors of the published mean of four seeds and ours of eight.
        let tolerance = f64::max(0.2 * expected, 3.0 * spread * (1.0_f64 / 4.0 + 1.0 / 8.0).sqrt());
        let what = format!("mean number of actives, {:.1} % cops", cops * 100.0);
        add("V15", &what, expected, found, tolerance, RERUN);
    }
    let agents = |cops| mean(&actives(Setup { cops, ..Setup::default() }, STEPS)) / 1120.0;
    for (who, (rise, left)) in
        [("agents", sweep(&agents)), ("the citizens' mechanism", sweep(&participation))]
    {
        let what = format!("largest rise of participation as cops grow denser, {who}");
        add("V15", &what, 0.0, rise, 0.01, "docking: both fall");
        let what = format!("participation at 7.4 % cops over that without, {who}");
        add("V15", &what, 0.0, left, 0.05, "docking: both tip into silence");
    }
    let pairs = 100;
    let wins = (1..=pairs as u64)
        .into_par_iter()
        .filter(|&seed| {
            let gradual = peak(seed, |step| 0.9 - 0.01 * (step.saturating_sub(77).min(20)) as f64, 98);
            let sudden = peak(seed, |step| if step < 77 { 0.9 } else { 0.7 }, 100);
            sudden > gradual
        })
        .count();
    let what =
        "share of pairs in which a sudden loss of legitimacy from 0.9 to 0.7 peaks above a gradual one";
    add("V16", what, 1.0, wins as f64 / f64::from(pairs), 0.05, RERUN);
    all
}
