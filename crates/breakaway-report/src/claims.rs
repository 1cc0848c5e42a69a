//! The answer: one bar a claim.

use crate::page::FEW;
use crate::words::{Words, about, between, percent, thousands};
use breakaway_ensemble::Manifest;
use breakaway_ensemble::answer::{Answers, ClaimAnswer};
use maud::{Markup, html};

/// Each claim with its probability, its range, and what happened.
pub(crate) fn claims(manifest: &Manifest, answers: &Answers, words: &Words) -> Markup {
    let scored: Vec<f64> = answers.claims.iter().filter_map(ClaimAnswer::brier).collect();
    html! {
        section #answer {
            h2 { "The answer" }
            p {
                "Each bar runs from 0 to 100 %. The tick is the probability. The wide band is " b { "ignorance" }
                ": the middle 90 % of the parameter draws lie in it. The narrow dark band is " b { "luck" }
                ": twice the standard error to either side, which more members would make narrower."
            }
            ol.claims {
                @for (claim, record) in answers.claims.iter().zip(&manifest.claims) {
                    li #{ "claim-" (claim.id) } {
                        p.says { (claim.text) }
                        (verdict(words, claim, record.outcome_day))
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

fn verdict(words: &Words, claim: &ClaimAnswer, outcome_day: Option<u32>) -> Markup {
    let Some(p) = claim.probability else {
        return html! { p { "No member meets the condition of this claim: the run says nothing about it." } };
    };
    let range = claim.low.zip(claim.high);
    let said = about(p);
    let ranged = range.filter(|_| p > 0.0 && p < 1.0).and_then(|(low, high)| between(low, high));
    let luck = 2.0 * claim.error.unwrap_or(0.0);
    html! {
        p.verdict {
            b { (said) }
            @if let Some(ranged) = &ranged { ", " (ranged) }
            @if claim.conditional {
                " of the " (thousands(claim.members)) @if claim.members == 1 { " member that meets" } @else { " members that meet" } " its condition"
                @if claim.members < FEW { ", which is few" }
            }
            @if let Some(day) = claim.median_day { "; in the median member on " (words.date(day)) }
            "."
        }
        div.bar role="img" aria-label={ "Probability " (said) @if let Some(ranged) = &ranged { ", over parameter draws " (ranged) } } {
            @if let Some((low, high)) = range { span.ignorance style=(span(low, high)) {} }
            span.luck style=(span(p - luck, p + luck)) {}
            @if let Some(rate) = &claim.base_rate { span.base style={ "left:" (format!("{:.2}", rate.probability * 100.0)) "%" } {} }
            span.tick style={ "left:" (format!("{:.2}", p * 100.0)) "%" } {}
        }
        p.small {
            @if let Some(share) = claim.ignorance.filter(|_| p > 0.0 && p < 1.0) {
                @if share < 0.01 { "Of the uncertainty hardly any is ignorance of parameters: it is luck. " }
                @else { "Of the uncertainty, about " (percent(share)) " % is ignorance of parameters, the rest luck. " }
            }
            @match claim.outcome {
                Some(true) => { b { "It happened" } @if let Some(day) = outcome_day { " (" (words.date(day)) ")" } "." }
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

/// Where a part of a bar stands.
fn span(low: f64, high: f64) -> String {
    let (low, high) = (low.clamp(0.0, 1.0) * 100.0, high.clamp(0.0, 1.0) * 100.0);
    format!("left:{low:.2}%;width:{:.2}%", high - low)
}
