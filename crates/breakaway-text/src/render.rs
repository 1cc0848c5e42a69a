//! Findings for the terminal, for Markdown, for CSV and for JSON.

use crate::finding::{Cell, Finding, Table};
use crate::safe::{for_spreadsheet, for_terminal};
use comfy_table::ContentArrangement;
use serde_json::Value;
use std::fmt::Write;

/// A table without lines, as wide as so many characters.
pub fn plain_table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>, width: u16) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width);
    table.set_header(header.to_vec());
    for row in rows {
        table.add_row(row.iter().map(|cell| for_terminal(cell).into_owned()));
    }
    let text = table.to_string();
    // Trailing blanks only wrap on narrow terminals.
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// A finding for a terminal of so many columns, with or without its tables.
pub fn terminal(finding: &Finding, width: u16, tables: bool) -> String {
    let mut out = format!("{}\n\n", for_terminal(&finding.title));
    let options = textwrap::Options::new(usize::from(width).clamp(40, 100));
    let options = options.initial_indent("  ").subsequent_indent("  ");
    for sentence in &finding.sentences {
        for line in textwrap::wrap(&for_terminal(sentence), &options) {
            out += &line;
            out.push('\n');
        }
    }
    out.push('\n');
    for table in finding.tables.iter().filter(|table| tables && !table.rows.is_empty()) {
        let header: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        let rows = table.rows.iter().map(|row| row.iter().map(Cell::describe).collect());
        // A string takes everything.
        let _ = write!(out, "{}\n{}\n\n", for_terminal(&table.caption), plain_table(&header, rows, width));
    }
    out
}

/// A finding in Markdown, without its title.
pub fn markdown(finding: &Finding) -> String {
    let mut out = String::new();
    for sentence in &finding.sentences {
        out += &textwrap::fill(sentence, 110);
        out += "\n\n";
    }
    for table in finding.tables.iter().filter(|table| !table.rows.is_empty()) {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let safe = |text: &str| text.replace('|', "\\|");
        out += &textwrap::fill(&format!("{}:", table.caption), 110);
        out += "\n\n";
        out += &line(table.columns.iter().map(|name| safe(name)).collect());
        out += &line(table.columns.iter().map(|_| "---".to_string()).collect());
        for row in &table.rows {
            out += &line(row.iter().map(|cell| safe(&cell.describe())).collect());
        }
        out += "\n";
    }
    out
}

/// A table as CSV: one rectangle.
pub fn csv(table: &Table) -> String {
    let (header, rows) = table.rectangle();
    rows_as_csv(&header, &rows)
}

/// Rows as CSV, with cells that a spreadsheet cannot take for formulas.
pub fn rows_as_csv(header: &[String], rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(vec![]);
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        // A vector takes everything, and all rows are as long as the header.
        let _ = writer.write_record(row.iter().map(|cell| for_spreadsheet(cell).into_owned()));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// Findings as JSON: sentences, and tables as lists of objects with unrounded numbers.
pub fn json(findings: &[Finding]) -> String {
    let all: Vec<Value> = findings.iter().map(Finding::json).collect();
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding() -> Finding {
        let mut finding = Finding::new("x", "A title");
        finding.push_sentence("One sentence.");
        let mut table = Table::new("t", "Some numbers", &["name", "range"]);
        table.row([Cell::text("=a|b"), Cell::Between(0.25, 0.5)]);
        finding.tables.push(table);
        finding
    }

    #[test]
    fn one_finding_in_four_forms() {
        let finding = finding();
        let text = terminal(&finding, 80, true);
        assert!(text.starts_with("A title\n\n  One sentence.\n\nSome numbers\n"), "{text}");
        assert!(!terminal(&finding, 80, false).contains("Some numbers"));
        assert!(markdown(&finding).contains("| =a\\|b | 25 % to 50 % |"));
        assert_eq!(csv(&finding.tables[0]), "name,\"range, low\",\"range, high\"\n'=a|b,0.25,0.5\n");
        let json: Value = serde_json::from_str(&json(&[finding])).expect("JSON");
        assert_eq!(json[0]["tables"]["t"][0]["range"][1], 0.5);
    }
}
