//! What an ensemble means.

pub mod effects;
pub mod prim;
pub mod resample;
