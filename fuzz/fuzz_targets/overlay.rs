//! An overlay.
#![no_main]
libfuzzer_sys::fuzz_target!(|text: &str| breakaway_fuzz::with("overlay.toml", text, &["overlay.toml"]));
