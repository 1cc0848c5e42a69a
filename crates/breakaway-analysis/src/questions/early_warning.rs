//! What to watch: early signs that tell apart members in which a claim later holds.

use crate::finding::{Cell, Finding, Table, number, percent};
use crate::pairs::variance;
use crate::resample::{folds, resampled};
use crate::taken::Taken;
use breakaway_ensemble::life::{Life, Lived, Wanted, live};
use breakaway_ensemble::watch::Verdict;
use breakaway_model::observe::{OBSERVABLES, Of, View};
use statrs::distribution::{ContinuousCDF, Normal};

/// Days between two looks, and the part of the horizon in which signs are sought.
const STEP: u32 = 14;
const UNTIL: f64 = 0.75;
/// Members that are lived again at most: more would not sharpen a threshold that is read by eye.
const MOST: usize = 5000;
/// Hit rate less false alarm rate below which a sign is none (judgement).
const LEAST_SKILL: f64 = 0.05;
/// Signs that are shown.
const SHOWN: usize = 8;
/// Members with and without the claim, in each half, below which no sign is sought.
const FEWEST: usize = 10;

/// Members lived again with what polities and front show every fortnight.
pub struct Watched {
    wanted: Wanted,
    lived: Vec<Lived>,
    /// Who they are.
    members: Vec<u32>,
    /// The cluster of draws that each member belongs to.
    cluster: Vec<u32>,
    /// The half of the draws that each member belongs to.
    half: Vec<usize>,
}

impl Watched {
    /// Lives through the members of a run again.
    pub fn of(taken: &Taken) -> Watched {
        let world = &taken.scenario.world;
        let series = OBSERVABLES
            .iter()
            .filter(|o| o.of != Of::Region)
            .flat_map(|o| (0..View::entities(world, o.of)).map(move |entity| (o, entity)))
            .collect();
        let last = (f64::from(world.days) * UNTIL) as u32;
        let days = (1..).map(|k| k * STEP).take_while(|day| *day <= last.max(1)).collect();
        let wanted = Wanted { series, days, until: None };
        let members = taken.some(MOST);
        let lives: Vec<Life> = members.iter().copied().map(Life::of).collect();
        let clusters = taken.manifest.design.draws.div_ceil(taken.recorded.cluster);
        let halves = folds(clusters as usize, 2, 1);
        let cluster: Vec<u32> = members.iter().map(|&member| taken.cluster(member)).collect();
        let half = cluster.iter().map(|&cluster| halves[cluster as usize]).collect();
        Watched { lived: live(&taken.plan(), &lives, &wanted), wanted, half, cluster, members }
    }
}

/// A sign: an observable beyond a threshold on a day.
struct Sign {
    series: usize,
    day: usize,
    threshold: f32,
    above: bool,
    /// Hit rate less false alarm rate, on the half that it was found on.
    skill: f64,
}

/// Finds the signs of a claim on half of the draws and judges them on the other half.
pub fn signs(
    finding: &mut Finding,
    taken: &Taken,
    watched: &Watched,
    verdicts: &[Verdict],
    conditional: bool,
) {
    let verdicts: Vec<Verdict> = watched.members.iter().map(|&member| verdicts[member as usize]).collect();
    let verdicts = &verdicts[..];
    let Some(signs) = find(watched, verdicts) else {
        finding.say(format!(
            "What to watch: fewer than {FEWEST} members with or without the claim in each half; no sign can be tested."
        ));
        return;
    };
    let tried = signs.len();
    let mut judged: Vec<(Sign, Judged)> = (signs.into_iter())
        .filter(|sign| holds(watched, verdicts, sign, tried))
        .map(|sign| {
            let judged = judge(watched, verdicts, &sign);
            (sign, judged)
        })
        .collect();
    // The skill that both halves bear out.
    let borne_out = |(sign, judged): &(Sign, Judged)| sign.skill.min(judged.skill());
    judged.sort_by(|a, b| borne_out(b).total_cmp(&borne_out(a)));
    // Two names of the same thing.
    judged.dedup_by(|a, b| a.1 == b.1);
    let columns =
        ["sign", "of", "on", "lies", "than", "hits", "false alarms", "if seen", "if not", "lead, days"];
    let caption = if conditional {
        "Early signs, judged on draws that they were not found on; among members that meet the condition, then or later"
    } else {
        "Early signs, judged on draws that they were not found on"
    };
    let mut table = Table::new("signs", caption, &columns);
    for (sign, judged) in judged.iter().take(SHOWN) {
        let (observable, entity) = watched.wanted.series[sign.series];
        let of = taken.manifest.names.of_observable(observable.of, entity);
        let day = watched.wanted.days[sign.day];
        let date = taken.scenario.date(day).to_string();
        table.row([
            Cell::text(observable.name),
            Cell::text(of),
            Cell::text(&date),
            Cell::text(if sign.above { "above" } else { "below" }),
            Cell::Number(f64::from(sign.threshold)),
            Cell::share(judged.hits),
            Cell::share(judged.false_alarms),
            Cell::share(judged.if_seen),
            Cell::share(judged.if_not),
            judged.lead.map_or(Cell::Nothing, |days| Cell::Count(days.into())),
        ]);
        if table.rows.len() == 1 {
            let said = |share: Option<f64>| share.map_or("no case".into(), percent);
            finding.say(format!(
                "What to watch: {} of {of} on {date}. {} {}: the claim then holds in {}; if not, in {}. Of the members \
                 in which it later holds {} show the sign, of the others {} (draws left out).",
                observable.doc.trim_end_matches('.').to_lowercase(),
                if sign.above { "Above" } else { "Below" },
                number(f64::from(sign.threshold)),
                said(judged.if_seen),
                said(judged.if_not),
                said(judged.hits),
                said(judged.false_alarms),
            ));
        }
    }
    if table.rows.is_empty() {
        finding
            .say("What to watch: nothing that polities or the front show tells the members apart in time.");
        return;
    }
    finding.tables.push(table);
}

/// Members of a half that count and in which the claim has not come true by a day: their number
/// and whether it does later.
fn waiting<'a>(
    watched: &'a Watched,
    verdicts: &'a [Verdict],
    half: usize,
    day: u32,
) -> impl Iterator<Item = (usize, bool)> + 'a {
    let counts = move |i: &usize| {
        let verdict = verdicts[*i];
        let later = verdict.day.is_none_or(|held| held > day);
        watched.half[*i] == half && verdict.counts && later && !watched.lived[*i].failed
    };
    (0..watched.lived.len()).filter(counts).map(|i| (i, verdicts[i].day.is_some()))
}

fn value(watched: &Watched, member: usize, series: usize, day: usize) -> f32 {
    watched.lived[member].values[day * watched.wanted.series.len() + series]
}

/// The best sign of each series: the earliest day on which it is nearly as good as it gets.
fn find(watched: &Watched, verdicts: &[Verdict]) -> Option<Vec<Sign>> {
    let enough = |half: usize| {
        let all: Vec<bool> = waiting(watched, verdicts, half, 0).map(|(_, holds)| holds).collect();
        let held = all.iter().filter(|holds| **holds).count();
        held >= FEWEST && all.len() - held >= FEWEST
    };
    if !(enough(0) && enough(1)) {
        return None;
    }
    let mut signs: Vec<Sign> = vec![];
    for series in 0..watched.wanted.series.len() {
        let days = 0..watched.wanted.days.len();
        let all: Vec<Sign> = days.filter_map(|day| threshold(watched, verdicts, series, day)).collect();
        let best = all.iter().map(|sign| sign.skill).fold(0.0, f64::max);
        signs.extend(all.into_iter().find(|sign| sign.skill > LEAST_SKILL && sign.skill >= 0.9 * best));
    }
    Some(signs)
}

/// The threshold of a series on a day that tells members apart best (Youden 1950, "Index for
/// rating diagnostic tests", Cancer 3).
fn threshold(watched: &Watched, verdicts: &[Verdict], series: usize, day: usize) -> Option<Sign> {
    let mut all: Vec<(f32, bool)> = waiting(watched, verdicts, 0, watched.wanted.days[day])
        .map(|(i, holds)| (value(watched, i, series, day), holds))
        .collect();
    let held = all.iter().filter(|(_, holds)| *holds).count();
    let others = all.len() - held;
    if held < FEWEST || others < FEWEST {
        return None;
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut below_held) = (0, 0);
    let mut best: Option<Sign> = None;
    for pair in all.windows(2) {
        below += usize::from(!pair[0].1);
        below_held += usize::from(pair[0].1);
        if pair[0].0 == pair[1].0 {
            continue;
        }
        let skill = below_held as f64 / held as f64 - below as f64 / others as f64;
        if best.as_ref().is_none_or(|known| skill.abs() > known.skill) {
            let threshold = pair[0].0 + (pair[1].0 - pair[0].0) / 2.0;
            best = Some(Sign { series, day, threshold, above: skill < 0.0, skill: skill.abs() });
        }
    }
    best
}

impl Sign {
    /// Whether a member shows it.
    fn seen(&self, watched: &Watched, member: usize) -> bool {
        let x = value(watched, member, self.series, self.day);
        if self.above { x > self.threshold } else { x < self.threshold }
    }
}

/// How good a sign is.
#[derive(Clone, Copy, PartialEq)]
struct Judged {
    hits: Option<f64>,
    false_alarms: Option<f64>,
    if_seen: Option<f64>,
    if_not: Option<f64>,
    lead: Option<u32>,
}

impl Judged {
    /// Hit rate less false alarm rate.
    fn skill(&self) -> f64 {
        self.hits.zip(self.false_alarms).map_or(0.0, |(hits, alarms)| hits - alarms)
    }
}

/// Whether a sign keeps its skill on the other half, draws being resampled, among so many that
/// were tried (one side, 95 %, Bonferroni).
fn holds(watched: &Watched, verdicts: &[Verdict], sign: &Sign, tried: usize) -> bool {
    let today = watched.wanted.days[sign.day];
    let clusters = watched.cluster.iter().max().map_or(0, |last| *last as usize + 1);
    // By cluster: with the claim and seen, with it, without it and seen, without it.
    let mut counts = vec![[0.0; 4]; clusters];
    for (i, held) in waiting(watched, verdicts, 1, today) {
        let count = &mut counts[watched.cluster[i] as usize];
        let at = if held { 0 } else { 2 };
        count[at] += f64::from(u8::from(sign.seen(watched, i)));
        count[at + 1] += 1.0;
    }
    counts.retain(|count| count[1] + count[3] > 0.0);
    let skill = |chosen: &[u32]| {
        let sum = |k: usize| chosen.iter().map(|&i| counts[i as usize][k]).sum::<f64>();
        sum(0) / sum(1) - sum(2) / sum(3)
    };
    let all: Vec<u32> = (0..counts.len() as u32).collect();
    let tries = resampled(counts.len(), 200, 1).map(|chosen| skill(&chosen)).filter(|x| x.is_finite());
    let error = variance(tries.collect()).sqrt();
    let Ok(normal) = Normal::new(0.0, 1.0) else { return false };
    let best = skill(&all);
    best > LEAST_SKILL && best > error * normal.inverse_cdf(1.0 - 0.05 / tried.max(1) as f64)
}

fn judge(watched: &Watched, verdicts: &[Verdict], sign: &Sign) -> Judged {
    let today = watched.wanted.days[sign.day];
    let mut counts = [[0_u32; 2]; 2];
    let mut leads = vec![];
    for (i, holds) in waiting(watched, verdicts, 1, today) {
        let seen = sign.seen(watched, i);
        counts[usize::from(seen)][usize::from(holds)] += 1;
        leads.extend(verdicts[i].day.filter(|_| seen).map(|day| day - today));
    }
    leads.sort_unstable();
    let share = |part: u32, rest: u32| (part + rest > 0).then(|| f64::from(part) / f64::from(part + rest));
    let [[quiet, missed], [alarms, hits]] = counts;
    Judged {
        hits: share(hits, missed),
        false_alarms: share(alarms, quiet),
        if_seen: share(hits, alarms),
        if_not: share(missed, quiet),
        lead: leads.get(leads.len() / 2).copied(),
    }
}
