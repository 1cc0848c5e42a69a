//! How findings are printed and kept.

use crate::args::Format;
use crate::fail::Fail;
use crate::words::plain_table;
use breakaway_analysis::{Finding, shelf};
use breakaway_ensemble::Store;
use std::io::Write;

/// Prints findings; for people with or without their tables.
pub fn print(findings: &[Finding], format: Format, tables: bool) -> Result<(), Fail> {
    let mut out = std::io::stdout().lock();
    match format {
        Format::Table => {
            for finding in findings {
                text(&mut out, finding, tables)?;
            }
        }
        Format::Json => {
            let all: Vec<_> = findings.iter().map(Finding::json).collect();
            writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
        }
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            csv.write_record(["finding", "table", "row", "column", "value"])?;
            for finding in findings {
                for [table, row, column, value] in finding.cells() {
                    csv.write_record([&finding.id, &table, &row, &column, &value])?;
                }
            }
            csv.flush()?;
        }
    }
    Ok(())
}

fn text(out: &mut impl Write, finding: &Finding, tables: bool) -> Result<(), Fail> {
    writeln!(out, "{}\n", finding.title)?;
    for sentence in &finding.said {
        for line in
            textwrap::wrap(sentence, textwrap::Options::new(100).initial_indent("  ").subsequent_indent("  "))
        {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out)?;
    for table in finding.tables.iter().filter(|table| tables && !table.rows.is_empty()) {
        let header: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        let mut printed = plain_table(&header);
        for row in &table.rows {
            printed.add_row(row.iter().map(breakaway_analysis::finding::Cell::said));
        }
        writeln!(out, "{}\n{printed}\n", table.caption)?;
    }
    Ok(())
}

/// Keeps findings with a run, for its report.
pub fn keep(store: Option<&Store>, findings: &[Finding]) -> Result<(), Fail> {
    let Some(store) = store else { return Ok(()) };
    for finding in findings {
        shelf::keep(store, finding)?;
    }
    eprintln!(
        "kept for the report: breakaway report {}",
        crate::words::quoted(&store.folder().display().to_string())
    );
    Ok(())
}
