//! Webhooks of forges, git and changelogs.

use super::super::changelog::{Entry, Version};
use super::super::signature::{Signature, verify_signature, without_secret};
use super::*;

#[test]
fn a_deployment_of_github_is_a_deploy() {
    let found = drafted("github-deployment-status.json", forge::GITHUB);
    let [deploy] = &found.drafts[..] else { panic!("{found:?}") };
    assert_eq!((deploy.kind, &*deploy.origin), ("deploy", "github:deployment:42"));
    assert_eq!(field(deploy, "started"), "2026-03-04T10:00:30Z");
    assert_eq!(field(deploy, "ended"), "2026-03-04T10:05:00Z");
    assert_eq!((field(deploy, "result"), field(deploy, "trigger")), ("succeeded", "commit"));
    assert_eq!(field(deploy, "repository"), "harbor/site");
    assert!(!format!("{found:?}").contains("x1"), "a secret in the body is dropped");
}

#[test]
fn a_push_gives_the_lines_its_messages_name() {
    let found = drafted("github-push.json", forge::GITHUB);
    let lines: Vec<_> = found
        .drafts
        .iter()
        .map(|draft| {
            (field(draft, "category"), field(draft, "text"), draft.fields["breaking"] == true)
        })
        .collect();
    let expected =
        [("added", "find pages by word", true), ("fixed", "the login keeps its place", false)];
    assert_eq!(lines, expected);
    assert_eq!(found.refused.len(), 2);
    assert!(found.refused[0].reason.contains("how the service is built"));
    assert!(!format!("{found:?}").contains("hook-secret"));
}

#[test]
fn releases_and_runs_are_read() {
    let found = drafted("github-release.json", forge::GITHUB);
    let texts: Vec<_> =
        found.drafts.iter().map(|d| (field(d, "category"), field(d, "text"))).collect();
    let expected = [
        ("added", "a dark theme"),
        ("fixed", "dates are UTC"),
        ("fixed", "the feed is whole again"),
    ];
    assert_eq!(texts, expected);
    assert!(found.drafts.iter().all(|draft| field(draft, "version") == "v2.1.0"));
    let found = drafted("github-workflow-run.json", forge::GITHUB);
    let [run] = &found.drafts[..] else { panic!("{found:?}") };
    assert_eq!((&*run.origin, field(run, "result")), ("github:run:8:2", "failed"));
    assert_eq!(field(run, "trigger"), "manual");
    assert_eq!(field(run, "committed"), "2026-03-04T10:20:00Z");
    assert!(found.notes.iter().any(|note| note.contains("newest change")), "{found:?}");
}

#[test]
fn forgejo_and_gitlab_are_read() {
    let found = drafted("forgejo-push.json", forge::FORGEJO);
    assert_eq!(field(&found.drafts[0], "category"), "security");
    assert!(found.drafts[0].origin.starts_with("forgejo:git.harbor.example:commit:3f9a"));
    assert!(!format!("{found:?}").contains("old-body-secret"));
    let found = drafted("forgejo-run.json", forge::FORGEJO);
    assert_eq!(found.drafts[0].origin, "forgejo:git.harbor.example:run:12");
    assert_eq!(field(&found.drafts[0], "committed"), "2026-03-04T10:10:00Z", "the oldest");
    let found = drafted("gitlab-deployment.json", forge::GITLAB);
    assert_eq!(found.drafts[0].origin, "gitlab:gitlab.example:deployment:15");
    assert_eq!(field(&found.drafts[0], "ended"), "2026-03-04T10:02:00Z");
    assert_eq!(field(&found.drafts[0], "commit").len(), 40);
    let found = drafted("gitlab-pipeline.json", forge::GITLAB);
    let [job] = &found.drafts[..] else { panic!("{found:?}") };
    assert_eq!((field(job, "result"), field(job, "trigger")), ("failed", "manual"));
    assert_eq!(field(job, "committed"), "2026-03-04T09:30:00Z");
    assert_eq!(found.refused.len(), 1, "what still runs has no result");
}

#[test]
fn signatures_fit_only_the_secret_and_the_body() {
    // The example GitHub gives in its documentation of webhooks.
    let (secret, body) = (b"It's a Secret to Everybody".as_slice(), b"Hello, World!".as_slice());
    let hex = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let header = format!("sha256={hex}");
    assert!(verify_signature(Signature::GitHub(&header), secret, body));
    assert!(verify_signature(Signature::Forgejo(hex), secret, body));
    assert!(verify_signature(Signature::Gitea(hex), secret, body));
    assert!(!verify_signature(Signature::GitHub(hex), secret, body), "the prefix belongs to it");
    assert!(!verify_signature(Signature::GitHub(&header), secret, b"Hello, World?"));
    assert!(!verify_signature(Signature::GitHub(&header), b"another", body));
    assert!(!verify_signature(Signature::Forgejo(&hex[1..]), secret, body));
    assert!(!verify_signature(Signature::Forgejo("é"), secret, body));
    assert!(verify_signature(Signature::GitLab("s3cret"), b"s3cret", body));
    assert!(!verify_signature(Signature::GitLab("s3cre"), b"s3cret", body));
    assert!(!verify_signature(Signature::GitLab(""), b"", body), "an empty secret fits nothing");
    let kept = without_secret(&fixture("github-push.json")).unwrap();
    assert!(!String::from_utf8(kept).unwrap().contains("hook-secret"));
    assert_eq!(without_secret(b"x"), None);
}

#[test]
fn a_log_of_git_is_read() {
    let found = drafted("git-log.bin", git_log::FORMAT);
    let [one] = &found.drafts[..] else { panic!("{found:?}") };
    assert_eq!(one.fields["breaking"], true);
    assert_eq!(field(one, "date"), "2026-03-04");
    assert_eq!(found.refused.len(), 2);
    let wrong = read(git_log::FORMAT, b"abc\t2026\tx", &about()).unwrap_err();
    assert!(wrong.to_string().contains(git_log::GIT_FORMAT), "{wrong}");
}

#[test]
fn git_itself_writes_what_is_read() {
    let git = |args: &[&str]| {
        std::process::Command::new("git")
            .args(args)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
    };
    let format = format!("--format={}", git_log::GIT_FORMAT);
    let Ok(log) = git(&["log", "-z", "-n", "20", &format]) else { return };
    if !log.status.success() || log.stdout.is_empty() {
        return;
    }
    let found = read(git_log::FORMAT, &log.stdout, &about()).unwrap();
    assert_sound(&found);
    let commits = log.stdout.split(|byte| *byte == 0).count() / 4;
    assert_eq!(found.drafts.len() + found.refused.len(), commits, "{found:?}");
}

#[test]
fn a_changelog_is_read() {
    let found = drafted("changelog.md", changelog::FORMAT);
    let lines: Vec<_> = found
        .drafts
        .iter()
        .map(|d| (field(d, "version"), field(d, "category"), field(d, "text"), field(d, "date")))
        .collect();
    let expected = [
        ("", "added", "one", "2026-06-01"),
        ("1.1.0", "fixed", "two lines that go on", "2026-02-01"),
        ("1.1.0", "fixed", "three", "2026-02-01"),
        ("1.0.0", "security", "five", "2026-01-01"),
    ];
    assert_eq!(lines, expected);
    assert_eq!(found.drafts[2].fields["breaking"], true);
    let places: Vec<_> = found.refused.iter().map(|refused| &*refused.place).collect();
    assert_eq!(places, ["line 16", "line 17"]);
    assert!(found.notes[0].contains("YANKED"));
}

#[test]
fn what_is_written_reads_back_exactly() {
    let entry = |category: &str, text: &str, breaking| Entry {
        category: category.into(),
        text: text.into(),
        breaking,
    };
    let version = |name: Option<&str>, date: Option<&str>, yanked, entries| Version {
        name: name.map(str::to_owned),
        date: date.map(|date| date.parse().unwrap()),
        yanked,
        entries,
    };
    let versions = vec![
        version(None, None, false, vec![entry("added", "a `b` – c", false)]),
        version(
            Some("2.0.0-rc.1+5"),
            Some("2026-02-03"),
            true,
            vec![entry("changed", "x", true), entry("fixed", "[y](z) # 1", false)],
        ),
        version(Some("1.0"), Some("2020-01-01"), false, vec![]),
    ];
    let text = changelog::write(&versions);
    let (back, wrong) = changelog::parse(&text);
    assert_eq!((back, wrong), (versions, vec![]));
    assert_eq!(changelog::write(&changelog::parse(&text).0), text);
    assert_eq!(detect::detect(text.as_bytes()), Some(changelog::FORMAT));
}
