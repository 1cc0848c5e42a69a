#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod baselines;
pub mod calibrate;
pub mod case;
pub mod checkpoint;
pub mod diagnostics;
mod error;
pub mod hindcast;
pub mod matching;
mod normal;
mod piece;
pub mod rehearsal;
pub mod scores;
pub mod settings;
pub mod smc;
pub mod space;
pub mod summary;
pub mod work_folder;

pub use calibrate::calibrate;
pub use case::Case;
pub use diagnostics::CalibrationReport;
pub use error::Error;
pub use hindcast::{Hindcast, hindcast};
pub use rehearsal::{Rehearsal, rehearse};
pub use settings::Settings;
