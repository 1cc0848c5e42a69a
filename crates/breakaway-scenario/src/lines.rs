//! What differs between two scenarios, line by line, each as a change of the first alone.

use crate::diagnostic::Diagnostic;
use crate::load::load_from_memory;
use crate::scenario::Scenario;
use toml::{Table, Value};

/// A line of a scenario that a second scenario changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedLine {
    /// What it says there: a key with its value, or a row of a table.
    pub label: String,
    /// The files of the first scenario, with this line of the second.
    files: Vec<(String, String)>,
    /// Overlays, in order, by the names of their files.
    overlays: Vec<String>,
}

impl ChangedLine {
    /// The first scenario with this line of the second.
    ///
    /// # Errors
    /// All faults, where it cannot stand alone.
    pub fn scenario(&self) -> Result<Scenario, Vec<Diagnostic>> {
        let files: Vec<(&str, &str)> =
            self.files.iter().map(|(name, body)| (name.as_str(), body.as_str())).collect();
        let overlays: Vec<&str> = self.overlays.iter().map(String::as_str).collect();
        load_from_memory(&files, &overlays)
    }
}

/// The name under which an overlay lies beside the files of its scenario.
fn overlay_name(k: usize) -> String {
    format!("changed-{k}.toml")
}

/// The lines of the second scenario that the first does not have: keys of `scenario.toml`, rows of tables, and keys of
/// overlays. What the second leaves out is no line.
pub fn changed_lines(before: &Scenario, after: &Scenario) -> Vec<ChangedLine> {
    let mut files: Vec<(String, String)> = before.texts.clone();
    let mut overlays = vec![];
    for (k, body) in before.overlays.iter().enumerate() {
        files.push((overlay_name(k), body.clone()));
        overlays.push(overlay_name(k));
    }
    let text = |scenario: &Scenario, name: &str| {
        scenario.texts.iter().find(|(known, _)| known == name).map_or(String::new(), |(_, body)| body.clone())
    };
    let leaf = |label: String, body: String| {
        let (mut files, mut overlays) = (files.clone(), overlays.clone());
        overlays.push(overlay_name(overlays.len()));
        files.push((overlay_name(overlays.len() - 1), body));
        ChangedLine { label, files, overlays }
    };
    let mut all = vec![];
    let main = "scenario.toml";
    let own = leaves(&text(before, main));
    for (path, value) in leaves(&text(after, main)) {
        if !own.iter().any(|(known, other)| *known == path && *other == value) {
            all.push(leaf(label(&path, &value), overlay(&path, &value)));
        }
    }
    for (name, body) in after.texts.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let old = text(before, name);
        for row in body.lines().skip(1).filter(|row| !old.lines().any(|known| known == *row)) {
            let mut files = files.clone();
            files.retain(|(known, _)| known != name);
            files.push((name.clone(), with_row(&old, row)));
            all.push(ChangedLine { label: format!("{name}: {row}"), files, overlays: overlays.clone() });
        }
    }
    for body in after.overlays.iter().filter(|body| !before.overlays.contains(body)) {
        all.extend(
            leaves(body).into_iter().map(|(path, value)| leaf(label(&path, &value), overlay(&path, &value))),
        );
    }
    all
}

/// A table with a row in the place of the one with the same first cell, or at its end.
fn with_row(table: &str, row: &str) -> String {
    let first = |line: &str| line.split(',').next().map(str::to_string);
    let mut replaced = false;
    let mut lines: Vec<&str> = vec![];
    for line in table.lines() {
        let same = !replaced && first(line) == first(row);
        replaced |= same;
        lines.push(if same { row } else { line });
    }
    if !replaced {
        lines.push(row);
    }
    lines.join("\n") + "\n"
}

/// Every key of a TOML text that is no table, with its path and its value.
fn leaves(text: &str) -> Vec<(Vec<String>, Value)> {
    fn walk(table: &Table, path: &[String], all: &mut Vec<(Vec<String>, Value)>) {
        for (key, value) in table {
            let path = [path, std::slice::from_ref(key)].concat();
            match value {
                Value::Table(inner) => walk(inner, &path, all),
                Value::String(_)
                | Value::Integer(_)
                | Value::Float(_)
                | Value::Boolean(_)
                | Value::Datetime(_)
                | Value::Array(_) => all.push((path, value.clone())),
            }
        }
    }
    let mut all = vec![];
    if let Ok(table) = text.parse::<Table>() {
        walk(&table, &[], &mut all);
    }
    all
}

fn label(path: &[String], value: &Value) -> String {
    let value: String = value.to_string().chars().take(60).collect();
    format!("{} = {value}", path.join("."))
}

/// A TOML text with one key.
fn overlay(path: &[String], value: &Value) -> String {
    let mut value = value.clone();
    for key in path.iter().rev() {
        value = Value::Table(Table::from_iter([(key.clone(), value)]));
    }
    toml::to_string(&value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_rows_are_told_apart() {
        let found =
            leaves("[polity.A]\nstrength = 0.5\n[lever.x]\nactive = true\n[[lever.x.change]]\nvalue = 1\n");
        let labels: Vec<String> = found.iter().map(|(path, value)| label(path, value)).collect();
        assert_eq!(labels[..2], ["polity.A.strength = 0.5", "lever.x.active = true"]);
        assert!(labels[2].starts_with("lever.x.change = [") && found.len() == 3, "{labels:?}");
        let text = overlay(&found[0].0, &found[0].1);
        assert_eq!(leaves(&text), found[..1]);
        assert_eq!(with_row("id,x\na,1\nb,2\n", "b,3"), "id,x\na,1\nb,3\n");
        assert_eq!(with_row("id,x\na,1\n", "c,3"), "id,x\na,1\nc,3\n");
    }
}
