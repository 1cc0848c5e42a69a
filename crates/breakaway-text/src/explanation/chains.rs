//! Why a claim comes true: the chains of events that lead to it.

use crate::events::{because, step};
use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, percent};
use breakaway_analysis::questions::chains::{Chain, Chains};
use breakaway_model::event::{Cause, EventKind};

pub(super) fn chains(out: &mut Finding, found: &Chains) {
    let Some(first) = found.chains.first() else {
        out.push_sentence(
            "Why: every simulation comes to it in another way; no chain of events is frequent.",
        );
        return;
    };
    let often = first
        .interval
        .map_or(String::new(), |(low, high)| format!(" ({} to {})", percent(low), percent(high)));
    let share = percent(first.share);
    out.push_sentence(format!(
        "Why: in {share}{often} of the {} in which it comes true, {}.",
        count(found.simulations.into(), "simulation", "simulations"),
        words(first)
    ));
    // A chain of one step is the claim itself.
    if first.steps.len() > 1 && found.others > 0 {
        out.push_sentence(format!(
            "Of the {} in which it does not come true, {}.",
            count(found.others.into(), "simulation", "simulations"),
            broke_off(first.steps.len(), &found.broke_off)
        ));
    }
    let caption = "Chains of events that lead to the claim, by their largest causes";
    let columns = ["share", "95 % interval", "simulations", "chain"];
    let mut table = Table::new("chains", caption, &columns);
    for chain in &found.chains {
        table.row([
            Cell::Share(chain.share),
            chain.interval.map_or(Cell::Nothing, |(low, high)| Cell::Between(low, high)),
            Cell::Count(chain.simulations.into()),
            Cell::text(words(chain)),
        ]);
    }
    out.tables.push(table);
}

/// A chain in words.
fn words(chain: &Chain) -> String {
    let Some(first) = chain.steps.first() else { return "no event of these kinds comes before it".into() };
    let kind = |name: &str| EventKind::by_name(name);
    let told = |name: &str, polity: &str| kind(name).map_or_else(|| name.into(), |kind| step(kind, polity));
    let mut all: Vec<String> = chain
        .steps
        .iter()
        .map(|one| format!("{} (median {})", told(&one.event, &one.polity), one.date))
        .collect();
    let cause = chain.root.as_deref().and_then(Cause::by_name).zip(kind(&first.event));
    if let Some((cause, kind)) = cause {
        all[0] += &format!(", mostly because of {}", because(kind, cause));
    }
    all.join(", then ")
}

/// Where the others left the most frequent chain.
fn broke_off(steps: usize, shares: &[f64]) -> String {
    const PLACES: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];
    let place = |k: usize| PLACES.get(k).map_or_else(|| format!("{}th", k + 1), |place| (*place).into());
    let mut parts = vec![];
    for (k, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        let share = percent(*share);
        parts.push(match k {
            0 => format!("{share} do not take its first step"),
            k if k == steps => format!("{share} take all of them, but too late or not as claimed"),
            k => format!("{share} break off after its {} step", place(k - 1)),
        });
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_analysis::questions::chains::ChainStep;

    #[test]
    fn a_chain_is_told_from_its_cause_to_its_end() {
        let one = |event: &str, date: &str| ChainStep {
            event: event.into(),
            polity: "State A".into(),
            day: 1,
            date: date.into(),
        };
        let chain = Chain {
            root: Some("supply".into()),
            steps: vec![one("rout", "2030-05-22"), one("fall", "2030-10-31")],
            simulations: 30,
            share: 0.6,
            interval: Some((0.4, 0.75)),
        };
        let found =
            Chains { simulations: 50, chains: vec![chain], others: 100, broke_off: vec![0.9, 0.08, 0.02] };
        let mut out = Finding::new("x", "X");
        chains(&mut out, &found);
        assert_eq!(
            out.sentences[0],
            "Why: in 60 % (40 % to 75 %) of the 50 simulations in which it comes true, troops of State A rout (median \
             2030-05-22), mostly because of lack of supply, then the regime of State A falls (median 2030-10-31)."
        );
        assert_eq!(
            out.sentences[1],
            "Of the 100 simulations in which it does not come true, 90 % do not take its first step, 8.0 % break off after \
             its first step, 2.0 % take all of them, but too late or not as claimed."
        );
    }
}
