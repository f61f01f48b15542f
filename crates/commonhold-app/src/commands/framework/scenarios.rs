//! Scenarios: how each stands, writing down what fires, and opening the vote a firing asks for.

use super::plain;
use crate::app::App;
use crate::commands::decisions::{self, NewProposal};
use crate::commands::records;
use crate::failure::{Code, Failure};
use commonhold_core::framework::facts::{Facts, all};
use commonhold_core::framework::scenarios::{self, Fired, ScenarioView};
use commonhold_core::projection::State;
use commonhold_core::records::product::phase::MOVES;
use commonhold_core::records::product::scenario::{DEFAULT_RULE, Scenario};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId};
use serde_json::{Value, json};

/// How every scenario stands on a day.
pub fn scenario_list(
    reader: &Reader,
    book: &BookId,
    at: Option<Date>,
    today: Date,
) -> Result<Vec<ScenarioView>, Failure> {
    let at = at.unwrap_or(today);
    let known = all::<Scenario>(reader, book, Kind::Scenario)?;
    let authority = reader.authority(book)?;
    let people = |metric: &str, day: Date| {
        let state = authority.state();
        let with = |name: &str| {
            let holds =
                |person: &RecordId| state.roles(*person, day).iter().any(|r| r.name() == name);
            state.people().into_iter().filter(|p| state.is_active(*p) && holds(p)).count()
        };
        let number = match metric {
            "members" => with("member"),
            "contributors" => with("contributor"),
            _ => reader.given(book, day.month().back(11).first_day(), day).ok()?.len(),
        };
        i64::try_from(number).ok()
    };
    Ok(scenarios::scenarios(reader, book, &known, at, &people)?)
}

/// Writes down the scenarios that fire and are not written down yet, and opens the votes they ask
/// for, in the name of the person at this device where they may. Returns how many were written down.
pub fn scenario_watch(app: &mut App, book: &BookId) -> Result<u32, Failure> {
    app.store()?;
    let today = app.now().date();
    let views = scenario_list(app.reader(), book, None, today)?;
    scenario_write(app, book, &views)
}

/// Whether the person at this device may write down that a scenario fires.
pub(crate) fn may_fire(app: &mut App, book: &BookId) -> Result<bool, Failure> {
    let now = app.now();
    let writer = app.store()?.writer(book, now)?;
    let info = Kind::Firing.info();
    Ok(writer.may(info.writers, info.own))
}

/// The same as [`scenario_watch`] with what was found before, perhaps by another reader: what was
/// written down meanwhile is not written down again.
pub(crate) fn scenario_write(
    app: &mut App,
    book: &BookId,
    views: &[ScenarioView],
) -> Result<u32, Failure> {
    let mut written = 0_u32;
    for view in views {
        let Some(fired) = view.fired.clone() else { continue };
        // One run fires once, however long it lasts.
        let firing = match already(app.reader(), book, view, &fired)? {
            Some(firing) => firing,
            None => {
                let values: Vec<String> =
                    fired.values.iter().map(|(month, value)| format!("{month} {value}")).collect();
                let fields = plain(json!({
                    "scenario": view.id, "month": fired.month, "values": values,
                    "then": view.then,
                }));
                written = written.saturating_add(1);
                records::add(app, book, Kind::Firing, fields)?
            }
        };
        match open_vote(app, book, &firing) {
            // Who may not open it leaves that to who may.
            Err(failure) if failure.code == Code::Storage || failure.code == Code::Internal => {
                return Err(failure);
            }
            _ => {}
        }
    }
    Ok(written)
}

/// The firing this run of a scenario was written down by: one in a month between its own and the
/// last, since the numbers may have been others when it was written.
fn already(
    reader: &Reader,
    book: &BookId,
    view: &ScenarioView,
    fired: &Fired,
) -> Result<Option<RecordId>, Failure> {
    let last = view.values.last().map(|(month, _)| month.as_str()).unwrap_or_default();
    let rows = reader.with(book, Kind::Firing, "scenario", &view.id.to_string())?;
    let month = |fields: &commonhold_core::json::Fields| {
        fields.get("month").and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let sound = rows.into_iter().filter(|row| row.state == State::Ok);
    let named = sound.map(|row| (month(&row.fields), row.id));
    let first = view.values.first().map_or(fired.month.as_str(), |(month, _)| month.as_str());
    let since = fired.month.as_str().min(first);
    Ok(named.filter(|(at, _)| (since..=last).contains(&at.as_str())).min().map(|(_, id)| id))
}

/// Opens the vote a firing asks for, under the rule its scenario declares, unless it is open
/// already. The same firing gives the same proposal on every device. Nothing where it asks for none,
/// or the service is in no phase from which it could go where the scenario says.
pub fn open_vote(
    app: &mut App,
    book: &BookId,
    firing: &RecordId,
) -> Result<Option<RecordId>, Failure> {
    let there = app.reader().with(book, Kind::Proposal, "firing", &firing.to_string())?;
    if there.iter().any(|row| row.state == State::Ok) {
        return Ok(None);
    }
    let row = records::find(app.reader(), book, Kind::Firing, firing)?;
    let text = |name: &str| row.fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let (month, then) = (text("month").to_owned(), text("then").to_owned());
    let known = all::<Scenario>(app.reader(), book, Kind::Scenario)?;
    let named = text("scenario");
    let Some((id, scenario)) = known.into_iter().find(|(id, _)| id.to_string() == named) else {
        return Ok(None);
    };
    let phase = match (then.as_str(), scenario.phase) {
        ("open-vote", _) => None,
        ("propose-phase", Some(phase)) => Some(phase),
        _ => return Ok(None),
    };
    if let Some(to) = &phase {
        let today = app.now().date();
        let now = Facts::read(app.reader(), book, today)?.phase;
        if !MOVES.contains(&(now.as_str(), to.as_str())) {
            return Ok(None);
        }
    }
    let title = match &phase {
        Some(phase) => format!("Enter the phase {phase}: {} ({month})", scenario.name),
        None => format!("{} ({month})", scenario.name),
    };
    let values = row.fields.get("values").and_then(Value::as_array).cloned().unwrap_or_default();
    let lines: Vec<String> =
        values.iter().filter_map(Value::as_str).map(|value| format!("- {value}\n")).collect();
    let new = NewProposal {
        title,
        text: format!(
            "The scenario “{}” came true: {} {} {}, {} months in a row.\n\n{}",
            scenario.name,
            scenario.metric,
            scenario.comparison,
            scenario.limit,
            scenario.months,
            lines.concat()
        ),
        rule: scenario.rule.unwrap_or_else(|| DEFAULT_RULE.to_owned()),
        options: vec!["yes".into(), "no".into()],
        about_kind: Some(Kind::Scenario.name().to_owned()),
        about: Some(id),
        phase,
        firing: Some(*firing),
        ..NewProposal::default()
    };
    Ok(Some(decisions::proposal_open(app, book, &new)?))
}
