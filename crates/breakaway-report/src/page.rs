//! The page itself.

use crate::charts::Charts;
use crate::order::{Order, Rank};
use crate::story::Story;
use crate::words::{Words, about, between, percent, thousands};
use breakaway_ensemble::answer::{Answers, ClaimAnswer};
use breakaway_ensemble::{Design, Manifest};
use breakaway_model::params;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Nothing is fetched from anywhere.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/// Members below which a share says little.
const FEW: u32 = 100;

/// What the page shows.
pub(crate) struct Page<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) answers: &'a Answers,
    pub(crate) words: &'a Words,
    pub(crate) order: &'a Order,
    pub(crate) stories: &'a [Story],
}

impl Page<'_> {
    /// The whole document.
    pub(crate) fn render(&self, charts: &Charts) -> String {
        let manifest = self.manifest;
        let design = manifest.design;
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="color-scheme" content="light dark";
                    title { (manifest.scenario) " - Breakaway" }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    header {
                        h1 { (manifest.scenario) }
                        @if !manifest.description.is_empty() { p { (manifest.description) } }
                        p.small {
                            (thousands(design.members())) " simulated members (" (design.draws) " parameter draws times "
                            (design.replicates) " replicates), " (manifest.days) " days from " (self.words.date(0)) "."
                        }
                        nav aria-label="Sections" {
                            @for (id, name) in [("answer", "The answer"), ("map", "The map"), ("front", "The front"), ("loyalties", "Four loyalties"), ("first", "Who goes first"), ("stories", "Stories"), ("inputs", "What went in")] {
                                a href={ "#" (id) } { (name) } " "
                            }
                        }
                    }
                    main {
                        (self.claims())
                        (map(charts, self.words))
                        (front(charts))
                        (self.loyalties(charts))
                        (self.first())
                        (self.told())
                        (self.inputs())
                    }
                    script id="data" type="application/json" { (PreEscaped(charts.json())) }
                    (PreEscaped(chart_library()))
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        };
        page.into_string()
    }

    fn claims(&self) -> Markup {
        let scored: Vec<f64> = self.answers.claims.iter().filter_map(brier).collect();
        html! {
            section #answer {
                h2 { "The answer" }
                p {
                    "Each bar runs from 0 to 100 %. The tick is the probability. The wide band is " b { "ignorance" }
                    ": the middle 90 % of the parameter draws lie in it. The narrow dark band is " b { "luck" }
                    ": twice the error of this ensemble of so many members to either side."
                }
                ol.claims {
                    @for (claim, record) in self.answers.claims.iter().zip(&self.manifest.claims) {
                        li #{ "claim-" (claim.id) } {
                            p.says { (claim.text) }
                            (self.verdict(claim, record.outcome_day))
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

    fn verdict(&self, claim: &ClaimAnswer, outcome_day: Option<u32>) -> Markup {
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
                @if let Some(day) = claim.median_day { "; in the median member on " (self.words.date(day)) }
                "."
            }
            div.bar role="img" aria-label={ "Probability " (said) @if let Some(ranged) = &ranged { ", over parameter draws " (ranged) } } {
                @if let Some((low, high)) = range { span.ignorance style=(span(low, high)) {} }
                span.luck style=(span(p - luck, p + luck)) {}
                span.tick style={ "left:" (format!("{:.2}", p * 100.0)) "%" } {}
            }
            p.small {
                @if let Some(share) = claim.ignorance.filter(|_| p > 0.0 && p < 1.0) {
                    @if share < 0.01 { "Of the uncertainty hardly any is ignorance of parameters: it is luck. " }
                    @else { "Of the uncertainty, about " (percent(share)) " % is ignorance of parameters, the rest luck. " }
                }
                @match claim.outcome {
                    Some(true) => { b { "It happened" } @if let Some(day) = outcome_day { " (" (self.words.date(day)) ")" } "." }
                    Some(false) => { b { "It did not happen" } "." }
                    None => {}
                }
                @if let Some(score) = brier(claim) { " Brier score " (format!("{score:.2}")) "." }
            }
        }
    }

    fn loyalties(&self, charts: &Charts) -> Markup {
        html! {
            section #loyalties {
                h2 { "The four loyalties" }
                p { "One time axis for all four: a cascade runs from top to bottom. Line: median member; dark band: half of the members; light band: 90 %." }
                div.four { @for (k, (label, said)) in charts.loyalty_words().enumerate() {
                    (figure(&format!("loyalties.{k}"), label, &said))
                } }
                table {
                    caption { "Steps of the cascade in the polity with the most regions" }
                    thead { tr { th scope="col" { "Step" } th scope="col" { "Members" } th scope="col" { "Median date" } th scope="col" { "Days after the front gave way (median)" } } }
                    tbody { @for step in &self.order.steps {
                        tr {
                            th scope="row" { (step.name) }
                            td { @if step.share > 0.0 { (percent(step.share)) " %" } @else { "none" } }
                            td { @if let Some(day) = step.day { (self.words.date(day)) } @else { "-" } }
                            td { @if let Some(days) = step.after_front { (days) " (" (thousands(step.with_both)) " members)" } @else { "-" } }
                        }
                    } }
                }
            }
        }
    }

    fn first(&self) -> Markup {
        let order = self.order;
        html! {
            section #first {
                h2 { "Who goes first" }
                @if order.members == 0 {
                    p { "No region declares in any member." }
                } @else {
                    p {
                        "Some region declares in " (thousands(order.members)) " of "
                        (thousands(self.manifest.design.members())) " members; the first two columns are shares of these."
                        @if order.members < FEW { " That is few: read the shares with care." }
                    }
                    (ranks("Regions", &order.regions))
                    @if !order.groups.is_empty() { (ranks("Groups of regions", &order.groups)) }
                }
            }
        }
    }

    fn told(&self) -> Markup {
        html! {
            section #stories {
                h2 { "Stories" }
                p { "Three of the members, ordered by the weight of what happened in them. A story is one way in which it may go, not a forecast." }
                @for story in self.stories {
                    article {
                        h3 { (story.title) " (number " (story.member) ")" }
                        @if story.sentences.is_empty() { p { "Nothing that the model records as an event happens." } }
                        ol { @for sentence in &story.sentences { li { (sentence) } } }
                        @if story.left_out > 0 { p.small { (story.left_out) " further events are not told here." } }
                        p.small { "Lived again by " code { (self.replay(story.member)) } }
                    }
                }
            }
        }
    }

    /// The command that lives through a member again: the run's own scenario, overlays and settings.
    fn replay(&self, member: u32) -> String {
        let design = self.manifest.design;
        let mut words = self.manifest.command.split_whitespace().skip(2);
        let (mut scenario, mut kept) = (String::from("SCENARIO"), String::new());
        while let Some(word) = words.next() {
            match word {
                "--with" | "--set" => kept += &format!(" {word} {}", words.next().unwrap_or_default()),
                "--report" => {}
                flag if flag.starts_with("--with=") || flag.starts_with("--set=") => {
                    kept += &format!(" {flag}")
                }
                flag if flag.starts_with("--") => {
                    // Every other flag has a value, in this word or in the next.
                    if !flag.contains('=') {
                        words.next();
                    }
                }
                _ => scenario = word.into(),
            }
        }
        let Design { draws, replicates, seed } = design;
        format!(
            "breakaway replay {scenario}{kept} --draws {draws} --replicates {replicates} --seed {seed} --member {member}"
        )
    }

    fn inputs(&self) -> Markup {
        let manifest = self.manifest;
        html! {
            section #inputs {
                h2 { "What went in" }
                dl {
                    dt { "Command" } dd { code { (manifest.command) } }
                    dt { "Seed" } dd { (manifest.design.seed) }
                    dt { "Fingerprint of the results" } dd { code { (manifest.fingerprint) } }
                    dt { "Scenario, SHA-256" } dd { code { (manifest.scenario_hash) } }
                    dt { "Program" } dd { "Breakaway " (manifest.version) }
                    dt { "Members that failed and are left out" } dd { (manifest.failed) }
                    dt { "Data" } dd { ul { @for file in &manifest.files { li { (file) } } } "Each row of these files names its source." }
                }
                details {
                    summary { "Parameters, their priors and sources" }
                    div.wide { table {
                        thead { tr { th scope="col" { "Parameter" } th scope="col" { "Prior" } th scope="col" { "Unit" } th scope="col" { "Meaning" } th scope="col" { "Source" } } }
                        tbody { @for ((key, prior), spec) in manifest.parameters.iter().zip(params::table()) {
                            tr { th scope="row" { code { (key) } } td { (prior) } td { (spec.unit) } td { (spec.doc) } td { (spec.source) } }
                        } }
                    } }
                }
            }
        }
    }
}

fn brier(claim: &ClaimAnswer) -> Option<f64> {
    let outcome = f64::from(u8::from(claim.outcome?));
    Some((claim.probability? - outcome).powi(2))
}

/// Where a part of a bar stands.
fn span(low: f64, high: f64) -> String {
    let (low, high) = (low.clamp(0.0, 1.0) * 100.0, high.clamp(0.0, 1.0) * 100.0);
    format!("left:{low:.2}%;width:{:.2}%", high - low)
}

/// A place for a chart, with what it shows in words.
fn figure(path: &str, label: &str, said: &str) -> Markup {
    html! {
        figure {
            figcaption { b { (label) } @if !said.is_empty() { ": " (said) } }
            div.chart data-chart=(path) role="img" aria-label={ (label) " over time. " (said) } {}
        }
    }
}

fn map(charts: &Charts, words: &Words) -> Markup {
    html! {
        section #map {
            h2 { "The map" }
            p { "One tile a region, all of a size. Choose what is shown and when; press a tile for its charts." }
            div.controls {
                label { "Show " select #map-what { @for (k, (label, unit)) in charts.map_labels().enumerate() { option value=(k) { (label) " (" (unit) ")" } } } }
                button #map-play type="button" { "Play" }
                label.slide { "Week " input #map-when type="range" min="0" max=(charts.last_frame()) value=(charts.last_frame()); }
                output #map-date for="map-when" { (words.iso(0)) }
            }
            div #tiles {
                @for (k, (id, name, row, column)) in charts.tiles().enumerate() {
                    button.tile type="button" data-region=(k) title=(name) style={ "grid-row:" (row) ";grid-column:" (column) } {
                        (id.rsplit_once('-').map_or(id, |(_, short)| short))
                    }
                }
            }
            div #scale aria-hidden="true" { span #scale-low { "0" } span.ramp {} span #scale-high {} }
            div #region hidden[true] tabindex="-1" aria-live="polite" {
                h3 #region-name {}
                button #region-close type="button" { "Close" }
                div #region-charts {}
            }
        }
    }
}

fn front(charts: &Charts) -> Markup {
    html! {
        section #front {
            h2 { "The front" }
            @if charts.sectors().next().is_none() { p { "This scenario has no front." } }
            @for (i, (name, labels)) in charts.sectors().enumerate() {
                h3 { (name) }
                div.lane { @for (k, label) in labels.iter().enumerate() { (figure(&format!("front.{i}.charts.{k}"), label, "")) } }
            }
        }
    }
}

fn ranks(title: &str, ranks: &[Rank]) -> Markup {
    html! {
        table {
            caption { (title) }
            thead { tr { th scope="col" { "Name" } th scope="col" { "First" } th scope="col" { "Among the first three" } th scope="col" { "Declares at all" } th scope="col" { "Path of its declarations: legal, vacuum, armed" } } }
            tbody { @for rank in ranks {
                tr {
                    th scope="row" { (rank.name) }
                    td { (percent(rank.first)) " %" }
                    td { (percent(rank.among_three)) " %" }
                    td { @if rank.declares < 0.001 { "below 0.1 %" } @else { (percent(rank.declares)) " %" } }
                    td { (rank.paths[0]) ", " (rank.paths[1]) ", " (rank.paths[2]) }
                }
            } }
        }
    }
}

/// The chart library's own script, without the typesetting library that its crate puts beside it.
fn chart_library() -> String {
    let both = plotly::Plot::offline_js_sources();
    let end = both.find("</script>").map_or(both.len(), |at| at + "</script>".len());
    both[..end].to_string()
}
