//! A manifest: whatever is read has the checksum of what was written.
#![no_main]
use breakaway_store::Manifest;
use std::path::Path;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(manifest) = Manifest::from_text(text, Path::new("run")) {
        let again = Manifest::from_text(&manifest.text(), Path::new("run"));
        assert!(again.is_ok_and(|again| again.checksum.len() == 64));
    }
});
