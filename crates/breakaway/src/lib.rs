#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod job;
pub mod prelude;
mod question;
pub mod words;
pub mod request;

pub use question::{Question, keep};
