//! Status pages with the JSON of Statuspage (v2: `summary.json`, `incidents.json`,
//! `components.json`, `scheduled-maintenances.json`), which others serve too.

use super::json::{address, first, get, list, moment, text};
use super::{Draft, Drafted, Error, json};
use commonhold_core::Time;
use serde_json::Value;

/// The name of the format.
pub const FORMAT: &str = "statuspage";
/// How old a component's state may be and still be believed: a week, in milliseconds.
const WEEK: i64 = 7 * 24 * 3_600 * 1_000;

/// Whether the JSON is of such a page.
pub(super) fn is(body: &Value) -> bool {
    let lists = ["incidents", "components", "scheduled_maintenances", "status"];
    get(body, "page.id").is_some() && lists.iter().any(|name| get(body, name).is_some())
}

/// Reads one of the page's files.
///
/// # Errors
/// When it is no JSON or not of a status page.
pub fn read(bytes: &[u8]) -> Result<Drafted, Error> {
    let body = json::parse(bytes)?;
    if !is(&body) {
        return Err(Error::OtherFile(
            "The file is JSON, but not of a status page (no page and incidents or components in \
             it); choose another format.",
        ));
    }
    let page = text(&body, "page.id").unwrap_or_default();
    let mut out = Drafted::new(FORMAT);
    for (number, one) in (1_usize..).zip(list(&body, "incidents")) {
        incident(one, &page, &format!("incident {number}"), &mut out);
    }
    for (number, one) in (1_usize..).zip(list(&body, "scheduled_maintenances")) {
        maintenance(one, &body, &page, &format!("maintenance {number}"), &mut out);
    }
    let looked = moment(&body, "page.updated_at");
    let mut up = 0_u32;
    for (number, one) in (1_usize..).zip(list(&body, "components")) {
        component(one, looked, &page, &format!("component {number}"), &mut up, &mut out);
    }
    if up > 0 {
        out.note(format!(
            "{up} components are said to be up at the moment of the file; one look is no \
             measurement, so it is not recorded."
        ));
    }
    if out.drafts.is_empty() && out.refused.is_empty() {
        out.refuse("page", "The file names no incident, maintenance or disturbed component.");
    }
    Ok(out)
}

fn names(one: &Value) -> Vec<String> {
    list(one, "components").iter().filter_map(|component| text(component, "name")).collect()
}

fn incident(one: &Value, page: &str, place: &str, out: &mut Drafted) {
    let (Some(id), Some(name)) = (text(one, "id"), text(one, "name")) else {
        out.refuse(place, "The incident has no id or name.");
        return;
    };
    let origin = format!("statuspage:{page}:{id}");
    let mut updates: Vec<&Value> = list(one, "incident_updates").iter().collect();
    updates.sort_by_key(|update| shown(update));
    let started = moment(one, "started_at").or_else(|| moment(one, "created_at"));
    let resolved = moment(one, "resolved_at").filter(|end| Some(*end) >= started);
    let eased = moment(one, "monitoring_at").filter(|at| Some(*at) >= started);
    let eased = eased.filter(|at| resolved.is_none_or(|end| *at <= end));
    let mut draft = Draft::new("incident", origin.clone());
    draft.put("title", name);
    draft.put(
        "severity",
        match text(one, "impact").as_deref() {
            Some("critical") => "sev1",
            Some("major") => "sev2",
            Some("minor") => "sev3",
            _ => "sev4",
        },
    );
    draft.put("components", names(one));
    draft.at("started", started);
    draft.at("mitigated", eased);
    draft.at("resolved", resolved);
    let told = updates.first().and_then(|update| json::body(update, "body"));
    draft.put("impact", told.unwrap_or_default());
    draft.put("visibility", "public");
    draft.put("url", address(one, "shortlink"));
    out.push(draft);
    for update in &updates {
        line(update, &origin, out);
    }
    states(&updates, resolved, &origin, out);
}

/// When an update was shown.
fn shown(update: &Value) -> Option<Time> {
    moment(update, "display_at").or_else(|| moment(update, "created_at"))
}

fn line(update: &Value, incident: &str, out: &mut Drafted) {
    let (Some(id), Some(at)) = (text(update, "id"), shown(update)) else {
        out.refuse(incident, "An update of the incident has no id or time.");
        return;
    };
    let status = text(update, "status").unwrap_or_default();
    let Some(told) = json::body(update, "body") else {
        out.refuse(format!("update {id}"), "The update has no text.");
        return;
    };
    let mut draft = Draft::new("incident-line", format!("{incident}:{id}"));
    draft.refer("incident", incident);
    draft.at("at", Some(at));
    draft.put("type", "communication");
    draft.put("text", super::clip(&told, 9_000));
    draft.put("public", true);
    let known = ["investigating", "identified", "monitoring", "resolved"];
    draft.put("status", known.contains(&status.as_str()).then_some(status));
    out.push(draft);
}

/// How long components were disturbed, as the updates of an incident changed them. What is still
/// open ends with the incident; without that, nothing says how long it lasted.
fn states(updates: &[&Value], resolved: Option<Time>, incident: &str, out: &mut Drafted) {
    let mut open: Vec<(String, Time, &'static str)> = Vec::new();
    for update in updates {
        let Some(at) = shown(update) else { continue };
        for changed in list(update, "affected_components") {
            let Some(name) = text(changed, "name") else { continue };
            // Some names carry their group: “Website - Search”.
            let state = state(text(changed, "new_status").as_deref());
            if let Some(place) = open.iter().position(|(known, ..)| *known == name) {
                let (_, from, before) = open.swap_remove(place);
                if Some(before) == state {
                    open.push((name, from, before));
                    continue;
                }
                available(&name, from, at, before, incident, out);
            }
            if let Some(state) = state.filter(|state| *state != "up") {
                open.push((name, at, state));
            }
        }
    }
    for (name, from, state) in open {
        match resolved.filter(|end| *end > from) {
            Some(end) => available(&name, from, end, state, incident, out),
            None => out.refuse(
                format!("component {name}"),
                "It was disturbed, but nothing says until when; that stays unknown.",
            ),
        }
    }
}

fn state(status: Option<&str>) -> Option<&'static str> {
    match status? {
        "operational" => Some("up"),
        "degraded_performance" | "partial_outage" => Some("degraded"),
        "major_outage" => Some("down"),
        "under_maintenance" => Some("maintenance"),
        _ => None,
    }
}

fn available(name: &str, from: Time, until: Time, state: &str, origin: &str, out: &mut Drafted) {
    if until <= from {
        return;
    }
    let mut draft = Draft::new("availability", format!("{origin}:{name}:{from}"));
    draft.put("component", name);
    draft.at("from", Some(from));
    draft.at("until", Some(until));
    draft.put("state", state);
    draft.put("source", "statuspage");
    out.push(draft);
}

fn maintenance(one: &Value, body: &Value, page: &str, place: &str, out: &mut Drafted) {
    let done = text(one, "status").as_deref() == Some("completed");
    let from = if done { moment(one, "started_at") } else { None };
    let from = from.or_else(|| moment(one, "scheduled_for"));
    let until = if done { moment(one, "resolved_at") } else { None };
    let until = until.or_else(|| moment(one, "scheduled_until"));
    let (Some(id), Some(from), Some(until)) = (text(one, "id"), from, until) else {
        out.refuse(place, "The maintenance has no id, beginning or end.");
        return;
    };
    if until <= from {
        out.refuse(place, "The maintenance ends before it begins.");
        return;
    }
    let mut components = names(one);
    if components.is_empty() {
        components.extend(first(body, &["page.name"]));
    }
    let origin = format!("statuspage:{page}:{id}");
    for name in &components {
        available(name, from, until, "maintenance", &origin, out);
    }
}

/// The state of a component is of one moment; it is taken as lasting only where its last change is
/// at most a week before that.
fn component(
    one: &Value,
    looked: Option<Time>,
    page: &str,
    place: &str,
    up: &mut u32,
    out: &mut Drafted,
) {
    let (Some(id), Some(name)) = (text(one, "id"), text(one, "name")) else {
        out.refuse(place, "The component has no id or name.");
        return;
    };
    let Some(state) = state(text(one, "status").as_deref()) else {
        out.refuse(place, format!("The state of {name} is none that is known."));
        return;
    };
    if state == "up" {
        *up = up.saturating_add(1);
        return;
    }
    match (moment(one, "updated_at"), looked) {
        (Some(from), Some(until)) if until > from && until.0.saturating_sub(from.0) <= WEEK => {
            available(&name, from, until, state, &format!("statuspage:{page}:{id}"), out);
        }
        _ => out.refuse(
            place,
            format!(
                "{name} is said to be disturbed, but its last change is more than a week before \
                 the file or not given; since when it is so stays unknown."
            ),
        ),
    }
}
