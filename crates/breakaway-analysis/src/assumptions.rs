//! Which assumptions matter: effects of parameters on a claim.

use crate::effects::{Effect, Elementary, Radial};
use crate::finding::{Cell, Finding, Table, percent};
use crate::given::given;
use crate::taken::Taken;
use breakaway_ensemble::design::Kind;
use breakaway_ensemble::tally::Tally;
use breakaway_model::params::table;
use std::collections::BTreeMap;

/// Draws that are used at most where none were made for the purpose: the first of a Sobol
/// sequence fill the space evenly, and thousands of terms are tried on them.
const MOST_DRAWS: usize = 4096;
/// Parameters that are shown.
const SHOWN: usize = 15;
const RESAMPLES: usize = 100;

/// Tells the effects of parameters on a claim.
pub fn assumptions(finding: &mut Finding, taken: &Taken, tally: &Tally) {
    let answers: Vec<Option<f64>> =
        tally.by_draw().iter().map(|&(n, held)| (n > 0).then(|| f64::from(held) / f64::from(n))).collect();
    let luck = luck(tally);
    match taken.manifest.design.kind {
        Kind::Sobol => from_given(finding, taken, &answers, luck),
        kind => radial(finding, taken, &answers, luck, kind),
    }
}

/// Variance of a draw's share that is luck: the mean over draws, from the spread within each.
fn luck(tally: &Tally) -> f64 {
    let several = || tally.by_draw().iter().filter(|(n, _)| *n > 1);
    let own = |&(n, held): &(u32, u32)| {
        let (n, p) = (f64::from(n), f64::from(held) / f64::from(n));
        p * (1.0 - p) / (n - 1.0)
    };
    let draws = several().count() as f64;
    if draws > 0.0 { several().map(own).sum::<f64>() / draws } else { 0.0 }
}

fn from_given(finding: &mut Finding, taken: &Taken, answers: &[Option<f64>], luck: f64) {
    let counted: Vec<usize> = (0..answers.len()).filter(|&i| answers[i].is_some()).take(MOST_DRAWS).collect();
    let y: Vec<f64> = counted.iter().filter_map(|&i| answers[i]).collect();
    let columns: Vec<Vec<f32>> =
        taken.recorded.parameters.iter().map(|values| counted.iter().map(|&i| values[i]).collect()).collect();
    let Some(found) = given(&columns, &y, luck, RESAMPLES, 1) else {
        finding.say(format!(
            "Over {} draws the claim's probability does not vary beyond luck: no assumption can be singled out.",
            y.len()
        ));
        return;
    };
    let effects: Vec<(usize, Effect)> = found.effects.iter().copied().enumerate().collect();
    finding.tables.push(effect_table(&effects, &BTreeMap::new()));
    finding.tables.push(mechanism_table(&effects));
    if found.terms == 0 {
        finding.say(format!(
            "Assumptions: over {} draws none foretells draws that were left out; first-order effects by the \
             correlation ratio over bins, total effects not known. Take more draws, or `run --design grouped`.",
            y.len()
        ));
        return;
    }
    finding.say(format!(
        "Assumptions: first-order effects from {} draws by the correlation ratio over bins, total effects from an \
         expansion of {} terms that foretells {} of the variance between draws for draws left out. What it does \
         not foretell is shared by parameters too weak, or too entangled, to be told apart with so few draws{}",
        y.len(),
        found.terms,
        percent(found.foretold),
        if found.foretold < 0.5 { "; take more draws, or `run --design grouped`." } else { "." }
    ));
}

fn radial(finding: &mut Finding, taken: &Taken, answers: &[Option<f64>], luck: f64, kind: Kind) {
    let blocks = kind.blocks(&taken.priors);
    let radial = Radial::of(answers, blocks.len(), luck);
    let Some(effects) = radial.effects(RESAMPLES, 1) else {
        finding.say("The claim's probability does not vary beyond luck: no assumption can be singled out.");
        return;
    };
    let points = radial.first.len();
    finding.say(format!(
        "Assumptions: effects from {points} base points of a radial design: first-order by Saltelli et al. 2010, \
         total by Jansen 1999, with luck taken out.",
    ));
    if kind == Kind::Grouped {
        let mut groups =
            Table::new("mechanisms", "Effects of all parameters of a mechanism together", &GROUP_COLUMNS);
        let mut all: Vec<(usize, Effect)> = blocks.iter().map(|block| block[0]).zip(effects).collect();
        all.sort_by(|(_, a), (_, b)| b.total.total_cmp(&a.total));
        for (parameter, effect) in all {
            let name = table().nth(parameter).map_or("", |spec| spec.mechanism);
            groups.row([&[Cell::text(name)], &effect_cells(&effect)[..]].concat());
        }
        finding.tables.push(groups);
        return;
    }
    let mut elementary = BTreeMap::new();
    let design = taken.manifest.design;
    let each = blocks.len() as u32 + 2;
    let whole: Vec<u32> = (0..answers.len() as u32 / each)
        .filter(|point| {
            answers[(point * each) as usize..((point + 1) * each) as usize].iter().all(Option::is_some)
        })
        .collect();
    for (k, block) in blocks.iter().enumerate() {
        let (low, high) = taken.priors[block[0]].range();
        let coordinate = |draw: u32| {
            let x = f64::from(taken.recorded.parameters[block[0]][draw as usize]);
            (x - low) / (high - low)
        };
        let from: Vec<f64> = whole.iter().map(|point| coordinate(point * each)).collect();
        let to: Vec<f64> = whole.iter().map(|point| coordinate(point * each + 2 + k as u32)).collect();
        if let Some(found) = radial.elementary(k, &from, &to) {
            elementary.insert(block[0], found);
        }
    }
    debug_assert_eq!(design.kind, kind);
    let effects: Vec<(usize, Effect)> = blocks.iter().map(|block| block[0]).zip(effects).collect();
    finding.tables.push(effect_table(&effects, &elementary));
    finding.tables.push(mechanism_table(&effects));
}

const GROUP_COLUMNS: [&str; 5] =
    ["mechanism", "first-order", "95 % interval", "total", "95 % interval of total"];

fn effect_cells(effect: &Effect) -> [Cell; 4] {
    let between = |(low, high): (f64, f64)| Cell::Between(low.max(0.0), high.clamp(0.0, 1.0));
    [
        Cell::Share(effect.first.max(0.0)),
        between(effect.first_interval),
        Cell::Share(effect.total.max(0.0)),
        between(effect.total_interval),
    ]
}

fn effect_table(effects: &[(usize, Effect)], elementary: &BTreeMap<usize, Elementary>) -> Table {
    let mut columns = vec!["parameter", "first-order", "95 % interval", "total", "95 % interval of total"];
    if !elementary.is_empty() {
        columns.extend(["effect over its range", "deviation"]);
    }
    columns.push("meaning");
    let caption = "Effects of parameters, as shares of the variance between draws, the largest first";
    let mut out = Table::new("parameters", caption, &columns);
    let mut order: Vec<&(usize, Effect)> = effects.iter().collect();
    let weight = |effect: &Effect| (effect.total, effect.first_interval.0);
    order.sort_by(|(_, a), (_, b)| weight(b).partial_cmp(&weight(a)).unwrap_or(std::cmp::Ordering::Equal));
    // Those that cannot be told from nothing are left out.
    order.retain(|(_, effect)| effect.total > 0.0 || effect.first_interval.0 > 0.0);
    for (parameter, effect) in order.into_iter().take(SHOWN) {
        let Some(spec) = table().nth(*parameter) else { continue };
        let mut cells = vec![Cell::text(spec.key())];
        cells.extend(effect_cells(effect));
        if !elementary.is_empty() {
            let found = elementary.get(parameter);
            cells.push(found.map_or(Cell::Nothing, |e| Cell::Points(e.mean)));
            cells.push(found.map_or(Cell::Nothing, |e| Cell::Number(e.deviation)));
        }
        cells.push(Cell::text(spec.doc));
        out.row(cells);
    }
    out
}

fn mechanism_table(effects: &[(usize, Effect)]) -> Table {
    let caption = "The same, summed by mechanism (total effects overlap where parameters act together)";
    let mut out = Table::new("mechanisms", caption, &["mechanism", "first-order", "total"]);
    let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (parameter, effect) in effects {
        let name = table().nth(*parameter).map_or("", |spec| spec.mechanism);
        let (first, total) = sums.entry(name).or_default();
        *first += effect.first;
        *total += effect.total;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by(|(_, a), (_, b)| b.1.total_cmp(&a.1));
    for (name, (first, total)) in sums {
        out.row([Cell::text(name), Cell::Share(first.max(0.0)), Cell::Share(total.max(0.0))]);
    }
    out
}
