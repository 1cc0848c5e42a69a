//! Boxes made smaller, and wider again.

use super::{ALPHA, Cases, Found, Limits};

/// The boxes from everything down to a share of all members, each a twentieth smaller or more: of
/// all ends that can be cut, the one whose cut raises the density most for each member lost.
pub fn peel(cases: &Cases, least_mass: f64) -> Vec<Found> {
    let columns = cases.columns.len();
    let mut path = vec![cases.judge(Limits::none(columns))];
    // The cases inside, in the order of each parameter.
    let mut orders: Vec<Vec<u32>> = cases
        .columns
        .iter()
        .map(|column| {
            let mut order: Vec<u32> = (0..column.len() as u32).collect();
            order.sort_by(|&a, &b| column[a as usize].total_cmp(&column[b as usize]));
            order
        })
        .collect();
    let (all, all_hits) = cases.all();
    let (mut members, mut hits) = (all, all_hits);
    let mut inside = vec![true; cases.members.len()];
    let mut limits = Limits::none(columns);
    while hits > 0.0 && hits < members {
        let mut best: Option<(f64, Cut)> = None;
        for (column, order) in orders.iter().enumerate() {
            for above in [true, false] {
                let Some(cut) = cut(cases, order, column, above, ALPHA * members) else { continue };
                let (left, left_hits) = (members - cut.members, hits - cut.hits);
                if left < least_mass * all || left <= 0.0 {
                    continue;
                }
                let gain = (left_hits / left - hits / members) / cut.members;
                if best.as_ref().is_none_or(|(known, _)| gain > *known) {
                    best = Some((gain, cut));
                }
            }
        }
        let Some((gain, cut)) = best else { break };
        if gain <= 0.0 {
            break;
        }
        let order = &orders[cut.column];
        let gone = if cut.above { &order[..cut.cases] } else { &order[order.len() - cut.cases..] };
        gone.iter().for_each(|&i| inside[i as usize] = false);
        orders.iter_mut().for_each(|order| order.retain(|&i| inside[i as usize]));
        members -= cut.members;
        hits -= cut.hits;
        limits = limits.with(cut.column, cut.above, cut.value);
        path.push(Found {
            limits: limits.clone(),
            coverage: hits / all_hits,
            density: hits / members,
            mass: members / all,
        });
    }
    path
}

/// What an end of a box would lose.
struct Cut {
    column: usize,
    above: bool,
    /// The new end, half way between what goes and what stays.
    value: f32,
    cases: usize,
    members: f64,
    hits: f64,
}

/// The smallest cut at an end that takes at least so many members; equal values go together.
fn cut(cases: &Cases, order: &[u32], column: usize, above: bool, least: f64) -> Option<Cut> {
    let value = |place: usize| {
        let place = if above { place } else { order.len() - 1 - place };
        cases.columns[column][order[place] as usize]
    };
    let row = |place: usize| order[if above { place } else { order.len() - 1 - place }] as usize;
    let (mut taken, mut members, mut hits) = (0, 0.0, 0.0);
    while taken < order.len() && (members < least - 1e-9 || value(taken) == value(taken - 1)) {
        members += cases.members[row(taken)];
        hits += cases.hits[row(taken)];
        taken += 1;
    }
    if taken == 0 || taken == order.len() {
        return None;
    }
    let (gone, stays) = (value(taken - 1), value(taken));
    let mut middle = gone + (stays - gone) / 2.0;
    if middle == gone {
        middle = stays;
    }
    Some(Cut { column, above, value: middle, cases: taken, members, hits })
}

/// A box made wider again where that raises its density.
pub fn paste(cases: &Cases, limits: &Limits) -> Limits {
    let mut limits = limits.clone();
    loop {
        let (members, hits) = cases.within(&limits);
        let mut best: Option<(f64, Limits)> = None;
        for (column, above) in limits.ends() {
            let end = limits.end(column, above);
            let open = limits.without(column, above);
            let values = open.rows(cases).map(|i| cases.columns[column][i]);
            let mut beyond: Vec<f32> = values.filter(|&x| if above { x < end } else { x > end }).collect();
            beyond.sort_by(f32::total_cmp);
            if above {
                beyond.reverse();
            }
            // A twentieth of the box, then less: the last cuts took a little too much.
            let step = (ALPHA * limits.rows(cases).count() as f64).ceil() as usize;
            for step in [step, step / 4, 1] {
                let wider = match beyond.get(step.max(1)) {
                    Some(&value) => limits.with(column, above, value),
                    None => open.clone(),
                };
                let (more, more_hits) = cases.within(&wider);
                if more > members && more_hits / more >= hits / members {
                    let density = more_hits / more;
                    if best.as_ref().is_none_or(|(known, _)| density > *known) {
                        best = Some((density, wider));
                    }
                }
            }
        }
        match best {
            Some((_, wider)) => limits = wider,
            None => return limits,
        }
    }
}
