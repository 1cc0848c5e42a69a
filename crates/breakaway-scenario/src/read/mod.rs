//! What is allowed in the files of a scenario: one declaration for reader and schema.

mod change;
mod front;
mod rows;

use change::{distribution, lever, unknown};
use front::{sector, source};
pub use rows::{community, link, region};

use crate::claim;
use crate::diagnostic::Spot;
use crate::draft::{Draft, Movement, Polity};
use crate::form::{Form, May, Must};
use breakaway_model::params::{Prior, table};
use breakaway_model::world::MECHANISMS;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Version of the format that this program reads.
pub const FORMAT: i32 = 1;

/// `scenario.toml`, or an overlay of it (`overlay`: nothing need be there).
pub fn scenario(form: &mut Form, d: &mut Draft, overlay: bool) {
    let must = if overlay { May } else { Must };
    d.spot.get_or_insert_with(|| form.spot());
    form.people("format", &mut d.format, must, "Version of the format: 1.");
    form.text("name", &mut d.name, must, "Name of the scenario.");
    form.text("description", &mut d.description, May, "What it is about, in a few sentences.");
    form.date("start", &mut d.start, must, "Day before the first simulated day.");
    form.date("end", &mut d.end, must, "Last simulated day.");
    form.names("mechanisms_off", &mut d.off, May, "Mechanisms that are switched off.");
    let Draft {
        groups,
        polities,
        movements,
        sectors,
        sources,
        unknowns,
        shocks,
        levers,
        claims,
        parameters,
        ..
    } = d;
    form.entries("group", May, "Groups of regions that claims refer to.", &BTreeSet::new(), |id, form| {
        form.text("name", groups.entry(id), Must, "Name.");
    });
    let known = ids(polities);
    form.entries("polity", must, "States, and armed challengers that fight as one.", &known, |id, form| {
        polity(form, polities.entry(id));
    });
    let known = ids(movements);
    form.entries("movement", May, "Organised movements.", &known, |id, form| {
        movement(form, movements.entry(id));
    });
    let known = ids(sectors);
    form.entries("sector", May, "Stretches of front between two polities.", &known, |id, form| {
        sector(form, sectors.entry(id));
    });
    let known = ids(sources);
    form.entries("source", May, "Where a polity finds men.", &known, |id, form| {
        source(form, sources.entry(id))
    });
    let known = ids(unknowns);
    form.entries(
        "unknown",
        May,
        "Quantities that nobody knows, drawn like parameters.",
        &known,
        |id, form| {
            unknown(form, unknowns.entry(id));
        },
    );
    let known = ids(shocks);
    form.entries("shock", May, "Dated changes that happen.", &known, |id, form| {
        let shock = shocks.entry(id);
        shock.active = true;
        lever(form, shock);
    });
    let known = ids(levers);
    form.entries(
        "lever",
        May,
        "Dated changes of policy that a counterfactual switches.",
        &known,
        |id, form| {
            let own = levers.entry(id);
            form.flag("active", &mut own.active, May, "Whether it is on (default: off).");
            lever(form, own);
        },
    );
    form.table("parameters", May, "Parameters by mechanism: a number, or a distribution.", |form| {
        priors(form, parameters);
    });
    if overlay {
        let known = ids(claims);
        form.entries("claim", May, "Claims.", &known, |id, form| claim::read_claim(form, claims.entry(id)));
    }
}

fn ids<T>(entries: &crate::draft::Entries<T>) -> BTreeSet<String> {
    entries.ids().map(str::to_string).collect()
}

/// `claims.toml`.
pub fn claims(form: &mut Form, d: &mut Draft) {
    let claims = &mut d.claims;
    form.entries("claim", Must, "Claims.", &BTreeSet::new(), |id, form| {
        claim::read_claim(form, claims.entry(id))
    });
}

fn cited(form: &mut Form, into: &mut String) {
    form.text("source", into, Must, "Where the figures come from; say `judgement` where from nowhere else.");
}

fn polity(form: &mut Form, p: &mut Polity) {
    form.text("name", &mut p.name, Must, "Name.");
    form.name("capital", &mut p.capital, Must, "Region of the capital.");
    form.number("strength", &mut p.strength, 0.0..=1.0, Must, "Regime strength at the start, share.");
    form.number("baseline", &mut p.baseline, 0.0..=1.0, Must, "Strength that it returns to, share.");
    form.date(
        "in_office_since",
        &mut p.in_office_since,
        May,
        "Day on which its government took office, where that is new.",
    );
    form.number("treasury", &mut p.treasury, -1.0..=5.0, Must, "State reserves, years of the budget.");
    form.number(
        "news",
        &mut p.news,
        0.0..=1.0,
        May,
        "Bad news from the front at the start, share of the worst.",
    );
    form.people("reserve", &mut p.reserve, May, "Soldiers in reserve at the start.");
    form.number(
        "reserve_quality",
        &mut p.reserve_quality,
        0.0..=5.0,
        May,
        "Their quality, 1 = trained regular (default 1).",
    );
    form.people("wounded", &mut p.wounded, May, "Wounded in hospital at the start.");
    form.people("army_target", &mut p.army_target, May, "Soldiers that the army is meant to have.");
    form.people("mobile_guards", &mut p.mobile_guards, May, "Guards not bound to a region.");
    form.number(
        "officials_per_1000",
        &mut p.officials_per_1000,
        0.0..=500.0,
        May,
        "Officials per thousand people where a region names none.",
    );
    form.number(
        "guards_per_1000",
        &mut p.guards_per_1000,
        0.0..=500.0,
        May,
        "Guards per thousand people where a region names none.",
    );
    if form.has("openness") {
        p.openness.clear();
    }
    form.list(
        "openness",
        May,
        "How far the centre tolerates legal opposition: points in time, straight lines between them.",
        |form| {
            let (mut date, mut value) = (None, 0.0);
            form.date("date", &mut date, Must, "Day.");
            form.number("value", &mut value, 0.0..=1.0, Must, "Openness, share.");
            if let Some((date, spot)) = date {
                if p.openness.last().is_some_and(|(last, _)| *last >= date) {
                    form.fault(
                        format!("{date} is not after the point before it"),
                        "list the points in order of time",
                    );
                }
                let _ = spot;
                p.openness.push((date, value));
            }
        },
    );
    cited(form, &mut p.source);
}

fn movement(form: &mut Form, m: &mut Movement) {
    form.text("name", &mut m.name, Must, "Name.");
    form.number(
        "exile",
        &mut m.exile,
        0.0..=1.0,
        Must,
        "Organisation in exile at the start, share of what it could be.",
    );
    cited(form, &mut m.source);
}

fn priors(form: &mut Form, into: &mut Vec<(usize, Prior, Spot)>) {
    for (_, mechanism) in MECHANISMS {
        form.table(mechanism, May, "Parameters of this mechanism.", |form| {
            for (index, spec) in table().enumerate().filter(|(_, spec)| spec.mechanism == *mechanism) {
                let found = RefCell::new(None);
                form.number_or_table(
                    &spec.name,
                    &spec.doc,
                    |x, spot| *found.borrow_mut() = Some((Prior::Fixed(x), spot)),
                    |form| *found.borrow_mut() = distribution(form).map(|prior| (prior, form.spot())),
                );
                if let Some((prior, spot)) = found.into_inner() {
                    into.retain(|(other, _, _)| *other != index);
                    into.push((index, prior, spot));
                }
            }
        });
    }
}

/// The columns of a table.
pub fn columns(read: impl FnOnce(&mut Form)) -> Vec<String> {
    let schema = Form::schema(read);
    schema["properties"].as_object().map(|p| p.keys().cloned().collect()).unwrap_or_default()
}
