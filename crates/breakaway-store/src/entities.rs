//! The entities of a run, as its manifest describes them.

use breakaway_model::entity::{Entity, EntityKind};
use breakaway_model::world::World;
use breakaway_scenario::Scenario;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A polity, a region, or one side of a sector.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EntityRecord {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Position of its polity among the polities; its own position for a polity.
    pub polity: usize,
    /// Of a side of a sector: the name of the sector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
    /// People at the start: of a region all inhabitants, of a side its soldiers, of a polity its regions' people.
    pub people: i64,
    /// Of a region: its place on the tile map (row, column), where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tile: Option<(u32, u32)>,
    /// Of a region: the names of the groups that it belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
}

/// All entities of a run, by kind, in the order of the world.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entities {
    /// Polities.
    pub polities: Vec<EntityRecord>,
    /// Regions, sorted by polity.
    pub regions: Vec<EntityRecord>,
    /// Sides of sectors, sector by sector.
    pub sides: Vec<EntityRecord>,
}

/// Stands for an entity that a run does not know.
static UNKNOWN: EntityRecord = EntityRecord {
    id: String::new(),
    name: String::new(),
    polity: 0,
    sector: None,
    people: 0,
    tile: None,
    groups: vec![],
};

impl Entities {
    /// The entities of a scenario.
    pub fn of(scenario: &Scenario) -> Entities {
        let world = &scenario.world;
        Entities { polities: polities(world), regions: regions(scenario), sides: sides(world) }
    }

    /// All of a kind.
    pub fn all(&self, kind: EntityKind) -> &[EntityRecord] {
        match kind {
            EntityKind::Polity => &self.polities,
            EntityKind::Region => &self.regions,
            EntityKind::SectorSide => &self.sides,
        }
    }

    /// One of them; one without a name where there is no such entity.
    pub fn get(&self, entity: Entity) -> &EntityRecord {
        self.all(entity.kind).get(entity.index).unwrap_or(&UNKNOWN)
    }

    /// The positions of all identifiers of a kind.
    pub fn positions(&self, kind: EntityKind) -> BTreeMap<&str, usize> {
        self.all(kind).iter().enumerate().map(|(index, record)| (record.id.as_str(), index)).collect()
    }

    /// The name of an entity's polity.
    pub fn polity_name(&self, entity: Entity) -> &str {
        self.polities.get(self.get(entity).polity).map_or("", |polity| &polity.name)
    }

    /// The polity with the most regions, the first of several: the one that may break.
    pub fn main_polity(&self) -> usize {
        (0..self.polities.len()).rev().max_by_key(|&k| self.regions_of(k).count()).unwrap_or(0)
    }

    /// The regions of a polity.
    pub fn regions_of(&self, polity: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.regions.len()).filter(move |&r| self.regions[r].polity == polity)
    }
}

fn polities(world: &World) -> Vec<EntityRecord> {
    let people = |k: usize| {
        world.regions[world.polities[k].regions.clone()].iter().map(|r| i64::from(r.population)).sum()
    };
    let one = |(k, polity): (usize, &breakaway_model::world::Polity)| EntityRecord {
        id: polity.id.clone(),
        name: polity.name.clone(),
        polity: k,
        people: people(k),
        ..EntityRecord::default()
    };
    world.polities.iter().enumerate().map(one).collect()
}

fn regions(scenario: &Scenario) -> Vec<EntityRecord> {
    let groups_of = |r: usize| {
        let own = scenario.groups.iter().filter(|(_, regions)| regions.contains(&r));
        own.map(|(name, _)| name.clone()).collect()
    };
    let one = |(r, region): (usize, &breakaway_model::world::Region)| EntityRecord {
        id: region.id.clone(),
        name: region.name.clone(),
        polity: region.polity,
        people: region.population.into(),
        tile: scenario.tiles.get(r).copied().flatten(),
        groups: groups_of(r),
        sector: None,
    };
    scenario.world.regions.iter().enumerate().map(one).collect()
}

fn sides(world: &World) -> Vec<EntityRecord> {
    let one = |sector: &breakaway_model::world::Sector, k: usize| {
        let side = &sector.sides[k];
        let polity = &world.polities[side.polity];
        EntityRecord {
            id: format!("{}/{}", sector.id, polity.id),
            name: format!("{}, {}", sector.name, polity.name),
            polity: side.polity,
            sector: Some(sector.name.clone()),
            people: side.soldiers.into(),
            ..EntityRecord::default()
        }
    };
    world.sectors.iter().flat_map(|sector| [one(sector, 0), one(sector, 1)]).collect()
}
