//! A stored run as one self-contained page: answers, map, front, loyalties, order, findings of
//! analyses, stories, and what went in.
//!
//! The page needs no server and no network. Its charts are drawn by Plotly, whose bundle stands
//! in the page once, from the numbers in one JSON block. All text of a scenario reaches the page
//! escaped.

mod charts;
mod claims;
#[cfg(test)]
mod contrast;
mod findings;
mod page;
mod story;
mod words;

use breakaway_analysis::shelf;
use breakaway_ensemble::answer::answers;
use breakaway_ensemble::history::{failed, happenings, spreads};
use breakaway_ensemble::order::Order;
use breakaway_ensemble::{Error, Manifest, Store};

/// The page of a complete run.
pub fn html(store: &Store, manifest: &Manifest) -> Result<String, Error> {
    let answers = answers(store, manifest)?;
    let spreads = spreads(store, &charts::wanted())?;
    let histories = happenings(store, &manifest.names)?;
    let words = words::Words::of(manifest);
    let charts = charts::Charts::of(manifest, &spreads);
    let order = Order::of(manifest, manifest.names.main_polity(), &histories);
    let stories = story::three(manifest, &words, &failed(store)?, &histories);
    let findings = shelf::kept(store)?;
    let page = page::Page {
        manifest,
        answers: &answers,
        words: &words,
        order: &order,
        findings: &findings,
        stories: &stories,
    };
    Ok(page.render(&charts))
}
