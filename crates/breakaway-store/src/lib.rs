#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod answers;
mod because;
pub mod entities;
mod error;
pub mod estimate;
mod findings;
pub mod grid;
pub mod lock;
pub mod manifest;
mod merge;
pub mod part;
pub mod posterior_file;
pub mod publish;
pub mod rare;
mod read;
mod records;
pub mod run;
pub mod shard;
mod stored_run;
mod tables;

pub use answers::{Answers, ClaimAnswer, EventAnswer};
pub use because::because;
pub use entities::Entities;
pub use error::Error;
pub use findings::Kept;
pub use grid::Grid;
pub use manifest::Manifest;
pub use merge::merge;
pub use rare::RareAnswer;
pub use read::{Quantiles, QuantilesBySeries, RecordedMembers};
pub use run::{RunOptions, run};
pub use shard::{Shard, ShardClaim, ShardDone, run_shard};
pub use stored_run::StoredRun;

/// Names of a run's tables, in the order in which the book describes them.
pub const TABLES: [&str; 10] = [
    "claims",
    "verdicts",
    "simulations",
    "draws",
    "events",
    "last_day",
    "entities",
    "observables",
    "quantiles",
    "sample",
];
