//! A hindcast in words.

use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, number};
use breakaway_history::Hindcast;
use breakaway_history::hindcast::{Forecaster, LeftOut, SingleEventScores};

/// A forecaster's name in tables.
pub fn forecaster(who: Forecaster) -> &'static str {
    match who {
        Forecaster::Calibrated => "model, calibrated",
        Forecaster::Prior => "model, by its priors",
        Forecaster::BaseRate => "base rate",
        Forecaster::Logit => "logit regression",
    }
}

/// A forecaster in a sentence.
fn the(who: Forecaster) -> &'static str {
    match who {
        Forecaster::Calibrated => "the calibrated model",
        Forecaster::Prior => "the model by its priors",
        Forecaster::BaseRate => "the base rate",
        Forecaster::Logit => "the logit regression",
    }
}

/// Sentences and tables of a hindcast.
pub fn hindcast(result: &Hindcast) -> Finding {
    let all = &result.cases;
    let mut out = Finding::new("hindcast", "Each case forecast from the others");
    let better = all.iter().filter(|case| case.unbeaten_rules().is_empty()).count();
    out.push_sentence(format!(
        "The calibrated model forecasts {better} of {} better than both simple rules. The measure is the ranked \
         probability score of when each region has its event.",
        count(all.len() as u64, "case", "cases"),
    ));
    for case in all {
        let rules: Vec<&str> = case.unbeaten_rules().into_iter().map(the).collect();
        match rules.as_slice() {
            [] => {}
            [one] => out.push_sentence(format!("For {} {one} is at least as good.", case.id)),
            several => {
                out.push_sentence(format!("For {} {} are at least as good.", case.id, several.join(" and ")));
            }
        }
    }
    for missing in &result.not_forecast {
        out.push_sentence(format!(
            "There is no forecast of {}, because no calibration on the other cases is possible: {}.",
            missing.id, missing.why
        ));
    }
    scores_in_sentences(result, &mut out);
    for case in all.iter().filter(|case| !case.same_kind) {
        out.push_sentence(format!(
            "No other case records `{}`. For {} the rules therefore learn from the event that each other case records \
             for most regions.",
            case.kind, case.id
        ));
    }
    out.tables.push(regions(all));
    if let Some(scores) = result.single_events() {
        events_in_sentences(&scores, result.single_events_with_rate(), &mut out);
        out.tables.push(events(all));
    }
    out.tables.push(calibrations(all));
    out
}

fn scores_in_sentences(result: &Hindcast, out: &mut Finding) {
    let mean = |who| result.mean_crps(who).map(number);
    if let [Some(calibrated), Some(prior), Some(rate), Some(logit)] = Forecaster::ALL.map(mean) {
        out.push_sentence(format!(
            "The mean score over the cases is {calibrated} for the calibrated model, {prior} for its priors, {rate} for \
             the base rate and {logit} for the logit regression (lower is better)."
        ));
    }
    let lead = |who| {
        let lead = result.lead_over(who)?;
        Some(format!("{} ({} to {})", number(lead.mean), number(lead.low), number(lead.high)))
    };
    let [_, prior, rate, logit] = Forecaster::ALL.map(lead);
    if let (Some(prior), Some(rate), Some(logit)) = (prior, rate, logit) {
        out.push_sentence(format!(
            "The calibrated model's score is lower by {rate} than that of the base rate, by {logit} than that of the \
             regression and by {prior} than that of its priors (a negative number: it is higher). The 95 % intervals \
             are over samples of the cases, and too narrow for so few."
        ));
    }
}

fn events_in_sentences(all: &SingleEventScores, with_rate: Option<SingleEventScores>, out: &mut Finding) {
    out.push_sentence(format!(
        "For {} (falls, fronts, peace) the Brier score is {} calibrated and {} by the priors.",
        count(all.events as u64, "single event", "single events"),
        number(all.calibrated),
        number(all.prior)
    ));
    if let Some((scores, rate)) = with_rate.and_then(|scores| Some((scores, scores.base_rate?))) {
        out.push_sentence(format!(
            "Other cases have such events for {} of them. There it is {} calibrated, {} by the priors, and {} for the \
             rate in the other cases.",
            scores.events,
            number(scores.calibrated),
            number(scores.prior),
            number(rate)
        ));
    }
}

fn regions(all: &[LeftOut]) -> Table {
    let caption = "Forecasts of regions: whether (Brier, log), when (continuous ranked probability score, as a share of \
                   the case's days), in which order (Spearman). Skill is by how much the calibrated model's ranked \
                   score is lower. 95 % intervals are over samples of a case's regions. They are too narrow, because \
                   regions depend on each other; there are none for fewer than five regions";
    let columns = [
        "case",
        "forecast",
        "Brier",
        "Brier 95 %",
        "log",
        "CRPS",
        "CRPS 95 %",
        "order",
        "model's skill against it",
        "skill 95 %",
    ];
    let between = |ends: Option<(f64, f64)>| ends.map_or(Cell::Nothing, |(a, b)| Cell::NumberBetween(a, b));
    let mut out = Table::new("regions", caption, &columns);
    for case in all {
        for who in Forecaster::ALL {
            let scores = case.scores.of(who);
            let skill = case.skill_against(who);
            let interval = skill.and_then(|skill| skill.interval);
            out.row([
                Cell::text(&case.id),
                Cell::text(forecaster(who)),
                Cell::Number(scores.brier),
                between(scores.brier_interval),
                Cell::Number(scores.log),
                Cell::Number(scores.crps),
                between(scores.crps_interval),
                scores.order.map_or(Cell::Nothing, Cell::Number),
                skill.and_then(|skill| skill.share).map_or(Cell::Nothing, Cell::Points),
                interval.map_or(Cell::Nothing, |(low, high)| Cell::PointsBetween(low, high)),
            ]);
        }
    }
    out
}

fn events(all: &[LeftOut]) -> Table {
    let caption = "Single events: the probability that each forecast gave, and whether it happened";
    let columns =
        ["case", "event", "happened", "model, calibrated", "model, by its priors", "rate in other cases"];
    let mut out = Table::new("events", caption, &columns);
    for case in all {
        for event in &case.events {
            out.row([
                Cell::text(&case.id),
                Cell::text(format!("{} {}", event.event, event.of)),
                Cell::text(if event.happened { "yes" } else { "no" }),
                Cell::Share(event.calibrated),
                Cell::Share(event.prior),
                Cell::share(event.base_rate),
            ]);
        }
    }
    out
}

fn calibrations(all: &[LeftOut]) -> Table {
    let caption = "The calibrations on the other cases: parameter sets of the prior that history leaves, rounds, the \
                   distance that counted as near in the last, particles that differ, and the number of independent \
                   particles that they are worth";
    let columns = ["without", "draws left", "rounds", "tolerance", "distinct", "independent"];
    let mut out = Table::new("calibrations", caption, &columns);
    for case in all {
        let how = &case.calibrated;
        out.row([
            Cell::text(&case.id),
            Cell::Count(how.plausible as i64),
            Cell::Count(how.rounds as i64),
            Cell::Number(how.tolerance),
            Cell::Count(how.distinct as i64),
            Cell::Count(how.effective.round() as i64),
        ]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_history::hindcast::{ByForecaster, Calibrated, NotForecast, SingleEvent};
    use breakaway_history::scores::Scores;

    fn scores(crps: f64) -> Scores {
        Scores {
            brier: 0.1,
            brier_interval: None,
            log: 0.3,
            crps,
            crps_interval: None,
            order: None,
            brier_of_each: vec![0.1],
            crps_of_each: vec![crps],
        }
    }

    fn left_out(id: &str, crps: f64) -> LeftOut {
        let event = |happened, base_rate| SingleEvent {
            event: "fall".into(),
            of: "A".into(),
            happened,
            calibrated: 0.5,
            prior: 0.5,
            base_rate,
        };
        LeftOut {
            id: id.into(),
            kind: "declared".into(),
            same_kind: id == "a",
            scores: ByForecaster {
                calibrated: scores(crps),
                prior: scores(0.3),
                base_rate: scores(0.2),
                logit: scores(0.25),
            },
            events: vec![event(true, None), event(false, Some(0.5))],
            calibrated: Calibrated {
                plausible: 40,
                rounds: 3,
                tolerance: 0.2,
                distinct: 50,
                effective: 30.0,
            },
        }
    }

    #[test]
    fn what_the_model_beats_and_what_it_does_not_is_said() {
        let missing = NotForecast { id: "c".into(), why: "no parameter set comes near".into() };
        let cases = vec![left_out("a", 0.1), left_out("b", 0.22)];
        let found = hindcast(&Hindcast { cases, not_forecast: vec![missing] });
        let text = found.sentences.join(" ");
        assert!(text.contains("forecasts 1 of 2 cases better than both simple rules"), "{text}");
        assert!(text.contains("For b the base rate is at least as good."), "{text}");
        assert!(text.contains("There is no forecast of c, because"), "{text}");
        assert!(text.contains("For 4 single events") && text.contains("for 2 of them"), "{text}");
        assert!(text.contains("No other case records `declared`. For b the rules"), "{text}");
        let ids: Vec<&str> = found.tables.iter().map(|table| table.id.as_str()).collect();
        assert_eq!(ids, ["regions", "events", "calibrations"]);
        assert_eq!(found.tables[0].rows.len(), 8);
    }
}
