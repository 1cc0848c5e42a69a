//! Deserters: from the army to the region, to bands, and back.

use crate::Check;
use crate::small::{members, only, params};
use breakaway_ensemble::{Context, Stopped};
use breakaway_model::lanes::{Count, WIDTH};
use breakaway_model::people::{Army, Role};
use breakaway_model::world::{Polity, Region, World};

/// The mechanism computes by weeks, the chain is differential: rates are taken this many times
/// slower, and time as much longer.
const SLOWER: f64 = 40.0;
const ARMY: i32 = 1_000_000;

/// Soldiers, deserters and band members, per hundred soldiers at first, after months of the chain.
fn chain(months: &[u32], context: &Context) -> Result<Vec<[f64; 3]>, Stopped> {
    let (d, r, b, s) = (0.03 / SLOWER, 0.2 / SLOWER, 0.1 / SLOWER, 0.05 / SLOWER);
    let region = Region { population: 10_000_000, guards: 10_000, ..Region::default() };
    let polity = Polity { regions: 0..1, strength: 0.8, baseline: 0.8, reserve: ARMY, ..Polity::default() };
    let world = World { days: 1_000_000, regions: vec![region], polities: vec![polity], ..World::default() };
    let world = only(world.settle(), "home");
    // Guards at full strength and nobody in office: deserters are caught at the rate r and band
    // at the rate b.
    let params = params(&[
        ("home.caught", r),
        ("home.banding", b),
        ("home.armed", 1.0),
        ("home.suppression", s),
        ("home.amnesty", 0.0),
        ("home.disbanding", 0.0),
        ("home.joining", 0.0),
        ("home.growth", 0.0),
        ("home.displacement", 0.0),
    ]);
    let mut members = members(&world, &params, 0);
    let layout = members.state.layout.clone();
    let (army, deserters, bands) =
        (layout.army(0, Army::Reserve), layout.region(0, Role::Deserter), layout.region(0, Role::Band));
    let task = context.task("chain of desertion", months.len() as u64);
    let mut all = vec![];
    for &month in months {
        let until = (f64::from(month) * SLOWER * 30.4375).round() as u32;
        while members.day() < until {
            // Leaving the army is another mechanism's: the chain's rate, day by day.
            let leaving =
                members.state.people.count(army).0.map(|n| (f64::from(n) * d / 30.4375).round() as i32);
            members.state.people.transfer(army, deserters, Count(leaving));
            members.advance();
            task.check()?;
        }
        task.advance(1)?;
        let mean = |stock| {
            let sum: i64 = members.state.people.count(stock).0.iter().map(|&n| i64::from(n)).sum();
            sum as f64 / WIDTH as f64 / f64::from(ARMY) * 100.0
        };
        all.push([mean(army), mean(deserters), mean(bands)]);
    }
    Ok(all)
}

pub(crate) fn checks(context: &Context) -> Result<Vec<Check>, Stopped> {
    let published = [
        (1, [97.311_293, 2.553_964, 0.132_466]),
        (6, [89.239_746, 7.703_818, 2.733_285]),
        (12, [83.593_911, 8.408_342, 6.301_960]),
    ];
    let found = chain(&published.map(|(month, _)| month), context)?;
    let mut all = vec![];
    for ((month, expected), found) in published.into_iter().zip(found) {
        for (k, who) in ["soldiers", "deserters", "band members"].into_iter().enumerate() {
            let what = format!("chain of desertion, {who} after {month} months");
            let expected = (expected[k], 0.015 * expected[k]);
            all.push(Check::within("V20", what, expected, found[k], "exact solution of the linear chain"));
        }
    }
    Ok(all)
}
