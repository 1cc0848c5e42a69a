//! Forecasts two cases of history from each other and prints the scores. Takes the folders of the
//! cases: `cargo run --release -p breakaway-history --example hindcast -- cases/russia-1917 cases/union-1989`.

use breakaway_ensemble::{Context, Progress};
use breakaway_history::hindcast::Forecaster;
use breakaway_history::smc::SmcSettings;
use breakaway_history::{Error, Settings, case, hindcast};
use std::path::PathBuf;

fn main() -> Result<(), Error> {
    let mut folders: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    if folders.is_empty() {
        let known = concat!(env!("CARGO_MANIFEST_DIR"), "/../../cases");
        folders = ["austria-hungary-1918", "afghanistan-2021"].map(|id| PathBuf::from(known).join(id)).into();
    }
    let cases = case::load_all(&folders)?;
    let smc = SmcSettings { rounds: 3, ..SmcSettings::default() };
    let settings = Settings { draws: 200, replicates: 2, particles: 60, smc, ..Settings::default() };
    let context = Context::default().with_observer(|progress: &Progress| {
        eprintln!("{}: {} of {}", progress.task, progress.done, progress.total)
    });
    let result = hindcast(&cases, settings, None, &context)?;
    for case in &result.cases {
        for who in Forecaster::ALL {
            println!("{} {who:?}: CRPS {:.3}", case.id, case.scores.of(who).crps);
        }
    }
    Ok(())
}
