//! A hindcast in sentences and tables.

use super::{Hindcast, LOGIT, LeftOut, MODEL, PRIOR, RATE};
use crate::scores::{mean_between, skill};
use breakaway_analysis::Finding;
use breakaway_analysis::finding::{Cell, Table, number};
use breakaway_analysis::proper_scores::brier;

/// Sentences and tables of a hindcast.
pub fn finding(hindcast: &Hindcast) -> Finding {
    let all = &hindcast.cases;
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
    for (id, why) in &hindcast.refused {
        out.say(format!("There is no forecast of {id}: on the others, {why}."));
    }
    let mean = |who: &str| {
        let each: Vec<f64> = all.iter().filter_map(|case| case.of(who)).map(|scores| scores.crps).collect();
        number(each.iter().sum::<f64>() / each.len() as f64)
    };
    out.say(format!(
        "Mean ranked probability score over the cases: {} calibrated, {} by the priors, {} of the base rate, {} of the \
         logit regression (lower is better).",
        mean(MODEL),
        mean(PRIOR),
        mean(RATE),
        mean(LOGIT)
    ));
    let lead = |who: &str| {
        let of = |case: &LeftOut| Some(case.of(who)?.crps - case.of(MODEL)?.crps);
        let each: Vec<f64> = all.iter().filter_map(of).collect();
        let (low, high) = mean_between(&each)?;
        Some(format!(
            "{} ({} to {})",
            number(each.iter().sum::<f64>() / each.len() as f64),
            number(low),
            number(high)
        ))
    };
    if let (Some(rate), Some(logit), Some(prior)) = (lead(RATE), lead(LOGIT), lead(PRIOR)) {
        out.say(format!(
            "By how much the calibrated model's is lower (negative: higher), with 95 % intervals over samples of the \
             cases, too narrow for so few: than the base rate's {rate}, the regression's {logit}, its own priors' {prior}."
        ));
    }
    for case in all.iter().filter(|case| !case.same_kind) {
        out.say(format!(
            "No other case tells of `{}`: the rules forecast {} from what most regions of the others may have.",
            case.kind, case.id
        ));
    }
    out.tables.push(regions(all));
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
    out.tables.push(calibrations(all));
    out
}

fn regions(all: &[LeftOut]) -> Table {
    let caption = "Forecasts of regions: whether (Brier, log), when (ranked probability score, as a share of the case's \
                   days), in which order (Spearman); skill is by how much the calibrated model's ranked score is lower. \
                   95 % intervals are over samples of a case's regions: too narrow, for regions hang together, and none \
                   of fewer than five";
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
    let between =
        |each: &[f64]| mean_between(each).map_or(Cell::Nothing, |(low, high)| Cell::NumberBetween(low, high));
    let mut out = Table::new("regions", caption, &columns);
    for case in all {
        for (who, scores) in &case.scores {
            let own = case.of(MODEL).filter(|_| *who != MODEL).map(|own| skill(own, scores));
            let (points, interval) = own.unwrap_or((None, None));
            out.row([
                Cell::text(&case.id),
                Cell::text(*who),
                Cell::Number(scores.brier),
                between(&scores.briers),
                Cell::Number(scores.log),
                Cell::Number(scores.crps),
                between(&scores.each),
                scores.order.map_or(Cell::Nothing, Cell::Number),
                points.map_or(Cell::Nothing, Cell::Points),
                interval.map_or(Cell::Nothing, |(low, high)| Cell::PointsBetween(low, high)),
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

fn calibrations(all: &[LeftOut]) -> Table {
    let caption = "The calibrations on the other cases: draws of the prior not ruled out, rounds, distance that counted \
                   as near in the last, different particles, and as how many independent ones their common parts stray in the means";
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
