//! Leave one case out: calibrate on the others, forecast the one, score it beside simple rules.

mod forecast;
mod part;
mod result;

pub use part::{Part, PartLeft, make_part, parts_left};
pub use result::{
    ByForecaster, Calibrated, Forecaster, Hindcast, Lead, LeftOut, NotForecast, SingleEvent,
    SingleEventScores,
};

use crate::Error;
use crate::calibrate::Calibration;
use crate::case::Case;
use crate::checkpoint::Checkpoint;
use crate::matching::PriorSimulations;
use crate::settings::Settings;
use crate::space::Space;
use crate::work_folder::{FolderUse, WorkFolder};
use breakaway_ensemble::{Context, Rejected};
use std::path::Path;

/// Name of the result's file in a hindcast's folder.
pub const HINDCAST: &str = "hindcast.json";

/// Forecasts each case from the others. Where the others cannot be calibrated on, the case is left
/// without a forecast; it is an error where that is so of all. Where a folder is given, the
/// calibrations and the result are written there, and what was begun is resumed.
///
/// # Errors
/// [`Error::RuledOut`] where no case can be forecast. Otherwise where the cases, the settings or the
/// folder cannot serve, where another process writes into the folder, where a file cannot be read or
/// written, or where the context was cancelled: what is finished is kept then.
pub fn hindcast(
    cases: &[Case],
    settings: Settings,
    folder: Option<&Path>,
    context: &Context,
) -> Result<Hindcast, Error> {
    settings.check()?;
    check(cases)?;
    let folder = folder.map(|path| WorkFolder::open(path, FolderUse::Hindcast)).transpose()?;
    let whole = Space::new(cases.iter().collect(), settings.seed);
    let simulated = PriorSimulations::simulate(&whole, settings, folder.as_ref(), context)?;
    let mut all = Hindcast { cases: vec![], not_forecast: vec![] };
    let mut first = None;
    for (c, case) in cases.iter().enumerate() {
        let context = &context.stage(format!("case {} of {}, without {}", c + 1, cases.len(), case.id));
        let others = Others::of(&whole, c);
        let calibration = match others.calibrate(settings, &simulated, folder.as_ref(), context) {
            Ok(calibration) => calibration,
            Err(Error::RuledOut(why)) => {
                let message = format!("without {}: {why}", case.id);
                first.get_or_insert(Error::RuledOut(Rejected::new(message, why.help.clone())));
                all.not_forecast.push(NotForecast { id: case.id.clone(), why: why.message });
                continue;
            }
            Err(Error::Other(other)) => return Err(other.into()),
        };
        all.cases.push(forecast::left_out(case, &others.space.cases, &calibration, context)?);
    }
    if let (Some(error), true) = (first, all.cases.is_empty()) {
        Checkpoint::forget(folder.as_ref());
        return Err(error);
    }
    if let Some(folder) = &folder {
        folder.write_json(HINDCAST, &all)?;
    }
    Ok(all)
}

/// All cases but one.
struct Others<'a> {
    whole: &'a Space<'a>,
    left_out: &'a Case,
    /// Positions of the others in the whole.
    chosen: Vec<usize>,
    /// The space of the others.
    space: Space<'a>,
}

impl<'a> Others<'a> {
    fn of(whole: &'a Space<'a>, left_out: usize) -> Others<'a> {
        let chosen: Vec<usize> = (0..whole.cases.len()).filter(|&k| k != left_out).collect();
        let space = Space::new(chosen.iter().map(|&k| whole.cases[k]).collect(), whole.seed);
        Others { whole, left_out: whole.cases[left_out], chosen, space }
    }

    /// The prior's simulations of the others.
    fn known(&self, simulated: &PriorSimulations) -> PriorSimulations {
        simulated.of_cases(self.whole, &self.chosen)
    }

    /// Calibrates on them, and publishes that where there is a folder.
    fn calibrate(
        &self,
        settings: Settings,
        simulated: &PriorSimulations,
        folder: Option<&WorkFolder>,
        context: &Context,
    ) -> Result<Calibration, Error> {
        let own = folder.map(|folder| folder.without(&self.left_out.id)).transpose()?;
        let calibration =
            Calibration::run(&self.space, settings, self.known(simulated), own.as_ref(), context)?;
        if let Some(own) = &own {
            calibration.publish(&self.space, own, context)?;
        }
        Ok(calibration)
    }
}

/// Whether each case can be forecast from the others.
fn check(cases: &[Case]) -> Result<(), Rejected> {
    if cases.len() < 2 {
        let what = "a case is forecast from other cases, and there are none";
        return Err(Rejected::new(what, "give at least two cases"));
    }
    match cases.iter().find(|case| case.main().is_none()) {
        None => Ok(()),
        Some(case) => Err(Rejected::new(
            format!("`{}` does not say what happened to regions", case.id),
            "a hindcast forecasts regions: add their rows to outcomes.csv, or leave the case out",
        )),
    }
}
