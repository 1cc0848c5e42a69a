//! A comparison in sentences and tables.

use crate::claims::too_few;
use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, percent, points};
use crate::posterior;
use breakaway_analysis::questions::attribution::{Attribution, Part};
use breakaway_analysis::questions::compare::{ComparedClaim, ComparedObservable, Comparison};
use breakaway_analysis::questions::equal_worlds::LikelyReason;

/// Differences below which the table of observables leaves a row out, as a share of the larger mean.
const LEAST_CHANGE: f64 = 1e-4;

/// The finding of a comparison.
pub fn comparison(found: &Comparison) -> Finding {
    let title = match &found.scenarios {
        [a, b] if a == b => format!("Compared: {a}, without and with {}", found.change),
        [a, b] => format!("Compared: {a} and {b}"),
    };
    let mut out = Finding::new(&format!("compare-{}", found.change), title);
    if !found.paired {
        out.push_sentence(
            "The runs have other designs or seeds: their simulations cannot be compared one by one, only their probabilities.",
        );
    }
    let [first, second] = found.days;
    if first != second {
        out.push_sentence(format!(
            "The first scenario has {first} days, the second {second}: claims without a date differ by that alone."
        ));
    }
    if found.failed > 0 {
        let failed = count(found.failed as u64, "simulation", "simulations");
        out.push_sentence(format!("{failed} failed in one scenario or the other and are left out."));
    }
    match &found.equal {
        Some(reason) => out.push_sentence(equal(reason)),
        None => moved(&mut out, found),
    }
    if let Some(record) = &found.posterior {
        out.push_sentence(format!("The parameters come from {}.", posterior::describe(record)));
        posterior::warnings(record, found.draws).into_iter().for_each(|warning| out.push_sentence(warning));
    }
    out.tables = vec![claims(found)];
    if !found.observables.is_empty() {
        out.tables.push(observables(found));
    }
    if let Some(attribution) = &found.attribution {
        attributed(&mut out, attribution);
    }
    out
}

/// That both worlds are equal, and why that is likely.
fn equal(reason: &LikelyReason) -> String {
    let why = match reason {
        LikelyReason::NothingDiffers => "nothing that a simulation takes as given differs".into(),
        LikelyReason::Undone { date, again } if date == again => {
            format!("the change of {date} is undone by another of the same day")
        }
        LikelyReason::Undone { date, again } => {
            format!("the change of {date} is undone by that of {again}")
        }
        LikelyReason::Parameters { names } => {
            format!("nothing in the scenario feels {}", names.join(", "))
        }
        LikelyReason::Unfelt => "what differs is felt by no simulation".into(),
    };
    format!("Both are equal to the bit in every simulation. The likely reason: {why}.")
}

/// What each line of the change does alone.
fn attributed(out: &mut Finding, found: &[Attribution]) {
    for one in found {
        let size = |part: &&Part| part.growth.unwrap_or(0.0).abs();
        let largest = one.lines.iter().max_by(|a, b| size(a).total_cmp(&size(b)));
        if let Some((part, growth)) = largest.and_then(|part| Some((part, part.growth?))) {
            out.push_sentence(format!(
                "Of the change of {} ({} points), \"{}\" alone makes {}; what no line makes alone is {}.",
                one.claim,
                points(one.whole),
                part.line,
                points(growth),
                points(one.together)
            ));
        }
    }
    let columns = ["claim", "line", "alone, points", "95 % interval", "beyond chance"];
    let mut table = Table::new("attribution", "What each line of the change does alone", &columns);
    for one in found {
        for part in &one.lines {
            table.row([
                Cell::text(&one.claim),
                Cell::text(&part.line),
                part.growth.map_or(Cell::text("cannot stand alone"), Cell::Points),
                part.interval.map_or(Cell::Nothing, |(low, high)| Cell::PointsBetween(low, high)),
                Cell::text(if part.beyond_chance { "yes" } else { "no" }),
            ]);
        }
        let left = [Cell::text(&one.claim), Cell::text("(lines together)"), Cell::Points(one.together)];
        table.row([&left[..], &[Cell::Nothing, Cell::Nothing]].concat());
    }
    out.tables.push(table);
}

fn moved(out: &mut Finding, found: &Comparison) {
    let unsure = found.claims.iter().filter(|claim| claim.difference.interval.is_none()).count();
    let unchanged = found.paired && found.claims.iter().all(|c| c.difference.gained + c.difference.lost == 0);
    let mut moved: Vec<(f64, String)> = found.claims.iter().filter_map(beyond_chance).collect();
    moved.sort_by(|(a, _), (b, _)| b.abs().total_cmp(&a.abs()));
    let words: Vec<String> = moved.into_iter().map(|(_, words)| words).collect();
    out.push_sentence(match &words[..] {
        _ if unchanged => "The change alters no claim in any simulation.".into(),
        _ if unsure == found.claims.len() => {
            "There are too few simulations to tell which claims change.".into()
        }
        [] => "No claim changes by more than chance explains.".into(),
        words => {
            format!(
                "Claims that change by more than chance explains, the largest change first: {}.",
                words.join(", ")
            )
        }
    });
    if (1..found.claims.len()).contains(&unsure) {
        let claims = count(unsure as u64, "claim", "claims");
        out.push_sentence(format!("For {claims} too few simulations count to tell."));
    }
    if let Some(mean) = found.mean_variance_reduction() {
        out.push_sentence(format!(
            "Common random numbers save {} of the variance of the differences, on average over the claims that differ in \
             any simulation. Independent runs would need {:.1} times as many simulations.",
            percent(mean.max(0.0)),
            1.0 / (1.0 - mean).max(1e-3),
        ));
    }
}

fn beyond_chance(claim: &ComparedClaim) -> Option<(f64, String)> {
    let (p, q) = claim.difference.before.zip(claim.difference.after)?;
    claim.beyond_chance.then(|| (q - p, format!("{} ({} -> {})", claim.id, percent(p), percent(q))))
}

fn claims(found: &Comparison) -> Table {
    let columns = [
        "claim",
        "sentence",
        "before",
        "after",
        "difference, points",
        "95 % interval",
        "gained",
        "lost",
        "variance saved",
    ];
    let caption = format!(
        "Claims in the same {} of both scenarios",
        count(found.simulations as u64, "simulation", "simulations")
    );
    let caption = if found.paired { caption } else { "Claims of both runs".into() };
    let mut table = Table::new("claims", caption, &columns);
    for claim in &found.claims {
        let one = &claim.difference;
        table.row([
            Cell::text(&claim.id),
            Cell::text(&claim.text),
            probability(one.before, one.counted[0]),
            probability(one.after, one.counted[1]),
            one.growth.map_or(Cell::Nothing, Cell::Points),
            one.interval.map_or(Cell::Nothing, |(low, high)| Cell::PointsBetween(low, high)),
            Cell::Count(one.gained.into()),
            Cell::Count(one.lost.into()),
            Cell::share(one.variance_reduction),
        ]);
    }
    table
}

/// A probability, or why there is none.
fn probability(p: Option<f64>, counted: u32) -> Cell {
    p.map_or_else(|| Cell::text(too_few(counted)), Cell::Share)
}

/// Observables that change; one row says how many do not.
fn observables(found: &Comparison) -> Table {
    let changes = |one: &&ComparedObservable| {
        (one.after - one.before).abs() > LEAST_CHANGE * one.before.abs().max(one.after.abs())
    };
    let kept: Vec<&ComparedObservable> = found.observables.iter().filter(changes).collect();
    let left_out = found.observables.len() - kept.len();
    let caption = match left_out {
        0 => "Observables of polities on the last day, means".to_string(),
        n => format!("Observables of polities on the last day, means ({n} without a change are left out)"),
    };
    let columns =
        ["observable", "of", "before", "after", "difference", "95 % interval", "variance saved", "unit"];
    let mut table = Table::new("observables", caption, &columns);
    for one in kept {
        table.row([
            Cell::text(&one.observable),
            Cell::text(&one.entity_name),
            Cell::Number(one.before),
            Cell::Number(one.after),
            Cell::Number(one.after - one.before),
            one.interval.map_or(Cell::Nothing, |(low, high)| Cell::NumberBetween(low, high)),
            Cell::share(one.variance_reduction),
            Cell::text(&one.unit),
        ]);
    }
    table
}
