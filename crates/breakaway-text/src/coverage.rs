//! How well intervals cover, in words.

use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, number};
use breakaway_validation::{Coverage, RareClaim};

/// Sentences and tables of measured coverage.
pub fn coverage(found: &Coverage) -> Finding {
    let mut out = Finding::new("coverage", "Intervals, and how often they contain the truth");
    let failed = found.intervals.iter().filter(|one| !one.holds()).count();
    let all = count(found.intervals.len() as u64, "kind of interval", "kinds of intervals");
    out.push_sentence(match failed {
        0 => format!("All {all} contain the truth as often as is accepted."),
        n => format!("{n} of {all} do not contain the truth as often as is accepted."),
    });
    let columns = ["interval", "of", "design", "seeds", "given", "nominal", "found", "accepted", "holds"];
    let mut intervals = Table::new("intervals", "Share of the intervals that contain the truth", &columns);
    for one in &found.intervals {
        intervals.row([
            Cell::text(&one.interval),
            Cell::text(&one.of),
            Cell::text(&one.design),
            Cell::Count(one.seeds.into()),
            Cell::Share(one.given),
            Cell::Share(one.nominal),
            Cell::share(one.found),
            Cell::Between(one.low, one.high),
            Cell::text(if one.holds() { "yes" } else { "NO" }),
        ]);
    }
    let columns = ["of", "design", "determined", "width"];
    let caption = "Ranges over parameter sets: how often they are determined, and their median width as a multiple of that \
                   where every probability is known";
    let mut ranges = Table::new("ranges", caption, &columns);
    for one in &found.ranges {
        ranges.row([
            Cell::text(&one.of),
            Cell::text(&one.design),
            Cell::Share(one.given),
            one.width.map_or(Cell::Nothing, Cell::Number),
        ]);
    }
    out.tables.extend([intervals, ranges, rare(&found.rare)]);
    out
}

/// Rare claims by splitting, beside plain simulations.
fn rare(found: &[RareClaim]) -> Table {
    let columns = [
        "claim",
        "plain",
        "held",
        "of",
        "splitting",
        "error of one",
        "seeds",
        "standard errors apart",
        "intervals that contain it",
        "simulations",
        "plain ones for the same error",
        "agrees",
    ];
    let mut table = Table::new("rare", "Rare claims by splitting, beside plain simulations", &columns);
    for one in found {
        table.row([
            Cell::text(&one.claim),
            Cell::Number(one.plain()),
            Cell::Count(one.held.into()),
            Cell::Count(one.counted.into()),
            Cell::Number(one.mean),
            Cell::Number(one.deviation),
            Cell::Count(one.seeds.into()),
            Cell::Number(one.apart()),
            Cell::Share(one.covers),
            Cell::Number(one.simulations),
            one.saved().map_or(Cell::Nothing, |saved| Cell::text(format!("{} times as many", number(saved)))),
            Cell::text(if one.holds() { "yes" } else { "NO" }),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_validation::Covered;

    #[test]
    fn an_interval_that_covers_too_little_is_counted() {
        let one = |found| Covered {
            interval: "probability".into(),
            of: "a claim".into(),
            design: "40 x 5".into(),
            seeds: 200,
            given: 1.0,
            nominal: 0.95,
            found: Some(found),
            low: 0.9,
            high: 0.99,
        };
        let said = coverage(&Coverage { intervals: vec![one(0.95), one(0.8)], ranges: vec![], rare: vec![] });
        assert!(said.sentences[0].starts_with("1 of 2 kinds of intervals"));
        assert_eq!(said.tables[0].rows.len(), 2);
    }
}
