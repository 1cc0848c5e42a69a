//! claims.toml
#![no_main]
libfuzzer_sys::fuzz_target!(|text: &str| breakaway_fuzz::with("claims.toml", text, &[]));
