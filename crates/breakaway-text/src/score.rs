//! Scores in sentences and tables.

use crate::finding::{Cell, Finding, Table};
use crate::numbers::count;
use breakaway_analysis::questions::score::{FEW, ScoreCard, ScoreKind};

/// The finding of a score card over so many runs.
pub fn score(found: &ScoreCard, runs: usize) -> Finding {
    let several = if runs > 1 { "-with-others" } else { "" };
    let mut out = Finding::new(&format!("score{several}"), "Scored against what happened");
    let happened = found.questions.iter().filter(|one| one.happened).count();
    out.push_sentence(format!(
        "{} of {} with a known outcome happened. The Brier score is {:.3}; always saying 50 % would give 0.25.",
        happened,
        count(found.questions.len() as u64, "claim", "claims"),
        found.score(ScoreKind::Brier).unwrap_or(f64::NAN),
    ));
    if found.claims.len() > found.questions.len() {
        out.push_sentence(format!(
            "Runs of one scenario answer the same questions: {} are {}, each with the mean of its probabilities.",
            count(found.claims.len() as u64, "answer", "answers"),
            count(found.questions.len() as u64, "question", "questions")
        ));
    }
    if found.questions.len() < FEW {
        out.push_sentence(
            "So few claims, which depend on each other besides, say little about calibration. The intervals treat them as \
             independent.",
        );
    }
    if !found.silent.is_empty() {
        out.push_sentence(format!(
            "No claim has both an outcome and a probability in {}.",
            found.silent.join(", ")
        ));
    }
    out.tables = vec![claims(found), scores(found), calibration(found)];
    if !found.dates.is_empty() {
        out.tables.push(dates(found));
    }
    out
}

/// A score's name.
pub fn name(kind: ScoreKind) -> &'static str {
    match kind {
        ScoreKind::Brier => "Brier score",
        ScoreKind::Logarithmic => "logarithmic score, nats",
        ScoreKind::Reliability => "reliability",
        ScoreKind::Resolution => "resolution",
        ScoreKind::Uncertainty => "uncertainty",
        ScoreKind::WithinBins => "within bins",
        ScoreKind::SkillAgainstHalf => "skill against always saying 50 %",
        ScoreKind::SkillAgainstShare => "skill against the share that happened (known only afterwards)",
        ScoreKind::SkillAgainstBaseRates => "skill against the base rates of the claims that name one",
    }
}

fn claims(found: &ScoreCard) -> Table {
    let columns = ["run", "claim", "probability", "happened", "Brier", "log", "base rate"];
    let mut table = Table::new("claims", "Each claim", &columns);
    for one in &found.claims {
        table.row([
            Cell::text(&one.run),
            Cell::text(&one.id),
            Cell::Share(one.probability),
            Cell::text(if one.happened { "yes" } else { "no" }),
            Cell::Number(one.brier),
            Cell::Number(one.logarithmic),
            Cell::share(one.base_rate),
        ]);
    }
    table
}

fn scores(found: &ScoreCard) -> Table {
    let caption = "Scores. Lower is better, but for resolution and skill, where higher is better";
    let mut table = Table::new("scores", caption, &["score", "value", "95 % interval", "claims"]);
    for one in &found.scores {
        table.row([
            Cell::text(name(one.kind)),
            one.estimate.value.map_or(Cell::Nothing, Cell::Number),
            one.estimate.interval.map_or(Cell::Nothing, |(low, high)| Cell::NumberBetween(low, high)),
            Cell::Count(one.claims as i64),
        ]);
    }
    table
}

fn calibration(found: &ScoreCard) -> Table {
    let columns = ["claims", "mean probability", "share that happened", "95 % interval"];
    let caption = "Calibration: the probability given, and the share that happened (Wilson's interval)";
    let mut table = Table::new("calibration", caption, &columns);
    for bin in &found.calibration {
        table.row([
            Cell::Count(bin.claims as i64),
            Cell::Share(bin.probability),
            Cell::Share(bin.happened),
            bin.interval.map_or(Cell::Nothing, |(low, high)| Cell::Between(low, high)),
        ]);
    }
    table
}

fn dates(found: &ScoreCard) -> Table {
    let columns = [
        "run",
        "claim",
        "happened on day",
        "median simulation",
        "5-95 %",
        "CRPS (fair), days",
        "interval score (90 %), days",
    ];
    let caption = "Dated claims. Where a claim does not come true, its day counts as the day after the last";
    let mut table = Table::new("dates", caption, &columns);
    for one in &found.dates {
        table.row([
            Cell::text(&one.run),
            Cell::text(&one.id),
            Cell::Number(one.happened_on),
            Cell::Number(one.median),
            Cell::NumberBetween(one.range.0, one.range.1),
            Cell::Number(one.crps),
            Cell::Number(one.interval_score),
        ]);
    }
    table
}
