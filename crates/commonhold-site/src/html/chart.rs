//! Charts as SVG, made of whole numbers. A table with the same numbers stands behind each.

use maud::{Markup, html};

/// One pair of bars.
pub struct Pair {
    /// What stands below it; may be empty.
    pub label: String,
    /// The first bar, in minor units.
    pub first: i64,
    /// The second.
    pub second: i64,
}

const WIDTH: i64 = 360;
const HEIGHT: i64 = 150;
const BASE: i64 = 126;
const TOP: i64 = 14;

/// A part of a length, in tenths, so that bars are not rounded to whole points.
fn tenths(part: i64, whole: i64, length: i64) -> i64 {
    let wide = i128::from(part.max(0)).saturating_mul(i128::from(length)).saturating_mul(10);
    wide.checked_div(i128::from(whole.max(1))).and_then(|t| i64::try_from(t).ok()).unwrap_or(0)
}

fn point(tenths: i64) -> String {
    format!("{}.{}", tenths.div_euclid(10), tenths.rem_euclid(10))
}

/// Two bars for each month, from one base line. `highest` is what the upper line stands for.
pub fn pairs(title: &str, pairs: &[Pair], highest: &str) -> Markup {
    let most = pairs.iter().map(|pair| pair.first.max(pair.second)).max().unwrap_or(0).max(1);
    let count = i64::try_from(pairs.len()).unwrap_or(1).max(1);
    let slot = WIDTH.saturating_mul(10).checked_div(count).unwrap_or(10);
    let bar = slot.saturating_mul(36).checked_div(100).unwrap_or(1);
    let room = BASE.saturating_sub(TOP);
    let rect = |place: i64, offset: i64, value: i64, class: &str| {
        let height = tenths(value, most, room);
        let x = place.saturating_mul(slot).saturating_add(offset);
        let y = BASE.saturating_mul(10).saturating_sub(height);
        html! {
            rect class=(class) x=(point(x)) y=(point(y)) width=(point(bar)) height=(point(height)) {}
        }
    };
    let margin = slot.saturating_mul(12).checked_div(100).unwrap_or(0);
    let middle = slot.checked_div(2).unwrap_or(0);
    html! {
        svg.chart viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(title)
            xmlns="http://www.w3.org/2000/svg" {
            line.grid x1="0" x2=(WIDTH) y1=(TOP) y2=(TOP) {}
            text.most x="0" y="10" { (highest) }
            @for (pair, place) in pairs.iter().zip(0_i64..) {
                (rect(place, margin, pair.first, "bar-in"))
                (rect(place, margin.saturating_add(bar).saturating_add(4), pair.second, "bar-out"))
                @if !pair.label.is_empty() && place.saturating_add(1) == count {
                    // In the middle it would be cut at the side.
                    text.label.last x=(WIDTH) y="143" { (pair.label) }
                } @else if !pair.label.is_empty() {
                    text.label x=(point(place.saturating_mul(slot).saturating_add(middle))) y="143" {
                        (pair.label)
                    }
                }
            }
            line.base x1="0" x2=(WIDTH) y1=(BASE) y2=(BASE) {}
        }
    }
}

/// One bar of a share, as wide as its part of the largest.
pub fn bar(part: i64, largest: i64) -> Markup {
    html! {
        svg.share viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"
            xmlns="http://www.w3.org/2000/svg" {
            rect.bar-in x="0" y="0" height="8" width=(point(tenths(part, largest, 100))) {}
        }
    }
}
