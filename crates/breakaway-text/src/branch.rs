//! Futures of one history in sentences and tables.

use crate::events;
use crate::finding::{Cell, Finding, Table};
use crate::numbers::count;
use breakaway_analysis::questions::branch::{BranchedClaim, Branches};

/// The finding of a branch.
pub fn branch(found: &Branches) -> Finding {
    let (simulation, date) = (found.simulation, &found.date);
    let title = format!("Futures of simulation {simulation} from {date} on");
    let mut out = Finding::new(&format!("branch-{simulation}-{}", found.day), title);
    if found.failed > 0 {
        out.push_sentence(format!(
            "{} failed and are left out.",
            count(found.failed as u64, "future", "futures")
        ));
    }
    let (settled, never) = found.settled();
    let open = found.claims.len() - settled - never;
    let counted = count(found.counted() as u64, "future", "futures");
    out.push_sentence(format!(
        "{} of {} {} still open on {date}.",
        open,
        count(found.claims.len() as u64, "claim", "claims"),
        if open == 1 { "is" } else { "are" }
    ));
    if settled > 0 {
        let (claims, end) = if settled == 1 {
            ("1 claim is settled".to_string(), "it ends")
        } else {
            (format!("{settled} claims are settled"), "they end")
        };
        out.push_sentence(format!("{claims}: {end} the same way in all {counted}."));
    }
    if never > 0 {
        out.push_sentence(format!(
            "No future meets the condition of {}.",
            count(never as u64, "claim", "claims")
        ));
    }
    let columns =
        ["claim", "sentence", "in the run", "given this past", "95 % interval", "in this simulation"];
    let caption = format!(
        "Claims in {counted} that share the past of simulation {simulation} until {date} and its parameters; chance makes the difference"
    );
    let mut table = Table::new("claims", caption, &columns);
    for claim in &found.claims {
        table.row([
            Cell::text(&claim.id),
            Cell::text(&claim.text),
            Cell::share(claim.in_run),
            Cell::share(claim.probability),
            claim.interval.map_or(Cell::Nothing, |(low, high)| Cell::Between(low, high)),
            Cell::text(here(claim)),
        ]);
    }
    out.tables = vec![table, past(found)];
    out
}

fn here(claim: &BranchedClaim) -> String {
    match (claim.counts_here, &claim.came_true_here) {
        (false, _) => "its condition is not met".into(),
        (true, Some(date)) => format!("came true on {date}"),
        (true, None) => "did not come true".into(),
    }
}

fn past(found: &Branches) -> Table {
    let mut table = Table::new("past", "The common past", &["date", "event", "to", "largest cause"]);
    for one in &found.past {
        table.row([
            Cell::text(&one.date),
            Cell::text(one.event.kind.doc().trim_end_matches('.')),
            Cell::text(&one.entity_name),
            Cell::text(events::because(one.event.kind, one.event.cause)),
        ]);
    }
    table
}
