//! The tables of a scenario: the first byte chooses which.
#![no_main]
libfuzzer_sys::fuzz_target!(|text: &str| {
    let tables = ["regions.csv", "communities.csv", "links.csv", "outcomes.csv", "base-rates.toml"];
    let which = text.bytes().next().map_or(0, usize::from) % tables.len();
    let rest = text.char_indices().nth(1).map_or("", |(at, _)| &text[at..]);
    breakaway_fuzz::with(tables[which], rest, &[]);
});
