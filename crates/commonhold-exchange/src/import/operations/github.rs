//! Webhooks of GitHub: deployment, deployment_status, workflow_run, push, release.

use super::Drafted;
use super::forge::{self, Deploy, Release};
use super::json::{address, first, get, is, moment, text};
use serde_json::Value;

/// Words in the name or path of a workflow that say that it puts something to use.
const DEPLOYS: &[&str] = &["deploy", "release", "publish", "production", "pages build", "rollout"];

/// Reads a body by the fields of its event.
pub(super) fn read(body: &Value, out: &mut Drafted) {
    let has = |name: &str| get(body, name).is_some();
    if has("deployment_status") {
        status(body, out);
    } else if has("deployment") && !has("reviewers") {
        out.refuse(
            "deployment",
            "The deployment has only begun; its event deployment_status says how it ended.",
        );
    } else if has("commits") && has("ref") {
        forge::push(body, "github", out);
    } else if has("release") {
        release(body, "github", out);
    } else if has("workflow_run") && !has("reviewers") {
        workflow(body, "github", out);
    } else {
        let events = [
            ("hook_id", "ping"),
            ("check_run", "check_run"),
            ("check_suite", "check_suite"),
            ("reviewers", "deployment_review"),
            ("sponsorship", "sponsorship"),
            ("context", "status"),
            ("pull_request", "pull_request"),
            ("issue", "issues"),
        ];
        let event = events.iter().find(|(field, _)| has(field)).map_or("unknown", |(_, name)| name);
        forge::other(body, event, out);
    }
}

fn status(body: &Value, out: &mut Drafted) {
    let state = text(body, "deployment_status.state").unwrap_or_default();
    let result = match state.as_str() {
        "success" => "succeeded",
        "failure" | "error" => "failed",
        "inactive" => {
            out.refuse(
                "deployment_status",
                "The deployment was replaced by a later one (inactive); that is no result.",
            );
            return;
        }
        _ => {
            out.refuse(
                "deployment_status",
                format!("The deployment is not finished yet ({state})."),
            );
            return;
        }
    };
    let Some(id) = text(body, "deployment.id") else {
        out.refuse("deployment_status", "The deployment has no id.");
        return;
    };
    let environment = first(body, &["deployment_status.environment", "deployment.environment"]);
    let event = text(body, "workflow_run.event");
    let preview =
        is(body, "deployment.transient_environment") || forge::is_preview(environment.as_deref());
    let url = [
        "deployment_status.environment_url",
        "deployment_status.target_url",
        "deployment_status.log_url",
    ]
    .iter()
    .find_map(|path| address(body, path));
    let house = forge::house("github", address(body, "repository.html_url"));
    let deploy = Deploy {
        origin: format!("{house}:deployment:{id}"),
        environment,
        repository: text(body, "repository.full_name"),
        commit: forge::commit(text(body, "deployment.sha")),
        reference: text(body, "deployment.ref").and_then(|name| forge::reference(&name)),
        trigger: event.as_deref().map_or("unknown", trigger),
        started: moment(body, "deployment.created_at"),
        ended: moment(body, "deployment_status.created_at"),
        committed: forge::newest(body, "workflow_run.head_commit.timestamp", out),
        result,
        preview,
        url,
    };
    deploy.push("deployment_status", out);
}

/// What set a workflow off.
pub(super) fn trigger(event: &str) -> &'static str {
    match event {
        "push" | "pull_request" | "merge_group" => "commit",
        "workflow_dispatch" => "manual",
        "schedule" => "schedule",
        _ => "unknown",
    }
}

/// A run of a workflow, where its name says that it deploys. `prefix` names the forge.
pub(super) fn workflow(body: &Value, prefix: &str, out: &mut Drafted) {
    let name = text(body, "workflow_run.name").or_else(|| text(body, "workflow.name"));
    let path = first(body, &["workflow_run.path", "workflow.path"]);
    let both = format!("{} {}", name.as_deref().unwrap_or(""), path.as_deref().unwrap_or(""));
    let shown = name.or(path).unwrap_or_else(|| "without a name".to_owned());
    if text(body, "workflow_run.status").as_deref() != Some("completed") {
        out.refuse("workflow_run", format!("The run of “{shown}” is not finished yet."));
        return;
    }
    let lower = both.to_lowercase();
    if !DEPLOYS.iter().any(|word| lower.contains(word)) {
        out.refuse("workflow_run", format!("The run of “{shown}” does not say that it deploys."));
        return;
    }
    let result = match text(body, "workflow_run.conclusion").as_deref() {
        Some("success") => "succeeded",
        Some("failure" | "timed_out" | "startup_failure") => "failed",
        Some("cancelled") => "cancelled",
        other => {
            let other = other.unwrap_or("no conclusion").to_owned();
            out.refuse("workflow_run", format!("The run of “{shown}” has no result ({other})."));
            return;
        }
    };
    let Some(id) = text(body, "workflow_run.id") else {
        out.refuse("workflow_run", "The run has no id.");
        return;
    };
    let attempt = text(body, "workflow_run.run_attempt").filter(|attempt| attempt != "1");
    let attempt = attempt.map(|attempt| format!(":{attempt}")).unwrap_or_default();
    let house = forge::house(prefix, address(body, "repository.html_url"));
    let deploy = Deploy {
        origin: format!("{house}:run:{id}{attempt}"),
        environment: Some(shown),
        repository: text(body, "repository.full_name"),
        commit: forge::commit(text(body, "workflow_run.head_sha")),
        reference: text(body, "workflow_run.head_branch").and_then(|name| forge::reference(&name)),
        trigger: text(body, "workflow_run.event").as_deref().map_or("unknown", trigger),
        started: moment(body, "workflow_run.run_started_at")
            .or_else(|| moment(body, "workflow_run.created_at")),
        ended: moment(body, "workflow_run.updated_at"),
        committed: forge::newest(body, "workflow_run.head_commit.timestamp", out),
        result,
        preview: text(body, "workflow_run.event").as_deref() == Some("pull_request"),
        url: address(body, "workflow_run.html_url"),
    };
    deploy.push("workflow_run", out);
}

/// A published release; the shape is the same at Forgejo and Gitea.
pub(super) fn release(body: &Value, prefix: &str, out: &mut Drafted) {
    let action = text(body, "action").unwrap_or_default();
    if is(body, "release.draft") || matches!(action.as_str(), "deleted" | "unpublished") {
        out.refuse("release", format!("The release is a draft or was taken back ({action})."));
        return;
    }
    let Some(id) = text(body, "release.id") else {
        out.refuse("release", "The release has no id.");
        return;
    };
    let house = forge::house(prefix, address(body, "repository.html_url"));
    let one = Release {
        origin: format!("{house}:release:{id}"),
        tag: text(body, "release.tag_name"),
        name: text(body, "release.name"),
        body: get(body, "release.body").and_then(Value::as_str),
        published: moment(body, "release.published_at"),
        url: address(body, "release.html_url"),
    };
    forge::release(one, out);
}
