#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod finding;
pub mod numbers;

pub use finding::{Cell, Finding, Table};
