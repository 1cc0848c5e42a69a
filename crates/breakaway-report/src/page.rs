//! The page itself.

use crate::charts::Charts;
use crate::claims::claims;
use crate::findings::findings;
use crate::story::Story;
use crate::words::{Words, percent, thousands};
use breakaway_analysis::Finding;
use breakaway_ensemble::Manifest;
use breakaway_ensemble::answer::Answers;
use breakaway_ensemble::order::{Order, Rank};
use breakaway_model::params;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Nothing is fetched from anywhere.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/// Sections: anchor and name.
const SECTIONS: [(&str, &str); 8] = [
    ("answer", "The answer"),
    ("map", "The map"),
    ("front", "The front"),
    ("loyalties", "Four loyalties"),
    ("first", "Who goes first"),
    ("findings", "Explained"),
    ("stories", "Stories"),
    ("inputs", "What went in"),
];

/// Members below which a share says little.
pub(crate) const FEW: u32 = 100;
/// Regions whose rank is shown.
const RANKED: usize = 15;

/// What the page shows.
pub(crate) struct Page<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) answers: &'a Answers,
    pub(crate) words: &'a Words<'a>,
    pub(crate) order: &'a Order,
    pub(crate) findings: &'a [Finding],
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
                            @for (id, name) in SECTIONS.iter().filter(|(id, _)| *id != "findings" || !self.findings.is_empty()) {
                                a href={ "#" (id) } { (name) } " "
                            }
                        }
                    }
                    main {
                        (claims(self.manifest, self.answers, self.words))
                        (map(charts, self.words))
                        (front(charts))
                        (self.loyalties(charts))
                        (self.first())
                        (findings(self.findings))
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
                        (thousands(self.manifest.counted())) " members; the first two columns are shares of these."
                        @if order.members < FEW { " That is few: read the shares with care." }
                    }
                    (ranks("Regions", &order.regions[..order.regions.len().min(RANKED)]))
                    @if order.regions.len() > RANKED { p.small { (order.regions.len() - RANKED) " further regions declare in some member." } }
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
                        p.small { "Lived again by " code { (self.manifest.replay) " --member " (story.member) } }
                    }
                }
            }
        }
    }

    fn inputs(&self) -> Markup {
        let manifest = self.manifest;
        html! {
            section #inputs {
                h2 { "What went in" }
                dl {
                    dt { "Command" } dd { code { (manifest.command) } }
                    dt { "Seed" } dd { (manifest.design.seed) }
                    @if let Some(posterior) = &manifest.posterior {
                        dt { "Parameters" } dd { "from " (posterior.said()) " (" code { (posterior.hash) } ")" @for warning in posterior.warnings(manifest.design.draws) { ". " (warning) } }
                    }
                    dt { "Fingerprint of the results" } dd { code { (manifest.fingerprint) } }
                    dt { "Scenario, SHA-256" } dd { code { (manifest.scenario_hash) } }
                    dt { "Program" } dd { "Breakaway " (manifest.version) }
                    dt { "Members that failed and are left out" } dd { (manifest.failed) }
                    dt { "Data" } dd { ul { @for file in &manifest.files { li { (file) } } } "Each row of these files names its source." }
                }
                @let known = manifest.parameters.len() - manifest.unknowns.len().min(manifest.parameters.len());
                details {
                    summary { "Parameters, their priors and sources" }
                    div.wide { table {
                        thead { tr { th scope="col" { "Parameter" } th scope="col" { "Prior" } th scope="col" { "Unit" } th scope="col" { "Meaning" } th scope="col" { "Source" } } }
                        tbody {
                            @for ((key, prior), spec) in manifest.parameters.iter().zip(params::table()) {
                                tr { th scope="row" { code { (key) } } td { (prior) } td { (spec.unit) } td { (spec.doc) } td { (spec.source) } }
                            }
                            @for ((key, prior), (text, source)) in manifest.parameters.iter().skip(known).zip(&manifest.unknowns) {
                                tr { th scope="row" { code { (key) } } td { (prior) } td {} td { (text) } td { (source) } }
                            }
                        }
                    } }
                }
            }
        }
    }
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
