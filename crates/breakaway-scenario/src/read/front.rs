//! The front: sectors, their sides, sources of recruits.

use super::{cited, ids};
use crate::draft::{Sector, Side, Source};
use crate::form::{Form, May, Must};
use breakaway_model::world::{Belt, Crossing};

pub(super) fn sector(form: &mut Form, s: &mut Sector) {
    form.text("name", &mut s.name, Must, "Name.");
    form.names("neighbours", &mut s.neighbours, May, "Sectors next to it; each names the other.");
    form.number(
        "tempo",
        &mut s.tempo,
        0.0..=10.0,
        May,
        "Days in contact relative to an active sector (default 1).",
    );
    form.number(
        "importance",
        &mut s.importance,
        0.0..=10.0,
        May,
        "Weight of its loss; 1 = one of four equal sectors (default 1).",
    );
    let known = ids(&s.sides);
    form.entries("side", Must, "The two sides, by polity.", &known, |id, form| side(form, s.sides.entry(id)));
    cited(form, &mut s.source);
}

pub(super) fn side(form: &mut Form, s: &mut Side) {
    form.people("soldiers", &mut s.soldiers, Must, "Soldiers at the start.");
    let mut establishment = -1;
    form.people(
        "establishment",
        &mut establishment,
        May,
        "Soldiers that it is meant to have (default: as at the start).",
    );
    if establishment >= 0 {
        s.establishment = Some(establishment);
    }
    form.number("quality", &mut s.quality, 0.0..=5.0, Must, "Quality, 1 = trained regular.");
    form.number("cohesion", &mut s.cohesion, 0.0..=1.0, Must, "Cohesion at the start, share.");
    form.number(
        "supply",
        &mut s.supply,
        0.0..=1.0,
        May,
        "Supply without a crossing, share of need (default 1).",
    );
    form.number(
        "depth",
        &mut s.depth,
        1.0..=5000.0,
        Must,
        "Ground it can give before the sector is lost, km.",
    );
    let mut crossing =
        s.crossing.unwrap_or(Crossing { state: 1.0, interdiction: 1.0, ..Crossing::default() });
    let there = form.table("crossing", May, "Bridges or ferries that it depends on.", |form| {
        form.number(
            "capacity",
            &mut crossing.capacity,
            1.0..=1e7,
            Must,
            "Soldiers that it can supply when whole.",
        );
        form.number(
            "state",
            &mut crossing.state,
            0.0..=1.0,
            May,
            "Share of that which works at the start (default 1).",
        );
        form.number(
            "lift",
            &mut crossing.lift,
            0.0..=1e6,
            Must,
            "Soldiers a day that it can carry out when whole.",
        );
        form.number(
            "interdiction",
            &mut crossing.interdiction,
            0.0..=100.0,
            May,
            "How heavily it is attacked, 1 = as the prior says (default 1).",
        );
    });
    if there {
        s.crossing = Some(crossing);
    }
    if form.has("belts") {
        s.belts.clear();
    }
    form.list("belts", May, "Prepared defences on the way.", |form| {
        let mut belt = Belt::default();
        form.number(
            "at",
            &mut belt.at,
            0.0..=5000.0,
            Must,
            "Ground given up when the line stands on it, km.",
        );
        form.number("width", &mut belt.width, 0.1..=500.0, Must, "Half its depth, km.");
        form.number(
            "strength",
            &mut belt.strength,
            0.0..=20.0,
            Must,
            "What it adds to the defender's cover, 1 = doubles it.",
        );
        s.belts.push(belt);
    });
}

pub(super) fn source(form: &mut Form, s: &mut Source) {
    form.text("name", &mut s.name, Must, "Name.");
    form.name("polity", &mut s.polity, Must, "Polity that takes the men.");
    form.people("pool", &mut s.pool, Must, "Men who can be taken in all.");
    form.flag("apart", &mut s.apart, May, "Whether the pool is outside the regions (prisons, occupied territory); otherwise its men are civilians of the regions.");
    form.number("intake", &mut s.intake, 0.0..=1e6, Must, "Men a day at full effort.");
    form.number("training", &mut s.training, 1.0..=1000.0, Must, "Days of training.");
    form.number("quality", &mut s.quality, 0.0..=5.0, Must, "Quality of its men, 1 = trained regular.");
    form.number(
        "cost",
        &mut s.cost,
        0.0..=10.0,
        Must,
        "Burden of one man taken, 1 = of a man mobilised against his will.",
    );
    form.flag(
        "compulsory",
        &mut s.compulsory,
        May,
        "Whether it runs at full effort at all times, needed or not.",
    );
    form.choice(
        "shares",
        &mut s.shares,
        &["men", "service"],
        May,
        "How recruits are shared among regions: by men of military age, or by these times `service` (default `men`).",
    );
    form.date(
        "opens",
        &mut s.opens,
        May,
        "Day on which it opens (default, or before the start: open from the start).",
    );
    form.date("closes", &mut s.closes, May, "Day on which it closes.");
    cited(form, &mut s.source);
}
