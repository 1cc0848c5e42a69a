//! Which assumptions matter: effects of parameters on a claim.

use crate::effects::{Effect, Elementary, Radial};
use crate::finding::{Cell, Finding, Table, percent};
use crate::given::{FEWEST, given};
use crate::taken::Taken;
use breakaway_ensemble::design::Kind;
use breakaway_ensemble::tally::Tally;
use breakaway_model::params::Spec;
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
    if luck.is_none() {
        finding.say(
            "With one member a draw luck cannot be taken out: effects below hold it too, total effects most.",
        );
    }
    let luck = luck.unwrap_or(0.0);
    match taken.manifest.design.kind {
        Kind::Sobol => from_given(finding, taken, &answers, luck),
        kind => radial(finding, taken, &answers, luck, kind),
    }
}

/// Variance of a draw's share that is luck: what one member owes to luck, pooled over draws, times
/// the mean of one over the members of a draw. None where no draw has two.
fn luck(tally: &Tally) -> Option<f64> {
    let counted: Vec<(f64, f64)> = (tally.by_draw().iter().filter(|(n, _)| *n > 0))
        .map(|&(n, held)| (f64::from(n), f64::from(held)))
        .collect();
    let within: f64 = counted.iter().map(|(n, held)| held * (1.0 - held / n)).sum();
    let free: f64 = counted.iter().map(|(n, _)| n - 1.0).sum();
    let each = counted.iter().map(|(n, _)| 1.0 / n).sum::<f64>() / counted.len() as f64;
    (free > 0.0).then(|| within / free * each)
}

fn from_given(finding: &mut Finding, taken: &Taken, answers: &[Option<f64>], luck: f64) {
    let counted: Vec<usize> = (0..answers.len()).filter(|&i| answers[i].is_some()).take(MOST_DRAWS).collect();
    let y: Vec<f64> = counted.iter().filter_map(|&i| answers[i]).collect();
    let columns: Vec<Vec<f32>> =
        taken.recorded.parameters.iter().map(|values| counted.iter().map(|&i| values[i]).collect()).collect();
    if y.len() < FEWEST {
        finding.say(format!(
            "Assumptions: {} draws are too few to tell any apart; take {FEWEST} or more.",
            y.len()
        ));
        return;
    }
    let Some(found) = given(&columns, &y, luck, RESAMPLES, 1) else {
        finding.say(format!(
            "Over {} draws the claim's probability does not vary beyond luck: no assumption can be singled out.",
            y.len()
        ));
        return;
    };
    // What is not in the expansion has no total effect that is known.
    let unknown =
        |effect: &Effect| Effect { total: f64::NAN, total_interval: (f64::NAN, f64::NAN), ..*effect };
    let of = |effect: &Effect| if effect.total > 0.0 { *effect } else { unknown(effect) };
    let effects: Vec<(usize, Effect)> = found.effects.iter().map(of).enumerate().collect();
    let specs = taken.scenario.specs();
    finding.tables.push(effect_table(&specs, &effects, &BTreeMap::new()));
    finding.tables.push(mechanism_table(&specs, &effects));
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
    let blocks = kind.blocks(&taken.beliefs.priors);
    let specs = taken.scenario.specs();
    let radial = Radial::of(answers, blocks.len(), luck);
    if radial.first.len() < FEWEST / 2 {
        finding.say(format!(
            "Assumptions: {} base points have an answer in all their draws, too few to tell any apart; take {} or \
             more, and a claim whose condition is met often.",
            radial.first.len(),
            FEWEST / 2
        ));
        return;
    }
    let Some(effects) = radial.effects(RESAMPLES, 1) else {
        finding.say("The claim's probability does not vary beyond luck: no assumption can be singled out.");
        return;
    };
    let points = radial.first.len();
    finding.say(format!(
        "Assumptions: effects from {points} base points of a radial design: first-order by Saltelli et al. 2010, \
         total by Jansen 1999, both as shares of the variance beyond luck.",
    ));
    if kind == Kind::Grouped {
        let mut groups =
            Table::new("mechanisms", "Effects of all parameters of a mechanism together", &GROUP_COLUMNS);
        let mut all: Vec<(usize, Effect)> = blocks.iter().map(|block| block[0]).zip(effects).collect();
        all.sort_by(|(_, a), (_, b)| b.total.total_cmp(&a.total));
        for (parameter, effect) in all {
            let name = specs.get(parameter).map_or("", |spec| spec.mechanism);
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
    let points: Vec<Vec<f64>> =
        (0..answers.len() as u32).map(|draw| design.point(&taken.beliefs.priors, draw)).collect();
    for (k, block) in blocks.iter().enumerate() {
        let coordinate = |draw: u32| points[draw as usize][block[0]];
        let from: Vec<f64> = whole.iter().map(|point| coordinate(point * each)).collect();
        let to: Vec<f64> = whole.iter().map(|point| coordinate(point * each + 2 + k as u32)).collect();
        if let Some(found) = radial.elementary(k, &from, &to) {
            elementary.insert(block[0], found);
        }
    }
    let effects: Vec<(usize, Effect)> = blocks.iter().map(|block| block[0]).zip(effects).collect();
    finding.tables.push(effect_table(&specs, &effects, &elementary));
    finding.tables.push(mechanism_table(&specs, &effects));
}

const GROUP_COLUMNS: [&str; 5] =
    ["mechanism", "first-order", "95 % interval", "total", "95 % interval of total"];

/// An estimate of a share, which luck can push beyond its ends; what is not known stays unknown.
fn within(x: f64) -> f64 {
    x.clamp(0.0, 1.0)
}

/// Whether an effect can be told from nothing: by the interval of its total effect (of what is in
/// an expansion it never holds nought), or because its first-order effect lies so many standard
/// errors above nought that of 150 parameters without any one does so in one analysis of twenty
/// (Bonferroni).
fn stands_out(effect: &Effect) -> bool {
    let (low, high) = effect.first_interval;
    effect.total_interval.0 > 0.0 || effect.first > 3.6 * (high - low) / 3.92
}

fn effect_cells(effect: &Effect) -> [Cell; 4] {
    let between = |(low, high): (f64, f64)| Cell::Between(within(low), within(high));
    [
        Cell::Share(within(effect.first)),
        between(effect.first_interval),
        Cell::Share(within(effect.total)),
        between(effect.total_interval),
    ]
}

fn effect_table(
    specs: &[Spec],
    effects: &[(usize, Effect)],
    elementary: &BTreeMap<usize, Elementary>,
) -> Table {
    let mut columns = vec!["parameter", "first-order", "95 % interval", "total", "95 % interval of total"];
    if !elementary.is_empty() {
        columns.extend(["effect over its range", "absolute", "deviation"]);
    }
    columns.push("meaning");
    let caption =
        "Effects of parameters that stand out, as shares of the variance between draws, the largest first";
    let mut out = Table::new("parameters", caption, &columns);
    let mut order: Vec<&(usize, Effect)> = effects.iter().collect();
    let weight = |effect: &Effect| (effect.total.max(0.0), effect.first_interval.0);
    order.sort_by(|(_, a), (_, b)| weight(b).partial_cmp(&weight(a)).unwrap_or(std::cmp::Ordering::Equal));
    order.retain(|(_, effect)| stands_out(effect));
    for (parameter, effect) in order.into_iter().take(SHOWN) {
        let Some(spec) = specs.get(*parameter) else { continue };
        let mut cells = vec![Cell::text(spec.key())];
        cells.extend(effect_cells(effect));
        if !elementary.is_empty() {
            let found = elementary.get(parameter);
            cells.push(found.map_or(Cell::Nothing, |e| Cell::Points(e.mean)));
            cells.push(found.map_or(Cell::Nothing, |e| Cell::Points(e.absolute)));
            cells.push(found.map_or(Cell::Nothing, |e| Cell::Number(e.deviation)));
        }
        cells.push(Cell::text(&*spec.doc));
        out.row(cells);
    }
    out
}

fn mechanism_table(specs: &[Spec], effects: &[(usize, Effect)]) -> Table {
    let caption =
        "The parameters that stand out, summed by mechanism (total effects overlap where they act together)";
    let mut out = Table::new("mechanisms", caption, &["mechanism", "first-order", "total"]);
    let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (parameter, effect) in effects.iter().filter(|(_, effect)| stands_out(effect)) {
        let name = specs.get(*parameter).map_or("", |spec| spec.mechanism);
        let (first, total) = sums.entry(name).or_default();
        *first += effect.first;
        *total += effect.total.max(0.0);
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by(|(_, a), (_, b)| b.1.total_cmp(&a.1));
    for (name, (first, total)) in sums {
        out.row([Cell::text(name), Cell::Share(within(first)), Cell::Share(within(total))]);
    }
    out
}
