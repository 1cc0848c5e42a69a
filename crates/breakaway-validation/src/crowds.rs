//! Crowds: regions that see each other, each a person with a threshold.

use crate::Check;
use crate::small::{advance_to, members, only, params};
use breakaway_ensemble::{Context, Stopped, Task};
use breakaway_model::rng::philox;
use breakaway_model::world::{Polity, Region, World};
use std::collections::BTreeSet;

/// How little below its threshold a share already moves a person, and how sharply.
const SLACK: f64 = 0.004;
const SPREAD: f64 = 0.0004;

/// Runs a crowd to rest; the share that takes part. Person `i` joins when the share of
/// the neighbours who take part reaches the person's threshold.
fn settled(thresholds: &[f64], neighbours: &[Vec<usize>], days: u32, task: &Task) -> Result<f64, Stopped> {
    let region = |i: usize| Region {
        population: 1000,
        identity: (1.0 - thresholds[i]) as f32,
        neighbours: neighbours[i].clone(),
        ..Region::default()
    };
    let n = thresholds.len();
    let polity = Polity { regions: 0..n, strength: 1.0, baseline: 1.0, treasury: 1.0, ..Polity::default() };
    let world =
        World { days, regions: (0..n).map(region).collect(), polities: vec![polity], ..World::default() };
    let world = only(world.settle(), "citizens");
    let params = params(&[
        ("citizens.identity", 1.0),
        ("citizens.threshold", 1.0 - SLACK),
        ("citizens.bandwagon", 1.0),
        ("citizens.contagion", 1.0),
        ("citizens.organisation", 0.0),
        ("citizens.spread", SPREAD),
        ("citizens.response_days", 2.0),
    ]);
    let mut members = members(&world, &params, 0);
    advance_to(&mut members, world.days, task.context())?;
    task.advance(1)?;
    let active = |r: &usize| members.state.regions[*r].signal.participation.0[0] > 0.5;
    Ok((0..n).filter(active).count() as f64 / n as f64)
}

/// Everybody sees everybody else.
fn all_see_all(thresholds: &[f64], days: u32, task: &Task) -> Result<f64, Stopped> {
    let n = thresholds.len();
    let neighbours: Vec<Vec<usize>> = (0..n).map(|i| (0..n).filter(|&j| j != i).collect()).collect();
    // A share of all is compared with a share of the others.
    let others: Vec<f64> = thresholds.iter().map(|t| t * n as f64 / (n - 1) as f64).collect();
    settled(&others, &neighbours, days, task)
}

/// A random graph in which a person has `mean` neighbours on average (Erdős and Rényi).
fn random_graph(n: usize, mean: f64, seed: u32) -> Vec<Vec<usize>> {
    let links = (mean * n as f64 / 2.0).round() as usize;
    let mut seen = BTreeSet::new();
    let mut at = 0;
    while seen.len() < links {
        let [a, b, ..] = philox([at, 0, 0, 0], [seed, 7]);
        at += 1;
        let (a, b) = (a as usize % n, b as usize % n);
        if a != b {
            seen.insert((a.min(b), a.max(b)));
        }
    }
    let mut neighbours = vec![vec![]; n];
    for (a, b) in seen {
        neighbours[a].push(b);
        neighbours[b].push(a);
    }
    neighbours
}

/// Final share of a cascade on a random graph from a seed of this share.
fn cascade(mean: f64, seeds: f64, task: &Task) -> Result<f64, Stopped> {
    const PEOPLE: usize = 5000;
    let first = (seeds * PEOPLE as f64).round() as usize;
    let thresholds: Vec<f64> = (0..PEOPLE).map(|i| if i < first { -0.01 } else { 0.18 }).collect();
    settled(&thresholds, &random_graph(PEOPLE, mean, 3), 400, task)
}

pub(crate) fn checks(context: &Context) -> Result<Vec<Check>, Stopped> {
    let mut all = vec![];
    let task = context.task("crowds", 11);
    let mut add = |target, what: &str, expected: f64, found: f64, tolerance: f64, source| {
        all.push(Check::within(target, what, (expected, tolerance), found, source));
    };
    let granovetter = "Granovetter 1978";
    let mut thresholds: Vec<f64> = (0..100).map(|i| f64::from(i) / 100.0).collect();
    add(
        "V8",
        "rioters of 100 with thresholds 0 to 99",
        100.0,
        100.0 * all_see_all(&thresholds, 400, &task)?,
        0.0,
        granovetter,
    );
    thresholds[1] = 0.02;
    add(
        "V8",
        "rioters of 100 when the threshold 1 is replaced by 2",
        1.0,
        100.0 * all_see_all(&thresholds, 400, &task)?,
        0.0,
        granovetter,
    );
    let kuran: [(&str, [u32; 10], f64); 4] = [
        ("A", [0, 20, 20, 30, 40, 50, 60, 70, 80, 100], 0.1),
        ("A'", [0, 10, 20, 30, 40, 50, 60, 70, 80, 100], 0.9),
        ("B", [0, 20, 30, 30, 40, 50, 60, 70, 80, 100], 0.1),
        ("B'", [0, 10, 30, 30, 40, 50, 60, 70, 80, 100], 0.2),
    ];
    for (name, thresholds, expected) in kuran {
        let thresholds = thresholds.map(|t| f64::from(t) / 100.0);
        let what = format!("share of the opposition in society {name}");
        add("V9", &what, expected, all_see_all(&thresholds, 200, &task)?, 1e-9, "Kuran 1991");
    }
    for (mean, seeds, expected) in [
        (1.5, 0.05, 0.630_487),
        (3.0, 0.01, 0.941_201),
        (5.0, 0.01, 0.993_095),
        (6.0, 0.01, 0.997_509),
        (8.0, 0.0002, 0.000_444),
    ] {
        let what = format!("cascade at threshold 0.18, {mean} neighbours, seed {seeds}");
        add("V11", &what, expected, cascade(mean, seeds, &task)?, 0.015, "Gleeson & Cahalane 2007");
    }
    Ok(all)
}
