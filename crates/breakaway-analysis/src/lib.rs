#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod loaded_run;
pub mod methods;
pub mod questions;

pub use breakaway_store::Error;
pub use loaded_run::{LoadedRun, claims};
