//! Webhooks of GitLab: deployment, pipeline, job (`build`), push, release.

use super::Drafted;
use super::forge::{self, Deploy, Release};
use super::json::{address, first, get, list, moment, text};
use serde_json::Value;

/// Reads a body by its `object_kind`.
pub(super) fn read(body: &Value, out: &mut Drafted) {
    let kind = first(body, &["object_kind", "event_type"]).unwrap_or_default();
    let page =
        ["project.web_url", "repository.homepage"].iter().find_map(|path| address(body, path));
    let house = forge::house("gitlab", page);
    match kind.as_str() {
        "deployment" => deployment(body, &house, out),
        "pipeline" => pipeline(body, &house, out),
        "build" | "job" => job(body, &house, out),
        "push" => forge::push(body, &house, out),
        "release" => release(body, &house, out),
        other => forge::other(body, other, out),
    }
}

/// What GitLab calls an end; nothing for what goes on.
fn result(status: Option<&str>) -> Option<&'static str> {
    match status? {
        "success" => Some("succeeded"),
        "failed" => Some("failed"),
        "canceled" | "cancelled" => Some("cancelled"),
        _ => None,
    }
}

fn trigger(source: Option<&str>) -> &'static str {
    match source.unwrap_or_default() {
        "push" | "merge_request_event" => "commit",
        "web" | "chat" | "webide" => "manual",
        "schedule" => "schedule",
        _ => "unknown",
    }
}

fn unfinished(event: &str, status: Option<String>, out: &mut Drafted) {
    let status = status.unwrap_or_else(|| "no status".to_owned());
    out.refuse(event, format!("It is not finished yet ({status})."));
}

fn deployment(body: &Value, house: &str, out: &mut Drafted) {
    let status = text(body, "status");
    let Some(result) = result(status.as_deref()) else {
        return unfinished("deployment", status, out);
    };
    let Some(id) = text(body, "deployment_id") else {
        out.refuse("deployment", "The deployment has no id.");
        return;
    };
    let environment = text(body, "environment");
    // The address of the commit holds its whole hash, the event itself only the beginning.
    let whole = text(body, "commit_url").and_then(|url| url.rsplit('/').next().map(str::to_owned));
    let changed = moment(body, "status_changed_at");
    if changed.is_some() && get(body, "deployable_started_at").is_none() {
        out.note(
            "The event says only when the deployment ended; its start is given as the same \
             moment."
                .into(),
        );
    }
    let deploy = Deploy {
        origin: format!("{house}:deployment:{id}"),
        preview: text(body, "environment_tier").as_deref() == Some("development")
            || forge::is_preview(environment.as_deref()),
        environment,
        repository: text(body, "project.path_with_namespace"),
        commit: forge::commit(whole).or_else(|| forge::commit(text(body, "short_sha"))),
        reference: text(body, "ref").and_then(|name| forge::reference(&name)),
        trigger: "unknown",
        started: moment(body, "deployable_started_at").or(changed),
        ended: changed,
        committed: None,
        result,
        url: address(body, "deployable_url").or_else(|| address(body, "environment_external_url")),
    };
    deploy.push("deployment", out);
}

/// The jobs of a pipeline that name an environment each are a deploy.
fn pipeline(body: &Value, house: &str, out: &mut Drafted) {
    let source = text(body, "object_attributes.source");
    let committed = forge::newest(body, "commit.timestamp", out);
    let mut deploys = 0_u32;
    for (number, build) in (1_usize..).zip(list(body, "builds")) {
        let Some(environment) = text(build, "environment.name") else { continue };
        deploys = deploys.saturating_add(1);
        let place = format!("job {number}");
        let status = text(build, "status");
        let Some(result) = result(status.as_deref()) else {
            unfinished(&place, status, out);
            continue;
        };
        let Some(id) = text(build, "id") else {
            out.refuse(place, "The job has no id.");
            continue;
        };
        let manual = get(build, "manual").and_then(Value::as_bool) == Some(true);
        let deploy = Deploy {
            origin: format!("{house}:job:{id}"),
            preview: text(build, "environment.deployment_tier").as_deref() == Some("development")
                || forge::is_preview(Some(&environment)),
            environment: Some(environment),
            repository: text(body, "project.path_with_namespace"),
            commit: forge::commit(text(body, "object_attributes.sha")),
            reference: text(body, "object_attributes.ref").and_then(|n| forge::reference(&n)),
            trigger: if manual { "manual" } else { trigger(source.as_deref()) },
            started: moment(build, "started_at"),
            ended: moment(build, "finished_at"),
            committed,
            result,
            url: address(body, "object_attributes.url"),
        };
        deploy.push(&place, out);
    }
    if deploys == 0 {
        out.refuse("pipeline", "No job of the pipeline names an environment, so it is no deploy.");
    }
}

fn job(body: &Value, house: &str, out: &mut Drafted) {
    let Some(environment) = text(body, "environment.name") else {
        out.refuse("job", "The job names no environment, so it is no deploy.");
        return;
    };
    let status = text(body, "build_status");
    let Some(result) = result(status.as_deref()) else {
        return unfinished("job", status, out);
    };
    let Some(id) = text(body, "build_id") else {
        out.refuse("job", "The job has no id.");
        return;
    };
    let deploy = Deploy {
        origin: format!("{house}:job:{id}"),
        preview: text(body, "environment.deployment_tier").as_deref() == Some("development")
            || forge::is_preview(Some(&environment)),
        environment: Some(environment),
        repository: first(body, &["project.path_with_namespace", "project_name"])
            .map(|name| name.replace(" / ", "/")),
        commit: forge::commit(text(body, "sha")),
        reference: text(body, "ref").and_then(|name| forge::reference(&name)),
        trigger: "unknown",
        started: moment(body, "build_started_at"),
        ended: moment(body, "build_finished_at"),
        committed: None,
        result,
        url: None,
    };
    deploy.push("job", out);
}

fn release(body: &Value, house: &str, out: &mut Drafted) {
    if text(body, "action").as_deref() == Some("delete") {
        out.refuse("release", "The release was deleted.");
        return;
    }
    let Some(id) = first(body, &["id", "tag"]) else {
        out.refuse("release", "The release has no id.");
        return;
    };
    let one = Release {
        origin: format!("{house}:release:{id}"),
        tag: text(body, "tag"),
        name: text(body, "name"),
        body: get(body, "description").and_then(Value::as_str),
        published: moment(body, "released_at").or_else(|| moment(body, "created_at")),
        url: address(body, "url"),
    };
    forge::release(one, out);
}
