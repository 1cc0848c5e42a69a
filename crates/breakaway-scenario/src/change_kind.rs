//! Kinds of dated change: one declaration for the reader, the schema, the book and the world.

use breakaway_model::world::{Amount, Change};

/// A kind of change that shocks and levers make.
#[derive(Clone, Copy, Debug)]
pub struct ChangeKind {
    /// Its name in files.
    pub name: &'static str,
    /// What its `value` does.
    pub doc: &'static str,
    /// Whose it is, and how it is made.
    pub target: Target,
}

/// What a change happens to, with what makes the change of it.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// A polity, by an amount.
    Polity(fn(usize, Amount) -> Change),
    /// A polity, on or off.
    PolitySwitch(fn(usize, bool) -> Change),
    /// A source, on or off.
    Source(fn(usize, bool) -> Change),
    /// A sector, by an amount.
    Sector(fn(usize, Amount) -> Change),
    /// A side of a sector, by an amount.
    Side(fn(usize, usize, Amount) -> Change),
    /// A side of a sector, that is given an order.
    Order(fn(usize, usize) -> Change),
}

impl Target {
    /// What it is called: polity, source, sector or side.
    pub fn name(self) -> &'static str {
        match self {
            Target::Polity(_) | Target::PolitySwitch(_) => "polity",
            Target::Source(_) => "source",
            Target::Sector(_) => "sector",
            Target::Side(_) | Target::Order(_) => "side",
        }
    }

    /// Whether its value is on or off, and cannot be unknown.
    pub fn is_switch(self) -> bool {
        match self {
            Target::PolitySwitch(_) | Target::Source(_) | Target::Order(_) => true,
            Target::Polity(_) | Target::Sector(_) | Target::Side(_) => false,
        }
    }
}

macro_rules! changes {
    ($( $name:literal, $doc:literal, $target:ident($make:expr); )+) => {
        /// All kinds of change.
        pub const CHANGES: &[ChangeKind] =
            &[ $( ChangeKind { name: $name, doc: $doc, target: Target::$target($make) }, )+ ];
    };
}

changes! {
    "strength", "is added to regime strength; it fades",
        Polity(|polity, add| Change::Strength { polity, add });
    "baseline", "is added to the strength to which the polity returns",
        Polity(|polity, add| Change::Baseline { polity, add });
    "news", "is added to bad news, which is kept between 0 and 1",
        Polity(|polity, add| Change::News { polity, add });
    "treasury", "is added to the reserves, in years of the budget",
        Polity(|polity, add| Change::Treasury { polity, add });
    "identity-factor", "multiplies the grievance of identity; below 0 counts as 0",
        Polity(|polity, factor| Change::Identity { polity, factor });
    "congress", "is the size of a congress of the polity's movements, 1 = as in the prior of `movements.congress_gain`",
        Polity(|polity, size| Change::Congress { polity, size });
    "hold-guards", "1 keeps guards in the regions, 0 lets them be drawn to the front",
        PolitySwitch(|polity, hold| Change::HoldGuards { polity, hold });
    "war", "0 ends the polity's part in the war, 1 starts it again",
        PolitySwitch(|polity, fights| Change::War { polity, fights });
    "source", "1 opens it, 0 closes it",
        Source(|source, open| Change::Source { source, open });
    "supply", "becomes the supply of a side that has no crossing, kept between 0 and 1",
        Side(|sector, side, set| Change::Supply { sector, side, set });
    "crossing-factor", "multiplies what is left of the side's crossing",
        Side(|sector, side, factor| Change::Crossing { sector, side, factor });
    "quality-factor", "multiplies the side's quality",
        Side(|sector, side, factor| Change::Quality { sector, side, factor });
    "cohesion", "is added to the side's cohesion; it fades",
        Side(|sector, side, add| Change::Cohesion { sector, side, add });
    "tempo", "becomes the sector's tempo",
        Sector(|sector, set| Change::Tempo { sector, set });
    "withdraw", "orders the side to withdraw; the value has no effect",
        Order(|sector, side| Change::Withdraw { sector, side });
}

/// By its name.
pub(crate) fn by_name(name: &str) -> Option<&'static ChangeKind> {
    CHANGES.iter().find(|kind| kind.name == name)
}
