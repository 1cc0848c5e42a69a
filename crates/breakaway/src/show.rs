//! `show`: the answers of a stored run.

use crate::args::{Format, ShowArgs};
use crate::fail::Fail;
use crate::words::plain_table;
use breakaway_analysis::finding::percent;
use breakaway_ensemble::answer::{Answers, ClaimAnswer, EventAnswer, answers};
use breakaway_ensemble::{Manifest, Store};
use std::io::Write;

/// Runs the command.
pub fn show(args: &ShowArgs) -> Result<(), Fail> {
    let (store, manifest) = Store::open(&args.run)?;
    print(&store, &manifest, args.format)
}

/// Prints a run's answers.
pub fn print(store: &Store, manifest: &Manifest, format: Format) -> Result<(), Fail> {
    let answers = answers(store, manifest)?;
    let mut out = std::io::stdout().lock();
    match format {
        Format::Table => tables(&mut out, &answers, manifest)?,
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&answers)?)?,
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            csv.write_record([
                "id",
                "probability",
                "low",
                "high",
                "error",
                "median_day",
                "base_rate",
                "outcome",
                "members",
                "text",
            ])?;
            for claim in &answers.claims {
                let number = |x: Option<f64>| x.map_or(String::new(), |x| format!("{x:.6}"));
                csv.write_record([
                    claim.id.clone(),
                    number(claim.probability),
                    number(claim.low),
                    number(claim.high),
                    number(claim.error),
                    claim.median_day.map_or(String::new(), |day| day.to_string()),
                    number(claim.base_rate.as_ref().map(|rate| rate.probability)),
                    claim.outcome.map_or(String::new(), |outcome| outcome.to_string()),
                    claim.members.to_string(),
                    claim.text.clone(),
                ])?;
            }
            csv.flush()?;
        }
    }
    Ok(())
}

fn tables(out: &mut impl Write, answers: &Answers, manifest: &Manifest) -> Result<(), Fail> {
    let design = manifest.design;
    writeln!(
        out,
        "{}: {} members ({} draws x {} replicates, seed {}), {} days from {}",
        manifest.scenario,
        answers.members,
        design.draws,
        design.replicates,
        design.seed,
        manifest.days,
        manifest.start
    )?;
    if answers.failed > 0 {
        writeln!(out, "{} members failed and are left out; members.parquet says why", answers.failed)?;
    }
    writeln!(out)?;
    let mut table = plain_table(&[
        "claim",
        "probability",
        "0 to 100 %",
        "5-95 %",
        "error",
        "median day",
        "happened",
        "says",
    ]);
    for claim in &answers.claims {
        table.add_row(row(claim, manifest));
    }
    writeln!(out, "{table}\n")?;
    if answers.claims.iter().any(|claim| claim.conditional) {
        writeln!(out, "| after a probability: given a condition that holds in so many members.\n")?;
    }
    for claim in &answers.claims {
        if let Some(rate) = &claim.base_rate {
            let [said, low, high] = [rate.probability, rate.low, rate.high].map(percent);
            writeln!(out, "base rate for {}: {said} ({low} to {high}). {}\n", claim.id, rate.text)?;
        }
    }
    events(out, answers, manifest)?;
    if let Some(posterior) = &manifest.posterior {
        writeln!(out, "parameters from {}", posterior.said())?;
        for warning in posterior.warnings(manifest.design.draws) {
            writeln!(out, "  {warning}")?;
        }
    }
    writeln!(out, "fingerprint {}   run {}", answers.fingerprint, answers.run)?;
    Ok(())
}

fn row(claim: &ClaimAnswer, manifest: &Manifest) -> [String; 8] {
    let given = if claim.conditional { format!(" | {}", claim.members) } else { String::new() };
    let range = match (claim.low, claim.high) {
        (Some(low), Some(high)) => format!("{:.0}-{:.0} %", low * 100.0, high * 100.0),
        _ => "-".into(),
    };
    [
        claim.id.clone(),
        claim.probability.map_or("no member".into(), percent) + &given,
        bar(claim),
        range,
        claim.error.map_or("-".into(), |e| format!("{:.1} %", e * 100.0)),
        claim.median_day.map_or("-".into(), |day| date(manifest, day)),
        match claim.outcome {
            Some(true) => "yes".into(),
            Some(false) => "no".into(),
            None => "-".into(),
        },
        claim.text.clone(),
    ]
}

/// A bar of ten steps from 0 to 100 %: where the probability lies, and its range.
fn bar(claim: &ClaimAnswer) -> String {
    let Some(p) = claim.probability else { return String::new() };
    let (low, high) = claim.low.zip(claim.high).unwrap_or((p, p));
    let step = |x: f64| ((x * 10.0) as usize).min(9);
    let part = |k: usize| match k {
        k if k == step(p) => '█',
        k if (step(low)..=step(high)).contains(&k) => '▒',
        _ => '·',
    };
    (0..10).map(part).collect()
}

/// A day of a run as a date.
pub fn date(manifest: &Manifest, day: u32) -> String {
    manifest.date(day).map_or_else(|| format!("day {day}"), |date| date.to_string())
}

/// Kinds of event that the table shows, and how many entities of each.
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

fn events(out: &mut impl Write, answers: &Answers, manifest: &Manifest) -> Result<(), Fail> {
    let mut table = plain_table(&["event", "to", "probability", "median day", "main cause"]);
    for (kind, most) in SHOWN {
        let these: Vec<&EventAnswer> = answers.events.iter().filter(|event| event.event == kind).collect();
        for event in these.into_iter().take(most) {
            table.add_row([
                kind.into(),
                event.name.clone(),
                percent(event.probability),
                date(manifest, event.median_day),
                event.cause.clone(),
            ]);
        }
    }
    writeln!(out, "{table}\n")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_shows_the_probability_and_its_range() {
        let claim = |p: f64, range: Option<(f64, f64)>| ClaimAnswer {
            id: String::new(),
            text: String::new(),
            probability: Some(p),
            low: range.map(|(low, _)| low),
            high: range.map(|(_, high)| high),
            error: None,
            ignorance: None,
            median_day: None,
            outcome: None,
            base_rate: None,
            members: 100,
            conditional: false,
        };
        assert_eq!(bar(&claim(0.89, Some((0.25, 1.0)))), "··▒▒▒▒▒▒█▒");
        assert_eq!(bar(&claim(0.0, None)), "█·········");
        assert_eq!(bar(&claim(1.0, Some((1.0, 1.0)))), "·········█");
    }
}
