//! One day, compiled for several instruction sets and chosen when the program runs.
//!
//! The mechanisms are plain loops over [`crate::lanes::WIDTH`] members, inlined whole into each
//! of the functions below; the compiler turns them into the vector instructions that the
//! function may use. No operation differs between the sets, so the bits do not either (tested).

use crate::day::day;
use crate::event::Log;
use crate::mechanism::Day;
use crate::state::State;

/// Vector instructions to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Simd {
    /// What every processor of this kind has (SSE2 on x86-64, NEON on aarch64).
    Baseline,
    /// AVX2.
    Avx2,
    /// AVX-512.
    Avx512,
}

impl Simd {
    /// The sets that this processor has, the widest last.
    pub fn available() -> Vec<Simd> {
        let mut found = vec![Simd::Baseline];
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx2") {
                found.push(Simd::Avx2);
            }
            if std::arch::is_x86_feature_detected!("avx512f")
                && std::arch::is_x86_feature_detected!("avx512dq")
                && std::arch::is_x86_feature_detected!("avx512vl")
                && std::arch::is_x86_feature_detected!("avx512bw")
            {
                found.push(Simd::Avx512);
            }
        }
        found
    }

    /// The widest set that this processor has.
    pub fn best() -> Simd {
        Simd::available().last().copied().unwrap_or(Simd::Baseline)
    }
}

/// Lets a day pass with the given instruction set, which must be among [`Simd::available`];
/// another one counts as the baseline.
pub fn advance(simd: Simd, cx: &Day, s: &mut State, log: &mut Log) {
    match simd {
        #[cfg(target_arch = "x86_64")]
        Simd::Avx2 if Simd::available().contains(&simd) => {
            // SAFETY: the processor has the instructions, as just checked.
            unsafe { avx2(cx, s, log) }
        }
        #[cfg(target_arch = "x86_64")]
        Simd::Avx512 if Simd::available().contains(&simd) => {
            // SAFETY: as above.
            unsafe { avx512(cx, s, log) }
        }
        _ => baseline(cx, s, log),
    }
}

#[inline(never)]
fn baseline(cx: &Day, s: &mut State, log: &mut Log) {
    day(cx, s, log);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline(never)]
fn avx2(cx: &Day, s: &mut State, log: &mut Log) {
    day(cx, s, log);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]
#[inline(never)]
fn avx512(cx: &Day, s: &mut State, log: &mut Log) {
    day(cx, s, log);
}
