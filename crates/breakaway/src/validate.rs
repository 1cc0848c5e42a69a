//! `validate`: published results by the mechanisms' own code.

use crate::args::{Format, ValidateArgs};
use crate::fail::Fail;
use crate::words::plain_table;
use breakaway_analysis::finding::number;
use breakaway_validation::{APART, Check, checks};
use std::io::Write;

/// Runs the command.
pub fn validate(args: &ValidateArgs) -> Result<(), Fail> {
    let found = checks(args.quick);
    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Table => tables(&mut out, &found)?,
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?,
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            found.iter().try_for_each(|check| csv.serialize(check))?;
            csv.flush()?;
        }
    }
    verdict(&found)
}

fn tables(out: &mut impl Write, found: &[Check]) -> Result<(), Fail> {
    let mut table = plain_table(&["", "result", "expected", "found", "holds from", "holds", "source"]);
    for check in found {
        table.add_row([
            check.target.into(),
            check.what.clone(),
            number(check.expected),
            number(check.found),
            format!("{} to {}", number(check.low), number(check.high)),
            if check.holds() { "yes" } else { "NO" }.into(),
            check.source.into(),
        ]);
    }
    writeln!(out, "{table}\n")?;
    let mut apart = plain_table(&["", "not checked", "because"]);
    for one in APART {
        apart.add_row([one.target, one.what, one.why]);
    }
    writeln!(out, "{apart}\n")?;
    Ok(())
}

/// A failure where a result does not hold.
fn verdict(found: &[Check]) -> Result<(), Fail> {
    let broken: Vec<&str> =
        found.iter().filter(|check| !check.holds()).map(|check| check.what.as_str()).collect();
    if broken.is_empty() {
        eprintln!("all {} results hold", found.len());
        return Ok(());
    }
    let message = format!("{} of {} results do not hold: {}", broken.len(), found.len(), broken.join("; "));
    Err(Fail::Other(anyhow::anyhow!(message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_that_does_not_hold_fails_the_command() {
        let check = |found| Check::within("V0", "a law", (1.0, 0.1), found, "nobody");
        assert!(verdict(&[check(1.05)]).is_ok());
        let Err(Fail::Other(error)) = verdict(&[check(1.05), check(1.2)]) else { panic!("it must fail") };
        assert_eq!(error.to_string(), "1 of 2 results do not hold: a law");
    }
}
