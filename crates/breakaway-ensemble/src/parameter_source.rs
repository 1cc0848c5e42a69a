//! Where a run's parameters come from: their priors, or the particles of a posterior, all of one
//! weight. A run draws the values of a particle together.

use crate::rejected::Rejected;
use breakaway_model::params::{Prior, Spec, table};
use breakaway_scenario::Scenario;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Version of the file's form.
const FORMAT: u32 = 2;
/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What tells the version of a file's form.
#[derive(Deserialize)]
struct Form {
    format: u32,
}

/// Particles of the model's parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Posterior {
    /// Version of the file's form.
    pub format: u32,
    /// Cases of history that it was calibrated on.
    pub cases: Vec<String>,
    /// SHA-256 of the files of each.
    pub hashes: Vec<String>,
    /// The number of independent particles that would vary as much in their means: children of one
    /// parent are near copies.
    pub effective: u32,
    /// Names of the parameters, in the order of the table.
    pub parameters: Vec<String>,
    /// One row a particle, one value a parameter.
    pub particles: Vec<Vec<f32>>,
}

/// A posterior as a run's manifest records it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PosteriorRecord {
    /// What identifies it.
    pub hash: String,
    /// Number of its particles.
    pub particles: u32,
    /// The number of independent particles that would vary as much; none where that is not known.
    #[serde(default)]
    pub effective: Option<u32>,
    /// Cases of history that it was calibrated on.
    pub cases: Vec<String>,
    /// Whether the scenario of the run is one of them.
    #[serde(default)]
    pub seen: bool,
}

impl PosteriorRecord {
    /// The number of independent particles that vary as much in their means.
    pub fn effective(&self) -> u32 {
        self.effective.unwrap_or(self.particles).max(1)
    }
}

/// What parameters are drawn from: their priors, or where there is one, a posterior.
#[derive(Clone, Debug)]
pub struct ParameterSource {
    /// Priors, in the order of [`breakaway_scenario::Scenario::specs`].
    pub priors: Vec<Prior>,
    /// A posterior. It replaces the priors that the model brings; those that a scenario or a user
    /// set otherwise stand.
    pub posterior: Option<Arc<Posterior>>,
}

impl From<Vec<Prior>> for ParameterSource {
    fn from(priors: Vec<Prior>) -> ParameterSource {
        ParameterSource { priors, posterior: None }
    }
}

impl ParameterSource {
    /// Replaces what a draw of the priors gave by a posterior's particle.
    pub fn update(&self, draw: u32, values: &mut [f32]) {
        let Some(posterior) = &self.posterior else { return };
        let particle = posterior.particle(draw);
        for (k, _) in table().enumerate().filter(|(k, spec)| self.priors[*k] == spec.prior) {
            values[k] = particle[k];
        }
    }
}

impl Posterior {
    /// A posterior of these cases (name and hash) and particles, which count as `effective` independent
    /// ones; values are in the order of the table.
    pub fn new(cases: Vec<(String, String)>, particles: Vec<Vec<f32>>, effective: u32) -> Posterior {
        let parameters = table().map(Spec::key).collect();
        let (cases, hashes) = cases.into_iter().unzip();
        Posterior { format: FORMAT, cases, hashes, effective, parameters, particles }
    }

    /// What a run of a scenario says of it.
    pub fn record(&self, scenario: &Scenario) -> PosteriorRecord {
        PosteriorRecord {
            hash: self.hash(),
            particles: self.particles.len() as u32,
            effective: Some(self.effective),
            cases: self.cases.clone(),
            seen: self.hashes.contains(&scenario.folder_hash),
        }
    }

    /// The particle of a draw: spread over all of them, however many draws there are (Weyl's
    /// sequence of the golden ratio).
    fn particle(&self, draw: u32) -> &[f32] {
        let turn = u64::from(draw.wrapping_mul(0x9E37_79B9));
        &self.particles[((turn * self.particles.len() as u64) >> 32) as usize]
    }

    /// What identifies it.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.text().as_bytes()))[..16].to_string()
    }

    /// The text of its file.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// Reads it from the text of its file.
    ///
    /// # Errors
    /// What is wrong with the text, and what would be right.
    pub fn from_text(text: &str) -> Result<Posterior, Rejected> {
        let make = "`calibrate` makes a posterior";
        let fault = |e| Rejected::new(format!("this is not the posterior of a calibration ({e})"), make);
        let Form { format } = serde_json::from_str(text).map_err(fault)?;
        if format != FORMAT {
            let what = format!("a posterior of format {format}; this program reads format {FORMAT}");
            return Err(Rejected::new(what, "calibrate again"));
        }
        let own: Posterior = serde_json::from_str(text).map_err(fault)?;
        own.check().map_err(|what| Rejected::new(what, ""))?;
        Ok(own)
    }

    fn check(&self) -> Result<(), String> {
        if self.particles.is_empty() || self.effective == 0 {
            return Err("the posterior has no particles".into());
        }
        if self.hashes.len() != self.cases.len() {
            return Err("it does not name each of its cases".into());
        }
        if !table().map(Spec::key).eq(self.parameters.iter().cloned()) {
            return Err("its parameters are not those of this program: calibrate again".into());
        }
        let bounds: Vec<(f64, f64)> = table().map(|spec| spec.bounds).collect();
        for (n, particle) in self.particles.iter().enumerate() {
            if particle.len() != self.parameters.len() {
                let (found, wanted) = (particle.len(), self.parameters.len());
                return Err(format!("particle {n} has {found} values, there are {wanted} parameters"));
            }
            for ((name, value), (low, high)) in self.parameters.iter().zip(particle).zip(&bounds) {
                if !(*low..=*high).contains(&f64::from(*value)) {
                    return Err(format!("particle {n}: {name} = {value} is outside {low} to {high}"));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_draws_are_spread_over_all_particles() {
        let all = Posterior {
            particles: (0..1000).map(|k| vec![k as f32]).collect(),
            ..Posterior::new(vec![], vec![], 1)
        };
        let mut tenths = [0; 10];
        (0..200).for_each(|draw| tenths[(all.particle(draw)[0] / 100.0) as usize] += 1);
        assert!(tenths.iter().all(|n| (15..=25).contains(n)), "{tenths:?}");
    }

    #[test]
    fn what_a_user_set_stands() {
        let specs: Vec<&Spec> = table().collect();
        let mut priors: Vec<Prior> = specs.iter().map(|spec| spec.prior).collect();
        priors[3] = Prior::Fixed(0.25);
        let particle: Vec<f32> = specs.iter().map(|spec| spec.prior.quantile(0.9) as f32).collect();
        let source = ParameterSource {
            priors,
            posterior: Some(Arc::new(Posterior::new(vec![], vec![particle.clone()], 1))),
        };
        let mut values = vec![0.25; specs.len()];
        source.update(7, &mut values);
        assert_eq!(values[3], 0.25);
        assert_eq!(values[4], particle[4]);
    }

    #[test]
    fn a_posterior_is_checked() {
        let particle: Vec<f32> = table().map(|spec| spec.prior.median() as f32).collect();
        let good = Posterior::new(vec![("a".into(), "0".into())], vec![particle], 1);
        assert_eq!(good.check(), Ok(()));
        let mut short = good.clone();
        short.particles[0].pop();
        assert!(short.check().is_err());
        let mut wild = good.clone();
        wild.particles[0][0] = 1e9;
        assert!(wild.check().is_err_and(|what| what.contains("is outside")));
        let mut strange = good.clone();
        strange.parameters[0] = "combat.luck".into();
        let mut few = good.clone();
        few.parameters.truncate(5);
        few.particles[0].truncate(5);
        assert!(few.check().is_err());
        assert!(strange.check().is_err_and(|what| what.contains("not those of this program")));
        let again: Posterior = serde_json::from_str(&good.text()).expect("its own text");
        assert_eq!(again, good);
    }
}
