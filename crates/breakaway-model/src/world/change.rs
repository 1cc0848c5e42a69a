//! What happens on a day of the scenario.

/// A number that a change needs: known, or one of the scenario's unknown quantities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// Known.
    Known(f32),
    /// The scenario's unknown quantity of this position, drawn for each parameter draw.
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
    /// Adds to a polity's regime strength (decays like other losses of standing).
    Strength {
        /// Polity.
        polity: usize,
        /// Share added, may be negative.
        add: Amount,
    },
    /// Adds to the strength that a polity's regime returns to.
    Baseline {
        /// Polity.
        polity: usize,
        /// Share added, may be negative.
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
        /// Years of the budget added, may be negative.
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
        /// Size, 1 = as the prior of `movements.congress_gain` says.
        size: Amount,
    },
    /// Keeps the guards in the regions, or lets the centre draw them to the front again.
    HoldGuards {
        /// Polity.
        polity: usize,
        /// Whether they are held.
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
    /// Sets a side's supply, where it has no crossing.
    Supply {
        /// Sector.
        sector: usize,
        /// Side.
        side: usize,
        /// Share of need.
        set: Amount,
    },
    /// Multiplies what is left of a crossing's capacity.
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
    /// Lowers (or raises) a side's cohesion.
    Cohesion {
        /// Sector.
        sector: usize,
        /// Side.
        side: usize,
        /// Share added, may be negative.
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
