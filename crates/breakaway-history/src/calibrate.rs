//! Calibration: parameters with which simulations of cases come out as history did.

use crate::Error;
use crate::case::Case;
use crate::checkpoint::{CaseRecord, Checkpoint};
use crate::diagnostics::{CalibrationReport, effective};
use crate::matching::{Output, PriorSimulations, check, outputs};
use crate::normal::cdf;
use crate::settings::Settings;
use crate::smc::Population;
use crate::space::{Point, Space};
use crate::work_folder::{FolderUse, WorkFolder};
use breakaway_ensemble::{Context, Posterior, Rejected, Stopped, parallel};
use breakaway_model::params::table;
use breakaway_store::posterior_file::FILE;
use std::path::Path;

/// Fewest draws with which the particles set out: from fewer, they would all be children of the
/// same few.
const FEWEST_PLAUSIBLE: usize = 10;

/// Name of the report's file in a calibration's folder.
pub const DIAGNOSTICS: &str = "calibration.json";

/// A calibration, whole.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// Settings.
    pub settings: Settings,
    /// The numbers that history gives of the cases.
    pub outputs: Vec<Output>,
    /// Draws of the prior, simulated.
    pub prior: PriorSimulations,
    /// Draws that history does not rule out.
    pub plausible: Vec<usize>,
    /// Particles.
    pub population: Population,
}

/// Calibrates on cases, and writes the posterior and the report into a folder. What was begun there
/// is resumed.
///
/// # Errors
/// [`Error::RuledOut`] where no parameters fit the cases. Otherwise where settings or folder cannot
/// serve, where another process writes into the folder, where a file cannot be written, or where the
/// context was cancelled: what is finished is kept then.
pub fn calibrate(
    cases: &[Case],
    settings: Settings,
    folder: &Path,
    context: &Context,
) -> Result<CalibrationReport, Error> {
    settings.check()?;
    if cases.is_empty() {
        return Err(Error::rejected("there is no case to calibrate on", "name at least one case"));
    }
    let folder = WorkFolder::open(folder, FolderUse::Calibration)?;
    let space = Space::new(cases.iter().collect(), settings.seed);
    let known = PriorSimulations::default();
    Calibration::run(&space, settings, known, Some(&folder), context)?.publish(&space, &folder, context)
}

impl PriorSimulations {
    /// Simulates as many draws of the prior as the settings ask for; kept and resumed as a calibration
    /// is.
    ///
    /// # Errors
    /// Where the folder is another calibration's, where a file cannot be read or written, or where the
    /// context was cancelled.
    pub fn simulate(
        space: &Space,
        settings: Settings,
        folder: Option<&WorkFolder>,
        context: &Context,
    ) -> Result<PriorSimulations, Error> {
        Ok(Checkpoint::begin(space, settings, PriorSimulations::default(), folder, context)?.prior)
    }
}

impl Calibration {
    /// Calibrates on all cases of a space, from draws of the prior that were simulated before (none, at
    /// first). Where a folder is given the state is kept there after each step, and resumed.
    ///
    /// # Errors
    /// As [`calibrate`].
    pub fn run(
        space: &Space,
        settings: Settings,
        known: PriorSimulations,
        folder: Option<&WorkFolder>,
        context: &Context,
    ) -> Result<Calibration, Error> {
        let mut kept = Checkpoint::begin(space, settings, known, folder, context)?;
        let outputs = outputs(&space.cases);
        let prior = &kept.prior;
        let all: Vec<usize> = (0..space.cases.len()).collect();
        let plausible = not_ruled_out(prior, &outputs, &all).inspect_err(|_| Checkpoint::forget(folder))?;
        let mut population = kept.population.take().unwrap_or_else(|| {
            let points: Vec<Point> = plausible.iter().map(|&k| prior.points[k].clone()).collect();
            let distances = plausible.iter().map(|&k| prior.distance(k, &all)).collect();
            Population::new(points, distances, prior.points.len() as u32 * settings.replicates)
        });
        let size = settings.particles as usize;
        let done = population.rounds.len() as u64;
        let task = context.resumed_task("rounds", done, settings.smc.rounds.into());
        while !population.done(&settings.smc) {
            population = population.next_round(space, &settings.smc, size, settings.seed, context)?;
            kept.population = Some(population.clone());
            kept.keep(folder)?;
            task.advance(1)?;
        }
        Ok(Calibration { settings, outputs, prior: kept.prior, plausible, population })
    }

    /// Writes what it came to into a folder: the report, then the posterior.
    ///
    /// # Errors
    /// Where a file cannot be written, or where the context was cancelled.
    pub fn publish(
        &self,
        space: &Space,
        folder: &WorkFolder,
        context: &Context,
    ) -> Result<CalibrationReport, Error> {
        let report = self.diagnose(space, context)?;
        let posterior = self.posterior(space, context)?;
        folder.write_json(DIAGNOSTICS, &report)?;
        folder.write(FILE, posterior.text().as_bytes())?;
        Ok(report)
    }

    /// The posterior of the parameters of a case that is none of these.
    ///
    /// # Errors
    /// [`Stopped`] where the context was cancelled.
    pub fn posterior(&self, space: &Space, context: &Context) -> Result<Posterior, Stopped> {
        let another = self.of_another(space, context)?;
        let particles = parallel::try_map(context, &another, |point| {
            context.check()?;
            Ok(table().zip(point).map(|(spec, z)| spec.prior.quantile(cdf(*z)) as f32).collect())
        })?;
        let cases = CaseRecord::all(space).into_iter().map(|case| (case.id, case.hash)).collect();
        Ok(Posterior::new(cases, particles, effective(&another).round() as u32))
    }

    /// The particles as points of a case that is none of these.
    pub(crate) fn of_another(&self, space: &Space, context: &Context) -> Result<Vec<Point>, Stopped> {
        let numbered: Vec<(u32, &Point)> = (0..).zip(&self.population.points).collect();
        parallel::try_map(context, &numbered, |(number, point)| {
            context.check()?;
            Ok(space.of_another(point, *number))
        })
    }
}

/// The draws from which particles set out.
pub(crate) fn not_ruled_out(
    simulated: &PriorSimulations,
    outputs: &[Output],
    cases: &[usize],
) -> Result<Vec<usize>, Error> {
    check(simulated, outputs, cases)?;
    let plausible = simulated.plausible(outputs, cases);
    if plausible.len() >= FEWEST_PLAUSIBLE {
        return Ok(plausible);
    }
    let of = match plausible.len() {
        0 => format!("all {} parameter sets", simulated.points.len()),
        left => format!("all but {left} of {} parameter sets", simulated.points.len()),
    };
    Err(Error::RuledOut(Rejected::new(
        format!("history rules out {of} of the prior: too few are left to start from"),
        format!("choose more draws (at least {FEWEST_PLAUSIBLE} must be left), or fewer cases"),
    )))
}
