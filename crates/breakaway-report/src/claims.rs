//! The answer: one bar a claim.

use crate::page::FEW;
use breakaway_ensemble::RangeEnd;
use breakaway_store::{Answers, ClaimAnswer, Manifest};
use breakaway_text::Dates;
use breakaway_text::numbers::count;
use breakaway_text::splitting::split_for;
use breakaway_text::spoken::{about, between, percent};
use maud::{Markup, html};

/// Each claim with its probability, its range, and what happened.
pub(crate) fn claims(manifest: &Manifest, answers: &Answers, dates: &Dates) -> Markup {
    let scored: Vec<f64> = answers.claims.iter().filter_map(ClaimAnswer::brier).collect();
    html! {
        section #answer {
            h2 { "The answer" }
            p {
                "Each bar runs from 0 to 100 %. The tick is the probability. The wide band is " b { "what we do not know" }
                ": the middle 90 % of the parameter sets give a probability in it. The narrow dark band is " b { "chance" }
                ": the 95 % interval of the probability, which more simulations would make narrower."
            }
            ol.claims {
                @for (claim, record) in answers.claims.iter().zip(&manifest.claims) {
                    li #{ "claim-" (claim.id) } {
                        p.says { (claim.text) }
                        (verdict(dates, claim))
                        p.small { "Source of the claim: " (record.source) "." }
                    }
                }
            }
            @if !scored.is_empty() {
                p {
                    "Mean Brier score of the " (scored.len()) " claims whose outcome is known: "
                    b { (format!("{:.2}", scored.iter().sum::<f64>() / scored.len() as f64)) }
                    " (0 is perfect; always saying 50 % gives 0.25)."
                }
            }
        }
    }
}

fn verdict(dates: &Dates, claim: &ClaimAnswer) -> Markup {
    let Some(p) = claim.probability else {
        return html! {
            p {
                @match claim.members {
                    0 => "No simulation meets the condition of this claim, so the run says nothing about it.",
                    n => { "Too few simulations (" (n) ") meet the condition of this claim to say anything about it." }
                }
            }
        };
    };
    let range = claim.range.map(|range| range.values());
    let said = about(p);
    let ranged = range.filter(|_| p > 0.0 && p < 1.0).and_then(|(low, high)| between(low, high));
    let (from, to) = claim.interval.unwrap_or((p, p));
    html! {
        p.verdict {
            b { (said) }
            @if let Some(ranged) = &ranged { ", " (ranged) }
            @if claim.conditional {
                " of the " (count(claim.members.into(), "simulation that meets", "simulations that meet")) " its condition"
                @if claim.members < FEW { ", which is few" }
            }
            @if let Some(day) = claim.median_day { "; the median date is " (dates.long(day)) }
            "."
        }
        div.bar role="img" aria-label={ "Probability " (said) @if let Some(ranged) = &ranged { ", over parameter sets " (ranged) } } {
            @if let Some((low, high)) = range { span.unknown style=(span(low, high)) {} }
            span.chance style=(span(from, to)) {}
            @if let Some(rate) = &claim.base_rate { span.base style={ "left:" (format!("{:.2}", rate.probability * 100.0)) "%" } {} }
            span.tick style={ "left:" (format!("{:.2}", p * 100.0)) "%" } {}
        }
        p.small {
            @match claim.range {
                Some(range) if ranged.is_some() => {
                    "The ends of the band are themselves uncertain: " (ends(range.low)) " % and " (ends(range.high)) " %. "
                }
                Some(_) => {}
                None => "How far parameter sets differ is not determined: it cannot be told from chance. ",
            }
            @if let Some(share) = claim.unknown_share.filter(|_| claim.range.is_some() && p > 0.0 && p < 1.0) {
                @if share < 0.01 { "Nearly all of the uncertainty is chance. " }
                @else { "About " (percent(share)) " % of the uncertainty is what we do not know, the rest is chance. " }
            }
            @if let Some(found) = split_for(claim) {
                "By splitting (simulations that come near are continued again and again with new random numbers, and count for less): "
                (found) ". "
            }
            @match claim.outcome {
                Some(true) => { b { "It happened" } @if let Some(day) = claim.outcome_day { " (" (dates.long(day)) ")" } "." }
                Some(false) => { b { "It did not happen" } "." }
                None => {}
            }
            @if let Some(score) = claim.brier() { " Brier score " (format!("{score:.2}")) "." }
        }
        @if let Some(rate) = &claim.base_rate {
            p.small {
                "Base rate (dashed): about " (percent(rate.probability)) " %"
                @if let Some(ranged) = between(rate.low, rate.high) { ", " (ranged) }
                ", of: " (rate.text) " (" (rate.source) ")"
            }
        }
    }
}

/// The interval of an end.
fn ends(end: RangeEnd) -> String {
    format!("{} to {}", percent(end.from), percent(end.to))
}

/// Where a part of a bar stands.
fn span(low: f64, high: f64) -> String {
    let (low, high) = (low.clamp(0.0, 1.0) * 100.0, high.clamp(0.0, 1.0) * 100.0);
    format!("left:{low:.2}%;width:{:.2}%", high - low)
}
