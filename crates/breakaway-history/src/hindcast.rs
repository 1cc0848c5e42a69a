//! Leave one case out: calibrate on the others, forecast the one, score it beside simple rules.

use crate::Error;
use crate::baselines::{AtRisk, Regression, at_risk, attributes_of, base_rate, days};
use crate::calibrate::{Calibration, Progress, Settings, publish};
use crate::case::{Case, Group};
use crate::matching::Bank;
use crate::normal::normals;
use crate::scores::{Forecast, Scores, score, skill};
use crate::space::{Point, Space};
use crate::summary::Seen;
use breakaway_analysis::Finding;
use breakaway_analysis::finding::{Cell, Table, number};
use breakaway_analysis::proper_scores::brier;
use breakaway_ensemble::posterior::FILE;
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

/// Forecasts each case from the others.
pub fn hindcast(
    cases: &[Case],
    settings: Settings,
    folder: Option<&Path>,
    progress: &Progress,
) -> Result<Vec<LeftOut>, Error> {
    if cases.len() < 2 {
        return Err(Error::Refused(
            format!("{} case", cases.len()),
            "a case is forecast from others: give at least two".into(),
        ));
    }
    if let Some(case) = cases.iter().find(|case| case.main().is_none()) {
        return Err(Error::Refused(
            format!("`{}` says nothing of what happened to regions", case.id),
            "a hindcast forecasts regions: add their rows to outcomes.csv, or leave the case out".into(),
        ));
    }
    let whole = Space::new(cases.iter().collect(), settings.seed);
    let bank = Bank::live(&whole, settings, folder, progress)?;
    let mut all = vec![];
    for (c, case) in cases.iter().enumerate() {
        let others: Vec<usize> = (0..cases.len()).filter(|&k| k != c).collect();
        let space = Space::new(others.iter().map(|&k| &cases[k]).collect(), settings.seed);
        let own: Option<PathBuf> = folder.map(|folder| folder.join(format!("without-{}", case.id)));
        let said =
            |what: &str, done: u32, of: u32| progress(&format!("without {}: {what}", case.id), done, of);
        let calibration =
            Calibration::run(&space, settings, bank.of_cases(&whole, &others), own.as_deref(), &said)
                .map_err(|error| without(&case.id, error))?;
        if let Some(own) = &own {
            publish(&own.join(FILE), calibration.posterior(&space).text().as_bytes())?;
        }
        let others: Vec<&Case> = others.iter().map(|&k| &cases[k]).collect();
        all.push(left_out(case, &others, &calibration.population.points, settings.seed)?);
    }
    Ok(all)
}

/// Says which case was left out.
fn without(case: &str, error: Error) -> Error {
    match error {
        Error::Refused(what, help) => Error::Refused(format!("without {case}: {what}"), help),
        other => other,
    }
}

fn left_out(case: &Case, others: &[&Case], particles: &[Point], seed: u64) -> Result<LeftOut, Error> {
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
    let alike = others.iter().flat_map(|other| {
        let groups = other.groups.iter().filter(|own| own.kind == group.kind);
        groups.flat_map(|own| at_risk(other, own))
    });
    let mut seen: Vec<AtRisk> = alike.collect();
    let same_kind = !seen.is_empty();
    if !same_kind {
        let mains = others.iter().filter_map(|other| Some((other, &other.groups[other.main()?])));
        seen = mains.flat_map(|(other, own)| at_risk(other, own)).collect();
    }
    let regression = Regression::fit(&seen);
    let rule = |hazard: &dyn Fn(usize) -> f64| -> Forecast {
        group.entities.iter().map(|&r| days(case, hazard(r), RULE_DAYS)).collect()
    };
    let rate = base_rate(&seen);
    let of = |forecast: &Forecast| score(case, main, forecast);
    let scores = vec![
        (MODEL, of(&forecast(case, main, &after))),
        (PRIOR, of(&forecast(case, main, &before))),
        (RATE, of(&rule(&|_| rate))),
        (LOGIT, of(&rule(&|r| regression.hazard(&attributes_of(case, r))))),
    ];
    let events = single_events(case, others, &after, &before);
    Ok(LeftOut { id: case.id.clone(), kind: group.kind.name(), same_kind, scores, events })
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

/// Sentences and tables of a hindcast.
pub fn finding(all: &[LeftOut]) -> Finding {
    let mut out = Finding::new("hindcast", "Each case forecast from the others");
    let won: Vec<&LeftOut> = all.iter().filter(|case| case.lost_to().is_empty()).collect();
    out.say(format!(
        "Of {} cases the calibrated model forecasts {} better than both rules, by the ranked probability score of when \
         each region has its event.",
        all.len(),
        won.len()
    ));
    for case in all.iter().filter(|case| !case.lost_to().is_empty()) {
        out.say(format!("It loses {} to the {}.", case.id, case.lost_to().join(" and the ")));
    }
    let mean = |who: &str| {
        let each: Vec<f64> = all.iter().filter_map(|case| case.of(who)).map(|scores| scores.crps).collect();
        each.iter().sum::<f64>() / each.len() as f64
    };
    out.say(format!(
        "Mean ranked probability score over the cases: {} calibrated, {} by the priors, {} of the base rate, {} of the \
         logit regression (lower is better).",
        number(mean(MODEL)),
        number(mean(PRIOR)),
        number(mean(RATE)),
        number(mean(LOGIT))
    ));
    out.tables.push(table(all));
    for case in all.iter().filter(|case| !case.same_kind) {
        out.say(format!(
            "No other case tells of `{}`: the rules forecast {} from what most regions of the others may have.",
            case.kind, case.id
        ));
    }
    let events = events(all);
    let known = |k: usize, needed: usize| -> Vec<(f64, bool)> {
        let each = all.iter().flat_map(|case| &case.events).filter(|(_, _, p)| p[needed].is_some());
        each.filter_map(|(_, happened, p)| Some((p[k]?, *happened))).collect()
    };
    if !events.rows.is_empty() {
        out.say(format!(
            "{} single events (falls, fronts, peace): Brier score {} calibrated, {} by the priors.",
            known(0, 0).len(),
            number(brier(&known(0, 0))),
            number(brier(&known(1, 0)))
        ));
        out.tables.push(events);
    }
    if !known(2, 2).is_empty() {
        out.say(format!(
            "Over the {} of them whose kind is known from other cases: {} calibrated, {} by the priors, {} of their rate \
             there.",
            known(2, 2).len(),
            number(brier(&known(0, 2))),
            number(brier(&known(1, 2))),
            number(brier(&known(2, 2)))
        ));
    }
    out
}

fn table(all: &[LeftOut]) -> Table {
    let caption = "Forecasts of regions: whether (Brier, log), when (ranked probability score, as a share of the case's \
                   days), in which order (Spearman); skill is by how much the calibrated model's ranked score is lower, \
                   with its 95 % interval over regions";
    let columns =
        ["case", "forecast", "Brier", "log", "CRPS", "order", "model's skill against it", "95 % interval"];
    let mut out = Table::new("regions", caption, &columns);
    for case in all {
        for (who, scores) in &case.scores {
            let own = case.of(MODEL).filter(|_| *who != MODEL).map(|own| skill(own, scores));
            out.row([
                Cell::text(&case.id),
                Cell::text(*who),
                Cell::Number(scores.brier),
                Cell::Number(scores.log),
                Cell::Number(scores.crps),
                scores.order.map_or(Cell::Nothing, Cell::Number),
                own.map_or(Cell::Nothing, |(skill, _)| Cell::Points(skill)),
                own.map_or(Cell::Nothing, |(_, (low, high))| Cell::PointsBetween(low, high)),
            ]);
        }
    }
    out
}

fn events(all: &[LeftOut]) -> Table {
    let caption = "Single events: the probability that each was given, and whether it happened";
    let columns =
        ["case", "event", "happened", "model, calibrated", "model, by its priors", "rate in other cases"];
    let mut out = Table::new("events", caption, &columns);
    for case in all {
        for (name, happened, p) in &case.events {
            let [after, before, rate] = p.map(Cell::share);
            let happened = Cell::text(if *happened { "yes" } else { "no" });
            out.row([Cell::text(&case.id), Cell::text(name), happened, after, before, rate]);
        }
    }
    out
}
