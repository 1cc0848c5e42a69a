//! A fixed piece of work for counting instructions, which repeat exactly where seconds do not:
//! `valgrind --tool=none` or `--tool=callgrind` over `target/release/count`.

use breakaway_benches::{reference, simulate};
use breakaway_model::dispatch::Simd;
use breakaway_model::params::{Params, medians};

fn main() {
    let scenario = reference();
    let params = Params::from_lanes(&medians());
    println!("{} region-days", simulate(&scenario, &params, Simd::BASELINE, 0, 60));
}
