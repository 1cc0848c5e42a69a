#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod branch;
pub mod calibration;
pub mod cascade;
pub mod claims;
pub mod comparison;
pub mod condition;
pub mod coverage;
pub mod dates;
pub mod events;
pub mod explanation;
pub mod finding;
pub mod hindcast;
pub mod numbers;
pub mod overview;
pub mod parameters;
pub mod posterior;
pub mod rehearsal;
pub mod render;
pub mod safe;
pub mod score;
pub mod splitting;
pub mod spoken;
pub mod story;
pub mod sweep;
pub mod trajectory;
pub mod validation;

pub use dates::Dates;
pub use finding::{Cell, Finding, Table};
