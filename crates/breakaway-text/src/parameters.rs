//! Parameters: values, priors, meanings.

use crate::finding::{Cell, Finding, Table};
use crate::render::plain_table;
use breakaway_model::params::{Prior, Spec};

const COLUMNS: [&str; 6] = ["parameter", "middle", "prior", "unit", "meaning", "source"];

/// Parameters for a terminal of so many columns.
pub fn terminal(specs: &[Spec], priors: &[Prior], width: u16) -> String {
    let row = |(spec, prior): (&Spec, &Prior)| {
        vec![
            spec.key(),
            format!("{:.4}", prior.median()),
            prior.to_string(),
            spec.unit.to_string(),
            spec.doc.to_string(),
            spec.source.to_string(),
        ]
    };
    plain_table(&COLUMNS, specs.iter().zip(priors).map(row), width) + "\n"
}

/// Parameters as a finding.
pub fn finding(specs: &[Spec], priors: &[Prior]) -> Finding {
    let mut out = Finding::new("parameters", "Parameters");
    let columns =
        ["parameter", "middle", "prior", "low", "high", "unit", "lowest", "highest", "meaning", "source"];
    let mut table = Table::new("parameters", "Parameters and what they are drawn from", &columns);
    for (spec, prior) in specs.iter().zip(priors) {
        let (low, high) = prior.range();
        table.row([
            Cell::text(spec.key()),
            Cell::Number(prior.median()),
            Cell::text(prior.to_string()),
            Cell::Number(low),
            Cell::Number(high),
            Cell::text(spec.unit),
            Cell::Number(spec.bounds.0),
            Cell::Number(spec.bounds.1),
            Cell::text(&*spec.doc),
            Cell::text(&*spec.source),
        ]);
    }
    out.tables.push(table);
    out
}
