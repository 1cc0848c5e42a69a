//! Chance, or what we do not know.

use crate::claims::NOT_DETERMINED;
use crate::finding::{Cell, Finding, Table};
use crate::numbers::{percent, thousands};
use breakaway_analysis::methods::paired_difference::FEWEST;
use breakaway_analysis::questions::Estimate;
use breakaway_analysis::questions::variance_split::VarianceSplit;

pub(super) fn split(out: &mut Finding, found: &VarianceSplit) {
    let mut table =
        Table::new("split", "Where the uncertainty comes from", &["what", "estimate", "95 % interval"]);
    let mut row = |what: &str, estimate: &Estimate| {
        let interval = estimate.interval.map_or(Cell::Nothing, |(low, high)| Cell::Between(low, high));
        let value = match (estimate.value, estimate.interval) {
            (None, Some(_)) => Cell::text(NOT_DETERMINED),
            (value, _) => Cell::share(value),
        };
        table.row([Cell::text(what), value, interval]);
    };
    row("probability", &found.probability);
    row("share of the variance between parameter sets (what we do not know)", &found.unknown);
    row("share of the variance within parameter sets (chance)", &found.chance);
    out.tables.push(table);
    out.tables.push(convergence(found));
    if !found.enough_draws {
        out.push_sentence(format!(
            "{} parameter sets are too few to tell chance from what we do not know; take {FEWEST} or more.",
            found.draws
        ));
        return;
    }
    if found.replicates < 2 {
        out.push_sentence(
            "With one simulation for each parameter set, chance cannot be told from what we do not know; take 2 replicates or \
             more.",
        );
        return;
    }
    if let (None, Some((low, high))) = (found.unknown.value, found.unknown.interval) {
        out.push_sentence(format!(
            "Whether it is chance or what we do not know is not determined: between {} and {} of the uncertainty is what we do \
             not know about the parameters.",
            percent(low),
            percent(high)
        ));
    }
    let Some((share, error)) = found.unknown.value.zip(found.error) else { return };
    out.push_sentence(format!(
        "About {} of the uncertainty is what we do not know about the parameters, {} is chance. The Monte Carlo error is \
         {:.1} points; {} more simulations would halve it.",
        percent(share),
        percent(1.0 - share),
        error * 100.0,
        thousands(found.simulations_to_halve),
    ));
    if found.more_draws_better {
        out.push_sentence("More parameter sets with fewer repeats each would narrow it faster.");
    }
}

fn convergence(found: &VarianceSplit) -> Table {
    let columns = ["parameter sets or base points", "simulations", "probability", "error"];
    let mut table = Table::new("convergence", "How the estimate settled as simulations came in", &columns);
    for part in &found.convergence {
        table.row([
            Cell::Count(part.draws as i64),
            Cell::Count(part.simulations.into()),
            Cell::Share(part.probability),
            Cell::share(part.error),
        ]);
    }
    table
}
