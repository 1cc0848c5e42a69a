//! The spread of every observable over the members, day by day, in histograms that merge exactly.

use crate::bins::{BINS, Cells, Values, quantile, tally, unit};
use breakaway_model::dispatch::Simd;
use breakaway_model::entity::EntityKind;
use breakaway_model::lanes::{Lane, Mask};
use breakaway_model::observe::{OBSERVABLES, Observable, View};
use breakaway_model::world::World;
use std::ops::Range;

/// Regions are recorded once a week, polities and sectors every day.
const REGION_STEP: u32 = 7;
/// The smallest and the largest of no values.
const NOTHING: (f32, f32) = (f32::INFINITY, f32::NEG_INFINITY);

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
    /// How many of them are recorded every day; the others follow.
    daily: usize,
    days: u32,
    cells: usize,
}

impl Catalogue {
    /// All observables of all entities.
    pub fn new(world: &World) -> Catalogue {
        let (mut series, mut cells) = (vec![], 0);
        for step in [1, REGION_STEP] {
            let these = OBSERVABLES.iter().filter(|o| (o.of == EntityKind::Region) == (step == REGION_STEP));
            let these: Vec<_> =
                these.flat_map(|o| (0..o.of.count(world)).map(move |entity| (o, entity))).collect();
            let stride = these.len();
            for (k, (observable, entity)) in these.into_iter().enumerate() {
                series.push(Series { observable, entity, step, first: cells + k, stride });
            }
            cells += stride * ((world.days / step) as usize + 1);
        }
        let daily = series.iter().filter(|series: &&Series| series.step == 1).count();
        Catalogue { series, daily, days: world.days, cells }
    }

    /// Number of histograms: one for each series on each of its recorded days.
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// The series that are recorded on a day, in the order in which they are noted, those of one
    /// observable together.
    fn of_day(&self, day: u32) -> impl Iterator<Item = &[Series]> {
        let these = if day.is_multiple_of(REGION_STEP) { &self.series } else { &self.series[..self.daily] };
        these.chunk_by(|a, b| std::ptr::eq(a.observable, b.observable))
    }

    /// The recorded days of a series.
    pub fn days_of(&self, series: &Series) -> impl Iterator<Item = u32> + use<> {
        (0..=self.days).step_by(series.step as usize)
    }
}

/// What was read of a vector of members on some days, before it is counted.
#[derive(Clone, Debug)]
pub struct Readings {
    /// The members that count.
    lanes: Mask,
    /// In the order of days and of series.
    values: Vec<Lane>,
}

impl Readings {
    /// Nothing read yet of these members.
    pub fn new(lanes: Mask) -> Readings {
        Readings { lanes, values: vec![] }
    }

    /// Readings a day.
    pub fn read(&mut self, catalogue: &Catalogue, view: &View, day: u32) {
        for together in catalogue.of_day(day) {
            self.values.extend(together.iter().map(|series| series.observable.read(view, series.entity)));
        }
    }
}

/// Histograms and sums of all series over the members of a block, of which there are at most
/// 65,535.
#[derive(Clone, Debug)]
pub struct Histograms {
    counts: Vec<[u16; BINS]>,
    sums: Vec<i64>,
    ends: Vec<(f32, f32)>,
}

impl Histograms {
    /// Nothing recorded yet.
    pub fn new(catalogue: &Catalogue) -> Histograms {
        let cells = catalogue.cells;
        Histograms { counts: vec![[0; BINS]; cells], sums: vec![0; cells], ends: vec![NOTHING; cells] }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.counts.fill([0; BINS]);
        self.sums.fill(0);
        self.ends.fill(NOTHING);
    }

    /// Adds the readings of several vectors on the same days, and clears them. They go together because
    /// a histogram is far away in memory: it is fetched once for all.
    pub fn add(&mut self, catalogue: &Catalogue, simd: Simd, days: Range<u32>, readings: &mut [Readings]) {
        let lanes: Vec<Mask> = readings.iter().map(|readings| readings.lanes).collect();
        let mut at = 0;
        for day in days {
            for together in catalogue.of_day(day) {
                let (from, to) = (at, at + together.len());
                let values: Vec<&[Lane]> =
                    readings.iter().map(|readings| &readings.values[from..to]).collect();
                let first = together[0].cell(day);
                let cells = first..first + together.len();
                let mut cells = Cells {
                    counts: &mut self.counts[cells.clone()],
                    sums: &mut self.sums[cells.clone()],
                    ends: &mut self.ends[cells],
                };
                let values = Values { values: &values, lanes: &lanes };
                tally(simd, together[0].observable.scale, &values, &mut cells);
                at = to;
            }
        }
        readings.iter_mut().for_each(|readings| readings.values.clear());
    }

    /// What is not zero.
    pub fn sparse(&self) -> SparseHistograms {
        let mut sparse = SparseHistograms::default();
        for counts in &self.counts {
            let before = sparse.bins.len();
            // Most of a histogram is empty: it is passed over eight bins at a time.
            for (eight, counts) in counts.chunks_exact(8).enumerate() {
                if counts.iter().fold(0, |any, n| any | n) == 0 {
                    continue;
                }
                for (k, &n) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
                    sparse.bins.push((8 * eight + k) as u8);
                    sparse.counts.extend(n.to_le_bytes());
                }
            }
            sparse.occupied.push((sparse.bins.len() - before) as u8);
        }
        self.sums.iter().for_each(|sum| sparse.sums.extend(sum.to_le_bytes()));
        let ends = self.ends.iter().flat_map(|(low, high)| [low.to_le_bytes(), high.to_le_bytes()]);
        ends.for_each(|end| sparse.ends.extend(end));
        sparse
    }
}

/// The same over all members of a run.
#[derive(Clone, Debug)]
pub struct HistogramTotals {
    counts: Vec<u32>,
    sums: Vec<i64>,
    ends: Vec<(f32, f32)>,
}

impl HistogramTotals {
    /// Nothing added yet.
    pub fn new(catalogue: &Catalogue) -> HistogramTotals {
        let cells = catalogue.cells;
        HistogramTotals { counts: vec![0; cells * BINS], sums: vec![0; cells], ends: vec![NOTHING; cells] }
    }

    /// Adds the records of a block; those of other cells than these, or damaged ones, are refused whole.
    pub fn merge(&mut self, other: &SparseHistograms) -> bool {
        if !other.fits(self.sums.len()) {
            return false;
        }
        let mut filled = other.bins.iter().zip(other.counts.chunks_exact(2));
        for (cell, &occupied) in self.counts.chunks_exact_mut(BINS).zip(&other.occupied) {
            for (&bin, n) in filled.by_ref().take(usize::from(occupied)) {
                cell[usize::from(bin)] += u32::from(u16::from_le_bytes([n[0], n[1]]));
            }
        }
        for (sum, more) in self.sums.iter_mut().zip(other.sums.as_chunks().0) {
            *sum = sum.wrapping_add(i64::from_le_bytes(*more));
        }
        for ((low, high), ends) in self.ends.iter_mut().zip(other.ends.as_chunks::<8>().0) {
            let [a, b, c, d, e, f, g, h] = *ends;
            let (lower, higher) = (f32::from_le_bytes([a, b, c, d]), f32::from_le_bytes([e, f, g, h]));
            (*low, *high) = (low.min(lower), high.max(higher));
        }
        true
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

/// Histograms without their zeros, for a file: bytes, because they are many.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct SparseHistograms {
    /// For each cell, the number of bins that are not empty.
    #[serde(with = "serde_bytes")]
    occupied: Vec<u8>,
    /// These bins, cell after cell.
    #[serde(with = "serde_bytes")]
    bins: Vec<u8>,
    /// Their counts, 16 bits each.
    #[serde(with = "serde_bytes")]
    counts: Vec<u8>,
    /// For each cell, a sum of 64 bits.
    #[serde(with = "serde_bytes")]
    sums: Vec<u8>,
    /// For each cell, the smallest and the largest value, 32 bits each.
    #[serde(with = "serde_bytes")]
    ends: Vec<u8>,
}

impl SparseHistograms {
    /// Whether these are histograms of so many cells.
    fn fits(&self, cells: usize) -> bool {
        let filled: usize = self.occupied.iter().map(|n| usize::from(*n)).sum();
        self.occupied.len() == cells
            && self.bins.len() == filled
            && self.counts.len() == 2 * filled
            && self.sums.len() == 8 * cells
            && self.ends.len() == 8 * cells
            && self.bins.iter().all(|bin| usize::from(*bin) < BINS)
    }
}

/// The spread of a series on a day.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// Mean.
    pub mean: f32,
    /// 5, 25, 50, 75 and 95 % of the members lie below.
    pub quantiles: [f32; 5],
}
