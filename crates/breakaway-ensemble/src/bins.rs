//! How values are binned: a share into equal steps, a count into quarters of a doubling.

use breakaway_model::dispatched;
use breakaway_model::lanes::{Count, Lane, Mask, WIDTH};
use breakaway_model::observe::Scale;

/// Bins of a histogram; the first holds what is at most zero, the last what is above the scale.
pub const BINS: usize = 128;
const LAST: i32 = BINS as i32 - 1;
/// Half of the range of the kilometre scale.
const KM: f32 = 150.0;
/// Bins of kilometres on either side of the one that holds nothing but 0: a line that does not move is common.
const SIDE: i32 = 62;
/// The bin of 0 kilometres.
const STILL: i32 = SIDE + 1;
/// Steps per doubling on the scales of counts and of rare things.
const STEPS: f32 = 4.0;

/// The logarithm (base 2) at which a scale of ratios starts.
const fn least_log2(scale: Scale) -> i32 {
    match scale {
        Scale::Rare => -20,
        _ => -7,
    }
}

/// What is known of a series on a day: how often each bin, the sum in fixed point, the smallest
/// and the largest value.
pub(crate) struct Cells<'a> {
    pub(crate) counts: &'a mut [[u16; BINS]],
    pub(crate) sums: &'a mut [i64],
    pub(crate) ends: &'a mut [(f32, f32)],
}

/// Values of vectors of members in neighbouring cells: for each vector one value a cell, and the
/// members that count.
pub(crate) struct Values<'a> {
    pub(crate) values: &'a [&'a [Lane]],
    pub(crate) lanes: &'a [Mask],
}

dispatched! {
    /// Adds values to the cells.
    pub(crate) fn tally(scale: Scale, values: &Values, cells: &mut Cells) = add;
}

/// Once for each scale, so that the loop is free of the choice.
#[inline(always)]
fn add(scale: Scale, values: &Values, cells: &mut Cells) {
    match scale {
        Scale::Share => add_each(Scale::Share, values, cells),
        Scale::Count => add_each(Scale::Count, values, cells),
        Scale::Rare => add_each(Scale::Rare, values, cells),
        Scale::Km => add_each(Scale::Km, values, cells),
    }
}

#[inline(always)]
fn add_each(scale: Scale, all: &Values, cells: &mut Cells) {
    let unit = unit(scale);
    for (cell, counts) in cells.counts.iter_mut().enumerate() {
        let (mut low, mut high) = (Lane::splat(f32::INFINITY), Lane::splat(f32::NEG_INFINITY));
        let (mut parts, mut rests) = (Count::ZERO, Count::ZERO);
        for (values, lanes) in all.values.iter().zip(all.lanes) {
            let value = values[cell];
            let found = bins(scale, &value);
            let mut counted = value * unit;
            if *lanes == Mask::ALL {
                count(counts, &found);
                (low, high) = (low.min(value), high.max(value));
            } else {
                lanes.lanes().for_each(|lane| counts[found.0[lane] as usize % BINS] += 1);
                low = lanes.select(value, low).min(low);
                high = lanes.select(value, high).max(high);
                counted = lanes.select(counted, 0.0);
            }
            let (part, rest) = split(counted);
            (parts, rests) = (parts + part, rests + rest);
        }
        cells.sums[cell] += total(&parts) * PART as i64 + total(&rests);
        let ends = &mut cells.ends[cell];
        *ends = (ends.0.min(low.least()), ends.1.max(high.most()));
    }
}

#[inline(always)]
fn count(counts: &mut [u16; BINS], bins: &Count) {
    let first = bins.0[0];
    let mut differ = 0;
    for lane in 1..WIDTH {
        differ |= bins.0[lane] ^ first;
    }
    if differ == 0 {
        // Often nothing has happened to anybody.
        counts[first as usize % BINS] += WIDTH as u16;
    } else {
        for lane in 0..WIDTH {
            counts[bins.0[lane] as usize % BINS] += 1;
        }
    }
}

/// A value as a whole number of parts and a rest: sums of either are exact in any order, in the
/// 32 bits of a lane. A value counts for at most [`LARGEST`].
#[inline(always)]
fn split(values: Lane) -> (Count, Count) {
    let values = values.clamp(-LARGEST, LARGEST);
    let parts = values * (1.0 / PART) + ROUND;
    let rests = (values - (parts - ROUND) * PART) + ROUND;
    (whole(parts), whole(rests))
}

/// The whole numbers that adding [`ROUND`] has left in the last bits.
#[inline(always)]
fn whole(rounded: Lane) -> Count {
    let mut all = Count::ZERO;
    for lane in 0..WIDTH {
        all.0[lane] = rounded.0[lane].to_bits() as i32 - ROUND.to_bits() as i32;
    }
    all
}

#[inline(always)]
fn total(of: &Count) -> i64 {
    of.0.iter().map(|&n| i64::from(n)).sum()
}

/// Adding this to a number below 2^22 rounds it to a whole number, and leaves that in the last bits.
const ROUND: f32 = 12_582_912.0;
/// Where a value is split.
const PART: f32 = 65_536.0;
/// The largest value in fixed point, 2^37: 134 million people.
const LARGEST: f32 = 137_438_953_472.0;

/// Fixed-point unit of sums, so that they are exact in any order.
pub(crate) fn unit(scale: Scale) -> f32 {
    match scale {
        Scale::Share | Scale::Rare => 16_777_216.0,
        Scale::Count | Scale::Km => 1024.0,
    }
}

/// The bins of a vector of values.
#[inline(always)]
fn bins(scale: Scale, values: &Lane) -> Count {
    match scale {
        Scale::Share => straight(*values),
        Scale::Km => kilometres(*values),
        // The logarithm from the number's own bits: exact, and the same everywhere. Their exponent
        // counts from -127, in quarters of a doubling.
        Scale::Count | Scale::Rare => {
            let least = (127 + least_log2(scale)) << 2;
            let mut quarters = Count::ZERO;
            for lane in 0..WIDTH {
                quarters.0[lane] = (values.0[lane].to_bits() >> 21) as i32 - least;
            }
            let above = quarters.max(Count::ZERO).min(Count::splat(LAST - 1)) + Count::splat(1);
            above.only(values.gt(0.0))
        }
    }
}

/// The bins of shares: the ends, and what lies between them.
#[inline(always)]
fn straight(x: Lane) -> Count {
    let between = (x * (LAST - 1) as f32).floor().min(Count::splat(LAST - 2)) + Count::splat(1);
    between.only(x.gt(0.0) & x.lt(1.0)) + Count::splat(LAST).only(x.ge(1.0))
}

/// The bins of kilometres: the ends, and what lies on either side of 0.
#[inline(always)]
fn kilometres(x: Lane) -> Count {
    let step = |x: Lane| (x * (SIDE as f32 / KM)).floor().max(Count::ZERO).min(Count::splat(SIDE - 1));
    let back = (step(x + KM) + Count::splat(1)).only(x.lt(0.0) & x.gt(-KM));
    let forth = (step(x) + Count::splat(STILL + 1)).only(x.gt(0.0) & x.lt(KM));
    let still = Count::splat(STILL).only(x.ge(0.0) & x.le(0.0));
    back + forth + still + Count::splat(LAST).only(x.ge(KM))
}

/// The lower and upper end of a bin.
fn ends(scale: Scale, bin: usize) -> (f32, f32) {
    let last = LAST as usize;
    let inside = (LAST - 1) as f32;
    let k = bin as f32 - 1.0;
    match scale {
        Scale::Share if bin == 0 => (0.0, 0.0),
        Scale::Share if bin == last => (1.0, 1.0),
        Scale::Share => (k / inside, (k + 1.0) / inside),
        Scale::Km if bin == 0 => (-KM, -KM),
        Scale::Km if bin == last => (KM, KM),
        Scale::Km if bin == STILL as usize => (0.0, 0.0),
        Scale::Km => {
            let far = |k: f32| k * (KM / SIDE as f32);
            let from = if bin < STILL as usize { far(k) - KM } else { far(k - STILL as f32) };
            (from, from + far(1.0))
        }
        Scale::Count | Scale::Rare if bin == 0 => (0.0, 0.0),
        Scale::Count | Scale::Rare => (edge(scale, k), edge(scale, k + 1.0)),
    }
}

/// Start of the k-th step of a scale of ratios: quarters of a doubling, straight within it.
fn edge(scale: Scale, k: f32) -> f32 {
    let doubling = (k / STEPS).floor();
    let part = k / STEPS - doubling;
    let exponent = doubling as i32 + least_log2(scale) + 127;
    f32::from_bits((exponent as u32) << 23) * (1.0 + part)
}

/// The value below which a share `p` of so many members lie.
pub(crate) fn quantile(scale: Scale, counts: &[u32], members: u64, p: f64) -> f32 {
    let wanted = p * members as f64;
    let mut below = 0.0;
    for (bin, &n) in counts.iter().enumerate() {
        let here = f64::from(n);
        if n > 0 && below + here >= wanted {
            let (low, high) = ends(scale, bin);
            return low + ((wanted - below) / here) as f32 * (high - low);
        }
        below += here;
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_holds_what_falls_into_it() {
        for scale in [Scale::Share, Scale::Count, Scale::Rare, Scale::Km] {
            for k in 0..2000 {
                let x = match scale {
                    Scale::Share => k as f32 / 1999.0,
                    Scale::Km => k as f32 / 8.0 - 124.0,
                    Scale::Count => (k as f32 / 100.0).exp2(),
                    Scale::Rare => (k as f32 / 100.0 - 19.5).exp2(),
                };
                let (low, high) = ends(scale, bins(scale, &Lane::splat(x)).0[0] as usize);
                let near = 1e-4 * if scale == Scale::Rare { x } else { x.abs().max(1.0) };
                assert!(low - near <= x && x <= high + near, "{scale:?} {x}: {low}..{high}");
            }
        }
    }

    #[test]
    fn a_line_that_does_not_move_has_a_median_of_nothing() {
        let mut counts = [0; BINS];
        for k in 0..100 {
            let x = if k < 60 { 0.0 } else { (k as f32 - 80.0) * 0.5 };
            counts[bins(Scale::Km, &Lane::splat(x)).0[0] as usize] += 1;
        }
        assert_eq!(quantile(Scale::Km, &counts, 100, 0.5), 0.0);
        assert!(quantile(Scale::Km, &counts, 100, 0.05) < -5.0);
        assert!(quantile(Scale::Km, &counts, 100, 0.95) > 5.0);
    }

    #[test]
    fn a_sum_is_that_of_whole_numbers() {
        let values = Lane(std::array::from_fn(|i| (i as f32 - 7.0) * 1.7e9 + i as f32 * 0.3));
        let sum = |values| {
            let (parts, rests) = split(values);
            total(&parts) * PART as i64 + total(&rests)
        };
        let expected: i64 = values.0.iter().map(|x| x.round() as i64).sum();
        assert_eq!(sum(values), expected);
        assert_eq!(sum(Lane::splat(f32::INFINITY)), WIDTH as i64 * LARGEST as i64);
    }

    #[test]
    fn quantiles_of_a_known_spread() {
        let mut counts = [0; BINS];
        for k in 0..1000 {
            counts[bins(Scale::Share, &Lane::splat(k as f32 / 1000.0)).0[0] as usize] += 1;
        }
        for p in [0.05, 0.5, 0.95] {
            assert!((quantile(Scale::Share, &counts, 1000, p) - p as f32).abs() < 0.01);
        }
        let mut all_one = [0; BINS];
        all_one[bins(Scale::Share, &Lane::ONE).0[0] as usize] = 7;
        assert_eq!(quantile(Scale::Share, &all_one, 7, 0.05), 1.0);
    }
}
