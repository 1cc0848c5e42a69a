//! Claims that refer to other claims: no circles, and a bounded size.

use super::Resolver;
use crate::claim::{Claim, Statement, visit};

/// Most statements in a claim, with those of the claims to which it refers, each as often as it is
/// referred to: each costs time on each day of each simulation.
const LARGEST: u64 = 10_000;
/// Longest chain of claims, each of which refers to the next.
const LONGEST: u64 = 200;

/// What is known of a claim's size.
#[derive(Clone, Copy, Default)]
struct Size {
    /// Statements, counted with their multiplicity.
    statements: u64,
    /// Claims in its longest chain of references.
    chain: u64,
}

impl Size {
    fn excessive(self) -> bool {
        self.statements > LARGEST || self.chain > LONGEST
    }
}

impl Resolver<'_> {
    /// Notes claims that refer to each other in a circle, and claims that are too large.
    pub(super) fn check_references(&self, claims: &[Claim]) {
        let refers: Vec<Vec<usize>> = claims.iter().map(|claim| references(&claim.that)).collect();
        let (order, circular) = ordered(&refers);
        if !circular.is_empty() {
            return circles(&refers, &circular).iter().for_each(|circle| self.circle(claims, circle));
        }
        let mut sizes = vec![Size::default(); claims.len()];
        for &c in &order {
            sizes[c] = size(&claims[c].that, &refers[c], &sizes);
        }
        let mut seen = vec![usize::MAX; claims.len()];
        for (c, claim) in claims.iter().enumerate() {
            let conditions = claim.given.as_ref().map_or(vec![], references);
            let given =
                claim.given.as_ref().map_or(Size::default(), |given| size(given, &conditions, &sizes));
            // The fault of a claim that others refer to is not repeated for them.
            let follows = refers[c].iter().chain(&conditions).any(|&other| sizes[other].excessive());
            if !follows && (sizes[c].excessive() || given.excessive()) {
                self.too_large(c, if given.excessive() { given } else { sizes[c] });
            } else if !follows && reaches(&refers, &conditions, c, &mut seen) {
                self.circle(claims, &[c]);
            }
        }
    }

    fn too_large(&self, claim: usize, size: Size) {
        let (id, _) = &self.draft.claims.as_slice()[claim];
        if size.statements > LARGEST {
            let count =
                if size.statements == u64::MAX { "far more".into() } else { size.statements.to_string() };
            self.note(
                &id.spot,
                format!(
                    "the claim `{}` has {count} statements, with those of the claims that it refers to",
                    id.name
                ),
                format!("a claim may have {LARGEST}: refer to each other claim once"),
            );
        } else {
            let message = format!("the claim `{}` starts a chain of more than {LONGEST} claims", id.name);
            self.note(&id.spot, message, "refer to claims that consist of events and observables");
        }
    }

    fn circle(&self, claims: &[Claim], circle: &[usize]) {
        let (id, _) = &self.draft.claims.as_slice()[circle[0]];
        let others: Vec<String> =
            circle[1..].iter().take(5).map(|&c| format!("`{}`", claims[c].id)).collect();
        let more = if circle.len() > 6 { " and others" } else { "" };
        let through =
            if others.is_empty() { String::new() } else { format!(" through {}{more}", others.join(", ")) };
        self.note(
            &id.spot,
            format!("the claim `{}` refers to itself{through}", id.name),
            "a claim may refer to others, but not in a circle",
        );
    }
}

/// The claims to which a statement refers, each as often as it does.
fn references(that: &Statement) -> Vec<usize> {
    let mut found = vec![];
    visit(that, &mut |inner| {
        if let Statement::Claim(claim) = inner {
            found.push(*claim);
        }
    });
    found
}

fn size(that: &Statement, refers: &[usize], sizes: &[Size]) -> Size {
    let mut all = Size { statements: 0, chain: 1 };
    visit(that, &mut |_| all.statements = all.statements.saturating_add(1));
    for &other in refers {
        all.statements = all.statements.saturating_add(sizes[other].statements);
        all.chain = all.chain.max(sizes[other].chain.saturating_add(1));
    }
    all
}

/// Claims after those to which they refer; and the claims that are in circles or refer to some.
fn ordered(refers: &[Vec<usize>]) -> (Vec<usize>, Vec<usize>) {
    let mut referred_by = vec![vec![]; refers.len()];
    for (claim, others) in refers.iter().enumerate() {
        others.iter().for_each(|&other| referred_by[other].push(claim));
    }
    let mut open: Vec<usize> = refers.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..refers.len()).filter(|&claim| open[claim] == 0).collect();
    let mut next = 0;
    while let Some(&done) = order.get(next) {
        next += 1;
        for &claim in &referred_by[done] {
            open[claim] -= 1;
            if open[claim] == 0 {
                order.push(claim);
            }
        }
    }
    let circular = (0..refers.len()).filter(|&claim| open[claim] > 0).collect();
    (order, circular)
}

/// Some circles among the claims that are in circles or refer to some; at least one.
fn circles(refers: &[Vec<usize>], circular: &[usize]) -> Vec<Vec<usize>> {
    let mut walk_of = vec![usize::MAX; refers.len()];
    let mut inside = vec![false; refers.len()];
    circular.iter().for_each(|&claim| inside[claim] = true);
    let mut found = vec![];
    for (walk, &start) in circular.iter().enumerate() {
        let (mut path, mut at) = (vec![], start);
        while walk_of[at] == usize::MAX {
            walk_of[at] = walk;
            path.push(at);
            // A claim that is left over refers to another that is.
            let Some(&next) = refers[at].iter().find(|&&other| inside[other]) else { break };
            at = next;
        }
        if walk_of[at] == walk
            && let Some(first) = path.iter().position(|&claim| claim == at)
        {
            found.push(path.split_off(first));
        }
    }
    found
}

/// Whether a claim can be reached from others.
fn reaches(refers: &[Vec<usize>], from: &[usize], claim: usize, seen: &mut [usize]) -> bool {
    let mut open = from.to_vec();
    while let Some(at) = open.pop() {
        if at == claim {
            return true;
        }
        if seen[at] != claim {
            seen[at] = claim;
            open.extend(&refers[at]);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_circles() {
        // 0 -> 1 -> 2; 3 <-> 4; 5 -> 3; 6 -> 6.
        let refers = [vec![1, 1], vec![2], vec![], vec![4], vec![3], vec![3], vec![6]].map(Vec::from);
        let (order, circular) = ordered(&refers);
        assert_eq!((order, circular.as_slice()), (vec![2, 1, 0], [3, 4, 5, 6].as_slice()));
        assert_eq!(circles(&refers, &circular), [vec![3, 4], vec![6]]);
        let mut seen = [usize::MAX; 7];
        assert!(reaches(&refers, &[0], 2, &mut seen));
        assert!(!reaches(&refers, &[2], 0, &mut seen));
    }
}
