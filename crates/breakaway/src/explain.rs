//! `explain`: what a claim of a stored run depends on.

use crate::args::ExplainArgs;
use crate::fail::Fail;
use crate::findings;
use breakaway_analysis::{Taken, explain::explain as find};

/// Runs the command.
pub fn explain(args: &ExplainArgs) -> Result<(), Fail> {
    let taken = Taken::open(&args.run)?;
    let found = find(&taken, args.claim.as_deref(), args.members)?;
    findings::keep(Some(&taken.store), &found)?;
    findings::print(&found, args.format, args.claim.is_some() || args.tables)
}
