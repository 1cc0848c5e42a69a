//! What a calibration costs beyond the model's own time: the rounds of sequential Monte Carlo, and
//! the way from a point to parameters. Per simulation, times are a 5,000th and a 1,000th of these.

#![allow(missing_docs)]

use breakaway_ensemble::{Context, Stopped};
use breakaway_history::Case;
use breakaway_history::smc::{Population, Simulator, SmcSettings};
use breakaway_history::space::{Point, Space};
use std::path::Path;

fn main() {
    divan::main();
}

/// Nothing is simulated: the distance is that of the first coordinate.
struct Nothing;

impl Simulator for Nothing {
    fn distances(&self, points: &[Point], _: u32, _: f64, _: &Context) -> Result<Vec<f64>, Stopped> {
        Ok(points.iter().map(|point| point[0].abs()).collect())
    }
}

fn case() -> Case {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases/austria-hungary-1918");
    Case::load(&folder).expect("a case of the repository")
}

/// 1,000 particles, 5 steps each: 5,000 simulations.
#[divan::bench]
fn round(bencher: divan::Bencher) {
    let case = case();
    let space = Space::new(vec![&case], 1);
    let points: Vec<Point> = (0..1000).map(|k| space.draw(k)).collect();
    let context = Context::new(1);
    let distances = Nothing.distances(&points, 0, f64::INFINITY, &context).expect("not stopped");
    let all = Population::new(points, distances, 1000);
    bencher.bench_local(|| all.next_round(&Nothing, &SmcSettings::default(), 1000, 1, &context));
}

/// From 1,000 points to the parameters of a case.
#[divan::bench]
fn values(bencher: divan::Bencher) {
    let case = case();
    let space = Space::new(vec![&case], 1);
    let points: Vec<Point> = (0..1000).map(|k| space.draw(k)).collect();
    bencher.bench_local(|| {
        points.iter().zip(0..).map(|(point, k)| space.values(0, point, k).len()).sum::<usize>()
    });
}
