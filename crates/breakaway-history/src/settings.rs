//! How a calibration is made.

use crate::smc::SmcSettings;
use breakaway_ensemble::Rejected;
use serde::{Deserialize, Serialize};

/// How a calibration is made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Seed of everything.
    pub seed: u64,
    /// Draws of the prior that history matching judges.
    pub draws: u32,
    /// Simulations of each case at each of them.
    pub replicates: u32,
    /// Particles of the posterior.
    pub particles: u32,
    /// How the rounds of sequential Monte Carlo go.
    pub smc: SmcSettings,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { seed: 1, draws: 4000, replicates: 4, particles: 1000, smc: SmcSettings::default() }
    }
}

/// Most simulations of a calibration: their numbers stay below those of truths and forecasts.
pub const MOST_SIMULATIONS: u64 = 200_000_000;

impl Settings {
    /// Whether they can serve.
    ///
    /// # Errors
    /// Names the first field that is out of its bounds, and the bounds.
    pub fn check(&self) -> Result<(), Rejected> {
        let SmcSettings { keep, steps, rounds, least_moved, least_tolerance } = self.smc;
        for (field, value, low, high) in [
            ("draws", self.draws, 20, 1_000_000),
            ("replicates", self.replicates, 2, 1000),
            ("particles", self.particles, 20, 100_000),
            ("rounds", rounds, 1, 1000),
            ("steps", steps, 1, 1000),
        ] {
            if !(low..=high).contains(&value) {
                let help = format!("`{field}` is between {low} and {high}");
                return Err(Rejected::new(format!("`{field}` is {value}"), help));
            }
        }
        for (field, value) in [("keep", keep), ("least_moved", least_moved)] {
            if !(0.0..=1.0).contains(&value) {
                let what = format!("`{field}` is {value}");
                return Err(Rejected::new(what, format!("`{field}` is a share between 0 and 1")));
            }
        }
        if least_tolerance.is_nan() || least_tolerance < 0.0 {
            let what = format!("`least_tolerance` is {least_tolerance}");
            return Err(Rejected::new(what, "`least_tolerance` is a distance of at least 0"));
        }
        let simulations = self.most_simulations();
        if simulations > MOST_SIMULATIONS {
            let help = format!("at most {MOST_SIMULATIONS}: choose fewer draws, particles or rounds");
            return Err(Rejected::new(
                format!("these settings need up to {simulations} simulations of each case"),
                help,
            ));
        }
        Ok(())
    }

    /// The simulations of each case that they may need.
    pub fn most_simulations(&self) -> u64 {
        let rounds = u64::from(self.smc.rounds) * u64::from(self.smc.steps) * u64::from(self.particles);
        u64::from(self.draws) * u64::from(self.replicates) + rounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_ensemble::numbers::SIMULATIONS;

    #[test]
    fn the_defaults_serve_and_numbers_do_not_reach_those_of_truths() {
        assert_eq!(Settings::default().check(), Ok(()));
        assert!(MOST_SIMULATIONS < u64::from(SIMULATIONS.end));
    }
}
