//! The forecast of a case that was left out.

use super::result::{ByForecaster, Calibrated, LeftOut, SingleEvent};
use crate::Error;
use crate::baselines::{AtRisk, Regression, at_risk, attributes_of, base_rate, days};
use crate::calibrate::Calibration;
use crate::case::{Case, Group};
use crate::normal::{normals, purpose};
use crate::scores::{ForecastDays, score};
use crate::space::{Point, Space};
use crate::summary::EventDays;
use breakaway_ensemble::numbers::FORECASTS;
use breakaway_ensemble::{Context, Task};
use breakaway_model::entity::EntityKind;

/// Simulations of the case left out, of each forecast.
const FORECAST_SIMULATIONS: u32 = 2000;
/// Equally likely days by which a simple rule forecasts.
const RULE_DAYS: usize = 400;

/// Forecasts a case with the calibration on others, with the prior, and with the simple rules.
pub(super) fn left_out(
    case: &Case,
    others: &[&Case],
    calibration: &Calibration,
    context: &Context,
) -> Result<LeftOut, Error> {
    let (particles, seed) = (&calibration.population.points, calibration.settings.seed);
    let space = Space::new(vec![case], seed);
    let own = space.own(0).len();
    let after = |k: u32| -> Point {
        // Spread over all particles, however many there are.
        let of = k as usize * particles.len() / FORECAST_SIMULATIONS as usize;
        let shared = &particles[of][..space.shared];
        shared.iter().copied().chain(normals(seed, purpose::FORECAST_UNKNOWNS, k, own)).collect()
    };
    let before = |k: u32| -> Point { space.draw(FORECASTS.start + k) };
    let task = context.task("forecast", 2 * u64::from(FORECAST_SIMULATIONS));
    let (after, before) = (simulations(&space, &after, &task)?, simulations(&space, &before, &task)?);
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
    let rule = |hazard: &dyn Fn(usize) -> f64| -> ForecastDays {
        group.entities.iter().map(|&r| days(case, hazard(r), RULE_DAYS)).collect()
    };
    let rate = base_rate(&seen.concat());
    let of = |forecast: &ForecastDays| score(case, main, forecast);
    Ok(LeftOut {
        id: case.id.clone(),
        kind: group.kind.name().into(),
        same_kind,
        scores: ByForecaster {
            calibrated: of(&forecast_days(case, main, &after)),
            prior: of(&forecast_days(case, main, &before)),
            base_rate: of(&rule(&|_| rate)),
            logit: of(&rule(&|r| regression.hazard(&attributes_of(case, r)))),
        },
        events: single_events(case, others, &after, &before),
        calibrated: Calibrated::of(calibration),
    })
}

fn simulations(space: &Space, point: &dyn Fn(u32) -> Point, task: &Task) -> Result<Vec<EventDays>, Error> {
    let points: Vec<Point> = (0..FORECAST_SIMULATIONS).map(point).collect();
    let asked: Vec<(&Point, u32)> = points.iter().zip(FORECASTS.start..).collect();
    let all: Vec<EventDays> = space.simulate(0, &asked, task.context())?.into_iter().flatten().collect();
    task.advance(FORECAST_SIMULATIONS.into())?;
    if all.is_empty() {
        let what = format!("every simulation of `{}` failed", space.cases[0].id);
        return Err(Error::rejected(what, "a run of it says why"));
    }
    Ok(all)
}

/// The days of a group's entities.
fn forecast_days(case: &Case, group: usize, simulations: &[EventDays]) -> ForecastDays {
    let day = |days: &EventDays, i: usize| days[group][i].map_or(case.never(), f64::from);
    let entities = 0..case.groups[group].entities.len();
    entities.map(|i| simulations.iter().map(|days| day(days, i)).collect()).collect()
}

/// What happens to polities and sides, event by event.
fn single_events(
    case: &Case,
    others: &[&Case],
    after: &[EventDays],
    before: &[EventDays],
) -> Vec<SingleEvent> {
    let mut all = vec![];
    let single = |group: &Group| group.kind.entity_kind() != EntityKind::Region;
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
        let share = |simulations: &[EventDays]| {
            simulations.iter().filter(|days| days[g][0].is_some()).count() as f64 / simulations.len() as f64
        };
        all.push(SingleEvent {
            event: group.kind.name().into(),
            of: case.name(group.kind, group.entities[0]),
            happened: group.days[0].is_some(),
            calibrated: share(after),
            prior: share(before),
            base_rate: rate,
        });
    }
    all
}
