//! The page's colours can be distinguished: contrast by the Web Content Accessibility Guidelines 2.2.

/// Colours of one theme, by name, from a line of the page's style.
fn theme(line: &str) -> impl Fn(&str) -> [f64; 3] + '_ {
    move |name| {
        let (_, rest) = line.split_once(&format!("--{name}: #")).expect("a colour");
        let digits: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        let long = if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits };
        std::array::from_fn(|k| u8::from_str_radix(&long[2 * k..2 * k + 2], 16).expect("digits").into())
    }
}

/// Contrast of two colours, from 1 to 21.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    let light = |rgb: [f64; 3]| {
        let [r, g, b] = rgb.map(|c| linear(c / 255.0));
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (light(a), light(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_and_marks_stand_out_in_both_themes() {
    assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 1e-9);
    let themes: Vec<&str> =
        include_str!("page.css").lines().filter(|line| line.contains("--ink: #")).collect();
    assert_eq!(themes.len(), 2, "light and dark");
    for line in themes {
        let colour = theme(line);
        for (a, b, least) in [
            // Success criterion 1.4.3: text, 4.5.
            ("ink", "paper", 4.5),
            ("soft", "paper", 4.5),
            ("dark", "paper", 4.5),
            ("ink", "panel", 4.5),
            // Success criterion 1.4.11: parts of a picture, 3.
            ("tick", "panel", 3.0),
            ("dark", "panel", 3.0),
            ("dark", "band", 3.0),
            ("tick", "paper", 3.0),
        ] {
            let found = contrast(colour(a), colour(b));
            assert!(found >= least, "{a} on {b}: {found:.2} in {line}");
        }
    }
}
