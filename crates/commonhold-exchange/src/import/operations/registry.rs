//! The finance interface Open-Registry designed (`GET /income/now`): how many give and how much is
//! received a week at the moment it is asked.

use super::json::{first, get, text};
use super::{About, Draft, Drafted, Error, json};
use serde_json::Value;

/// The name of the format.
pub const FORMAT: &str = "open-registry-income";

/// Whether the JSON is such an answer.
pub(super) fn is(body: &Value) -> bool {
    let inside = ["liberapay.donators", "liberapay.receiving"];
    get(body, "donators").is_some() && inside.iter().any(|path| get(body, path).is_some())
}

/// Reads an answer. It holds no payments, only how things stood when it was asked.
///
/// # Errors
/// When it is no such answer.
pub fn read(bytes: &[u8], about: &About) -> Result<Drafted, Error> {
    let body = json::parse(bytes)?;
    if !is(&body) {
        return Err(Error::OtherFile(
            "The file is JSON, but no answer of Open-Registry's finance interface; choose another \
             format.",
        ));
    }
    let mut out = Drafted::new(FORMAT);
    let Some(at) = about.fetched else {
        out.refuse("file", "The answer does not say when it was given; say when it was fetched.");
        return Ok(out);
    };
    let currency = first(&body, &["liberapay.receiving.currency", "receiving.currency"]);
    let unit = currency.clone().map(|currency| format!("{currency}/week"));
    let rows = [
        ("donors", vec!["donators"], "", Some("people".to_owned())),
        ("donors", vec!["liberapay.donators"], "liberapay", Some("people".to_owned())),
        ("income_weekly", vec!["receiving.amount", "receiving"], "", unit.clone()),
        ("income_weekly", vec!["liberapay.receiving.amount"], "liberapay", unit),
    ];
    for (metric, paths, platform, unit) in rows {
        let Some(value) = paths.iter().find_map(|path| text(&body, path)) else { continue };
        let Some(value) = super::prometheus::decimal(&value) else {
            out.refuse(paths.join(", "), "It is no decimal number.");
            continue;
        };
        let mut draft =
            Draft::new("measurement", format!("open-registry:{metric}:{platform}:{at}"));
        draft.put("metric", metric);
        let label = format!("platform={platform}");
        draft.put("labels", if platform.is_empty() { Vec::new() } else { vec![label] });
        draft.at("at", Some(at));
        draft.put("value", value);
        draft.put("unit", unit);
        draft.put("source", about.source.clone().unwrap_or_else(|| "open-registry".to_owned()));
        out.push(draft);
    }
    out.note(
        "The amounts are what is promised a week, not payments; the books are not changed by them."
            .into(),
    );
    Ok(out)
}
