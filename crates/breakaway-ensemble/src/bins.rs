//! How values are binned: a share into equal steps, a count into quarters of a doubling.

use breakaway_model::dispatched;
use breakaway_model::lanes::{Count, Lane, Mask, WIDTH};
use breakaway_model::observe::Scale;

/// Bins of a histogram; the first holds what is at most nought, the last what is above the scale.
pub(crate) const BINS: usize = 128;
const LAST: i32 = BINS as i32 - 1;
/// Half of the range of the kilometre scale.
const KM: f32 = 150.0;
/// Steps per doubling on the scale of counts, and the logarithm (base 2) at which it starts.
const STEPS: f32 = 4.0;
const SMALLEST_LOG2: f32 = -7.0;
/// The same in quarters of a doubling, as the exponent of an `f32` counts.
const LEAST_QUARTERS: i32 = (127 + SMALLEST_LOG2 as i32) << 2;

/// The values of a vector's members on a day: bins, sum in fixed point, smallest and largest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binned {
    pub(crate) bins: [u8; WIDTH],
    pub(crate) sum: f64,
    pub(crate) ends: (f32, f32),
}

dispatched! {
    /// Bins vectors of values; the lanes say which members count.
    pub(crate) fn bin_all(scale: Scale, values: &[Lane], lanes: &Mask, out: &mut Vec<Binned>) = bin;
}

/// Once for each scale, so that the loop is free of the choice.
#[inline(always)]
fn bin(scale: Scale, values: &[Lane], lanes: &Mask, out: &mut Vec<Binned>) {
    match scale {
        Scale::Share => bin_each(Scale::Share, values, lanes, out),
        Scale::Count => bin_each(Scale::Count, values, lanes, out),
        Scale::Km => bin_each(Scale::Km, values, lanes, out),
    }
}

#[inline(always)]
fn bin_each(scale: Scale, values: &[Lane], lanes: &Mask, out: &mut Vec<Binned>) {
    let unit = unit(scale);
    for value in values {
        let found = bins(scale, value);
        let mut bins = [0; WIDTH];
        for lane in 0..WIDTH {
            bins[lane] = found.0[lane] as u8;
        }
        let scaled = lanes.select(*value * unit, 0.0);
        let mut whole = [0.0; WIDTH];
        for lane in 0..WIDTH {
            whole[lane] = f64::from(scaled.0[lane]);
        }
        for whole in &mut whole {
            *whole = (*whole + WHOLE) - WHOLE;
        }
        let (low, high) = (lanes.select(*value, f32::INFINITY), lanes.select(*value, f32::NEG_INFINITY));
        out.push(Binned { bins, sum: sum(whole), ends: (low.least(), high.most()) });
    }
}

/// Exact, as the numbers are whole; halves are added so that the processor adds several at a time.
#[inline(always)]
fn sum(mut all: [f64; WIDTH]) -> f64 {
    let mut half = WIDTH / 2;
    while half > 0 {
        for lane in 0..half {
            all[lane] += all[lane + half];
        }
        half /= 2;
    }
    all[0]
}

/// Adding this to a number below 2^51 and taking it away again rounds it.
const WHOLE: f64 = 6_755_399_441_055_744.0;

/// Fixed-point unit of sums, so that they are exact in any order.
pub(crate) fn unit(scale: Scale) -> f32 {
    match scale {
        Scale::Share => 16_777_216.0,
        Scale::Count | Scale::Km => 1024.0,
    }
}

/// The bins of a vector of values.
#[inline(always)]
fn bins(scale: Scale, values: &Lane) -> Count {
    match scale {
        Scale::Share => straight(*values),
        Scale::Km => straight((*values + KM) * (0.5 / KM)),
        // The logarithm from the number's own bits: exact, and the same everywhere.
        Scale::Count => {
            let mut quarters = Count::ZERO;
            for lane in 0..WIDTH {
                quarters.0[lane] = (values.0[lane].to_bits() >> 21) as i32 - LEAST_QUARTERS;
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
        Scale::Km => (k * 2.0 * KM / inside - KM, (k + 1.0) * 2.0 * KM / inside - KM),
        Scale::Count if bin == 0 => (0.0, 0.0),
        Scale::Count => (edge(k), edge(k + 1.0)),
    }
}

/// Start of the k-th step of the scale of counts: quarters of a doubling, straight within it.
fn edge(k: f32) -> f32 {
    let doubling = (k / STEPS).floor();
    let part = k / STEPS - doubling;
    let exponent = (doubling + SMALLEST_LOG2) as i32 + 127;
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
        for scale in [Scale::Share, Scale::Count, Scale::Km] {
            for k in 0..2000 {
                let x = match scale {
                    Scale::Share => k as f32 / 1999.0,
                    Scale::Km => k as f32 / 8.0 - 124.0,
                    Scale::Count => (k as f32 / 100.0).exp2(),
                };
                let (low, high) = ends(scale, bins(scale, &Lane::splat(x)).0[0] as usize);
                let near = 1e-4 * x.abs().max(1.0);
                assert!(low - near <= x && x <= high + near, "{scale:?} {x}: {low}..{high}");
            }
        }
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
