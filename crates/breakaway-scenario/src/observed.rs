//! What has been seen since a scenario's start: dated observations with their errors.

use crate::Scenario;
use crate::diagnostic::{Diagnostic, Text, did_you_mean};
use crate::form::{Form, Must, Name, Notes};
use crate::{scale, tables, text};
use breakaway_model::entity::EntityKind;
use breakaway_model::observe::{OBSERVABLES, Observable, by_name};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Something seen on a day.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Day of the scenario, from 1.
    pub day: u32,
    /// What.
    pub observable: &'static Observable,
    /// Of which polity, region or side.
    pub entity: usize,
    /// Value, in the observable's unit.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
}

impl Observation {
    /// What tells one from another.
    fn observed(&self) -> (u32, &'static str, usize) {
        (self.day, self.observable.name, self.entity)
    }
}

const COLUMNS: [&str; 6] = ["date", "observable", "of", "value", "error", "source"];

/// Reads a table of observations (CSV) of a scenario, in order of time.
///
/// # Errors
///
/// All faults of the table.
pub fn load(path: &Path, scenario: &Scenario) -> Result<Vec<Observation>, Vec<Diagnostic>> {
    let text = text::read(path).map_err(|mut fault| {
        if fault.help.is_empty() || fault.help.contains("init") {
            fault.help = "a table (CSV) with the columns date, observable, of, value, error, source".into();
        }
        vec![fault]
    })?;
    of_text(&text, scenario)
}

/// Reads a table of observations that is in memory; `name` is how its faults name it.
///
/// # Errors
///
/// As for [`load`].
pub fn from_text(name: &str, body: &str, scenario: &Scenario) -> Result<Vec<Observation>, Vec<Diagnostic>> {
    let text = text::decode(name.as_ref(), body.as_bytes()).map_err(|fault| vec![fault])?;
    of_text(&text, scenario)
}

fn of_text(text: &Arc<Text>, scenario: &Scenario) -> Result<Vec<Observation>, Vec<Diagnostic>> {
    let notes = Notes::default();
    let mut all: Vec<Observation> = vec![];
    let mut known = BTreeSet::new();
    tables::rows(text, &notes, &COLUMNS, |form| {
        let Some(new) = read(form, scenario) else { return };
        if !known.insert(new.observed()) {
            form.fault("this was observed above already", "one row for each day, observable and entity");
        }
        all.push(new);
    });
    if all.is_empty() && notes.borrow().is_empty() {
        notes.borrow_mut().push(Diagnostic::file(
            &text.path,
            "there is no observation",
            "a row for each: date, observable, of, value, error, source",
        ));
    }
    all.sort_by_key(Observation::observed);
    let notes = notes.into_inner();
    if notes.is_empty() { Ok(all) } else { Err(notes) }
}

fn read(form: &mut Form, scenario: &Scenario) -> Option<Observation> {
    let (mut date, mut observable, mut of, mut source) = (None, None, None, String::new());
    let (mut value, mut error) = (f64::NAN, f64::NAN);
    form.date("date", &mut date, Must, "Day on which it was seen.");
    form.name("observable", &mut observable, Must, "Observable.");
    form.name("of", &mut of, Must, "Polity, region, or side of a sector (`sector/polity`).");
    form.real("value", &mut value, -1e12..=1e12, Must, "Value, in the observable's unit.");
    form.real("error", &mut error, 1e-12..=1e12, Must, "Standard error of the value, above 0.");
    form.text("source", &mut source, Must, "Where it comes from.");
    let ((date, spot), observable, of) = (date?, observable?, of?);
    if !(value.is_finite() && error.is_finite()) {
        return None;
    }
    let day = i64::from((date - scenario.start).get_days());
    if !(1..=i64::from(scenario.world.days)).contains(&day) {
        let (first, last) = (scenario.date(1), scenario.date(scenario.world.days));
        form.fault_at(
            &spot,
            format!("{date} is outside the scenario"),
            format!("it runs from {first} to {last}"),
        );
        return None;
    }
    let Some(known) = by_name(&observable.name) else {
        let help = did_you_mean(&observable.name, OBSERVABLES.iter().map(|o| o.name));
        form.fault_at(&observable.spot, format!("unknown observable `{}`", observable.name), help);
        return None;
    };
    if let Some((message, help)) = scale::fault("value", value, known) {
        form.fault_at(&form.spot_of("value"), message, help);
        return None;
    }
    let entity = entity(form, scenario, known.of, &of)?;
    Some(Observation { day: day as u32, observable: known, entity, value, error })
}

fn entity(form: &Form, scenario: &Scenario, scope: EntityKind, of: &Name) -> Option<usize> {
    let world = &scenario.world;
    let polity = |k: usize| &world.polities[k].id;
    let known: Vec<String> = match scope {
        EntityKind::Polity => world.polities.iter().map(|p| p.id.clone()).collect(),
        EntityKind::Region => world.regions.iter().map(|r| r.id.clone()).collect(),
        EntityKind::SectorSide => {
            let sides = |s: &breakaway_model::world::Sector| {
                [0, 1].map(|k| format!("{}/{}", s.id, polity(s.sides[k].polity)))
            };
            world.sectors.iter().flat_map(sides).collect()
        }
    };
    let found = known.iter().position(|id| *id == of.name);
    if found.is_none() {
        let what = match scope {
            EntityKind::Polity => "polity",
            EntityKind::Region => "region",
            EntityKind::SectorSide => "side of a sector",
        };
        let help = did_you_mean(&of.name, known.iter().map(String::as_str));
        form.fault_at(&of.spot, format!("unknown {what} `{}`", of.name), help);
    }
    found
}
