//! What analyses found and kept with the run.

use breakaway_text::{Cell, Finding, Table};
use maud::{Markup, html};

/// The section of the findings; nothing where there are none.
pub(crate) fn findings(findings: &[Finding], unreadable: &[(String, String)]) -> Markup {
    html! {
        @if !findings.is_empty() || !unreadable.is_empty() {
            section #findings {
                h2 { "Explained" }
                @for (path, why) in unreadable { p.small { "A finding that cannot be read is left out: " (path) " (" (why) ")." } }
                @for finding in findings {
                    article #{ "finding-" (finding.id) } {
                        h3 { (finding.title) }
                        @for sentence in &finding.sentences { p { (sentence) } }
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
            html! { td.share style={ "--share:" (format!("{:.0}", x.clamp(0.0, 1.0) * 100.0)) "%" } { (cell.describe()) } }
        }
        Cell::Nothing
        | Cell::Text(_)
        | Cell::Count(_)
        | Cell::Number(_)
        | Cell::Points(_)
        | Cell::Between(..)
        | Cell::PointsBetween(..)
        | Cell::NumberBetween(..) => html! { td { (cell.describe()) } },
    }
}
