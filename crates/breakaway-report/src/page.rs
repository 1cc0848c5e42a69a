//! The page itself.

use crate::charts::Charts;
use crate::claims::claims;
use crate::findings::findings;
use breakaway_analysis::questions::cascade::{Cascade, Rank};
use breakaway_analysis::questions::story::Story;
use breakaway_store::{Answers, Kept, Manifest};
use breakaway_text::claims::shown;
use breakaway_text::numbers::{count, thousands};
use breakaway_text::spoken::percent;
use breakaway_text::{Dates, Finding, cascade, posterior, story};
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

/// Simulations below which a share says little.
pub(crate) const FEW: u32 = 100;
/// Regions whose rank is shown.
const RANKED: usize = 15;

/// How a reader gets the run, or one of its simulations, again: as the face that writes the page would
/// put it.
#[derive(Clone, Debug, Default)]
pub struct Again {
    /// What makes the run.
    pub run: Option<String>,
    /// What shows one of its simulations, up to the simulation's number.
    pub replay: Option<String>,
}

/// What the page shows.
pub(crate) struct Page<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) answers: &'a Answers,
    pub(crate) dates: Dates,
    pub(crate) cascade: &'a Cascade,
    pub(crate) kept: &'a Kept<Finding>,
    pub(crate) stories: &'a [Story],
    pub(crate) again: &'a Again,
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
                            (count(design.members().into(), "simulation", "simulations")) " (" (count(design.draws.into(), "parameter set", "parameter sets")) " times "
                            (count(design.replicates.into(), "repeat", "repeats")) "), " (count(manifest.days.into(), "day", "days")) " from " (self.dates.long(0)) "."
                        }
                        nav aria-label="Sections" {
                            @for (id, name) in SECTIONS.iter().filter(|(id, _)| *id != "findings" || self.has_findings()) {
                                a href={ "#" (id) } { (name) } " "
                            }
                        }
                    }
                    main {
                        (claims(self.manifest, self.answers, &self.dates))
                        (map(charts, &self.dates))
                        (front(charts))
                        (self.loyalties(charts))
                        (self.first())
                        (findings(&self.kept.findings, &self.kept.unreadable))
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

    fn has_findings(&self) -> bool {
        !self.kept.findings.is_empty() || !self.kept.unreadable.is_empty()
    }

    fn loyalties(&self, charts: &Charts) -> Markup {
        html! {
            section #loyalties {
                h2 { "The four loyalties" }
                p { "All four have the same time axis: a cascade runs from top to bottom. Line: the median simulation. Dark area: half of the simulations. Light area: 90 %." }
                div.four { @for (k, (label, said)) in charts.loyalty_words().enumerate() {
                    (figure(&format!("loyalties.{k}"), label, &said))
                } }
                table {
                    caption { "Steps of the cascade in the polity with the most regions" }
                    thead { tr { th scope="col" { "Step" } th scope="col" { "Simulations" } th scope="col" { "Median date" } th scope="col" { "Days after the front gave way (median)" } } }
                    tbody { @for step in &self.cascade.steps {
                        tr {
                            th scope="row" { (cascade::step(step.kind)) }
                            td { @if step.share > 0.0 { (percent(step.share)) " %" } @else { "none" } }
                            td { @if let Some(day) = step.day { (self.dates.long(day)) } @else { "-" } }
                            td { @if let Some(days) = step.after_front { (days) " (" (count(step.with_both.into(), "simulation", "simulations")) ")" } @else { "-" } }
                        }
                    } }
                }
            }
        }
    }

    fn first(&self) -> Markup {
        let cascade = self.cascade;
        html! {
            section #first {
                h2 { "Who goes first" }
                @if cascade.simulations == 0 {
                    p { "No region declares in any simulation." }
                } @else {
                    p {
                        "Some region declares in " (thousands(cascade.simulations.into())) " of "
                        (count(self.manifest.counted().into(), "simulation", "simulations")) "; the first two columns are shares of these."
                        @if cascade.simulations < FEW { " That is few: read the shares with care." }
                    }
                    @let first: Vec<f64> = cascade.regions.iter().map(|rank| rank.first).collect();
                    @let listed = shown(&first, RANKED);
                    @let others = cascade.regions.len() - listed;
                    (ranks("Regions", &cascade.regions[..listed]))
                    @if others > 0 { p.small { (count(others as u64, "other region declares", "other regions declare")) " in some simulation; they are equally likely to be first, or less likely." } }
                    @if !cascade.groups.is_empty() { (ranks("Groups of regions", &cascade.groups)) }
                }
            }
        }
    }

    fn told(&self) -> Markup {
        html! {
            section #stories {
                h2 { "Stories" }
                p { "Three of the simulations, ordered by the weight of what happened in them. A story is one way in which it may go, not a forecast." }
                @for story in self.stories {
                    article {
                        h3 { (story::title(story.place)) " (number " (story.simulation) ")" }
                        @if story.events.is_empty() { p { "Nothing that the model records as an event happens." } }
                        ol { @for sentence in story::sentences(story, &self.manifest.entities, &self.dates) { li { (sentence) } } }
                        @if story.left_out > 0 { p.small { (count(story.left_out as u64, "other event is", "other events are")) " not told here." } }
                        @if let Some(replay) = &self.again.replay { p.small { "To see it again: " code { (replay) (story.simulation) } } }
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
                    @if let Some(command) = &self.again.run { dt { "Command" } dd { code { (command) } } }
                    dt { "Seed" } dd { (manifest.design.seed) }
                    @if let Some(posterior) = &manifest.posterior {
                        dt { "Parameters" } dd { "from " (posterior::describe(posterior)) " (" code { (posterior.hash) } "). " @for warning in posterior::warnings(posterior, manifest.design.draws) { (warning) " " } }
                    }
                    dt { "Fingerprint of the results" } dd { code { (manifest.fingerprint) } }
                    dt { "Scenario, SHA-256" } dd { code { (manifest.scenario_hash) } }
                    dt { "Program" } dd { "Breakaway " (manifest.version) ", model version " (manifest.model_version) }
                    dt { "Simulations that failed and are left out" } dd { (manifest.failed) }
                    dt { "Data" } dd { ul { @for file in &manifest.files { li { (file) } } } "Each row of these files names its source." }
                }
                details {
                    summary { "Parameters, their priors and sources" }
                    div.wide { table {
                        thead { tr { th scope="col" { "Parameter" } th scope="col" { "Prior" } th scope="col" { "Unit" } th scope="col" { "Meaning" } th scope="col" { "Source" } } }
                        tbody {
                            @for parameter in &manifest.parameters {
                                tr { th scope="row" { code { (parameter.name) } } td { (parameter.prior) } td { (parameter.unit) } td { (parameter.meaning) } td { (parameter.source) } }
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

fn map(charts: &Charts, dates: &Dates) -> Markup {
    html! {
        section #map {
            h2 { "The map" }
            p { "Each square is a region; its size means nothing. Choose what is shown and when; press a square for its charts." }
            div.controls {
                label { "Show " select #map-what { @for (k, (label, unit)) in charts.map_labels().enumerate() { option value=(k) { (label) " (" (unit) ")" } } } }
                button #map-play type="button" { "Play" }
                label.slide { "Week " input #map-when type="range" min="0" max=(charts.last_frame()) value=(charts.last_frame()); }
                output #map-date for="map-when" { (dates.iso(0)) }
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
