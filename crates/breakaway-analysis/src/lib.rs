//! What an ensemble means.

pub mod effects;
pub mod given;
pub mod prim;
pub mod resample;
pub mod scores;
