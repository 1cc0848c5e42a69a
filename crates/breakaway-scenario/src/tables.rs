//! Rows of a CSV file as forms.

use crate::diagnostic::{Diagnostic, Spot, Text, did_you_mean};
use crate::form::{Form, Notes};
use std::ops::Range;
use std::sync::Arc;

/// Reads every row of a table with `read`; `columns` is what a row may hold.
pub fn rows(text: &Arc<Text>, notes: &Notes, columns: &[&str], mut read: impl FnMut(&mut Form)) {
    let note = |span: Range<usize>, message: String, help: String| {
        notes.borrow_mut().push(Diagnostic::at(&Spot::new(text, span), message, help));
    };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.body.as_bytes());
    let mut header: Option<Vec<String>> = None;
    let before = notes.borrow().len();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let at = error.position().map_or(0, |p| p.byte() as usize);
                note(at..at + 1, format!("the table cannot be read: {error}"), String::new());
                return;
            }
        };
        let start = record.position().map_or(0, |p| p.byte() as usize);
        let spans = cell_spans(&text.body, start, record.len());
        let Some(header) = &header else {
            let names: Vec<String> = record.iter().map(|cell| cell.trim().to_string()).collect();
            if let Some((separator, name)) = separated(&names, columns) {
                let message = format!("the columns are separated by {name}");
                let help = format!("save the table with commas between its cells, not `{separator}`");
                note(spans[0].clone(), message, help);
                return;
            }
            for (i, name) in names.iter().enumerate() {
                if !columns.contains(&name.as_str()) {
                    let help = did_you_mean(name, columns.iter().copied());
                    note(spans[i].clone(), format!("unknown column `{name}`"), help);
                } else if names[..i].contains(name) {
                    note(
                        spans[i].clone(),
                        format!("there are two columns `{name}`"),
                        "leave one of them out".into(),
                    );
                }
            }
            // A table whose columns are not understood would only give the same fault in every row.
            if notes.borrow().len() > before {
                return;
            }
            header = Some(names);
            continue;
        };
        let whole = start..spans.last().map_or(start, |span| span.end);
        if record.len() != header.len() {
            let message = format!("the row has {} cells, the header {}", record.len(), header.len());
            note(whole, message, "put text that holds a comma in quotes".into());
            continue;
        }
        let cells: Vec<_> = header
            .iter()
            .zip(record.iter())
            .zip(&spans)
            .map(|((column, cell), span)| (column.clone(), cell.trim().to_string(), span.clone()))
            .collect();
        let mut form = Form::row(text, &cells, whole, notes);
        read(&mut form);
        form.finish();
    }
}

/// The separator of a table whose header is one cell to a reader of commas.
fn separated(names: &[String], columns: &[&str]) -> Option<(&'static str, &'static str)> {
    let known = |part: &str| columns.contains(&part.trim());
    let split = |by: char| names.iter().all(|name| name.split(by).count() > 1 && name.split(by).all(known));
    if names.len() != 1 {
        return None;
    }
    [(';', (";", "semicolons")), ('\t', ("tab", "tabs")), ('|', ("|", "bars"))]
        .into_iter()
        .find_map(|(by, name)| split(by).then_some(name))
}

/// Where the cells of the record that starts at `start` stand.
fn cell_spans(body: &str, start: usize, cells: usize) -> Vec<Range<usize>> {
    let bytes = body.as_bytes();
    let mut at = start;
    while at < bytes.len() && matches!(bytes[at], b'\n' | b'\r') {
        at += 1;
    }
    let mut spans = Vec::with_capacity(cells);
    for _ in 0..cells {
        let from = at;
        let mut quoted = false;
        while at < bytes.len() && (quoted || !matches!(bytes[at], b',' | b'\n' | b'\r')) {
            quoted ^= bytes[at] == b'"';
            at += 1;
        }
        spans.push(from..at);
        at = (at + 1).min(bytes.len());
    }
    spans
}
