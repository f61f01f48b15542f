//! What leaves for others by itself: the page onto a branch, and archives in a folder.

use super::driver::Window;
use super::looks::look;
use std::path::Path;
use std::process::Command;

/// What git says in a repository.
fn git(repository: &Path, words: &[&str]) -> String {
    let done = Command::new("git").arg("-C").arg(repository).args(words).output().expect("git");
    assert!(done.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_goes_onto_a_branch_and_archives_into_a_folder() {
    let window = Window::with_sample().await;
    let scratch = tempfile::tempdir().unwrap();
    let (repository, archives) = (scratch.path().join("forge"), scratch.path().join("archives"));
    git(scratch.path(), &["init", "--quiet", "forge"]);
    let mut wrong = Vec::new();

    window.go("publish").await;
    window.click("way-git").await;
    window.click("publish").await;
    window.says("write-site", "Choose the repository.").await;
    window.fill("field-repository", repository.to_str().unwrap()).await;
    window.click("publish").await;
    window.says("sent", "Published.").await;
    look(&window, "publish-branch", &mut wrong).await;
    let files = git(&repository, &["ls-tree", "--name-only", "pages"]);
    assert!(files.lines().any(|file| file == "index.html"), "{files}");
    let commit = git(&repository, &["rev-parse", "pages"]);
    window.says("sent", &commit[..10]).await;

    window.go("sync/archive").await;
    window.fill("field-folder", archives.to_str().unwrap()).await;
    window.fill("field-keep", "0").await;
    window.click("save-plan").await;
    window.says("archive-plan", "Keep at least 1 archive").await;
    window.fill("field-keep", "3").await;
    window.click("save-plan").await;
    window.click("run-plan").await;
    window.says("plan-ran", "Written to").await;
    look(&window, "archive-plan", &mut wrong).await;
    let kept = std::fs::read_dir(&archives).unwrap().count();
    assert_eq!(kept, 1);
    window.click("run-plan").await;
    window.says("plan-ran", "The newest archive holds the same").await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
