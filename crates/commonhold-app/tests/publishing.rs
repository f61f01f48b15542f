//! What goes out: the page for givers (story S11), on a branch and by a command, and the archive that
//! is written by itself, tried, and read by who has no program (story S10).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]
// It waits for threads.
#![allow(clippy::disallowed_methods)]

use commonhold_app::background::{Background, News, Owner};
use commonhold_app::commands::archive::ArchivesState;
use commonhold_app::commands::site::{self, Branch, Way};
use commonhold_app::commands::{archive, records, sample};
use commonhold_app::events::unheard;
use commonhold_app::{App, Code, Failure};
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::{BookId, Kind, Time};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const DAY: i64 = 86_400_000;

struct Desk {
    folder: tempfile::TempDir,
    app: App,
    book: BookId,
}

fn fields(value: Value) -> Fields {
    value.as_object().cloned().unwrap()
}

/// Runs a program of others, which must succeed; what it says.
fn run(folder: &Path, program: &str, words: &[&str]) -> String {
    let out = Command::new(program).args(words).current_dir(folder).output();
    let out = out.map_err(|error| format!("{program}: {error}")).unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let why = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{program} {words:?}: {said}{why}");
    said
}

/// Every file below a folder, by its path there.
fn files(root: &Path) -> Vec<(String, Vec<u8>)> {
    let (mut found, mut open) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut app = App::open(&folder.path().join("ann")).unwrap();
        let book = sample::create(&mut app).unwrap();
        Self { folder, app, book }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn add(&mut self, kind: Kind, value: Value) {
        records::add(&mut self.app, &self.book, kind, fields(value)).unwrap();
    }

    fn price(&mut self, rate: &str) {
        let value = json!({"date": "2026-05-02", "base": "USD", "quote": "EUR", "rate": rate});
        self.add(Kind::Price, value);
    }

    fn count(&self, kind: Kind) -> usize {
        let mut count = 0;
        let all = &mut |row: commonhold_core::projection::Row| {
            count += usize::from(row.state == State::Ok);
            true
        };
        self.app.reader().each(&self.book, kind, all).unwrap();
        count
    }

    fn build(&mut self, path: &Path) -> site::SiteBuilt {
        site::site_build(&mut self.app, &self.book, path, None, false, &mut unheard).unwrap()
    }

    fn publish(&mut self, way: &Way, record: bool) -> Result<site::SiteSent, Failure> {
        site::site_publish(&mut self.app, &self.book, way, None, record, &mut unheard)
    }
}

#[test]
fn the_page_of_the_sample_is_for_givers() {
    let mut desk = Desk::new();
    desk.add(
        Kind::Contact,
        json!({"name": "Zilpzalp Otter", "email": "zilpzalp@example.org", "iban": "DE89370400440532013000"}),
    );
    let root = desk.path("page");
    let built = desk.build(&root);
    let all = files(&root);
    assert_eq!(all.len(), usize::try_from(built.written).unwrap() + 1);
    let front = fs::read_to_string(root.join("index.html")).unwrap();
    assert!(front.contains("8,345.97") && front.contains("5,645.97"));
    assert!(front.len() + fs::metadata(root.join("style.css")).unwrap().len() as usize <= 50_000);
    let money: Value =
        serde_json::from_slice(&fs::read(root.join("api/money.json")).unwrap()).unwrap();
    assert_eq!(
        (&money["total"], &money["unrestricted"]),
        (&json!("8345.97 EUR"), &json!("5645.97 EUR"))
    );
    for (path, bytes) in &all {
        let text = String::from_utf8_lossy(bytes);
        for canary in ["Zilpzalp", "zilpzalp", "DE8937", "3704 0044"] {
            assert!(!text.contains(canary), "{path} holds {canary}");
        }
        if path.ends_with(".html") {
            assert!(text.contains("class=\"asof\""), "{path} does not say of when it is");
            assert!(!text.contains("<script") && !text.contains("src=\"http"), "{path}");
        }
    }
    // What is kept beside the profile changes nothing: a profile that forgot writes the same.
    desk.price("0.91");
    desk.build(&root);
    fs::remove_dir_all(desk.path("ann/page")).unwrap();
    let other = desk.path("other");
    desk.build(&other);
    assert!(files(&root) == files(&other), "what is kept changed a byte");
    // What is damaged is not believed.
    for entry in fs::read_dir(desk.path("ann/page").join(desk.book.to_string())).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        if let Some(last) = bytes.iter_mut().skip(32).last() {
            *last ^= 0x55;
        }
        fs::write(&path, bytes).unwrap();
    }
    let again = desk.build(&other);
    assert_eq!((again.written, again.removed), (0, 0));
}

fn repository(desk: &Desk) -> PathBuf {
    let root = desk.path("repository");
    fs::create_dir(&root).unwrap();
    run(&root, "git", &["init", "--quiet", "--initial-branch=main"]);
    fs::write(root.join("README.md"), "The program").unwrap();
    run(&root, "git", &["add", "README.md"]);
    let who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"];
    run(&root, "git", &[&who[..], &["commit", "--quiet", "-m", "Begin"]].concat());
    root
}

#[test]
fn the_page_goes_onto_a_branch_and_nothing_else_is_touched() {
    let mut desk = Desk::new();
    let root = repository(&desk);
    let to = |branch: &str, push: Option<&str>| {
        let push = push.map(str::to_owned);
        Way::Git(Branch { repository: root.clone(), branch: branch.into(), push })
    };
    let first = desk.publish(&to("pages", None), false).unwrap();
    assert!(first.commit.is_some());
    let listed = run(&root, "git", &["ls-tree", "-r", "--name-only", "pages"]);
    assert_eq!(listed.lines().count(), usize::try_from(first.files).unwrap() + 1);
    assert!(listed.contains("SHA256SUMS") && !listed.contains("README.md"));
    let shown = run(&root, "git", &["show", "pages:api/money.json"]);
    assert!(shown.contains("8345.97 EUR"));
    assert_eq!(run(&root, "git", &["status", "--porcelain"]), "", "the work tree is as it was");
    assert_eq!(desk.publish(&to("pages", None), false).unwrap().commit, None, "nothing is new");
    // Somebody adds a file of theirs, and the service goes on.
    run(&root, "git", &["worktree", "add", "--quiet", "../tree", "pages"]);
    let busy = desk.publish(&to("pages", None), false).unwrap_err();
    assert_eq!(busy.code, Code::Exists, "{busy:?}");
    let tree = desk.path("tree");
    fs::write(tree.join("CNAME"), "harbor.example\n").unwrap();
    run(&tree, "git", &["add", "CNAME"]);
    let who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"];
    run(&tree, "git", &[&who[..], &["commit", "--quiet", "-m", "A name"]].concat());
    run(&root, "git", &["worktree", "remove", "../tree"]);
    desk.price("0.92");
    run(&root, "git", &["init", "--quiet", "--bare", "../far.git"]);
    run(&root, "git", &["remote", "add", "origin", "../far.git"]);
    let publications = desk.count(Kind::Publication);
    let next = desk.publish(&to("pages", Some("origin")), true).unwrap();
    assert!(next.commit.is_some() && next.publication.is_some() && next.written < first.written);
    assert_eq!(desk.count(Kind::Publication), publications + 1);
    let log = run(&root, "git", &["log", "--format=%s", "pages"]);
    assert_eq!(log.lines().count(), 3, "{log}");
    let far = run(&desk.path("far.git"), "git", &["ls-tree", "-r", "--name-only", "pages"]);
    assert!(far.contains("CNAME") && far.contains("index.html"));
    // A branch with a page of somebody else, one that is no branch, and none at all.
    run(&root, "git", &["branch", "theirs", "main"]);
    run(&root, "git", &["worktree", "add", "--quiet", "../tree", "theirs"]);
    fs::write(tree.join("index.html"), "theirs").unwrap();
    run(&tree, "git", &["add", "index.html"]);
    run(&tree, "git", &[&who[..], &["commit", "--quiet", "-m", "Theirs"]].concat());
    run(&root, "git", &["worktree", "remove", "../tree"]);
    for (branch, code) in [("theirs", Code::Exists), ("a..b", Code::Invalid), ("-x", Code::Invalid)]
    {
        assert_eq!(desk.publish(&to(branch, None), false).unwrap_err().code, code, "{branch}");
    }
    let nowhere = Branch { repository: desk.path("ann"), branch: "pages".into(), push: None };
    let refused = desk.publish(&Way::Git(nowhere), false).unwrap_err();
    assert_eq!(refused.code, Code::NotFound, "{refused:?}");
}

#[test]
fn the_page_goes_out_by_a_command_of_ones_own() {
    let mut desk = Desk::new();
    let told = desk.path("told.json");
    let script = format!("cat > '{}'; echo sent to $0", told.display());
    let parts = ["sh", "-c", script.as_str(), "far away; rm -rf /nothing"].map(str::to_owned);
    let sent = desk.publish(&Way::Command(parts.to_vec()), true).unwrap();
    assert_eq!(sent.said.as_deref(), Some("sent to far away; rm -rf /nothing"));
    assert!(sent.publication.is_some());
    let told: Value = serde_json::from_slice(&fs::read(told).unwrap()).unwrap();
    assert_eq!((&told["v"], &told["service"]), (&json!(1), &json!("Harbor")));
    assert!(Path::new(told["folder"].as_str().unwrap()).join("index.html").exists());
    let before = desk.count(Kind::Publication);
    let no = desk.publish(&Way::Command(vec!["false".into()]), true).unwrap_err();
    assert_eq!(no.code, Code::Unreachable);
    assert_eq!(desk.count(Kind::Publication), before, "what did not go out is not published");
}

#[test]
fn archives_are_written_by_themselves_and_tried() {
    let mut desk = Desk::new();
    let (folder, now) = (desk.path("archives"), desk.app.now());
    let (app, book) = (&mut desk.app, desk.book);
    let nobody = archive::run(app, &book, None, now, &mut unheard).unwrap_err();
    assert_eq!(nobody.code, Code::NotFound);
    assert_eq!(archive::set_plan(app, &book, &folder, 0).unwrap_err().code, Code::Invalid);
    archive::set_plan(app, &book, &folder, 2).unwrap();
    let run = |desk: &mut Desk, days: i64| {
        let at = Time(now.0 + days * DAY);
        archive::run(&mut desk.app, &book, None, at, &mut unheard).unwrap()
    };
    let first = run(&mut desk, 0);
    assert!(first.written.is_some() && first.removed.is_empty());
    fs::write(folder.join("harbor-notes.zip"), "somebody's").unwrap();
    fs::write(folder.join("other-2020-01-01.zip"), "somebody's").unwrap();
    assert!(run(&mut desk, 1).written.is_none(), "nothing is new");
    let found = archive::drill(&mut desk.app, &book, None, true, &mut unheard).unwrap();
    assert!(found.ok && found.sums > 10 && found.logs > 0 && found.went_on == 0, "{found:?}");
    assert_eq!(desk.count(Kind::Drill), 1);
    for day in 2..=4 {
        desk.price(&format!("0.9{day}"));
        let done = run(&mut desk, day);
        assert_eq!(done.removed.len(), usize::from(day > 2), "{done:?}");
    }
    let left = files(&folder);
    assert_eq!(left.len(), 4, "two archives, and what is somebody's");
    desk.price("0.95");
    let found = archive::drill(&mut desk.app, &book, None, false, &mut unheard).unwrap();
    assert!(found.ok && found.went_on == 1 && found.sums == 0, "{found:?}");
    // A damaged one is found out, and that is recorded too.
    let newest = archive::archives("Harbor", &folder).unwrap().pop().unwrap();
    let mut bytes = fs::read(&newest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&newest, bytes).unwrap();
    let found = archive::drill(&mut desk.app, &book, None, true, &mut unheard).unwrap();
    assert!(!found.ok && !found.problems.is_empty(), "{found:?}");
    assert_eq!(desk.count(Kind::Drill), 2);
}

/// A device whose program is open.
struct Running(Mutex<Desk>);

impl Owner for Running {
    fn lend(&self, work: &mut dyn FnMut(&mut App) -> Result<(), Failure>) -> Result<(), Failure> {
        work(&mut self.0.lock().unwrap().app)
    }

    fn exchange_changed(&self, _: News<'_>) {}
}

/// What is known of the archives, as soon as it is so.
fn until(open: &Running, so: impl Fn(&ArchivesState) -> bool) -> ArchivesState {
    let begun = Instant::now();
    loop {
        let desk = open.0.lock().unwrap();
        let state = archive::state(desk.app.reader(), &desk.book).unwrap();
        drop(desk);
        if so(&state) {
            return state;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {state:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_open_program_writes_the_archive_of_the_day() {
    let mut desk = Desk::new();
    let (book, folder) = (desk.book, desk.path("archives"));
    // The folder cannot be: a file has its name.
    fs::write(&folder, "in the way").unwrap();
    archive::set_plan(&mut desk.app, &book, &folder, 2).unwrap();
    let open = Arc::new(Running(Mutex::new(desk)));
    let background = Background::start(open.clone());
    let state = until(&open, |state| state.trouble.is_some());
    assert!(state.trouble.unwrap().contains("archives"), "it says where");
    drop(background);
    fs::remove_file(&folder).unwrap();
    let background = Background::start(open.clone());
    let state = until(&open, |state| state.newest.is_some() && state.trouble.is_none());
    let newest = state.newest.unwrap();
    assert!(archive::verify(Path::new(&newest), &mut unheard).unwrap().ok);
    drop(background);
    let desk = open.0.lock().unwrap();
    let today = newest.strip_suffix(".zip").unwrap().rsplit_once("harbor-").unwrap().1;
    let due = archive::due(desk.app.reader(), &book, today.parse().unwrap()).unwrap();
    assert_eq!(due, None, "one a day");
}

#[test]
fn an_auditor_needs_the_file_alone() {
    let desk = Desk::new();
    let zip = desk.path("harbor.zip");
    let now = Time(1_783_000_000_000);
    archive::export(desk.app.reader(), &desk.book, &zip, now, &mut unheard).unwrap();
    run(desk.folder.path(), "unzip", &["-q", "harbor.zip", "-d", "read"]);
    let bag = fs::read_dir(desk.path("read")).unwrap().next().unwrap().unwrap().path();
    run(&bag, "sha256sum", &["--quiet", "-c", "manifest-sha256.txt"]);
    run(&bag, "sha256sum", &["--quiet", "-c", "tagmanifest-sha256.txt"]);
    let said = run(&bag, "python3", &["data/recompute.py"]);
    // 5535.77 EUR and 120.00 USD at 0.9183 are the 5645.97 of the page; 8345.97 in all.
    for sum in ["8235.77 EUR  all", "5535.77 EUR  general", "120.00 USD  general"] {
        assert!(said.contains(sum), "{sum} is not in: {said}");
    }
    for sum in ["1200.00 EUR  closing-reserve", "1500.00 EUR  grant-mirrors"] {
        assert!(said.contains(sum), "{sum} is not in: {said}");
    }
    run(&bag, "hledger", &["-f", "data/finance/ledger.journal", "check", "--strict"]);
    for report in ["entries-after-closes", "late-publications", "roles", "framework"] {
        let table = fs::read_to_string(bag.join(format!("data/reports/{report}.csv")));
        assert!(table.is_ok_and(|text| text.lines().count() > 0), "{report}");
    }
    let framework = fs::read_to_string(bag.join("data/reports/framework.csv")).unwrap();
    assert!(framework.contains("finance.history.timely"), "{framework}");
    let roles = fs::read_to_string(bag.join("data/reports/roles.csv")).unwrap();
    assert!(roles.contains("leadership"), "{roles}");
}
