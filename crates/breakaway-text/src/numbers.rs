//! Numbers as people say them.

/// A share in per cent: "3.1 %", "<0.1 %", "56 %".
pub fn percent(share: f64) -> String {
    match share * 100.0 {
        x if x.is_nan() => "-".into(),
        0.0 => "0 %".into(),
        x if x.abs() < 0.1 => if x < 0.0 { "0 %" } else { "<0.1 %" }.into(),
        x if x.abs() < 9.95 => format!("{x:.1} %"),
        x if x > 99.9 && x < 100.0 => ">99.9 %".into(),
        x if (99.0..100.0).contains(&x) => format!("{x:.1} %"),
        x => format!("{x:.0} %"),
    }
}

/// Two shares in per cent: "1.2-3.1 %", "44 to >99.9 %".
pub fn percents(low: f64, high: f64) -> String {
    let (low, high) = (percent(low), percent(high));
    let between = if high.starts_with(['<', '>']) { " to " } else { "-" };
    if low == high { high } else { format!("{}{between}{high}", low.trim_end_matches(" %")) }
}

/// A difference of shares in percentage points: "+3.1", "-56".
pub fn points(difference: f64) -> String {
    match difference * 100.0 {
        x if x.is_nan() => "-".into(),
        x if x.abs() < 0.05 => "0".into(),
        x if x.abs() < 9.95 => format!("{x:+.1}"),
        x => format!("{x:+.0}"),
    }
}

/// A number with three significant digits: "0.00312", "3.1", "45678". What is zero but for rounding
/// is zero.
pub fn number(x: f64) -> String {
    match x.abs() {
        _ if x.is_nan() => "-".into(),
        a if a < 1e-12 => "0".into(),
        a if a >= 1000.0 => format!("{x:.0}"),
        a if a < 1e-5 => format!("{x:.1e}"),
        a => {
            let digits = (2 - a.log10().floor() as i32).clamp(0, 9) as usize;
            let text = format!("{x:.digits$}");
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
        }
    }
}

/// A whole number with its thousands apart: "12,300".
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// So many of something, in the singular or the plural: "1 region", "3 regions", "no region".
pub fn count(n: u64, one: &str, many: &str) -> String {
    match n {
        1 => format!("1 {one}"),
        n => format!("{} {many}", thousands(n)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_as_people_speak() {
        let said = [0.003_123, 3.1, 0.5, 123.4, 45_678.0, 0.0, -0.25, 3.02e-7, -5.6e-17].map(number);
        assert_eq!(said, ["0.00312", "3.1", "0.5", "123", "45678", "0", "-0.25", "3.0e-7", "0"]);
        let said = [0.0, 0.0004, 0.031, 0.0997, 0.5, 0.9951, 0.9996, 1.0].map(percent);
        assert_eq!(said, ["0 %", "<0.1 %", "3.1 %", "10 %", "50 %", "99.5 %", ">99.9 %", "100 %"]);
        assert_eq!(percents(0.012, 0.031), "1.2-3.1 %");
        assert_eq!(percents(0.0, 1.0), "0-100 %");
        assert_eq!(percents(0.44, 0.9999), "44 to >99.9 %");
        assert_eq!(percents(0.5, 0.5), "50 %");
        assert_eq!([0.031, -0.56, 0.0].map(points), ["+3.1", "-56", "0"]);
        assert_eq!([1_234_567, 999].map(thousands), ["1,234,567", "999"]);
        assert_eq!([count(1, "region", "regions"), count(0, "region", "regions")], ["1 region", "0 regions"]);
    }
}
