//! Many futures from one history.

use super::{Interval, interval};
use crate::methods::proper_scores::wilson;
use crate::{Error, LoadedRun};
use breakaway_ensemble::numbers::FRESH;
use breakaway_ensemble::simulate::{MemberSpec, Outputs, simulate};
use breakaway_ensemble::tally::FEWEST_CONDITIONAL;
use breakaway_ensemble::{Context, EventRecord, Rejected};
use breakaway_model::event::Event;
use serde::{Deserialize, Serialize};

/// Fewest futures: fewer say nothing of what is open.
pub const FEWEST_FUTURES: u32 = 20;
/// Most futures: as many numbers are set aside for fresh chance.
pub const MOST_FUTURES: u32 = 1 << 20;

/// The futures of one simulated history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Branches {
    /// The simulation whose history it is.
    pub simulation: u32,
    /// The last day of the common past.
    pub day: u32,
    /// Its date.
    pub date: String,
    /// Futures that were simulated.
    pub futures: usize,
    /// Futures that failed and are left out.
    pub failed: usize,
    /// Claims in them.
    pub claims: Vec<BranchedClaim>,
    /// What all futures have behind them.
    pub past: Vec<PastEvent>,
}

impl Branches {
    /// Futures that count.
    pub fn counted(&self) -> usize {
        self.futures - self.failed
    }

    /// Claims that end the same way in all futures, and claims whose condition no future meets.
    pub fn settled(&self) -> (usize, usize) {
        let never = self.claims.iter().filter(|claim| claim.counted == 0).count();
        let alike =
            self.claims.iter().filter(|c| c.counted > 0 && (c.held == c.counted || c.held == 0)).count();
        (alike, never)
    }
}

/// A claim in the futures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BranchedClaim {
    /// Identifier.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// Probability in the run.
    pub in_run: Option<f64>,
    /// Futures that count.
    pub counted: u32,
    /// Futures in which it holds.
    pub held: u32,
    /// Probability given this past.
    pub probability: Option<f64>,
    /// Its 95 % interval (Wilson).
    pub interval: Interval,
    /// Whether the simulation itself meets the claim's condition.
    pub counts_here: bool,
    /// The date on which it came true in the simulation itself, if it did.
    pub came_true_here: Option<String>,
}

/// An event of the common past.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastEvent {
    /// Date.
    pub date: String,
    /// What happened.
    pub event: EventRecord,
    /// Identifier of the entity.
    pub entity: String,
    /// Name of the entity.
    pub entity_name: String,
}

/// Simulates a member again until the end of a day, and from there on `futures` times with fresh
/// chance.
///
/// # Errors
/// Where there is no such member or day, where futures are too few or too many, or where the context
/// was cancelled.
pub fn branch(
    loaded: &LoadedRun,
    member: u32,
    day: u32,
    futures: u32,
    context: &Context,
) -> Result<Branches, Error> {
    check(loaded, member, day, futures)?;
    let own = MemberSpec::of(member);
    let specs: Vec<MemberSpec> = (0..futures).map(|k| own.reseeded(day, FRESH.start + k)).collect();
    let simulated = simulate(&loaded.plan(), &specs, &Outputs::default(), context, "futures")?;
    let sound = || simulated.iter().filter(|one| !one.failed);
    let claim = |(k, claim): (usize, &breakaway_scenario::Claim)| {
        let counted = sound().map(|one| one.verdicts[k]).filter(|v| v.counts);
        let (n, held) = counted.fold((0, 0), |(n, held), v| (n + 1, held + u32::from(v.day.is_some())));
        let here = loaded.members.verdicts[k][member as usize];
        let enough = n > 0 && (claim.given.is_none() || n >= FEWEST_CONDITIONAL);
        BranchedClaim {
            id: claim.id.clone(),
            text: claim.text.clone(),
            in_run: loaded.tally(k).probability(),
            counted: n,
            held,
            probability: enough.then(|| f64::from(held) / f64::from(n)),
            interval: interval(wilson(f64::from(held), f64::from(n))).filter(|_| enough),
            counts_here: here.counts,
            came_true_here: here.day.map(|day| loaded.scenario.date(day).to_string()),
        }
    };
    Ok(Branches {
        simulation: member,
        day,
        date: loaded.scenario.date(day).to_string(),
        futures: simulated.len(),
        failed: simulated.len() - sound().count(),
        claims: loaded.scenario.claims.iter().enumerate().map(claim).collect(),
        past: past(loaded, member, &simulated[0].events, day),
    })
}

fn check(loaded: &LoadedRun, member: u32, day: u32, futures: u32) -> Result<(), Rejected> {
    let all = loaded.members.draws.len();
    let days = loaded.scenario.world.days;
    if member as usize >= all {
        let help = format!("the run has simulations 0 to {}", all - 1);
        return Err(Rejected::new(format!("there is no simulation {member}"), help));
    }
    if loaded.members.failed[member as usize] {
        let help = "choose another; the table `simulations` says why";
        return Err(Rejected::new(format!("simulation {member} failed"), help));
    }
    if day >= days {
        let help = format!("the scenario has days 0 to {days}; choose an earlier one");
        return Err(Rejected::new(format!("day {day} leaves no future"), help));
    }
    loaded.claims(None)?;
    if !(FEWEST_FUTURES..=MOST_FUTURES).contains(&futures) {
        let help = format!("between {FEWEST_FUTURES} and {MOST_FUTURES} futures");
        return Err(Rejected::new(format!("{futures} futures are too few or too many"), help));
    }
    Ok(())
}

fn past(loaded: &LoadedRun, member: u32, events: &[Event], day: u32) -> Vec<PastEvent> {
    let one = |event: &Event| {
        let record = EventRecord::of(member, event);
        let entity = loaded.manifest().entities.get(record.entity());
        PastEvent {
            date: loaded.scenario.date(event.day).to_string(),
            event: record,
            entity: entity.id.clone(),
            entity_name: entity.name.clone(),
        }
    };
    events.iter().take_while(|event| event.day <= day).map(one).collect()
}
