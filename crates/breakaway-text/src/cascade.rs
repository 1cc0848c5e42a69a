//! Steps of a cascade in words.

use breakaway_analysis::questions::cascade::StepKind;

/// A step.
pub fn step(kind: StepKind) -> &'static str {
    match kind {
        StepKind::FrontGivesWay => "The front first gives way (a rout, a sector lost or given up)",
        StepKind::FrontCollapses => "Half of the front has collapsed",
        StepKind::GarrisonFails => "A garrison fails",
        StepKind::Vacuum => "A region has a vacuum of administration",
        StepKind::MassProtest => "Mass protest in a region",
        StepKind::Declared => "A region declares that it leaves",
        StepKind::Independent => "A region is independent in fact",
        StepKind::RegimeFalls => "The regime falls",
    }
}
