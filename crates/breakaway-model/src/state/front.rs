//! The state of the front: sectors, their sides, and manpower sources.

use crate::draw::Clock;
use crate::event::Cause;
use crate::lanes::{Lane, Mask};

/// Strains on a side's cohesion. Each fades at the pace of `cohesion.relaxation`. The last one is what the
/// scenario adds or takes away.
pub const STRAINS: [Cause; 5] =
    [Cause::Casualties, Cause::Supply, Cause::News, Cause::Neighbours, Cause::Scenario];

/// A side of a sector.
#[derive(Clone, Copy, Debug)]
pub struct SideState {
    /// Quality.
    pub quality: Lane,
    /// Cohesion that the side's people would have without strain.
    pub base: Lane,
    /// Strains, in the order of [`STRAINS`].
    pub strain: [Lane; STRAINS.len()],
    /// Cohesion, share.
    pub cohesion: Lane,
    /// Supply without a crossing.
    pub depot: Lane,
    /// Capacity of the crossing, soldiers.
    pub capacity: Lane,
    /// Supply, share of need.
    pub supply: Lane,
    /// Entrenchment, share.
    pub entrenched: Lane,
    /// How strongly routs and losses next door affect it, share.
    pub shaken: Lane,
    /// Remaining days of the rout.
    pub rout: Lane,
    /// Ground lost when the rout began, km.
    pub rout_from: Lane,
    /// Fighting power.
    pub power: Lane,
    /// Cover from entrenchment and belts at the line.
    pub cover: Lane,
    /// Killed and wounded today, share of strength.
    pub losses: Lane,
    /// 1 where it is withdrawing.
    pub withdrawing: Lane,
    /// Days since the order to withdraw.
    pub withdrawal_days: Lane,
    /// Share of the soldiers that could still get out.
    pub escape: Lane,
    /// 1 where it was driven out of the sector.
    pub lost: Lane,
    /// How far its loss of the sector leaves its neighbours' flanks open, share.
    pub gap: Lane,
    /// 1 where it gave up the sector.
    pub ceded: Lane,
    /// Clock of the next rout.
    pub rout_clock: Clock,
    /// Clock of the order to withdraw.
    pub withdrawal_clock: Clock,
}

/// A sector.
#[derive(Clone, Copy, Debug)]
pub struct SectorState {
    /// The sides.
    pub sides: [SideState; 2],
    /// Ground gained by side 1 since the start, km (negative: by side 0).
    pub line: Lane,
    /// Movement of the line today, km.
    pub advance: Lane,
    /// 1 where both sides are still in it.
    pub open: Lane,
    /// Share of days in contact relative to an active sector.
    pub tempo: Lane,
}

impl SectorState {
    /// Ground lost by a side since the start, km.
    #[inline(always)]
    pub fn given(&self, side: usize) -> Lane {
        if side == 0 { self.line } else { -self.line }
    }
}

/// A source.
#[derive(Clone, Copy, Debug)]
pub struct SourceState {
    /// The lanes in which it is open.
    pub open: Mask,
    /// Men who can still be taken.
    pub left: Lane,
}
