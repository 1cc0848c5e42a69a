//! The files of a scenario, read in their order.

use crate::diagnostic::{Diagnostic, Spot, Text};
use crate::draft::Draft;
use crate::form::{Form, Notes};
use crate::{base_rate, nesting, outcome, read, tables, text};
use std::path::Path;
use std::sync::Arc;
use toml::de::DeTable;

/// Where the files of a scenario are.
pub(crate) enum Folder<'a> {
    /// In a folder.
    OnDisk(&'a Path),
    /// In memory, by name.
    InMemory(&'a [(&'a str, &'a str)]),
}

/// The file by which a scenario's folder is known.
const SCENARIO: &str = "scenario.toml";

/// The scenarios in a folder, by name.
fn scenarios_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let scenarios = entries.filter(|entry| entry.path().join(SCENARIO).exists());
    let mut all: Vec<String> = scenarios.map(|entry| entry.path().display().to_string()).collect();
    all.sort();
    all
}

impl Folder<'_> {
    /// What is wrong with the folder as a whole.
    fn check(&self) -> Result<(), Diagnostic> {
        let Folder::OnDisk(folder) = self else { return Ok(()) };
        if folder.exists() && !folder.is_dir() {
            let help = "give the folder that holds scenario.toml";
            return Err(Diagnostic::file(folder, "this is a file, but a scenario is a folder", help));
        }
        if !folder.is_dir() {
            let help = "`breakaway init NAME` makes a scenario that runs at once";
            return Err(Diagnostic::file(folder, "there is no such folder", help));
        }
        if folder.join(SCENARIO).exists() {
            return Ok(());
        }
        if folder.join("manifest.json").exists() {
            let help = "name the folder of the scenario that it was made from";
            return Err(Diagnostic::file(folder, "this is a run, not a scenario", help));
        }
        let inside = scenarios_in(folder);
        if !inside.is_empty() {
            let help = format!("name one of those in it: {}", inside.join(", "));
            return Err(Diagnostic::file(folder, "this is no scenario, but a folder of scenarios", help));
        }
        Ok(())
    }

    /// A file that may be left out.
    fn optional(&self, name: &str) -> Option<Result<Arc<Text>, Diagnostic>> {
        let there = match self {
            // A link to a file that is gone is a fault, not a file that was left out.
            Folder::OnDisk(folder) => folder.join(name).symlink_metadata().is_ok(),
            Folder::InMemory(files) => files.iter().any(|(known, _)| *known == name),
        };
        there.then(|| self.read(name))
    }

    /// An overlay: a file anywhere, or one of those in memory.
    fn overlay(&self, path: &Path) -> Result<Arc<Text>, Diagnostic> {
        match self {
            Folder::OnDisk(_) => text::read(path).map_err(|mut fault| {
                if fault.help.contains("init") || path.is_dir() {
                    fault.help =
                        "an overlay is a file (TOML) with the parts of scenario.toml that it changes".into();
                }
                fault
            }),
            Folder::InMemory(_) => self.read(&path.to_string_lossy()),
        }
    }

    fn read(&self, name: &str) -> Result<Arc<Text>, Diagnostic> {
        match self {
            Folder::OnDisk(folder) => text::read(&folder.join(name)),
            Folder::InMemory(files) => {
                let body = files.iter().find(|(known, _)| *known == name).map(|(_, body)| *body);
                let help = "give its text with its name";
                let body =
                    body.ok_or_else(|| Diagnostic::file(name.as_ref(), "there is no such file", help))?;
                text::decode(name.as_ref(), body.as_bytes())
            }
        }
    }
}

/// What was read.
pub(crate) struct Read {
    /// The scenario as it was written.
    pub(crate) draft: Draft,
    /// Each file, with the number of its rows or tables.
    pub(crate) files: Vec<String>,
    /// The texts of the folder.
    pub(crate) folder: Vec<Arc<Text>>,
    /// The texts of the overlays.
    pub(crate) overlays: Vec<Arc<Text>>,
}

/// Reads all files of a folder and its overlays, in order.
pub(crate) fn read_all(folder: &Folder, overlays: &[&Path], notes: &Notes) -> Read {
    let mut all = Read { draft: Draft::default(), files: vec![], folder: vec![], overlays: vec![] };
    if let Err(diagnostic) = folder.check() {
        notes.borrow_mut().push(diagnostic);
        return all;
    }
    let Read { draft, files, folder: texts, overlays: overlay_texts } = &mut all;
    if let Some(text) = keep(folder.read(SCENARIO), texts, notes) {
        toml(&text, notes, false, |form| read::scenario(form, draft, false));
        version(draft, &text, notes);
        files.push(SCENARIO.into());
    }
    if let Some(text) = keep(folder.read("regions.csv"), texts, notes) {
        let n = rows(&text, notes, &mut draft.regions, read::region);
        if n == 0 && notes.borrow().is_empty() {
            let help = "give each region a row below the header";
            let whole = Spot::new(&text, 0..0);
            notes.borrow_mut().push(Diagnostic::at(&whole, "the table has no region", help));
        }
        files.push(format!("regions.csv ({n} regions)"));
    }
    let mut optional = |name: &str| folder.optional(name).and_then(|text| keep(text, texts, notes));
    if let Some(text) = optional("communities.csv") {
        let n = rows(&text, notes, &mut draft.communities, read::community);
        files.push(format!("communities.csv ({n} communities)"));
    }
    if let Some(text) = optional("links.csv") {
        let n = rows(&text, notes, &mut draft.links, read::link);
        files.push(format!("links.csv ({n} links)"));
    }
    if let Some(text) = optional("outcomes.csv") {
        let n = rows(&text, notes, &mut draft.outcomes, outcome::read);
        files.push(format!("outcomes.csv ({n} outcomes)"));
    }
    toml(&base_rate::shipped(), notes, false, |form| base_rate::read(form, draft));
    if let Some(text) = optional("base-rates.toml") {
        toml(&text, notes, false, |form| base_rate::read(form, draft));
        files.push("base-rates.toml".into());
    }
    if let Some(text) = optional("claims.toml") {
        toml(&text, notes, false, |form| read::claims(form, draft));
        files.push(format!("claims.toml ({} claims)", draft.claims.len()));
    }
    for overlay in overlays {
        if let Some(text) = keep(folder.overlay(overlay), overlay_texts, notes) {
            toml(&text, notes, true, |form| read::scenario(form, draft, true));
            version(draft, &text, notes);
            files.push(format!("overlay {}", overlay.display()));
        }
    }
    all
}

/// Keeps a text that was read; notes the fault of one that was not.
fn keep(read: Result<Arc<Text>, Diagnostic>, texts: &mut Vec<Arc<Text>>, notes: &Notes) -> Option<Arc<Text>> {
    match read {
        Ok(text) => {
            texts.push(text.clone());
            Some(text)
        }
        Err(diagnostic) => {
            notes.borrow_mut().push(diagnostic);
            None
        }
    }
}

/// Reads a table; says how many rows it has by now.
fn rows<T: Default>(
    text: &Arc<Text>,
    notes: &Notes,
    into: &mut Vec<T>,
    read: fn(&mut Form, &mut T),
) -> usize {
    let columns = read::columns(|form| read(form, &mut T::default()));
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    tables::rows(text, notes, &columns, |form| {
        let mut row = T::default();
        read(form, &mut row);
        into.push(row);
    });
    into.len()
}

fn version(draft: &Draft, text: &Arc<Text>, notes: &Notes) {
    if draft.format != read::FORMAT && notes.borrow().is_empty() {
        let message = format!("the format is version {}", draft.format);
        let help = format!("this program reads version {}", read::FORMAT);
        notes.borrow_mut().push(Diagnostic::at(&Spot::new(text, 0..0), message, help));
    }
}

/// Parses a TOML text and reads it, if it is TOML at all.
fn toml(text: &Arc<Text>, notes: &Notes, change: bool, read: impl FnOnce(&mut Form)) {
    if let Some(span) = nesting::too_deep(&text.body) {
        let message = format!("nested more than {} levels deep", nesting::DEEPEST);
        let help =
            "write parts of a deep claim as claims of their own, and refer to them: { claim = \"...\" }";
        notes.borrow_mut().push(Diagnostic::at(&Spot::new(text, span), message, help));
        return;
    }
    let (table, errors) = DeTable::parse_recoverable(&text.body);
    if errors.is_empty() {
        let mut form = Form::table_of(text, &table, notes, change);
        read(&mut form);
        form.finish();
    }
    // Later errors mostly follow from the first.
    for error in errors.into_iter().take(1) {
        let spot = Spot::new(text, error.span().unwrap_or(0..0));
        notes.borrow_mut().push(Diagnostic::at(&spot, format!("not TOML: {}", error.message()), ""));
    }
}
