//! Three members told as chains of causes, from their events alone.

use crate::words::Words;
use breakaway_ensemble::Manifest;
use breakaway_ensemble::history::Happening;
use breakaway_model::event::{Cause, Kind};
use std::collections::BTreeMap;

/// A member's story.
pub(crate) struct Story {
    /// Why it is told.
    pub(crate) title: &'static str,
    pub(crate) member: u32,
    pub(crate) sentences: Vec<String>,
    /// Events of the member that are not told.
    pub(crate) left_out: usize,
}

/// Sentences of a story at the most.
const LONGEST: usize = 14;

/// The mildest member, the median one and the most extreme one, by the weight of what happened.
pub(crate) fn three(
    manifest: &Manifest,
    words: &Words,
    histories: &BTreeMap<u32, Vec<Happening>>,
) -> Vec<Story> {
    let nothing = vec![];
    // Members that failed have no events and are not told apart here from quiet ones: they are
    // few, and a quiet story says that nothing happened.
    let mut members: Vec<(u32, u32)> = (0..manifest.design.members())
        .map(|member| (histories.get(&member).map_or(0, |history| weight(history)), member))
        .collect();
    members.sort_unstable();
    let picks = [
        ("The mildest member", 0),
        ("The median member", members.len() / 2),
        ("The most extreme member", members.len().saturating_sub(1)),
    ];
    let pick = |(title, place): (&'static str, usize)| {
        let (_, member) = *members.get(place)?;
        let history = histories.get(&member).unwrap_or(&nothing);
        let told = worth_telling(history);
        let sentences = told.iter().map(|happening| sentence(manifest, words, happening)).collect();
        Some(Story { title, member, sentences, left_out: history.len() - told.len() })
    };
    picks.into_iter().filter_map(pick).collect()
}

/// How much an event weighs when members are ordered from mild to extreme (judgement).
fn gravity(kind: Kind) -> u32 {
    match kind {
        Kind::Fall => 1000,
        Kind::Independent => 300,
        Kind::FrontCollapse => 200,
        Kind::Declared | Kind::BandRule => 100,
        Kind::SectorLost | Kind::Withdrawn => 40,
        Kind::Vacuum | Kind::GarrisonFails | Kind::MassProtest => 30,
        Kind::Rout | Kind::Peace | Kind::Suppressed => 20,
        Kind::WithdrawalOrdered | Kind::Congress => 1,
    }
}

fn weight(history: &[Happening]) -> u32 {
    history.iter().map(|happening| gravity(happening.kind)).sum()
}

/// All events of a short history; of a long one the first of each kind and the gravest.
fn worth_telling(history: &[Happening]) -> Vec<Happening> {
    let mut order: Vec<usize> = (0..history.len()).collect();
    let first = |k: usize| !history[..k].iter().any(|before| before.kind == history[k].kind);
    order.sort_by_key(|&k| (!first(k), std::cmp::Reverse(gravity(history[k].kind)), k));
    order.truncate(LONGEST);
    order.sort_unstable();
    order.into_iter().map(|k| history[k]).collect()
}

fn sentence(manifest: &Manifest, words: &Words, happening: &Happening) -> String {
    let (_, name) = manifest.names.of_event(happening.kind, happening.entity);
    let (sector, side) = name.rsplit_once(", ").unwrap_or((name, name));
    let what = match happening.kind {
        Kind::Rout => format!("the troops of {side} rout at {sector}"),
        Kind::SectorLost => format!("{side} loses {sector}"),
        Kind::WithdrawalOrdered => format!("{side} orders a withdrawal from {sector}"),
        Kind::Withdrawn => format!("the withdrawal of {side} from {sector} is complete"),
        Kind::FrontCollapse => format!("half of the front of {name} is lost or in rout"),
        Kind::Vacuum => format!("fewer than half of the officials of {name} still work for the centre"),
        Kind::BandRule => format!("armed bands exceed one per thousand people in {name}"),
        Kind::MassProtest => format!("more than 3.5 % of the people of {name} take part in protest"),
        Kind::GarrisonFails => format!("fewer than half of the guards of {name} stand by the centre"),
        Kind::Congress => format!("a congress of movements of {name} is held"),
        Kind::Declared => format!("{name} declares that it leaves"),
        Kind::Independent => format!("{name} becomes independent in fact"),
        Kind::Suppressed => format!("{name} is brought back"),
        Kind::Fall => format!("the regime of {name} falls"),
        Kind::Peace => format!("{name} stops fighting"),
    };
    let why = because(happening.cause);
    format!("{}: {what}; what weighed most: {why}.", words.date(u32::from(happening.day)))
}

fn because(cause: Cause) -> &'static str {
    match cause {
        Cause::Scenario => "the scenario says so",
        Cause::Casualties => "casualties",
        Cause::Supply => "want of supply",
        Cause::News => "bad news from the front",
        Cause::Neighbours => "what the neighbours did",
        Cause::Regime => "weakness of the regime",
        Cause::Ground => "ground lost",
        Cause::Strength => "too few soldiers",
        Cause::Guards => "want of guards",
        Cause::Protest => "protest",
        Cause::Bands => "armed bands",
        Cause::Identity => "a grievance of identity",
        Cause::Burden => "the burden of mobilisation and deaths",
        Cause::Hardship => "hardship",
        Cause::Organisation => "the movement's organisation",
        Cause::Legal => "the legal path of deputies",
        Cause::Vacuum => "a vacuum of administration",
        Cause::Armed => "armed strength against the guards",
        Cause::Defeat => "defeats at the front",
        Cause::Secession => "regions lost",
        Cause::Treasury => "an empty treasury",
        Cause::Fall => "the fall of the regime",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_history_keeps_its_turns() {
        let at = |day: u16, kind: Kind| Happening { day, kind, entity: 0, cause: Cause::Regime };
        let mut history: Vec<Happening> = (0..40).map(|day| at(day, Kind::Vacuum)).collect();
        history.push(at(50, Kind::Fall));
        history.push(at(60, Kind::Peace));
        let told = worth_telling(&history);
        assert_eq!(told.len(), LONGEST);
        assert!(told.is_sorted_by_key(|happening| happening.day));
        assert!(told.iter().any(|h| h.kind == Kind::Fall) && told.iter().any(|h| h.kind == Kind::Peace));
    }
}
