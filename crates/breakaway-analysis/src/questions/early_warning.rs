//! What to watch: early signs that distinguish simulations in which a claim later holds.

use crate::LoadedRun;
use crate::methods::bootstrap::{folds, resampled};
use crate::methods::paired_difference::variance;
use breakaway_ensemble::claim_monitor::Verdict;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, Simulated, simulate};
use breakaway_ensemble::{Context, Stopped};
use breakaway_model::entity::{Entity, EntityKind};
use breakaway_model::observe::OBSERVABLES;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

/// Days between two looks, and the part of the horizon in which signs are sought.
const STEP: u32 = 14;
const UNTIL: f64 = 0.75;
/// Members that are simulated again at most: more would not sharpen a threshold that is read by eye.
const MOST: usize = 5000;
/// Hit rate less false alarm rate below which a sign is none (judgement).
const LEAST_SKILL: f64 = 0.05;
/// Signs that are reported.
const REPORTED: usize = 8;
/// Members with and without the claim, in each half, below which no sign is sought.
const FEWEST: usize = 10;

/// Members simulated again, with what polities and front show every fortnight.
pub(crate) struct Watched {
    outputs: Outputs,
    simulated: Vec<Simulated>,
    /// Who they are.
    members: Vec<u32>,
    /// The cluster of draws that each member belongs to.
    cluster: Vec<u32>,
    /// The half of the draws that each member belongs to.
    half: Vec<usize>,
}

impl Watched {
    /// Simulates the members of a run again.
    ///
    /// # Errors
    /// [`Stopped`] where the context was cancelled.
    pub(crate) fn of(loaded: &LoadedRun, context: &Context) -> Result<Watched, Stopped> {
        let world = &loaded.scenario.world;
        let series = OBSERVABLES
            .iter()
            .filter(|o| o.of != EntityKind::Region && o.seen)
            .flat_map(|o| (0..o.of.count(world)).map(move |entity| (o, entity)))
            .collect();
        let last = (f64::from(world.days) * UNTIL) as u32;
        let days = (1..).map(|k| k * STEP).take_while(|day| *day <= last.max(1)).collect();
        let outputs = Outputs { series, days, until: None };
        let members = loaded.run.subsample(MOST);
        let specs: Vec<MemberSpec> = members.iter().copied().map(MemberSpec::of).collect();
        let clusters = loaded.manifest().design.draws.div_ceil(loaded.members.cluster);
        let halves = folds(clusters as usize, 2, 1);
        let cluster: Vec<u32> = members.iter().map(|&member| loaded.cluster(member)).collect();
        let half = cluster.iter().map(|&cluster| halves[cluster as usize]).collect();
        let simulated = simulate(&loaded.plan(), &specs, &outputs, context, "early signs")?;
        Ok(Watched { simulated, outputs, half, cluster, members })
    }
}

/// Early signs of a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EarlyWarning {
    /// Whether there were enough simulations with and without the claim to test any sign.
    pub tested: bool,
    /// Whether only simulations count that meet the claim's condition, then or later.
    pub conditional: bool,
    /// Signs that hold on parameter sets that they were not found on, the best first.
    pub signs: Vec<Sign>,
}

/// An early sign: an observable beyond a threshold on a day, and how good it is on parameter sets that
/// it was not found on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sign {
    /// Observable.
    pub observable: String,
    /// Its meaning.
    pub meaning: String,
    /// Identifier of its entity.
    pub entity: String,
    /// Name of its entity.
    pub entity_name: String,
    /// Day.
    pub day: u32,
    /// Date of the day.
    pub date: String,
    /// Whether the sign is a value above the threshold.
    pub above: bool,
    /// Threshold.
    pub threshold: f64,
    /// Share of the simulations in which the claim later holds that show the sign.
    pub hits: Option<f64>,
    /// Share of the others that show it.
    pub false_alarms: Option<f64>,
    /// Probability of the claim where it is seen.
    pub if_seen: Option<f64>,
    /// Probability of the claim where it is not.
    pub if_not: Option<f64>,
    /// Median of days from the sign to the claim.
    pub lead: Option<u32>,
}

/// A series beyond a threshold on a day.
struct Candidate {
    series: usize,
    day: usize,
    threshold: f32,
    above: bool,
    /// Hit rate less false alarm rate, on the half that it was found on.
    skill: f64,
}

/// Finds the signs of a claim on half of the draws and judges them on the other half.
pub(crate) fn early_warning(
    loaded: &LoadedRun,
    watched: &Watched,
    verdicts: &[Verdict],
    conditional: bool,
) -> EarlyWarning {
    let verdicts: Vec<Verdict> = watched.members.iter().map(|&member| verdicts[member as usize]).collect();
    let verdicts = &verdicts[..];
    let Some(signs) = find(watched, verdicts) else {
        return EarlyWarning { tested: false, conditional, signs: vec![] };
    };
    let tried = signs.len();
    let mut judged: Vec<(Candidate, Judged)> = (signs.into_iter())
        .filter(|sign| holds(watched, verdicts, sign, tried))
        .map(|sign| {
            let judged = judge(watched, verdicts, &sign);
            (sign, judged)
        })
        .collect();
    // The skill that both halves show.
    let shown = |(sign, judged): &(Candidate, Judged)| sign.skill.min(judged.skill());
    judged.sort_by(|a, b| shown(b).total_cmp(&shown(a)));
    // Two names of the same thing.
    judged.dedup_by(|a, b| a.1 == b.1);
    let described =
        judged.iter().take(REPORTED).map(|(sign, judged)| describe(loaded, watched, sign, judged));
    EarlyWarning { tested: true, conditional, signs: described.collect() }
}

fn describe(loaded: &LoadedRun, watched: &Watched, sign: &Candidate, judged: &Judged) -> Sign {
    let (observable, index) = watched.outputs.series[sign.series];
    let entity = loaded.manifest().entities.get(Entity { kind: observable.of, index });
    let day = watched.outputs.days[sign.day];
    let Judged { hits, false_alarms, if_seen, if_not, lead } = *judged;
    Sign {
        observable: observable.name.into(),
        meaning: observable.doc.into(),
        entity: entity.id.clone(),
        entity_name: entity.name.clone(),
        day,
        date: loaded.scenario.date(day).to_string(),
        above: sign.above,
        threshold: f64::from(sign.threshold),
        hits,
        false_alarms,
        if_seen,
        if_not,
        lead,
    }
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
        watched.half[*i] == half && verdict.counts && later && !watched.simulated[*i].failed
    };
    (0..watched.simulated.len()).filter(counts).map(|i| (i, verdicts[i].day.is_some()))
}

fn value(watched: &Watched, member: usize, series: usize, day: usize) -> f32 {
    watched.simulated[member].values[day * watched.outputs.series.len() + series]
}

/// The best sign of each series: the earliest day on which it is nearly as good as it gets.
fn find(watched: &Watched, verdicts: &[Verdict]) -> Option<Vec<Candidate>> {
    let enough = |half: usize| {
        let all: Vec<bool> = waiting(watched, verdicts, half, 0).map(|(_, holds)| holds).collect();
        let held = all.iter().filter(|holds| **holds).count();
        held >= FEWEST && all.len() - held >= FEWEST
    };
    if !(enough(0) && enough(1)) {
        return None;
    }
    let mut signs: Vec<Candidate> = vec![];
    for series in 0..watched.outputs.series.len() {
        let days = 0..watched.outputs.days.len();
        let all: Vec<Candidate> = days.filter_map(|day| threshold(watched, verdicts, series, day)).collect();
        let best = all.iter().map(|sign| sign.skill).fold(0.0, f64::max);
        signs.extend(all.into_iter().find(|sign| sign.skill > LEAST_SKILL && sign.skill >= 0.9 * best));
    }
    Some(signs)
}

/// The threshold of a series on a day that tells members apart best (Youden 1950, "Index for
/// rating diagnostic tests", Cancer 3).
fn threshold(watched: &Watched, verdicts: &[Verdict], series: usize, day: usize) -> Option<Candidate> {
    let mut all: Vec<(f32, bool)> = waiting(watched, verdicts, 0, watched.outputs.days[day])
        .map(|(i, holds)| (value(watched, i, series, day), holds))
        .collect();
    let held = all.iter().filter(|(_, holds)| *holds).count();
    let others = all.len() - held;
    if held < FEWEST || others < FEWEST {
        return None;
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut below_held) = (0, 0);
    let mut best: Option<Candidate> = None;
    for pair in all.windows(2) {
        below += usize::from(!pair[0].1);
        below_held += usize::from(pair[0].1);
        if pair[0].0 == pair[1].0 {
            continue;
        }
        let skill = below_held as f64 / held as f64 - below as f64 / others as f64;
        if best.as_ref().is_none_or(|known| skill.abs() > known.skill) {
            let threshold = pair[0].0 + (pair[1].0 - pair[0].0) / 2.0;
            best = Some(Candidate { series, day, threshold, above: skill < 0.0, skill: skill.abs() });
        }
    }
    best
}

impl Candidate {
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
fn holds(watched: &Watched, verdicts: &[Verdict], sign: &Candidate, tried: usize) -> bool {
    let today = watched.outputs.days[sign.day];
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

fn judge(watched: &Watched, verdicts: &[Verdict], sign: &Candidate) -> Judged {
    let today = watched.outputs.days[sign.day];
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
