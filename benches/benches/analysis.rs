//! Speed of the analyses, on cases of the size that other tools were timed on. `cargo bench`.

use breakaway_analysis::methods::prim::{Cases, paste, peel};
use breakaway_analysis::methods::sobol_indices::Radial;
use breakaway_model::rng::philox;
use breakaway_validation::agents::{AgentGrid, AgentSetup};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

/// A uniform number for a place in a table.
fn uniform(row: u32, column: u32) -> f32 {
    philox([row, column, 0, 0], [1, 0])[0] as f32 / u32::MAX as f32
}

/// A box planted among 10,000 cases of 12 parameters.
#[divan::bench(sample_count = 20)]
fn prim(bencher: Bencher) {
    let columns: Vec<Vec<f32>> = (0..12).map(|k| (0..10_000).map(|i| uniform(i, k)).collect()).collect();
    let inside = |i: usize| columns[2][i] > 0.7 && columns[5][i] < 0.3 && columns[9][i] > 0.5;
    let hits = (0..10_000).map(|i| f64::from(u8::from(inside(i)))).collect();
    let cases = Cases { hits, members: vec![1.0; 10_000], columns };
    bencher.bench(|| {
        let path = peel(&cases, 0.02);
        path.last().map(|last| paste(&cases, &last.limits))
    });
}

/// A hundred steps of Epstein's grid; an item is an agent-step.
#[divan::bench(sample_count = 20)]
fn agents(bencher: Bencher) {
    let mut grid = AgentGrid::new(AgentSetup::default());
    let items = ItemsCount::new(100 * grid.agents());
    bencher.counter(items).bench_local(|| (0..100).for_each(|_| grid.step()));
}

/// Effects of 11 parameters from 16,384 base points, 212,992 answers, with 100 resamples.
#[divan::bench(sample_count = 10)]
fn sobol(bencher: Bencher) {
    let answers: Vec<Option<f64>> = (0..212_992).map(|i| Some(f64::from(uniform(i, 0)))).collect();
    let answers: Vec<Vec<Option<f64>>> = answers.iter().map(|y| vec![*y]).collect();
    bencher.bench(|| Radial::of(&answers, 11).effects());
}
