//! Reading and checking scenario folders.
//!
//! A folder holds `scenario.toml`, `regions.csv`, and, where wanted, `communities.csv`,
//! `links.csv` and `claims.toml`; overlays are further TOML files that change it. [`load`]
//! reads them all, reports every fault at once, and makes what an ensemble needs.

mod base_rate;
mod build;
mod cell;
pub mod claim;
pub mod diagnostic;
mod draft;
mod files;
mod form;
mod names;
pub mod observed;
mod outcome;
mod read;
mod resolve;
mod tables;
mod text;

pub use base_rate::BaseRate;
pub use claim::Claim;
pub use diagnostic::Diagnostic;
pub use outcome::Outcome;
pub use read::CHANGES;

use breakaway_model::params::{Prior, Spec, UNKNOWN, table};
use breakaway_model::world::{Change, World};
use draft::Draft;
use files::Folder;
use form::{Form, Notes};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

/// A lever: named changes that a counterfactual switches.
#[derive(Clone, Debug)]
pub struct Lever {
    /// Identifier.
    pub id: String,
    /// What changes, in a sentence.
    pub text: String,
    /// Whether it is on.
    pub active: bool,
    /// Its changes.
    pub changes: Vec<(u32, Change)>,
}

/// A quantity that nobody knows, drawn for each parameter draw.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// Identifier.
    pub id: String,
    /// What is not known, in a sentence.
    pub text: String,
    /// Where its distribution comes from.
    pub source: String,
    /// Its distribution.
    pub prior: Prior,
}

/// Everything that a scenario folder says.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Day 0.
    pub start: Date,
    /// What is simulated.
    pub world: World,
    /// Claims.
    pub claims: Vec<Claim>,
    /// What really happened, to whom and when, where it is known.
    pub outcomes: Vec<Outcome>,
    /// Levers.
    pub levers: Vec<Lever>,
    /// Its unknown quantities.
    pub unknowns: Vec<Unknown>,
    /// Priors of all parameters, in the order of the table, with the scenario's own; then those of
    /// its unknown quantities: in the order of [`Scenario::specs`].
    pub priors: Vec<Prior>,
    /// Groups of regions.
    pub groups: Vec<(String, Vec<usize>)>,
    /// Places on the tile map (row, column), where given.
    pub tiles: Vec<Option<(u32, u32)>>,
    /// SHA-256 of all that was read, in hexadecimal.
    pub hash: String,
    /// The same of the files of its folder alone, without overlays.
    pub folder_hash: String,
    /// What was read: file and number of its rows or tables.
    pub files: Vec<String>,
    /// The texts that were read, by name: the files of the folder.
    pub texts: Vec<(String, String)>,
    /// The texts of the overlays, in order.
    pub overlays: Vec<String>,
}

impl Scenario {
    /// What is drawn: the model's parameters, then the scenario's unknown quantities.
    pub fn specs(&self) -> Vec<Spec> {
        let unknown = |unknown: &Unknown| Spec {
            mechanism: UNKNOWN,
            name: unknown.id.clone().into(),
            unit: "-",
            prior: unknown.prior,
            bounds: (-1e6, 1e6),
            source: unknown.source.clone().into(),
            doc: unknown.text.clone().into(),
        };
        table().cloned().chain(self.unknowns.iter().map(unknown)).collect()
    }

    /// The date of a day.
    pub fn date(&self, day: u32) -> Date {
        self.start.saturating_add(i64::from(day).days())
    }

    /// Switches a lever on and moves its changes so that the first comes on a day.
    pub fn date_lever(&mut self, lever: usize, day: u32) {
        let own = &mut self.levers[lever];
        if own.active {
            remove(&mut self.world.changes, &own.changes);
        }
        own.active = true;
        let first = own.changes.iter().map(|(day, _)| *day).min().unwrap_or(day);
        own.changes.iter_mut().for_each(|(at, _)| *at = *at - first + day);
        self.world.changes.extend(&own.changes);
        self.world = std::mem::take(&mut self.world).settle();
        for claim in &mut self.claims {
            claim.that.switch_on(lever);
            claim.given.iter_mut().for_each(|given| given.switch_on(lever));
        }
    }

    /// The world with one lever switched the other way.
    pub fn with_lever(&self, lever: usize) -> World {
        let mut world = self.world.clone();
        let lever = &self.levers[lever];
        if lever.active {
            remove(&mut world.changes, &lever.changes);
        } else {
            world.changes.extend(&lever.changes);
        }
        world.settle()
    }
}

/// SHA-256 of some texts, each with its length.
fn hash<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes changes out of a list, each once: another source may have made an equal one.
fn remove(from: &mut Vec<(u32, Change)>, these: &[(u32, Change)]) {
    for change in these {
        if let Some(at) = from.iter().position(|other| other == change) {
            from.remove(at);
        }
    }
}

/// Reads a scenario folder and its overlays, in order, and checks everything.
pub fn load(folder: &Path, overlays: &[impl AsRef<Path>]) -> Result<Scenario, Vec<Diagnostic>> {
    let overlays: Vec<&Path> = overlays.iter().map(AsRef::as_ref).collect();
    load_from(&Folder::OnDisk(folder), &overlays)
}

/// The same of a folder whose files, by name, the program holds itself; overlays are names too.
pub fn load_held(files: &[(&str, &str)], overlays: &[&str]) -> Result<Scenario, Vec<Diagnostic>> {
    let overlays: Vec<&Path> = overlays.iter().map(Path::new).collect();
    load_from(&Folder::Held(files), &overlays)
}

fn load_from(folder: &Folder, overlays: &[&Path]) -> Result<Scenario, Vec<Diagnostic>> {
    let notes = Notes::default();
    let mut files = vec![];
    let mut texts = vec![];
    let draft = files::read_all(folder, overlays, &notes, &mut files, &mut texts);
    let bodies = |of: &[Arc<diagnostic::Text>]| hash(of.iter().map(|text| text.body.as_str()));
    let (whole, folder_alone) =
        (bodies(&texts), bodies(&texts[..texts.len().saturating_sub(overlays.len())]));
    let built = if notes.borrow().is_empty() { build::world(&draft, &notes) } else { None };
    let mut scenario = None;
    let sound = notes.borrow().is_empty();
    if let (Some(build::Built { world, names, levers }), true, Some((start, _))) =
        (built, sound, &draft.start)
    {
        let claims = resolve::claims(&draft, &world, &names, &notes);
        let tiles = world.regions.iter().map(|region| tile(&draft, &region.id)).collect();
        scenario = Some(Scenario {
            name: draft.name.clone(),
            description: draft.description.clone(),
            start: *start,
            claims,
            outcomes: outcome::resolve(&draft, &names, &notes),
            levers: levers
                .into_iter()
                .zip(&draft.levers.0)
                .map(|(changes, (id, lever))| Lever {
                    id: id.name.clone(),
                    text: lever.text.clone(),
                    active: lever.active,
                    changes,
                })
                .collect(),
            priors: priors(&draft, &notes),
            unknowns: unknowns(&draft).collect(),
            groups: names.groups,
            tiles,
            hash: whole,
            folder_hash: folder_alone,
            files,
            overlays: texts.split_off(texts.len() - overlays.len()).iter().map(|t| t.body.clone()).collect(),
            texts: texts.iter().map(|text| (text.name(), text.body.clone())).collect(),
            world,
        });
    }
    let notes = notes.into_inner();
    match scenario {
        Some(scenario) if notes.is_empty() => Ok(scenario),
        _ => Err(notes),
    }
}

fn tile(draft: &Draft, id: &str) -> Option<(u32, u32)> {
    let row = draft.regions.iter().find(|r| r.id.as_ref().is_some_and(|name| name.name == id))?;
    (row.row >= 0 && row.col >= 0).then_some((row.row as u32, row.col as u32))
}

/// The unknown quantities.
fn unknowns(draft: &Draft) -> impl Iterator<Item = Unknown> {
    draft.unknowns.0.iter().filter_map(|(id, unknown)| {
        Some(Unknown {
            id: id.name.clone(),
            text: unknown.text.clone(),
            source: unknown.source.clone(),
            prior: unknown.prior?,
        })
    })
}

/// The table's priors, with those of the draft in their places, then those of the unknowns.
fn priors(draft: &Draft, notes: &Notes) -> Vec<Prior> {
    let specs: Vec<&Spec> = table().collect();
    let mut priors: Vec<Prior> = specs.iter().map(|spec| spec.prior).collect();
    for (index, prior, spot) in &draft.parameters {
        if let Some(fault) = override_fault(specs[*index], prior) {
            notes.borrow_mut().push(Diagnostic::at(spot, fault.0, fault.1));
        }
        priors[*index] = *prior;
    }
    priors.extend(unknowns(draft).map(|unknown| unknown.prior));
    priors
}

/// What is wrong with a parameter's own prior, and what would be right.
pub fn override_fault(spec: &Spec, prior: &Prior) -> Option<(String, String)> {
    let (low, high) = prior.range();
    if let Some(fault) = prior.fault() {
        return Some((format!("`{}`: {fault}", spec.key()), spec.doc.to_string()));
    }
    let outside = low < spec.bounds.0 || high > spec.bounds.1;
    let bounds = format!("it lies between {} and {} ({})", spec.bounds.0, spec.bounds.1, spec.unit);
    outside.then(|| (format!("`{}` is out of bounds", spec.key()), bounds))
}

/// JSON Schemas of `scenario.toml` (also of overlays), `claims.toml` and `base-rates.toml`.
pub fn schemas() -> [(&'static str, Value); 4] {
    let expression = Form::schema(|form| claim::read(form, &mut claim::Expression::default()));
    let whole = |title: &str, mut schema: Value| {
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        schema["title"] = json!(title);
        schema["$defs"] = json!({ "expression": expression });
        schema
    };
    let scenario = |overlay| Form::schema(move |form| read::scenario(form, &mut Draft::default(), overlay));
    [
        ("scenario", whole("Breakaway scenario", scenario(false))),
        ("overlay", whole("Breakaway overlay", nothing_required(scenario(true)))),
        ("claims", whole("Breakaway claims", Form::schema(|form| read::claims(form, &mut Draft::default())))),
        (
            "base-rates",
            whole("Breakaway base rates", Form::schema(|form| base_rate::read(form, &mut Draft::default()))),
        ),
    ]
}

/// An overlay's entries change what exists: none of their keys need be there.
fn nothing_required(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(object) => {
            object.remove("required");
            for (_, value) in object.iter_mut() {
                *value = nothing_required(value.take());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = nothing_required(item.take())),
        _ => {}
    }
    schema
}
