//! What conditions and random bits can do.

use super::{Bits, Lane, Mask, WIDTH, each};
use std::ops::{BitAnd, BitOr, Not};

impl BitAnd for Mask {
    type Output = Mask;
    #[inline(always)]
    fn bitand(self, other: Mask) -> Mask {
        each!(Mask, i => self.0[i] & other.0[i])
    }
}

impl BitOr for Mask {
    type Output = Mask;
    #[inline(always)]
    fn bitor(self, other: Mask) -> Mask {
        each!(Mask, i => self.0[i] | other.0[i])
    }
}

impl Not for Mask {
    type Output = Mask;
    #[inline(always)]
    fn not(self) -> Mask {
        each!(Mask, i => !self.0[i])
    }
}

impl Mask {
    /// Holds nowhere.
    pub const NONE: Mask = Mask([0; WIDTH]);
    /// Holds everywhere.
    pub const ALL: Mask = Mask([!0; WIDTH]);

    /// Whether it holds in any member. Only for skipping work that would change nothing.
    #[inline(always)]
    pub fn any(self) -> bool {
        let mut all = 0;
        let mut i = 0;
        while i < WIDTH {
            all |= self.0[i];
            i += 1;
        }
        all != 0
    }

    /// Whether it holds in member `i` of the vector.
    #[inline(always)]
    pub fn at(self, i: usize) -> bool {
        self.0[i] != 0
    }

    /// `yes` where it holds, `no` elsewhere.
    #[inline(always)]
    pub fn select(self, yes: impl Into<Lane>, no: impl Into<Lane>) -> Lane {
        let (yes, no) = (yes.into(), no.into());
        each!(Lane, i => {
            let m = self.0[i];
            f32::from_bits((m & yes.0[i].to_bits()) | (!m & no.0[i].to_bits()))
        })
    }

    /// 1 in the members of the mask, 0 in the others.
    #[inline(always)]
    pub fn indicator(self) -> Lane {
        self.select(1.0, 0.0)
    }

    /// The lanes in which it holds, in order.
    pub fn lanes(self) -> impl Iterator<Item = usize> {
        (0..WIDTH).filter(move |&i| self.at(i))
    }
}

impl Bits {
    /// A number in (0, 1): in steps of 2^-32 close to 0, so that rare hazards are drawn
    /// at their own rate.
    #[inline(always)]
    pub fn uniform(self) -> Lane {
        each!(Lane, i => {
            // Through a signed integer: every instruction set converts those in one step.
            let high = (self.0[i] >> 8) as i32 as f32 * (1.0 / 16_777_216.0);
            let low = (self.0[i] & 0xFF) as i32 as f32 * (1.0 / 4_294_967_296.0);
            let u = high + low + 1.0 / 8_589_934_592.0;
            if u > 0.999_999_9 { 0.999_999_9 } else { u }
        })
    }
}
