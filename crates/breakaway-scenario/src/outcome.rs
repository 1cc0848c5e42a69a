//! What really happened, to whom and when: `outcomes.csv`.

use crate::build::days_between;
use crate::diagnostic::Diagnostic;
use crate::draft::{Day, Draft};
use crate::form::{Form, May, Must, Name, Notes, suggest, text_of};
use crate::names::Names;
use breakaway_model::entity::EntityKind;
use breakaway_model::event::EventKind;
use std::collections::BTreeSet;

/// An event that really happened, or did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What.
    pub kind: EventKind,
    /// To whom: a polity, a region, or a side of a sector.
    pub entity: usize,
    /// On which day of the scenario; none where it did not happen by its end.
    pub day: Option<u32>,
}

/// A row as it was written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    event: Option<Name>,
    of: Option<Name>,
    date: Day,
    source: String,
}

impl Written {
    /// What happened, and to whom.
    pub(crate) fn key(&self) -> (String, String) {
        (text_of(&self.event), text_of(&self.of))
    }
}

/// A row of `outcomes.csv`.
pub(crate) fn read(form: &mut Form, w: &mut Written) {
    form.name("event", &mut w.event, Must, "Kind of event.");
    form.name("of", &mut w.of, Must, "Polity, region, or side of a sector (`sector/polity`).");
    form.date("date", &mut w.date, May, "Day on which it happened; empty where it did not by the end.");
    form.text("source", &mut w.source, Must, "Where it comes from.");
}

/// Resolves all rows; faults go to `notes`.
pub(crate) fn resolve(draft: &Draft, names: &Names, notes: &Notes) -> Vec<Outcome> {
    let mut all: Vec<Outcome> = vec![];
    let mut seen = BTreeSet::new();
    for written in &draft.outcomes {
        match one(draft, names, notes, written) {
            Ok(Some(new)) if !seen.insert((new.kind as usize, new.entity)) => {
                let spot = written.of.as_ref().map(|of| of.spot.clone());
                let message = "this outcome is given above already";
                notes.borrow_mut().extend(spot.map(|spot| Diagnostic::at(&spot, message, "one row each")));
            }
            Ok(new) => all.extend(new),
            Err(diagnostic) => notes.borrow_mut().push(diagnostic),
        }
    }
    all
}

fn one(
    draft: &Draft,
    names: &Names,
    notes: &Notes,
    written: &Written,
) -> Result<Option<Outcome>, Diagnostic> {
    let (Some(event), Some(of)) = (&written.event, &written.of) else { return Ok(None) };
    let Some(kind) = EventKind::by_name(&event.name) else {
        let help = suggest(notes, &event.name, EventKind::ALL.iter().map(|kind| kind.name()));
        return Err(Diagnostic::at(&event.spot, format!("unknown event `{}`", event.name), help));
    };
    let (what, known) = match kind.entity_kind() {
        EntityKind::Polity => ("polity", &names.polities),
        EntityKind::Region => ("region", &names.regions),
        EntityKind::SectorSide => ("side of a sector", &names.sides),
    };
    let Some(entity) = known.find(&of.name) else {
        let help = suggest(notes, &of.name, known.iter());
        return Err(Diagnostic::at(&of.spot, format!("unknown {what} `{}`", of.name), help));
    };
    let (Some((start, _)), Some((end, _))) = (&draft.start, &draft.end) else { return Ok(None) };
    let day = match &written.date {
        None => None,
        Some((date, spot)) if days_between(*start, *date) < 1 => {
            let message = format!("this happened on {date}, not after the scenario's start");
            let help = format!(
                "it starts on {start}, and outcomes count from the day after: what happened by then is part of it"
            );
            return Err(Diagnostic::at(spot, message, help));
        }
        Some((date, spot)) if date > end => {
            let message = format!("this happened on {date}, after the scenario's last day");
            let help = format!("it ends on {end}: leave the cell empty, or let the scenario end later");
            return Err(Diagnostic::at(spot, message, help));
        }
        Some((date, _)) => Some(days_between(*start, *date) as u32),
    };
    Ok(Some(Outcome { kind, entity, day }))
}
