//! Answers by splitting, in words.

use crate::numbers::{count, number, percent, thousands};
use breakaway_store::{ClaimAnswer, RareAnswer};

/// How answers with a star were made.
pub(crate) const SPLITTING: &str = "* by splitting: simulations that come near are continued again and again with fresh chance, and weigh \
                         the less for it.";

/// Beginnings below which intervals were found to contain the truth too seldom (docs/src/validation.md).
const FEW_BEGINNINGS: u32 = 10;

/// What a claim's splitting found, in a sentence; none where it was not split for.
pub fn split_for(claim: &ClaimAnswer) -> Option<String> {
    let RareAnswer { claim: whole, estimate } = claim.rare?;
    let what = match (whole, claim.conditional) {
        (true, true) => "condition and claim come true",
        (true, false) => "comes true",
        (false, _) => "the condition is met",
    };
    let (from, to) = estimate.interval;
    let made = count(estimate.simulations.into(), "simulation", "simulations");
    Some(match estimate.reached {
        0 => format!("{what} in fewer than {} of futures ({made})", rare(to)),
        reached => format!(
            "{what} in {} of futures ({} to {}); {} of {made} reached it, of {}{}",
            rare(estimate.probability),
            rare(from),
            rare(to),
            thousands(reached.into()),
            count(estimate.families.into(), "beginning", "beginnings"),
            if estimate.families < FEW_BEGINNINGS { ": too few to rely on the interval" } else { "" },
        ),
    })
}

/// A share that may be far below a percent.
pub(crate) fn rare(share: f64) -> String {
    if share >= 0.001 { percent(share) } else { format!("{} in a million", number(share * 1e6)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_shares_are_counted_in_a_million() {
        assert_eq!([0.012, 0.001, 2.45e-5].map(rare), ["1.2 %", "0.1 %", "24.5 in a million"]);
    }
}
