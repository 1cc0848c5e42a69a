//! Validation in words.

use crate::finding::{Cell, Finding, Table};
use crate::numbers::count;
use breakaway_validation::Validation;

/// Sentences and tables of a validation.
pub fn validation(result: &Validation) -> Finding {
    let mut out = Finding::new("validation", "Published results, by the mechanisms' own code");
    let failed: Vec<&str> = result.failed().into_iter().map(|check| check.what.as_str()).collect();
    let all = count(result.checks.len() as u64, "published result", "published results");
    match failed.as_slice() {
        [] => out.push_sentence(format!("The mechanisms reproduce all {all}.")),
        [one] => out.push_sentence(format!("1 of {all} is not reproduced: {one}.")),
        several => out.push_sentence(format!(
            "{} of {all} are not reproduced: {}.",
            several.len(),
            several.join("; ")
        )),
    }
    out.tables.extend([checks(result), not_checked(result)]);
    out
}

fn checks(result: &Validation) -> Table {
    let columns = ["target", "result", "expected", "found", "accepted", "holds", "source"];
    let caption =
        "Published figures, what the mechanisms' own code gives, and the range in which the result holds";
    let mut out = Table::new("checks", caption, &columns);
    for check in &result.checks {
        out.row([
            Cell::text(&check.target),
            Cell::text(&check.what),
            Cell::Number(check.expected),
            check.found.map_or(Cell::Nothing, Cell::Number),
            Cell::NumberBetween(check.low, check.high),
            Cell::text(if check.holds() { "yes" } else { "NO" }),
            Cell::text(&check.source),
        ]);
    }
    out
}

fn not_checked(result: &Validation) -> Table {
    let columns = ["target", "not checked", "because"];
    let mut out = Table::new("not-checked", "Published results that are not checked, and why", &columns);
    for one in &result.apart {
        out.row([Cell::text(&*one.target), Cell::text(&*one.what), Cell::text(&*one.why)]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_validation::{Check, NOT_CHECKED};

    #[test]
    fn a_result_that_does_not_hold_is_named() {
        let check = |found| Check::within("V0", "a law", (1.0, 0.1), found, "nobody");
        let text = |checks: Vec<Check>| {
            let found = validation(&Validation { checks, apart: NOT_CHECKED.to_vec() });
            assert_eq!(found.tables[1].rows.len(), NOT_CHECKED.len());
            found.sentences.join(" ")
        };
        assert_eq!(text(vec![check(1.05), check(1.0)]), "The mechanisms reproduce all 2 published results.");
        let one = text(vec![check(1.05), check(1.2)]);
        assert_eq!(one, "1 of 2 published results is not reproduced: a law.");
        assert!(text(vec![check(f64::NAN), check(1.2)]).contains("2 of 2 published results are not"));
    }
}
