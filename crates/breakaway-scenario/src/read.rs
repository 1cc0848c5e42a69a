//! What may stand in the files of a scenario: one declaration for reader and schema.

use crate::claim;
use crate::diagnostic::Spot;
use crate::draft::{Change, Community, Draft, Lever, Link, Movement, Polity, Region, Sector, Side, Source};
use crate::form::{Form, May, Must};
use breakaway_model::params::{Prior, table};
use breakaway_model::world::{Belt, Crossing, MECHANISMS};
use std::cell::RefCell;

/// Version of the format that this program reads.
pub const FORMAT: i32 = 1;

/// Kinds of change that shocks and levers make.
pub const CHANGES: &[(&str, &str)] = &[
    ("strength", "adds `value` to a polity's regime strength; it fades"),
    ("baseline", "adds `value` to the strength that a polity returns to"),
    ("news", "adds bad news to a polity"),
    ("treasury", "adds years of the budget to a polity's reserves"),
    ("identity-factor", "multiplies a polity's grievance of identity"),
    ("congress", "holds a congress of a polity's movements, of this size"),
    ("hold-guards", "1 keeps a polity's guards in the regions, 0 lets them be drawn to the front"),
    ("war", "0 ends a polity's part in the war, 1 starts it again"),
    ("source", "1 opens a source, 0 closes it"),
    ("supply", "sets the supply of a side (`sector/polity`) that has no crossing"),
    ("crossing-factor", "multiplies what is left of a side's crossing"),
    ("quality-factor", "multiplies a side's quality"),
    ("cohesion", "adds to a side's cohesion; it fades"),
    ("tempo", "sets a sector's tempo"),
    ("withdraw", "orders a side to withdraw"),
];

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
    let Draft { groups, polities, movements, sectors, sources, shocks, levers, claims, parameters, .. } = d;
    form.entries("group", May, "Groups of regions that claims speak of.", &|_| false, |id, form| {
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

fn ids<T: Default>(entries: &crate::draft::Entries<T>) -> impl Fn(&str) -> bool + use<T> {
    let ids: Vec<String> = entries.ids().map(str::to_string).collect();
    move |id| ids.iter().any(|known| known == id)
}

/// `claims.toml`.
pub fn claims(form: &mut Form, d: &mut Draft) {
    let claims = &mut d.claims;
    form.entries("claim", Must, "Claims.", &|_| false, |id, form| claim::read_claim(form, claims.entry(id)));
}

fn cited(form: &mut Form, into: &mut String) {
    form.text("source", into, Must, "Where the figures come from; say `judgement` where from nowhere else.");
}

fn polity(form: &mut Form, p: &mut Polity) {
    form.text("name", &mut p.name, Must, "Name.");
    form.name("capital", &mut p.capital, Must, "Region of the capital.");
    form.number("strength", &mut p.strength, 0.0..=1.0, Must, "Regime strength at the start, share.");
    form.number("baseline", &mut p.baseline, 0.0..=1.0, Must, "Strength that it returns to, share.");
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

fn sector(form: &mut Form, s: &mut Sector) {
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

fn side(form: &mut Form, s: &mut Side) {
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

fn source(form: &mut Form, s: &mut Source) {
    form.text("name", &mut s.name, Must, "Name.");
    form.name("polity", &mut s.polity, Must, "Polity that takes the men.");
    form.people("pool", &mut s.pool, Must, "Men who can be taken in all.");
    form.flag("apart", &mut s.apart, May, "Whether the pool lies outside the regions (prisons, occupied territory); otherwise its men are civilians of the regions.");
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
    form.flag("compulsory", &mut s.compulsory, May, "Whether it runs at full effort, whatever the need.");
    form.choice(
        "shares",
        &mut s.shares,
        &["men", "service"],
        May,
        "Among regions: by men of age, or by men times `service` (default `men`).",
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

fn lever(form: &mut Form, l: &mut Lever) {
    form.text("text", &mut l.text, Must, "What changes, in a sentence.");
    if form.has("change") {
        l.changes.clear();
    }
    let words: Vec<&str> = CHANGES.iter().map(|(word, _)| *word).collect();
    form.list("change", Must, "The dated changes.", |form| {
        let mut change = Change::default();
        form.date("date", &mut change.date, Must, "Day.");
        form.choice("what", &mut change.what, &words, Must, "What changes.");
        form.name(
            "of",
            &mut change.of,
            Must,
            "Whose: a polity, a sector, a side (`sector/polity`), a source.",
        );
        form.number(
            "value",
            &mut change.value,
            -1e6..=1e6,
            Must,
            "By how much, by what factor, or to what; 1 or 0 for on or off.",
        );
        l.changes.push(change);
    });
    cited(form, &mut l.source);
}

fn priors(form: &mut Form, into: &mut Vec<(usize, Prior, Spot)>) {
    for (_, mechanism) in MECHANISMS {
        form.table(mechanism, May, "Parameters of this mechanism.", |form| {
            for (index, spec) in table().enumerate().filter(|(_, spec)| spec.mechanism == mechanism) {
                let found = RefCell::new(None);
                form.number_or_table(
                    spec.name,
                    spec.doc,
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

fn distribution(form: &mut Form) -> Option<Prior> {
    let [mut low, mut high, mut mean, mut sd] = [f64::NAN; 4];
    let mut log = false;
    let any = f64::NEG_INFINITY..=f64::INFINITY;
    form.real("low", &mut low, any.clone(), Must, "Smallest value.");
    form.real("high", &mut high, any.clone(), Must, "Largest value.");
    form.flag("log", &mut log, May, "Whether every order of magnitude is alike.");
    form.real("mean", &mut mean, any.clone(), May, "Mean of a normal distribution cut off at the ends.");
    form.real("sd", &mut sd, any, May, "Its standard deviation.");
    if low.is_nan() || high.is_nan() {
        return None;
    }
    match (mean.is_nan(), sd.is_nan()) {
        (true, true) if log => Some(Prior::LogUniform { low, high }),
        (true, true) => Some(Prior::Uniform { low, high }),
        (false, false) if !log => Some(Prior::Normal { mean, sd, low, high }),
        (false, false) => {
            form.fault("`log` and `mean` do not go together", "leave one of them out");
            None
        }
        _ => {
            form.fault("`mean` and `sd` go together", "give both, or neither");
            None
        }
    }
}

/// A row of `regions.csv`.
pub fn region(form: &mut Form, r: &mut Region) {
    r.spot = Some(form.spot());
    (r.service, r.income, r.men, r.row, r.col) = (1.0, f32::NAN, -1, -1, -1);
    form.name("id", &mut r.id, Must, "Identifier.");
    form.text("name", &mut r.name, Must, "Name.");
    form.name("polity", &mut r.polity, Must, "Polity.");
    form.people("population", &mut r.population, Must, "Everybody who lives there.");
    form.people("men", &mut r.men, May, "Men of military age (default: a quarter of the population).");
    for (key, into, doc) in [
        ("officials", &mut r.officials, "Officials in post (default: by the polity's rate)."),
        ("guards", &mut r.guards, "Guards (default: by the polity's rate)."),
    ] {
        let mut value = -1;
        form.people(key, &mut value, May, doc);
        if value >= 0 {
            *into = Some(value);
        }
    }
    form.people("exiles", &mut r.exiles, May, "Members of its movement abroad.");
    form.number(
        "income",
        &mut r.income,
        0.0..=1e12,
        May,
        "Income per head, any unit, compared within the polity.",
    );
    form.number(
        "deputies",
        &mut r.deputies,
        0.0..=1.0,
        May,
        "Share of deputies who would carry a declaration where it is legal.",
    );
    form.number(
        "organisation",
        &mut r.organisation,
        0.0..=1.0,
        May,
        "Home organisation of its movement, share of what it could be.",
    );
    form.number(
        "service",
        &mut r.service,
        0.0..=100.0,
        May,
        "People in the army per man of age, 1 = average.",
    );
    form.number(
        "hinterland",
        &mut r.hinterland,
        0.0..=1e6,
        May,
        "Weight with which deserters from the front first come here.",
    );
    form.names("groups", &mut r.groups, May, "Groups that it belongs to, separated by `;`.");
    form.people("row", &mut r.row, May, "Row on the tile map, from 0 in the north.");
    form.people("col", &mut r.col, May, "Column on the tile map, from 0 in the west.");
    cited(form, &mut r.source);
}

/// A row of `communities.csv`.
pub fn community(form: &mut Form, c: &mut Community) {
    form.name("id", &mut c.id, Must, "Identifier of the community.");
    form.text("name", &mut c.name, Must, "Name.");
    form.name("region", &mut c.region, Must, "Region that they live in.");
    form.number("share", &mut c.share, 0.0..=1.0, Must, "Share of the region's people.");
    form.number(
        "grievance",
        &mut c.grievance,
        0.0..=1.0,
        Must,
        "Historical grievance, share of the deepest.",
    );
    form.name("movement", &mut c.movement, May, "Movement that speaks for them.");
    form.flag("homeland", &mut c.homeland, Must, "Whether the region is their homeland.");
    cited(form, &mut c.source);
}

/// A row of `links.csv`.
pub fn link(form: &mut Form, l: &mut Link) {
    form.name("a", &mut l.a, Must, "A region.");
    form.name("b", &mut l.b, Must, "Its neighbour; each pair stands once.");
    form.choice("kind", &mut l.kind, &["land", "sea", "rail"], May, "Kind of link.");
    cited(form, &mut l.source);
}

/// The columns of a table.
pub fn columns(read: impl FnOnce(&mut Form)) -> Vec<String> {
    let schema = Form::schema(read);
    schema["properties"].as_object().map(|p| p.keys().cloned().collect()).unwrap_or_default()
}
