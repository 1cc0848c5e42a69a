#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod bins;
pub mod block;
pub mod claim_monitor;
pub mod context;
pub mod design;
pub mod event_record;
pub mod histograms;
mod hypercube;
pub mod mixture;
pub mod numbers;
pub mod parallel;
pub mod parameter_source;
pub mod plan;
mod rejected;
pub mod replay;
pub mod share;
pub mod simulate;
pub mod splitting;
pub mod tally;

pub use context::{Cancel, Context, Observer, Progress, Stopped, Task};
pub use design::{Design, DesignKind};
pub use event_record::EventRecord;
pub use mixture::{RangeEnd, UnknownRange};
pub use parameter_source::{ParameterSource, Posterior};
pub use plan::Plan;
pub use rejected::Rejected;
pub use share::Share;
pub use tally::Tally;
