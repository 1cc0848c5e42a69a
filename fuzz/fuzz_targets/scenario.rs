//! scenario.toml
#![no_main]
libfuzzer_sys::fuzz_target!(|text: &str| breakaway_fuzz::with("scenario.toml", text, &[]));
