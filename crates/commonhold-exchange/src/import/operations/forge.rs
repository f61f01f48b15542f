//! Webhooks of forges: GitHub, Forgejo and Gitea, GitLab. One payload is one JSON body.
//!
//! A body is of the event its fields show; headers are not needed for reading. Only known fields
//! are taken, so a `secret` in an old body never lands in a draft.

use super::json::{first, get, is, list, text};
use super::{Draft, Drafted, Error, changelog, conventional, forgejo, github, gitlab, json, line};
use commonhold_core::Time;
use serde_json::Value;

/// The name of GitHub's webhooks.
pub const GITHUB: &str = "github-webhook";
/// The name of Forgejo's and Gitea's webhooks.
pub const FORGEJO: &str = "forgejo-webhook";
/// The name of GitLab's webhooks.
pub const GITLAB: &str = "gitlab-webhook";

/// Reads a payload of any of the three.
///
/// # Errors
/// When the body is no JSON, or no webhook of a forge.
pub fn read(bytes: &[u8]) -> Result<Drafted, Error> {
    let body = json::parse(bytes)?;
    let format = format(&body).ok_or(Error::OtherFile(
        "The file is JSON, but no webhook of GitHub, Forgejo, Gitea or GitLab; choose another \
         format.",
    ))?;
    let mut out = Drafted::new(format);
    match format {
        GITLAB => gitlab::read(&body, &mut out),
        FORGEJO => forgejo::read(&body, &mut out),
        _ => github::read(&body, &mut out),
    }
    Ok(out)
}

/// Which forge sent it: GitLab names the sort of object, GitHub gives everything a node id.
pub(super) fn format(body: &Value) -> Option<&'static str> {
    let fields = body.as_object()?;
    let gitlab = fields.contains_key("object_kind") || fields.contains_key("event_type");
    if gitlab && (fields.contains_key("project") || fields.contains_key("project_id")) {
        return Some(GITLAB);
    }
    let sender = fields.contains_key("sender") || fields.contains_key("pusher");
    let of_forge = ["repository", "sponsorship", "organization", "run"];
    if !sender && !fields.contains_key("run")
        || !of_forge.iter().any(|name| fields.contains_key(*name))
    {
        return None;
    }
    let node = ["repository.node_id", "sender.node_id", "organization.node_id"];
    let github = node.iter().any(|path| get(body, path).is_some());
    Some(if github { GITHUB } else { FORGEJO })
}

/// A finished deploy as all three describe it.
pub(super) struct Deploy {
    pub(super) origin: String,
    pub(super) environment: Option<String>,
    pub(super) repository: Option<String>,
    pub(super) commit: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) trigger: &'static str,
    pub(super) started: Option<Time>,
    pub(super) ended: Option<Time>,
    /// When the oldest change was committed that the event tells of; often that is the newest too.
    pub(super) committed: Option<Time>,
    pub(super) result: &'static str,
    pub(super) preview: bool,
    pub(super) url: Option<String>,
}

impl Deploy {
    /// Adds the deploy, or says which of the fields a deploy must have is missing.
    pub(super) fn push(self, place: &str, out: &mut Drafted) {
        let needed = [
            ("environment", self.environment.is_some()),
            ("repository", self.repository.is_some()),
            ("commit", self.commit.is_some()),
            ("start", self.started.is_some()),
        ];
        let missing: Vec<&str> =
            needed.iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect();
        if !missing.is_empty() {
            out.refuse(place, format!("The event does not say its {}.", missing.join(", ")));
            return;
        }
        let mut draft = Draft::new("deploy", self.origin);
        draft.put("environment", self.environment);
        draft.put("repository", self.repository);
        draft.put("commit", self.commit);
        draft.put("reference", self.reference);
        draft.put("trigger", self.trigger);
        draft.at("started", self.started);
        // A clock that ran backwards between two machines is not the deploy's.
        draft.at("ended", self.ended.filter(|ended| Some(*ended) >= self.started));
        // What is dated after its own deploy says nothing of how long it took.
        let last = self.ended.or(self.started);
        draft.at("committed", self.committed.filter(|committed| Some(*committed) <= last));
        draft.put("result", self.result);
        draft.put("preview", self.preview);
        draft.put("url", self.url);
        out.push(draft);
    }
}

/// When the newest commit of a deploy was made, at a path of the body. Of older ones in the same
/// deploy the event says nothing, which is noted: the lead time is this long at least.
pub(super) fn newest(body: &Value, path: &str, out: &mut Drafted) -> Option<Time> {
    let found = json::moment(body, path)?;
    out.note(
        "The event says when the newest change was committed, not the oldest; the lead time \
         counts from there."
            .into(),
    );
    Some(found)
}

/// When the oldest commit of a push was made.
pub(super) fn oldest(push: &Value) -> Option<Time> {
    let of_list = list(push, "commits").iter().filter_map(|one| json::moment(one, "timestamp"));
    of_list.min().or_else(|| json::moment(push, "head_commit.timestamp"))
}

/// Whether a name says that what lies there is only looked at before it is put to use.
pub(super) fn is_preview(environment: Option<&str>) -> bool {
    let name = environment.unwrap_or_default().to_lowercase();
    ["preview", "review/", "pr-", "staging-pr"].iter().any(|mark| name.contains(mark))
}

/// A branch or tag without its path.
pub(super) fn reference(text: &str) -> Option<String> {
    let short = text.strip_prefix("refs/heads/").or_else(|| text.strip_prefix("refs/tags/"));
    line(short.unwrap_or(text))
}

/// A commit as its whole hash: 40 or 64 hexadecimal digits, in small letters.
pub(super) fn commit(text: Option<String>) -> Option<String> {
    let text = text?.to_ascii_lowercase();
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    (hex && (7..=64).contains(&text.len())).then_some(text)
}

/// Which forge an origin names, and where it stands when it is the forge of one's own house.
pub(super) fn house(prefix: &str, address: Option<String>) -> String {
    let host = address
        .as_deref()
        .and_then(|url| url.split_once("://"))
        .map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase());
    match host {
        Some(host) if !host.is_empty() && host != "github.com" => format!("{prefix}:{host}"),
        _ => prefix.to_owned(),
    }
}

/// The commits of a push become lines of the changelog, where their messages say so.
pub(super) fn push(body: &Value, prefix: &str, out: &mut Drafted) {
    let name = first(body, &["ref"]).unwrap_or_default();
    if is(body, "deleted") {
        out.refuse("push", format!("{name} was deleted; nothing was changed by that."));
        return;
    }
    if name.starts_with("refs/tags/") {
        out.refuse("push", "A tag was pushed; what is new in it the release says.");
        return;
    }
    let commits = list(body, "commits");
    if commits.is_empty() {
        out.refuse("push", "The push holds no commits.");
    }
    for (number, one) in (1_usize..).zip(commits) {
        let place = format!("commit {number}");
        let Some(id) = commit(first(one, &["id"])) else {
            out.refuse(place, "The commit has no id.");
            continue;
        };
        let moment = json::moment(one, "timestamp");
        let message = get(one, "message").and_then(Value::as_str).unwrap_or_default();
        let Some(moment) = moment else {
            out.refuse(place, "The commit has no time.");
            continue;
        };
        match conventional::read(message) {
            Err(reason) => out.refuse(place, reason),
            Ok(change) => {
                let mut draft = change_draft(format!("{prefix}:commit:{id}"), &change, moment);
                draft.put("commit", id);
                draft.put("url", json::address(one, "url"));
                out.push(draft);
            }
        }
    }
}

/// A line of the changelog from a commit.
pub(super) fn change_draft(origin: String, change: &conventional::Change, at: Time) -> Draft {
    let mut draft = Draft::new("change", origin);
    draft.put("category", change.category);
    draft.put("text", change.text.clone());
    draft.put("date", at.date().to_string());
    draft.put("breaking", change.breaking);
    draft
}

/// A release of one of the forges.
pub(super) struct Release<'a> {
    pub(super) origin: String,
    pub(super) tag: Option<String>,
    pub(super) name: Option<String>,
    pub(super) body: Option<&'a str>,
    pub(super) published: Option<Time>,
    pub(super) url: Option<String>,
}

/// The lines of a release: the sections of Keep a Changelog where its text has such, else its list,
/// else one line that it was released.
pub(super) fn release(release: Release<'_>, out: &mut Drafted) {
    let Release { origin, tag, name, body, published, url } = release;
    let (Some(tag), Some(published)) = (tag, published) else {
        out.refuse("release", "The release has no tag or is not published yet.");
        return;
    };
    let mut changes = changelog::sections(body.unwrap_or_default());
    if changes.is_empty() {
        let text = name.filter(|name| *name != tag).unwrap_or_else(|| format!("Release {tag}"));
        changes.push(conventional::Change { category: "changed", text, breaking: false });
    }
    for (number, change) in (1_usize..).zip(&changes) {
        let mut draft = change_draft(format!("{origin}:{number}"), change, published);
        draft.put("version", tag.clone());
        draft.put("url", url.clone());
        out.push(draft);
    }
}

/// Says of an event that is no deploy and no change what it is.
pub(super) fn other(body: &Value, event: &str, out: &mut Drafted) {
    let action = text(body, "action").map(|action| format!(" ({action})")).unwrap_or_default();
    out.refuse(
        event,
        format!("The event “{event}”{action} says nothing about a deploy or a change."),
    );
}
