//! Calibration: parameters with which the model lives through cases as they happened.

use crate::Error;
use crate::case::Case;
use crate::checkpoint::{State, publish};
use crate::diagnostics::{diagnose, effective};
use crate::matching::{Bank, Output, check, outputs};
use crate::normal::cdf;
use crate::smc::{Course, Population};
use crate::space::{Point, Space};
use breakaway_analysis::Finding;
use breakaway_ensemble::Posterior;
use breakaway_ensemble::posterior::FILE;
use breakaway_model::params::table;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::Path;

/// How a calibration is made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Seed of everything.
    pub seed: u64,
    /// Draws of the prior that history matching judges.
    pub draws: u32,
    /// Courses of each case at each of them.
    pub replicates: u32,
    /// Particles.
    pub particles: u32,
    /// How rounds go.
    pub course: Course,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { seed: 1, draws: 4000, replicates: 4, particles: 1000, course: Course::default() }
    }
}

/// Fewest draws with which the particles set out: from fewer, they would all be children of the
/// same few.
const FEWEST_PLAUSIBLE: usize = 10;

/// How far something is: what is being done, how much of it is done, of at most how much. The
/// answer is whether to go on.
pub type Progress<'a> = dyn Fn(&str, u32, u32) -> bool + 'a;

/// A calibration, whole.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// Settings.
    pub settings: Settings,
    /// What history tells of the cases.
    pub outputs: Vec<Output>,
    /// Draws of the prior.
    pub bank: Bank,
    /// Draws that history does not rule out.
    pub plausible: Vec<usize>,
    /// Particles.
    pub population: Population,
}

/// Name of the diagnostics' file in a calibration's folder.
pub const DIAGNOSTICS: &str = "calibration.json";

impl Calibration {
    /// Calibrates on all cases of a space, from draws of the prior that were lived through before
    /// (none, at first). Where a folder is given the state is kept there after each step, and taken
    /// up again.
    pub fn run(
        space: &Space,
        settings: Settings,
        bank: Bank,
        folder: Option<&Path>,
        progress: &Progress,
    ) -> Result<Calibration, Error> {
        let mut state = State::begin(space, settings, bank, folder, progress)?;
        let outputs = outputs(&space.cases);
        let bank = &state.bank;
        let all: Vec<usize> = (0..space.cases.len()).collect();
        let plausible = not_ruled_out(bank, &outputs, &all).inspect_err(|_| State::forget(folder))?;
        let mut population = state.population.take().unwrap_or_else(|| {
            let points: Vec<Point> = plausible.iter().map(|&k| bank.points[k].clone()).collect();
            let distances = plausible.iter().map(|&k| bank.distance(k, &all)).collect();
            Population::new(points, distances, bank.points.len() as u32 * settings.replicates)
        });
        while !population.done(&settings.course) {
            if !progress("rounds", population.rounds.len() as u32, settings.course.rounds) {
                return Err(Error::Stopped);
            }
            population.round(space, &settings.course, settings.particles as usize, settings.seed);
            state.population = Some(population.clone());
            state.keep(folder)?;
        }
        Ok(Calibration { settings, outputs, bank: state.bank, plausible, population })
    }

    /// Writes what it came to into a folder: the diagnostics, then the posterior.
    pub fn publish(&self, space: &Space, folder: &Path) -> Result<Finding, Error> {
        let found = diagnose(self, space);
        let case = |case: &&Case| json!({ "id": case.id, "hash": case.scenario.hash });
        let told = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "cases": space.cases.iter().map(case).collect::<Vec<_>>(),
            "settings": self.settings,
            "finding": found.json(),
        });
        publish(&folder.join(DIAGNOSTICS), format!("{told:#}\n").as_bytes())?;
        publish(&folder.join(FILE), self.posterior(space).text().as_bytes())?;
        Ok(found)
    }

    /// The posterior of the parameters of a case that is none of these.
    pub fn posterior(&self, space: &Space) -> Posterior {
        let points = (0..).zip(&self.population.points);
        let another: Vec<Point> = points.map(|(number, point)| space.of_another(point, number)).collect();
        let particle = |point: &Point| -> Vec<f32> {
            table().zip(point).map(|(spec, z)| spec.prior.quantile(cdf(*z)) as f32).collect()
        };
        let case = |case: &&Case| (case.id.clone(), case.scenario.hash.clone());
        let cases = space.cases.iter().map(case).collect();
        Posterior::new(cases, another.iter().map(particle).collect(), effective(&another).round() as u32)
    }
}

/// The draws from which particles set out.
fn not_ruled_out(bank: &Bank, outputs: &[Output], cases: &[usize]) -> Result<Vec<usize>, Error> {
    check(bank, outputs, cases)?;
    let plausible = bank.plausible(outputs, cases);
    if plausible.len() >= FEWEST_PLAUSIBLE {
        return Ok(plausible);
    }
    let of = match plausible.len() {
        0 => format!("all {} draws", bank.points.len()),
        left => format!("all but {left} of {} draws", bank.points.len()),
    };
    Err(Error::RuledOut(
        format!("history rules out {of}: too few to set out from"),
        format!("more `--draws` (at least {FEWEST_PLAUSIBLE} are to be left), or fewer cases"),
    ))
}
