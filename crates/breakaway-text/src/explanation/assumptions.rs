//! Which assumptions matter.

use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, percent};
use breakaway_analysis::questions::sensitivity::{EffectShares, Method, Sensitivity, Verdict};

pub(super) fn assumptions(out: &mut Finding, found: &Sensitivity) {
    if !found.chance_removed {
        out.push_sentence(
            "With one simulation for each parameter set chance cannot be taken out: the effects below include it, total \
             effects most.",
        );
    }
    let sentence = match found.verdict {
        Verdict::TooFew { needed } => too_few(found.method, needed),
        Verdict::NoVariation => {
            "Assumptions: the claim's probability does not vary by more than chance explains, so none can be singled out."
                .into()
        }
        Verdict::Estimated => estimated(found.method),
    };
    out.push_sentence(sentence);
    if found.verdict != Verdict::Estimated {
        return;
    }
    match found.method {
        Method::Grouped { .. } => {}
        Method::GivenData { .. } | Method::Radial { .. } => out.tables.push(parameters(found)),
    }
    out.tables.push(mechanisms(found));
}

fn too_few(method: Method, needed: usize) -> String {
    match method {
        Method::GivenData { draws, .. } => {
            let sets = count(draws as u64, "parameter set is", "parameter sets are");
            format!("Assumptions: {sets} too few to tell any apart; take {needed} or more.")
        }
        Method::Radial { points } | Method::Grouped { points } => format!(
            "Assumptions: {} an answer in all their parameter sets, too few to tell any apart; take {needed} or more, and a \
             claim whose condition is met often.",
            count(points as u64, "base point has", "base points have")
        ),
    }
}

fn estimated(method: Method) -> String {
    match method {
        Method::GivenData { draws, terms: 0, .. } => format!(
            "Assumptions: with {draws} parameter sets none predicts the sets that were left out. First-order effects are by \
             the correlation ratio over bins; total effects are not known. Take more parameter sets, or a grouped design."
        ),
        Method::GivenData { draws, terms, predicted } => format!(
            "Assumptions: first-order effects come from {draws} parameter sets by the correlation ratio over bins. Total \
             effects come from an expansion of {} that predicts {} of the variance between parameter sets that were left \
             out. The rest belongs to parameters that are too weak, or too entangled, to be told apart with so few sets{}",
            count(terms as u64, "term", "terms"),
            percent(predicted),
            if predicted < 0.5 { "; take more, or a grouped design." } else { "." }
        ),
        Method::Radial { points } | Method::Grouped { points } => format!(
            "Assumptions: effects come from {points} base points of a radial design, first-order by Saltelli et al. 2010 and \
             total by Jansen 1999, both as shares of the variance beyond chance."
        ),
    }
}

fn between(interval: Option<(f64, f64)>) -> Cell {
    interval.map_or(Cell::Nothing, |(low, high)| Cell::Between(low, high))
}

fn effect(effect: &EffectShares) -> [Cell; 4] {
    [
        Cell::Share(effect.first),
        between(effect.first_interval),
        Cell::share(effect.total),
        between(effect.total_interval),
    ]
}

fn parameters(found: &Sensitivity) -> Table {
    let elementary = found.parameters.iter().any(|one| one.elementary.is_some());
    let mut columns = vec!["parameter", "first-order", "95 % interval", "total", "95 % interval of total"];
    if elementary {
        columns.extend(["effect over its range", "absolute", "deviation"]);
    }
    columns.push("meaning");
    let caption = "Effects of parameters that can be told from none, as shares of the variance between parameter sets, the \
                   largest first";
    let mut table = Table::new("parameters", caption, &columns);
    for one in &found.parameters {
        let mut cells = vec![Cell::text(&one.parameter)];
        cells.extend(effect(&one.effect));
        if elementary {
            cells.push(one.elementary.map_or(Cell::Nothing, |e| Cell::Points(e.mean)));
            cells.push(one.elementary.map_or(Cell::Nothing, |e| Cell::Points(e.absolute)));
            cells.push(one.elementary.map_or(Cell::Nothing, |e| Cell::Number(e.deviation)));
        }
        cells.push(Cell::text(&one.meaning));
        table.row(cells);
    }
    table
}

fn mechanisms(found: &Sensitivity) -> Table {
    let grouped = matches!(found.method, Method::Grouped { .. });
    let caption = if grouped {
        "Effects of all parameters of a mechanism together"
    } else {
        "The same parameters, summed by mechanism (total effects overlap where they act together)"
    };
    let columns = ["mechanism", "first-order", "95 % interval", "total", "95 % interval of total"];
    let short = ["mechanism", "first-order", "total"];
    let mut table = Table::new("mechanisms", caption, if grouped { &columns } else { &short });
    for one in &found.mechanisms {
        let cells = effect(&one.effect);
        let kept: Vec<Cell> = if grouped { cells.to_vec() } else { vec![cells[0].clone(), cells[2].clone()] };
        table.row([&[Cell::text(&one.mechanism)], &kept[..]].concat());
    }
    table
}
