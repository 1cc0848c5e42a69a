//! Leave one case out: calibrate on the others, forecast the one, score it beside simple rules.

mod tables;

pub use tables::finding;

use crate::Error;
use crate::baselines::{AtRisk, Regression, at_risk, attributes_of, base_rate, days};
use crate::calibrate::{Calibration, Progress, Settings};
use crate::case::{Case, Group};
use crate::checkpoint::State;
use crate::diagnostics::{distinct, effective};
use crate::matching::Bank;
use crate::normal::normals;
use crate::scores::{Forecast, Scores, score};
use crate::space::{Point, Space};
use crate::summary::Seen;
use breakaway_model::event::Scope;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};

/// Courses of the case left out.
const COURSES: u32 = 2000;
/// Luck and unknown quantities of the case left out.
const FORECAST: u32 = 1 << 29;
const OWN: u32 = 4;
/// Equally likely days by which a simple rule forecasts.
const RULE_DAYS: usize = 400;

/// A case left out, forecast and scored.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// Case.
    pub id: String,
    /// Kind of event that its regions are forecast to have.
    pub kind: &'static str,
    /// Whether other cases tell of that kind, so that the rules learn from it.
    pub same_kind: bool,
    /// By whom, and how good: the calibrated model first, then the same model by its priors, then
    /// the simple rules.
    pub scores: Vec<(&'static str, Scores)>,
    /// Of each single event: which, whether it happened, its probability by the calibrated model,
    /// by its priors, and by the rate of such events in the other cases.
    pub events: Vec<(String, bool, [Option<f64>; 3])>,
    /// The calibration on the others.
    pub calibrated: Calibrated,
}

/// How a calibration went.
#[derive(Clone, Copy, Debug)]
pub struct Calibrated {
    /// Draws of the prior that history does not rule out.
    pub plausible: usize,
    /// Rounds of sequential Monte Carlo.
    pub rounds: usize,
    /// Distance from history that counted as near in the last.
    pub tolerance: f64,
    /// Different particles.
    pub distinct: usize,
    /// As how many independent ones they stray in their means.
    pub effective: f64,
}

impl Calibrated {
    fn of(calibration: &Calibration) -> Calibrated {
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

/// A hindcast.
#[derive(Clone, Debug)]
pub struct Hindcast {
    /// Cases forecast from the others.
    pub cases: Vec<LeftOut>,
    /// Cases without which there is no calibration on the others, and why.
    pub refused: Vec<(String, String)>,
}

/// Names of the forecasters.
const MODEL: &str = "model, calibrated";
const PRIOR: &str = "model, by its priors";
const RATE: &str = "base rate";
const LOGIT: &str = "logit regression";

impl LeftOut {
    fn of(&self, who: &str) -> Option<&Scores> {
        self.scores.iter().find(|(name, _)| *name == who).map(|(_, scores)| scores)
    }

    /// The rules that the calibrated model does not beat.
    fn lost_to(&self) -> Vec<&'static str> {
        let Some(own) = self.of(MODEL) else { return vec![] };
        // What is no number beats nobody.
        let better = |scores: &Scores| !matches!(own.crps.partial_cmp(&scores.crps), Some(Ordering::Less));
        let rules = self.scores.iter().filter(|(name, _)| [RATE, LOGIT].contains(name));
        rules.filter(|(_, scores)| better(scores)).map(|(name, _)| *name).collect()
    }
}

/// Forecasts each case from the others. Where the others cannot be calibrated on, the case is left
/// without a forecast; it is an error where that is so of all.
pub fn hindcast(
    cases: &[Case],
    settings: Settings,
    folder: Option<&Path>,
    progress: &Progress,
) -> Result<Hindcast, Error> {
    if cases.len() < 2 {
        let what = "a case is forecast from others, and there is one only";
        return Err(Error::Refused(what.into(), "give at least two cases".into()));
    }
    if let Some(case) = cases.iter().find(|case| case.main().is_none()) {
        return Err(Error::Refused(
            format!("`{}` says nothing of what happened to regions", case.id),
            "a hindcast forecasts regions: add their rows to outcomes.csv, or leave the case out".into(),
        ));
    }
    let whole = Space::new(cases.iter().collect(), settings.seed);
    let bank = Bank::live(&whole, settings, folder, progress)?;
    let mut all = Hindcast { cases: vec![], refused: vec![] };
    let mut first = None;
    for (c, case) in cases.iter().enumerate() {
        let others: Vec<usize> = (0..cases.len()).filter(|&k| k != c).collect();
        let space = Space::new(others.iter().map(|&k| &cases[k]).collect(), settings.seed);
        let own: Option<PathBuf> = folder.map(|folder| folder.join(format!("without-{}", case.id)));
        let turn = format!("case {} of {}, without {}", c + 1, cases.len(), case.id);
        let said = |what: &str, done: u32, of: u32| progress(&format!("{turn}: {what}"), done, of);
        let known = bank.of_cases(&whole, &others);
        let calibration = match Calibration::run(&space, settings, known, own.as_deref(), &said) {
            Ok(calibration) => calibration,
            Err(Error::RuledOut(what, help)) => {
                all.refused.push((case.id.clone(), what.clone()));
                first.get_or_insert(Error::RuledOut(format!("without {}: {what}", case.id), help));
                continue;
            }
            Err(other) => return Err(other),
        };
        if let Some(own) = &own {
            calibration.publish(&space, own)?;
        }
        let others: Vec<&Case> = others.iter().map(|&k| &cases[k]).collect();
        all.cases.push(left_out(case, &others, &calibration)?);
    }
    match first {
        Some(error) if all.cases.is_empty() => {
            State::forget(folder);
            Err(error)
        }
        _ => Ok(all),
    }
}

fn left_out(case: &Case, others: &[&Case], calibration: &Calibration) -> Result<LeftOut, Error> {
    let (particles, seed) = (&calibration.population.points, calibration.settings.seed);
    let space = Space::new(vec![case], seed);
    let own = space.own(0).len();
    let after = |k: u32| -> Point {
        // Spread over all particles, however many there are.
        let of = k as usize * particles.len() / COURSES as usize;
        let shared = &particles[of][..space.shared];
        shared.iter().copied().chain(normals(seed, OWN, k, own)).collect()
    };
    let before = |k: u32| -> Point { space.draw(FORECAST + k) };
    let (after, before) = (courses(&space, &after)?, courses(&space, &before)?);
    let main = case.main().unwrap_or(0);
    let group = &case.groups[main];
    // By case, the group of the same kind, or where no case has any, each case's main one.
    let by_case = |of: &dyn Fn(&Case) -> Option<usize>| -> Vec<Vec<AtRisk>> {
        others.iter().filter_map(|other| Some(at_risk(other, &other.groups[of(other)?]))).collect()
    };
    let alike = by_case(&|other| other.groups.iter().position(|own| own.kind == group.kind));
    let same_kind = !alike.is_empty();
    let seen = if same_kind { alike } else { by_case(&|other| other.main()) };
    let regression = Regression::fit(&seen);
    let rule = |hazard: &dyn Fn(usize) -> f64| -> Forecast {
        group.entities.iter().map(|&r| days(case, hazard(r), RULE_DAYS)).collect()
    };
    let rate = base_rate(&seen.concat());
    let of = |forecast: &Forecast| score(case, main, forecast);
    let scores = vec![
        (MODEL, of(&forecast(case, main, &after))),
        (PRIOR, of(&forecast(case, main, &before))),
        (RATE, of(&rule(&|_| rate))),
        (LOGIT, of(&rule(&|r| regression.hazard(&attributes_of(case, r))))),
    ];
    let events = single_events(case, others, &after, &before);
    let (id, kind, calibrated) = (case.id.clone(), group.kind.name(), Calibrated::of(calibration));
    Ok(LeftOut { id, kind, same_kind, scores, events, calibrated })
}

fn courses(space: &Space, point: &dyn Fn(u32) -> Point) -> Result<Vec<Seen>, Error> {
    let points: Vec<Point> = (0..COURSES).map(point).collect();
    let asked: Vec<(&Point, u32)> = points.iter().zip(FORECAST..).collect();
    let all: Vec<Seen> = space.live(0, &asked).into_iter().flatten().collect();
    if all.is_empty() {
        let what = format!("every member of `{}` failed", space.cases[0].id);
        return Err(Error::Refused(what, "`breakaway run` on it says why".into()));
    }
    Ok(all)
}

/// The days of a group's entities.
fn forecast(case: &Case, group: usize, courses: &[Seen]) -> Forecast {
    let day = |seen: &Seen, i: usize| seen[group][i].map_or(case.never(), f64::from);
    let entities = 0..case.groups[group].entities.len();
    entities.map(|i| courses.iter().map(|seen| day(seen, i)).collect()).collect()
}

/// What happens to polities and sides, event by event.
fn single_events(
    case: &Case,
    others: &[&Case],
    after: &[Seen],
    before: &[Seen],
) -> Vec<(String, bool, [Option<f64>; 3])> {
    let mut all = vec![];
    let single = |group: &Group| group.kind.scope() != Scope::Region;
    for (g, group) in case.groups.iter().enumerate().filter(|(_, group)| single(group)) {
        // Events of the kind in the other cases, over days at risk.
        let (mut events, mut exposed) = (0.0, 0.0);
        for other in others {
            for own in other.groups.iter().filter(|own| own.kind == group.kind) {
                events += own.days.iter().flatten().count() as f64;
                let days = own.days.iter().map(|day| f64::from(day.unwrap_or(other.scenario.world.days)));
                exposed += days.sum::<f64>();
            }
        }
        let days = f64::from(case.scenario.world.days);
        let rate = (exposed > 0.0).then(|| 1.0 - libm::exp(-events / exposed * days));
        let share = |courses: &[Seen]| {
            courses.iter().filter(|seen| seen[g][0].is_some()).count() as f64 / courses.len() as f64
        };
        let name = format!("{} {}", group.kind.name(), case.name(group.kind, group.entities[0]));
        all.push((name, group.days[0].is_some(), [Some(share(after)), Some(share(before)), rate]));
    }
    all
}
