//! Entities: to whom something happens, and whose an observable is.

use crate::world::World;

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// A polity.
    Polity,
    /// A region.
    Region,
    /// One side of a sector of the front.
    SectorSide,
}

impl EntityKind {
    /// All of them.
    pub const ALL: [EntityKind; 3] = [EntityKind::Polity, EntityKind::Region, EntityKind::SectorSide];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            EntityKind::Polity => "polity",
            EntityKind::Region => "region",
            EntityKind::SectorSide => "side",
        }
    }

    /// Number of entities of this kind in a world.
    pub fn count(self, world: &World) -> usize {
        match self {
            EntityKind::Polity => world.polities.len(),
            EntityKind::Region => world.regions.len(),
            EntityKind::SectorSide => side_index(world.sectors.len(), 0),
        }
    }
}

/// An entity: its kind, and its position in the world's list of that kind. Sides of sectors are
/// counted sector by sector: see [`side_index`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entity {
    /// Kind.
    pub kind: EntityKind,
    /// Position, from 0.
    pub index: usize,
}

impl Entity {
    /// All entities of a world: polities, then regions, then sides of sectors.
    pub fn all(world: &World) -> impl Iterator<Item = Entity> + use<> {
        let counts = EntityKind::ALL.map(|kind| (kind, kind.count(world)));
        counts.into_iter().flat_map(|(kind, n)| (0..n).map(move |index| Entity { kind, index }))
    }
}

/// The position of a side (0 or 1) of a sector in the list of sides.
#[inline(always)]
pub const fn side_index(sector: usize, side: usize) -> usize {
    2 * sector + side
}

/// The sector and the side at a position in the list of sides.
#[inline(always)]
pub const fn sector_and_side(index: usize) -> (usize, usize) {
    (index / 2, index % 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_counted_sector_by_sector() {
        for index in 0..6 {
            let (sector, side) = sector_and_side(index);
            assert_eq!(side_index(sector, side), index);
        }
        assert_eq!(side_index(2, 1), 5);
    }
}
