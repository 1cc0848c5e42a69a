//! Claims that refer to other claims.

use super::Resolver;
use crate::claim::{Claim, Statement};

impl Resolver<'_> {
    /// A claim that refers, through others, to itself.
    pub(super) fn find_cycles(&self, claims: &[Claim]) {
        fn refers(that: &Statement, into: &mut Vec<usize>) {
            match that {
                Statement::Claim(c) => into.push(*c),
                Statement::All(all) | Statement::Any(all) => all.iter().for_each(|that| refers(that, into)),
                Statement::Not(that) => refers(that, into),
                Statement::Order { first, then, .. } => {
                    [first, then].into_iter().for_each(|that| refers(that, into))
                }
                _ => {}
            }
        }
        for (start, claim) in claims.iter().enumerate() {
            let mut reached = vec![];
            refers(&claim.that, &mut reached);
            claim.given.iter().for_each(|given| refers(given, &mut reached));
            let mut at = 0;
            while at < reached.len() {
                let mut next = vec![];
                refers(&claims[reached[at]].that, &mut next);
                next.retain(|c| !reached.contains(c));
                reached.extend(next);
                at += 1;
            }
            if reached.contains(&start) {
                let (id, _) = &self.draft.claims.as_slice()[start];
                self.note(
                    &id.spot,
                    format!("the claim `{}` refers to itself", claim.id),
                    "claims may refer to others, but not in a circle",
                );
            }
        }
    }
}
