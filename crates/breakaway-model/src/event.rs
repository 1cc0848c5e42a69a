//! What happened, and why: the log of a vector of members.
//!
//! An event carries its cause: the term of the hazard that was largest when it happened. The
//! causes lead from event to event, so that a member's story can be told as a chain.

use crate::entity::EntityKind;
use crate::lanes::{Lane, Mask, WIDTH};

macro_rules! named {
    ($(#[$meta:meta])* $ty:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $name:literal, )+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $ty { $( $(#[doc = $doc])+ $variant, )+ }

        impl $ty {
            /// All of them.
            pub const ALL: &[$ty] = &[ $( $ty::$variant, )+ ];

            /// Name in files and claims.
            pub fn name(self) -> &'static str {
                match self { $( $ty::$variant => $name, )+ }
            }

            /// By its name.
            pub fn by_name(name: &str) -> Option<$ty> {
                $ty::ALL.iter().copied().find(|kind| kind.name() == name)
            }

            /// Meaning, in a sentence.
            pub fn doc(self) -> &'static str {
                match self { $( $ty::$variant => concat!($($doc),+).trim_ascii(), )+ }
            }
        }
    };
}

named! {
    /// Kinds of event.
    EventKind {
        /// A side's troops in a sector rout.
        Rout = "rout",
        /// A side loses a sector to the enemy.
        SectorLost = "sector-lost",
        /// A side is ordered to withdraw from a sector.
        WithdrawalOrdered = "withdrawal-ordered",
        /// A withdrawal is complete and the sector given up.
        Withdrawn = "withdrawn",
        /// At least half of a polity's sectors at the start are lost or in rout.
        FrontCollapse = "front-collapse",
        /// Fewer than half of the officials of a region work for the centre.
        Vacuum = "vacuum",
        /// Bands exceed one per thousand inhabitants of a region.
        BandRule = "band-rule",
        /// More than 3.5 % of a region's people take part in protest.
        MassProtest = "mass-protest",
        /// Fewer than half of a region's guards stand by the centre.
        GarrisonFails = "garrison-fails",
        /// A congress of a polity's movements is held.
        Congress = "congress",
        /// A region declares that it leaves.
        Declared = "declared",
        /// A region that has declared becomes independent in fact.
        Independent = "independent",
        /// A region that has declared is brought back.
        Suppressed = "suppressed",
        /// A polity's regime falls.
        Fall = "fall",
        /// A polity stops fighting.
        Peace = "peace",
    }
}

impl EventKind {
    /// The causes that it can have: an event is recorded with one of these, or with
    /// [`Cause::Scenario`] where no part of its hazard is above 0.
    pub fn causes(self) -> &'static [Cause] {
        match self {
            EventKind::Rout => &[
                Cause::Regime,
                Cause::Strength,
                Cause::Casualties,
                Cause::Supply,
                Cause::News,
                Cause::Neighbours,
                Cause::Scenario,
            ],
            EventKind::SectorLost => &[Cause::Ground, Cause::Strength],
            EventKind::WithdrawalOrdered => &[Cause::Supply, Cause::Scenario],
            EventKind::Withdrawn => &[Cause::Supply, Cause::Scenario],
            EventKind::FrontCollapse => &[Cause::Rout, Cause::Ground],
            EventKind::Vacuum => {
                &[Cause::Regime, Cause::Guards, Cause::Neighbours, Cause::Protest, Cause::Bands, Cause::News]
            }
            EventKind::BandRule => &[Cause::Vacuum, Cause::Guards],
            EventKind::MassProtest => &[
                Cause::Identity,
                Cause::Regime,
                Cause::Burden,
                Cause::Bands,
                Cause::Hardship,
                Cause::Organisation,
                Cause::Neighbours,
            ],
            EventKind::GarrisonFails => {
                &[Cause::Regime, Cause::Neighbours, Cause::Armed, Cause::Protest, Cause::News]
            }
            EventKind::Congress => &[Cause::Organisation, Cause::Legal, Cause::Scenario],
            EventKind::Declared => &[Cause::Legal, Cause::Vacuum, Cause::Armed],
            EventKind::Independent => {
                &[Cause::Armed, Cause::Protest, Cause::Guards, Cause::Organisation, Cause::Regime]
            }
            EventKind::Suppressed => &[Cause::Guards, Cause::Regime],
            EventKind::Fall => &[
                Cause::Regime,
                Cause::Defeat,
                Cause::Protest,
                Cause::Secession,
                Cause::Treasury,
                Cause::Scenario,
            ],
            EventKind::Peace => &[Cause::Fall, Cause::Scenario],
        }
    }

    /// The mechanism that makes it happen.
    pub fn mechanism(self) -> &'static str {
        match self {
            EventKind::Rout => "cohesion",
            EventKind::SectorLost
            | EventKind::WithdrawalOrdered
            | EventKind::Withdrawn
            | EventKind::FrontCollapse => "command",
            EventKind::Vacuum => "officials",
            EventKind::BandRule => "home",
            EventKind::MassProtest => "citizens",
            EventKind::GarrisonFails => "guards",
            EventKind::Congress => "movements",
            EventKind::Declared | EventKind::Independent | EventKind::Suppressed => "regions",
            EventKind::Fall | EventKind::Peace => "centre",
        }
    }

    /// What its entity is.
    pub fn entity_kind(self) -> EntityKind {
        match self {
            EventKind::Rout | EventKind::SectorLost | EventKind::WithdrawalOrdered | EventKind::Withdrawn => {
                EntityKind::SectorSide
            }
            EventKind::FrontCollapse | EventKind::Congress | EventKind::Fall | EventKind::Peace => {
                EntityKind::Polity
            }
            EventKind::Vacuum
            | EventKind::BandRule
            | EventKind::MassProtest
            | EventKind::GarrisonFails
            | EventKind::Declared
            | EventKind::Independent
            | EventKind::Suppressed => EntityKind::Region,
        }
    }
}

named! {
    /// Causes: terms of hazards and of loyalties.
    Cause {
        /// Part of the scenario.
        Scenario = "scenario",
        /// Casualties.
        Casualties = "casualties",
        /// Lack of supply.
        Supply = "supply",
        /// Bad news from the front.
        News = "news",
        /// What the neighbours did.
        Neighbours = "neighbours",
        /// Weakness of the regime.
        Regime = "regime",
        /// Ground lost to the enemy.
        Ground = "ground",
        /// Troops in rout.
        Rout = "rout",
        /// Too few soldiers; of a rout, no reserves to replace those who are missing.
        Strength = "strength",
        /// Too few guards; of an independence, those who changed sides; of a suppression, those who are loyal.
        Guards = "guards",
        /// Protest.
        Protest = "protest",
        /// Armed bands.
        Bands = "bands",
        /// Grievance of identity.
        Identity = "identity",
        /// The burden of mobilisation and deaths.
        Burden = "burden",
        /// Hardship.
        Hardship = "hardship",
        /// Organisation of the movement.
        Organisation = "organisation",
        /// The legal path: deputies, openness, participation.
        Legal = "legal",
        /// The path through a vacuum of administration.
        Vacuum = "vacuum",
        /// The armed path.
        Armed = "armed",
        /// Defeats at the front.
        Defeat = "defeat",
        /// Regions lost.
        Secession = "secession",
        /// An empty treasury.
        Treasury = "treasury",
        /// The fall of the regime.
        Fall = "fall",
    }
}

/// Something that happened in one member.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Place of the member in its vector.
    pub lane: u8,
    /// Day.
    pub day: u32,
    /// What.
    pub kind: EventKind,
    /// To whom: see [`EventKind::entity_kind`].
    pub entity: u16,
    /// The largest term of its hazard.
    pub cause: Cause,
    /// That term's share of the sum of all, in [0, 1].
    pub weight: f32,
}

/// The events of a vector of members, in order of time.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The events.
    pub events: Vec<Event>,
}

impl Log {
    /// Records an event in the members of the mask. `terms` are the hazard's parts; only
    /// a part above 0 counts.
    pub fn record(&mut self, day: u32, kind: EventKind, entity: usize, mask: Mask, terms: &[(Cause, Lane)]) {
        for lane in mask.lanes() {
            let (mut cause, mut largest, mut sum) = (Cause::Scenario, 0.0, 0.0);
            for (name, term) in terms {
                let x = term.0[lane].max(0.0);
                sum += x;
                if x > largest {
                    (cause, largest) = (*name, x);
                }
            }
            let weight = if sum > 0.0 { largest / sum } else { 1.0 };
            let declared = largest == 0.0 || kind.causes().contains(&cause);
            debug_assert!(declared, "{kind:?} is not said to have the cause {cause:?}");
            self.events.push(Event { lane: lane as u8, day, kind, entity: entity as u16, cause, weight });
        }
    }
}

/// Remembers in which members something has happened, so that a first time can be told.
#[derive(Clone, Copy, Debug)]
pub struct Once(Mask);

impl Default for Once {
    fn default() -> Once {
        Once(Mask::NONE)
    }
}

impl Once {
    /// Where it holds now and never did before.
    #[inline(always)]
    pub fn first(&mut self, now: Mask) -> Mask {
        let first = now & !self.0;
        self.0 = self.0 | now;
        first
    }

    /// Where it has held.
    pub fn has(&self) -> Mask {
        self.0
    }
}

const _: () = assert!(WIDTH <= u8::MAX as usize);
