//! What would have to be true: boxes of parameters in which a claim holds more often.

use crate::finding::{Cell, Finding, Table, number, percent};
use crate::given::{correlation_ratio, ranks};
use crate::prim::{Cases, Found, Limits, Restriction, paste, peel, restrictions, simplify};
use crate::resample::folds;
use crate::taken::Taken;
use breakaway_ensemble::tally::Tally;
use breakaway_model::params::Spec;

/// Smallest share of the members that a box may hold.
const LEAST_MASS: f64 = 0.05;
/// Parameters in which a box is sought.
const SCREENED: usize = 6;
/// Boxes that are sought, each among the cases outside those before.
const MOST_BOXES: usize = 2;
/// Parts of the cross-validation.
const FOLDS: usize = 5;
/// Ends of a box that luck could have made with more than this probability are dropped.
const MOST_QUASI_P: f64 = 0.05;
/// Rows of the trade-off curve.
const CURVE: usize = 10;

/// Finds the box of a claim, chosen and judged on draws that it was not found on.
pub fn boxes(finding: &mut Finding, taken: &Taken, tally: &Tally) {
    let Some(p) = tally.probability() else { return };
    // What is rarer has the clearer conditions.
    let fails = p > 0.5;
    let verb = if fails { "fails" } else { "holds" };
    let parameters: Vec<usize> = (0..taken.recorded.parameters.len())
        .filter(|&k| {
            let values = &taken.recorded.parameters[k];
            values.iter().any(|x| *x != values[0])
        })
        .collect();
    let all = taken.scenario.specs();
    let specs: Vec<Spec> = parameters.iter().filter_map(|&k| all.get(k).cloned()).collect();
    // In a radial design the first two draws of a base point are independent, the others near-copies.
    let cluster = taken.recorded.cluster as usize;
    let counted: Vec<usize> =
        (0..tally.by_draw().len()).filter(|&d| tally.by_draw()[d].0 > 0 && d % cluster < 2).collect();
    if counted.len() < 10 * FOLDS || parameters.is_empty() {
        finding.say(format!(
            "What would have to be true: {} draws are too few to find a box and to test it; take {} or more.",
            counted.len(),
            10 * FOLDS
        ));
        return;
    }
    let hits = |(n, held): (u32, u32)| f64::from(if fails { n - held } else { held });
    let cases = Cases {
        columns: parameters
            .iter()
            .map(|&k| counted.iter().map(|&d| taken.recorded.parameters[k][d]).collect())
            .collect(),
        members: counted.iter().map(|&d| f64::from(tally.by_draw()[d].0)).collect(),
        hits: counted.iter().map(|&d| hits(tally.by_draw()[d])).collect(),
    };
    let (all_members, all_hits) = cases.all();
    let p = all_hits / all_members;
    let per_draw = all_members / counted.len() as f64;
    let alike = Tally::of(counted.iter().map(|&d| tally.by_draw()[d]).collect()).correlation();
    let design_effect = 1.0 + (per_draw - 1.0).max(0.0) * alike.unwrap_or(1.0);
    let mut rest = cases.clone();
    let mut said: Vec<String> = vec![];
    for number in 1..=MOST_BOXES {
        let Some(shape) = Shape::of(&rest, p, design_effect) else { break };
        finding.tables.push(box_table(&rest, &specs, &shape, design_effect, verb, number));
        finding.tables.push(curve(&shape, verb, number));
        let Shape { found, left_out, .. } = &shape;
        let (_, hits) = rest.within(&found.limits);
        said.push(format!(
            "with {} it {verb} in {} of the members{} ({} of those left out when such boxes were sought); {} of all in \
             which it {verb} lie there",
            words(&rest, &specs, &found.limits, design_effect),
            percent(found.density),
            if number == 1 { format!(" instead of {}", percent(p)) } else { String::new() },
            percent(left_out.density()),
            percent(hits / all_hits),
        ));
        rest = rest.outside(&found.limits);
    }
    finding.say(match &said[..] {
        [] => "What would have to be true: no box of parameters was found in which draws that were left out hold it \
               more often."
            .into(),
        [first, others @ ..] => {
            let others: String = others.iter().map(|other| format!(". Or, elsewhere: {other}")).collect();
            format!("What would have to be true: {first}{others}.")
        }
    });
}

/// A box, how it was chosen, and what became of draws left out.
struct Shape {
    found: Found,
    path: Vec<Found>,
    tested: Vec<LeftOut>,
    best: usize,
    left_out: LeftOut,
}

impl Shape {
    /// The box that gains most on draws left out; none where none gains.
    fn of(cases: &Cases, p: f64, design_effect: f64) -> Option<Shape> {
        let path = search(cases);
        let tested = cross_validate(cases, &path);
        let gain = |k: &usize| tested[*k].gain(p);
        let best = (0..path.len()).max_by(|a, b| gain(a).total_cmp(&gain(b)).then(b.cmp(a)))?;
        let finish = |cases: &Cases, limits: &Limits| {
            simplify(cases, &paste(cases, limits), design_effect, MOST_QUASI_P)
        };
        let left_out = left_out(cases, path[best].mass, &finish);
        let limits = finish(cases, &path[best].limits);
        let stands_out = limits != Limits::none(cases.columns.len()) && left_out.density() > p;
        stands_out.then(|| Shape { found: cases.judge(limits), path, tested, best, left_out })
    }
}

/// The ends of a box in words.
fn words(cases: &Cases, specs: &[Spec], limits: &Limits, design_effect: f64) -> String {
    let one = |end: &Restriction| {
        let Some(spec) = specs.get(end.column) else { return String::new() };
        let unit = if spec.unit == "-" { String::new() } else { format!(" {}", spec.unit) };
        let side = if end.above { "above" } else { "below" };
        format!("{} {side} {}{unit}", spec.key(), number(f64::from(end.value)))
    };
    restrictions(cases, limits, design_effect).iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// The boxes among the parameters that alone tell most: with more parameters than draws, a box is
/// easily made of what happened to lie well.
fn search(cases: &Cases) -> Vec<Found> {
    let shares: Vec<f64> = cases.hits.iter().zip(&cases.members).map(|(hits, n)| hits / n).collect();
    let rows: Vec<u32> = (0..shares.len() as u32).collect();
    let tells = |column: &Vec<f32>| ranks(column).map_or(0.0, |u| correlation_ratio(&u, &shares, &rows));
    let mut order: Vec<(f64, usize)> =
        cases.columns.iter().enumerate().map(|(k, column)| (tells(column), k)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut kept: Vec<usize> = order.into_iter().take(SCREENED).map(|(_, k)| k).collect();
    kept.sort_unstable();
    let narrow = Cases { columns: kept.iter().map(|&k| cases.columns[k].clone()).collect(), ..cases.clone() };
    let whole = |found: Found| {
        let mut limits = Limits::none(cases.columns.len());
        for (place, &k) in kept.iter().enumerate() {
            limits.low[k] = found.limits.low[place];
            limits.high[k] = found.limits.high[place];
        }
        Found { limits, ..found }
    };
    peel(&narrow, LEAST_MASS).into_iter().map(whole).collect()
}

/// What happened to draws that were left out.
#[derive(Clone, Copy, Default)]
struct LeftOut {
    /// In the box: members and hits.
    inside: (f64, f64),
    /// In all: members and hits.
    all: (f64, f64),
}

impl LeftOut {
    fn add(&mut self, cases: &Cases, limits: Option<&Limits>) {
        let plus = |a: (f64, f64), b: (f64, f64)| (a.0 + b.0, a.1 + b.1);
        self.all = plus(self.all, cases.all());
        self.inside = plus(self.inside, limits.map_or((0.0, 0.0), |limits| cases.within(limits)));
    }

    fn density(&self) -> f64 {
        if self.inside.0 > 0.0 { self.inside.1 / self.inside.0 } else { 0.0 }
    }

    fn coverage(&self) -> f64 {
        if self.all.1 > 0.0 { self.inside.1 / self.all.1 } else { 0.0 }
    }

    /// How many more hits a box holds than as many members elsewhere, as a share of all members:
    /// weighted relative accuracy (Lavrac, Flach & Zupan 1999, "Rule evaluation measures").
    fn gain(&self, p: f64) -> f64 {
        if self.all.0 > 0.0 { (self.inside.1 - p * self.inside.0) / self.all.0 } else { 0.0 }
    }
}

/// For each box of the path: what became, of the draws left out, in the box of about the same
/// mass that is found on the others.
fn cross_validate(cases: &Cases, path: &[Found]) -> Vec<LeftOut> {
    let mut sums = vec![LeftOut::default(); path.len()];
    each_fold(cases, |trained, _, test| {
        for (found, sum) in path.iter().zip(&mut sums) {
            sum.add(test, nearest(trained, found.mass));
        }
    });
    sums
}

/// The same for one mass, with everything that makes a box of it.
fn left_out(cases: &Cases, mass: f64, finish: &impl Fn(&Cases, &Limits) -> Limits) -> LeftOut {
    let mut sum = LeftOut::default();
    each_fold(cases, |trained, train, test| {
        let limits = nearest(trained, mass).map(|limits| finish(train, limits));
        sum.add(test, limits.as_ref());
    });
    sum
}

/// Calls `judge` with the boxes found on the draws but a fifth, those draws, and the fifth.
fn each_fold(cases: &Cases, mut judge: impl FnMut(&[Found], &Cases, &Cases)) {
    let fold = folds(cases.members.len(), FOLDS, 1);
    for part in 0..FOLDS {
        let (test, train): (Vec<usize>, Vec<usize>) = (0..fold.len()).partition(|&i| fold[i] == part);
        let (train, test) = (cases.some(&train), cases.some(&test));
        judge(&search(&train), &train, &test);
    }
}

/// The box whose mass comes nearest.
fn nearest(path: &[Found], mass: f64) -> Option<&Limits> {
    let distance = |found: &&Found| (found.mass - mass).abs();
    path.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|found| &found.limits)
}

fn box_table(
    cases: &Cases,
    specs: &[Spec],
    shape: &Shape,
    design_effect: f64,
    verb: &str,
    number: usize,
) -> Table {
    let found = &shape.found;
    let caption = format!(
        "Box {number}: it {verb} in {} of the members there, which are {} of {}",
        percent(found.density),
        percent(found.mass),
        if number == 1 { "all" } else { "those outside the boxes before" },
    );
    let columns = ["parameter", "lies", "than", "unit", "quasi-p", "meaning"];
    let mut out = Table::new(&format!("box-{number}"), caption, &columns);
    for end in restrictions(cases, &found.limits, design_effect) {
        let Some(spec) = specs.get(end.column) else { continue };
        out.row([
            Cell::text(spec.key()),
            Cell::text(if end.above { "above" } else { "below" }),
            Cell::Number(f64::from(end.value)),
            Cell::text(spec.unit),
            Cell::Number(end.quasi_p),
            Cell::text(&*spec.doc),
        ]);
    }
    out
}

fn curve(shape: &Shape, verb: &str, number: usize) -> Table {
    let Shape { path, tested, best, .. } = shape;
    let caption = format!(
        "How box {number} was chosen: in smaller boxes it {verb} more often, and fewer of the members in which it \
         does lie there"
    );
    let columns =
        ["mass", "coverage", "density", "coverage left out", "density left out", "parameters", "chosen"];
    let mut out = Table::new(&format!("trade-off-{number}"), caption, &columns);
    let step = path.len().div_ceil(CURVE).max(1);
    for (k, found) in path.iter().enumerate() {
        if k % step != 0 && k != *best && k + 1 != path.len() {
            continue;
        }
        let bounded = (0..found.limits.low.len())
            .filter(|&c| found.limits.low[c].is_finite() || found.limits.high[c].is_finite());
        out.row([
            Cell::Share(found.mass),
            Cell::Share(found.coverage),
            Cell::Share(found.density),
            Cell::Share(tested[k].coverage()),
            Cell::Share(tested[k].density()),
            Cell::Count(bounded.count() as i64),
            Cell::text(if k == *best { "yes" } else { "" }),
        ]);
    }
    out
}
