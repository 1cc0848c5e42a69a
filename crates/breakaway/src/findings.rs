//! How findings are printed and kept.

use crate::args::Format;
use crate::fail::Fail;
use crate::words::plain_table;
use breakaway_analysis::{Finding, shelf};
use breakaway_ensemble::Store;
use std::io::Write;
use std::path::Path;

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

/// A finding in Markdown.
pub fn markdown(finding: &Finding) -> String {
    let mut out = String::new();
    for sentence in &finding.said {
        out += &textwrap::fill(sentence, 110);
        out += "\n\n";
    }
    for table in finding.tables.iter().filter(|table| !table.rows.is_empty()) {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        out += &textwrap::fill(&format!("{}:", table.caption), 110);
        out += "\n\n";
        out += &line(table.columns.clone());
        out += &line(table.columns.iter().map(|_| "---".to_string()).collect());
        for row in &table.rows {
            out += &line(row.iter().map(breakaway_analysis::finding::Cell::said).collect());
        }
        out += "\n";
    }
    out
}

/// A page with a block between its marks replaced.
pub fn splice(path: &Path, page: &str, name: &str, block: &str) -> Result<String, Fail> {
    let (first, last) = (format!("<!-- {name} -->"), format!("<!-- end of {name} -->"));
    let place =
        page.find(&first).map(|at| at + first.len()).zip(page.find(&last)).filter(|(from, to)| from <= to);
    let Some((from, to)) = place else {
        let message = format!("{} has no place for it", path.display());
        return Err(Fail::input(message, format!("a line `{first}` and, below it, a line `{last}`")));
    };
    Ok(format!("{}\n\n{}\n\n{}", &page[..from], block.trim(), &page[to..]))
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
