//! A calibration in words.

use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, number, percent};
use breakaway_history::CalibrationReport;
use breakaway_history::diagnostics::Spread;

/// Sentences and tables of a calibration.
pub fn calibration(report: &CalibrationReport) -> Finding {
    let names: Vec<&str> = report.cases.iter().map(|case| case.id.as_str()).collect();
    let mut out = Finding::new("calibration", format!("Calibrated on {}", names.join(", ")));
    out.push_sentence(format!(
        "History leaves {} of {} of the prior (history matching; a parameter set is ruled out where the second largest \
         implausibility is above {}).",
        report.plausible,
        count(report.judged as u64, "parameter set", "parameter sets"),
        number(report.cut_off)
    ));
    rounds_in_sentences(report, &mut out);
    out.push_sentence(format!(
        "History moved {} of {} by more than chance does in one of twenty such calibrations.",
        report.moved,
        count(report.parameters as u64, "parameter", "parameters")
    ));
    out.push_sentence(format!(
        "The posterior is worth about {}: many of its particles are near copies of each other.",
        count(report.effective.round() as u64, "independent particle", "independent particles")
    ));
    out.tables.extend([rounds(report), predictive(report), parameters(report)]);
    out
}

fn rounds_in_sentences(report: &CalibrationReport, out: &mut Finding) {
    let (Some(first), Some(last)) = (report.rounds.first(), report.rounds.last()) else {
        out.push_sentence(
            "Sequential Monte Carlo made no round: all parameter sets that history leaves are equally near.",
        );
        return;
    };
    out.push_sentence(format!(
        "After {} of sequential Monte Carlo the mean distance from history is at most {}. It was {} after the first.",
        count(report.rounds.len() as u64, "round", "rounds"),
        number(last.tolerance),
        number(first.tolerance)
    ));
    if let Some(prior) = report.prior_distance {
        out.push_sentence(format!("The median distance of the prior is {}.", number(prior)));
    }
    out.push_sentence(format!(
        "{} of {} differ from each other, and {} of the steps of the last round were accepted.",
        report.distinct,
        count(report.particles as u64, "particle", "particles"),
        percent(last.accepted)
    ));
    out.push_sentence(format!(
        "This took {} of each case; a case is skipped where its result can no longer matter.",
        count(last.simulated.into(), "simulation", "simulations")
    ));
}

fn rounds(report: &CalibrationReport) -> Table {
    let columns =
        ["round", "tolerance", "survivors", "steps taken", "particles moved", "step", "simulations"];
    let mut out = Table::new("rounds", "The rounds of sequential Monte Carlo", &columns);
    for (k, round) in report.rounds.iter().enumerate() {
        out.row([
            Cell::Count(k as i64 + 1),
            Cell::Number(round.tolerance),
            Cell::Count(round.survivors.into()),
            Cell::Share(round.accepted),
            Cell::Share(round.moved),
            Cell::Number(round.step),
            Cell::Count(round.simulated.into()),
        ]);
    }
    out
}

fn middle(spread: Option<Spread>) -> Cell {
    spread.map_or(Cell::Nothing, |spread| Cell::Number(spread.median))
}

fn ends(spread: Option<Spread>) -> Cell {
    spread.map_or(Cell::Nothing, |spread| Cell::NumberBetween(spread.low, spread.high))
}

/// What the cases look like before and after, beside what happened.
fn predictive(report: &CalibrationReport) -> Table {
    let caption = "What happened, and what simulations of the prior and of the posterior give: median and 5-95 %. \
                   p is the share of the posterior's simulations below history; a tie counts half";
    let columns =
        ["number", "history", "prior", "prior 5-95 %", "posterior", "posterior 5-95 %", "p", "ruled out"];
    let mut out = Table::new("predictive", caption, &columns);
    for row in &report.predictive {
        out.row([
            Cell::text(row.name.to_string()),
            Cell::Number(row.history),
            middle(row.prior),
            ends(row.prior),
            middle(row.posterior),
            ends(row.posterior),
            row.below.map_or(Cell::Nothing, Cell::Number),
            Cell::Share(row.ruled_out),
        ]);
    }
    out
}

/// The parameters that history moved most.
fn parameters(report: &CalibrationReport) -> Table {
    let caption = "The parameters that history moved most: median and 5-95 % of the prior, and of the posterior for \
                   another case. Distance is the largest difference between the distribution functions of prior and \
                   posterior of the part that all cases share (Kolmogorov-Smirnov)";
    let columns =
        ["parameter", "prior 5-95 %", "posterior 5-95 %", "prior", "posterior", "distance", "meaning"];
    let mut out = Table::new("parameters", caption, &columns);
    for moved in &report.most_moved {
        out.row([
            Cell::text(&moved.key),
            ends(Some(moved.prior)),
            ends(Some(moved.posterior)),
            middle(Some(moved.prior)),
            middle(Some(moved.posterior)),
            Cell::Number(moved.distance),
            Cell::text(&moved.meaning),
        ]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_history::Settings;
    use breakaway_history::checkpoint::CaseRecord;
    use breakaway_history::smc::Round;

    fn report(rounds: usize) -> CalibrationReport {
        let round =
            Round { tolerance: 0.25, accepted: 0.17, moved: 0.6, survivors: 30, step: 0.8, simulated: 1220 };
        CalibrationReport {
            version: "0".into(),
            cases: vec![CaseRecord { id: "a".into(), hash: "0".into() }],
            settings: Settings::default(),
            judged: 160,
            plausible: 47,
            cut_off: 3.0,
            prior_distance: Some(0.38),
            rounds: vec![round; rounds],
            particles: 60,
            distinct: 57,
            effective: 1.2,
            predictive: vec![],
            parameters: 155,
            moved: 0,
            most_moved: vec![],
        }
    }

    #[test]
    fn numbers_and_their_units_agree() {
        let text = calibration(&report(1)).sentences.join(" ");
        assert!(text.contains("History leaves 47 of 160 parameter sets"), "{text}");
        assert!(text.contains("After 1 round of") && text.contains("took 1,220 simulations"), "{text}");
        assert!(text.contains("about 1 independent particle:"), "{text}");
        assert!(calibration(&report(0)).sentences.join(" ").contains("made no round"));
    }
}
