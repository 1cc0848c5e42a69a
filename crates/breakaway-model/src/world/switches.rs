//! The names of the mechanisms, and which of them run.

/// The mechanisms, in the order of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Mechanism {
    /// Supply over crossings.
    Supply,
    /// Attrition and movement of the line.
    Combat,
    /// Cohesion and rout.
    Cohesion,
    /// Desertion and capture.
    Desertion,
    /// Withdrawal, reserves, loss of sectors.
    Command,
    /// Intake, training, burden.
    Manpower,
    /// The way home of deserters; armed bands.
    Home,
    /// Protest.
    Citizens,
    /// Administration.
    Officials,
    /// Garrisons.
    Guards,
    /// Movements in exile and at home.
    Movements,
    /// Declarations and contests.
    Regions,
    /// Regime strength and fall; moving of guards.
    Centre,
}

/// All mechanisms, in the order of the day.
pub const MECHANISMS: [(Mechanism, &str); 13] = [
    (Mechanism::Supply, "supply"),
    (Mechanism::Combat, "combat"),
    (Mechanism::Cohesion, "cohesion"),
    (Mechanism::Desertion, "desertion"),
    (Mechanism::Command, "command"),
    (Mechanism::Manpower, "manpower"),
    (Mechanism::Home, "home"),
    (Mechanism::Citizens, "citizens"),
    (Mechanism::Officials, "officials"),
    (Mechanism::Guards, "guards"),
    (Mechanism::Movements, "movements"),
    (Mechanism::Regions, "regions"),
    (Mechanism::Centre, "centre"),
];

/// The mechanisms that are switched off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches(u16);

impl Switches {
    /// Switches a mechanism off.
    pub fn switch_off(&mut self, mechanism: Mechanism) {
        self.0 |= 1 << mechanism as usize;
    }

    /// Whether a mechanism runs.
    pub fn runs(self, mechanism: Mechanism) -> bool {
        self.0 & (1 << mechanism as usize) == 0
    }
}
