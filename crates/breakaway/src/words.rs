//! Answers in words, for faces: how findings and some answers are rendered.

pub use breakaway_text::{claims, numbers, parameters, render, trajectory};
