//! A sweep in sentences and a table.

use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, percent};
use crate::posterior;
use breakaway_analysis::questions::sweep::{Sweep, SweptAxis, SweptCell};

/// The finding of a sweep.
pub fn sweep(found: &Sweep) -> Finding {
    let names: Vec<&str> = found.axes.iter().map(|axis| axis.name.as_str()).collect();
    let id = format!("sweep-{}-{}-{}", found.claim, names.join("-"), found.change);
    let with = if found.change.is_empty() { String::new() } else { format!(", with {}", found.change) };
    let mut out = Finding::new(&id, format!("Along {}{with}: {}", names.join(" and "), found.text));
    out.push_sentence(extremes(found));
    if let Some(record) = &found.posterior {
        out.push_sentence(format!("The other parameters come from {}.", posterior::describe(record)));
        posterior::warnings(record, found.draws).into_iter().for_each(|warning| out.push_sentence(warning));
    }
    let mut table = match &found.axes[..] {
        [one] => curve(found, one),
        [rows, columns, ..] => map(found, rows, columns),
        [] => Table::new("curve", "", &[]),
    };
    if let Some(first) = found.axes.first().filter(|axis| !axis.meaning.is_empty()) {
        table.caption += &format!(". {}: {}", first.name, first.meaning);
    }
    out.tables.push(table);
    out
}

fn extremes(found: &Sweep) -> String {
    let known = || found.cells.iter().filter_map(|cell| Some((cell, cell.probability?)));
    let place = |cell: &SweptCell| -> String {
        let one = |(axis, &k): (&SweptAxis, &usize)| format!("{} {}", axis.name, axis.labels[k]);
        found.axes.iter().zip(&cell.at).map(one).collect::<Vec<_>>().join(", ")
    };
    let least = known().min_by(|(_, a), (_, b)| a.total_cmp(b));
    let most = known().max_by(|(_, a), (_, b)| a.total_cmp(b));
    match (least, most) {
        (Some((low, p)), Some((high, q))) if q > p => format!(
            "The probability is smallest, {}, at {} and largest, {}, at {}.",
            percent(p),
            place(low),
            percent(q),
            place(high)
        ),
        (Some((_, p)), _) => format!("The probability is {} everywhere.", percent(p)),
        _ => "Too few simulations meet the claim's condition anywhere.".into(),
    }
}

fn value(axis: &SweptAxis, k: usize) -> Cell {
    if axis.is_date { Cell::text(&axis.labels[k]) } else { Cell::Number(axis.values[k]) }
}

fn simulations(found: &Sweep) -> String {
    count(found.simulations.into(), "simulation", "simulations")
}

fn curve(found: &Sweep, axis: &SweptAxis) -> Table {
    let caption = format!("Probability along {} ({} each)", axis.name, simulations(found));
    let mut out =
        Table::new("curve", caption, &[&axis.name, "probability", "error", "simulations that count"]);
    for cell in &found.cells {
        out.row([
            value(axis, cell.at[0]),
            Cell::share(cell.probability),
            Cell::share(cell.error),
            Cell::Count(cell.counted.into()),
        ]);
    }
    out
}

fn map(found: &Sweep, rows: &SweptAxis, columns: &SweptAxis) -> Table {
    let header = format!("{} \\ {}", rows.name, columns.name);
    let mut names = vec![header.as_str()];
    names.extend(columns.labels.iter().map(String::as_str));
    let mut out = Table::new("map", format!("Probability, {} each", simulations(found)), &names);
    for (k, cells) in found.cells.chunks(columns.values.len().max(1)).enumerate() {
        let mut row = vec![value(rows, k)];
        row.extend(cells.iter().map(|cell| Cell::share(cell.probability)));
        out.row(row);
    }
    out
}
