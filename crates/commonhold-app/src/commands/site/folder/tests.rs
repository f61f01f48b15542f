use super::*;
use crate::events::unheard;

/// Puts a page of these files into a folder.
fn page(root: &Path, files: &[(&str, &str)]) -> Result<Swapped, Failure> {
    let mut hear = unheard;
    let mut fresh = Fresh::beside(root, &mut hear).unwrap();
    let mut list = Vec::new();
    for (path, text) in files {
        fresh.begin(path).unwrap();
        fresh.write_all(text.as_bytes()).unwrap();
        let sha256 = hex(&Sha256::digest(text.as_bytes()));
        list.push(SiteFile { path: (*path).into(), bytes: text.len() as u64, sha256 });
    }
    fresh.swap(root, &list)
}

fn counts(swapped: &Swapped) -> (u32, u32, u32) {
    (swapped.written, swapped.unchanged, swapped.removed)
}

#[test]
fn only_what_changed_is_written_and_only_what_is_ours_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("page");
    let first = page(&root, &[("index.html", "one"), ("money/2026-01.html", "old")]).unwrap();
    assert_eq!(counts(&first), (2, 0, 0));
    fs::write(root.join("README.md"), "a stranger's").unwrap();
    fs::write(root.join("money/notes.txt"), "a stranger's").unwrap();
    let time = fs::metadata(root.join("index.html")).unwrap().modified().unwrap();
    let second = page(&root, &[("index.html", "one"), ("de/index.html", "eins")]).unwrap();
    assert_eq!(counts(&second), (1, 1, 1));
    assert_eq!(fs::metadata(root.join("index.html")).unwrap().modified().unwrap(), time);
    assert!(!root.join("money/2026-01.html").exists());
    assert_eq!(fs::read_to_string(root.join("money/notes.txt")).unwrap(), "a stranger's");
    // What somebody changed by hand is not taken away with the rest.
    fs::write(root.join("de/index.html"), "changed by hand").unwrap();
    let third = page(&root, &[("index.html", "two")]).unwrap();
    assert_eq!((counts(&third), third.kept), ((1, 0, 0), vec!["de/index.html".to_owned()]));
    assert_eq!(fs::read_to_string(root.join("index.html")).unwrap(), "two");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing is left beside the page");
}

#[test]
fn a_file_of_somebody_else_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("page");
    fs::create_dir(&root).unwrap();
    fs::write(root.join("index.html"), "a stranger's").unwrap();
    let refused = page(&root, &[("about.html", "x"), ("index.html", "ours")]);
    assert_eq!(refused.err().unwrap().code, Code::Exists);
    assert_eq!(fs::read_to_string(root.join("index.html")).unwrap(), "a stranger's");
    assert!(!root.join("about.html").exists(), "nothing is written before it is sure");
}

#[test]
fn a_list_that_leads_elsewhere_removes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("page");
    fs::create_dir(&root).unwrap();
    let precious = folder.path().join("precious");
    fs::write(&precious, "x").unwrap();
    let hash = hex(&Sha256::digest(b"x"));
    let list = format!("{MARK}{hash}  ../precious\n{hash}  {}\nnonsense\n", precious.display());
    fs::write(root.join(LIST), list).unwrap();
    assert_eq!(counts(&page(&root, &[("index.html", "one")]).unwrap()), (1, 0, 0));
    assert!(precious.exists());
    assert!(Fresh::beside(&root, &mut unheard).unwrap().begin("../x").is_err());
}

#[test]
fn a_list_of_somebody_else_is_not_taken_for_ours() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("page");
    fs::create_dir(&root).unwrap();
    fs::write(root.join("release.tar"), "x").unwrap();
    let hash = hex(&Sha256::digest(b"x"));
    fs::write(root.join(LIST), format!("{hash}  release.tar\n")).unwrap();
    assert_eq!(page(&root, &[("index.html", "one")]).err().unwrap().code, Code::Exists);
    assert!(root.join("release.tar").exists() && !root.join("index.html").exists());
}

#[test]
fn a_folder_behind_a_link_is_not_ours() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("page");
    page(&root, &[("index.html", "one")]).unwrap();
    #[cfg(unix)]
    {
        let elsewhere = folder.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, root.join("money")).unwrap();
        assert!(page(&root, &[("index.html", "one"), ("money/x.html", "x")]).is_err());
        assert!(fs::read_dir(&elsewhere).unwrap().next().is_none());
    }
}
