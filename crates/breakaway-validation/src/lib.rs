#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod agents;
mod battles;
mod chain;
mod check;
pub mod coverage;
mod crowds;
mod grid;
mod not_checked;
mod population;
mod small;

pub use check::{Check, NotChecked, Validation};
pub use coverage::{Coverage, Covered, Determined, RareClaim, coverage};
pub use not_checked::NOT_CHECKED;

use breakaway_ensemble::{Context, Stopped};

/// Files of a scenario of the program's own, by their names.
macro_rules! held {
    ($folder:literal: $($name:literal),+) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/", $folder, "/", $name)))),+]
    };
}
pub(crate) use held;

/// Checks all published results. `quick` leaves out the long runs of agents.
///
/// # Errors
/// [`Stopped`] where the context was cancelled.
pub fn validate(quick: bool, context: &Context) -> Result<Validation, Stopped> {
    let mut checks = battles::checks(context)?;
    checks.extend(crowds::checks(context)?);
    checks.extend(chain::checks(context)?);
    checks.extend(grid::checks(quick, context)?);
    checks.extend(population::checks(quick, context)?);
    Ok(Validation { checks, apart: NOT_CHECKED.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_ensemble::Cancel;
    use std::time::{Duration, Instant};

    #[test]
    fn the_quick_results_hold() {
        let found = validate(true, &Context::new(2)).expect("not stopped");
        assert!(found.failed().is_empty(), "{:#?}", found.failed());
        let text = serde_json::to_string(&found).expect("JSON");
        assert_eq!(serde_json::from_str::<Validation>(&text).expect("JSON"), found);
    }

    #[test]
    fn a_stop_is_heard_within_a_second() {
        for wait in [0, 300, 1500] {
            let cancel = Cancel::default();
            let context = Context::new(2).with_cancel(cancel.clone());
            std::thread::scope(|scope| {
                let work = scope.spawn(|| (validate(false, &context), Instant::now()));
                std::thread::sleep(Duration::from_millis(wait));
                let asked = Instant::now();
                cancel.cancel();
                let (found, ended) = work.join().expect("it ends");
                assert!(found.is_err() && ended < asked + Duration::from_secs(1), "{:?}", ended - asked);
            });
        }
    }
}
