//! A part: the body of one with a right digest, so that the block behind it is fuzzed too.
#![no_main]
use breakaway_store::part::{decode, seal};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    assert!(decode(bytes, "0123456789abcdef", &(0..16)).is_none_or(|block| block.members.len() == 16));
    let sealed = seal("0123456789abcdef", &(0..16), bytes);
    let _ = decode(&sealed, "0123456789abcdef", &(0..16));
});
