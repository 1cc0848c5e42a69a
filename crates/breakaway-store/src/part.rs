//! Part files: the results of one block, with what is needed to believe them.
//!
//! A part begins with a mark, a digest of all that follows, the key of its run and the range of its
//! members. A part that was damaged, swapped, copied or renamed is not believed.

use crate::Error;
use crate::publish::publish;
use breakaway_ensemble::block::Block;
use sha2::{Digest, Sha256};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The first bytes of every part, with the version of its form.
const MARK: &[u8; 8] = b"brkpart1";
/// Length of a run's key.
const KEY: usize = 16;
const HEAD: usize = MARK.len() + 32 + KEY + 8;
/// Most bytes of a part before it was packed: what is larger is no part of ours.
const MOST_BYTES: usize = 4 << 30;

/// The parts of a run.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    folder: PathBuf,
    key: String,
}

impl Parts {
    /// The parts of the run with this key in a folder.
    pub(crate) fn of(run: &Path, key: &str) -> Parts {
        Parts { folder: run.join("parts"), key: key.into() }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, range: &Range<u32>) -> PathBuf {
        self.folder.join(format!("{:010}-{:010}.part", range.start, range.end))
    }

    /// Keeps a finished block.
    pub(crate) fn write(&self, range: &Range<u32>, block: &Block) -> Result<(), Error> {
        let path = self.path(range);
        publish(&path, &encode(&self.key, range, block).map_err(|e| Error::file(&path, e))?)
    }

    /// Whether the part of a block is there and sound. A damaged one is removed: its block is
    /// simulated again.
    pub(crate) fn is_sound(&self, range: &Range<u32>) -> bool {
        let path = self.path(range);
        let Ok(bytes) = fs::read(&path) else { return false };
        let sound = body(&bytes, &self.key, range).is_some();
        if !sound {
            let _ = fs::remove_file(&path);
        }
        sound
    }

    /// Reads the part of a block.
    pub(crate) fn read(&self, range: &Range<u32>) -> Result<Block, Error> {
        let path = self.path(range);
        let bytes = fs::read(&path).map_err(|e| Error::file(&path, e))?;
        decode(&bytes, &self.key, range).ok_or_else(|| {
            Error::file(&path, "the part is damaged; repeat the run to simulate its block again")
        })
    }

    /// Copies the part of a block, byte for byte.
    pub(crate) fn copy_from(&self, other: &Parts, range: &Range<u32>) -> Result<(), Error> {
        let path = other.path(range);
        publish(&self.path(range), &fs::read(&path).map_err(|e| Error::file(&path, e))?)
    }
}

/// A part's bytes.
fn encode(key: &str, range: &Range<u32>, block: &Block) -> std::io::Result<Vec<u8>> {
    let packed = postcard::to_stdvec(block).map_err(std::io::Error::other)?;
    Ok(seal(key, range, &zstd::stream::encode_all(&packed[..], 1)?))
}

/// The bytes of a part with this packed block, whatever it holds.
pub fn seal(key: &str, range: &Range<u32>, packed: &[u8]) -> Vec<u8> {
    let mut tail = vec![];
    tail.extend(key.as_bytes().iter().copied().chain(std::iter::repeat(0)).take(KEY));
    tail.extend(range.start.to_le_bytes());
    tail.extend(range.end.to_le_bytes());
    tail.extend(packed);
    let mut bytes = MARK.to_vec();
    bytes.extend(Sha256::digest(&tail));
    bytes.extend(tail);
    bytes
}

/// The packed block of a part that can be believed to be this range of the run with this key.
fn body<'b>(bytes: &'b [u8], key: &str, range: &Range<u32>) -> Option<&'b [u8]> {
    let (head, packed) = bytes.split_at_checked(HEAD)?;
    let (mark, rest) = head.split_at(MARK.len());
    let (digest, rest) = rest.split_at(32);
    let (own_key, range_bytes) = rest.split_at(KEY);
    let own_range = [range.start.to_le_bytes(), range.end.to_le_bytes()].concat();
    let key_bytes: Vec<u8> = key.as_bytes().iter().copied().chain(std::iter::repeat(0)).take(KEY).collect();
    let sound = mark == MARK
        && own_key == key_bytes
        && range_bytes == own_range
        && Sha256::digest(&bytes[MARK.len() + 32..])[..] == *digest;
    sound.then_some(packed)
}

/// Reads a part's bytes; none where they are not what they should be. Never panics, whatever the
/// bytes.
pub fn decode(bytes: &[u8], key: &str, range: &Range<u32>) -> Option<Block> {
    let packed = body(bytes, key, range)?;
    let mut plain = vec![];
    let decoder = zstd::stream::Decoder::new(packed).ok()?;
    std::io::Read::read_to_end(&mut std::io::Read::take(decoder, MOST_BYTES as u64), &mut plain).ok()?;
    let block: Block = postcard::from_bytes(&plain).ok()?;
    let numbers = block.members.iter().map(|member| member.number);
    (numbers.eq(range.clone()) && block.events.iter().all(|event| range.contains(&event.simulation)))
        .then_some(block)
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_ensemble::block::MemberRecord;

    fn block(range: Range<u32>) -> Block {
        let member = |number| MemberRecord { number, failed: None, verdicts: vec![], last_day: vec![0.5] };
        Block { members: range.map(member).collect(), events: vec![], histograms: Default::default() }
    }

    #[test]
    fn a_part_is_believed_only_as_it_was_written() {
        let range = 64..80;
        let bytes = encode("0123456789abcdef", &range, &block(range.clone())).expect("encoded");
        let read = |bytes: &[u8], key, range: &Range<u32>| {
            decode(bytes, key, range).map(|block| block.members.len())
        };
        assert_eq!(read(&bytes, "0123456789abcdef", &range), Some(16));
        assert_eq!(read(&bytes, "0123456789abcdee", &range), None, "of another run");
        assert_eq!(read(&bytes, "0123456789abcdef", &(48..64)), None, "of another block");
        for bit in 0..8 * bytes.len() {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read(&flipped, "0123456789abcdef", &range), None, "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert_eq!(read(&bytes[..length], "0123456789abcdef", &range), None);
        }
    }

    #[test]
    fn a_damaged_part_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let parts = Parts::of(folder.path(), "key");
        fs::create_dir_all(parts.folder()).expect("made");
        parts.write(&(0..16), &block(0..16)).expect("written");
        assert!(parts.is_sound(&(0..16)) && !parts.is_sound(&(16..32)));
        fs::write(parts.path(&(0..16)), b"").expect("written");
        assert!(!parts.is_sound(&(0..16)) && !parts.path(&(0..16)).exists());
    }
}
