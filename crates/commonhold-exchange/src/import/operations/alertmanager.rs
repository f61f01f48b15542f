//! What Alertmanager sends to a webhook (version 4): each alert is the draft of an incident with
//! the lines its times give.

use super::json::{first, get, list, moment, text};
use super::{Draft, Drafted, Error, json, long, url};
use serde_json::Value;

/// The name of the format.
pub const FORMAT: &str = "alertmanager";

/// Whether the JSON is such a message.
pub(super) fn is(body: &Value) -> bool {
    get(body, "alerts").is_some_and(Value::is_array)
        && (get(body, "groupKey").is_some() || get(body, "receiver").is_some())
}

/// Reads a message.
///
/// # Errors
/// When it is no JSON or no such message.
pub fn read(bytes: &[u8]) -> Result<Drafted, Error> {
    let body = json::parse(bytes)?;
    if !is(&body) {
        return Err(Error::OtherFile(
            "The file is JSON, but no message of Alertmanager: it has no alerts; choose another \
             format.",
        ));
    }
    let mut out = Drafted::new(FORMAT);
    let version = text(&body, "version").unwrap_or_default();
    if version != "4" {
        out.note(format!("The message has version “{version}”; version 4 is what is known here."));
    }
    if let Some(more) = get(&body, "truncatedAlerts").and_then(Value::as_u64).filter(|n| *n > 0) {
        out.note(format!(
            "Alertmanager left {more} alerts out of this message (truncatedAlerts): the list is \
             not complete."
        ));
    }
    for (number, one) in (1_usize..).zip(list(&body, "alerts")) {
        alert(one, &format!("alert {number}"), &mut out);
    }
    if out.drafts.is_empty() && out.refused.is_empty() {
        out.refuse("alerts", "The message holds no alert.");
    }
    Ok(out)
}

fn alert(one: &Value, place: &str, out: &mut Drafted) {
    let (Some(print), Some(starts)) = (text(one, "fingerprint"), moment(one, "startsAt")) else {
        out.refuse(place, "The alert has no fingerprint or no start.");
        return;
    };
    let name = text(one, "labels.alertname").unwrap_or_else(|| "alert".to_owned());
    let title = first(one, &["annotations.summary", "annotations.title"]);
    let title = title.unwrap_or_else(|| name.clone());
    // While it is firing, the end is Go's zero time, or now; only the status says that it is over.
    let over = text(one, "status").as_deref() == Some("resolved");
    let ends = moment(one, "endsAt").filter(|ends| over && *ends >= starts);
    let origin = format!("alertmanager:{print}:{starts}");
    let mut draft = Draft::new("incident", origin.clone());
    draft.put("title", title.clone());
    draft.put("severity", severity(text(one, "labels.severity").as_deref()));
    let component =
        first(one, &["labels.component", "labels.service", "labels.job", "labels.instance"]);
    draft.put("components", component.map_or_else(Vec::new, |name| vec![name]));
    draft.at("started", Some(starts));
    draft.at("detected", Some(starts));
    draft.at("resolved", ends);
    draft.put("detection", "monitor");
    let told = get(one, "annotations.description").and_then(Value::as_str).and_then(long);
    draft.put("impact", told.unwrap_or_default());
    draft.put("visibility", "public");
    draft.put("url", text(one, "generatorURL").and_then(|text| url(&text)));
    out.push(draft);
    line(&origin, "fired", starts, &format!("The alert {name} fired: {title}"), out);
    if let Some(ends) = ends {
        line(&origin, "resolved", ends, &format!("The alert {name} is over."), out);
    }
}

fn line(incident: &str, what: &str, at: commonhold_core::Time, text: &str, out: &mut Drafted) {
    let mut draft = Draft::new("incident-line", format!("{incident}:{what}"));
    draft.refer("incident", incident);
    draft.at("at", Some(at));
    draft.put("type", "observation");
    draft.put("text", text);
    draft.put("public", false);
    out.push(draft);
}

/// Labels in use for how bad it is, by the four severities; what is not said is the middle.
fn severity(label: Option<&str>) -> &'static str {
    match label.unwrap_or_default().to_lowercase().as_str() {
        "critical" | "page" | "emergency" | "disaster" | "p1" | "sev1" => "sev1",
        "error" | "major" | "high" | "p2" | "sev2" => "sev2",
        "info" | "none" | "minor" | "low" | "p4" | "sev4" => "sev4",
        _ => "sev3",
    }
}
