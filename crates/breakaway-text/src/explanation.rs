//! An explained claim in sentences and tables.

mod assumptions;
mod boxes;
mod chains;
mod split;

use crate::finding::{Cell, Finding, Table};
use crate::numbers::{count, number, percent};
use breakaway_analysis::questions::early_warning::{EarlyWarning, Sign};
use breakaway_analysis::questions::explain::{Explanation, FEWEST_SETS, Scope, WithoutMechanisms};

/// The finding of an explanation.
pub fn explanation(found: &Explanation) -> Finding {
    let mut out = Finding::new(&format!("explain-{}", found.claim), format!("Explained: {}", found.text));
    if found.scope == Scope::TooFewCount {
        out.push_sentence(format!(
            "Only {} its condition: {}. Take more simulations, or a scenario in which the condition is met more often; `run` \
             splits simulations for its probability.",
            count(found.counted.into(), "simulation meets", "simulations meet"),
            crate::claims::too_few(found.counted)
        ));
        return out;
    }
    let Some(p) = found.probability else {
        out.push_sentence(
            "No simulation meets the claim's condition, so the run says nothing about it. Take more simulations, or a \
             scenario in which the condition is met.",
        );
        return out;
    };
    if found.failed > 0 {
        let failed = count(found.failed.into(), "simulation", "simulations");
        out.push_sentence(format!(
            "{failed} failed and {} left out.",
            if found.failed == 1 { "is" } else { "are" }
        ));
    }
    let of = if found.conditional { " that meet its condition" } else { "" };
    out.push_sentence(format!(
        "It comes true in {} of {}{of}: {}.",
        crate::numbers::thousands(found.held.into()),
        count(found.counted.into(), "simulation", "simulations"),
        percent(p)
    ));
    scope(&mut out, found);
    if let Some(split) = &found.split {
        split::split(&mut out, split);
    }
    if let Some(found) = &found.chains {
        chains::chains(&mut out, found);
    }
    if let Some(sensitivity) = &found.sensitivity {
        assumptions::assumptions(&mut out, sensitivity);
    }
    if let Some(discovery) = &found.discovery {
        boxes::boxes(&mut out, discovery);
    }
    if let Some(early_warning) = &found.early_warning {
        signs(&mut out, early_warning);
    }
    if let Some(without) = &found.mechanisms {
        mechanisms(&mut out, without);
    }
    out
}

fn scope(out: &mut Finding, found: &Explanation) {
    match found.scope {
        Scope::NeverCounts | Scope::TooFewCount | Scope::Whole => {}
        Scope::NeverVaries { bound } => {
            out.push_sentence("It does not vary, so nothing can be said about what it depends on.");
            if let Some(bound) = bound {
                let (side, bound) = if found.held == 0 { ("below", bound) } else { ("above", 1.0 - bound) };
                out.push_sentence(format!(
                    "Its probability is {side} {} (95 % interval). To see it vary, widen the priors, change the scenario or take \
                     more parameter sets.",
                    percent(bound),
                ));
            }
        }
        Scope::TooFewCases { cases } => {
            let verb = if found.held <= found.counted - found.held { "comes true" } else { "fails" };
            out.push_sentence(format!(
                "It {verb} in only {}, which is too few to say what it depends on. Take more simulations, or an overlay that \
                 changes it.",
                count(cases.into(), "simulation", "simulations")
            ));
        }
    }
}

fn signs(out: &mut Finding, found: &EarlyWarning) {
    if !found.tested {
        out.push_sentence(
            "What to watch: too few simulations with or without the claim to test any early sign on others.",
        );
        return;
    }
    let Some(first) = found.signs.first() else {
        out.push_sentence(
            "What to watch: nothing that could be observed of the polities or of the front shows early whether the claim will \
             come true.",
        );
        return;
    };
    out.push_sentence(best(first));
    let columns =
        ["sign", "of", "on", "is", "threshold", "hits", "false alarms", "if seen", "if not", "lead, days"];
    let caption = match found.conditional {
        true => {
            "Early signs, checked on other parameter sets; among simulations that meet the condition, then or later"
        }
        false => "Early signs, checked on other parameter sets",
    };
    let mut table = Table::new("signs", caption, &columns);
    for sign in &found.signs {
        table.row([
            Cell::text(&sign.observable),
            Cell::text(&sign.entity_name),
            Cell::text(&sign.date),
            Cell::text(if sign.above { "above" } else { "below" }),
            Cell::Number(sign.threshold),
            Cell::share(sign.hits),
            Cell::share(sign.false_alarms),
            Cell::share(sign.if_seen),
            Cell::share(sign.if_not),
            sign.lead.map_or(Cell::Nothing, |days| Cell::Count(days.into())),
        ]);
    }
    out.tables.push(table);
}

fn best(sign: &Sign) -> String {
    let share = |share: Option<f64>| share.map_or("no case".into(), percent);
    format!(
        "What to watch: \"{}\" of {} on {}. If it is {} {}, the claim comes true in {} of simulations, otherwise in {}. The \
         sign came before {} of those in which it came true and gave a false alarm in {} of the rest (checked on other \
         simulations).",
        sign.meaning.trim_end_matches('.'),
        sign.entity_name,
        sign.date,
        if sign.above { "above" } else { "below" },
        number(sign.threshold),
        share(sign.if_seen),
        share(sign.if_not),
        share(sign.hits),
        share(sign.false_alarms),
    )
}

/// The claim with each mechanism switched off.
fn mechanisms(out: &mut Finding, found: &WithoutMechanisms) {
    let columns = [
        "without",
        "probability",
        "difference, points",
        "95 % interval",
        "simulations gained",
        "simulations lost",
    ];
    let simulations = count(found.simulations as u64, "simulation", "simulations");
    let caption = format!("The claim without each mechanism, on common random numbers ({simulations})");
    let mut table = Table::new("mechanisms-off", caption, &columns);
    if let Some(any) = found.mechanisms.first() {
        let none = [Cell::Nothing, Cell::Nothing, Cell::Nothing, Cell::Nothing];
        table.row([&[Cell::text("nothing"), Cell::share(any.difference.before)], &none[..]].concat());
    }
    for one in &found.mechanisms {
        table.row([
            Cell::text(&one.mechanism),
            Cell::share(one.difference.after),
            one.difference.growth.map_or(Cell::Nothing, Cell::Points),
            one.difference.interval.map_or(Cell::Nothing, |(low, high)| Cell::PointsBetween(low, high)),
            Cell::Count(one.difference.gained.into()),
            Cell::Count(one.difference.lost.into()),
        ]);
    }
    out.tables.push(table);
    if !found.enough {
        out.push_sentence(format!(
            "Mechanisms: fewer than {FEWEST_SETS} parameter sets are too few to tell which of them matter."
        ));
        return;
    }
    let carry: Vec<String> = found
        .mechanisms
        .iter()
        .filter(|one| one.beyond_chance)
        .take(3)
        .map(|one| {
            format!("{} ({} without it)", one.mechanism, one.difference.after.map_or("-".into(), percent))
        })
        .collect();
    out.push_sentence(match &carry[..] {
        [] => "Mechanisms: none but those that are the claim itself changes it by more than chance explains."
            .into(),
        carry => format!("Mechanisms that change it most: {}.", carry.join(", ")),
    });
}
