//! One order of everything that is simulated, whatever the order of its rows.
//!
//! Sums of floats and streams of random numbers run in the order of the world's lists. So that no
//! answer hangs on how a table happens to be sorted, these lists stand in the order of identifiers.
//! Claims keep the order in which they were written, because readers see them so; what is
//! estimated of several together takes them in the order of their identifiers.

use crate::draft::{Community, Draft, Link};
use crate::form::text_of;

/// Sorts polities, regions (by polity), communities, links, movements, sectors with their sides,
/// neighbours and belts, sources, unknown quantities, shocks, levers and outcomes. Changes of one day
/// happen in the order of their shocks, then of their levers.
pub(crate) fn sort(draft: &mut Draft) {
    draft.polities.sort();
    draft.movements.sort();
    draft.sectors.sort();
    for (_, sector) in draft.sectors.iter_mut() {
        sector.sides.sort();
        sector.neighbours.sort_by(|a, b| a.name.cmp(&b.name));
        for (_, side) in sector.sides.iter_mut() {
            side.belts.sort_by(|a, b| {
                (a.at.total_cmp(&b.at))
                    .then(a.width.total_cmp(&b.width))
                    .then(a.strength.total_cmp(&b.strength))
            });
        }
    }
    draft.sources.sort();
    draft.unknowns.sort();
    draft.shocks.sort();
    draft.levers.sort();
    let polities = &draft.polities;
    draft.regions.sort_by_cached_key(|region| {
        let polity = region.polity.as_ref().and_then(|name| polities.find(&name.name));
        (polity.unwrap_or(usize::MAX), text_of(&region.id))
    });
    draft.communities.sort_by_cached_key(community);
    draft.links.sort_by_cached_key(link);
    draft.outcomes.sort_by_cached_key(crate::outcome::Written::key);
}

fn community(c: &Community) -> (String, String, u32, u32) {
    (text_of(&c.region), text_of(&c.id), c.share.to_bits(), c.grievance.to_bits())
}

/// A link by its ends; either may be named first.
fn link(link: &Link) -> (String, String) {
    let (a, b) = (text_of(&link.a), text_of(&link.b));
    if a <= b { (a, b) } else { (b, a) }
}
