//! The range over parameter sets, where the probability of every parameter set is known.

use super::{Covered, Determined};
use breakaway_analysis::methods::bootstrap::quantile;
use breakaway_ensemble::{Context, RangeEnd, Stopped, Tally, parallel};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Probabilities over parameter sets: mixtures of functions of a normal number.
struct Truth {
    name: &'static str,
    /// Weight, mean and deviation of each part, and how its number becomes a probability.
    parts: &'static [(f64, f64, f64)],
    link: fn(f64) -> f64,
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// The probability of an event with a hazard, by the hazard's logarithm.
fn of_hazard(x: f64) -> f64 {
    -libm::expm1(-libm::exp(x))
}

const TRUTHS: &[Truth] = &[
    Truth { name: "one bell", parts: &[(1.0, -1.4, 0.8)], link: logistic },
    Truth { name: "two bells", parts: &[(0.7, -3.4, 0.6), (0.3, 1.5, 0.5)], link: logistic },
    Truth { name: "all or nothing", parts: &[(1.0, 0.0, 4.0)], link: logistic },
    Truth { name: "skewed", parts: &[(1.0, -2.0, 1.0)], link: of_hazard },
    Truth { name: "all alike", parts: &[(1.0, -0.85, 0.0)], link: logistic },
    Truth { name: "rare, 3 %", parts: &[(1.0, -4.0, 1.0)], link: of_hazard },
    Truth { name: "rare, 0.3 %", parts: &[(1.0, -6.3, 1.0)], link: of_hazard },
];

const DESIGNS: [(u32, u32); 4] = [(200, 10), (100, 10), (40, 5), (200, 2)];

impl Truth {
    fn draw(&self, random: &mut Pcg64Mcg) -> f64 {
        let mut left: f64 = random.random();
        let part = self.parts.iter().find(|(weight, _, _)| {
            left -= weight;
            left < 0.0
        });
        let (_, mean, deviation) = part.unwrap_or(&self.parts[0]);
        // Box & Muller 1958.
        let (u, v): (f64, f64) = (1.0 - random.random::<f64>(), random.random());
        let z = libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v);
        (self.link)(mean + deviation * z)
    }

    /// The quantile of its probabilities.
    fn quantile(&self, q: f64) -> f64 {
        let below = |x: f64| -> f64 {
            let part = |(weight, mean, deviation): &(f64, f64, f64)| match *deviation > 0.0 {
                true => weight * 0.5 * libm::erfc(-(x - mean) / deviation * std::f64::consts::FRAC_1_SQRT_2),
                false => weight * f64::from(u8::from(x >= *mean)),
            };
            self.parts.iter().map(part).sum()
        };
        let (mut low, mut high) = (-40.0, 40.0);
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if below(middle) < q { low = middle } else { high = middle }
        }
        (self.link)(0.5 * (low + high))
    }
}

/// One try: the ends that were found, if any, and the width where every probability is known.
struct Tried {
    ends: Option<[RangeEnd; 2]>,
    known: f64,
}

fn attempt(truth: &Truth, (draws, replicates): (u32, u32), seed: u64) -> Tried {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let mut all: Vec<f64> = (0..draws).map(|_| truth.draw(&mut random)).collect();
    let count =
        |p: &f64| (replicates, (0..replicates).filter(|_| random.random::<f64>() < *p).count() as u32);
    let range = Tally::of(all.iter().map(count).collect()).range();
    all.sort_by(f64::total_cmp);
    let at = |q: f64| all[((f64::from(draws) - 1.0) * q) as usize];
    Tried { ends: range.map(|range| [range.low, range.high]), known: at(0.95) - at(0.05) }
}

/// The median; none of nothing.
fn median(all: Vec<f64>) -> Option<f64> {
    Some(quantile(all, 0.5)).filter(|median| median.is_finite())
}

pub(super) fn coverage(seeds: u32, context: &Context) -> Result<(Vec<Covered>, Vec<Determined>), Stopped> {
    let task = context.task("ranges over parameter sets", (DESIGNS.len() * TRUTHS.len()) as u64);
    let numbers: Vec<u64> = (0..u64::from(seeds)).collect();
    let (mut covered, mut determined) = (vec![], vec![]);
    for design in DESIGNS {
        for truth in TRUTHS {
            let tried = parallel::try_map(context, &numbers, |seed| {
                context.check()?;
                Ok::<_, Stopped>(attempt(truth, design, *seed))
            })?;
            let name = format!("{} x {}", design.0, design.1);
            let ends: Vec<&[RangeEnd; 2]> = tried.iter().filter_map(|one| one.ends.as_ref()).collect();
            let given = ends.len() as f64 / f64::from(seeds);
            for (k, (which, q)) in [("lower", 0.05), ("upper", 0.95)].into_iter().enumerate() {
                let known = truth.quantile(q);
                // A distance that rounding makes of a boundary.
                let inside = |end: &RangeEnd| end.from <= known + 1e-12 && known <= end.to + 1e-12;
                let hits = ends.iter().filter(|ends| inside(&ends[k])).count();
                covered.push(Covered {
                    interval: format!("{which} end of 5-95 %"),
                    of: truth.name.into(),
                    design: name.clone(),
                    seeds,
                    given,
                    nominal: 0.95,
                    found: (!ends.is_empty()).then(|| hits as f64 / ends.len() as f64),
                    low: 0.9,
                    high: 1.0,
                });
            }
            let widths = ends.iter().map(|ends| ends[1].value - ends[0].value).collect();
            let known = median(tried.iter().map(|one| one.known).collect()).filter(|known| *known > 0.0);
            determined.push(Determined {
                of: truth.name.into(),
                design: name,
                given,
                width: median(widths).zip(known).map(|(own, known)| own / known),
            });
            task.advance(1)?;
        }
    }
    Ok((covered, determined))
}
