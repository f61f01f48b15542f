//! Incidents, deploys, and what is known of how things are done. These kinds are read by the names
//! of their fields: a book of an earlier version has none of them.

use super::{Shown, text};
use crate::Error;
use crate::public::Public;
use commonhold_core::date::Time;
use commonhold_core::id::RecordId;
use commonhold_core::json::Fields;

/// One incident that is public.
pub struct Incident {
    /// Its record.
    pub id: RecordId,
    /// Its fields.
    pub fields: Fields,
    /// Its public updates, oldest first.
    pub lines: Shown<Fields>,
    /// Its published reviews.
    pub reviews: Shown<Fields>,
    /// What followed from it.
    pub actions: Shown<Fields>,
}

impl Incident {
    /// When a step of it was, such as `started`.
    pub fn moment(&self, step: &str) -> Option<Time> {
        text(&self.fields, step).parse().ok()
    }

    /// Whole minutes from its beginning to a step.
    pub fn minutes(&self, step: &str) -> Option<i64> {
        let span = self.moment(step)?.0.checked_sub(self.moment("started")?.0)?;
        span.checked_div(60_000).filter(|minutes| *minutes >= 0)
    }
}

/// How it runs, and what is known of it.
#[derive(Default)]
pub struct Operations {
    /// Incidents, the newest first.
    pub incidents: Vec<Incident>,
    /// Deploys, the newest first.
    pub deploys: Shown<Fields>,
    /// Lines of the changelog, the newest first.
    pub changes: Shown<Fields>,
    /// Runbooks by title.
    pub runbooks: Shown<Fields>,
    /// Processes by title.
    pub processes: Shown<Fields>,
    /// Venues of the community by name.
    pub venues: Shown<Fields>,
    /// Sessions, the newest first.
    pub sessions: Shown<Fields>,
    /// Versions of the manifesto.
    pub manifestos: Shown<Fields>,
    /// Signatures of it.
    pub signatures: Shown<Fields>,
    /// Feedback to what is public, the newest first.
    pub feedback: Shown<Fields>,
    /// Other people's work that is kept here.
    pub commons: Shown<Fields>,
}

fn newest(mut found: Shown<Fields>, field: &str) -> Shown<Fields> {
    found.sort_by(|(a, x), (b, y)| (text(y, field), a).cmp(&(text(x, field), b)));
    found
}

fn oldest(mut found: Shown<Fields>, field: &str) -> Shown<Fields> {
    found.sort_by(|(a, x), (b, y)| (text(x, field), a).cmp(&(text(y, field), b)));
    found
}

/// Takes those that name a record in a field.
fn take(from: &Shown<Fields>, field: &str, id: &RecordId) -> Shown<Fields> {
    let name = id.to_string();
    from.iter().filter(|(_, fields)| text(fields, field) == name).cloned().collect()
}

/// Reads them.
pub fn read(public: &Public<'_>) -> Result<Operations, Error> {
    let lines = oldest(public.all("incident-line")?, "at");
    let reviews = public.all("review")?;
    let actions = oldest(public.all("action")?, "due");
    let incidents = newest(public.all("incident")?, "started")
        .into_iter()
        .map(|(id, fields)| {
            let reviews = take(&reviews, "incident", &id);
            let mut followed = take(&actions, "about", &id);
            followed.extend(reviews.iter().flat_map(|(id, _)| take(&actions, "about", id)));
            let lines = take(&lines, "incident", &id);
            Incident { id, fields, lines, reviews, actions: followed }
        })
        .collect();
    Ok(Operations {
        incidents,
        deploys: newest(public.all("deploy")?, "started"),
        changes: newest(public.all("change")?, "date"),
        runbooks: oldest(public.all("runbook")?, "title"),
        processes: oldest(public.all("process")?, "title"),
        venues: oldest(public.all("venue")?, "name"),
        sessions: newest(public.all("session")?, "starts"),
        manifestos: public.all("manifesto")?,
        signatures: oldest(public.all("signature")?, "date"),
        feedback: newest(public.all("feedback")?, "received"),
        commons: oldest(public.all("commons")?, "title"),
    })
}
