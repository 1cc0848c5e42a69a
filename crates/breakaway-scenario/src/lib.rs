#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod base_rate;
mod build;
mod cell;
mod change_kind;
pub mod claim;
pub mod diagnostic;
mod draft;
mod entries;
mod files;
mod form;
mod lever;
pub mod lines;
mod load;
mod names;
mod nesting;
pub mod observed;
mod order;
mod outcome;
mod read;
mod resolve;
mod scale;
mod scenario;
mod schema;
mod tables;
mod text;

pub use base_rate::BaseRate;
pub use change_kind::{CHANGES, ChangeKind, Target};
pub use claim::Claim;
pub use diagnostic::Diagnostic;
pub use lever::Lever;
pub use load::{load, load_from_memory, override_fault};
pub use outcome::Outcome;
pub use scenario::{Scenario, Unknown};
pub use schema::schemas;
