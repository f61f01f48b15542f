//! kill -9 at fifty moments of chance, on real processes: while writing, importing and syncing.

use crate::support::program::{built, commonhold, run};
use crate::support::{Chance, Closed, alice, assert_same, bob, carol, dump, found, sync};
use commonhold_app::App;
use commonhold_core::projection::State;
use commonhold_core::{BookId, Kind, RecordId};
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const WHILE_WRITING: u64 = 20;
const WHILE_IMPORTING: u64 = 15;
const WHILE_SYNCING: u64 = 15;

/// Kills a process after a while; says whether it was still at work.
fn kill_after(child: &mut Child, wait: Duration) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < wait {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// Lets the writer acknowledge some records, then kills it a moment later, in the middle of the
/// next. What counts is what it did, not how fast the machine is.
fn kill_writer(mut child: Child, records: usize, moment: Duration) -> Vec<String> {
    let (told, heard) = std::sync::mpsc::channel();
    let out = child.stdout.take().unwrap();
    let reading = std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let _ = told.send(line);
        }
    });
    let mut lines = Vec::new();
    while lines.len() < records {
        lines.push(heard.recv_timeout(Duration::from_secs(120)).expect("the writer writes"));
    }
    assert!(kill_after(&mut child, moment), "the writer ended by itself");
    reading.join().unwrap();
    lines.extend(heard.try_iter());
    lines
}

/// Whether the file is sound and the read model is what the documents say.
fn sound(app: &mut App, book: &BookId, what: &str) {
    let db = rusqlite::Connection::open(app.home().join("book.sqlite")).unwrap();
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok", "{what}");
    drop(db);
    let before = dump(app.reader(), book);
    app.store().unwrap().rebuild().unwrap();
    assert_same(&dump(app.reader(), book), &before, what);
}

#[test]
fn killed_while_writing_every_acknowledged_record_is_there() {
    let mut laptop = alice();
    let harbor = found(&mut laptop);
    let bill = harbor.bill(1234, "Written until the power goes").to_string();
    let folder = tempfile::tempdir().unwrap();
    let mut other = bob();
    let mut closed = laptop.close();
    let mut chance = Chance(41);
    let mut acknowledged: Vec<RecordId> = Vec::new();
    for round in 0..WHILE_WRITING {
        laptop = closed.open();
        let home = laptop.home().to_owned();
        closed = laptop.close();
        let mut writer = Command::new(built("commonhold-test-writer"));
        let child = writer.arg(&home).arg(&bill).stdout(Stdio::piped()).spawn().unwrap();
        // Now and then before the first is there, while it still opens the profile.
        let records = if round % 5 == 4 { 0 } else { 1 + chance.below(40) };
        let moment = Duration::from_micros(chance.below(20_000) as u64);
        let lines = kill_writer(child, records, moment);
        // A line the kill cut short was never said.
        acknowledged.extend(lines.iter().filter_map(|line| line.parse::<RecordId>().ok()));
        laptop = closed.open();
        for id in &acknowledged {
            assert_eq!(harbor.state(&laptop, id), Some(State::Ok), "round {round}");
        }
        sound(&mut laptop, &harbor.book, &format!("round {round}"));
        harbor.pay(&mut laptop, 5, "It goes on");
        sync(&mut laptop, &harbor.book, folder.path());
        meet(&mut other, &harbor.book, folder.path());
        assert_same(
            &dump(other.reader(), &harbor.book),
            &dump(laptop.reader(), &harbor.book),
            "the folder still exchanges",
        );
        closed = laptop.close();
    }
    println!("{} acknowledged, killed at work {WHILE_WRITING} times", acknowledged.len());
    assert!(acknowledged.len() > 50);
}

fn meet(app: &mut App, book: &BookId, folder: &Path) {
    match app.reader().has(book).unwrap() {
        true => drop(sync(app, book, folder)),
        false => drop(crate::support::meet(app, book, folder)),
    }
}

fn statement(rows: usize) -> String {
    let mut text = String::from("date,description,amount,currency\n");
    for row in 0..rows {
        let (month, day) = (1 + row % 12, 1 + row % 28);
        writeln!(text, "2026-{month:02}-{day:02},Card payment {row},-{row}.25,EUR").unwrap();
    }
    text
}

/// How long a whole run takes, so that the moments are spread over all of it.
fn whole(command: &mut Command) -> Duration {
    let begun = Instant::now();
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    begun.elapsed()
}

/// The moment of the nth run: the first `count` are spread over a whole run; more are needed where
/// that one was slower than these, and they come ever earlier.
fn moment(chance: &mut Chance, n: u64, count: u64, whole: Duration) -> Duration {
    let whole = whole.as_micros() as usize;
    let (from, below) = match n.checked_sub(count) {
        None => (n as usize * whole / count as usize, whole / count as usize),
        Some(more) => (0, whole / (more as usize + 2)),
    };
    Duration::from_micros((from + chance.below(below.max(1))) as u64)
}

#[test]
fn killed_while_importing_the_import_is_whole_or_absent() {
    const ROWS: usize = 3000;
    let mut laptop = alice();
    let harbor = found(&mut laptop);
    let before = dump(laptop.reader(), &harbor.book);
    let closed = laptop.close();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bank.csv");
    std::fs::write(&file, statement(ROWS)).unwrap();
    let import = |home: &Path| {
        let mut command = commonhold(home);
        command.args(["import", "csv"]).arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let time = whole(&mut import(closed.twin().close().path()));
    let (mut absent, mut interrupted) = (0, 0);
    let mut chance = Chance(42);
    for n in 0..4 * WHILE_IMPORTING {
        if n >= WHILE_IMPORTING && interrupted >= 4 && absent >= 3 {
            break;
        }
        let moment = moment(&mut chance, n, WHILE_IMPORTING, time);
        let twin = closed.twin().close();
        let mut child = import(twin.path()).spawn().unwrap();
        interrupted += usize::from(kill_after(&mut child, moment));
        let mut after = twin.open();
        let imports = after.reader().count(&harbor.book, Kind::Import).unwrap();
        let count = after.reader().count(&harbor.book, Kind::Transaction).unwrap();
        assert_eq!(count, imports * ROWS as u64, "half an import");
        if imports == 0 {
            absent += 1;
            assert_same(&dump(after.reader(), &harbor.book), &before, "nothing was changed");
        }
        sound(&mut after, &harbor.book, "after an import");
        let home = after.close();
        let again = run(home.path(), &["--json", "import", "csv", file.to_str().unwrap()]);
        assert_eq!(again.code, 0, "{again:?}");
        assert_eq!(again.json()["added"], if imports == 0 { ROWS } else { 0 });
    }
    println!("an import takes {time:?}; {interrupted} killed at work, {absent} absent");
    assert!(interrupted >= 4 && absent >= 3);
}

#[test]
fn killed_while_syncing_both_ways_the_next_sync_makes_them_equal() {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    crate::support::give(&a, &mut b, &harbor.book);
    for n in 0..600 {
        harbor.pay(&mut a, 100 + n, "Alice's");
        harbor.pay(&mut b, 100 + n, "Bob's");
    }
    let full = tempfile::tempdir().unwrap();
    sync(&mut a, &harbor.book, full.path());
    let (a, b) = (a.close(), b.close());
    let time = whole(&mut syncing(&b.twin().close(), copy(full.path()).path()));
    let mut interrupted = 0;
    let mut chance = Chance(43);
    for n in 0..4 * WHILE_SYNCING {
        if n >= WHILE_SYNCING && interrupted >= 4 {
            break;
        }
        let moment = moment(&mut chance, n, WHILE_SYNCING, time);
        let folder = copy(full.path());
        let twin = b.twin().close();
        let mut child = syncing(&twin, folder.path()).spawn().unwrap();
        interrupted += usize::from(kill_after(&mut child, moment));
        let mut after = twin.open();
        sound(&mut after, &harbor.book, "after a sync");
        let (mut third, mut alice) = (carol(), a.twin());
        for _ in 0..2 {
            sync(&mut after, &harbor.book, folder.path());
            sync(&mut alice, &harbor.book, folder.path());
            meet(&mut third, &harbor.book, folder.path());
        }
        let wanted = dump(alice.reader(), &harbor.book);
        assert_same(&dump(after.reader(), &harbor.book), &wanted, "Bob, killed");
        assert_same(&dump(third.reader(), &harbor.book), &wanted, "Carol, from the folder");
        assert_eq!(alice.reader().count(&harbor.book, Kind::Transaction).unwrap(), 1200);
    }
    println!("a sync takes {time:?}; {interrupted} killed at work");
    assert!(interrupted >= 4);
}

fn syncing(twin: &Closed, folder: &Path) -> Command {
    let mut command = commonhold(twin.path());
    command.args(["sync", "--with"]).arg(folder).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    let done = Command::new("cp").arg("-r").arg(from.join("commonhold")).arg(to.path()).status();
    assert!(done.unwrap().success());
    to
}
