//! How good forecasts were: the claims of runs whose outcome is known.

use crate::Error;
use crate::finding::{Cell, Finding, Table};
use crate::proper_scores::{Forecast, brier, crps, floored, interval_score, logarithmic, murphy, wilson};
use crate::resample::{interval, quantile, resampled};
use breakaway_ensemble::answer::answers;
use breakaway_ensemble::recorded::Recorded;
use breakaway_ensemble::{Manifest, Store};

/// Bins of probability.
const BINS: usize = 5;
const RESAMPLES: usize = 1000;

/// A claim whose outcome is known.
struct Scored {
    run: String,
    id: String,
    p: f64,
    happened: bool,
    members: f64,
    base: Option<f64>,
    /// Days on which it came true in members, the day after the horizon where it did not; the day
    /// on which it really did.
    dated: Option<(Vec<f64>, f64)>,
}

/// Scores the claims of runs.
pub fn score(runs: &[(Store, Manifest)]) -> Result<Finding, Error> {
    let (mut all, mut silent) = (vec![], vec![]);
    for (store, manifest) in runs {
        let recorded = Recorded::read(store, manifest)?;
        let answers = answers(store, manifest)?;
        for (k, (claim, record)) in answers.claims.iter().zip(&manifest.claims).enumerate() {
            let (Some(p), Some(happened)) = (claim.probability, claim.outcome) else { continue };
            let never = f64::from(manifest.days + 1);
            let day = |v: &breakaway_ensemble::watch::Verdict| v.day.map_or(never, f64::from);
            let days = recorded.verdicts[k].iter().filter(|v| v.counts).map(day).collect();
            all.push(Scored {
                run: store.folder().display().to_string(),
                id: claim.id.clone(),
                p,
                happened,
                members: claim.members.into(),
                base: claim.base_rate.as_ref().map(|rate| rate.probability),
                dated: record.outcome_day.map(|outcome| (days, f64::from(outcome))),
            });
        }
        let folder = store.folder().display().to_string();
        if all.iter().all(|one: &Scored| one.run != folder) {
            silent.push(folder);
        }
    }
    if all.is_empty() {
        return Err(Error::Refused(
            "no claim of these runs has both an outcome and a probability".into(),
            "`outcome = true` or `false` in claims.toml says what happened".into(),
        ));
    }
    let several = if runs.len() > 1 { "-with-others" } else { "" };
    let mut finding = Finding::new(&format!("score{several}"), "Scored against what happened");
    if !silent.is_empty() {
        finding.say(format!(
            "Without a claim that has both an outcome and a probability: {}.",
            silent.join(", ")
        ));
    }
    finding.tables.push(claims(&all));
    finding.tables.push(scores(&mut finding.said, &all));
    finding.tables.push(calibration(&all));
    let dated = dates(&all);
    if !dated.rows.is_empty() {
        finding.tables.push(dated);
    }
    Ok(finding)
}

fn claims(all: &[Scored]) -> Table {
    let columns = ["run", "claim", "probability", "happened", "Brier", "log", "base rate"];
    let mut table = Table::new("claims", "Each claim", &columns);
    for one in all {
        let forecast = [(one.p, one.happened)];
        let safe = [(floored(one.p, one.members), one.happened)];
        table.row([
            Cell::text(&one.run),
            Cell::text(&one.id),
            Cell::Share(one.p),
            Cell::text(if one.happened { "yes" } else { "no" }),
            Cell::Number(brier(&forecast)),
            Cell::Number(logarithmic(&safe)),
            Cell::share(one.base),
        ]);
    }
    table
}

fn scores(said: &mut Vec<String>, all: &[Scored]) -> Table {
    let forecasts: Vec<Forecast> = all.iter().map(|one| (one.p, one.happened)).collect();
    let safe: Vec<Forecast> = all.iter().map(|one| (floored(one.p, one.members), one.happened)).collect();
    let samples: Vec<Vec<u32>> = resampled(all.len(), RESAMPLES, 1).collect();
    let mut table = Table::new(
        "scores",
        "Scores: the lower the better, but for resolution and skill, the higher the better",
        &["score", "value", "from", "to"],
    );
    let mut row = |name: &str, forecasts: &[Forecast], of: &dyn Fn(&[Forecast]) -> f64| {
        let again = samples
            .iter()
            .map(|chosen| of(&chosen.iter().map(|&i| forecasts[i as usize]).collect::<Vec<_>>()));
        let (low, high) = interval(again.filter(|x| x.is_finite()).collect());
        table.row([Cell::text(name), Cell::Number(of(forecasts)), Cell::Number(low), Cell::Number(high)]);
    };
    row("Brier score", &forecasts, &brier);
    row("logarithmic score, nats", &safe, &logarithmic);
    row("reliability", &forecasts, &|f| murphy(f, BINS).reliability);
    row("resolution", &forecasts, &|f| murphy(f, BINS).resolution);
    row("uncertainty", &forecasts, &|f| murphy(f, BINS).uncertainty);
    row("within bins", &forecasts, &|f| murphy(f, BINS).within);
    row("skill against always saying a half", &forecasts, &|f| 1.0 - brier(f) / 0.25);
    row("skill against the share that happened (known afterwards only)", &forecasts, &|f| {
        1.0 - brier(f) / murphy(f, BINS).uncertainty
    });
    let based: Vec<(&Scored, f64)> = all.iter().filter_map(|one| Some((one, one.base?))).collect();
    if !based.is_empty() {
        let own: Vec<Forecast> = based.iter().map(|(one, _)| (one.p, one.happened)).collect();
        let base: Vec<Forecast> = based.iter().map(|(one, rate)| (*rate, one.happened)).collect();
        let name = format!("skill against the base rate (claims that name one: {})", based.len());
        table.row([
            Cell::text(name),
            Cell::Number(1.0 - brier(&own) / brier(&base)),
            Cell::Nothing,
            Cell::Nothing,
        ]);
    }
    let happened = all.iter().filter(|one| one.happened).count();
    said.push(format!(
        "{} claims with a known outcome, of which {happened} happened: Brier score {:.3} (always a half: 0.25).",
        all.len(),
        brier(&forecasts)
    ));
    if all.len() < 30 {
        said.push("So few claims, which hang together besides, say little of calibration; the intervals take them as independent.".into());
    }
    table
}

fn calibration(all: &[Scored]) -> Table {
    let forecasts: Vec<Forecast> = all.iter().map(|one| (one.p, one.happened)).collect();
    let columns = ["claims", "mean probability", "share that happened", "95 % band"];
    let mut table = Table::new(
        "calibration",
        "Calibration: what was said, and what happened (Wilson's interval)",
        &columns,
    );
    for (n, said, share) in murphy(&forecasts, BINS).bins {
        let (low, high) = wilson(share * n as f64, n as f64);
        table.row([Cell::Count(n as i64), Cell::Share(said), Cell::Share(share), Cell::Between(low, high)]);
    }
    table
}

fn dates(all: &[Scored]) -> Table {
    let columns = [
        "run",
        "claim",
        "happened on day",
        "median member",
        "5 %",
        "95 %",
        "CRPS (fair), days",
        "interval score (90 %), days",
    ];
    let caption = "Dated claims; members in which it does not come true count as the day after the last";
    let mut table = Table::new("dates", caption, &columns);
    for one in all {
        let Some((days, outcome)) = &one.dated else { continue };
        let at = |p| quantile(days.clone(), p);
        table.row([
            Cell::text(&one.run),
            Cell::text(&one.id),
            Cell::Number(*outcome),
            Cell::Number(at(0.5)),
            Cell::Number(at(0.05)),
            Cell::Number(at(0.95)),
            Cell::Number(crps(days, *outcome, true)),
            Cell::Number(interval_score(at(0.05), at(0.95), 0.1, *outcome)),
        ]);
    }
    table
}
