//! Vector instructions, chosen when the program runs.
//!
//! The mechanisms are plain loops over [`crate::lanes::WIDTH`] members, inlined into functions
//! that are compiled once for each instruction set; the compiler turns the loops into the
//! vector instructions that the function may use. No operation differs between the sets, so
//! the bits do not either (tested).

/// A set of vector instructions that this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simd(Set);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    /// What every processor of this kind has (SSE2 on x86-64, NEON on aarch64).
    Baseline,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Simd {
    /// What every processor of this kind has.
    pub const BASELINE: Simd = Simd(Set::Baseline);

    /// The sets that this processor has, the widest last.
    pub fn available() -> Vec<Simd> {
        #[allow(unused_mut, reason = "other processors have one choice")]
        let mut found = vec![Simd::BASELINE];
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx2") {
                found.push(Simd(Set::Avx2));
            }
            if std::arch::is_x86_feature_detected!("avx512f")
                && std::arch::is_x86_feature_detected!("avx512dq")
                && std::arch::is_x86_feature_detected!("avx512vl")
                && std::arch::is_x86_feature_detected!("avx512bw")
            {
                found.push(Simd(Set::Avx512));
            }
        }
        found
    }

    /// The widest set that this processor has.
    pub fn best() -> Simd {
        Simd::available().last().copied().unwrap_or(Simd::BASELINE)
    }

    /// Name, for messages.
    pub fn name(self) -> &'static str {
        match self.0 {
            Set::Baseline => "baseline",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => "avx512",
        }
    }

    /// Whether to use AVX2; for [`dispatched!`](crate::dispatched).
    #[cfg(target_arch = "x86_64")]
    pub fn is_avx2(self) -> bool {
        self.0 == Set::Avx2
    }

    /// Whether to use AVX-512; for [`dispatched!`](crate::dispatched).
    #[cfg(target_arch = "x86_64")]
    pub fn is_avx512(self) -> bool {
        self.0 == Set::Avx512
    }
}

/// Declares a function that is compiled for each instruction set from one inlined body, and takes
/// the [`Simd`] to use as its first argument. The body is to be `#[inline(always)]`.
#[macro_export]
macro_rules! dispatched {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),*) $(-> $ret:ty)? = $body:path;) => {
        $(#[$meta])*
        #[inline]
        $vis fn $name(simd: $crate::dispatch::Simd, $($arg: $ty),*) $(-> $ret)? {
            #[inline(never)]
            fn baseline($($arg: $ty),*) $(-> $ret)? {
                $body($($arg),*)
            }
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                #[inline(never)]
                fn avx2($($arg: $ty),*) $(-> $ret)? {
                    $body($($arg),*)
                }
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]
                #[inline(never)]
                fn avx512($($arg: $ty),*) $(-> $ret)? {
                    $body($($arg),*)
                }
                if simd.is_avx512() {
                    // SAFETY: such a `Simd` exists only where the processor has the instructions.
                    return unsafe { avx512($($arg),*) };
                }
                if simd.is_avx2() {
                    // SAFETY: as above.
                    return unsafe { avx2($($arg),*) };
                }
            }
            let _ = simd;
            baseline($($arg),*)
        }
    };
}
pub(crate) use dispatched;
