//! Three members told as chains of causes, from their events alone.

use crate::words::Words;
use breakaway_ensemble::Manifest;
use breakaway_ensemble::history::{Happening, by_gravity, worth_telling};
use breakaway_model::event::{Cause, Kind};
use std::collections::{BTreeMap, BTreeSet};

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
    failed: &BTreeSet<u32>,
    histories: &BTreeMap<u32, Vec<Happening>>,
) -> Vec<Story> {
    let members = by_gravity(manifest.design.members(), failed, histories);
    let picks = [
        ("The mildest member", 0),
        ("The median member", members.len() / 2),
        ("The most extreme member", members.len().saturating_sub(1)),
    ];
    let pick = |(title, place): (&'static str, usize)| {
        let member = *members.get(place)?;
        let history = histories.get(&member).map_or(&[][..], Vec::as_slice);
        let told = worth_telling(history, LONGEST);
        let sentences = told.iter().map(|happening| sentence(manifest, words, happening)).collect();
        Some(Story { title, member, sentences, left_out: history.len() - told.len() })
    };
    picks.into_iter().filter_map(pick).collect()
}

fn sentence(manifest: &Manifest, words: &Words, happening: &Happening) -> String {
    let (_, name) = manifest.names.of_event(happening.kind, happening.entity);
    let (sector, side) = manifest.names.side(happening.entity);
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
