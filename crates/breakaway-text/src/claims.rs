//! The answers of a run: claims and events.

use crate::dates::Dates;
use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, percent, percents, thousands};
use crate::posterior;
use crate::render::plain_table;
use crate::safe::for_terminal;
use crate::splitting::{SPLITTING, rare, split_for};
use breakaway_ensemble::UnknownRange;
use breakaway_store::{Answers, ClaimAnswer, EventAnswer};
use std::fmt::Write;

/// The answers of a run for a terminal of so many columns.
pub fn terminal(answers: &Answers, width: u16) -> String {
    let dates = Dates::from(&answers.start);
    let mut out = format!("{}\n", for_terminal(&headline(answers)));
    if answers.failed > 0 {
        let failed = count(answers.failed.into(), "simulation", "simulations");
        let verb = if answers.failed == 1 { "is" } else { "are" };
        out += &format!("{failed} failed and {verb} left out; the table `simulations` gives the reasons.\n");
    }
    out.push('\n');
    let header = [
        "claim",
        "probability",
        "95 % interval",
        "0 to 100 %",
        "5-95 %",
        "its ends",
        "median date",
        "happened",
    ];
    out += &plain_table(&header, answers.claims.iter().map(|claim| row(claim, &dates)), width);
    out += "\n\n";
    let sentences = answers.claims.iter().map(|claim| vec![claim.id.clone(), claim.text.clone()]);
    out += &plain_table(&["claim", "sentence"], sentences, width);
    out += "\n\n";
    out += "95 % interval: of the probability; more simulations narrow it.\n5-95 %: the probability over parameter sets, what we \
            do not know; \"its ends\" are their 95 % intervals.\n\n";
    if answers.claims.iter().any(|claim| claim.conditional) {
        out += "A number after | is the number of simulations that meet the condition of a claim.\n\n";
    }
    let named = |claim: &ClaimAnswer| Some(format!("{}: {}", claim.id, split_for(claim)?));
    let split: Vec<String> = answers.claims.iter().filter_map(named).collect();
    if !split.is_empty() {
        out += &format!("{SPLITTING}\n");
        split.iter().for_each(|sentence| out += &format!("  {sentence}\n"));
        out.push('\n');
    }
    for claim in &answers.claims {
        if let Some(rate) = &claim.base_rate {
            let [rated, low, high] = [rate.probability, rate.low, rate.high].map(percent);
            // A string takes everything.
            let _ = writeln!(
                out,
                "base rate of {}: {rated} ({low} to {high}). {}\n",
                claim.id,
                for_terminal(&rate.text)
            );
        }
    }
    out += &plain_table(&EVENT_COLUMNS, event_rows(answers, &dates), width);
    out += "\n\n";
    if let Some(record) = &answers.posterior {
        out += &format!("The parameters come from {}.\n", posterior::describe(record));
        posterior::warnings(record, answers.design.draws)
            .iter()
            .for_each(|line| out += &format!("  {line}\n"));
    }
    out += &format!("fingerprint {}   run {}\n", answers.fingerprint, for_terminal(&answers.run));
    out
}

/// What was simulated, in a line.
pub fn headline(answers: &Answers) -> String {
    let design = answers.design;
    format!(
        "{}: {} ({} x {}, seed {}), {} from {}",
        answers.scenario,
        count(answers.members.into(), "simulation", "simulations"),
        count(design.draws.into(), "parameter set", "parameter sets"),
        count(design.replicates.into(), "repeat", "repeats"),
        design.seed,
        count(answers.days.into(), "day", "days"),
        answers.start
    )
}

fn row(claim: &ClaimAnswer, dates: &Dates) -> Vec<String> {
    let given =
        if claim.conditional { format!(" | {}", thousands(claim.members.into())) } else { String::new() };
    let (range, ends) = match (claim.range, claim.probability) {
        (Some(UnknownRange { low, high }), _) => (
            percents(low.value, high.value),
            format!("{}, {}", percents(low.from, low.to), percents(high.from, high.to)),
        ),
        (None, Some(_)) => (NOT_DETERMINED.into(), String::new()),
        (None, None) => ("-".into(), String::new()),
    };
    let star = if claim.rare.is_some() { " *" } else { "" };
    let said = match claim.probability {
        _ if claim.has_too_few() => too_few(claim.members),
        None => "no simulation".into(),
        Some(p) => format!("{}{given}{star}", if claim.rare.is_some() { rare(p) } else { percent(p) }),
    };
    vec![
        claim.id.clone(),
        said,
        claim.interval.map_or("-".into(), |(from, to)| percents(from, to)),
        bar(claim),
        range,
        ends,
        claim.median_day.map_or("-".into(), |day| dates.iso(day)),
        yes_no(claim.outcome).into(),
    ]
}

/// What a range is that the simulations cannot tell from chance.
pub const NOT_DETERMINED: &str = "not determined";

/// What a claim has instead of a probability where so few simulations meet its condition.
pub fn too_few(members: u32) -> String {
    format!("too few ({members})")
}

/// What happened: yes, no, or unknown.
pub fn yes_no(outcome: Option<bool>) -> &'static str {
    match outcome {
        Some(true) => "yes",
        Some(false) => "no",
        None => "-",
    }
}

/// A bar of ten steps from 0 to 100 %: the probability, and its range.
fn bar(claim: &ClaimAnswer) -> String {
    let Some(p) = claim.probability else { return String::new() };
    let (low, high) = claim.range.map_or((p, p), |range| range.values());
    let step = |x: f64| ((x * 10.0) as usize).min(9);
    let part = |k: usize| match k {
        k if k == step(p) => '█',
        k if (step(low)..=step(high)).contains(&k) => '▒',
        _ => '·',
    };
    (0..10).map(part).collect()
}

const EVENT_COLUMNS: [&str; 5] = ["event", "to", "probability", "median date", "main cause"];

/// Kinds of event that the terminal shows, and of how many entities each.
const SHOWN: [(&str, usize); 9] = [
    ("rout", 4),
    ("sector-lost", 4),
    ("withdrawn", 2),
    ("front-collapse", 2),
    ("fall", 2),
    ("vacuum", 3),
    ("band-rule", 3),
    ("declared", 8),
    ("independent", 5),
];

/// The most frequent events of each kind. Where a list is cut among entities that are equally likely,
/// one row says how many more there are: the order of equals is no ranking.
fn event_rows(answers: &Answers, dates: &Dates) -> Vec<Vec<String>> {
    let mut rows = vec![];
    for (kind, most) in SHOWN {
        let these: Vec<&EventAnswer> = answers.events.iter().filter(|event| event.event == kind).collect();
        let shown = shown(&these.iter().map(|event| event.probability).collect::<Vec<_>>(), most);
        for event in these.iter().take(shown) {
            rows.push(vec![
                kind.into(),
                event.name.clone(),
                percent(event.probability),
                dates.iso(event.median_day),
                event.cause.clone(),
            ]);
        }
        if let Some(next) = these.get(shown) {
            let more = count((these.len() - shown) as u64, "other", "others");
            let upto = format!("{} or less", percent(next.probability));
            rows.push(vec![kind.into(), format!("({more})"), upto, String::new(), String::new()]);
        }
    }
    rows
}

/// How many of some probabilities, the largest first, to show: at most so many, and none of several
/// equals unless all are shown.
pub fn shown(probabilities: &[f64], most: usize) -> usize {
    let Some(next) = probabilities.get(most) else { return probabilities.len() };
    let equal = |x: &f64| percent(*x) == percent(*next);
    let before = probabilities[..most].iter().rev().take_while(|x| equal(x)).count();
    most - before
}

/// The answers as a finding: a table of claims and one of events.
pub fn finding(answers: &Answers) -> Finding {
    let dates = Dates::from(&answers.start);
    let mut out = Finding::new("answers", headline(answers));
    let columns = [
        "claim",
        "sentence",
        "probability",
        "95 % interval",
        "5-95 %",
        "low end",
        "high end",
        "median date",
        "happened",
        "base rate",
        "counted",
        "held",
        "method",
        "split for",
        "probability of that",
        "95 % interval of that",
        "reached",
        "beginnings",
        "simulated",
    ];
    let mut claims = Table::new("claims", "Claims", &columns);
    for claim in &answers.claims {
        let split = claim.rare;
        claims.row([
            Cell::text(&claim.id),
            Cell::text(&claim.text),
            match claim.has_too_few() {
                true => Cell::text(too_few(claim.members)),
                false => Cell::share(claim.probability),
            },
            claim.interval.map_or(Cell::Nothing, |(from, to)| Cell::Between(from, to)),
            match (claim.range, claim.probability) {
                (Some(range), _) => Cell::Between(range.low.value, range.high.value),
                (None, Some(_)) => Cell::text(NOT_DETERMINED),
                (None, None) => Cell::Nothing,
            },
            claim.range.map_or(Cell::Nothing, |range| Cell::Between(range.low.from, range.low.to)),
            claim.range.map_or(Cell::Nothing, |range| Cell::Between(range.high.from, range.high.to)),
            claim.median_day.map_or(Cell::Nothing, |day| Cell::text(dates.iso(day))),
            claim.outcome.map_or(Cell::Nothing, |_| Cell::text(yes_no(claim.outcome))),
            Cell::share(claim.base_rate.as_ref().map(|rate| rate.probability)),
            Cell::Count(claim.members.into()),
            Cell::Count(claim.held.into()),
            Cell::text(if claim.rare.is_some() { "splitting" } else { "members" }),
            split.map_or(Cell::Nothing, |split| Cell::text(if split.claim { "claim" } else { "condition" })),
            split.map_or(Cell::Nothing, |split| Cell::Share(split.estimate.probability)),
            split.map_or(Cell::Nothing, |split| {
                Cell::Between(split.estimate.interval.0, split.estimate.interval.1)
            }),
            split.map_or(Cell::Nothing, |split| Cell::Count(split.estimate.reached.into())),
            split.map_or(Cell::Nothing, |split| Cell::Count(split.estimate.families.into())),
            split.map_or(Cell::Nothing, |split| Cell::Count(split.estimate.simulations.into())),
        ]);
    }
    let columns = ["event", "entity", "name", "probability", "median date", "main cause"];
    let mut events =
        Table::new("events", "Events: how often each happens to an entity at least once", &columns);
    for event in &answers.events {
        events.row([
            Cell::text(&event.event),
            Cell::text(&event.entity),
            Cell::text(&event.name),
            Cell::Share(event.probability),
            Cell::text(dates.iso(event.median_day)),
            Cell::text(&event.cause),
        ]);
    }
    out.tables = vec![claims, events];
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_ensemble::RangeEnd;

    #[test]
    fn a_bar_shows_the_probability_and_its_range() {
        let end = |value: f64| RangeEnd { value, from: value, to: value };
        let claim = |p: f64, range: Option<(f64, f64)>| ClaimAnswer {
            id: String::new(),
            text: String::new(),
            probability: Some(p),
            range: range.map(|(low, high)| UnknownRange { low: end(low), high: end(high) }),
            interval: None,
            unknown_share: None,
            median_day: None,
            outcome: None,
            outcome_day: None,
            base_rate: None,
            members: 100,
            held: 0,
            conditional: false,
            rare: None,
        };
        assert_eq!(bar(&claim(0.89, Some((0.25, 1.0)))), "··▒▒▒▒▒▒█▒");
        assert_eq!(bar(&claim(0.0, None)), "█·········");
        assert_eq!(bar(&claim(1.0, Some((1.0, 1.0)))), "·········█");
    }

    #[test]
    fn equals_are_not_cut_by_the_alphabet() {
        assert_eq!(shown(&[0.5, 0.3, 0.006, 0.006, 0.006], 3), 2);
        assert_eq!(shown(&[0.006; 5], 3), 0);
        assert_eq!(shown(&[0.5, 0.3, 0.2, 0.1], 3), 3);
        assert_eq!(shown(&[0.006; 3], 3), 3);
    }
}
