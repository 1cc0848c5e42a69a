//! Rows of the tables in CSV.

use super::cited;
use crate::draft::{Community, Link, Region};
use crate::form::{Form, May, Must};

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
    form.people("fighters", &mut r.fighters, May, "Members of its movement's armed wing.");
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
