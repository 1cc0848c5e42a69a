//! The fixed grid of blocks: how a design is cut. It depends on the design alone, never on threads
//! or machines, so that parts written anywhere fit together.

use breakaway_ensemble::Design;
use breakaway_model::lanes::WIDTH;
use std::ops::Range;

/// Fewest and most members of a block: a small one costs time, of a large one much is lost when a
/// run is killed.
const SIZES: (u32, u32) = (64, 1024);
/// Blocks that a design of middle size is cut into.
const BLOCKS: u32 = 16;

/// A grid of blocks of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    members: u32,
    size: u32,
}

impl Grid {
    /// The grid of a design.
    pub fn of(design: &Design) -> Grid {
        Grid::with_size(design, design.members().div_ceil(BLOCKS).clamp(SIZES.0, SIZES.1))
    }

    /// Another grid of the same design, with so many members a block (rounded up to whole vectors).
    /// Results do not depend on it; tests do this.
    pub fn with_size(design: &Design, size: u32) -> Grid {
        Grid { members: design.members(), size: size.max(1).next_multiple_of(WIDTH as u32) }
    }

    /// Number of blocks.
    pub fn len(&self) -> usize {
        self.members.div_ceil(self.size) as usize
    }

    /// Whether there is no block.
    pub fn is_empty(&self) -> bool {
        self.members == 0
    }

    /// The members of a block, from 0.
    pub fn block(&self, index: usize) -> Range<u32> {
        let first = index as u32 * self.size;
        first..first.saturating_add(self.size).min(self.members)
    }

    /// All blocks, in order.
    pub fn blocks(&self) -> impl Iterator<Item = Range<u32>> + use<> {
        let grid = *self;
        (0..grid.len()).map(move |index| grid.block(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_tile_the_design() {
        for (draws, replicates) in [(1, 1), (200, 10), (1000, 10), (65_536, 100), (7, 13)] {
            let design = Design { draws, replicates, seed: 1, kind: Default::default() };
            let grid = Grid::of(&design);
            let mut next = 0;
            for block in grid.blocks() {
                assert!(block.start == next && block.end > next && block.start.is_multiple_of(WIDTH as u32));
                assert!(block.end - block.start <= SIZES.1);
                next = block.end;
            }
            assert_eq!(next, design.members());
        }
    }
}
