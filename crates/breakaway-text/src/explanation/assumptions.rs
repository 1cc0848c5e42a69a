//! Which assumptions matter.

use crate::claims::NOT_DETERMINED;
use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, percent};
use breakaway_analysis::questions::moved::Moved;
use breakaway_analysis::questions::sensitivity::{EffectShares, Method, Sensitivity, Verdict};
use breakaway_analysis::questions::variance_split::WIDEST;

pub(super) fn assumptions(out: &mut Finding, found: &Sensitivity) {
    if !found.chance_removed {
        out.push_sentence(
            "With one simulation for each parameter set chance cannot be taken out: first-order effects come out too small, \
             total effects too large.",
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
        Method::GivenData { .. } | Method::Radial { .. } => {
            out.push_sentence(named(found));
            if !found.parameters.is_empty() {
                out.tables.push(parameters(found));
            }
        }
    }
    out.tables.push(mechanisms(found));
}

/// Which parameters are named, and which are not.
fn named(found: &Sensitivity) -> String {
    let others = match found.unconfirmed {
        0 => String::new(),
        n => format!(
            " {} with large effects as shares {} nothing beyond chance when moved.",
            count(n.into(), "other", "others"),
            if n == 1 { "changes" } else { "change" }
        ),
    };
    let Some(first) = found.parameters.first() else {
        return match found.unconfirmed {
            0 => "No parameter's effect can be told from none.".into(),
            n => format!(
                "None of the {} with the largest effects as shares changes it beyond chance when moved alone.",
                count(n.into(), "parameter", "parameters")
            ),
        };
    };
    let Some(moved) = &first.moved else {
        return "Parameters were not moved to check these effects (0 simulations were asked for).".into();
    };
    let share = |p: Option<f64>| p.map_or("-".into(), percent);
    format!(
        "Moved alone from its low to its high end (5 and 95 % of its values), all else and chance as they were, {} changes it \
         most: from {} to {}.{others}",
        first.parameter,
        share(moved.difference.before),
        share(moved.difference.after)
    )
}

fn too_few(method: Method, needed: usize) -> String {
    match method {
        Method::GivenData { draws } => {
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
        Method::GivenData { draws } => format!(
            "Assumptions: first-order effects come from {draws} parameter sets by the correlation ratio over bins. Total \
             effects need a radial design (`--design saltelli` or `grouped`)."
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
    // Not determined while its interval is wider than a half.
    let told = |value: Option<f64>, interval: Option<(f64, f64)>| match interval {
        Some((low, high)) if high - low > WIDEST => Cell::text(NOT_DETERMINED),
        _ => Cell::share(value),
    };
    [
        told(Some(effect.first), effect.first_interval),
        between(effect.first_interval),
        told(effect.total, effect.total_interval),
        between(effect.total_interval),
    ]
}

fn parameters(found: &Sensitivity) -> Table {
    let elementary = found.parameters.iter().any(|one| one.elementary.is_some());
    let moved = found.parameters.iter().any(|one| one.moved.is_some());
    let mut columns = vec!["parameter"];
    if moved {
        columns.extend([
            "low end",
            "high end",
            "at low",
            "at high",
            "difference, points",
            "95 % interval of it",
        ]);
    }
    let totals = found.parameters.iter().any(|one| one.effect.total.is_some());
    let kept = if totals { 4 } else { 2 };
    columns.extend(&["first-order", "95 % interval", "total", "95 % interval of total"][..kept]);
    if elementary {
        columns.extend(["effect over its range", "absolute", "deviation"]);
    }
    columns.push("meaning");
    let caption = match moved {
        true => {
            "Parameters that change the claim when they are moved alone, the largest change first; and their effects as shares \
             of the variance between parameter sets"
        }
        false => {
            "Effects of parameters that can be told from none, as shares of the variance between parameter sets"
        }
    };
    let mut table = Table::new("parameters", caption, &columns);
    for one in &found.parameters {
        let mut cells = vec![Cell::text(&one.parameter)];
        if let Some(Moved { ends, difference }) = &one.moved {
            cells.extend(ends.map(Cell::Number));
            cells.extend([difference.before, difference.after].map(Cell::share));
            cells.push(difference.growth.map_or(Cell::Nothing, Cell::Points));
            cells.push(
                difference.interval.map_or(Cell::Nothing, |(low, high)| Cell::PointsBetween(low, high)),
            );
        }
        cells.extend(effect(&one.effect).into_iter().take(kept));
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
    let (caption, columns): (&str, &[&str]) = match found.method {
        Method::Grouped { .. } => (
            "Effects of all parameters of a mechanism together",
            &["mechanism", "first-order", "95 % interval", "total", "95 % interval of total"],
        ),
        Method::Radial { .. } => (
            "The same parameters, summed by mechanism (total effects overlap where they act together)",
            &["mechanism", "first-order", "total"],
        ),
        Method::GivenData { .. } => {
            ("The same parameters, summed by mechanism", &["mechanism", "first-order"])
        }
    };
    let mut table = Table::new("mechanisms", caption, columns);
    for one in &found.mechanisms {
        let [first, first_interval, total, total_interval] = effect(&one.effect);
        let name = Cell::text(&one.mechanism);
        table.row(match found.method {
            Method::Grouped { .. } => vec![name, first, first_interval, total, total_interval],
            Method::Radial { .. } => vec![name, first, total],
            Method::GivenData { .. } => vec![name, first],
        });
    }
    table
}
