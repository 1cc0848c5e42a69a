//! A vector of members: the same quantity in [`WIDTH`] members at once.
//!
//! A mechanism's arithmetic reads like its equation because a [`Lane`] has the ordinary
//! operators. Three types are enough: [`Lane`] for real numbers, [`Count`] for people,
//! [`Mask`] for conditions. No operation looks across lanes except [`Lane::least`] and
//! [`Lane::most`], for summaries, and [`Mask::any`], which may only be used to skip work that
//! would change nothing; so a member's numbers do not depend on who shares its vector.
//!
//! Every operation is built from IEEE 754 additions, multiplications, divisions and square
//! roots in a fixed order, without fused multiply-add and without the platform's mathematical
//! library: the bits are the same on every processor. The loops are plain; the compiler turns
//! them into the vector instructions of the function that they are inlined into (see
//! [`crate::dispatch`]).

mod mask;

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// Members in a vector: one AVX-512 register, two of AVX2, four of SSE2 or NEON.
pub const WIDTH: usize = 16;

/// A real quantity in [`WIDTH`] members.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Lane(pub [f32; WIDTH]);

/// A number of people in [`WIDTH`] members: exact to 2,147,483,647 (an `f32` would be exact
/// to 16,777,216 only, which is less than a large region).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Count(pub [i32; WIDTH]);

/// A condition in [`WIDTH`] members: all bits set where it holds, none where not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Mask(pub [u32; WIDTH]);

/// Random or raw bits in [`WIDTH`] members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Bits(pub [u32; WIDTH]);

macro_rules! each {
    ($ty:ident, $i:ident => $value:expr) => {{
        let mut out = $ty([Default::default(); WIDTH]);
        let mut $i = 0;
        while $i < WIDTH {
            out.0[$i] = $value;
            $i += 1;
        }
        out
    }};
}

pub(crate) use each;

macro_rules! operator {
    ($trait:ident, $method:ident, $op:tt) => {
        impl $trait for Lane {
            type Output = Lane;
            #[inline(always)]
            fn $method(self, other: Lane) -> Lane {
                each!(Lane, i => self.0[i] $op other.0[i])
            }
        }
        impl $trait<f32> for Lane {
            type Output = Lane;
            #[inline(always)]
            fn $method(self, other: f32) -> Lane {
                each!(Lane, i => self.0[i] $op other)
            }
        }
        impl $trait<Lane> for f32 {
            type Output = Lane;
            #[inline(always)]
            fn $method(self, other: Lane) -> Lane {
                each!(Lane, i => self $op other.0[i])
            }
        }
    };
}
operator!(Add, add, +);
operator!(Sub, sub, -);
operator!(Mul, mul, *);
operator!(Div, div, /);

impl Neg for Lane {
    type Output = Lane;
    #[inline(always)]
    fn neg(self) -> Lane {
        each!(Lane, i => -self.0[i])
    }
}

impl AddAssign for Lane {
    #[inline(always)]
    fn add_assign(&mut self, other: Lane) {
        *self = *self + other;
    }
}

impl SubAssign for Lane {
    #[inline(always)]
    fn sub_assign(&mut self, other: Lane) {
        *self = *self - other;
    }
}

impl std::ops::MulAssign for Lane {
    #[inline(always)]
    fn mul_assign(&mut self, other: Lane) {
        *self = *self * other;
    }
}

impl std::ops::MulAssign<f32> for Lane {
    #[inline(always)]
    fn mul_assign(&mut self, other: f32) {
        *self = *self * other;
    }
}

impl SubAssign<f32> for Lane {
    #[inline(always)]
    fn sub_assign(&mut self, other: f32) {
        *self = *self - other;
    }
}

impl Default for Lane {
    fn default() -> Lane {
        Lane::ZERO
    }
}

impl Lane {
    /// 0 in every member.
    pub const ZERO: Lane = Lane([0.0; WIDTH]);
    /// One in every member.
    pub const ONE: Lane = Lane([1.0; WIDTH]);

    /// The same number in every member.
    #[inline(always)]
    pub const fn splat(x: f32) -> Lane {
        Lane([x; WIDTH])
    }

    /// The smaller of two, member by member; `other` where `self` is not a number.
    #[inline(always)]
    pub fn min(self, other: Lane) -> Lane {
        each!(Lane, i => if self.0[i] < other.0[i] { self.0[i] } else { other.0[i] })
    }

    /// The larger of two, member by member; `other` where `self` is not a number.
    #[inline(always)]
    pub fn max(self, other: Lane) -> Lane {
        each!(Lane, i => if self.0[i] > other.0[i] { self.0[i] } else { other.0[i] })
    }

    /// Held between `low` and `high`. What is not a number stays so, and is found by the
    /// day's check.
    #[inline(always)]
    pub fn clamp(self, low: f32, high: f32) -> Lane {
        each!(Lane, i => {
            let x = self.0[i];
            let x = if x < low { low } else { x };
            if x > high { high } else { x }
        })
    }

    /// Limited to the range from 0 to 1.
    #[inline(always)]
    pub fn unit(self) -> Lane {
        self.clamp(0.0, 1.0)
    }

    /// The positive part.
    #[inline(always)]
    pub fn positive(self) -> Lane {
        each!(Lane, i => if self.0[i] < 0.0 { 0.0 } else { self.0[i] })
    }

    /// Where smaller.
    #[inline(always)]
    pub fn lt(self, other: impl Into<Lane>) -> Mask {
        let other = other.into();
        each!(Mask, i => if self.0[i] < other.0[i] { !0 } else { 0 })
    }

    /// Where smaller or equal.
    #[inline(always)]
    pub fn le(self, other: impl Into<Lane>) -> Mask {
        let other = other.into();
        each!(Mask, i => if self.0[i] <= other.0[i] { !0 } else { 0 })
    }

    /// Where larger.
    #[inline(always)]
    pub fn gt(self, other: impl Into<Lane>) -> Mask {
        let other = other.into();
        each!(Mask, i => if self.0[i] > other.0[i] { !0 } else { 0 })
    }

    /// Where larger or equal.
    #[inline(always)]
    pub fn ge(self, other: impl Into<Lane>) -> Mask {
        let other = other.into();
        each!(Mask, i => if self.0[i] >= other.0[i] { !0 } else { 0 })
    }

    /// Where a finite number.
    #[inline(always)]
    pub fn is_finite(self) -> Mask {
        each!(Mask, i => if self.0[i].is_finite() { !0 } else { 0 })
    }

    /// The smallest of all members' numbers, none of which is to be NaN. Like [`Mask::any`] it
    /// looks across lanes: for summaries of members, not for what becomes of one.
    #[inline(always)]
    pub fn least(self) -> f32 {
        reduce(self.0, |a, b| if b < a { b } else { a })
    }

    /// The largest of all members' numbers; see [`Lane::least`].
    #[inline(always)]
    pub fn most(self) -> f32 {
        reduce(self.0, |a, b| if b > a { b } else { a })
    }

    /// Square root.
    #[inline(always)]
    pub fn sqrt(self) -> Lane {
        each!(Lane, i => self.0[i].sqrt())
    }

    /// The nearest whole number of people, not below zero.
    #[inline(always)]
    pub fn round(self) -> Count {
        each!(Count, i => {
            let x = self.0[i] + 0.5;
            let x = if x > 0.0 { x } else { 0.0 };
            let x = if x < 2.0e9 { x } else { 2.0e9 };
            // SAFETY: the comparisons leave a number between 0 and 2e9, also of what is not a
            // number. (The checked conversion is not vectorised.)
            unsafe { x.to_int_unchecked::<i32>() }
        })
    }

    /// The whole number of people below, not below zero.
    #[inline(always)]
    pub fn floor(self) -> Count {
        (self - 0.5).round()
    }
}

/// Halves a vector until one number is left.
#[inline(always)]
fn reduce(mut all: [f32; WIDTH], of: impl Fn(f32, f32) -> f32) -> f32 {
    let mut half = WIDTH / 2;
    while half > 0 {
        let mut i = 0;
        while i < half {
            all[i] = of(all[i], all[i + half]);
            i += 1;
        }
        half /= 2;
    }
    all[0]
}

impl From<f32> for Lane {
    #[inline(always)]
    fn from(x: f32) -> Lane {
        Lane::splat(x)
    }
}

impl Add for Count {
    type Output = Count;
    #[inline(always)]
    fn add(self, other: Count) -> Count {
        each!(Count, i => self.0[i].wrapping_add(other.0[i]))
    }
}

impl Sub for Count {
    type Output = Count;
    #[inline(always)]
    fn sub(self, other: Count) -> Count {
        each!(Count, i => self.0[i].wrapping_sub(other.0[i]))
    }
}

impl Count {
    /// Nobody in every member.
    pub const ZERO: Count = Count([0; WIDTH]);

    /// The same number in every member.
    #[inline(always)]
    pub const fn splat(n: i32) -> Count {
        Count([n; WIDTH])
    }

    /// As a real number (rounded to 24 bits above 16,777,216).
    #[inline(always)]
    pub fn real(self) -> Lane {
        each!(Lane, i => self.0[i] as f32)
    }

    /// The smaller of two.
    #[inline(always)]
    pub fn min(self, other: Count) -> Count {
        each!(Count, i => if self.0[i] < other.0[i] { self.0[i] } else { other.0[i] })
    }

    /// The larger of two.
    #[inline(always)]
    pub fn max(self, other: Count) -> Count {
        each!(Count, i => if self.0[i] > other.0[i] { self.0[i] } else { other.0[i] })
    }

    /// Where larger than `n`.
    #[inline(always)]
    pub fn gt(self, n: i32) -> Mask {
        each!(Mask, i => if self.0[i] > n { !0 } else { 0 })
    }

    /// The number where the mask holds, nobody elsewhere.
    #[inline(always)]
    pub fn only(self, mask: Mask) -> Count {
        each!(Count, i => self.0[i] & mask.0[i] as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_round_to_the_nearest_and_never_below_zero() {
        assert_eq!(Lane::splat(2.5).round(), Count::splat(3));
        assert_eq!(Lane::splat(-7.0).round(), Count::ZERO);
        assert_eq!(Lane::splat(2.9).floor(), Count::splat(2));
        assert_eq!(Lane::splat(f32::INFINITY).round(), Count::splat(2_000_000_000));
    }

    #[test]
    fn a_mask_selects_lane_by_lane() {
        let x = Lane(std::array::from_fn(|i| i as f32));
        let small = x.lt(3.0);
        assert_eq!(small.lanes().collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(small.select(1.0, x).0[..5], [1.0, 1.0, 1.0, 3.0, 4.0]);
        assert!(small.any() && !(small & !small).any());
    }

    #[test]
    fn uniforms_stay_inside_the_open_interval() {
        assert!(Bits([0; WIDTH]).uniform().0[0] > 0.0);
        assert!(Bits([!0; WIDTH]).uniform().0[0] < 1.0);
        let fine = Bits([5; WIDTH]).uniform().0[0];
        assert!(fine > 1e-9 && fine < 2e-9);
    }
}
