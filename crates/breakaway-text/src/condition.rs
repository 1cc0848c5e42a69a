//! A run given what has been seen, in sentences and tables.

use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, percent};
use breakaway_analysis::questions::condition::{Conditioned, Made};

/// Changes of a probability below which the sentences do not name a claim.
const WORTH_NAMING: f64 = 0.02;

/// The finding of a conditioned run.
pub fn condition(found: &Conditioned) -> Finding {
    let mut out = Finding::new(&format!("condition-{}", found.id), "Given what has been seen");
    out.push_sentence(format!(
        "Of {} about {} fit the {}.",
        count(found.simulations as u64, "simulation", "simulations"),
        count(found.effective_of_run.round() as u64, "simulation", "simulations"),
        count(found.observations.len() as u64, "observation", "observations"),
    ));
    if let Made::Moved { simulations, stages, moves } = found.made {
        out.push_sentence(format!(
            "These are too few. {} were made that fit, in {}: parameters moved a little and new random numbers where that agrees with \
             what was seen ({} of the moves were made). No two of {} are the same.",
            count(simulations as u64, "other simulation", "other simulations"),
            count(stages.into(), "stage", "stages"),
            percent(moves),
            found.effective.round()
        ));
    }
    let mut moved: Vec<(f64, String)> = found
        .claims
        .iter()
        .filter_map(|claim| {
            let (prior, after) = claim.prior.zip(claim.probability)?;
            Some((after - prior, format!("{} ({} -> {})", claim.id, percent(prior), percent(after))))
        })
        .filter(|(by, _)| by.abs() > WORTH_NAMING)
        .collect();
    moved.sort_by(|(a, _), (b, _)| b.abs().total_cmp(&a.abs()));
    let words: Vec<String> = moved.into_iter().take(4).map(|(_, words)| words).collect();
    if !words.is_empty() {
        out.push_sentence(format!("The claims that change most are {}.", words.join(", ")));
    }
    out.tables = vec![claims(found), observations(found)];
    out
}

fn claims(found: &Conditioned) -> Table {
    let columns = ["claim", "sentence", "before", "after", "95 % interval", "simulations that fit"];
    let caption = "Claims before and after";
    let mut table = Table::new("claims", caption, &columns);
    for claim in &found.claims {
        table.row([
            Cell::text(&claim.id),
            Cell::text(&claim.text),
            Cell::share(claim.prior),
            Cell::share(claim.probability),
            claim.interval.map_or(Cell::Nothing, |(low, high)| Cell::Between(low, high)),
            Cell::Number(claim.effective.round()),
        ]);
    }
    table
}

fn observations(found: &Conditioned) -> Table {
    let columns = ["date", "observable", "of", "seen", "error", "median simulation", "nearest, errors away"];
    let mut table = Table::new("observations", "What was seen, and what the simulations show", &columns);
    for fit in &found.observations {
        table.row([
            Cell::text(&fit.date),
            Cell::text(&fit.observable),
            Cell::text(&fit.entity_name),
            Cell::Number(fit.seen),
            Cell::Number(fit.error),
            fit.median.map_or(Cell::Nothing, Cell::Number),
            Cell::Number(fit.nearest),
        ]);
    }
    table
}
