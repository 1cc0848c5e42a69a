//! The spread of every observable over the members, day by day: histograms that merge exactly.

use breakaway_model::lanes::{Lane, Mask, WIDTH};
use breakaway_model::observe::{OBSERVABLES, Observable, Of, Scale, View};
use breakaway_model::world::World;

/// Bins of a histogram; the first holds what is at most nought, the last what is above the scale.
const BINS: usize = 128;
/// Regions are recorded once a week, polities and sectors every day.
const REGION_STEP: u32 = 7;
/// The smallest and the largest of no values.
const NOTHING: (f32, f32) = (f32::INFINITY, f32::NEG_INFINITY);
/// Half of the range of the kilometre scale.
const KM: f32 = 150.0;
/// Steps per doubling on the scale of counts, and the logarithm (base 2) at which it starts.
const STEPS: f32 = 4.0;
const SMALLEST_LOG2: f32 = -7.0;

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
    pub fn record(&mut self, catalogue: &Catalogue, vectors: &[(View, Mask)], day: u32) {
        for series in &catalogue.series {
            if !day.is_multiple_of(series.step) {
                continue;
            }
            let cell = series.cell(day);
            let counts = &mut self.counts[cell * BINS..(cell + 1) * BINS];
            let scale = series.observable.scale;
            let unit = unit(scale);
            let mut sum = 0;
            let (mut low, mut high) = (Lane::splat(self.ends[cell].0), Lane::splat(self.ends[cell].1));
            for (view, lanes) in vectors {
                let values = series.observable.read(view, series.entity);
                low = lanes.select(values, low).min(low);
                high = lanes.select(values, high).max(high);
                let bins = bins(scale, &values);
                let all = *lanes == Mask::ALL;
                for lane in 0..WIDTH {
                    if all || lanes.at(lane) {
                        counts[bins[lane] as usize & (BINS - 1)] += 1;
                        // Exact: the unit is a power of two.
                        sum += (values.0[lane] * unit) as i64;
                    }
                }
            }
            self.sums[cell] += sum;
            self.ends[cell] = (
                low.0.iter().fold(f32::INFINITY, |a, &b| if b < a { b } else { a }),
                high.0.iter().fold(f32::NEG_INFINITY, |a, &b| if b > a { b } else { a }),
            );
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

/// Fixed-point unit of sums, so that they are exact in any order.
fn unit(scale: Scale) -> f32 {
    match scale {
        Scale::Share => 16_777_216.0,
        Scale::Count | Scale::Km => 1024.0,
    }
}

/// The bins of a vector of values.
fn bins(scale: Scale, values: &Lane) -> [i32; WIDTH] {
    let last = BINS as i32 - 1;
    let inside = last as f32 - 1.0;
    let among = |k: i32| k.clamp(1, last - 1);
    let straight = |x: f32| {
        if x <= 0.0 {
            0
        } else if x >= 1.0 {
            last
        } else {
            among(1 + (x * inside) as i32)
        }
    };
    match scale {
        Scale::Share => values.0.map(straight),
        Scale::Km => values.0.map(|x| straight((x + KM) * (0.5 / KM))),
        // The logarithm from the number's own bits: exact, and the same everywhere.
        Scale::Count => values.0.map(|x| {
            let quarters = (x.to_bits() >> 21) as i32 - ((127 + SMALLEST_LOG2 as i32) << 2);
            if x <= 0.0 { 0 } else { (1 + quarters).clamp(1, last) }
        }),
    }
}

/// The lower and upper end of a bin.
fn ends(scale: Scale, bin: usize) -> (f32, f32) {
    let last = BINS - 1;
    let inside = last as f32 - 1.0;
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
                let (low, high) = ends(scale, bins(scale, &Lane::splat(x))[0] as usize);
                let near = 1e-4 * x.abs().max(1.0);
                assert!(low - near <= x && x <= high + near, "{scale:?} {x}: {low}..{high}");
            }
        }
    }

    #[test]
    fn quantiles_of_a_known_spread() {
        let mut counts = [0; BINS];
        for k in 0..1000 {
            counts[bins(Scale::Share, &Lane::splat(k as f32 / 1000.0))[0] as usize] += 1;
        }
        for p in [0.05, 0.5, 0.95] {
            assert!((quantile(Scale::Share, &counts, 1000, p) - p as f32).abs() < 0.01);
        }
        let mut all_one = [0; BINS];
        all_one[bins(Scale::Share, &Lane::ONE)[0] as usize] = 7;
        assert_eq!(quantile(Scale::Share, &all_one, 7, 0.05), 1.0);
    }
}
