//! What analyses found and kept with the run.

use breakaway_analysis::Finding;
use breakaway_analysis::finding::{Cell, Table};
use maud::{Markup, html};

/// The section of the findings; nothing where there are none.
pub(crate) fn findings(findings: &[Finding]) -> Markup {
    html! {
        @if !findings.is_empty() {
            section #findings {
                h2 { "Explained" }
                @for finding in findings {
                    article #{ "finding-" (finding.id) } {
                        h3 { (finding.title) }
                        @for sentence in &finding.said { p { (sentence) } }
                        @for table in finding.tables.iter().filter(|table| !table.rows.is_empty()) { (shown(table)) }
                    }
                }
            }
        }
    }
}

fn shown(table: &Table) -> Markup {
    html! {
        details {
            summary { (table.caption) }
            div.wide { table {
                thead { tr { @for column in &table.columns { th scope="col" { (column) } } } }
                tbody { @for row in &table.rows {
                    tr { @for cell in row { (one(cell)) } }
                } }
            } }
        }
    }
}

/// A cell; a share is shaded by its size, so that a map of a sweep can be seen at a glance.
fn one(cell: &Cell) -> Markup {
    match cell {
        Cell::Share(x) => {
            html! { td.share style={ "--share:" (format!("{:.0}", x.clamp(0.0, 1.0) * 100.0)) "%" } { (cell.said()) } }
        }
        _ => html! { td { (cell.said()) } },
    }
}
