//! What would have to be true.

use crate::finding::{Cell, Finding, Table};
use crate::numbers::{number, percent};
use breakaway_analysis::questions::scenario_discovery::{BoxEnd, ParameterBox, ScenarioDiscovery};

pub(super) fn boxes(out: &mut Finding, found: &ScenarioDiscovery) {
    if let Some(needed) = found.draws_needed {
        out.push_sentence(format!(
            "What would have to be true: {} parameter sets are too few to find conditions and to test them; take {needed} or \
             more.",
            found.draws
        ));
        return;
    }
    let verb = if found.fails { "does not come true" } else { "comes true" };
    let Some(first) = found.boxes.first() else {
        out.push_sentence(format!(
            "What would have to be true: no condition on the parameters was found under which it {verb} more often in \
             simulations that were left out."
        ));
        return;
    };
    out.push_sentence(format!(
        "What would have to be true: if {}, it {verb} in {} of simulations instead of {} (in {} of those left out when such \
         conditions were sought). {} of all simulations in which it {verb} meet this condition.",
        words(&first.ends),
        percent(first.density),
        percent(found.base),
        percent(first.density_left_out),
        percent(first.coverage),
    ));
    for other in &found.boxes[1..] {
        out.push_sentence(format!(
            "Elsewhere, if {}, it {verb} in {} of simulations ({} of those left out); {} of all in which it {verb} meet this \
             condition.",
            words(&other.ends),
            percent(other.density),
            percent(other.density_left_out),
            percent(other.coverage),
        ));
    }
    for (k, one) in found.boxes.iter().enumerate() {
        out.tables.push(ends(one, k + 1, verb));
        out.tables.push(trade_off(one, k + 1, verb));
    }
}

/// Conditions in words.
fn words(ends: &[BoxEnd]) -> String {
    let one = |end: &BoxEnd| {
        let unit = if end.unit == "-" { String::new() } else { format!(" {}", end.unit) };
        let side = if end.above { "above" } else { "below" };
        format!("{} is {side} {}{unit}", end.parameter, number(end.value))
    };
    ends.iter().map(one).collect::<Vec<_>>().join(" and ")
}

fn ends(found: &ParameterBox, number: usize, verb: &str) -> Table {
    let caption = format!(
        "Condition {number}: it {verb} in {} of the simulations that meet it, which are {} of {}",
        percent(found.density),
        percent(found.mass),
        if number == 1 { "all" } else { "those that do not meet the conditions before" },
    );
    let columns = ["parameter", "is", "threshold", "unit", "quasi-p", "meaning"];
    let mut table = Table::new(&format!("box-{number}"), caption, &columns);
    for end in &found.ends {
        table.row([
            Cell::text(&end.parameter),
            Cell::text(if end.above { "above" } else { "below" }),
            Cell::Number(end.value),
            Cell::text(&end.unit),
            Cell::Number(end.quasi_p),
            Cell::text(&end.meaning),
        ]);
    }
    table
}

fn trade_off(found: &ParameterBox, number: usize, verb: &str) -> Table {
    let caption = format!(
        "How condition {number} was chosen: a stricter one is met by fewer simulations, in which it {verb} more often"
    );
    let columns =
        ["mass", "coverage", "density", "coverage left out", "density left out", "parameters", "chosen"];
    let mut table = Table::new(&format!("trade-off-{number}"), caption, &columns);
    for one in &found.trade_off {
        table.row([
            Cell::Share(one.mass),
            Cell::Share(one.coverage),
            Cell::Share(one.density),
            Cell::Share(one.coverage_left_out),
            Cell::Share(one.density_left_out),
            Cell::Count(one.parameters as i64),
            Cell::text(if one.chosen { "yes" } else { "" }),
        ]);
    }
    table
}
