//! RandomStreams: counter-based random numbers, Philox 4x32-10 (Salmon et al. 2011, "Parallel random
//! numbers: as easy as 1, 2, 3").
//!
//! A number is a function of (seed, member, day, stream, entity) and of nothing else: any
//! member can be run alone, any split over threads gives the same bytes, and two scenarios
//! under one seed share their random. A stream belongs to one purpose of one mechanism, so that
//! switching a mechanism off leaves the random numbers of the others as they were.

use crate::dispatch::{Simd, dispatched};
use crate::lanes::{Bits, Lane, Mask, WIDTH};

/// What a random number is for. The number is part of the key: never reorder, only append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Stream {
    /// Intensity of combat, hits on crossings: one block a sector-day.
    Front = 0,
    /// Men killed, wounded: one block a sector.
    Losses = 1,
    /// The clock of routs.
    Rout = 2,
    /// Men who leave a sector, and those captured.
    Desertion = 3,
    /// The clock of withdrawals.
    Withdrawal = 4,
    /// Men encircled when a sector is lost.
    Encirclement = 5,
    /// Recruits who finish training; wounded who return.
    Training = 6,
    /// Men taken from a region; deaths reported to it, wounded sent home.
    Intake = 7,
    /// Stragglers arriving in a region.
    Arrival = 8,
    /// Deserters leaving that state in a region.
    Deserters = 9,
    /// Band members leaving that state, civilians driven out.
    Bands = 11,
    /// Citizens joining or leaving protest.
    Citizens = 13,
    /// Officials leaving or returning.
    Officials = 14,
    /// Guards melting away.
    Guards = 15,
    /// Recruits and losses of movements' armed wings; exiles returning.
    Movements = 16,
    /// The clock of congresses.
    Congress = 17,
    /// The clock of declarations.
    Declaration = 18,
    /// The clock of contests.
    Contest = 19,
    /// The clock of the centre's fall, and what follows.
    Fall = 20,
    /// Guards moved by the centre.
    Redeployment = 21,
}

/// One Philox 4x32-10 block for one counter and key.
pub fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let lanes = philox_lanes(Simd::BASELINE, &counter.map(|c| Bits([c; WIDTH])), key);
    lanes.map(|bits| bits.0[0])
}

dispatched! { fn philox_lanes(counter: &[Bits; 4], key: [u32; 2]) -> [Bits; 4] = ten_rounds; }

#[inline(always)]
fn ten_rounds(counter: &[Bits; 4], key: [u32; 2]) -> [Bits; 4] {
    let mut c = *counter;
    let [mut k0, mut k1] = key;
    for _ in 0..10 {
        let mut next = [Bits([0; WIDTH]); 4];
        let mut i = 0;
        while i < WIDTH {
            let p = u64::from(c[0].0[i]) * 0xD251_1F53;
            let q = u64::from(c[2].0[i]) * 0xCD9E_8D57;
            next[0].0[i] = (q >> 32) as u32 ^ c[1].0[i] ^ k0;
            next[1].0[i] = q as u32;
            next[2].0[i] = (p >> 32) as u32 ^ c[3].0[i] ^ k1;
            next[3].0[i] = p as u32;
            i += 1;
        }
        c = next;
        k0 = k0.wrapping_add(0x9E37_79B9);
        k1 = k1.wrapping_add(0xBB67_AE85);
    }
    c
}

/// The random numbers of one vector of members.
#[derive(Clone, Copy, Debug)]
pub struct RandomStreams {
    simd: Simd,
    key: [u32; 2],
    members: Bits,
}

impl RandomStreams {
    /// The random numbers of these members under this seed.
    pub fn new(simd: Simd, seed: u64, members: [u32; WIDTH]) -> RandomStreams {
        RandomStreams { simd, key: [seed as u32, (seed >> 32) as u32], members: Bits(members) }
    }

    /// The random numbers of other members under the same seed.
    pub fn of(&self, members: [u32; WIDTH]) -> RandomStreams {
        RandomStreams { members: Bits(members), ..*self }
    }

    /// Where other members replace these.
    pub fn differs(&self, members: &[u32; WIDTH]) -> Mask {
        Mask(std::array::from_fn(|i| if self.members.0[i] == members[i] { 0 } else { !0 }))
    }

    /// Four uniforms in (0, 1) for one entity on one day.
    #[inline(always)]
    pub fn four(&self, day: u32, stream: Stream, entity: usize) -> [Lane; 4] {
        let [a, b, c, d] = self.block(day, stream, entity as u32, 1);
        [a.uniform(), b.uniform(), c.uniform(), d.uniform()]
    }

    /// A sequence of single uniforms, one an entity, for entities visited in order.
    #[inline(always)]
    pub fn sequence(&self, day: u32, stream: Stream) -> Sequence<'_> {
        Sequence { random: self, day, stream, group: usize::MAX, block: [Bits([0; WIDTH]); 4] }
    }

    #[inline(always)]
    fn block(&self, day: u32, stream: Stream, entity: u32, domain: u32) -> [Bits; 4] {
        let fixed = |word| Bits([word; WIDTH]);
        let counter = [self.members, fixed(day), fixed(entity), fixed((stream as u32) << 8 | domain)];
        philox_lanes(self.simd, &counter, self.key)
    }
}

/// One uniform an entity; four neighbours in number share a Philox block, made when the first
/// of them asks.
pub struct Sequence<'a> {
    random: &'a RandomStreams,
    day: u32,
    stream: Stream,
    group: usize,
    block: [Bits; 4],
}

impl Sequence<'_> {
    /// The uniform of `entity`.
    #[inline(always)]
    pub fn of(&mut self, entity: usize) -> Lane {
        if entity / 4 != self.group {
            self.group = entity / 4;
            self.block = self.random.block(self.day, self.stream, self.group as u32, 0);
        }
        self.block[entity % 4].uniform()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers of the Random123 distribution (file `kat_vectors`).
    #[test]
    fn philox_gives_its_published_answers() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([!0; 4], [!0; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn a_members_luck_does_not_depend_on_its_place() {
        let here = RandomStreams::new(Simd::best(), 7, std::array::from_fn(|i| i as u32));
        let there = RandomStreams::new(Simd::best(), 7, std::array::from_fn(|i| 15 - i as u32));
        let a = here.four(3, Stream::Front, 2);
        let b = there.four(3, Stream::Front, 2);
        assert_eq!(a[1].0[4], b[1].0[11]);
        assert_ne!(a[1].0[4], a[1].0[5]);
        let (mut x, mut y) = (here.sequence(9, Stream::Guards), here.sequence(9, Stream::Guards));
        let all: Vec<_> = (0..9).map(|r| x.of(r)).collect();
        assert_eq!(y.of(6), all[6], "skipping entities changes nothing");
    }
}
