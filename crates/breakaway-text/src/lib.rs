#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod calibration;
pub mod finding;
pub mod hindcast;
pub mod numbers;
pub mod rehearsal;
pub mod validation;

pub use finding::{Cell, Finding, Table};
