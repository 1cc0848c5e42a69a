//! Texts that a terminal or a spreadsheet cannot misread.

use std::borrow::Cow;

/// A text without characters that move a terminal's cursor or turn its writing round.
pub fn for_terminal(text: &str) -> Cow<'_, str> {
    let bad = |c: char| (c.is_control() && c != '\n' && c != '\t') || is_bidi(c);
    match text.contains(bad) {
        true => Cow::Owned(text.chars().map(|c| if bad(c) { '\u{FFFD}' } else { c }).collect()),
        false => Cow::Borrowed(text),
    }
}

/// Characters that change the direction of writing.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text that a spreadsheet takes for a text: one that begins as a formula gets an apostrophe before
/// it. Numbers stay as they are.
pub fn for_spreadsheet(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    match formula {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_moved_and_a_spreadsheet_computes_nothing() {
        assert_eq!(for_terminal("a\x1b[2Jb\u{202E}c\n"), "a\u{FFFD}[2Jb\u{FFFD}c\n");
        assert_eq!(for_terminal("plain é"), "plain é");
        let cells = ["=1+1", "+cmd", "-2.5", "@x", "plain", "-", "1e-5"].map(for_spreadsheet);
        assert_eq!(cells, ["'=1+1", "'+cmd", "-2.5", "'@x", "plain", "'-", "1e-5"]);
    }
}
