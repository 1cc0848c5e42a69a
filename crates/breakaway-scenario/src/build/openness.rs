//! How far the centre tolerates legal opposition, day by day.

use super::days_between;
use jiff::civil::Date;

/// Openness on each day up to the last: straight lines between the points, constant outside.
pub(super) fn by_day(points: &[(Date, f32)], start: Date, last: u32) -> Vec<f32> {
    let points: Vec<(f64, f32)> =
        points.iter().map(|&(date, value)| (days_between(start, date) as f64, value)).collect();
    (0..=last).map(|day| on(&points, f64::from(day))).collect()
}

fn on(points: &[(f64, f32)], day: f64) -> f32 {
    let next = points.partition_point(|&(at, _)| at <= day);
    match (next.checked_sub(1).and_then(|before| points.get(before)), points.get(next)) {
        (Some(&(from, before)), Some(&(to, after))) => {
            before + ((day - from) / (to - from)) as f32 * (after - before)
        }
        (Some(&(_, only)), None) | (None, Some(&(_, only))) => only,
        (None, None) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openness_is_a_line_between_points_and_constant_outside() {
        let points = [(10.0, 0.2), (20.0, 0.6)];
        assert_eq!([0.0, 10.0, 20.0, 99.0].map(|day| on(&points, day)), [0.2, 0.2, 0.6, 0.6]);
        assert!((on(&points, 15.0) - 0.4).abs() < 1e-6);
        assert_eq!(on(&[], 3.0), 0.0);
    }
}
