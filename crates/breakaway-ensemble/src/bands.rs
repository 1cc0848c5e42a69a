//! The spread of every observable over the members, day by day: histograms that merge exactly.

use breakaway_model::dispatch::Simd;
use breakaway_model::dispatched;
use breakaway_model::lanes::{Count, Lane, Mask, WIDTH};
use breakaway_model::observe::{OBSERVABLES, Observable, Of, Scale, View};
use breakaway_model::world::World;

/// Bins of a histogram; the first holds what is at most nought, the last what is above the scale.
const BINS: usize = 128;
const LAST: i32 = BINS as i32 - 1;
/// Regions are recorded once a week, polities and sectors every day.
const REGION_STEP: u32 = 7;
/// The smallest and the largest of no values.
const NOTHING: (f32, f32) = (f32::INFINITY, f32::NEG_INFINITY);
/// Half of the range of the kilometre scale.
const KM: f32 = 150.0;
/// Steps per doubling on the scale of counts, and the logarithm (base 2) at which it starts.
const STEPS: f32 = 4.0;
const SMALLEST_LOG2: f32 = -7.0;
/// The same in quarters of a doubling, as the exponent of an `f32` counts.
const LEAST_QUARTERS: i32 = (127 + SMALLEST_LOG2 as i32) << 2;

/// One observable of one entity.
#[derive(Clone, Copy, Debug)]
pub struct Series {
    /// Observable.
    pub observable: &'static Observable,
    /// Entity.
    pub entity: usize,
    /// Days between two records.
    pub step: u32,
    /// Its first cell, and how many cells lie between two of its records. The cells of one day
    /// lie side by side: a day is recorded in one sweep through memory.
    first: usize,
    stride: usize,
}

impl Series {
    fn cell(&self, day: u32) -> usize {
        self.first + (day / self.step) as usize * self.stride
    }
}

/// What is recorded of a world.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// The series.
    pub series: Vec<Series>,
    days: u32,
    cells: usize,
}

impl Catalogue {
    /// All observables of all entities.
    pub fn new(world: &World) -> Catalogue {
        let (mut series, mut cells) = (vec![], 0);
        for step in [1, REGION_STEP] {
            let these = OBSERVABLES.iter().filter(|o| (o.of == Of::Region) == (step == REGION_STEP));
            let these: Vec<_> =
                these.flat_map(|o| (0..View::entities(world, o.of)).map(move |entity| (o, entity))).collect();
            let stride = these.len();
            for (k, (observable, entity)) in these.into_iter().enumerate() {
                series.push(Series { observable, entity, step, first: cells + k, stride });
            }
            cells += stride * ((world.days / step) as usize + 1);
        }
        Catalogue { series, days: world.days, cells }
    }

    /// The recorded days of a series.
    pub fn days_of(&self, series: &Series) -> impl Iterator<Item = u32> + use<> {
        (0..=self.days).step_by(series.step as usize)
    }
}

/// Histograms and sums of all series over the members of a block, of which there are at most
/// 65,535.
#[derive(Clone, Debug)]
pub struct Bands {
    counts: Vec<u16>,
    sums: Vec<i64>,
    ends: Vec<(f32, f32)>,
}

impl Bands {
    /// Nothing recorded yet.
    pub fn new(catalogue: &Catalogue) -> Bands {
        let cells = catalogue.cells;
        Bands { counts: vec![0; cells * BINS], sums: vec![0; cells], ends: vec![NOTHING; cells] }
    }

    /// Records a day of several vectors of members, of each the lanes in its mask. They go
    /// together because a histogram is far away in memory: it is fetched once for all.
    pub fn record(&mut self, catalogue: &Catalogue, simd: Simd, vectors: &[(View, Mask)], day: u32) {
        let lanes: Vec<Mask> = vectors.iter().map(|(_, lanes)| *lanes).collect();
        let mut values = vec![];
        for together in catalogue.series.chunk_by(|a, b| std::ptr::eq(a.observable, b.observable)) {
            let Series { observable, step, .. } = together[0];
            if !day.is_multiple_of(step) {
                continue;
            }
            values.clear();
            for series in together {
                values.extend(vectors.iter().map(|(view, _)| observable.read(view, series.entity)));
            }
            let first = together[0].cell(day);
            let cells = first..first + together.len();
            let counts = &mut self.counts[cells.start * BINS..cells.end * BINS];
            let (sums, ends) = (&mut self.sums[cells.clone()], &mut self.ends[cells]);
            tally(simd, observable.scale, &values, &lanes, counts, sums, ends);
        }
    }

    /// What is not nought.
    pub fn sparse(&self) -> Sparse {
        let counts = self.counts.iter().enumerate().filter(|(_, n)| **n > 0).map(|(at, &n)| (at as u32, n));
        Sparse { counts: counts.collect(), sums: self.sums.clone(), ends: self.ends.clone() }
    }
}

/// The same over all members of a run.
#[derive(Clone, Debug)]
pub struct Totals {
    counts: Vec<u32>,
    sums: Vec<i64>,
    ends: Vec<(f32, f32)>,
}

impl Totals {
    /// Nothing added yet.
    pub fn new(catalogue: &Catalogue) -> Totals {
        let cells = catalogue.cells;
        Totals { counts: vec![0; cells * BINS], sums: vec![0; cells], ends: vec![NOTHING; cells] }
    }

    /// Adds the records of a block.
    pub fn merge(&mut self, other: &Sparse) {
        for &(at, n) in &other.counts {
            self.counts[at as usize] += u32::from(n);
        }
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            *sum += more;
        }
        for ((low, high), (lower, higher)) in self.ends.iter_mut().zip(&other.ends) {
            (*low, *high) = (low.min(*lower), high.max(*higher));
        }
    }

    /// Mean and quantiles of a series on a day.
    pub fn summary(&self, series: &Series, day: u32) -> Option<Summary> {
        let cell = series.cell(day);
        let counts = &self.counts[cell * BINS..(cell + 1) * BINS];
        let members: u64 = counts.iter().map(|&n| u64::from(n)).sum();
        if members == 0 {
            return None;
        }
        let scale = series.observable.scale;
        let (low, high) = self.ends[cell];
        let mean = self.sums[cell] as f64 / f64::from(unit(scale)) / members as f64;
        let quantiles =
            [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| quantile(scale, counts, members, p).clamp(low, high));

        Some(Summary { mean: mean as f32, quantiles })
    }
}

/// Records without their noughts, for a file.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Sparse {
    counts: Vec<(u32, u16)>,
    sums: Vec<i64>,
    ends: Vec<(f32, f32)>,
}

/// The spread of a series on a day.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// Mean.
    pub mean: f32,
    /// 5, 25, 50, 75 and 95 % of the members lie below.
    pub quantiles: [f32; 5],
}

/// Adding this to a number below 2^51 and taking it away again rounds it.
const WHOLE: f64 = 6_755_399_441_055_744.0;

/// Fixed-point unit of sums, so that they are exact in any order.
fn unit(scale: Scale) -> f32 {
    match scale {
        Scale::Share => 16_777_216.0,
        Scale::Count | Scale::Km => 1024.0,
    }
}

dispatched! {
    /// Adds the values of neighbouring cells, as many for each as there are vectors.
    fn tally(
        scale: Scale,
        values: &[Lane],
        lanes: &[Mask],
        counts: &mut [u16],
        sums: &mut [i64],
        ends: &mut [(f32, f32)]
    ) = add;
}

#[inline(always)]
fn add(
    scale: Scale,
    values: &[Lane],
    lanes: &[Mask],
    counts: &mut [u16],
    sums: &mut [i64],
    ends: &mut [(f32, f32)],
) {
    match scale {
        Scale::Share => add_each(Scale::Share, values, lanes, counts, sums, ends),
        Scale::Count => add_each(Scale::Count, values, lanes, counts, sums, ends),
        Scale::Km => add_each(Scale::Km, values, lanes, counts, sums, ends),
    }
}

#[inline(always)]
fn add_each(
    scale: Scale,
    values: &[Lane],
    lanes: &[Mask],
    counts: &mut [u16],
    sums: &mut [i64],
    ends: &mut [(f32, f32)],
) {
    let unit = unit(scale);
    let cells = values.chunks_exact(lanes.len()).zip(counts.chunks_exact_mut(BINS)).zip(sums).zip(ends);
    for (((values, counts), sum), ends) in cells {
        let (mut low, mut high) = (Lane::splat(ends.0), Lane::splat(ends.1));
        let mut sum_of = [0.0; WIDTH];
        for (value, lanes) in values.iter().zip(lanes) {
            let bins = bins(scale, value);
            let mut counted = *value;
            if *lanes == Mask::ALL {
                count(counts, &bins);
                (low, high) = (low.min(*value), high.max(*value));
            } else {
                lanes.lanes().for_each(|lane| counts[bins.0[lane] as usize & (BINS - 1)] += 1);
                low = lanes.select(*value, low).min(low);
                high = lanes.select(*value, high).max(high);
                counted = lanes.select(*value, 0.0);
            }
            let scaled = counted * unit;
            for lane in 0..WIDTH {
                sum_of[lane] += (f64::from(scaled.0[lane]) + WHOLE) - WHOLE;
            }
        }
        *sum += sum_of.iter().sum::<f64>() as i64;
        *ends = (low.least(), high.most());
    }
}

#[inline(always)]
fn count(counts: &mut [u16], bins: &Count) {
    let first = bins.0[0];
    let mut differ = 0;
    for lane in 1..WIDTH {
        differ |= bins.0[lane] ^ first;
    }
    if differ == 0 {
        // Often nothing has happened to anybody.
        counts[first as usize & (BINS - 1)] += WIDTH as u16;
    } else {
        for lane in 0..WIDTH {
            counts[bins.0[lane] as usize & (BINS - 1)] += 1;
        }
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

fn quantile(scale: Scale, counts: &[u32], members: u64, p: f64) -> f32 {
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
