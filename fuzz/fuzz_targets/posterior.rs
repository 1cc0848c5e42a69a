//! A posterior.
#![no_main]
use breakaway_ensemble::Posterior;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(posterior) = Posterior::from_text(text) {
        assert!(!posterior.particles.is_empty());
    }
});
