//! What a hindcast came to.

use crate::calibrate::Calibration;
use crate::diagnostics::{distinct, effective};
use crate::scores::{Scores, Skill, mean_interval, skill};
use breakaway_analysis::methods::proper_scores::brier;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// A hindcast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hindcast {
    /// Cases forecast from the others.
    pub cases: Vec<LeftOut>,
    /// Cases that are not forecast.
    pub not_forecast: Vec<NotForecast>,
}

/// A case left out, forecast and scored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Case.
    pub id: String,
    /// Kind of event that its regions are forecast to have, as files name it.
    pub kind: String,
    /// Whether other cases have events of that kind, so that the rules learn from them.
    pub same_kind: bool,
    /// How good each forecast was.
    pub scores: ByForecaster<Scores>,
    /// What was forecast to happen to polities and sides.
    pub events: Vec<SingleEvent>,
    /// The calibration on the others.
    pub calibrated: Calibrated,
}

/// A case that is not forecast: no parameters can be learned from the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotForecast {
    /// Case.
    pub id: String,
    /// Why not.
    pub why: String,
}

/// Who forecasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Forecaster {
    /// The model, calibrated on the other cases.
    Calibrated,
    /// The model with parameters of its priors.
    Prior,
    /// One hazard for all regions: the rate of the other cases.
    BaseRate,
    /// A hazard that follows from a region's attributes: a logit regression on the other cases.
    Logit,
}

impl Forecaster {
    /// All of them.
    pub const ALL: [Forecaster; 4] =
        [Forecaster::Calibrated, Forecaster::Prior, Forecaster::BaseRate, Forecaster::Logit];
    /// The simple rules, which a model of mechanisms has to beat.
    pub const RULES: [Forecaster; 2] = [Forecaster::BaseRate, Forecaster::Logit];
}

/// Something of each forecaster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ByForecaster<T> {
    /// Of the calibrated model.
    pub calibrated: T,
    /// Of the model by its priors.
    pub prior: T,
    /// Of the base rate.
    pub base_rate: T,
    /// Of the logit regression.
    pub logit: T,
}

impl<T> ByForecaster<T> {
    /// That of one.
    pub fn of(&self, who: Forecaster) -> &T {
        match who {
            Forecaster::Calibrated => &self.calibrated,
            Forecaster::Prior => &self.prior,
            Forecaster::BaseRate => &self.base_rate,
            Forecaster::Logit => &self.logit,
        }
    }
}

/// What was forecast to happen to a polity or a side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SingleEvent {
    /// Kind of event, as files name it.
    pub event: String,
    /// To whom.
    pub of: String,
    /// Whether it happened.
    pub happened: bool,
    /// Its probability by the calibrated model.
    pub calibrated: f64,
    /// By the model's priors.
    pub prior: f64,
    /// By the rate of such events in the other cases; none where they have no such event.
    pub base_rate: Option<f64>,
}

/// How a calibration went.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibrated {
    /// Draws of the prior that history does not rule out.
    pub plausible: usize,
    /// Rounds of sequential Monte Carlo.
    pub rounds: usize,
    /// Distance from history that counted as near in the last.
    pub tolerance: f64,
    /// Different particles.
    pub distinct: usize,
    /// The number of independent particles whose means would vary as much.
    pub effective: f64,
}

impl Calibrated {
    pub(super) fn of(calibration: &Calibration) -> Calibrated {
        let population = &calibration.population;
        Calibrated {
            plausible: calibration.plausible.len(),
            rounds: population.rounds.len(),
            tolerance: population.tolerance,
            distinct: distinct(&population.points),
            effective: effective(&population.points),
        }
    }
}

impl LeftOut {
    /// The rules whose ranked probability score the calibrated model does not beat.
    pub fn unbeaten_rules(&self) -> Vec<Forecaster> {
        let own = self.scores.calibrated.crps;
        // What is no number beats nobody.
        let beats =
            |who: &Forecaster| matches!(own.partial_cmp(&self.scores.of(*who).crps), Some(Ordering::Less));
        Forecaster::RULES.into_iter().filter(|who| !beats(who)).collect()
    }

    /// By how much the calibrated model is better than another forecast; none of itself.
    pub fn skill_against(&self, who: Forecaster) -> Option<Skill> {
        (who != Forecaster::Calibrated).then(|| skill(&self.scores.calibrated, self.scores.of(who)))
    }
}

/// By how much the calibrated model's ranked probability score is lower than another's, on average
/// over the cases (negative: higher), with the 95 % interval over samples of the cases.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// Mean.
    pub mean: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Brier scores of single events.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SingleEventScores {
    /// Events.
    pub events: usize,
    /// Of the calibrated model.
    pub calibrated: f64,
    /// Of the model's priors.
    pub prior: f64,
    /// Of the rate in the other cases; none where not all of the events have one.
    pub base_rate: Option<f64>,
}

impl SingleEventScores {
    /// Those of some events; none where there are none.
    fn of(events: &[&SingleEvent]) -> Option<SingleEventScores> {
        let score = |p: &dyn Fn(&SingleEvent) -> Option<f64>| {
            let forecasts: Option<Vec<(f64, bool)>> =
                events.iter().map(|event| Some((p(event)?, event.happened))).collect();
            forecasts.filter(|all| !all.is_empty()).map(|all| brier(&all))
        };
        Some(SingleEventScores {
            events: events.len(),
            calibrated: score(&|event| Some(event.calibrated))?,
            prior: score(&|event| Some(event.prior))?,
            base_rate: score(&|event| event.base_rate),
        })
    }
}

fn mean(each: &[f64]) -> f64 {
    each.iter().sum::<f64>() / each.len() as f64
}

impl Hindcast {
    /// A forecaster's mean ranked probability score over the cases; none of no case.
    pub fn mean_crps(&self, who: Forecaster) -> Option<f64> {
        let each: Vec<f64> = self.cases.iter().map(|case| case.scores.of(who).crps).collect();
        (!each.is_empty()).then(|| mean(&each))
    }

    /// The calibrated model's lead over another forecast; none of few cases.
    pub fn lead_over(&self, who: Forecaster) -> Option<Lead> {
        let of = |case: &LeftOut| case.scores.of(who).crps - case.scores.calibrated.crps;
        let each: Vec<f64> = self.cases.iter().map(of).collect();
        let (low, high) = mean_interval(&each)?;
        Some(Lead { mean: mean(&each), low, high })
    }

    /// Scores of all single events; none where there are none.
    pub fn single_events(&self) -> Option<SingleEventScores> {
        SingleEventScores::of(&self.cases.iter().flat_map(|case| &case.events).collect::<Vec<_>>())
    }

    /// The same of those whose rate is known from other cases.
    pub fn single_events_with_rate(&self) -> Option<SingleEventScores> {
        let events = self.cases.iter().flat_map(|case| &case.events);
        SingleEventScores::of(&events.filter(|event| event.base_rate.is_some()).collect::<Vec<_>>())
    }
}
