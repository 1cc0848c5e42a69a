//! How deep a TOML text is nested, before it is parsed.
//!
//! A parser, a reader and the memory of what they made go down once for each level. A text that
//! nests without end would exhaust the stack, so its depth is bounded first.

use std::ops::Range;

/// Most levels: brackets within brackets, and parts of one key.
pub(crate) const DEEPEST: usize = 64;

/// Where a text is nested too deep: brackets that are open, or the parts of a dotted key.
pub(crate) fn too_deep(body: &str) -> Option<Range<usize>> {
    let bytes = body.as_bytes();
    let (mut at, mut open, mut dots) = (0, 0_usize, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'#' => at = skip_line(bytes, at),
            quote @ (b'"' | b'\'') => at = skip_string(bytes, at, quote),
            b'[' | b'{' => (open, dots) = (open + 1, 0),
            b']' | b'}' => (open, dots) = (open.saturating_sub(1), 0),
            b'.' => dots += 1,
            b',' | b'=' | b'\n' => dots = 0,
            _ => {}
        }
        if open > DEEPEST || dots >= DEEPEST {
            return Some(at..at + 1);
        }
        at += 1;
    }
    None
}

/// The last byte before the end of the line.
fn skip_line(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |end| from + end - 1).max(from)
}

/// The last byte of the string that starts here.
fn skip_string(bytes: &[u8], from: usize, quote: u8) -> usize {
    let long = bytes[from..].starts_with(&[quote; 3]);
    let mut at = from + if long { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            b'\n' if !long => return at - 1,
            b if b == quote && !long => return at,
            b if b == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 2,
            _ => {}
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_and_parts_of_keys_outside_strings_and_comments() {
        let deep = |one: &str| one.repeat(DEEPEST + 1);
        assert_eq!(too_deep(&format!("a = {}", deep("["))), Some(4 + DEEPEST..5 + DEEPEST));
        assert!(too_deep(&format!("a = {}", deep("{ b = "))).is_some());
        assert!(too_deep(&format!("{}b = 1", deep("a."))).is_some());
        assert!(too_deep(&format!("[{}b]", deep("a . "))).is_some());
        assert!(too_deep(&format!("a = \"\\\"{0}\" # {0}\nb = '{0}'", deep("[."))).is_none());
        assert!(too_deep(&format!("a = \"\"\"\n\"{0}\n\"\"\"\nb = '''{0}\n'''", deep("[."))).is_none());
        assert!(too_deep(&format!("a = [{}]", "[1.5, 2.5], ".repeat(999))).is_none());
        assert!(too_deep("#\n\n#").is_none() && too_deep("a = \"").is_none() && too_deep("\"\\").is_none());
    }
}
