//! Published results that are not checked, and why.

use crate::check::NotChecked;
use std::borrow::Cow::Borrowed;

const fn not_checked(target: &'static str, what: &'static str, why: &'static str) -> NotChecked {
    NotChecked { target: Borrowed(target), what: Borrowed(what), why: Borrowed(why) }
}

/// Results that are not checked.
pub const NOT_CHECKED: &[NotChecked] = &[
    not_checked(
        "V2",
        "linear law in time",
        "Losses follow Helmbold's laws, which are homogeneous in the numbers. The law a x y is not one of them. Its path (b x - a y) is checked.",
    ),
    not_checked(
        "V5",
        "Engel's coefficients from his data",
        "This is arithmetic on the data, not a mechanism.",
    ),
    not_checked(
        "V6",
        "duels of a dozen soldiers",
        "A sector has thousands of soldiers: formulas for power and numbers add 1 to protect divisions. Checked from 50 soldiers on.",
    ),
    not_checked("V7", "Athena's posture times", "The model has no postures."),
    not_checked("V10", "edges of Watts's window", "They follow from V11 on both sides of the edges."),
    not_checked(
        "V12",
        "global games",
        "Movements coordinate by congresses and organisation. There is no private signal.",
    ),
    not_checked(
        "V15",
        "mean number of actives at 6 % cops",
        "Not reproduced: a re-run of four seeds gave 3.7, eight of ours give 1.3. So close to silence a few bursts decide it.",
    ),
    not_checked(
        "V17, V18",
        "Hawkes rates and Borel clusters",
        "Neighbours that have declared raise a region's hazard, without a kernel in time.",
    ),
    not_checked("V19", "size of epidemics", "No mechanism infects."),
    not_checked(
        "V21",
        "Blotto games",
        "The centre distributes guards by a rule of thumb (need and distance), not by a game.",
    ),
    not_checked(
        "V22",
        "jumps of the hazard of declaring in 1990-91",
        "This is a result of the union scenario, not of one mechanism. It has not been measured yet.",
    ),
    not_checked(
        "V23, V24",
        "why forces broke; outcomes of engagements",
        "A sector is a front over weeks, an engagement is a day of a division. Priors of attrition are taken from these data.",
    ),
    not_checked(
        "V27",
        "growth of the Monday demonstrations in Leipzig",
        "A region's protest depends on grievance and guards. No figures for one city are known.",
    ),
    not_checked("V28", "Fearon and Laitin's link", "This is a regression on countries, not a mechanism."),
];
