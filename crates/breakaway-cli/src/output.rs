//! What is printed, and in which form. Everything goes through one guarded writer: a full disk, a
//! closed pipe and a full terminal are answered, not panicked at.

use crate::args::{Format, OutputArgs};
use crate::fail::Fail;
use crate::requests::quoted;
use breakaway::prelude::{Finding, keep};
use breakaway::words::render;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Columns of output that is no terminal.
const WIDTH: u16 = 120;

/// Columns of the terminal.
pub fn width() -> u16 {
    terminal_size::terminal_size().map_or(WIDTH, |(terminal_size::Width(columns), _)| columns.max(40))
}

/// Prints a text.
pub fn print(text: &str) -> Result<(), Fail> {
    let mut out = std::io::stdout().lock();
    let ended = if text.ends_with('\n') { "" } else { "\n" };
    let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(ended.as_bytes()));
    written.and_then(|()| out.flush()).map_err(Fail::Output)
}

/// Says something beside the answer. Where nobody can hear it, nothing is lost.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints findings as they were asked for. `table` is what people read; the findings in sentences and
/// tables where none.
pub fn findings(findings: &[Finding], how: &OutputArgs, tables: bool) -> Result<(), Fail> {
    let text =
        || findings.iter().map(|finding| render::terminal(finding, width(), tables)).collect::<String>();
    answer(findings, how, text, || render::json(findings))
}

/// Prints an answer: for people by `table`, for programs by `json`, for spreadsheets its first table.
pub fn answer(
    findings: &[Finding],
    how: &OutputArgs,
    table: impl FnOnce() -> String,
    json: impl FnOnce() -> String,
) -> Result<(), Fail> {
    match how.format {
        Format::Table => print(&table())?,
        Format::Json => print(&json())?,
        Format::Csv => {
            let mut tables = findings.iter().flat_map(|finding| &finding.tables);
            let first = tables.find(|table| !table.rows.is_empty());
            print(&first.map_or(String::new(), render::csv))?;
        }
    }
    how.csv_into.as_deref().map_or(Ok(()), |folder| write_tables(findings, folder))
}

/// Writes every table as a CSV file of its own.
fn write_tables(findings: &[Finding], folder: &Path) -> Result<(), Fail> {
    let help = "name a folder that can be written";
    let fault = |what: std::io::Error| Fail::input(format!("{}: {what}", folder.display()), help);
    fs::create_dir_all(folder).map_err(fault)?;
    for finding in findings {
        for table in finding.tables.iter().filter(|table| !table.rows.is_empty()) {
            let path = folder.join(format!("{}-{}.csv", finding.id, table.id));
            fs::write(&path, render::csv(table)).map_err(fault)?;
        }
    }
    note(&format!("tables: {}", folder.display()));
    Ok(())
}

/// Keeps findings with a run, for its report, after they were printed: an answer that cannot be kept
/// is not lost.
pub fn keep_with(run: Option<&Path>, findings: &[Finding]) -> Result<(), Fail> {
    let Some(run) = run else { return Ok(()) };
    keep(run, findings).map_err(|fault| {
        Fail::Broken(format!("the answer was printed, but it cannot be kept with the run: {fault}"))
    })?;
    note(&format!("kept for the report: breakaway report {}", quoted(&run.display().to_string())));
    Ok(())
}

/// A page with a block between its marks replaced.
pub fn splice(path: &Path, page: &str, name: &str, block: &str) -> Result<String, Fail> {
    let (first, last) = (format!("<!-- {name} -->"), format!("<!-- end of {name} -->"));
    let place =
        page.find(&first).map(|at| at + first.len()).zip(page.find(&last)).filter(|(from, to)| from <= to);
    let Some((from, to)) = place else {
        let message = format!("{} has no place for the tables", path.display());
        return Err(Fail::input(message, format!("a line `{first}` and, below it, a line `{last}`")));
    };
    Ok(format!("{}\n\n{}\n\n{}", &page[..from], block.trim(), &page[to..]))
}
