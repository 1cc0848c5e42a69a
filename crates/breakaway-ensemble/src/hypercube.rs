//! A sliced Latin hypercube (Qian 2012, "Sliced Latin hypercube designs"): one draw in each slice of each
//! dimension, and in blocks of draws that are Latin hypercubes themselves. Every coordinate is computed from its
//! numbers alone, so that any draw can be had without the others.

use breakaway_model::rng::philox;

/// Most draws of a block.
const LARGEST_BLOCK: u32 = 10;
/// Blocks that tell well how precise a design is.
const MANY_BLOCKS: u32 = 10;
/// Fewest blocks that tell how precise a design is.
const FEWEST_BLOCKS: u32 = 5;

/// Consecutive draws that make a Latin hypercube of their own; blocks are as good as independent of each
/// other. Ten blocks or more where the number of draws allows it; none where it allows no five.
pub(crate) fn block(draws: u32) -> Option<u32> {
    let sizes = || (2..=draws.min(LARGEST_BLOCK)).rev().filter(|size| draws.is_multiple_of(*size));
    let enough = |least: u32| sizes().find(|size| draws / size >= least);
    enough(MANY_BLOCKS).or_else(|| enough(FEWEST_BLOCKS))
}

/// A coordinate of a draw: the block's order says in which part of the range, and the part's order in which
/// slice of it the draw is.
pub(crate) fn coordinate(draw: u32, draws: u32, dimension: u32, seed: u64) -> f64 {
    let size = block(draws).unwrap_or(draws);
    let (block, place) = (draw / size, draw % size);
    let part = shuffled(place, size, [dimension, 2 * block + 1], seed);
    let blocks = draws / size;
    let slice = part * blocks + shuffled(block, blocks, [dimension, 2 * part + 2], seed);
    let [x, ..] = philox([draw, dimension, 0, WITHIN], [seed as u32, (seed >> 32) as u32]);
    let within = (f64::from(x) + 0.5) / (f64::from(u32::MAX) + 1.0);
    (f64::from(slice) + within) / f64::from(draws)
}

/// Tells places within slices from orders, in the counters of random numbers.
const WITHIN: u32 = u32::MAX;
/// A place in a random order of `0..n`, one of many: a Feistel network over the next even number of bits,
/// walked until it falls inside (Black & Rogaway 2002, "Ciphers with arbitrary finite domains").
/// First and second points would share the digits of the Sobol sequence otherwise.
pub(crate) fn shuffled(index: u32, n: u32, order: [u32; 2], seed: u64) -> u32 {
    let half = (32 - (n - 1).leading_zeros()).div_ceil(2).max(1);
    let mask = (1 << half) - 1;
    let mut at = index;
    loop {
        let (mut left, mut right) = (at >> half, at & mask);
        for round in 0..4 {
            let [mix, ..] = philox([right, round, order[0], order[1]], [seed as u32, (seed >> 32) as u32]);
            (left, right) = (right, left ^ (mix & mask));
        }
        at = left << half | right;
        if at < n {
            return at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// That each of so many slices has as many values as any other.
    #[track_caller]
    fn assert_even(values: &[f64], slices: u32) {
        let mut all: Vec<u32> = values.iter().map(|u| (u * f64::from(slices)) as u32).collect();
        all.sort_unstable();
        assert_eq!(all, (0..slices).collect::<Vec<_>>());
    }

    #[test]
    fn every_slice_has_one_draw_and_so_has_every_part_of_a_block() {
        for (draws, seed) in [(1, 1), (7, 2), (200, 3)] {
            for dimension in 0..155 {
                let column: Vec<f64> =
                    (0..draws).map(|draw| coordinate(draw, draws, dimension, seed)).collect();
                assert_even(&column, draws);
                let size = block(draws).unwrap_or(draws);
                column.chunks(size as usize).for_each(|own| assert_even(own, size));
            }
        }
    }

    #[test]
    fn blocks_are_many_or_large() {
        let sizes = [1, 7, 10, 37, 40, 100, 200, 201, 1000].map(block);
        let known = [None, None, Some(2), None, Some(4), Some(10), Some(10), Some(3), Some(10)];
        assert_eq!(sizes, known);
    }

    #[test]
    fn a_random_order_has_everybody_once() {
        for n in [1, 2, 3, 64, 100] {
            let mut all: Vec<u32> = (0..n).map(|i| shuffled(i, n, [3, 8], 5)).collect();
            all.sort_unstable();
            assert_eq!(all, (0..n).collect::<Vec<_>>());
        }
    }
}
