//! A rehearsed calibration in words.

use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, number, percent};
use breakaway_history::Rehearsal;
use breakaway_history::rehearsal::{BINS, Dimension, INFORMED};

/// The least probability of ranks as uneven as seen at which those of all parameters that are
/// recovered best count as even: one in twenty, shared by them.
const EVEN: f64 = 0.05 / INFORMED as f64;

fn name(dimension: &Dimension) -> String {
    match &dimension.case {
        None => dimension.key.clone(),
        Some(case) => format!("{case}: {}", dimension.key),
    }
}

/// Sentences and tables of a rehearsal.
pub fn rehearsal(result: &Rehearsal) -> Finding {
    let mut out = Finding::new("rehearsal", format!("Calibration rehearsed on {}", result.cases.join(", ")));
    let (recovery, informed) = (result.recovery(), result.informed());
    let (inside, uniform) = result.inside_half();
    out.push_sentence(format!(
        "The calibration looked for {} by sequential Monte Carlo from the prior. History matching, which only chooses \
         where it starts, is not rehearsed.",
        count(result.truths.len() as u64, "known truth", "known truths")
    ));
    out.push_sentence(format!(
        "Over all parameters, {} of the truths are inside the middle half of the particles ({} if ranks are uniform).",
        percent(inside),
        percent(uniform)
    ));
    let least = result.least_evenness();
    out.push_sentence(format!(
        "The ranks of the {} that are recovered best are {} (the least probability of such ranks is {}; below {} they \
         count as uneven).",
        count(informed.len() as u64, "parameter", "parameters"),
        if least > EVEN { "even" } else { "uneven" },
        number(least),
        number(EVEN)
    ));
    if let Some((&first, dimension)) = informed.first().and_then(|d| Some((d, result.dimensions.get(*d)?))) {
        out.push_sentence(format!(
            "The best recovered of {} is {} (correlation of truth and estimate {}).",
            count(recovery.len() as u64, "parameter", "parameters"),
            name(dimension),
            number(recovery[first])
        ));
    }
    out.tables.extend([recovered(result, &recovery, &informed), ranks(result, &informed)]);
    out
}

fn recovered(result: &Rehearsal, recovery: &[f64], informed: &[usize]) -> Table {
    let caption = "The parameters that are recovered best: correlation of truth and mean of the particles, and the \
                   probability of ranks as uneven as seen if they are uniform";
    let columns = ["parameter", "correlation", "evenness of ranks", "meaning"];
    let mut out = Table::new("recovered", caption, &columns);
    for (d, dimension) in informed.iter().filter_map(|d| Some((*d, result.dimensions.get(*d)?))) {
        out.row([
            Cell::text(name(dimension)),
            Cell::Number(recovery[d]),
            Cell::Number(result.evenness(d)),
            Cell::text(&dimension.meaning),
        ]);
    }
    out
}

fn ranks(result: &Rehearsal, informed: &[usize]) -> Table {
    let caption = "How often the truth's rank is in each tenth of the particles: over all parameters, and over those \
                   that are recovered best";
    let mut out = Table::new("ranks", caption, &["tenth", "all", "recovered best"]);
    let all: Vec<usize> = (0..result.dimensions.len()).collect();
    let (of_all, of_best) = (result.histogram(&all), result.histogram(informed));
    let sum = |bins: &[usize; BINS]| bins.iter().sum::<usize>().max(1) as f64;
    for bin in 0..BINS {
        out.row([
            Cell::Count(bin as i64 + 1),
            Cell::Share(of_all[bin] as f64 / sum(&of_all)),
            Cell::Share(of_best[bin] as f64 / sum(&of_best)),
        ]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uneven_ranks_are_called_uneven() {
        let dimension =
            Dimension { case: Some("a".into()), key: "unknown.x".into(), meaning: "Some x.".into() };
        let truths: Vec<Vec<f64>> = (0..40).map(|k| vec![f64::from(k)]).collect();
        let result = |rank: &dyn Fn(usize) -> usize| Rehearsal {
            cases: vec!["a".into()],
            dimensions: vec![dimension.clone()],
            truths: truths.clone(),
            ranks: (0..40).map(|k| vec![rank(k)]).collect(),
            means: truths.clone(),
            among: 50,
        };
        let even = rehearsal(&result(&|k| k * 51 / 40)).sentences.join(" ");
        assert!(even.contains("40 known truths") && even.contains("1 parameter that"), "{even}");
        assert!(even.contains("are even") && even.contains("is a: unknown.x (correlation"), "{even}");
        assert!(rehearsal(&result(&|_| 0)).sentences.join(" ").contains("are uneven"));
    }
}
