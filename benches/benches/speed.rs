//! Speed of members, of whole runs, and of what they are made from. `cargo bench`.

use breakaway_benches::{reference, simulate};
use breakaway_ensemble::{Context, Design, Plan};
use breakaway_model::dispatch::Simd;
use breakaway_model::draw::binomial;
use breakaway_model::lanes::{Count, Lane, WIDTH};
use breakaway_model::params::{Params, medians};
use breakaway_model::rng::{RandomStreams, Stream};
use breakaway_store::{RunOptions, run};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

/// Sixteen members of the reference scenario to its horizon, by instruction set; an item is a
/// region-day.
#[divan::bench(args = Simd::available().into_iter().map(Simd::name).collect::<Vec<_>>(), sample_count = 20)]
fn members(bencher: Bencher, name: &str) {
    let simd = Simd::available().into_iter().find(|simd| simd.name() == name).unwrap_or(Simd::BASELINE);
    let scenario = reference();
    let params = Params::from_lanes(&medians());
    let days = scenario.world.days;
    let items = WIDTH as u64 * scenario.world.regions.len() as u64 * u64::from(days);
    bencher.counter(ItemsCount::new(items)).bench(|| simulate(&scenario, &params, simd, 0, days));
}

/// A run of 1,000 members with its store, on one and on two threads; an item is a region-day.
#[divan::bench(args = [1, 2], sample_count = 3)]
fn whole_run(bencher: Bencher, threads: usize) {
    let mut scenario = reference();
    // Without the claim that compares two worlds: one world is simulated, not two.
    scenario.claims.retain(|claim| claim.id != "congress-unites");
    let items = 1000 * scenario.world.regions.len() as u64 * u64::from(scenario.world.days);
    bencher.counter(ItemsCount::new(items)).with_inputs(|| tempfile::tempdir().ok()).bench_values(|folder| {
        let out = folder.as_ref().map(|folder| folder.path().join("run")).unwrap_or_default();
        let design = Design { draws: 100, replicates: 10, seed: 1, kind: Default::default() };
        let plan = Plan::new(&scenario, scenario.priors.clone(), design, Simd::best());
        let options =
            RunOptions { folder: out, request: "a benchmark".into(), beyond_limits: true, grid: None };
        run(&plan, &options, &Context::new(threads)).is_ok()
    });
}

/// Sixteen binomial draws.
#[divan::bench(args = [0.5, 5.0, 500.0])]
fn binomials(bencher: Bencher, mean: f64) {
    let random = RandomStreams::new(Simd::best(), 1, std::array::from_fn(|i| i as u32));
    let u = random.four(1, Stream::Citizens, 0)[0];
    let p = Lane::splat((mean / 1e6) as f32);
    bencher.bench(|| binomial(Simd::best(), &Count::splat(1_000_000), divan::black_box(&p), &u));
}
