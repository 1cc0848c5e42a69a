//! Battles: two forces in one sector, nothing but attrition.

use crate::Check;
use crate::small::{advance_to, members, only, params};
use breakaway_ensemble::{Context, Stopped, Task};
use breakaway_model::MemberVector;
use breakaway_model::lanes::WIDTH;
use breakaway_model::params::Params;
use breakaway_model::world::{Polity, Region, Sector, Side, World};

/// Steps of the mechanism to a unit of time: its steps are days, the laws are differential.
const STEPS: u32 = 50;
/// Soldiers to one of the published example, where the law does not depend on the scale: rounding
/// to whole soldiers and chance vanish.
const SCALE: f64 = 1000.0;

fn battle(soldiers: [f64; 2], quality: [f64; 2]) -> World {
    let side = |k: usize| Side {
        polity: k,
        soldiers: soldiers[k].round() as i32,
        establishment: soldiers[k].round() as i32,
        quality: quality[k] as f32,
        cohesion: 1.0,
        supply: 1.0,
        depth: 1000.0,
        ..Side::default()
    };
    let region = |polity| Region { population: 1000, polity, ..Region::default() };
    let polity = |k: usize| Polity {
        regions: k..k + 1,
        capital: k,
        strength: 0.8,
        baseline: 0.8,
        ..Polity::default()
    };
    let sector = Sector { sides: [side(0), side(1)], tempo: 1.0, importance: 1.0, ..Sector::default() };
    let world = World {
        days: 1_000_000,
        regions: vec![region(0), region(1)],
        polities: vec![polity(0), polity(1)],
        sectors: vec![sector],
        ..World::default()
    };
    only(world.settle(), "combat")
}

/// Losses of `rate` a unit of time to one of equal quality, at a shape of Helmbold's law.
fn attrition(rate: f64, shape: f64) -> Params {
    params(&[
        ("combat.attrition", rate / f64::from(STEPS)),
        ("combat.shape", shape),
        ("combat.intensity", 0.0),
        ("combat.speed", 0.0),
        ("combat.entrench_gain", 0.0),
    ])
}

fn each(members: &MemberVector) -> [[i32; WIDTH]; 2] {
    [0, 1].map(|k| members.state.people.count(members.state.layout.soldiers(0, k)).0)
}

/// Means of both sides over the sixteen members.
fn strengths(members: &MemberVector) -> [f64; 2] {
    each(members).map(|lanes| lanes.iter().map(|&n| f64::from(n)).sum::<f64>() / WIDTH as f64)
}

/// Both sides after so much time, in the units of the example: the first loses `a` and the second
/// `b` a unit of time to each enemy.
fn after(
    time: u32,
    start: [f64; 2],
    [a, b]: [f64; 2],
    shape: f64,
    context: &Context,
) -> Result<[f64; 2], Stopped> {
    let world = battle(start.map(|n| n * SCALE), [b / a, 1.0]);
    let params = attrition(a, shape);
    let mut members = members(&world, &params, 0);
    advance_to(&mut members, time * STEPS, context)?;
    Ok(strengths(&members).map(|n| n / SCALE))
}

/// The first side when the second is down to `left`.
fn left_when(
    left: f64,
    start: [f64; 2],
    [a, b]: [f64; 2],
    shape: f64,
    context: &Context,
) -> Result<f64, Stopped> {
    let world = battle(start.map(|n| n * SCALE), [b / a, 1.0]);
    let params = attrition(a, shape);
    let mut members = members(&world, &params, 0);
    while strengths(&members)[1] > left * SCALE {
        members.advance();
        context.check()?;
    }
    Ok(strengths(&members)[0] / SCALE)
}

/// Iwo Jima: soldiers of both sides at the end of each day.
fn iwo_jima(days: u32, context: &Context) -> Result<Vec<[f64; 2]>, Stopped> {
    const TEN: f64 = 10.0;
    let (a, b) = (0.0544, 0.0106);
    let world = battle([0.0, 21_500.0 * TEN], [b / a, 1.0]);
    let params = attrition(a, 0.0);
    let mut members = members(&world, &params, 0);
    let landed = |day: u32| match day {
        0 => 54_000,
        2 => 6000,
        5 => 13_000,
        _ => 0,
    };
    let landing = members.state.layout.soldiers(0, 0);
    let mut all = vec![];
    for day in 0..days {
        for _ in 0..STEPS {
            members.state.people.place(landing, landed(day) * TEN as i32 / STEPS as i32);
            members.advance();
        }
        context.check()?;
        all.push(strengths(&members).map(|n| n / TEN));
    }
    Ok(all)
}

/// Vectors of battles to the end.
const BATCHES: u32 = 250;

/// Share of 4,000 battles to the end that the first side wins.
fn wins(first: i32, second: i32, task: &Task) -> Result<f64, Stopped> {
    let world = battle([f64::from(first), f64::from(second)], [1.0, 1.0]);
    let params = attrition(0.5, 0.0);
    let mut won = 0;
    for batch in 0..BATCHES {
        let mut members = members(&world, &params, batch);
        let mut open = [true; WIDTH];
        while open.contains(&true) {
            members.advance();
            task.check()?;
            let [own, other] = each(&members);
            for lane in (0..WIDTH).filter(|&lane| own[lane] == 0 || other[lane] == 0) {
                won += u32::from(open[lane] && own[lane] > 0);
                open[lane] = false;
            }
        }
        task.advance(1)?;
    }
    Ok(f64::from(won) / f64::from(BATCHES * WIDTH as u32))
}

pub(crate) fn checks(context: &Context) -> Result<Vec<Check>, Stopped> {
    let mut all = vec![];
    let task = context.task("battles", 8 + 2 * u64::from(BATCHES));
    let mut add = |target, what: &str, expected: f64, found: f64, tolerance: f64, source| {
        all.push(Check::within(target, what, (expected, tolerance), found, source));
    };
    let (start, rates) = ([1000.0, 800.0], [0.05, 0.04]);
    let lanchester = "Lanchester 1916, square law";
    for (time, expected) in
        [(1, [960.986_832, 760.786_799]), (5, [823.433_502, 618.412_634]), (10, [688.210_514, 467.874_951])]
    {
        let found = after(time, start, rates, 0.0, context)?;
        task.advance(1)?;
        for k in [0, 1] {
            let what = format!("square law, side {} at time {time}", k + 1);
            add("V1", &what, expected[k], found[k], 0.002 * expected[k], lanchester);
        }
    }
    let survivors = left_when(4.0, start, rates, 0.0, context)?;
    add("V1", "square law, first side when the second is gone", 447.213_595, survivors, 2.0, lanchester);
    let linear = left_when(4.0, start, [0.05, 0.05], 0.5, context)?;
    task.advance(2)?;
    add(
        "V2",
        "linear path, first side when the second is gone",
        204.0,
        linear,
        1.0,
        "Helmbold 1965; b x - a y does not change",
    );
    let helmbold = "Helmbold 1965";
    for (shape, what, expected) in [
        (0.25, "Helmbold's law, w = 3/4", [661.609_788, 492.911_199]),
        (1.0, "logarithmic law, w = 0", [606.530_660, 536.256_037]),
    ] {
        let found = after(10, start, rates, shape, context)?;
        task.advance(1)?;
        for k in [0, 1] {
            let what = format!("{what}, side {} at time 10", k + 1);
            add("V3", &what, expected[k], found[k], 0.002 * expected[k], helmbold);
        }
    }
    let engel = "Engel 1954, exact solution with his coefficients";
    let days = iwo_jima(36, context)?;
    task.advance(1)?;
    for (day, expected) in [
        (1, [52_835.5, 21_220.0]),
        (6, [66_453.7, 18_274.3]),
        (20, [56_063.1, 9268.3]),
        (28, [53_042.4, 4656.4]),
        (36, [51_985.2, 216.8]),
    ] {
        let found = days[day - 1];
        let who = ["United States", "Japan"];
        for k in [0, 1] {
            // The smallest force is what the differences of two large losses leave.
            let tolerance = f64::max(0.005 * expected[k], 60.0);
            add("V4", &format!("Iwo Jima, {} on day {day}", who[k]), expected[k], found[k], tolerance, engel);
        }
    }
    for (first, second, expected) in [(50, 40, 0.966_081_031), (100, 80, 0.995_125_928)] {
        let error = (expected * (1.0 - expected) / 4000.0_f64).sqrt();
        let what = format!("stochastic square law, {first} beat {second}");
        let found = wins(first, second, &task)?;
        add("V6", &what, expected, found, 3.0 * error + 0.005, "exact, by recursion");
    }
    Ok(all)
}
