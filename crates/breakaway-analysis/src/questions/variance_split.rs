//! Luck or ignorance: where a claim's uncertainty comes from, and what more members would bring.

use crate::finding::{Cell, Finding, Table, percent};
use crate::pairs::FEWEST;
use crate::resample::{interval, resampled};
use breakaway_ensemble::Design;
use breakaway_ensemble::design::Kind;
use breakaway_ensemble::tally::Tally;

/// Samples of an interval.
const RESAMPLES: usize = 1000;

/// Splits a claim's variance into parameter draws and luck, and shows how its estimate settled.
pub fn luck_or_ignorance(finding: &mut Finding, tally: &Tally, design: Design) {
    let replicates = design.replicates;
    let Some(p) = tally.probability() else { return };
    let draws = tally.clusters();
    let samples: Vec<Tally> = resampled(draws, RESAMPLES, 1).map(|chosen| tally.resampled(&chosen)).collect();
    let of = |estimate: fn(&Tally) -> Option<f64>| match draws {
        0..FEWEST => (f64::NAN, f64::NAN),
        _ => interval(samples.iter().filter_map(estimate).collect()),
    };
    let mut table =
        Table::new("split", "Where the uncertainty comes from", &["what", "estimate", "95 % interval"]);
    let row = |table: &mut Table, what: &str, x: Option<f64>, (low, high): (f64, f64)| {
        table.row([Cell::text(what), Cell::share(x), Cell::Between(low, high)]);
    };
    row(&mut table, "probability", Some(p), of(Tally::probability));
    let ignorance = tally.correlation();
    let (low, high) = of(Tally::correlation);
    row(&mut table, "share of variance between parameter draws (ignorance)", ignorance, (low, high));
    let luck = ignorance.map(|share| 1.0 - share);
    row(&mut table, "share of variance within draws (luck)", luck, (1.0 - high, 1.0 - low));
    finding.tables.push(table);
    finding.tables.push(settled(tally));
    let clusters = tally.counted_cluster_number();
    if clusters < FEWEST {
        finding
            .say(format!("{clusters} draws are too few to tell luck from ignorance; take {FEWEST} or more."));
        return;
    }
    if replicates < 2 {
        finding.say("With one member a draw, luck and ignorance cannot be told apart: run with `--replicates 2` or more.");
        return;
    }
    let Some((share, error)) = ignorance.zip(tally.error()) else { return };
    let what = if share > 0.5 { "ignorance of the parameters" } else { "luck" };
    finding.say(format!(
        "{} of the claim's variance lies between parameter draws: most of what is uncertain is {what}. \
         The Monte Carlo error is {:.1} points; {} more members would halve it.",
        percent(share),
        error * 100.0,
        3 * u64::from(design.members()),
    ));
    let binomial = p * (1.0 - p) / f64::from(tally.counted());
    if design.kind == Kind::Sobol && error * error > 2.0 * binomial {
        finding.say("More draws with fewer members each would narrow it faster.");
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
