//! Whether a value can be one of an observable: the scale on which it is measured decides.

use breakaway_model::observe::{Observable, Scale};

/// What is wrong with a value of an observable, and what would be right.
///
/// A share is from 0 to 1, a number per thousand from 0 to 1,000, and a number of people or days is not
/// negative. Kilometres may have either sign.
pub(crate) fn fault(key: &str, value: f64, observable: &Observable) -> Option<(String, String)> {
    let name = observable.name;
    let most = match (observable.scale, observable.unit) {
        (Scale::Km, _) => return None,
        (Scale::Share | Scale::Rare, "share") => 1.0,
        (_, "per 1,000") => 1000.0,
        _ => f64::INFINITY,
    };
    if (0.0..=most).contains(&value) {
        return None;
    }
    if most == 1.0 {
        // The percentage that was probably meant; 50 if none was.
        let percent = if (1.0..=100.0).contains(&value) { value } else { 50.0 };
        let help = format!("give a share from 0 to 1; {percent} % is {}", percent / 100.0);
        return Some((format!("`{key}` = {value}, but `{name}` is a share from 0 to 1"), help));
    }
    if value < 0.0 {
        let message = format!("`{key}` = {value}, but `{name}` is never negative");
        return Some((message, format!("its unit is {}: give 0 or more", unit(observable))));
    }
    let message = format!("`{key}` = {value}, but `{name}` is at most {most}");
    Some((message, format!("its unit is {}", unit(observable))))
}

/// A number as it was written: 0.32, not the nearest `f32`.
pub(crate) fn as_written(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

fn unit(observable: &Observable) -> &str {
    if observable.unit == "-" { "a plain number" } else { observable.unit }
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_model::observe::by_name;

    fn faulty(name: &str, value: f64) -> Option<String> {
        let (message, help) = fault("below", value, by_name(name).expect("an observable"))?;
        Some(format!("{message}; {help}"))
    }

    #[test]
    fn a_percentage_of_a_share_is_named_as_one() {
        let found = faulty("officials", 50.0).expect("a fault");
        assert_eq!(
            found,
            "`below` = 50, but `officials` is a share from 0 to 1; give a share from 0 to 1; 50 % is 0.5"
        );
        assert!(faulty("defeat-wear", 2.5).is_some_and(|found| found.contains("2.5 % is 0.025")));
        assert!(faulty("strength", -1.0).is_some());
    }

    #[test]
    fn values_on_the_scale_are_sound() {
        for (name, value) in [
            ("officials", 0.0),
            ("officials", 1.0),
            ("treasury", 3.0),
            ("cover", 1.7),
            ("deserters-here", 40.0),
            ("dead", 1e6),
            ("line", -15.0),
        ] {
            assert_eq!(faulty(name, value), None);
        }
    }

    #[test]
    fn nothing_that_is_counted_is_negative() {
        for name in ["dead", "treasury", "reserve-cover", "cover", "deserters-here", "independent"] {
            assert!(faulty(name, -1.0).is_some_and(|found| found.contains("never negative")), "{name}");
        }
        assert!(faulty("deserters-here", 1001.0).is_some());
    }
}
