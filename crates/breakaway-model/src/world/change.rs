//! What happens on a day of the scenario.

/// A number in a change: known, or one of the scenario's unknown quantities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// A known number.
    Known(f32),
    /// The scenario's unknown quantity at this index, drawn for each parameter set.
    Unknown(usize),
}

impl From<f32> for Amount {
    fn from(x: f32) -> Amount {
        Amount::Known(x)
    }
}

/// A dated change of a named quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// Adds to a polity's regime strength (the addition fades like wear).
    Strength {
        /// Polity.
        polity: usize,
        /// Share added; may be negative.
        add: Amount,
    },
    /// Adds to the strength to which a polity's regime returns.
    Baseline {
        /// Polity.
        polity: usize,
        /// Share added; may be negative.
        add: Amount,
    },
    /// Adds bad news.
    News {
        /// Polity.
        polity: usize,
        /// Share added.
        add: Amount,
    },
    /// Adds to the treasury.
    Treasury {
        /// Polity.
        polity: usize,
        /// Years of the budget added; may be negative.
        add: Amount,
    },
    /// Multiplies the grievance of identity (a concession lowers it).
    Identity {
        /// Polity.
        polity: usize,
        /// Factor.
        factor: Amount,
    },
    /// Raises the coordination of the polity's movements (a congress held).
    Congress {
        /// Polity.
        polity: usize,
        /// Size, 1 = as in the prior of `movements.congress_gain`.
        size: Amount,
    },
    /// Keeps the guards in the regions, or lets the centre draw them to the front again.
    HoldGuards {
        /// Polity.
        polity: usize,
        /// Whether they stay in the regions.
        hold: bool,
    },
    /// Ends, or starts again, a polity's part in the war.
    War {
        /// Polity.
        polity: usize,
        /// Whether it fights.
        fights: bool,
    },
    /// Opens or closes a manpower source.
    Source {
        /// Source.
        source: usize,
        /// Whether it is open.
        open: bool,
    },
    /// Sets the supply of a side that has no crossing.
    Supply {
        /// Sector.
        sector: usize,
        /// Side.
        side: usize,
        /// Share of need.
        set: Amount,
    },
    /// Multiplies the capacity that a crossing has left.
    Crossing {
        /// Sector.
        sector: usize,
        /// Side.
        side: usize,
        /// Factor.
        factor: Amount,
    },
    /// Multiplies a side's quality.
    Quality {
        /// Sector.
        sector: usize,
        /// Side.
        side: usize,
        /// Factor.
        factor: Amount,
    },
    /// Adds to a side's cohesion.
    Cohesion {
        /// Sector.
        sector: usize,
        /// Side.
        side: usize,
        /// Share added; may be negative.
        add: Amount,
    },
    /// Sets a sector's tempo.
    Tempo {
        /// Sector.
        sector: usize,
        /// Share of days in contact relative to an active sector.
        set: Amount,
    },
    /// Orders a side to withdraw.
    Withdraw {
        /// Sector.
        sector: usize,
        /// Side.
        side: usize,
    },
}

impl Change {
    /// Whether it changes the same quantity of the same entity as another.
    pub fn same_target(&self, other: &Change) -> bool {
        self.target() == other.target()
    }

    /// The kind of change, and of what.
    fn target(&self) -> (std::mem::Discriminant<Change>, usize, usize) {
        let (entity, side) = match *self {
            Change::Strength { polity, .. }
            | Change::Baseline { polity, .. }
            | Change::News { polity, .. }
            | Change::Treasury { polity, .. }
            | Change::Identity { polity, .. }
            | Change::Congress { polity, .. }
            | Change::HoldGuards { polity, .. }
            | Change::War { polity, .. } => (polity, 0),
            Change::Source { source, .. } => (source, 0),
            Change::Tempo { sector, .. } => (sector, 0),
            Change::Supply { sector, side, .. }
            | Change::Crossing { sector, side, .. }
            | Change::Quality { sector, side, .. }
            | Change::Cohesion { sector, side, .. }
            | Change::Withdraw { sector, side } => (sector, side),
        };
        (std::mem::discriminant(self), entity, side)
    }
}
