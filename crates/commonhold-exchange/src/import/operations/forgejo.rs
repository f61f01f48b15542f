//! Webhooks of Forgejo and Gitea: push, release, runs of workflows.

use super::forge::{self, Deploy};
use super::json::{address, first, get, moment, text};
use super::{Drafted, github, json};
use serde_json::Value;

/// Reads a body by the fields of its event.
pub(super) fn read(body: &Value, out: &mut Drafted) {
    let has = |name: &str| get(body, name).is_some();
    if has("commits") && has("ref") {
        let house = forge::house("forgejo", address(body, "repository.html_url"));
        forge::push(body, &house, out);
    } else if has("release") {
        github::release(body, "forgejo", out);
    } else if has("workflow_run") {
        github::workflow(body, "forgejo", out);
    } else if has("run") {
        run(body, out);
    } else {
        let events =
            [("pull_request", "pull_request"), ("issue", "issues"), ("ref_type", "create")];
        let event = events.iter().find(|(field, _)| has(field)).map_or("unknown", |(_, name)| name);
        forge::other(body, event, out);
    }
}

/// The end of a run as Forgejo tells it (`action_run_success`, `action_run_failure`).
fn run(body: &Value, out: &mut Drafted) {
    let name = first(body, &["run.workflow_id", "run.title"]).unwrap_or_default();
    let result = match first(body, &["run.status", "action"]).as_deref() {
        Some("success" | "recover") => "succeeded",
        Some("failure") => "failed",
        Some("cancelled") => "cancelled",
        other => {
            let state = other.unwrap_or("no status").to_owned();
            out.refuse("run", format!("The run of “{name}” has no result ({state})."));
            return;
        }
    };
    let lower = name.to_lowercase();
    if !["deploy", "release", "publish", "production"].iter().any(|word| lower.contains(word)) {
        out.refuse("run", format!("The run of “{name}” does not say that it deploys."));
        return;
    }
    let Some(id) = text(body, "run.id") else {
        out.refuse("run", "The run has no id.");
        return;
    };
    let page = address(body, "run.html_url");
    let house =
        forge::house("forgejo", page.clone().or_else(|| address(body, "repository.html_url")));
    let deploy = Deploy {
        origin: format!("{house}:run:{id}"),
        environment: Some(name),
        repository: first(body, &["run.repository.full_name", "repository.full_name"]),
        commit: forge::commit(text(body, "run.commit_sha")),
        reference: text(body, "run.prettyref").and_then(|name| forge::reference(&name)),
        trigger: text(body, "run.event").as_deref().map_or("unknown", github::trigger),
        started: moment(body, "run.started").or_else(|| moment(body, "run.created")),
        ended: moment(body, "run.stopped"),
        committed: pushed(body).and_then(|push| forge::oldest(&push)),
        result,
        preview: text(body, "run.event").as_deref() == Some("pull_request"),
        url: page,
    };
    deploy.push("run", out);
}

/// What set a run off, where that was a push: its event lies in the run as a text.
fn pushed(body: &Value) -> Option<Value> {
    let text = get(body, "run.event_payload")?.as_str()?;
    json::parse(text.as_bytes()).ok()
}
