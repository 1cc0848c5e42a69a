//! The numbers behind the charts, as the page's script reads them.

use breakaway_model::entity::{Entity, EntityKind, side_index};
use breakaway_model::observe::names;
use breakaway_store::{Entities, Manifest, Quantiles, QuantilesBySeries};
use breakaway_text::spoken::quantity;
use serde::Serialize;

/// Observables of regions that the map offers: name, label, unit.
const MAP: [(&str, &str, &str); 7] = [
    (names::HAS_DECLARED, "Has declared that it leaves", "probability"),
    (names::HAS_LEFT, "Independent in fact", "probability"),
    (names::OFFICIALS, "Officials who work", "share, mean"),
    (names::PARTICIPATION, "People who take part in protest", "share, mean"),
    (names::BANDS_HERE, "Members of armed bands", "per 1,000, mean"),
    (names::DESERTERS_HERE, "Deserters at large", "per 1,000, mean"),
    (names::ORGANISATION, "Home organisation of the movement", "share, mean"),
];
/// Observables that are probabilities: their quantiles say nothing.
const SURE: [&str; 3] = [names::HAS_DECLARED, names::HAS_LEFT, names::IN_ROUT];
/// The four loyalties: name, label.
const LOYALTIES: [(&str, &str); 4] = [
    (names::COHESION_MEAN, "Soldiers: cohesion"),
    (names::OFFICIALS_MEAN, "Officials who work for the centre"),
    (names::PARTICIPATION_MEAN, "Citizens who take part in protest"),
    (names::LOYALTY, "Loyalty of regions"),
];
/// Observables of a side of a sector: name, label.
const FRONT: [(&str, &str); 5] = [
    (names::LINE, "Ground lost, km"),
    (names::STRENGTH_HERE, "Soldiers"),
    (names::COHESION, "Cohesion"),
    (names::IN_ROUT, "Probability of being in rout"),
    (names::ESCAPE, "Share that can get out over the crossing"),
];

/// The observables that the page needs.
pub(crate) fn wanted() -> Vec<&'static str> {
    let map = MAP.iter().map(|(name, ..)| *name);
    map.chain(LOYALTIES.iter().map(|(name, _)| *name)).chain(FRONT.iter().map(|(name, _)| *name)).collect()
}

/// Everything that is drawn.
#[derive(Serialize)]
pub(crate) struct Charts {
    /// Day 0.
    start: String,
    map: Map,
    front: Vec<SectorCharts>,
    loyalties: Vec<Chart>,
}

#[derive(Serialize)]
struct Map {
    days: Vec<u32>,
    observables: Vec<MapObservable>,
    regions: Vec<Region>,
}

#[derive(Serialize)]
struct MapObservable {
    label: &'static str,
    unit: &'static str,
    /// Where the colours end.
    most: f32,
    /// By region: none where the run has no record.
    fans: Vec<Option<Fan>>,
}

#[derive(Serialize)]
struct Region {
    id: String,
    name: String,
    row: u32,
    column: u32,
}

#[derive(Serialize)]
pub(crate) struct SectorCharts {
    name: String,
    charts: Vec<Chart>,
}

/// One chart: several fans on one time axis.
#[derive(Serialize)]
struct Chart {
    label: String,
    fans: Vec<Fan>,
}

/// A spread over time; without quantiles where it is a probability.
#[derive(Clone, Serialize)]
struct Fan {
    name: String,
    days: Vec<u32>,
    mean: Vec<f32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bands: Vec<Vec<f32>>,
}

impl Charts {
    /// The charts of a run.
    pub(crate) fn of(manifest: &Manifest, spreads: &QuantilesBySeries) -> Charts {
        let entities = &manifest.entities;
        let get = |observable: &str, entity: &str| spreads.get(&(observable.into(), entity.into()));
        // The page is about the polity that may break.
        let polity = entities.main_polity();
        let own_regions: Vec<usize> = entities.regions_of(polity).collect();
        let fan = |observable: &str, id: &str, name: &str| {
            get(observable, id).map(|spread| Fan::of(name, spread, 1, SURE.contains(&observable)))
        };
        let weekly = |observable: &str, id: &str, name: &str| {
            get(observable, id).map(|spread| Fan::of(name, spread, 7, SURE.contains(&observable)))
        };
        let places = places(manifest, &own_regions);
        let regions: Vec<Region> = own_regions
            .iter()
            .zip(&places)
            .map(|(&r, &(row, column))| Region {
                id: entities.regions[r].id.clone(),
                name: entities.regions[r].name.clone(),
                row,
                column,
            })
            .collect();
        let observables: Vec<MapObservable> = MAP
            .iter()
            .map(|&(observable, label, unit)| {
                let fans: Vec<Option<Fan>> =
                    regions.iter().map(|region| fan(observable, &region.id, &region.name)).collect();
                let most = fans.iter().flatten().flat_map(|fan| &fan.mean).fold(0.0_f32, |a, &b| a.max(b));
                MapObservable { label, unit, most: if most > 0.0 { most } else { 1.0 }, fans }
            })
            .collect();
        let days = observables.iter().flat_map(|o| o.fans.iter().flatten()).next();
        let front = (0..entities.sides.len() / 2).map(|s| sector(entities, s, &weekly)).collect();
        let loyalties = LOYALTIES.iter().map(|&(observable, label)| Chart {
            label: label.into(),
            fans: entities
                .polities
                .get(polity)
                .and_then(|own| weekly(observable, &own.id, &own.name))
                .into_iter()
                .collect(),
        });
        Charts {
            start: manifest.start.clone(),
            loyalties: loyalties.collect(),
            front,
            map: Map { days: days.map_or(vec![], |fan| fan.days.clone()), observables, regions },
        }
    }

    /// As it is written into the page: no end of a script can occur in it.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default().replace('<', "\\u003c")
    }

    /// Names of the map's observables.
    pub(crate) fn map_labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.map.observables.iter().map(|o| (o.label, o.unit))
    }

    /// Name and number of charts of each sector.
    pub(crate) fn sectors(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.front.iter().map(|sector| {
            (sector.name.as_str(), sector.charts.iter().map(|chart| chart.label.as_str()).collect())
        })
    }

    /// Labels of the four loyalties, with a sentence that says how each ends.
    pub(crate) fn loyalty_words(&self) -> impl Iterator<Item = (&str, String)> {
        self.loyalties.iter().map(|chart| {
            let ends = chart.fans.first().and_then(Fan::ends);
            let said = ends.map_or(String::new(), |(start, [low, middle, high])| {
                let [start, low, middle, high] = [start, low, middle, high].map(quantity);
                format!("from {start} at the start to {middle} in the median simulation at the end (5-95 %: {low} to {high})")
            });
            (chart.label.as_str(), said)
        })
    }

    /// Positions, names and places of the map's tiles.
    pub(crate) fn tiles(&self) -> impl Iterator<Item = (&str, &str, u32, u32)> {
        self.map.regions.iter().map(|r| (r.id.as_str(), r.name.as_str(), r.row, r.column))
    }

    /// The last recorded day of the map, as a position.
    pub(crate) fn last_frame(&self) -> usize {
        self.map.days.len().saturating_sub(1)
    }
}

fn sector(
    entities: &Entities,
    sector: usize,
    fan: &impl Fn(&str, &str, &str) -> Option<Fan>,
) -> SectorCharts {
    let sides = [side_index(sector, 0), side_index(sector, 1)];
    let side = |index: usize| Entity { kind: EntityKind::SectorSide, index };
    let charts = FRONT.iter().filter_map(|&(observable, label)| {
        // Ground lost by one side is gained by the other: one side says it.
        let shown = if observable == names::LINE { &sides[..1] } else { &sides };
        let fans = shown.iter().filter_map(|&index| {
            fan(observable, &entities.sides[index].id, entities.polity_name(side(index)))
        });
        // Without a crossing everybody can get out: such a line says nothing.
        let says = |fan: &Fan| observable != names::ESCAPE || fan.mean.iter().any(|&x| x < 0.999);
        let fans: Vec<Fan> = fans.filter(says).collect();
        let label = if observable == names::LINE {
            format!("{label} by {}", entities.polity_name(side(sides[0])))
        } else {
            label.into()
        };
        (!fans.is_empty()).then_some(Chart { label, fans })
    });
    let name = entities.sides[sides[0]].sector.clone().unwrap_or_default();
    SectorCharts { name, charts: charts.collect() }
}

impl Fan {
    /// Every so many days of a spread.
    fn of(name: &str, spread: &Quantiles, step: u32, sure: bool) -> Fan {
        let last = spread.days.len().saturating_sub(1);
        let kept: Vec<usize> =
            (0..spread.days.len()).filter(|&k| spread.days[k].is_multiple_of(step) || k == last).collect();
        let pick = |all: &[f32]| kept.iter().map(|&k| short(all[k])).collect::<Vec<f32>>();
        let bands = if sure { vec![] } else { spread.quantiles.iter().map(|all| pick(all)).collect() };
        Fan {
            name: name.into(),
            days: kept.iter().map(|&k| spread.days[k]).collect(),
            mean: pick(&spread.mean),
            bands,
        }
    }

    /// The start, and the 5, 50 and 95 % quantiles at the end.
    fn ends(&self) -> Option<(f32, [f32; 3])> {
        let start = *self.bands.get(2)?.first()?;
        let at = |k: usize| self.bands.get(k).and_then(|band| band.last()).copied();
        Some((start, [at(0)?, at(2)?, at(4)?]))
    }
}

/// Three significant digits: a chart shows no more.
fn short(x: f32) -> f32 {
    format!("{x:.2e}").parse().unwrap_or(x)
}

/// Where the tiles stand, counted from 1. Regions without a place follow below, ten to a row.
fn places(manifest: &Manifest, regions: &[usize]) -> Vec<(u32, u32)> {
    let given: Vec<Option<(u32, u32)>> =
        regions.iter().map(|&r| manifest.entities.regions.get(r).and_then(|region| region.tile)).collect();
    let rows = || given.iter().flatten().map(|(row, _)| *row);
    let top = rows().min().unwrap_or(0);
    let left = given.iter().flatten().map(|(_, column)| *column).min().unwrap_or(0);
    let below = rows().max().map_or(1, |last| last - top + 2);
    let mut others = 0;
    let mut next = || {
        others += 1;
        (below + (others - 1) / 10, 1 + (others - 1) % 10)
    };
    given
        .iter()
        .map(|place| place.map_or_else(&mut next, |(row, column)| (row - top + 1, column - left + 1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(short(0.123_456), 0.123);
        assert_eq!(short(123_456.0), 123_000.0);
        assert_eq!(short(0.0), 0.0);
    }
}
