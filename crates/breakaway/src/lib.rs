#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod job;
pub mod named;
pub mod prelude;
mod question;
pub mod request;
pub mod words;

pub use question::{Question, keep};
