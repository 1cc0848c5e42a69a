//! Numbers as one says them in running text, where the page speaks of them.

/// A probability: "about 3 %", "below 0.1 %".
pub fn about(p: f64) -> String {
    match p {
        p if p <= 0.0 => "in no simulation".into(),
        p if p >= 1.0 => "in every simulation".into(),
        p if p < 0.001 => "below 0.1 %".into(),
        p if p > 0.999 => "above 99.9 %".into(),
        p => format!("about {} %", percent(p)),
    }
}

/// A share in per cent, as few digits as it bears: 0.6, 3, 56.
pub fn percent(p: f64) -> String {
    let percent = p * 100.0;
    let near_an_end = percent.min(100.0 - percent);
    if near_an_end > 0.0 && near_an_end < 0.95 { format!("{percent:.1}") } else { format!("{percent:.0}") }
}

/// A range of probabilities: "between 0 and 14 %"; none where both ends sound the same.
pub fn between(low: f64, high: f64) -> Option<String> {
    let (low, high) = (format!("{:.0}", low * 100.0), format!("{:.0}", high * 100.0));
    (low != high).then(|| format!("between {low} and {high} %"))
}

/// A quantity with two or three digits that say something: 0.58, 0.0031, 0.
pub fn quantity(x: f32) -> String {
    match x.abs() {
        a if a < 1e-6 => "0".into(),
        a if a >= 0.1 => format!("{x:.2}"),
        a => format!("{x:.*}", 1 + (-a.log10()).ceil() as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_rounded_as_people_speak() {
        let cases = [
            (0.0, "in no simulation"),
            (0.0004, "below 0.1 %"),
            (0.0061, "about 0.6 %"),
            (0.031, "about 3 %"),
            (0.5555, "about 56 %"),
            (0.994, "about 99.4 %"),
            (0.9999, "above 99.9 %"),
            (1.0, "in every simulation"),
        ];
        for (p, said) in cases {
            assert_eq!(about(p), said);
        }
        assert_eq!(between(0.0, 0.14).as_deref(), Some("between 0 and 14 %"));
        assert_eq!(between(0.031, 0.032), None);
        assert_eq!([0.58, 0.0031, 0.0, 0.042].map(quantity), ["0.58", "0.0031", "0", "0.042"]);
    }
}
