//! Luck or ignorance: where a claim's uncertainty comes from, and what more members would bring.

use crate::finding::{Cell, Finding, Table, percent};
use crate::resample::{interval, resampled};
use breakaway_ensemble::Design;
use breakaway_ensemble::tally::Tally;

/// Samples of an interval.
const RESAMPLES: usize = 1000;

/// Splits a claim's variance into parameter draws and luck, and shows how its estimate settled.
pub fn luck_or_ignorance(finding: &mut Finding, tally: &Tally, design: Design) {
    let replicates = design.replicates;
    let (Some(p), Some(error)) = (tally.probability(), tally.error()) else { return };
    let draws = tally.clusters();
    let samples: Vec<Tally> = resampled(draws, RESAMPLES, 1).map(|chosen| tally.resampled(&chosen)).collect();
    let of = |estimate: fn(&Tally) -> Option<f64>| interval(samples.iter().filter_map(estimate).collect());
    let mut table =
        Table::new("split", "Where the uncertainty comes from", &["what", "estimate", "95 % interval"]);
    let row = |table: &mut Table, what: &str, x: Option<f64>, (low, high): (f64, f64)| {
        let between = if low.is_nan() { Cell::Nothing } else { Cell::Between(low, high) };
        table.row([Cell::text(what), Cell::share(x), between]);
    };
    row(&mut table, "probability", Some(p), of(Tally::probability));
    let ignorance = tally.correlation();
    let (low, high) = of(Tally::correlation);
    row(&mut table, "share of variance between parameter draws (ignorance)", ignorance, (low, high));
    let luck = ignorance.map(|share| 1.0 - share);
    row(&mut table, "share of variance within draws (luck)", luck, (1.0 - high, 1.0 - low));
    finding.tables.push(table);
    finding.tables.push(settled(tally));
    match ignorance {
        _ if replicates < 2 => {
            finding.say("With one member a draw, luck and ignorance cannot be told apart: run with `--replicates 2` or more.");
        }
        None => {}
        Some(share) => {
            let what = if share > 0.5 { "ignorance of the parameters" } else { "luck" };
            let halves = 3 * u64::from(design.members());
            finding.say(format!(
                "{} of the claim's variance lies between parameter draws: most of what is uncertain is {what}. \
                 The Monte Carlo error is {:.1} points; {halves} more members would halve it.",
                percent(share),
                error * 100.0
            ));
            let own = 1.0 / f64::from(replicates);
            if share < 0.5 * own {
                finding.say("More members a draw and more draws do the same here; parameters hardly matter.");
            } else if f64::from(replicates) > 1.0 + 2.0 * (1.0 - share) / share {
                finding.say("More draws with fewer members each would narrow it faster.");
            }
        }
    }
}

/// The estimate from the first eighth, quarter, half, and all of the draws.
fn settled(tally: &Tally) -> Table {
    let caption = "How the estimate settled as members came in";
    let mut table =
        Table::new("convergence", caption, &["draws or base points", "members", "probability", "error"]);
    let draws = tally.clusters();
    for part in [8, 4, 2, 1] {
        let some: Vec<u32> = (0..(draws / part) as u32).collect();
        let first = tally.resampled(&some);
        let error = Cell::share(first.error());
        let count = |n: usize| Cell::Count(n as i64);
        if let Some(p) = first.probability() {
            table.row([count(some.len()), count(first.counted() as usize), Cell::Share(p), error]);
        }
    }
    table
}
